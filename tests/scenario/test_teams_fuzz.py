"""Whatever is changed in something that Teams sends, and signed anew: no server error, and no words in the log."""

from collections.abc import AsyncIterator, Iterator
from copy import deepcopy
from itertools import count
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.bootstrap import Signpost
from tests.scenario.siege import CANARY, everything_logged, says_no_words
from tests.scenario.teams_siege import TeamsSiege, besieged
from tests.scenario.teams_world import TENANT, Served, bot_said, user_id
from tests.teams_fake import Person, Place, Seen
from tests.teams_fake.activities import Actor, activity, invoke

pytestmark = pytest.mark.asyncio(loop_scope="module")
WORDS = f"can I friend a parent, {CANARY}?"
Json = dict[str, Any]
_numbers = count(1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def siege(teams_school: Signpost, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TeamsSiege]:
    """Serve the school, with an answer and a concern in it to tap on."""
    async with besieged(teams_school, tmp_path_factory.mktemp("fuzz")) as found:
        await found.world.bind()
        tess = found.world.person("teacher")
        await tess.writes(WORDS)
        await tess.writes("a child told me her dad hits her")
        await found.world.settle()
        yield found


def templates(world: Served) -> list[Json]:
    """Return one of everything that Teams sends, as it would stand in this school."""
    tess, dale = world.person("teacher"), world.person("dsl")
    answer = next(one for one in bot_said(tess) if one.buttons)
    card = next(one for one in reversed(bot_said(dale, world.at.safe)) if one.buttons)
    return [
        *_written(world, tess),
        *_happened(world, tess),
        *(_tapped(world, tess, answer, verb, data) for verb, data in _buttons(answer)),
        *(_tapped(world, dale, card, verb, data) for verb, data in _buttons(card)),
        *_in_windows(world, tess, card),
    ]


def _actor(world: Served, person: Person) -> Actor:
    return Actor(world.teams.world, person.tenant, person.user)


def _written(world: Served, tess: Person) -> Iterator[Json]:
    actor, mention = _actor(world, tess), {"type": "mention", "mentioned": {"id": "28:x"}, "text": "<at>Signpost</at>"}
    file = {"contentType": "application/vnd.microsoft.teams.file.download.info", "content": {"uniqueId": "x"}}
    quote = {"contentType": "text/html", "content": f'<blockquote itemid="1">{CANARY}</blockquote>'}
    yield activity(actor, tess.chat, "message", text=WORDS, textFormat="plain", attachments=[quote])
    yield activity(actor, tess.chat, "message", text="", attachments=[file])
    for place in (world.at.staff_room, world.at.chat, world.at.safe):
        yield activity(actor, place, "message", "1", text=f"<at>Signpost</at> {WORDS}", entities=[mention])
    admin = _actor(world, world.person("admin"))
    yield activity(admin, world.person("admin").chat, "message", text=f"policy-admin routes {CANARY}")


def _happened(world: Served, tess: Person) -> Iterator[Json]:
    actor = _actor(world, tess)
    members = [{"id": tess.user.teams_id, "aadObjectId": tess.user.id}]
    places: list[Place] = [tess.chat, world.at.staff_room]
    for place in places:
        yield activity(actor, place, "conversationUpdate", membersAdded=members)
        yield activity(actor, place, "installationUpdate", action="add")
        yield activity(actor, place, "messageReaction", reactionsAdded=[{"type": "like"}])
    yield activity(actor, places[1], "conversationUpdate", membersRemoved=members)


def _buttons(shown: Seen) -> list[tuple[str, Json]]:
    return [(one.verb, one.data) for one in shown.buttons if one.verb] + [("card:look", shown.buttons[0].data)]


def _tapped(world: Served, person: Person, shown: Seen, verb: str, data: Json) -> Json:
    value = {"action": {"type": "Action.Execute", "verb": verb, "data": {**data, "text": WORDS}}, "trigger": "manual"}
    return invoke(_actor(world, person), shown.place, "adaptiveCard/action", value, shown.message)


def _in_windows(world: Served, tess: Person, card: Seen) -> Iterator[Json]:
    actor, ids = _actor(world, tess), dict(card.buttons[0].data)
    filled = {
        **ids,
        "text": WORDS,
        "category": "child-at-risk",
        "role": "dsl",
        "resolution": "handled",
        "school": "model",
    }
    for do in ("raise:describe", "raise:tell", "raise:involved", "reply:helped", "desk:send-reply", "asker:send"):
        yield invoke(actor, tess.chat, "task/submit", {"data": {**filled, "do": do}, "context": {"theme": "x"}})
        yield invoke(actor, tess.chat, "task/fetch", {"data": {**filled, "do": do}})
    payload = {"id": "1", "body": {"contentType": "html", "content": f"<p>{WORDS}</p>"}}
    for command in ("ask-about-this", "raise-a-concern"):
        asked = {"commandId": command, "messagePayload": payload, "commandContext": "message"}
        yield invoke(actor, world.at.chat, "composeExtension/fetchTask", asked)
    typed = {"commandId": "find", "parameters": [{"name": "text", "value": WORDS}], "queryOptions": {"skip": 0}}
    yield invoke(actor, world.at.chat, "composeExtension/query", typed)


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**400),
    st.floats(),
    st.text(max_size=40).map(lambda text: f"{text}{CANARY}"),
    st.sampled_from(
        ["", " ", "\0", "\n", "\ud800", "29:x\n", TENANT, user_id("dsl"), "x" * 3_000, "<at>", "{}", "28:x"]
    ),
    st.sampled_from([[], {}, [[]], [None], {"id": None}, [{}], {"": ""}, [{"id": 7}], {"id": {"id": []}}]),
    st.recursive(st.none(), lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2)),
)
STEPS = st.tuples(st.integers(0, 10**6), st.sampled_from(["change", "change", "change", "drop", "add", "wrap"]), JUNK)
# What the token is about: another address, or another channel, is refused before anything else is looked at.
_OF_THE_TOKEN = frozenset({"serviceUrl", "channelId"})


