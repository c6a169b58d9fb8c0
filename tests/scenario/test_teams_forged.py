"""What a person could send who had got past Teams: another's reply, another's card, made-up ids, roles and values.

All of it is signed and of Teams' shape. It is answered, and does nothing (RS-41).
"""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from bot.escalation import wording as told
from tests.scenario.teams_world import Served, bot_said
from tests.teams_fake import Answer, Place, Seen
from tests.teams_fake.activities import Actor, invoke

FRIEND = "can I friend a parent?"
CERTAIN = "a child told me her dad hits her"
POSSIBLE = "a colleague shouts at a child every day, zebrafinch"
CARD, SUBMIT = "adaptiveCard/action", "task/submit"
Json = dict[str, Any]


@pytest.fixture
def day(teams_day: Served) -> Served:
    """Serve the school for a day, and look at its end whether everything went as it must."""
    return teams_day


async def forges(
    day: Served, who: str, verb: object, data: object, *, name: str = CARD, place: Place | None = None
) -> Answer:
    """Tap a button, or fill in a window, that somebody made up."""
    person = day.person(who)
    actor = Actor(day.teams.world, person.tenant, person.user)
    action = {"type": "Action.Execute", "verb": verb, "data": data}
    value: Json = {"action": action, "trigger": "manual"}
    if name != CARD:
        value = {"data": {"do": verb, **data} if isinstance(data, dict) else data, "context": {"theme": "default"}}
    answer = await day.teams.send(invoke(actor, place or person.chat, name, value))
    assert answer.status == 200, answer
    return answer


def says(answer: Answer) -> str:
    """Return all that an answer holds."""
    return json.dumps(answer.body, ensure_ascii=False)


def data_of(shown: Seen, verb: str) -> Json:
    """Return what a button carries."""
    return dict(next(one.data for one in shown.buttons if one.verb == verb))


async def offered(day: Served) -> Json:
    """Let a teacher write of a colleague, and return what the button to pass it on carries."""
    tess = day.person("teacher")
    await tess.writes(POSSIBLE)
    return data_of(bot_said(tess)[-1], "reply:tell")


async def raised(day: Served) -> None:
    """Let a teacher raise a concern that reaches the safeguarding channel."""
    await day.bind()
    await day.person("teacher").writes(CERTAIN)
    await day.settle()
    assert len(bot_said(day.person("dsl"), day.at.safe)) >= 1


# ---- Replies ---------------------------------------------------------------------------------------------------------

TAPS = ("tell", "involved", "ask-a-person", "helped", "not-meant", "choose")


@pytest.mark.parametrize("who", ["colleague", "dsl", "guest", "pupil"])
async def test_the_reply_to_another_is_nobody_elses_to_tap_rs41(day: Served, who: str) -> None:
    """With its id and its seal in hand, nobody else can do anything with it, and they read nothing of it."""
    carried = await offered(day)
    told_before = len(day.person(who).chat.messages)
    for tap, name in product(TAPS, (CARD, SUBMIT)):
        answer = await forges(day, who, f"reply:{tap}", carried | {"c": "topic:friend-parent"}, name=name)
        assert told.OFFER_GONE in says(answer) or told.GONE in says(answer), tap
    assert "zebrafinch" not in "".join(one.words for one in bot_said(day.person(who)))
    await day.settle()
    assert (await day.escalations(), len(day.person(who).chat.messages)) == ([], told_before)


@pytest.mark.parametrize("seal", ["", "made-up", "s" * 64, None, 7, [], {}])
async def test_a_seal_that_is_not_of_the_list_tells_nobody_rs41(day: Served, seal: object) -> None:
    """Whoever has not seen the list of readers as it is now sees it first."""
    carried = await offered(day)
    for name in (CARD, SUBMIT):
        await forges(day, "teacher", "reply:tell", carried | {"s": seal}, name=name)
    await day.settle()
    assert await day.escalations() == []


async def test_the_seal_of_an_earlier_list_tells_nobody_rs41(day: Served) -> None:
    """Once one of the readers is involved, the button that named them passes nothing on."""
    carried = await offered(day)
    tess = day.person("teacher")
    await tess.taps(bot_said(tess)[-1], "reply:involved")
    await forges(day, "teacher", "reply:tell", carried)
    await day.settle()
    assert await day.escalations() == []


async def test_another_persons_second_step_tells_nobody_rs41(day: Served) -> None:
    """What one has described in a window is not another's to pass on."""
    carried = await offered(day)
    for act in ("raise:tell", "raise:involved"):
        answer = await forges(day, "colleague", act, carried, name=SUBMIT)
        assert "zebrafinch" not in says(answer)
    assert await day.escalations() == []


# ---- Cards -----------------------------------------------------------------------------------------------------------

ACTS = ("open", "acknowledge", "assign", "reply", "resolve", "reopen", "back", "send-reply", "pass-on", "resolve-as")
FILLED = {"text": "zebrafinch", "role": "headteacher", "resolution": "handled", "n": "1"}


