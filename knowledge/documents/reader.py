"""Reads a policy document of any known format into passages."""

from pathlib import PurePath

from knowledge.documents.blocks import Block
from knowledge.documents.markdown import read_markdown
from knowledge.documents.metadata import find_metadata
from knowledge.documents.passages import cut_passages
from knowledge.documents.plain import read_plain
from knowledge.documents.word import read_word
from knowledge.errors import DocumentError
from knowledge.model import Document

SUFFIXES = (".docx", ".md", ".txt")
MAX_BYTES = 20_000_000


def read_document(name: str, content: bytes) -> Document:
    """Read the bytes of a document; `name` decides the format by its ending.

    Raises DocumentError for another ending, a file over 20 MB, text that is not UTF-8, or one with no text at all.
    """
    if len(content) > MAX_BYTES:
        raise DocumentError(f"{name} has {len(content):,} bytes; a policy document has at most {MAX_BYTES:,}.")
    passages = cut_passages(_blocks(name, content))
    if not passages:
        raise DocumentError(f"{name} holds no text. If it is a scan, save it from the program it was written in.")
    metadata, numbers = find_metadata(passages)
    return Document(name, passages, metadata, numbers)


def _blocks(name: str, content: bytes) -> list[Block]:
    suffix = PurePath(name).suffix.lower()
    if suffix == ".docx":
        return read_word(name, content)
    if suffix not in SUFFIXES:
        raise DocumentError(f"{name} is not a document Signpost can read. It reads {', '.join(SUFFIXES)}.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{name} is not UTF-8 text. Save it as UTF-8, or as .docx.") from error
    return read_markdown(text) if suffix == ".md" else read_plain(text)