def mutated(payload: Json, steps: list[tuple[int, str, Any]]) -> Json:
    """Return an activity with some of its parts changed, dropped, added to or wrapped."""
    changed = deepcopy(payload)
    for where, what, junk in steps:
        places = [(holder, name) for holder, name in _places(changed) if name not in _OF_THE_TOKEN]
        if not places:
            return changed
        holder, name = places[where % len(places)]
        if what == "drop":
            del holder[name]
        elif what == "add" and isinstance(holder, dict):
            holder["replyToId" if where % 2 else "eventType"] = junk
        else:
            holder[name] = [holder[name]] if what == "wrap" else junk
    return changed


def _places(part: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place in an activity, as what holds it and its name there."""
    inside = list(part.items()) if isinstance(part, dict) else list(enumerate(part)) if isinstance(part, list) else []
    for name, value in inside:
        yield part, name
        yield from _places(value)


@given(which=st.integers(0, 10**6), steps=st.lists(STEPS, min_size=0, max_size=3))
@settings(
    max_examples=250,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_whatever_is_changed_is_no_fault_of_ours_rs41(
    siege: TeamsSiege, caplog: pytest.LogCaptureFixture, which: int, steps: list[tuple[int, str, Any]]
) -> None:
    """It is answered or refused: never a server error, and never a line of the log with a word of it."""
    everything_logged(caplog)
    caplog.clear()
    known = templates(siege.world)
    changed = mutated(known[which % len(known)] | {"id": f"f:{next(_numbers)}"}, steps)
    status = await siege.sends(changed)
    assert status is not None, changed
    assert status < 500, changed
    assert says_no_words(caplog)
    assert siege.teams.network().attempts == []


async def test_each_of_them_unchanged_is_taken_rs41(siege: TeamsSiege) -> None:
    """What is refused in the test before is refused for what was changed."""
    for one in templates(siege.world):
        assert await siege.sends(one | {"id": f"f:{next(_numbers)}"}) == 200, one["type"]
    assert siege.teams.world.refusals == []