@pytest.mark.parametrize("who", ["colleague", "teacher", "guest", "pupil"])
async def test_a_card_is_nobody_elses_to_tap_rs41(day: Served, who: str) -> None:
    """With the id of the escalation in hand, whoever is not told of it opens nothing and changes nothing."""
    await raised(day)
    one, before = await day.only(), len(day.teams.calls_of("send"))
    for act, name in product(ACTS, (CARD, SUBMIT, "task/fetch")):
        answer = await forges(day, who, f"desk:{act}", {"e": one.id, **FILLED}, name=name)
        assert ("hits" in says(answer), await day.only()) == (False, one), act
    await day.settle()
    assert len(day.teams.calls_of("send")) == before


@pytest.mark.parametrize("who", ["colleague", "guest", "dsl", "headteacher"])
async def test_nobody_writes_in_the_name_of_whoever_raised_it_rs41(day: Served, who: str) -> None:
    """The thread of the asker takes words of the asker alone."""
    await raised(day)
    one = await day.only()
    for act, name in product(("answer", "send"), (CARD, SUBMIT, "task/fetch")):
        answer = await forges(day, who, f"asker:{act}", {"e": one.id, **FILLED}, name=name)
        assert ("hits" in says(answer), await day.only()) == (False, one)
    entries = await day.parts.store.entries(one.id)
    assert "answer" not in {str(entry.kind) for entry in entries}


@pytest.mark.parametrize("role", ["", "lado", "made-up", "teacher", "admin", 7, None, ["headteacher"], "x" * 19_000])
async def test_it_is_passed_on_to_nobody_outside_its_route_rs41(day: Served, role: object) -> None:
    """The DSL may pass it on to those whom the school names, and to nobody that a button names."""
    await raised(day)
    one = await day.only()
    for name in (CARD, SUBMIT):
        await forges(day, "dsl", "desk:pass-on", {"e": one.id, "role": role}, name=name, place=day.at.safe)
    assert await day.only() == one


@pytest.mark.parametrize("resolution", ["", "made-up", "HANDLED", 7, None, ["handled"], {"a": "handled"}])
async def test_it_is_resolved_as_nothing_that_is_made_up_rs41(day: Served, resolution: object) -> None:
    """It stays open."""
    await raised(day)
    for name in (CARD, SUBMIT):
        await forges(day, "dsl", "desk:resolve-as", {"e": (await day.only()).id, "resolution": resolution}, name=name)
    assert (await day.only()).resolution is None


# ---- Garbage ---------------------------------------------------------------------------------------------------------


def garbage() -> Iterator[tuple[str, object]]:
    """Go through what a button could carry that is no id of anything."""
    whole: list[object] = [None, 7, "x", [], [{}], {}, {"x": "y"}, {str(n): "x" for n in range(30)}]
    ids: list[object] = [None, 7, 10**300, -1, True, "", "\n", "\0", "é", "../model", "x" * 1_025, "x" * 25_000, [], {}]
    verbs = ["reply:tell", "reply:choose", "reply:made-up", "school:choose", "desk:open", "desk:reply", "asker:send"]
    for verb in [*verbs, "asker:answer", "card:look", "raise:describe", "raise:tell", "made-up", ":", "desk:", "é:x"]:
        yield from ((verb, one) for one in whole)
        yield from ((verb, {"e": one, "r": one, "s": one, "c": one, "school": one, "text": one}) for one in ids)


@pytest.mark.parametrize("name", [CARD, SUBMIT, "composeExtension/submitAction", "task/fetch"])
async def test_what_carries_nothing_does_nothing_rs41(day: Served, name: str) -> None:
    """Whatever stands on a button, of another version or of nobody at all: it is answered, and nobody is told."""
    await raised(day)
    one, before = await day.only(), len(day.teams.calls_of("send"))
    for verb, data in garbage():
        await forges(day, "dsl", verb, data, name=name)
    assert await day.only() == one
    await day.settle()
    assert len(day.teams.calls_of("send")) == before


@pytest.mark.parametrize("verb", [None, 7, [], {}, "", "\n", "x" * 5_000, ["desk:open"]])
async def test_a_verb_that_is_none_does_nothing_rs41(day: Served, verb: object) -> None:
    """Nor one that is missing."""
    for name in (CARD, SUBMIT):
        await forges(day, "dsl", verb, {"e": "x"}, name=name)
    assert await day.escalations() == []


async def test_the_question_of_another_that_waits_for_a_school_is_not_answered_rs41(day: Served) -> None:
    """Nor can a school be chosen that is not of the tenant."""
    answer = await forges(day, "colleague", "school:choose", {"school": "buckminster", "r": "x"})
    assert "buckminster" not in says(answer).lower()
    kept = await day.parts.store.kept.all("school")
    assert list(kept) == []
