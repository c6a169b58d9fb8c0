"""What a person could send who had got past Slack: another's reply, another's card, another school, a made-up view.

All of it is signed and of Slack's shape. It is answered, and does nothing.
"""

import json
from collections.abc import AsyncIterator
from copy import deepcopy
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import Signpost
from bot.escalation import wording as told
from tests.escalation_fakes import TickingClock
from tests.scenario.conftest import all_went_well
from tests.scenario.slack_world import (
    COLLEAGUE,
    DSL,
    GUEST,
    HEAD,
    SAFE,
    STAFF_ROOM,
    TEACHER,
    TEAM,
    School,
    Served,
    bot_said,
    buttons_of,
    over,
    served,
    slack_of,
    words_of,
    write_pack,
)
from tests.slack_fake import Answer, Message, Person, Sent

FRIEND = "can I friend a parent?"
CERTAIN = "a child told me her dad hits her"
POSSIBLE = "a colleague shouts at a child every day, zebrafinch"
OTHER_TEAM = "T0OTHER"


@pytest.fixture
def mode() -> str:
    """Let Slack reach the server by HTTP: what is looked at lies behind both ways."""
    return "http"


def value_of(shown: Message, action: str) -> dict[str, Any]:
    """Return what a button carries."""
    found = [one for block in shown.blocks for one in block.get("elements", ()) if one.get("action_id") == action]
    return dict(json.loads(found[0]["value"]))


async def taps_forged(person: Person, own: Message, action: str, carried: str, block: str = "b") -> Answer:
    """Tap a button that somebody made up, in a message of their own."""
    button = {"type": "button", "action_id": action, "value": carried, "text": {"type": "plain_text", "text": "x"}}
    own.blocks.append({"type": "actions", "block_id": f"{block}{len(own.blocks)}", "elements": [button]})
    answer = await person.taps(own, action, index=buttons_of(own).count(action) - 1)
    own.blocks.pop()
    return answer


async def a_message(person: Person) -> Message:
    """Return an answer that somebody got."""
    await person.says_in_dm(FRIEND)
    return bot_said(person)[-1]


async def submits_forged(day: Served, person: Person, callback: str, metadata: str, **filled: str) -> Answer:
    """Submit a view that somebody made up."""
    state = {name: {name: {"value": text, "selected_option": {"value": text}}} for name, text in filled.items()}
    view = {"id": "V0FORGED", "type": "modal", "callback_id": callback, "private_metadata": metadata}
    payload = {
        "type": "view_submission",
        "team": {"id": person.workspace.id},
        "user": {"id": person.user.id, "team_id": person.workspace.id},
        "trigger_id": day.slack.world.tickets.trigger(person.workspace.id, person.user.id),
        "view": view | {"state": {"values": state}},
    }
    return await day.slack.delivery.deliver(Sent("interactive", payload, "e"))


async def offered(day: Served) -> Message:
    """Let a teacher write of a colleague, and return what they are offered."""
    tess = day.person(TEACHER)
    await tess.says_in_dm(POSSIBLE)
    shown = bot_said(tess)[-1]
    assert "reply:tell" in buttons_of(shown)
    return shown


async def told_of(day: Served) -> Message:
    """Let a teacher raise a concern, and return its card."""
    await day.person(TEACHER).says_in_dm(CERTAIN)
    await day.settle()
    return bot_said(day.person(DSL), SAFE)[-1]


# ---- Replies ---------------------------------------------------------------------------------------------------------

TAPS = ("tell", "involved", "ask-a-person", "helped", "not-meant", "choose:0", "share")


@pytest.mark.parametrize("user", [COLLEAGUE, DSL, GUEST])
async def test_the_reply_to_another_is_nobody_elses_to_tap(day: Served, user: str) -> None:
    """With its id and its seal in hand, a colleague, the DSL and a guest can do nothing with it and read nothing."""
    carried = value_of(await offered(day), "reply:tell")
    person = day.person(user)
    own = await a_message(person)
    for tap in TAPS:
        before = len(bot_said(person))
        await taps_forged(person, own, f"reply:{tap}", json.dumps(carried | {"c": "topic:friend-parent"}))
        refused = told.OFFER_GONE if tap in {"tell", "involved"} else told.GONE
        assert [one.text for one in bot_said(person)[before:]] == [refused], tap
    assert "zebrafinch" not in "".join(words_of(one) for one in bot_said(person))
    await day.settle()
    assert await day.escalations() == []


