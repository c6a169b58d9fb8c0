"""What Signpost says of escalations: each sentence reads well, and none promises or asks what it must not."""

import inspect
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from types import ModuleType
from typing import Any, get_type_hints

import pytest

from bot import wording as bot_wording
from bot.escalation import wording
from bot.escalation.model import Resolution
from bot.escalation.routing import Reason
from knowledge.model import Clause, ConcernKind, Contact, Party, Policy
from tests.bot.builders import CONDUCT, DANGER, DSL, FAMILY, FRIENDS, HEAD
from tests.bot.test_shipped_words import ASKS_A_NAME, PROMISE
from tests.escalation_fakes import MONDAY

SAMPLES: dict[Any, Sequence[Any]] = {
    str: ("a text",),
    str | None: ("a text", None),
    int: (1, 2_001),
    int | None: (None, 0, 1, 3),
    float: (0.5,),
    bool: (False, True),
    datetime: (MONDAY, MONDAY + timedelta(days=3)),
    Reason: tuple(Reason),
    Resolution: tuple(Resolution),
    Contact: (HEAD, Contact("headteacher", "Headteacher")),
    Clause: (FRIENDS, FAMILY),
    Policy: (CONDUCT,),
    ConcernKind: (DANGER,),
    Sequence[Contact]: ((HEAD,), (HEAD, DSL)),
    Sequence[str]: ((), ("a", "b")),
    Sequence[Party]: ((Party.PUPIL, Party.PARENT),),
}
HUSH = re.compile(r"confiden|anonym|secre|in private|off the record|promise|nobody will know", re.IGNORECASE)
# A question that wants to know what happened, or about the child.
ASKS = re.compile(
    r"\b(who|whom|whose|what|which|why|when|where|how|did|was|were|has|have|are)\b[^.?]*\?", re.IGNORECASE
)
ENQUIRY = re.compile(
    r"\b(investigat\w*|look into|find out|interview|confront|search|the (full )?story|ask the (child|pupil))\b",
    re.IGNORECASE,
)


