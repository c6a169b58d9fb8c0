"""The front door: what Slack sends is answered once, whatever comes twice and whatever fails (RS-3, RS-4, RS-57)."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.slack.front import BUSY, event_key
from bot.escalation.errors import EscalationError
from tests.adapters.slack.front_world import FrontWorld
from tests.adapters.slack.home_world import TEACHER, TEAM
from tests.slack_fake import Answer, Sent

LEASE = timedelta(seconds=30)
CANARY = "zebrafinch"


def tapped(value: str = "a", trigger: str = "1.2.3", **changes: Any) -> Sent:
    """Return the tap on a button."""
    payload = {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": TEACHER},
        "trigger_id": trigger,
        "actions": [{"type": "button", "action_id": "tapped", "block_id": "b", "value": value}],
    }
    return Sent("interactive", payload | changes, "envelope")


# ---- Copies ----------------------------------------------------------------------------------------------------------


async def test_of_fifty_copies_at_once_one_is_heard(front: FrontWorld) -> None:
    """While the first is being answered the others are no success, so that Slack does not take them for answers."""
    front.notes.gate.clear()
    tess = front.slack.person(TEACHER)
    first = asyncio.create_task(tess.says_in_dm("hello"))
    await front.notes.entered.wait()
    payload = front.team.messages(tess.dm.id)[0]
    assert payload.text == "hello"
    sent = Sent("events_api", _event_of(front, payload.ts), "envelope")
    copies = await asyncio.gather(*(front.http.deliver(sent.again(number, "http_timeout")) for number in range(49)))
    assert {copy.status for copy in copies} == {BUSY}
    front.notes.gate.set()
    assert (await first).status == 200
    assert (await front.http.deliver(sent.again(1, "http_timeout"))).status == 200
    assert front.notes.heard == ["hello"]


def _event_of(front: FrontWorld, ts: str) -> dict[str, Any]:
    """Return the event by which Slack told of a message, again."""
    tess = front.slack.person(TEACHER)
    event = {"type": "message", "channel_type": "im", "channel": tess.dm.id, "user": TEACHER, "ts": ts, "text": "hello"}
    return {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{TEAM[1:]}00001", "event": event}


async def test_a_copy_is_heard_where_the_first_was_lost_on_the_way(front: FrontWorld) -> None:
    """A retry is no duplicate by itself: it may be the only one that arrives."""
    front.slack.lose()
    lost = await front.slack.person(TEACHER).says_in_dm("hello")
    assert (lost.acked, front.notes.heard) == (False, [])
    assert (await front.slack.redeliver(lost, 2)).status == 200
    assert front.notes.heard == ["hello"]


async def test_a_copy_that_comes_later_is_answered_and_not_heard(front: FrontWorld) -> None:
    """Whoever is asked again in a minute, or in five, has answered already."""
    answer = await front.slack.person(TEACHER).says_in_dm("hello")
    for number, minutes in ((1, 0), (2, 1), (3, 5)):
        front.clock.move(timedelta(minutes=minutes))
        front.slack.clock.pass_by(minutes * 60)
        assert (await front.slack.redeliver(answer, number)).status == 200
    assert front.notes.heard == ["hello"]


async def test_what_could_not_be_answered_is_heard_again_once_its_lease_is_over(front: FrontWorld) -> None:
    """Slack sends it again; by then the fault may have gone."""
    front.notes.fault = ValueError(CANARY)
    answer = await front.slack.person(TEACHER).says_in_dm("hello")
    front.notes.fault = None
    assert (await front.slack.redeliver(answer, 1)).status == BUSY
    front.clock.move(LEASE)
    assert (await front.slack.redeliver(answer, 2)).status == 200
    assert (answer.status, front.notes.heard) == (503, ["hello"])


async def test_what_is_answered_but_has_not_arrived_is_heard_again(front: FrontWorld) -> None:
    """The process may end before Slack takes the answer; once it has arrived, a copy settles it."""
    front.notes.waits = True
    answer = await front.slack.person(TEACHER).says_in_dm("hello")
    front.notes.waits = False
    assert (await front.slack.redeliver(answer, 1)).status == BUSY
    front.clock.move(LEASE)
    assert [(await front.slack.redeliver(answer, number)).status for number in (2, 3)] == [200, 200]
    assert (answer.status, front.notes.heard) == (BUSY, ["hello", "hello"])


async def test_a_tap_that_slack_sends_twice_counts_once(front: FrontWorld) -> None:
    """A tap is known by its trigger; another tap on the same button has another."""
    for trigger in ("1.2.3", "1.2.3", "4.5.6"):
        assert (await front.slack.delivery.deliver(tapped(trigger=trigger))).status == 200
    assert front.notes.heard == ["a", "a"]


async def test_listeners_know_the_key_that_was_claimed(front: FrontWorld) -> None:
    """It makes what they write down the same for a repeat."""
    await front.slack.delivery.deliver(tapped())
    assert front.notes.keys == ["slack:tap:1.2.3"]


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"event_id": "Ev1", "trigger_id": "1.2"}, "slack:event:Ev1"),
        ({"trigger_id": "1.2"}, "slack:tap:1.2"),
        ({"event_id": "", "trigger_id": ""}, None),
        ({"event_id": 7, "trigger_id": ["1.2"]}, None),
        ({}, None),
    ],
)
def test_what_slack_sends_is_known_by_an_id_of_its_own(body: dict[str, Any], key: str | None) -> None:
    """An event has one, a tap has its trigger; anything else cannot be told from a repeat."""
    assert event_key(body) == key


async def test_what_has_no_key_is_answered_every_time(front: FrontWorld) -> None:
    """Nothing is lost for want of an id."""
    sent = tapped()
    del sent.payload["trigger_id"]
    assert [(await front.slack.delivery.deliver(sent)).status for _ in range(2)] == [200, 200]
    assert (front.notes.heard, front.notes.keys) == (["a", "a"], [None, None])


# ---- Workspaces ------------------------------------------------------------------------------------------------------


async def test_an_unknown_workspace_gets_nothing(front: FrontWorld) -> None:
    """It is answered, so that Slack does not come back, and nothing else happens."""
    answers = [
        await front.slack.delivery.deliver(tapped(team={"id": "T0OTHER"})),
        await front.slack.delivery.deliver(tapped(view={"app_installed_team_id": "T0OTHER"})),
    ]
    assert [(one.status, one.body) for one in answers] == [(200, None), (200, None)]
    assert front.is_untouched()


async def test_a_workspace_that_took_signpost_out_gets_nothing(front: FrontWorld) -> None:
    """Once its token is forgotten nobody could be answered there."""
    front.workspaces.leave(TEAM)
    assert (await front.slack.delivery.deliver(tapped())).status == 200
    assert front.is_untouched()


@pytest.mark.parametrize("kind", ["app_rate_limited", "interactive_message", "dialog_submission", "workflow_step_edit"])
async def test_a_kind_that_nothing_listens_to_is_answered_and_left_alone(front: FrontWorld, kind: str) -> None:
    """Slack may send more than is asked for, and stops sending to an app that refuses."""
    sent = Sent("interactive", {"type": kind, "team_id": TEAM, "callback_id": "tapped", "trigger_id": "1"}, "e")
    assert (await front.slack.delivery.deliver(sent)).status == 200
    assert front.is_untouched()


# ---- What fails ------------------------------------------------------------------------------------------------------


async def test_without_the_store_people_are_answered_all_the_same(front: FrontWorld) -> None:
    """A copy is answered again then: twice is better than never, and under one key nothing is raised twice."""
    front.store.down = True
    answer = await front.slack.person(TEACHER).says_in_dm("hello")
    copy = await front.slack.redeliver(answer)
    assert (answer.status, copy.status, front.notes.heard) == (200, 200, ["hello", "hello"])
    assert front.notes.keys == ["slack:event:Ev0MODEL00001"] * 2


async def test_a_store_that_fails_in_the_midst_of_it_loses_no_answer(front: FrontWorld) -> None:
    """That it was answered could not be written down: a copy is answered again once its lease is over."""
    front.notes.meanwhile = lambda: setattr(front.store, "down", True)
    answer = await front.slack.person(TEACHER).says_in_dm("hello")
    front.store.down, front.notes.meanwhile = False, lambda: None
    front.clock.move(LEASE)
    assert (answer.status, (await front.slack.redeliver(answer)).status) == (200, 200)
    assert front.notes.heard == ["hello", "hello"]


@pytest.mark.parametrize("fault", [ValueError(CANARY), KeyError(CANARY), EscalationError(CANARY), TimeoutError(CANARY)])
async def test_a_fault_of_ours_is_no_success_and_says_no_words(
    front: FrontWorld, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """Slack is told to come again; the log names where it went wrong, and nothing of what was sent (RS-88)."""
    caplog.set_level(logging.DEBUG)
    front.notes.fault = fault
    answers: list[Answer] = [
        await front.slack.person(TEACHER).says_in_dm(CANARY),
        await front.slack.person(TEACHER).slash("/policy", CANARY),
        await front.slack.delivery.deliver(tapped(CANARY)),
    ]
    assert [(one.status, one.body) for one in answers] == [(503, None)] * 3
    assert caplog.text.count(f"({type(fault).__name__})") == 3
    assert CANARY not in caplog.text


async def test_a_fault_before_the_listeners_is_no_success_either(
    front: FrontWorld, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever breaks is answered, and named by its kind alone."""
    monkeypatch.setattr(front.knowledge, "generation", _broken)
    answer = await front.front.dispatch(AsyncBoltRequest(mode="socket_mode", body=tapped().payload))
    assert (answer.status, answer.body) == (503, "")
    assert "ZeroDivisionError" in caplog.text
    assert CANARY not in caplog.text


def _broken() -> int:
    raise ZeroDivisionError(CANARY)
