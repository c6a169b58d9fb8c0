"""Reading a document of any known format."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents.reader import MAX_BYTES, SUFFIXES, read_document
from knowledge.errors import DocumentError, KnowledgeError
from knowledge.model import PassageKind
from tests.knowledge.builders import document, texts, word

SENTENCE = "Staff must ask before they post."


@pytest.mark.parametrize("name", ["phones.txt", "phones.TXT", "phones.md", "a.b.Md"])
def test_ending_decides_the_format(name: str) -> None:
    """The ending of the name decides how a text is read, in any case."""
    assert texts(document(SENTENCE, name).passages) == [SENTENCE]


def test_word_document_is_read_by_its_ending() -> None:
    """A .docx is read as a Word document, whatever the case of its ending."""
    content = word(lambda made: made.add_paragraph(SENTENCE))
    assert texts(read_document("phones.DOCX", content).passages, PassageKind.SENTENCE) == [SENTENCE]


def test_formats_that_are_read_are_known() -> None:
    """The endings that are read are those the attaching and the loader look for."""
    assert SUFFIXES == (".docx", ".md", ".txt")


@pytest.mark.parametrize("name", ["phones.pdf", "phones.doc", "phones", ".txt", "phones.txt.zip"])
def test_other_endings_are_refused(name: str) -> None:
    """A format that is not read is refused with those that are."""
    with pytest.raises(DocumentError) as refused:
        document(SENTENCE, name)
    assert str(refused.value) == f"{name} is not a document Signpost can read. It reads .docx, .md, .txt."


def test_text_that_is_not_utf8_is_refused() -> None:
    """Text in another encoding is refused with what to do, not misread."""
    with pytest.raises(DocumentError) as refused:
        read_document("phones.txt", "Café staff ask.".encode("latin-1"))
    assert str(refused.value) == "phones.txt is not UTF-8 text. Save it as UTF-8, or as .docx."


def test_byte_order_mark_is_welcome() -> None:
    """A byte order mark, as Windows writes it, is no part of the first passage."""
    assert texts(document(f"\ufeff{SENTENCE}").passages) == [SENTENCE]


@pytest.mark.parametrize("name", ["phones.txt", "phones.md"])
def test_document_without_text_is_refused(name: str) -> None:
    """An empty document, such as a scan, is refused with what to do."""
    with pytest.raises(DocumentError) as refused:
        document(" \n\n", name)
    assert str(refused.value) == (f"{name} holds no text. If it is a scan, save it from the program it was written in.")


def test_word_document_without_text_is_refused() -> None:
    """A .docx of nothing but pictures is refused the same way."""
    with pytest.raises(DocumentError, match="holds no text"):
        read_document("phones.docx", word(lambda made: made.add_paragraph("")))


def test_too_large_a_document_is_refused() -> None:
    """RS-61: a document over the cap is refused before it is read."""
    with pytest.raises(DocumentError) as refused:
        read_document("phones.txt", b"a" * (MAX_BYTES + 1))
    assert str(refused.value) == ("phones.txt has 20,000,001 bytes; a policy document has at most 20,000,000.")


MARKS = st.text(alphabet="#*-_`|>[]()!~=+1.) \n\tabA&<·:;o", max_size=120)


@given(MARKS | st.text(max_size=120), st.sampled_from(["a.txt", "a.md"]))
def test_any_text_is_read_or_refused(text: str, name: str) -> None:
    """RS-66: any text gives numbered passages with words in them, or is refused in words because it holds none."""
    with contextlib.suppress(DocumentError):
        passages = document(text, name).passages
        assert [passage.number for passage in passages] == list(range(1, len(passages) + 1))
        assert all(passage.text.strip() for passage in passages)


def test_refusals_are_faults_of_knowledge() -> None:
    """All that can go wrong with a document can be caught in one place."""
    assert issubclass(DocumentError, KnowledgeError)
