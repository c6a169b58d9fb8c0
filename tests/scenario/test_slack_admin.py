"""The admin's morning: a broken pack, a channel for a route, two schools in one workspace, and other workspaces."""

from pathlib import Path

import pytest

from adapters.bootstrap import Signpost
from adapters.chat import admin_wording as says
from adapters.chat import wording
from adapters.slack import wording as in_slack
from adapters.slack.admin_words import SLACK
from bot.escalation import wording as told
from tests.escalation_fakes import TickingClock
from tests.packs import edit
from tests.scenario.slack_world import (
    ADMIN,
    DEPUTY,
    DSL,
    HEAD,
    SAFE,
    SECOND_ROOM,
    STAFF_ROOM,
    TEACHER,
    TEAM,
    School,
    Served,
    bot_said,
    buttons_of,
    choices_of,
    over,
    served,
    slack_of,
    words_of,
    write_pack,
)
from tests.slack_fake import Message, Person, Workspace

FRIEND = "can I friend a parent?"
CERTAIN = "a child told me her dad hits her"
VERDICT = "Advised against: sending friend requests to parents or accepting theirs"
OTHER_TEAM = "T0OTHER"
PRIVATE = "C0PRIV"


async def types(day: Served, who: Person, command: str, channel: str = STAFF_ROOM) -> str:
    """Type a command after /policy-admin; returns what is answered, once all of it is there."""

    def answers() -> list[Message]:
        return [one for one in bot_said(who, channel) if one.text != wording.WORKING]

    before = len(answers())
    await who.slash("/policy-admin", command, channel)
    await day.until(lambda: len(answers()) > before)
    return words_of(answers()[-1])


def cards_in(team: Workspace, place: str) -> int:
    """Count the cards in a channel."""
    return sum("desk:open" in buttons_of(message) for message in team.said_by_bot(place))


# ---- The broken pack -------------------------------------------------------------------------------------------------


async def test_a_broken_pack_takes_nothing_away(
    signpost: Signpost, tmp_path: Path, clock: TickingClock, mode: str
) -> None:
    """The fault is named with its file, the last good version answers on, and the mended one is taken."""
    pack = write_pack(tmp_path)
    policy = pack / "schools" / "model" / "policies" / "online-safety.yaml"
    async with served(over(signpost, pack), tmp_path, clock, mode=mode) as day:
        ada = day.person(ADMIN)
        edit(policy, "stance: should-not", "stance: perhaps")
        checked = await types(day, ada, "check")
        assert all(part in checked for part in (says.TO_MEND, "online-safety.yaml", "perhaps"))
        reloaded = await types(day, ada, "reload")
        assert (says.LAST_GOOD in reloaded, "online-safety.yaml" in reloaded) == (True, True)
        assert "online-safety.yaml" in await types(day, ada, "status")
        await ada.slash("/policy", FRIEND, STAFF_ROOM)
        assert bot_said(ada, STAFF_ROOM)[-1].text == VERDICT
        edit(policy, "stance: perhaps", "stance: must-not")
        assert "Taken." in await types(day, ada, "reload")
        await ada.slash("/policy", FRIEND, STAFF_ROOM)
        assert bot_said(ada, STAFF_ROOM)[-1].text != VERDICT


async def test_only_admins_administer(day: Served) -> None:
    """Neither a teacher nor the DSL may, whatever they type."""
    for user in (TEACHER, DSL):
        for command in ("status", "check", "reload", "routes", "routes bind child", "doctor", ""):
            assert await types(day, day.person(user), command) == says.NOT_ADMIN + "\n" + says.NOT_ADMIN


async def test_an_admin_reads_no_words(day: Served) -> None:
    """Looking after Signpost opens no concern, and shows none."""
    await day.person(TEACHER).says_in_dm(CERTAIN)
    await day.settle()
    ada = day.person(ADMIN)
    for command in ("status", "routes", "doctor"):
        assert "hits" not in await types(day, ada, command)
    await ada.says_in_dm(FRIEND)
    forged = bot_said(ada)[-1]
    forged.blocks[-1]["elements"][0] |= {"action_id": "desk:open", "value": (await day.only()).id}
    await ada.taps(forged, "desk:open")
    assert (bot_said(ada)[-1].text, ada.has_modal) == (told.NOT_YOURS, False)


# ---- A channel for a route -------------------------------------------------------------------------------------------


