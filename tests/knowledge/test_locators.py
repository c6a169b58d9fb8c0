"""Finding the passages a locator means, and cutting the quote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents.folding import digest, fold
from knowledge.locators import cut_quote, digest_at, nearest, resolve, uncovered
from knowledge.model import Document, Locator, Passage, PassageKind
from tests.knowledge.builders import DOCUMENT, document, texts

PHONES = document(DOCUMENT)


def _numbers(passages: tuple[Passage, ...]) -> list[int]:
    return [passage.number for passage in passages]


def _document(lines: list[str]) -> Document:
    return Document("a.txt", tuple(Passage(n, PassageKind.SENTENCE, line) for n, line in enumerate(lines, start=1)))


def _locator(found: Document, *numbers: int) -> Locator:
    return Locator(numbers, digest_at(found, numbers))


def test_digest_of_passages_is_that_of_their_texts() -> None:
    """The digest at some numbers is the digest of the passages there; where one is missing there is none."""
    assert digest_at(PHONES, [5, 6]) == digest(["Phones stay in the locker all day.", "Ask the office for a key."])
    assert digest_at(PHONES, [6, 7]) is None


def test_locator_is_resolved_by_its_digest() -> None:
    """The digest decides; the numbers may be wrong."""
    key = digest(["Ask the office for a key."])
    assert _numbers(resolve(PHONES, Locator((2,), key), "").passages) == [6]


def test_equal_digests_are_told_apart_by_the_nearest_number() -> None:
    """Real documents repeat themselves: the passage nearest to the number is meant, the earlier of two as near."""
    found = _document(["Ask first.", "Wait.", "Ask first.", "Wait.", "Ask first."])
    meant = {number: resolve(found, Locator((number,), digest(["Ask first."])), "").passages for number in (1, 2, 4, 9)}
    assert {number: _numbers(passages) for number, passages in meant.items()} == {1: [1], 2: [1], 4: [3], 9: [5]}


def test_adjacent_passages_are_found_together() -> None:
    """A locator of several passages finds them as a run, wherever it moved."""
    locator = _locator(PHONES, 5, 6)
    moved = document(f"Aims\n\nStaff are careful with what they are given.\n{DOCUMENT}")
    assert _numbers(resolve(moved, locator, "").passages) == [7, 8]


def test_other_signs_do_not_unsettle_a_locator() -> None:
    """A re-typed document with other quotation marks, dashes and numbers resolves as before."""
    locator = Locator((1,), digest(["1. Staff don’t lend “phones” – ever."]))
    assert resolve(document('Staff don\'t lend "phones" - ever.'), locator, "").passages


def test_changed_wording_is_not_found_and_the_nearest_is_named() -> None:
    """One changed word unsettles the locator; the passage most like the clause's own words is named."""
    changed = document(DOCUMENT.replace("locker all day", "locker at all times"))
    resolved = resolve(changed, _locator(PHONES, 5), "Phones stay in the locker.")
    assert resolved.passages == ()
    assert resolved.nearest == changed.passage(5)


def test_run_longer_than_the_document_is_not_found() -> None:
    """A locator of more passages than there are is simply not found."""
    assert resolve(_document(["Ask first."]), Locator((1, 2), "0" * 12), "Ask").passages == ()


def test_locator_without_a_digest_goes_by_its_numbers() -> None:
    """Without a digest the numbers decide; a number that is not there is not found."""
    assert _numbers(resolve(PHONES, Locator((3, 4)), "").passages) == [3, 4]
    gone = resolve(PHONES, Locator((6, 7)), "a key from the office")
    assert (gone.passages, gone.nearest) == ((), PHONES.passage(6))


def test_nearest_looks_at_rules_only() -> None:
    """Headings and bare stems are never the nearest passage; in a document of nothing else there is none."""
    assert nearest(PHONES, "Phones") != PHONES.passage(1)
    assert nearest(document("Phones\n\nStaff must not:"), "Phones") is None


def test_quote_of_a_sentence_is_its_text() -> None:
    """A passage without a lead-in is quoted as it stands."""
    assert cut_quote(PHONES, PHONES.passages[4:6]) == "Phones stay in the locker all day.\nAsk the office for a key."


def test_quote_of_a_bullet_begins_with_its_stem() -> None:
    """A bullet is quoted with the stem that forbids it, a line each."""
    assert cut_quote(PHONES, PHONES.passages[2:3]) == "Staff must not:\nuse a phone in a lesson;"


def test_quote_of_two_bullets_has_the_stem_once() -> None:
    """Two bullets of one list share their stem; a stem that is quoted itself is not said twice."""
    stem = "Staff must not:\nuse a phone in a lesson;"
    assert cut_quote(PHONES, PHONES.passages[2:4]) == f"{stem}\nlend a phone to a pupil."
    assert cut_quote(PHONES, PHONES.passages[1:3]) == stem


def test_quote_of_an_inner_bullet_has_every_stem() -> None:
    """A nested bullet is quoted with all its stems, outermost first."""
    nested = document("Staff must not:\n1. share, for example:\n· a name;\n")
    assert cut_quote(nested, nested.passages[2:]) == "Staff must not:\nshare, for example:\na name;"


def test_quote_of_nothing_is_empty() -> None:
    """No passages, no words."""
    assert cut_quote(PHONES, ()) == ""


def test_quote_is_always_cut_from_the_document() -> None:
    """Every line of a quote is a passage of the document, letter for letter: Signpost cannot misquote."""
    for start in range(len(PHONES.passages)):
        quote = cut_quote(PHONES, PHONES.passages[start : start + 3])
        assert set(quote.split("\n")) <= set(texts(PHONES.passages))


def test_uncovered_passages_are_the_rules_without_a_clause() -> None:
    """Headings and stems need no clause; what a clause covers, and the stem it depends on, is done."""
    assert [passage.number for passage in uncovered(PHONES, ())] == [3, 4, 5, 6]
    assert [passage.number for passage in uncovered(PHONES, [3, 5])] == [4, 6]
    assert uncovered(PHONES, range(1, 7)) == []


def test_contents_lists_need_no_clause() -> None:
    """The lines of a contents list are no rules."""
    assert uncovered(document("Contents\nAims ...... 3\nPhones ...... 4\n"), ()) == []


LINES = st.lists(st.sampled_from(["Ask first.", "Wait.", "Tell the office.", "Then act."]), min_size=1, max_size=8)


@given(LINES, LINES, st.data())
def test_locator_survives_passages_inserted_before_it(lines: list[str], before: list[str], data: st.DataObject) -> None:
    """A clause's quote stays the same when a new edition puts passages in front."""
    count = data.draw(st.integers(1, min(3, len(lines))))
    start = data.draw(st.integers(1, len(lines) - count + 1))
    old, new = _document(lines), _document([*before, *lines])
    locator = _locator(old, *range(start, start + count))
    assert texts(resolve(new, locator, "").passages) == lines[start - 1 : start - 1 + count]


@given(LINES, st.integers(1, 9))
def test_every_passage_is_found_by_its_own_locator(lines: list[str], number: int) -> None:
    """In an unchanged document a locator comes out exactly where it points."""
    found = _document(lines)
    number = min(number, len(lines))
    assert _numbers(resolve(found, _locator(found, number), "").passages) == [number]


@pytest.mark.parametrize("says", ["", "· ", "zzz"])
def test_nearest_copes_with_any_words(says: str) -> None:
    """A clause whose own words are like nothing at all still gets an answer or none, never an error."""
    assert fold(says) == "" or nearest(PHONES, says) is not None
    assert nearest(_document([]), says) is None
