"""The clause about the policy itself."""

import pytest

from knowledge.about import ABOUT_TOPIC, about_clause, spoken_date
from knowledge.model import Party, Policy, Stance
from tests.knowledge.builders import document

WHOLE = Policy(
    "phones",
    "Phones policy",
    (),
    version="2.1",
    issued="2026-09-01",
    approved_by="The governors",
    owner="The deputy head",
    review_due="2027-02",
    applies_to=(Party.STAFF, Party.GOVERNOR, Party.VOLUNTEER),
)


def test_about_clause_says_what_the_header_says() -> None:
    """A full header is told whole, with dates as people say them and the parties in the plural."""
    assert about_clause(WHOLE).says == (
        'This is the "Phones policy", version 2.1, issued 1 September 2026. '
        "It was approved by: The governors. It is looked after by: The deputy head. "
        "Its review is due: February 2027. It applies to: staff, governors, volunteers."
    )


def test_about_clause_says_what_the_header_leaves_out() -> None:
    """An empty header is told as such: what a policy does not say is an answer too."""
    assert about_clause(Policy("phones", "Phones policy", ())).says == (
        'This is the "Phones policy". It applies to: staff. It does not say which version it is, when it was issued, '
        "who approved it, who looks after it or when it is due for review."
    )


def test_one_thing_left_out_is_told_alone() -> None:
    """A single gap needs no list."""
    found = about_clause(Policy("a", "A", (), version="1", issued="2026-09", approved_by="x", owner="y"))
    assert found.says.endswith("It does not say when it is due for review.")


def test_about_clause_is_information_under_a_reserved_id() -> None:
    """The clause has the policy's id with -about, informs, and belongs to its own topic."""
    found = about_clause(WHOLE)
    assert (found.id, found.stance, found.topics, found.locator) == ("phones-about", Stance.INFO, (ABOUT_TOPIC,), None)
    assert found.applies_to == WHOLE.applies_to


def test_about_clause_quotes_the_header_of_the_document() -> None:
    """Where the document prints a header, its rows are the quote; otherwise there is none."""
    header = document("Phones\n\nVersion\t2.1\nOwner\tThe head\n\nStaff must ask first.\n")
    bare = document("Staff must ask first.\n")
    assert about_clause(Policy("a", "A", (), document=header)).quote == "Version | 2.1\nOwner | The head"
    assert about_clause(Policy("a", "A", (), document=bare)).quote is None
    assert about_clause(WHOLE).quote is None


@pytest.mark.parametrize(
    ("date", "spoken"),
    [("2021-02", "February 2021"), ("2026-09-01", "1 September 2026"), ("2026-12-31", "31 December 2026")],
)
def test_dates_are_said_as_people_say_them(date: str, spoken: str) -> None:
    """A month stands alone, a day is said without its zero."""
    assert spoken_date(date) == spoken
