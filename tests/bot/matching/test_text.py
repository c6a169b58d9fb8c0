"""Cutting text into words and stems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.text import stem, stems, words


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