def _sentences_of(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Yield every text a module can say: its constants, and its functions over samples of what they are given."""
    for name, value in vars(module).items():
        if isinstance(value, str) and name.isupper() and not name.startswith("_"):
            yield name, value
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_"):
            hints = get_type_hints(value)
            names = list(inspect.signature(value).parameters)
            for given in product(*(SAMPLES[hints[one]] for one in names)):
                keyword = {
                    one: part
                    for one, part in zip(names, given, strict=True)
                    if inspect.signature(value).parameters[one].kind is inspect.Parameter.KEYWORD_ONLY
                }
                yield name, value(*given[: len(given) - len(keyword)], **keyword)


OURS = [*_sentences_of(wording)]
ALL = [*_sentences_of(bot_wording), *OURS]


def _texts(found: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, part) for name, text in found for part in re.split(r"(?<=[.?:;])\s+", text)]


# ---- What no sentence may say ----------------------------------------------------------------------------------------


def test_the_lint_looks_at_every_sentence() -> None:
    """Both modules are read whole: constants, and functions of every kind of argument."""
    names = {name for name, _ in ALL}
    assert {"help_text", "NO_MATCH", "tryout_broke", "verdict", "NOT_STAFF_REPLY", "offered", "told_nobody"} <= names
    assert len(names) > 80


def test_no_sentence_promises_to_keep_it_quiet() -> None:
    """Not even the words are used (RS-84)."""
    assert [one for one in ALL if HUSH.search(one[1]) or PROMISE.search(one[1])] == []


def test_no_sentence_asks_what_happened() -> None:
    """No who, what or why: whoever is told will speak to the asker (RS-85)."""
    asked = [one for one in _texts(ALL) if ASKS.search(one[1])]
    assert asked == [("CLARIFY", "Which do you mean?")]


def test_no_sentence_asks_for_a_childs_name_or_an_enquiry() -> None:
    """Nobody is sent to find something out, or to name a child (RS-85)."""
    assert [one for one in ALL if ASKS_A_NAME.search(one[1]) or ENQUIRY.search(one[1])] == []


@pytest.mark.parametrize(
    "text",
    ["Which pupil is it?", "What did she say?", "Why do you think so?", "Has anybody seen it?", "How old is he?"],
)
def test_the_lint_knows_a_question(text: str) -> None:
    """The pattern finds what it must."""
    assert ASKS.search(text)


@pytest.mark.parametrize("text", ["Find out who was there.", "Ask the child what happened.", "Look into it first."])
def test_the_lint_knows_an_enquiry(text: str) -> None:
    """The pattern finds what it must."""
    assert ENQUIRY.search(text)


@pytest.mark.parametrize("text", ["This is kept confidential.", "You stay anonymous.", "It stays our secret."])
def test_the_lint_knows_a_promise(text: str) -> None:
    """The pattern finds what it must."""
    assert HUSH.search(text)


def test_every_sentence_is_calm_and_whole() -> None:
    """No exclamation marks, no double spaces, nothing left to fill in."""
    for name, text in ALL:
        assert text.strip() == text, name
        assert not re.search(r"!|  |\{|\}|None", text), (name, text)


def test_every_way_in_which_nobody_is_told_says_what_to_do() -> None:
    """Whoever reads that Signpost passes nothing on reads to phone or tell somebody themselves."""
    for reason in Reason:
        assert re.search(r"\b(Phone|Tell|tell)\b", wording.no_route(reason)), reason
    for text in (wording.NOT_RECORDED, wording.NOT_DELIVERED, wording.NOT_SEEN, wording.OFFER_GONE, wording.OPEN_AGAIN):
        assert re.search(r"\b(phone|tell|Tell)\b", text)


def test_a_pupil_reads_of_an_adult_helplines_and_999() -> None:
    """The fixed reply has a trusted adult, a helpline for children, and the emergency number."""
    for part in ("an adult you trust", "0800 1111", "999"):
        assert part in wording.NOT_STAFF_REPLY


def test_the_emergency_numbers_are_the_ones_that_exist() -> None:
    """Childline, SHOUT and 999, as they are published."""
    assert re.findall(r"\d[\d ]+\d", wording.NOT_STAFF_REPLY) == ["0800 1111", "85258", "999"]


# ---- Single sentences ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "now", "said"),
    [
        (datetime(2026, 11, 23, 10, 42, tzinfo=UTC), datetime(2026, 11, 23, 20, tzinfo=UTC), "10:42"),
        (datetime(2026, 6, 1, 10, 42, tzinfo=UTC), datetime(2026, 6, 1, 20, tzinfo=UTC), "11:42"),
        (datetime(2026, 11, 23, 7, 45, tzinfo=UTC), datetime(2026, 11, 22, 20, tzinfo=UTC), "Mon 23 Nov, 07:45"),
        (datetime(2026, 6, 1, 23, 30, tzinfo=UTC), datetime(2026, 6, 1, 12, tzinfo=UTC), "Tue 2 Jun, 00:30"),
    ],
    ids=["today", "in summer", "another day", "past midnight at the school"],
)
def test_a_time_is_said_as_the_clock_in_school_shows_it(at: datetime, now: datetime, said: str) -> None:
    """British time, with the day only where it is another one."""
    assert wording.clock(at, now) == said


def test_a_refusal_gives_numbers_that_can_be_rung() -> None:
    """Everybody with a telephone is named with it; somebody who has only a room is not."""
    said = wording.told_nobody(Reason.NOBODY_LEFT, (HEAD, DSL))
    assert said == f"{wording.NOBODY_LEFT} Mrs A. Example, Headteacher: 01632 960001."
    assert wording.told_nobody(Reason.NOT_SET, ()) == wording.NOT_SET_UP


@pytest.mark.parametrize(
    ("unnamed", "waits", "sent", "parts"),
    [
        (0, False, False, ["Nobody has been told yet."]),
        (0, True, False, ["Nobody has been told yet.", "on the next school morning", "phone now"]),
        (0, False, True, ["It was sent before.", "Signpost tells nobody else of those who were named then."]),
        (1, False, False, ["1 other person in their channel, not listed here, will read it too."]),
        (2, False, False, ["2 others in their channel, not listed here, will read it too."]),
        (None, True, True, ["It was sent before", "cannot see who is in their channel", "next school morning"]),
    ],
)
def test_an_offer_says_what_a_tap_would_do(unnamed: int | None, waits: bool, sent: bool, parts: list[str]) -> None:
    """Whether somebody knows already, who else reads it, and when it would be read."""
    said = wording.offered(unnamed, waits=waits, sent=sent)
    assert all(part in said for part in parts)
    assert ("Nobody has been told yet" in said) is not sent
    assert ("morning" in said) is waits
    assert ("channel" in said) is (unnamed != 0)


def test_readers_are_listed_as_people_say_it() -> None:
    """One alone, and several with an "and" before the last."""
    assert wording.will_read([HEAD]) == "Mrs A. Example, Headteacher will read it."
    listed = "Mrs A. Example, Headteacher and Mr B. Example, Designated Safeguarding Lead"
    assert wording.will_read([HEAD, DSL]) == f"These people will read it: {listed}."


def test_a_title_says_urgent_only_where_it_is() -> None:
    """The first word of a notification tells the urgent from the others."""
    assert wording.notice_title("A child at risk", "K7-0001", urgent=True) == "Urgent: A child at risk (K7-0001)"
    assert wording.notice_title("A child at risk", "K7-0001", urgent=False) == "A child at risk (K7-0001)"


def test_one_question_is_one_question() -> None:
    """The digest counts as people do."""
    assert wording.digest_title(1) == "1 question is waiting for an answer"
    assert wording.digest_title(3) == "3 questions are waiting for an answer"


@pytest.mark.parametrize("what", Resolution)
def test_every_outcome_has_words(what: Resolution) -> None:
    """What came of it is said as a category, never as a story."""
    assert wording.resolved_as(what, "10:42") == f"Resolved: {wording.resolution(what)}, 10:42."