@pytest.mark.parametrize("seal", ["", "made-up", "s" * 64])
async def test_a_seal_that_is_not_of_the_list_tells_nobody(day: Served, seal: object) -> None:
    """Whoever has not seen the list of readers as it is now sees it first."""
    shown = await offered(day)
    tess = day.person(TEACHER)
    await taps_forged(tess, shown, "reply:tell", json.dumps(value_of(shown, "reply:tell") | {"s": seal}))
    await day.settle()
    assert await day.escalations() == []


async def test_the_seal_of_an_earlier_list_tells_nobody(day: Served) -> None:
    """Once one of the readers is involved, the button that was seen with them in the list passes nothing on."""
    shown = await offered(day)
    tess, carried = day.person(TEACHER), value_of(shown, "reply:tell")
    await tess.taps(shown, "reply:involved")
    await taps_forged(tess, shown, "reply:tell", json.dumps(carried))
    await day.settle()
    assert await day.escalations() == []


@pytest.mark.parametrize(
    "carried", ["", "{", "null", "[]", "7", '"r"', '{"r": 7}', '{"r": null}', '{"r": ["x"]}', "{}", '{"r": "\\n"}']
)
async def test_a_value_that_carries_nothing_does_nothing(day: Served, carried: str) -> None:
    """What stands on a button may be of another version, or of nobody at all."""
    tess = day.person(TEACHER)
    own = await a_message(tess)
    before = [one.text for one in bot_said(tess)]
    for tap in TAPS:
        assert (await taps_forged(tess, own, f"reply:{tap}", carried)).acked
    assert [one.text for one in bot_said(tess)] == before
    for act in ("desk:open", "desk:reply", "desk:resolve", "asker:answer", "desk:nothing"):
        assert (await taps_forged(tess, own, act, carried)).acked
    assert {one.text for one in bot_said(tess)} - set(before) <= {told.NOT_YOURS}
    assert not tess.has_modal


# ---- Cards and views -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", [COLLEAGUE, TEACHER, GUEST])
async def test_a_card_is_nobody_elses_to_tap(day: Served, user: str) -> None:
    """Whoever is not told of it opens nothing and shows no view, with the id of the escalation in hand."""
    await told_of(day)
    one, person = await day.only(), day.person(user)
    own = await a_message(person)
    for act in ("open", "acknowledge", "assign", "reply", "resolve", "reopen"):
        await taps_forged(person, own, f"desk:{act}", one.id)
        assert (person.has_modal, await day.only()) == (False, one)


CALLBACKS = ("desk-reply", "desk-assign", "desk-resolve", "asker-answer")


@pytest.mark.parametrize(
    ("callback", "user"),
    [
        *product(["desk-reply", "desk-assign", "desk-resolve", "asker-answer"], [COLLEAGUE, GUEST]),
        ("asker-answer", HEAD),
    ],
)
async def test_a_view_that_was_made_up_does_nothing(day: Served, user: str, callback: str) -> None:
    """Filled in with another's escalation it is refused, and nothing of it is shown; the head may not write for her."""
    await told_of(day)
    one, before = await day.only(), len(day.slack.calls)
    filled = {"text": "zebrafinch", "role": "headteacher", "resolution": "handed-over"}
    answer = await submits_forged(day, day.person(user), callback, json.dumps({"e": one.id}), **filled)
    assert answer.acked
    assert answer.body["response_action"] in {"errors", "update"}
    assert CERTAIN not in json.dumps(answer.body)
    assert await day.only() == one
    await day.settle()
    assert "chat.postMessage" not in {call.method for call in day.slack.calls[before:]}


@pytest.mark.parametrize("metadata", ["", "{", "null", "[]", '{"e": 7}', '{"e": "made-up"}', '{"r": "made-up"}', "é"])
async def test_a_view_that_knows_nothing_does_nothing(day: Served, metadata: str) -> None:
    """Whatever its metadata holds, every view is answered, and nobody is told anything."""
    dale = day.person(DSL)
    for callback in ("desk-reply", "desk-assign", "desk-resolve", "asker-answer", "raise-2", "raised", "other"):
        answer = await submits_forged(day, dale, callback, metadata, text="x", role="dsl", resolution="resolved")
        assert answer.acked
    assert await day.escalations() == []


