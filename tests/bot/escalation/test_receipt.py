"""The asker's receipt: true states, and whom to phone."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

import pytest

from bot.escalation import wording
from bot.escalation.lifecycle import acknowledged, answered, passed_on, reopened, replied, resolved, seen
from bot.escalation.model import Address, Escalation, Resolution, State
from bot.escalation.receipt import Receipt, receipt, whom_to_phone
from knowledge.model import Contact, Reach, School
from tests.bot.escalation.builders import (
    DAY,
    DEPUTY,
    DEPUTY_INBOX,
    DSL,
    DSL_INBOX,
    EVENING,
    HEAD_INBOX,
    HOUR,
    MINUTE,
    PLACE,
    SCHOOL,
    TUESDAY_8,
    moment,
    question,
    recorded,
    taken,
    waiting,
)
from tests.escalation_fakes import MONDAY

SATURDAY = MONDAY + 5 * DAY


def read(one: Escalation, after: timedelta = timedelta(), school: School = SCHOOL) -> Receipt:
    """Return the receipt as the asker reads it so long after opening."""
    return receipt(one, school, "A child may be at risk of harm", MONDAY + after)


def school_with(*contacts: Contact) -> School:
    """Return the school with some contacts changed."""
    return replace(SCHOOL, contacts=MappingProxyType({**SCHOOL.contacts, **{one.role: one for one in contacts}}))


def test_recorded_is_all_that_is_said_before_it_arrived() -> None:
    """For half a minute it is on its way."""
    found = read(recorded(), timedelta(seconds=29))
    assert found.lines == ("Recorded, 10:00.",)
    assert found.warning == wording.RECORDED


@pytest.mark.parametrize("after", [timedelta(seconds=30), 5 * MINUTE, 14 * MINUTE])
def test_after_half_a_minute_the_asker_is_told_that_it_reached_nobody(after: timedelta) -> None:
    """They are asked to tell the person themselves, and whom to phone (RS-54)."""
    found = read(recorded(), after)
    assert found.warning == wording.NOT_DELIVERED
    assert [one.role for one in found.phone] == ["school-office"]


def test_delivered_says_when() -> None:
    """No warning: it has reached the place."""
    found = read(waiting(delivered_at=MONDAY + MINUTE), 2 * MINUTE)
    assert found.lines == ("Recorded, 10:00.", "Delivered, 10:01.")
    assert found.warning is None


@pytest.mark.parametrize("one", [recorded(), waiting()], ids=["recorded", "delivered"])
def test_at_fifteen_minutes_nobody_has_seen_it(one: Escalation) -> None:
    """The asker reads that, and the number of the office."""
    found = read(one, 15 * MINUTE)
    assert found.warning == wording.NOT_SEEN
    assert [one.role for one in found.phone] == ["school-office"]


def test_seen_names_the_role_and_the_time() -> None:
    """Once somebody has opened the words the warning goes."""
    one = seen(waiting(), DSL, None, moment(MONDAY + 7 * MINUTE)).after
    found = read(one, 20 * MINUTE)
    assert found.lines[-1] == "Seen by the Designated Safeguarding Lead, 10:07."
    assert found.seen_by == ("dsl",)
    assert found.warning is None


def test_taken_names_the_role_and_the_time() -> None:
    """Nobody need be phoned any more."""
    found = read(taken(), 20 * MINUTE)
    assert found.lines[-1] == "Taken by the Designated Safeguarding Lead, 10:05."
    assert (found.warning, found.phone) == (None, ())


def test_taken_is_not_seen() -> None:
    """Whoever took it from the card has not opened the words."""
    one = acknowledged(waiting(), DSL, None, moment(MONDAY + MINUTE)).after
    assert read(one, 2 * MINUTE).seen_by == ()
    assert not any(line.startswith("Seen") for line in read(one, 2 * MINUTE).lines)


def test_passed_on_names_the_role_that_has_yet_to_take_it() -> None:
    """After 15 minutes more the asker is warned again, in words that fit."""
    known = seen(waiting(), DSL, None, moment()).after
    one = passed_on(known, DSL, DEPUTY_INBOX, None, moment(MONDAY + 10 * MINUTE)).after
    assert (
        read(one, 11 * MINUTE).lines[-1]
        == "Passed on to the Deputy Designated Safeguarding Lead, who has not taken it yet."
    )
    assert read(one, 20 * MINUTE).warning is None
    assert read(one, 25 * MINUTE).warning == wording.NOT_TAKEN


def test_resolved_says_what_came_of_it_and_no_story() -> None:
    """The category, and when."""
    one = resolved(taken(), DSL, Resolution.REFERRED, None, moment(MONDAY + 2 * HOUR)).after
    found = read(one, 3 * HOUR)
    assert found.lines[-1] == "Resolved: passed to an outside body, 12:00."
    assert found.warning is None


def test_opened_again_says_when() -> None:
    """It waits to be taken once more."""
    closed = resolved(taken(), DSL, Resolution.HANDLED, None, moment(MONDAY + HOUR)).after
    one = reopened(closed, DSL, None, moment(MONDAY + 2 * HOUR)).after
    assert read(one, 2 * HOUR).lines == ("Recorded, 10:00.", "Delivered, 10:00.", "Opened again, 12:00.")


@pytest.mark.parametrize("urgent", [True, False])
def test_opened_again_says_that_nobody_has_it_and_whom_to_phone(urgent: bool) -> None:
    """Whether the school or the asker opened it, until a role has looked at it again."""
    closed = resolved(taken(urgent=urgent), DSL, Resolution.HANDLED, None, moment(MONDAY + HOUR)).after
    at = moment(MONDAY + 2 * HOUR)
    for one in (reopened(closed, DSL, None, at).after, answered(closed, "more", [DSL_INBOX], at).after):
        found = read(one, 2 * HOUR)
        assert found.warning == wording.OPEN_AGAIN
        assert [contact.role for contact in found.phone] == ["school-office"]
        assert read(seen(one, DSL, None, at).after, 2 * HOUR).warning is None


def test_a_question_that_is_open_again_names_nobody_to_phone() -> None:
    """It is no concern: that it is open again stands in its story."""
    closed = resolved(question(), DSL, Resolution.ANSWERED, None, moment(MONDAY + HOUR)).after
    found = read(answered(closed, "more", [HEAD_INBOX], moment(MONDAY + 2 * HOUR)).after, 2 * HOUR)
    assert (found.lines[-1], found.warning, found.phone) == ("Opened again, 12:00.", None, ())


@pytest.mark.parametrize(
    "one",
    [
        passed_on(waiting(), DSL, DEPUTY_INBOX, None, moment()).after,
        passed_on(taken(), DSL, DEPUTY_INBOX, None, moment()).after,
        reopened(resolved(waiting(), DSL, Resolution.HANDLED, None, moment()).after, DSL, None, moment()).after,
        passed_on(replied(waiting(), DSL, "words", None, moment()).after, DSL, DEPUTY_INBOX, None, moment()).after,
    ],
    ids=["passed on", "taken", "resolved", "answered"],
)
def test_what_somebody_has_touched_is_never_called_unseen(one: Escalation) -> None:
    """Whoever took, passed on, answered or resolved it without opening the words knows of it all the same."""
    assert one.seen == ()
    assert read(one, 15 * MINUTE).warning == wording.NOT_TAKEN


def test_the_story_is_told_oldest_first() -> None:
    """Whoever opened it after they had taken it is listed after that; an answer stands where it was given."""
    opened = seen(taken(), DEPUTY, None, moment(MONDAY + 7 * MINUTE)).after
    one = replied(opened, DEPUTY, "words", None, moment(MONDAY + 9 * MINUTE)).after
    closed = resolved(one, DSL, Resolution.HANDLED, None, moment(MONDAY + HOUR)).after
    assert read(closed, HOUR).lines[2:] == (
        "Taken by the Designated Safeguarding Lead, 10:05.",
        "Seen by the Deputy Designated Safeguarding Lead, 10:07.",
        "Answered by the Deputy Designated Safeguarding Lead, 10:09.",
        "Resolved: dealt with in school, 11:00.",
    )


def test_a_role_that_opened_it_twice_is_listed_once() -> None:
    """Its two times stand in the story."""
    closed = resolved(seen(taken(), DSL, None, moment()).after, DSL, Resolution.HANDLED, None, moment()).after
    one = seen(reopened(closed, DSL, None, moment(MONDAY + HOUR)).after, DSL, None, moment(MONDAY + 2 * HOUR)).after
    assert read(one, 3 * HOUR).seen_by == ("dsl",)


# ---- Out of hours --------------------------------------------------------------------------------------------------


def calm_at_night() -> Escalation:
    """Return one that is not urgent, opened in the evening."""
    return recorded(urgent=False, opened_at=EVENING, waiting_since=EVENING)


def test_what_waits_for_the_morning_says_so() -> None:
    """With the day, and the number for the night."""
    found = receipt(calm_at_night(), SCHOOL, "title", EVENING + HOUR)
    assert found.warning == wording.due_at("Tue 24 Nov, 08:00")
    assert [one.role for one in found.phone] == ["out-of-hours"]


def test_in_the_morning_it_is_on_its_way_like_any_other() -> None:
    """And where it does not arrive, the asker is told, in the evening too."""
    assert receipt(calm_at_night(), SCHOOL, "title", TUESDAY_8).warning == wording.RECORDED
    for late in (TUESDAY_8 + MINUTE, TUESDAY_8 + 12 * HOUR):
        assert receipt(calm_at_night(), SCHOOL, "title", late).warning == wording.NOT_DELIVERED


@pytest.mark.parametrize(
    ("now", "role"),
    [
        (MONDAY, "school-office"),
        (MONDAY.replace(hour=8, minute=0), "school-office"),
        (MONDAY.replace(hour=16, minute=0), "out-of-hours"),
        (EVENING, "out-of-hours"),
        (SATURDAY, "out-of-hours"),
    ],
)
def test_whom_to_phone_depends_on_the_hour(now: datetime, role: str) -> None:
    """The office while the school is open, the out-of-hours team otherwise."""
    assert [one.role for one in whom_to_phone(SCHOOL, now)] == [role]


def test_an_office_without_a_telephone_is_not_to_be_phoned() -> None:
    """The out-of-hours team is named instead; where nobody has a number, nobody is named."""
    mute = Contact("school-office", "School office", "Front desk", (Reach("room", "Room 1"),))
    silent = Contact("out-of-hours", "Out-of-hours team")
    assert [one.role for one in whom_to_phone(school_with(mute), MONDAY)] == ["out-of-hours"]
    assert whom_to_phone(school_with(mute, silent), MONDAY) == ()


def test_nobody_is_phoned_about_a_question() -> None:
    """It is no concern, and nothing is urgent."""
    found = read(question(), 8 * HOUR)
    assert (found.phone, found.warning) == ((), None)


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ((HEAD_INBOX,), "It is for the Headteacher."),
        ((HEAD_INBOX, DSL_INBOX), "It is for the Headteacher and the Designated Safeguarding Lead."),
        ((PLACE,), wording.IS_FOR_PLACE),
    ],
)
def test_a_question_says_whom_it_is_for(told: tuple[Address, ...], line: str) -> None:
    """By their role, as far as it is known; of a place, that those who answer questions read it."""
    assert read(question(told=told)).lines == ("Recorded, 10:00.", line, "Delivered, 10:00.")
    assert not [line for line in read(waiting()).lines if line.startswith("It is for")]


def test_of_a_question_nobody_need_be_told() -> None:
    """While it is on its way nothing more is asked of whoever put it; where it does not arrive they may ask."""
    one = question(state=State.RECORDED, delivered_at=None, cards=())
    assert read(one).warning == wording.QUESTION_RECORDED
    assert read(one, MINUTE).warning == wording.QUESTION_NOT_DELIVERED
    for found in (read(one), read(one, MINUTE)):
        assert "ell the person" not in (found.warning or "")
