"""The comparison of wordings, and the digest every locator carries."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents.folding import FOLDED, digest, fold

# The test vector of the pack format, as the documentation prints it: another reader of packs must come to the same.
VECTOR = ("• Staff must\u00a0not accept “friend” requests — from pupils.", "4.2  Tell the Headteacher’s office.")
VECTOR_FOLDED = 'Staff must not accept "friend" requests - from pupils.\nTell the Headteacher\'s office.'
VECTOR_DIGEST = "cd1e35857563"


def test_digest_of_the_test_vector() -> None:
    """The digest is the first 12 hex digits of the SHA-256 of the folded passages, joined by a newline."""
    assert "\n".join(fold(text) for text in VECTOR) == VECTOR_FOLDED
    assert digest(VECTOR) == hashlib.sha256(VECTOR_FOLDED.encode()).hexdigest()[:12] == VECTOR_DIGEST


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("‘Friends’ aren‟t pupils", "'Friends' aren't pupils"),
        ("“friends” „here“ «there»", '"friends" "here" "there"'),
        ("9–5 — every day − always", "9-5 - every day - always"),
        ("10\u00a0am\u2009to\u202f3\u2007pm", "10 am to 3 pm"),
        ("soft\u00adware in\u200bvisible \ufeff", "software invisible"),
        ("  several \t kinds\n of space ", "several kinds of space"),
        ("cafe\u0301", "café"),
        ("e\u200b\u0301", "é"),
    ],
)
def test_signs_are_folded_by_the_printed_table(typed: str, folded: str) -> None:
    """Quotation marks, dashes, spaces and what cannot be seen compare equal, however a program wrote them."""
    assert fold(typed) == folded


@pytest.mark.parametrize(
    "front",
    ["· ", "• ", "▪ ", "* ", "§ ", "\uf0b7 ", "- ", "– ", "1. ", "18.", "2) ", "4.2 ", "1.1.1 ", "10.2. ", "• 3. "],
)
def test_sign_in_front_does_not_count(front: str) -> None:
    """A bullet sign or printed number in front of a passage does not count, whatever its shape."""
    assert fold(f"{front}Staff must ask.") == "Staff must ask."


@pytest.mark.parametrize("text", ["2026 is the year", "999 is the number", "-5 degrees", "Ask - then act", "STAFF ask"])
def test_everything_else_counts(text: str) -> None:
    """Numbers that are words, hyphens inside, case and punctuation count."""
    assert fold(text) == text
    assert fold(text) != fold(text.swapcase())


def test_table_maps_each_sign_once() -> None:
    """No sign stands in two rows of the table, and no row maps to a sign another row folds away."""
    signs = "".join(FOLDED.values())
    assert len(set(signs)) == len(signs)
    assert not set(FOLDED) & set(signs)


@given(st.text() | st.text(alphabet="·•-–*§1234.) aé\u0301\u200b\u00a0“`A\u00ad\u1fef\n\t"))
def test_folding_is_idempotent(text: str) -> None:
    """What is folded already does not change, so a quote that was copied out of a reply still compares."""
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_folded_text_is_one_line_without_signs(text: str) -> None:
    """Folding leaves single spaces, none at the ends, and none of the signs the table takes away."""
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert not set(folded) & set("".join(FOLDED.values()))


@given(st.lists(st.text()))
def test_digest_is_twelve_hex_digits(texts: list[str]) -> None:
    """A digest is 12 hex digits in lower case, whatever the passages."""
    assert re.fullmatch("[0-9a-f]{12}", digest(texts))


@given(st.text(min_size=1), st.text(min_size=1))
def test_digest_tells_wordings_apart(one: str, other: str) -> None:
    """Passages have one digest exactly where they fold to the same text."""
    assert (digest([one]) == digest([other])) == (fold(one) == fold(other))


def test_several_passages_are_told_from_one() -> None:
    """Two passages and the same words in one passage have different digests."""
    assert digest(["Ask first.", "Then act."]) != digest(["Ask first. Then act."])
