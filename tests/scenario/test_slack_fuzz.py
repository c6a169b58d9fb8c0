"""Whatever is changed in something that Slack sends, and signed anew: no server error, and no words in the log."""

import json
from collections.abc import AsyncIterator, Iterator
from copy import deepcopy
from itertools import count
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.bootstrap import Signpost
from tests.scenario.siege import CANARY, JSON, Siege, besieged, everything_logged, form, says_no_words
from tests.scenario.slack_world import ADMIN, DSL, SAFE, STAFF_ROOM, TEACHER, TEAM, Served, bot_said, buttons_of
from tests.slack_fake.person import Person
from tests.slack_fake.signed_http import FORM

pytestmark = pytest.mark.asyncio(loop_scope="module")
WORDS = f"can I friend a parent, {CANARY}?"
_numbers = count(1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def siege(school: Signpost, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Siege]:
    """Serve the school, with an answer and a concern in it to tap on."""
    async with besieged(school, tmp_path_factory.mktemp("fuzz")) as found:
        await found.world.person(TEACHER).says_in_dm(WORDS)
        await found.world.person(TEACHER).says_in_dm("a child told me her dad hits her")
        await found.world.settle()
        yield found


def templates(world: Served) -> list[dict[str, Any]]:
    """Return one of everything that Slack sends, as it would stand in this school."""
    tess = world.person(TEACHER)
    url = world.slack.world.root + world.slack.world.tickets.url(TEAM, TEACHER, tess.dm.id).path
    known = {"type": "event_callback", "team_id": TEAM, "authorizations": [{"team_id": TEAM, "user_id": "U1"}]}
    command = {"team_id": TEAM, "user_id": TEACHER, "channel_id": tess.dm.id, "text": WORDS, "response_url": url}
    hand = {"team": {"id": TEAM}, "user": {"id": TEACHER, "team_id": TEAM}, "response_url": url}
    return [
        *(known | {"event": event} for event in _events(tess)),
        command | {"command": "/policy"},
        command | {"command": "/policy-admin", "user_id": ADMIN, "text": f"routes {CANARY}"},
        *(hand | done for done in _done(world, tess)),
    ]


def _events(tess: Person) -> list[dict[str, Any]]:
    answer, asked = bot_said(tess)[0], tess.reads()[0]
    said = {"user": TEACHER, "channel": tess.dm.id, "ts": asked.ts, "text": WORDS, "channel_type": "im"}
    beside = {"entities": [{"type": "slack#/types/channel_id", "value": STAFF_ROOM, "team_id": TEAM}]}
    return [
        said | {"type": "message"},
        said | {"type": "message", "files": [{"id": "F1"}], "subtype": "file_share"},
        said | {"type": "message", "thread_ts": answer.ts},
        said | {"type": "app_mention", "channel": STAFF_ROOM},
        {"type": "app_home_opened", "user": TEACHER, "channel": tess.dm.id, "tab": "home"},
        {"type": "app_home_opened", "user": TEACHER, "channel": tess.dm.id, "tab": "messages", "context": beside},
        {"type": "app_context_changed", "user": TEACHER, "context": beside},
        {"type": "tokens_revoked", "tokens": {"oauth": [TEACHER]}},
    ]


def _done(world: Served, tess: Person) -> Iterator[dict[str, Any]]:
    answer, card = bot_said(tess)[0], bot_said(world.person(DSL), SAFE)[-1]
    there = {"channel": {"id": tess.dm.id}, "container": {"type": "message", "message_ts": answer.ts}}
    carried = [(name, _value(answer.blocks, name)) for name in buttons_of(answer)]
    carried += [(name, _value(card.blocks, name)) for name in buttons_of(card)]
    carried += [("home:school", "model"), ("home:topic", "friend-parent"), ("home:raise", "raise"), ("other", "x")]
    option = {"selected_option": {"value": '{"s": "model", "r": ""}'}}
    taps = [{"action_id": name, "block_id": "b", "value": value, **option} for name, value in carried]
    taps.append({"action_id": "school:choose", "block_id": "b", **option})
    reply = json.loads(_value(answer.blocks, "reply:helped"))["r"]
    ids = json.dumps({"e": _value(card.blocks, "desk:open"), "r": reply})
    fields = {name: {name: {"value": WORDS, **option}} for name in ("text", "category", "school", "role", "resolution")}
    views = [
        {"id": "V1", "type": "modal", "callback_id": name, "private_metadata": ids, "state": {"values": fields}}
        for name in ("raise-1", "raise-2", "desk-reply", "desk-assign", "desk-resolve", "asker-answer", "opened")
    ]
    message = {"text": WORDS, "ts": "1.0", "user": DSL, "blocks": [{"type": "section", "block_id": "b"}]}
    yield from (there | {"type": "block_actions", "actions": [tap], "message": message} for tap in taps)
    yield from ({"type": "block_actions", "actions": [tap], "view": views[0]} for tap in taps[:4])
    yield from ({"type": "view_submission", "view": view} for view in views)
    yield {"type": "view_closed", "view": views[0]}
    yield {"type": "shortcut", "callback_id": "raise-a-concern"}
    yield there | {"type": "message_action", "callback_id": "ask-signpost", "message": message}


def _value(blocks: list[dict[str, Any]], action: str) -> str:
    found = [one for block in blocks for one in block.get("elements", ()) if one.get("action_id") == action]
    return str(found[0].get("value") or "{}")


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**400),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=40).map(lambda text: f"{text}{CANARY}"),
    st.sampled_from(
        ["", " ", "\0", "\n", "\ud800", "U1\n", TEAM, TEACHER, SAFE, "D", "x" * 300, "<!channel>", "{}", "[]", "null"]
    ),
    st.sampled_from([[], {}, [[]], [None], {"id": None}, [{}], {"": ""}, [{"id": 7}], {"value": {"value": []}}]),
    st.recursive(st.none(), lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2)),
)
STEPS = st.tuples(st.integers(0, 10**6), st.sampled_from(["change", "change", "change", "drop", "add", "wrap"]), JUNK)


