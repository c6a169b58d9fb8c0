"""Triage: which words are an unmistakable sign, which category comes first, and what sign and sense come to."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import wording
from bot.matching.text import words
from bot.triage import (
    ANSWERED_AT,
    CERTAIN_AT,
    CONCERN_AT,
    MENTION_AT,
    SIGN_AT,
    SIGN_CERTAIN_AT,
    SIGN_MENTION_AT,
    Felt,
    SafetyFloor,
    Seen,
    judge,
    needs_safety_line,
)
from knowledge.model import Catalogue, ConcernKind, RouteName
from tests.bot.builders import BARE_CATALOGUE, CATALOGUE, CONTACT, DANGER, IMAGES

ADULT = replace(DANGER, id="adult-conduct", route=RouteName.STAFF)
DOUBT = replace(CONTACT, id="low-level", route=RouteName.STAFF)
LOST = replace(CONTACT, id="data-loss", route=RouteName.STAFF)
ABOUT_HEAD = replace(DANGER, id="head-conduct", route=RouteName.HEAD)
KINDS = (DANGER, IMAGES, CONTACT, ADULT, DOUBT, LOST, ABOUT_HEAD)
SIGN = Seen(DANGER, "certain", "a~knife")


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


def test_word_lists_are_met_one_by_one() -> None:
    """What a sign is made of is named wherever it stands, though no sign comes of it."""
    floor = SafetyFloor(CATALOGUE)
    assert {"{someone}", "pupil", "knife"} <= set(floor.met(words("we have a knife, a pupil said")))
    assert floor.see(words("we have a knife, a pupil said")) is None
    assert list(floor.elements) == list(dict.fromkeys(floor.elements))


def test_a_catalogue_without_signs_sees_nothing() -> None:
    """An empty floor is quiet."""
    assert _category("pupil has a knife", BARE_CATALOGUE) is None


# ---- Sign and sense together -----------------------------------------------------------------------------------------


def _felt(chance: float, *shares: tuple[ConcernKind, float], names_adult: bool = True) -> Felt:
    """Return what the sense makes of a message: danger alone, unless said otherwise; other categories have no share."""
    given_shares = dict.fromkeys((kind.id for kind in KINDS), 0.0) | {
        kind.id: share for kind, share in shares or ((DANGER, 1.0),)
    }
    return Felt(chance, tuple((kind, given_shares[kind.id]) for kind in KINDS), names_adult)


def _sign_of(kind: ConcernKind) -> Seen:
    return replace(SIGN, kind=kind)


def _judged(sign: Seen | None, felt: Felt) -> Seen:
    seen = judge(sign, felt)
    assert seen is not None
    return seen


def test_without_a_sense_a_sign_is_enough() -> None:
    """Signpost without examples keeps its floor: a sign is certain, and nothing else is anything."""
    assert judge(SIGN, None) == SIGN
    assert judge(None, None) is None
    assert not needs_safety_line(SIGN, None)


def test_a_sign_takes_less_than_none() -> None:
    """With a sign, then without one, then where a rule answers: each takes a surer sense."""
    assert SIGN_AT < CONCERN_AT < ANSWERED_AT
    assert judge(SIGN, _felt(SIGN_AT))
    assert not judge(SIGN, _felt(SIGN_AT - 0.01))
    assert judge(None, _felt(CONCERN_AT))
    assert not judge(None, _felt(CONCERN_AT - 0.01))
    assert judge(None, _felt(ANSWERED_AT), answered=True)
    assert not judge(None, _felt(ANSWERED_AT - 0.01), answered=True)


def test_a_rule_does_not_quieten_a_sign() -> None:
    """A sign that the sense shares is a concern, whether or not a rule answers."""
    assert judge(SIGN, _felt(SIGN_AT), answered=True) == judge(SIGN, _felt(SIGN_AT))


def test_a_concern_names_its_sign_or_the_whole_message() -> None:
    """What is given as the reason is what was seen."""
    assert _judged(SIGN, _felt(0.5)).sign == SIGN.sign
    assert _judged(None, _felt(0.5)).sign == wording.WHOLE_MESSAGE


def test_a_concern_becomes_certain_higher_up() -> None:
    """With a sign sooner than without one."""
    assert SIGN_CERTAIN_AT < CERTAIN_AT
    for sign, least in ((SIGN, SIGN_CERTAIN_AT), (None, CERTAIN_AT)):
        assert _judged(sign, _felt(least)).certainty == "certain"
        assert _judged(sign, _felt(least - 0.01)).certainty == "possible"


@pytest.mark.parametrize("sign", [SIGN, None], ids=["sign", "no sign"])
@pytest.mark.parametrize("other", [ADULT, ABOUT_HEAD], ids=lambda kind: kind.id)
def test_what_may_be_about_a_colleague_is_never_sent_to_the_dsl_unasked(sign: Seen | None, other: ConcernKind) -> None:
    """However live: while a third of it may be about a colleague it is only possible, or goes past the DSL."""
    seen = _judged(sign, _felt(1.0, (DANGER, 0.69), (other, 0.31)))
    assert seen.certainty == "possible" or seen.kind is other
    assert _judged(sign, _felt(1.0, (DANGER, 0.9), (other, 0.1))).certainty == "certain"


def test_without_a_sign_even_less_may_speak_for_others() -> None:
    """A fifth for another route leaves a sign certain, and the sense alone in doubt."""
    felt = _felt(1.0, (DANGER, 0.8), (ADULT, 0.2))
    assert (_judged(SIGN, felt).certainty, _judged(None, felt).certainty) == ("certain", "possible")


def test_a_concern_for_others_can_be_certain() -> None:
    """Nothing of it is sent unasked, so the doubt about its route does not count."""
    assert _judged(None, _felt(1.0, (ADULT, 0.6), (DANGER, 0.4))).certainty == "certain"


@pytest.mark.parametrize(
    ("shares", "kind"),
    [
        (((IMAGES, 0.6), (DANGER, 0.4)), IMAGES),
        (((IMAGES, 0.6), (ADULT, 0.4)), ADULT),
        (((IMAGES, 0.6), (ADULT, 0.18), (DOUBT, 0.22)), DOUBT),
        (((IMAGES, 0.7), (ADULT, 0.3)), IMAGES),
        (((IMAGES, 0.6), (LOST, 0.4)), IMAGES),
        (((ADULT, 0.65), (ABOUT_HEAD, 0.35)), ABOUT_HEAD),
        (((IMAGES, 0.75), (ABOUT_HEAD, 0.25)), IMAGES),
    ],
)
def test_what_may_be_about_an_adult_stays_away_from_that_adult(
    shares: tuple[tuple[ConcernKind, float], ...], kind: ConcernKind
) -> None:
    """About the headteacher before about another adult before the likeliest of all."""
    assert _judged(None, _felt(0.5, *shares)).kind is kind


@pytest.mark.parametrize(
    ("shares", "kind"),
    [
        (((IMAGES, 0.45), (DOUBT, 0.41), (LOST, 0.14)), IMAGES),
        (((IMAGES, 0.25), (CONTACT, 0.2), (DOUBT, 0.35), (LOST, 0.2)), IMAGES),
        (((IMAGES, 0.35), (DOUBT, 0.34), (LOST, 0.31)), IMAGES),
        (((IMAGES, 0.2), (DOUBT, 0.3), (LOST, 0.5)), LOST),
        (((IMAGES, 0.4), (DOUBT, 0.6)), DOUBT),
        (((IMAGES, 0.3), (ADULT, 0.25), (DOUBT, 0.2), (LOST, 0.25)), ADULT),
        (((IMAGES, 0.65), (ABOUT_HEAD, 0.35)), ABOUT_HEAD),
    ],
)
def test_an_unsure_worry_that_names_no_adult_is_about_a_child(
    shares: tuple[tuple[ConcernKind, float], ...], kind: ConcernKind
) -> None:
    """ "He looks sad" is not taken for a doubt about a colleague, unless more speaks for that than for a child."""
    assert _judged(None, _felt(0.5, *shares, names_adult=False)).kind is kind


@pytest.mark.parametrize(
    ("sign", "shares", "kind"),
    [
        (DANGER, ((IMAGES, 1.0),), DANGER),
        (DANGER, ((DANGER, 0.6), (ADULT, 0.4)), DANGER),
        (DANGER, ((DANGER, 0.4), (ADULT, 0.6)), ADULT),
        (DANGER, ((ABOUT_HEAD, 0.6), (ADULT, 0.4)), ABOUT_HEAD),
        (ADULT, ((DANGER, 1.0),), ADULT),
        (LOST, ((LOST, 0.4), (ADULT, 0.6)), LOST),
        (ADULT, ((DANGER, 0.4), (ABOUT_HEAD, 0.6)), ABOUT_HEAD),
        (ABOUT_HEAD, ((DANGER, 1.0),), ABOUT_HEAD),
    ],
)
def test_a_sign_names_the_category_unless_it_is_about_an_adult(
    sign: ConcernKind, shares: tuple[tuple[ConcernKind, float], ...], kind: ConcernKind
) -> None:
    """The sense goes against a sign only where most speaks for an adult, and never takes one back."""
    assert _judged(_sign_of(sign), _felt(0.9, *shares)).kind is kind


@given(
    st.sampled_from([None, *map(_sign_of, KINDS)]),
    st.floats(0, 1),
    st.lists(st.floats(0.01, 1), min_size=7, max_size=7),
    st.booleans(),
)
def test_what_is_certain_for_the_dsl_is_hardly_about_a_colleague(
    sign: Seen | None, chance: float, parts: list[float], names_adult: bool
) -> None:
    """Whatever sign and sense say: what can be sent to the DSL unasked is hardly about a colleague."""
    shares = ((kind, part / sum(parts)) for kind, part in zip(KINDS, parts, strict=True))
    felt = _felt(chance, *shares, names_adult=names_adult)
    seen = judge(sign, felt)
    if seen and seen.certainty == "certain" and seen.kind.route is RouteName.CHILD:
        assert felt.about_colleague <= 1 / 4
        assert chance >= SIGN_CERTAIN_AT


def test_whom_to_tell_is_said_long_before_it_is_a_concern() -> None:
    """A little doubt is enough, and less with a sign."""
    assert SIGN_MENTION_AT < MENTION_AT < CONCERN_AT
    assert needs_safety_line(None, _felt(MENTION_AT))
    assert not needs_safety_line(None, _felt(MENTION_AT - 0.01))
    assert needs_safety_line(SIGN, _felt(SIGN_MENTION_AT))
    assert not needs_safety_line(SIGN, _felt(SIGN_MENTION_AT - 0.01))
