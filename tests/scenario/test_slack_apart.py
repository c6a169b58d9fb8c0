"""Where what somebody wrote is read: by them alone, and for good where it matters."""

import json
from copy import deepcopy
from pathlib import Path

import pytest

from adapters.bootstrap import Signpost
from adapters.chat import wording
from bot.escalation import wording as told
from tests.escalation_fakes import TickingClock
from tests.scenario.slack_world import (
    COLLEAGUE,
    GUEST,
    STAFF_ROOM,
    TEACHER,
    Served,
    bot_said,
    over,
    served,
    write_pack,
)
from tests.scenario.test_slack_forged import CERTAIN, FRIEND, submits_forged


@pytest.fixture
def mode() -> str:
    """Let Slack reach the server by HTTP: what is looked at lies behind both ways."""
    return "http"


@pytest.mark.parametrize("place", ["own", "theirs"])
async def test_a_concern_in_a_direct_message_stays_there_for_good(day: Served, place: str) -> None:
    """What a command is answered is gone when they look again, and a message pointed at may be of two others."""
    tess = day.person(TEACHER)
    if place == "own":
        await tess.slash("/policy", CERTAIN)
    else:
        day.team.add_channel("D0OTHERS", "", TEACHER, COLLEAGUE, with_bot=False, is_im=True)
        await day.person(COLLEAGUE).says("D0OTHERS", CERTAIN)
        await tess.message_shortcut("ask-signpost", tess.reads("D0OTHERS")[-1])
    kept = [one.text for one in bot_said(tess) if one.ephemeral_to is None]
    assert wording.NEWS_OF_A_CONCERN in kept


async def test_an_address_that_is_used_up_is_no_reason_to_say_nothing(day: Served) -> None:
    """Where what came with a tap can be used no more, they are answered by direct message (RS-2)."""
    tess = day.person(TEACHER)
    await tess.mentions(STAFF_ROOM, FRIEND)
    day.slack.faults.fail("response_url", "used_url", status=404)
    await tess.taps(bot_said(tess, STAFF_ROOM)[-1], "reply:helped")
    assert bot_said(tess)[-1].text == told.HELPED


async def test_a_guest_who_raises_a_concern_is_offered_no_list_of_people(day: Served) -> None:
    """They read the kind words alone, and not who is told of what at the school."""
    filled = {"text": CERTAIN, "category": "child-at-risk"}
    answer = await submits_forged(day, day.person(GUEST), "raise-1", "{}", **filled)
    assert answer.body["view"]["callback_id"] == "said"
    assert "Example" not in json.dumps(answer.body)


@pytest.fixture(scope="session")
def shared(signpost: Signpost, tmp_path_factory: pytest.TempPathFactory) -> Signpost:
    """Return Signpost over two schools that share a workspace."""
    root = tmp_path_factory.mktemp("shared")
    write_pack(root)
    return over(signpost, write_pack(root, school="second"))


async def test_the_question_of_another_that_waits_for_a_school_is_not_answered(
    shared: Signpost, tmp_path: Path, clock: TickingClock
) -> None:
    """Who chooses a school with the id of another's waiting question in hand reads nothing of it."""
    async with served(shared, tmp_path / "state", clock, mode="http") as day:
        tess, cole = day.person(TEACHER), day.person(COLLEAGUE)
        await tess.says_in_dm(CERTAIN)
        await cole.says_in_dm(FRIEND)
        theirs, own = bot_said(tess)[-1], bot_said(cole)[-1]
        (menu,) = [one for block in own.blocks for one in block.get("elements", ()) if "options" in one]
        (other,) = [one for block in theirs.blocks for one in block.get("elements", ()) if "options" in one]
        menu["options"] = deepcopy(other["options"])
        await cole.selects(own, "school:choose", menu["options"][0]["value"])
        assert await day.escalations() == []
        assert bot_said(cole)[-1].text == wording.QUESTION_GONE