async def test_another_persons_second_step_tells_nobody(day: Served) -> None:
    """What one has described is not another's to pass on."""
    carried = value_of(await offered(day), "reply:tell")
    answer = await submits_forged(day, day.person(COLLEAGUE), "raise-2", json.dumps(carried))
    assert "zebrafinch" not in json.dumps(answer.body)
    assert await day.escalations() == []


# ---- Schools ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def apart(signpost: Signpost, tmp_path_factory: pytest.TempPathFactory) -> Signpost:
    """Return Signpost over two schools, each in a workspace of its own."""

    def elsewhere(school: School) -> None:
        school["belongs"] = [{"slack_team": OTHER_TEAM}]
        school["contacts"]["headteacher"]["name"] = "Mrs O. Elsewhere"

    root = tmp_path_factory.mktemp("apart")
    write_pack(root)
    return over(signpost, write_pack(root, elsewhere, school="other"))


@pytest.fixture
async def two(apart: Signpost, tmp_path: Path, clock: TickingClock) -> AsyncIterator[Served]:
    """Serve two schools, each in a workspace of its own."""
    async with served(apart, tmp_path / "state", clock, mode="http") as day:
        team = day.slack.workspace(OTHER_TEAM, "Other School")
        team.add_user(DSL, "their dsl")
        team.add_user(TEACHER, "a teacher who has the same id there")
        assert day.parts.slack is not None
        await day.parts.slack.workspaces.enter(day.slack.install(team).access.value)
        yield day
        all_went_well(day.slack)


@pytest.mark.parametrize("school", ["other", "made-up", "", "../other", "model "])
async def test_a_concern_is_raised_at_no_school_elsewhere(two: Served, school: str) -> None:
    """A school that was put into the form, and is not of this workspace, is told nothing and says nothing (RS-19)."""
    filled = {"text": CERTAIN, "category": "child-at-risk", "school": school}
    answer = await submits_forged(two, two.person(TEACHER), "raise-1", "{}", **filled)
    assert "Mrs O. Elsewhere" not in json.dumps(answer.body)
    assert {one.school for one in await two.escalations()} <= {"model"}
    if school:
        assert answer.body["view"]["callback_id"] == "said"


@pytest.mark.parametrize("action", ["home:school", "school:choose"])
async def test_no_school_elsewhere_can_be_chosen(two: Served, action: str) -> None:
    """An option that was put into the list leads nowhere."""
    tess = two.person(TEACHER)
    own = await a_message(tess)
    chosen = "other" if action == "home:school" else json.dumps({"s": "other"})
    option = {"text": {"type": "plain_text", "text": "x"}, "value": chosen}
    menu = {"type": "static_select", "action_id": action, "options": [option]}
    own.blocks.append({"type": "actions", "block_id": "forged", "elements": [menu]})
    await tess.selects(own, action, chosen)
    await tess.says_in_dm(FRIEND)
    assert "Mrs O. Elsewhere" not in "".join(words_of(one) for one in bot_said(tess))


@pytest.mark.parametrize("tap", TAPS)
async def test_a_reply_of_one_workspace_is_nothing_in_another(two: Served, tap: str) -> None:
    """Not even for somebody who has the same id there."""
    carried = value_of(await offered(two), "reply:tell")
    team = two.slack.world.workspaces[OTHER_TEAM]
    there = two.slack.person(team.users[TEACHER], team)
    own = await a_message(there)
    await taps_forged(there, own, f"reply:{tap}", json.dumps(carried))
    assert "zebrafinch" not in "".join(words_of(one) for one in bot_said(there))
    assert await two.escalations() == []


async def test_a_tap_that_names_two_workspaces_is_of_one_alone(two: Served) -> None:
    """What it is about is looked up in one of them; neither is mixed with the other."""
    card = await told_of(two)
    one = await two.only()
    sent = next(answer.sent for answer in reversed(two.slack.answers))
    payload: dict[str, Any] = deepcopy(sent.payload) | {
        "type": "block_actions",
        "team": {"id": TEAM},
        "team_id": OTHER_TEAM,
        "user": {"id": DSL, "team_id": OTHER_TEAM},
        "trigger_id": "9.9.9",
        "actions": [{"type": "button", "action_id": "desk:acknowledge", "block_id": "b", "value": one.id}],
        "channel": {"id": card.channel},
    }
    payload.pop("event", None)
    payload.pop("event_id", None)
    for team, other in ((TEAM, OTHER_TEAM), (OTHER_TEAM, TEAM)):
        changed = payload | {"team": {"id": team}, "view": {"app_installed_team_id": other}, "trigger_id": team}
        assert (await two.slack.delivery.deliver(Sent("interactive", changed, "e"))).status in {200, 400}
    assert (await two.only()).id == one.id


