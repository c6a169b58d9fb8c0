"""Cutting text into words and stems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.text import stem, stems, with_words, words


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Can I text a pupil?", ["can", "i", "text", "a", "pupil"]),
        ("don't DON’T don‘t", ["dont", "dont", "dont"]),
        ("year-5's phone/tablet", ["year", "5s", "phone", "tablet"]),
        ("ring 999 now!!!", ["ring", "999", "now"]),
        ("'quoted'", ["quoted"]),
        ("??? 🙂 \n", []),
        ("", []),
    ],
)
def test_text_is_cut_into_lower_case_words(text: str, cut: list[str]) -> None:
    """Punctuation parts words, an apostrophe inside one does not."""
    assert words(text) == cut


@given(st.text())
def test_cutting_words_again_changes_nothing(text: str) -> None:
    """Words are stable: cut once or twice, they are the same."""
    cut = words(text)
    assert words(" ".join(cut)) == cut


def test_forms_of_a_word_share_a_stem() -> None:
    """Messages, messaging and messaged are one thing."""
    assert stem("messages") == stem("messaging") == stem("messaged")


def test_stop_words_have_no_stem() -> None:
    """Words that tell nothing are left out."""
    assert stems(["can", "i", "message", "the", "pupils"]) == [stem("message"), stem("pupil")]


def test_mended_words_stand_in_the_text_where_they_were_typed() -> None:
    """Case, punctuation and apostrophes of the other words stay as they were."""
    assert (
        with_words("Don’t ACCEPT a frend, ok?", ["dont", "accept", "a", "friend", "ok"]) == "Don't ACCEPT a friend, ok?"
    )


@given(st.text())
def test_putting_in_other_words_gives_those_words(text: str) -> None:
    """Cut again, the text has the words that were put in, and the same words change nothing but curly apostrophes."""
    others = [f"x{number}" for number, _ in enumerate(words(text))]
    assert words(with_words(text, others)) == others
    assert with_words(text, words(text)) == text.replace("’", "'").replace("‘", "'")