def mutated(payload: dict[str, Any], steps: list[tuple[int, str, Any]]) -> dict[str, Any]:
    """Return a payload with some of its parts changed, dropped, added to or wrapped."""
    changed = deepcopy(payload)
    for where, what, junk in steps:
        places = list(_places(changed))
        if not places:
            return changed
        holder, name = places[where % len(places)]
        if what == "drop":
            del holder[name]
        elif what == "add" and isinstance(holder, dict):
            holder["subtype" if where % 2 else "enterprise"] = junk
        else:
            holder[name] = [holder[name]] if what == "wrap" else junk
    return changed


def _places(part: Any) -> Any:
    """Yield every place in a payload, as what holds it and its name there."""
    inside = list(part.items()) if isinstance(part, dict) else list(enumerate(part)) if isinstance(part, list) else []
    for name, value in inside:
        yield part, name
        yield from _places(value)


@given(which=st.integers(0, 10**6), steps=st.lists(STEPS, min_size=0, max_size=3))
@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_whatever_is_changed_is_no_fault_of_ours(
    siege: Siege, caplog: pytest.LogCaptureFixture, which: int, steps: list[tuple[int, str, Any]]
) -> None:
    """It is answered or refused: never a server error, and never a line of the log with a word of it."""
    everything_logged(caplog)
    caplog.clear()
    known = templates(siege.world)
    payload = known[which % len(known)]
    number = f"{next(_numbers)}.2.3"
    payload |= {"event_id": f"Ev{number}"} if "event" in payload else {"trigger_id": number}
    changed = mutated(payload, steps)
    if "event" in payload:
        status = await siege.deliver(json.dumps(changed).encode(), JSON)
    elif "command" in payload:
        fields = {name: str(value).encode("utf-8", "replace").decode() for name, value in changed.items()}
        status = await siege.deliver(form(**fields), FORM)
    else:
        status = await siege.deliver(form(payload=json.dumps(changed)), FORM)
    assert status < 500, changed
    assert says_no_words(caplog)