# ---- Messages --------------------------------------------------------------------------------------------------------


async def delivered(day: Served, **event: object) -> Answer:
    """Let Slack tell of a message in a teacher's direct message with Signpost."""
    tess = day.person(TEACHER)
    said = {"type": "message", "channel_type": "im", "channel": tess.dm.id, "user": TEACHER, "text": CERTAIN}
    wrapped: dict[str, Any] = {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{event.get('type')}"}
    wrapped |= {"event": said | {"ts": "1700000000.000100"} | event}
    return await day.slack.delivery.deliver(Sent("events_api", wrapped, "e"))


@pytest.mark.parametrize(
    "marks",
    [
        {"bot_id": "B0OTHER"},
        {"subtype": "bot_message", "bot_id": "B0OTHER"},
        {"subtype": "bot_message"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "message_replied"},
        {"subtype": "channel_join"},
        {"subtype": "channel_topic"},
        {"subtype": "reminder_add"},
        {"subtype": "huddle_thread"},
        {"subtype": ""},
        {"subtype": "made_up"},
        {"user": None},
        {"user": ""},
        {"channel_type": "channel"},
        {"channel_type": "mpim"},
        {"channel_type": None},
        {"ts": None},
    ],
    ids=repr,
)
async def test_only_what_a_person_has_just_written_is_a_question(day: Served, marks: dict[str, object]) -> None:
    """What bots, edits and joins leave behind is acknowledged; nobody is told, and nobody is answered (RS-20)."""
    kinds = ["message"] if "channel_type" in marks else ["message", "app_mention"]  # a mention is one in any channel
    for kind in kinds:
        assert (await delivered(day, type=kind, event_ts=kind, **marks)).acked
    assert {call.method for call in day.slack.calls} <= {"auth.test"}
    assert await day.escalations() == []


async def test_a_message_of_a_bot_can_be_asked_about(day: Served) -> None:
    """Somebody points at what a bot wrote: they are answered, alone, and the bot is not."""
    day.team.add_user("U0BOT", "reminder", is_bot=True, bot_id="B0REMIND")
    day.team.channels[STAFF_ROOM].members.append("U0BOT")
    await day.person("U0BOT").says(STAFF_ROOM, FRIEND)
    tess = day.person(TEACHER)
    await tess.message_shortcut("ask-signpost", tess.reads(STAFF_ROOM)[-1])
    (answer,) = bot_said(tess, STAFF_ROOM)
    assert answer.ephemeral_to == TEACHER
    assert bot_said(day.person(COLLEAGUE), STAFF_ROOM) == []


async def test_an_id_that_was_answered_is_answered_no_more(
    school: Signpost, tmp_path: Path, clock: TickingClock
) -> None:
    """Other words under the id of an event, a command or a tap that is done are not heard, after a restart either."""
    async with slack_of(clock) as slack:
        async with served(school, tmp_path, clock, mode="http", known=slack) as before:
            tess = before.person(TEACHER)
            event = (await tess.says_in_dm(FRIEND)).sent
            command = (await tess.slash("/policy", FRIEND)).sent
            for sent in (event, command):
                assert (await slack.delivery.deliver(with_words(sent, CERTAIN))).body is None
            assert await before.escalations() == []
        async with served(school, tmp_path, clock, mode="http", known=slack) as after:
            for sent in (event, command):
                assert (await slack.delivery.deliver(with_words(sent, CERTAIN))).body is None
            assert await after.escalations() == []
            assert after.person(TEACHER).reads() == tess.reads()


def with_words(sent: Sent, text: str) -> Sent:
    """Return the same thing with other words."""
    payload = deepcopy(sent.payload)
    (payload.get("event") or payload)["text"] = text
    return Sent(sent.kind, payload, sent.envelope_id)


async def test_words_that_look_like_the_check_of_a_certificate_are_heard(rough_day: Served) -> None:
    """Only a form is that check: what somebody writes is a question, whatever signs are in it (RS-7)."""
    await delivered(rough_day, text=f"{CERTAIN} &ssl_check=1& now")
    assert len(await rough_day.escalations()) == 1
