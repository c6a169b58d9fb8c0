"""The safety floor: which words are an unmistakable sign, and which category comes first."""

from dataclasses import replace

import pytest

from bot.matching.text import words
from bot.triage import SafetyFloor
from knowledge.model import Catalogue
from tests.bot.builders import BARE_CATALOGUE, CATALOGUE, CONTACT, DANGER, IMAGES


def _category(text: str, catalogue: Catalogue = CATALOGUE) -> str | None:
    seen = SafetyFloor(catalogue).see(words(text))
    return seen.kind.id if seen else None


def _floor_with(*signs: str) -> Catalogue:
    return replace(CATALOGUE, concerns=(replace(DANGER, signs=signs),))


def test_a_sign_is_seen_wherever_it_stands() -> None:
    """Words before and after a sign do not hide it."""
    seen = SafetyFloor(CATALOGUE).see(words("Help!! I think a boy has a knife in the hall"))
    assert seen is not None
    assert (seen.kind, seen.certainty, seen.sign) == (DANGER, "certain", "{someone} {has} a~knife")


def test_plain_words_are_no_concern() -> None:
    """A policy question, and no words at all, leave the floor quiet."""
    assert _category("can I cut the cake with a knife") is None
    assert _category("") is None


@pytest.mark.parametrize("between", ["", "one", "one two", "one two three"])
def test_up_to_three_other_words_may_stand_between(between: str) -> None:
    """Neighbours of a sign may be three words apart."""
    assert _category(f"nude {between} of a pupil") == IMAGES.id


def test_four_other_words_break_a_sign() -> None:
    """Words far apart mean something else."""
    assert _category("nude one two three four of pupil") is None


def test_a_tilde_allows_no_word_between() -> None:
    """Words joined by "~" must stand side by side."""
    assert _category("she has gone missing") == DANGER.id
    assert _category("she has gone quite missing") is None


def test_a_tilde_may_have_spaces_around_it() -> None:
    """ "a ~ b" is "a~b"."""
    assert _category("red alert", _floor_with("red ~ alert")) == DANGER.id
    assert _category("red hot alert", _floor_with("red ~ alert")) is None


def test_the_words_of_a_sign_must_stand_in_order() -> None:
    """The same words the other way round are no sign."""
    assert _category("missing, then gone") is None


@pytest.mark.parametrize("someone", ["pupil", "a boy", "a girl in reception"])
def test_a_list_stands_for_any_of_its_entries(someone: str) -> None:
    """An entry may be one word or several."""
    assert _category(f"{someone} has a knife") == DANGER.id


def test_apostrophes_do_not_matter() -> None:
    """An entry with an apostrophe is met by either apostrophe, and by none."""
    for typed in ("hasn't got", "hasn’t got", "hasnt got"):
        assert _category(f"pupil {typed} a knife") == DANGER.id


def test_a_list_that_is_missing_is_never_met() -> None:
    """A sign over an unknown list sees nothing, and does no harm."""
    assert _category("pupil ghost", _floor_with("{nowhere} ghost")) is None


def test_the_most_pressing_category_comes_first() -> None:
    """Where two categories are seen, the catalogue's order decides, not the order of the words."""
    both = "pupil keeps messaging me and a boy has a knife"
    assert _category(both) == DANGER.id
    turned = replace(CATALOGUE, concerns=(CONTACT, IMAGES, DANGER))
    assert _category(both, turned) == CONTACT.id


def test_a_second_try_is_made_where_the_first_breaks_off() -> None:
    """A sign that begins twice is seen if either beginning leads to its end."""
    assert _category("nude drawings in art class and a nude of pupil") == IMAGES.id


def test_a_catalogue_without_signs_sees_nothing() -> None:
    """An empty floor is quiet."""
    assert _category("pupil has a knife", BARE_CATALOGUE) is None