async def test_a_channel_is_bound_to_a_route_from_inside_it(
    school: Signpost, tmp_path: Path, clock: TickingClock, mode: str
) -> None:
    """From then on its cards stand there, after a restart too, until it is unbound."""
    async with slack_of(clock) as slack:
        team = slack.world.workspaces[TEAM]
        team.add_channel(PRIVATE, "new-safeguarding", ADMIN, DSL, DEPUTY, HEAD, is_private=True)
        async with served(school, tmp_path, clock, mode=mode, known=slack) as day:
            assert says.bound("child", 4) in await types(day, day.person(ADMIN), "routes bind child", PRIVATE)
            moved = says.moved(SLACK, "child", "Model Primary School", "Ada Admin")
            assert [bot_said(day.person(user))[-1].text[:60] for user in (DSL, DEPUTY)] == [moved[:60]] * 2
            assert moved in words_of(bot_said(day.person(DSL), SAFE)[-1])
            await day.person(TEACHER).says_in_dm(CERTAIN)
            await day.settle()
            assert [cards_in(team, place) for place in (SAFE, PRIVATE)] == [0, 1]
        async with served(school, tmp_path, clock, mode=mode, known=slack) as day:
            await day.person(TEACHER).says_in_dm("a child told me her mum hits her")
            await day.settle()
            assert [cards_in(team, place) for place in (SAFE, PRIVATE)] == [0, 2]
            assert says.unbound("child") in await types(day, day.person(ADMIN), "routes unbind child", PRIVATE)
            await day.person(TEACHER).says_in_dm("a child told me her mum punches her")
            await day.settle()
            assert cards_in(team, SAFE) == 1


@pytest.mark.parametrize(
    ("flags", "fault"),
    [
        ({"is_private": False}, "the channel is not private"),
        ({"is_private": True, "is_ext_shared": True}, "the channel is shared with another organisation"),
        ({"is_private": True, "with_bot": False}, "Signpost is not in the channel"),
    ],
    ids=["public", "shared", "not invited"],
)
async def test_a_channel_that_is_not_safe_is_not_bound(day: Served, flags: dict[str, bool], fault: str) -> None:
    """It says why and what to do, and the route stays as it was."""
    day.team.add_channel(PRIVATE, "new-safeguarding", ADMIN, DSL, **flags)
    assert fault in await types(day, day.person(ADMIN), "routes bind child", PRIVATE)
    await day.person(TEACHER).says_in_dm(CERTAIN)
    await day.settle()
    assert [cards_in(day.team, place) for place in (SAFE, STAFF_ROOM)] == [1, 0]


# ---- Two schools in one workspace ------------------------------------------------------------------------------------


async def test_the_school_is_asked_for_once(trust: Served) -> None:
    """The question waits meanwhile, is answered for the school that is chosen, and nobody is asked again."""
    tess = trust.person(TEACHER)
    await tess.says_in_dm(FRIEND)
    asked = bot_said(tess)[-1]
    assert asked.text == wording.WHICH_SCHOOL_DO_YOU_ASK_FOR
    assert wording.SCHOOL_SAFETY in words_of(asked)
    await tess.selects(asked, "school:choose", choices_of(asked)["Second Primary School"])
    assert bot_said(tess)[-1].text == VERDICT
    await tess.says_in_dm(CERTAIN)
    assert "Mr S. Second" in words_of(bot_said(tess)[-1])
    assert (await trust.only()).school == "second"


async def test_the_school_of_the_channel_beside_comes_first(trust: Served) -> None:
    """Whoever looks at a school's channel beside the conversation finds that school on top, and still chooses."""
    tess = trust.person(TEACHER)
    trust.team.add_channel(SECOND_ROOM, "second-staff", TEACHER)
    await tess.opens_messages(SECOND_ROOM)
    assert next(iter(choices_of(bot_said(tess)[-1]))) == "Second Primary School"
    await tess.looks_at(None)
    await tess.says_in_dm(FRIEND)
    assert next(iter(choices_of(bot_said(tess)[-1]))) == "Model Primary School"
    await tess.looks_at(SECOND_ROOM)
    await tess.says_in_dm(FRIEND)
    assert next(iter(choices_of(bot_said(tess)[-1]))) == "Second Primary School"


