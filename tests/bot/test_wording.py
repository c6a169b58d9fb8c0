"""What Signpost says: verdicts, names of people, and where a clause stands."""

from dataclasses import replace

import pytest

from bot import wording
from knowledge.model import Clause, Contact, Party, Stance
from tests.bot.builders import (
    AT_BREAK,
    CHAT,
    CONDUCT,
    FAMILY,
    FRIENDS,
    HEAD,
    OFFICIAL,
    OWN_SLIP,
    PARENTS,
    PHONES,
    PUPIL_PHONES,
    SCOPE,
    VISITOR_PICTURES,
)


@pytest.mark.parametrize(
    ("clause", "verdict"),
    [
        (FRIENDS, "Not allowed: being friends with a pupil on social media"),
        (OWN_SLIP, "Required: telling the headteacher about a slip of your own"),
        (PARENTS, "Advised against: being friends with a parent on social media"),
        (OFFICIAL, "Advised: writing to parents from your school email"),
        (FAMILY, "Only if the headteacher knows: being in touch online with a pupil of your own family"),
        (CHAT, "Allowed: joining or leaving a staff group chat"),
        (SCOPE, "Good to know: the policy is for all staff and governors"),
        (PUPIL_PHONES, "Pupils: not allowed: bringing a phone to school"),
        (VISITOR_PICTURES, "Parents and visitors: only if the office has said yes: taking pictures at sports day"),
    ],
    ids=lambda value: value.id if isinstance(value, Clause) else "",
)
def test_a_verdict_is_its_label_and_its_act(clause: Clause, verdict: str) -> None:
    """Every stance has its label, and a rule for others than staff names them first."""
    assert wording.verdict(clause) == verdict


@pytest.mark.parametrize("stance", Stance)
def test_every_stance_has_a_verdict(stance: Stance) -> None:
    """No stance is left without words."""
    clause = replace(FRIENDS, stance=stance, only_if="the head says yes")
    assert wording.verdict(clause).endswith(f": {clause.act}")


@pytest.mark.parametrize("clause", [AT_BREAK, FRIENDS, FAMILY], ids=lambda clause: clause.id)
def test_ask_first_stands_in_place_of_any_label(clause: Clause) -> None:
    """Where two rules pull apart, the verdict says neither yes nor no."""
    assert wording.verdict(clause, ask_first=True) == f"Ask first: {clause.act}"


def test_ask_first_still_names_the_others() -> None:
    """A rule for pupils in a tension names the pupils."""
    assert wording.verdict(PUPIL_PHONES, ask_first=True) == "Pupils: ask first: bringing a phone to school"


def test_a_rule_for_nobody_in_particular_is_for_staff() -> None:
    """A clause that lists no party reads as one for the asker, in its verdict and as an option."""
    clause = replace(FRIENDS, applies_to=())
    assert wording.verdict(clause) == "Not allowed: being friends with a pupil on social media"
    assert wording.option_label(clause) == "Being friends with a pupil on social media"


@pytest.mark.parametrize(
    ("listed", "named"),
    [
        ([Party.PUPIL], "pupils"),
        ([Party.PARENT, Party.VISITOR], "parents and visitors"),
        ([Party.STAFF, Party.GOVERNOR, Party.VOLUNTEER], "staff, governors and volunteers"),
    ],
)
def test_parties_are_listed_as_people_say_them(listed: list[Party], named: str) -> None:
    """Commas between, "and" before the last."""
    assert wording.parties(listed) == named


def test_an_option_does_not_give_the_answer_away() -> None:
    """An option says what a clause is about and whom it is for, without its verdict."""
    assert wording.option_label(CHAT) == "Joining or leaving a staff group chat"
    assert wording.option_label(PUPIL_PHONES) == "Pupils: bringing a phone to school"


@pytest.mark.parametrize(
    ("contact", "name"),
    [
        (HEAD, "Mrs A. Example, Headteacher"),
        (Contact("headteacher", "Headteacher"), "your headteacher"),
        (Contact("chair-of-governors", "Chair of governors"), "your chair of governors"),
        (Contact("dsl", "Designated Safeguarding Lead"), "your Designated Safeguarding Lead"),
        (Contact("lado", "LADO"), "your LADO"),
        (Contact("it-support", "IT support"), "your IT support"),
    ],
    ids=["holder", "no holder", "lower case", "proper name", "initials", "initials first"],
)
def test_a_contact_without_a_holder_is_yours(contact: Contact, name: str) -> None:
    """Where the school has not said who holds a role, it is "your headteacher"; names and initials stay capital."""
    assert wording.contact_name(contact) == name


def test_a_clause_stands_in_a_section_of_a_version_of_a_policy() -> None:
    """The place names section, title and, where there is one, the version."""
    assert wording.clause_place(FRIENDS, CONDUCT) == "Contact with pupils (Conduct Policy, version 2.1)"
    assert wording.clause_place(AT_BREAK, PHONES) == "Phones (Phone Policy)"


def test_an_overdue_policy_is_named_with_its_month() -> None:
    """The notice names policy and month and tells what to do about it."""
    notice = wording.review_overdue(PHONES, "February 2021")
    assert notice == 'The "Phone Policy" was due for review in February 2021. Check that it is still in force.'


def test_a_school_that_is_not_here_is_told_which_are() -> None:
    """The text lists the schools in order, or says that there are none."""
    assert wording.unknown_school("x", ["b", "a"]) == 'There is no school "x" here. The schools here are: a, b.'
    assert wording.unknown_school("x", []).endswith("The schools here are: none.")


def test_a_question_that_is_too_long_is_told_by_how_much() -> None:
    """The text gives both numbers, and says whom to tell: nobody has read what it holds."""
    text = wording.question_too_long(2_001, 2_000, "Designated Safeguarding Lead (DSL)")
    assert "2,001 characters; at most 2,000" in text
    assert "tell your Designated Safeguarding Lead in person now" in text
    assert "999" in text


def test_of_a_long_concern_it_is_said_how_much_was_taken() -> None:
    """Its writer must tell the rest themselves."""
    text = wording.only_the_beginning(2_000)
    assert text == "Only the first 2,000 characters of your message were taken. Tell the rest in person."


def test_too_much_text_for_the_try_out_still_says_whom_to_tell() -> None:
    """A disclosure may be in it."""
    assert "whoever leads on safeguarding" in wording.TRYOUT_TOO_LARGE
    assert "999" in wording.TRYOUT_TOO_LARGE


def test_a_broken_try_out_still_says_whom_to_tell() -> None:
    """Even a failure names a person and carries the number of the error."""
    text = wording.tryout_broke("E42")
    assert "headteacher" in text
    assert "whoever leads on safeguarding" in text
    assert "E42" in text


def test_no_match_neither_forbids_nor_allows() -> None:
    """Silence of the policy is no permission, and a person is offered."""
    assert "does not mean it is allowed" in wording.NO_MATCH
    assert "Ask the person below" in wording.NO_MATCH


def test_the_offer_says_that_nobody_has_been_told() -> None:
    """While nothing is sent, the reply must not let anyone believe that it was."""
    assert wording.OFFER_NOTICE.startswith("Nobody has been told yet.")
