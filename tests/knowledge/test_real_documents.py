"""The five real policies, where they lie beside the checkout: numbers only, their words stay theirs."""

from collections import Counter
from pathlib import Path

import pytest

from knowledge.documents.folding import digest, fold
from knowledge.documents.reader import read_document
from knowledge.locators import resolve
from knowledge.model import Document, Locator
from tests.knowledge.builders import texts

POLICIES = Path(__file__).resolve().parents[3] / "shared" / "policies"

# Passages in all, with a lead-in, and of each kind. Packs hold the digests of these passages: a change here is a
# change to every pack.
COUNTS = {
    "buckminster": (108, 11, {"heading": 10, "sentence": 79, "bullet": 19}),
    "esafety-2018": (55, 6, {"heading": 4, "sentence": 39, "bullet": 6, "row": 6}),
    "mill-strand": (100, 32, {"heading": 11, "sentence": 52, "bullet": 37}),
    "milton-keynes": (53, 7, {"heading": 8, "sentence": 24, "bullet": 21}),
    "pear-tree": (99, 40, {"heading": 12, "sentence": 42, "bullet": 45}),
}
LONGEST = 1_500
SIGNS = "·•▪‣◦●■□*§\uf0b7"

if not POLICIES.is_dir():
    pytest.skip("the five policies are not beside this checkout", allow_module_level=True)


@pytest.fixture(params=COUNTS, ids=str)
def name(request: pytest.FixtureRequest) -> str:
    """Name each of the five in turn."""
    return str(request.param)


@pytest.fixture
def policy(name: str) -> Document:
    """Read the policy of that name."""
    return read_document(f"{name}.txt", (POLICIES / f"{name}.txt").read_bytes())


def test_counts_of_passages(policy: Document, name: str) -> None:
    """Each policy has as many passages of each kind as when its clauses were written."""
    kinds = Counter(passage.kind.value for passage in policy.passages)
    led_in = sum(1 for passage in policy.passages if passage.lead_in)
    assert (len(policy.passages), led_in, dict(kinds)) == COUNTS[name]


def test_numbers_run_from_one(policy: Document) -> None:
    """Passages are numbered 1 to n."""
    assert [passage.number for passage in policy.passages] == list(range(1, len(policy.passages) + 1))


def test_no_passage_is_too_long_to_quote(policy: Document) -> None:
    """No passage is longer than a reply can show."""
    assert max(map(len, texts(policy.passages))) <= LONGEST


def test_no_sign_is_left_in_front(policy: Document) -> None:
    """No passage begins with a bullet sign, or with white space."""
    assert [text for text in texts(policy.passages) if text[0] in SIGNS or text != text.strip()] == []


def test_no_leftover_of_word_is_left(policy: Document) -> None:
    """What Word left behind is gone."""
    assert [text for text in texts(policy.passages) if "[bookmark" in text] == []


def test_every_letter_is_kept(policy: Document, name: str) -> None:
    """The letters of the file are those of the passages, but for printed numbers and repeats."""
    raw = (POLICIES / f"{name}.txt").read_text(encoding="utf-8-sig").replace("[bookmark: _GoBack]", "")
    kept = "".join(letter for letter in "".join(texts(policy.passages)) if letter.isalpha())
    assert kept == "".join(letter for letter in raw if letter.isalpha())


def test_every_passage_is_found_by_its_own_digest(policy: Document) -> None:
    """A locator of each passage resolves to a passage of the same wording."""
    for passage in policy.passages:
        resolved = resolve(policy, Locator((passage.number,), digest([passage.text])), "")
        assert [fold(found.text) for found in resolved.passages] == [fold(passage.text)]


def test_header_fields_are_found_where_there_are_any(policy: Document, name: str) -> None:
    """One of the five has a version table, of six rows; the others have none."""
    assert len(policy.metadata) == len(policy.metadata_passages) == (6 if name == "esafety-2018" else 0)