async def test_the_school_is_asked_for_in_a_channel_too(trust: Served) -> None:
    """A concern that waited for it is answered by direct message once the school is chosen."""
    tess = trust.person(TEACHER)
    await tess.slash("/policy", CERTAIN, STAFF_ROOM)
    asked = bot_said(tess, STAFF_ROOM)[-1]
    await tess.selects(asked, "school:choose", choices_of(asked)["Model Primary School"])
    assert bot_said(tess, STAFF_ROOM)[-1].text == in_slack.ANSWERED_DIRECTLY
    assert bot_said(tess)[-1].text == wording.NEWS_OF_A_CONCERN
    assert (await trust.only()).school == "model"


async def test_a_school_that_is_tapped_twice_raises_one_concern(trust: Served) -> None:
    """What waited is answered twice then, and told once."""
    tess = trust.person(TEACHER)
    await tess.says_in_dm(CERTAIN)
    asked = bot_said(tess)[-1]
    for _ in range(2):
        await tess.selects(asked, "school:choose", choices_of(asked)["Model Primary School"])
    assert (await trust.only()).school == "model"


async def test_raising_a_concern_asks_for_the_school(trust: Served) -> None:
    """Whoever has not chosen yet picks it in the first step."""
    tess = trust.person(TEACHER)
    await tess.shortcut("raise-a-concern")
    filled = {"text": CERTAIN, "category": "child-at-risk", "school": "second"}
    await tess.submits(tess.modal, filled)
    await tess.submits(tess.modal)
    assert (await trust.only()).school == "second"


# ---- Other workspaces ------------------------------------------------------------------------------------------------


async def test_a_workspace_that_is_not_known_gets_nothing(day: Served) -> None:
    """Whatever somebody does there is acknowledged, and comes to nothing (RS-19)."""
    team = day.slack.workspace(OTHER_TEAM, "Other School")
    day.slack.install(team)
    otto = day.slack.person(team.add_user("U0OTTO", "otto"))
    team.add_channel("C0THERE", "there", "U0OTTO")
    connected = len(day.slack.calls)
    await otto.says_in_dm(CERTAIN)
    await otto.mentions("C0THERE", FRIEND)
    assert (await otto.slash("/policy", FRIEND, "C0THERE")).body in (None, "")
    await otto.slash("/policy-admin", "status", "C0THERE")
    await otto.shortcut("raise-a-concern")
    await otto.opens_home()
    assert {call.method for call in day.slack.calls[connected:]} <= {"apps.connections.open", "auth.test"}
    assert (otto.has_modal, await day.escalations()) == (False, [])
    assert bot_said(otto, "C0THERE") == bot_said(otto) == []


@pytest.fixture(scope="session")
def apart(signpost: Signpost, tmp_path_factory: pytest.TempPathFactory) -> Signpost:
    """Return Signpost over two schools, each in a workspace of its own."""

    def elsewhere(school: School) -> None:
        school["belongs"] = [{"slack_team": OTHER_TEAM}]
        school["contacts"]["headteacher"]["name"] = "Mrs O. Elsewhere"

    root = tmp_path_factory.mktemp("apart")
    write_pack(root)
    return over(signpost, write_pack(root, elsewhere, school="other"))


async def test_another_school_can_do_nothing_here(
    apart: Signpost, tmp_path: Path, clock: TickingClock, mode: str
) -> None:
    """Even its DSL, with the id of a card in hand, opens nothing, and their own questions find their own people."""
    async with served(apart, tmp_path, clock, mode=mode) as day:
        team = day.slack.workspace(OTHER_TEAM, "Other School")
        assert day.parts.slack is not None
        await day.parts.slack.workspaces.enter(day.slack.install(team).access.value)
        await day.person(TEACHER).says_in_dm(CERTAIN)
        await day.settle()
        one = await day.only()
        there = day.slack.person(team.add_user(DSL, "their dsl"), team)
        await there.says_in_dm(FRIEND)
        forged = bot_said(there)[-1]
        assert ("Mrs O. Elsewhere" in words_of(forged), "Mrs A. Example" in words_of(forged)) == (True, False)
        for act in ("open", "acknowledge", "reply", "resolve"):
            forged.blocks[-1]["elements"][0] |= {"action_id": f"desk:{act}", "value": one.id}
            await there.taps(forged, f"desk:{act}")
            assert (bot_said(there)[-1].text, there.has_modal) == (told.NOT_YOURS, False)
        assert await day.only() == one
