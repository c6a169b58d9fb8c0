"""The cache of vectors: it saves time, and can be lost at any moment."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from adapters.encoder.cache import CachedEncoder
from bot.ports import Encoder
from tests.fakes import CountingEncoder

TEXTS = ["phone in class", "friend a parent", "post a photo"]


def cached(encoder: Encoder, path: Path) -> CachedEncoder:
    """Put a cache before an encoder."""
    return CachedEncoder(encoder, path, lambda done, total: None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a cache that knows the texts."""
    path = tmp_path / "vectors.sqlite"
    cached(CountingEncoder(), path).encode(TEXTS)
    return path


def damage(path: Path, statement: str, *values: object) -> None:
    """Change the file behind the cache's back."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(statement, values)


def test_a_second_run_encodes_nothing(file: Path) -> None:
    """What was encoded once is read, and is the same."""
    encoder = CountingEncoder()
    vectors = cached(encoder, file).encode(TEXTS)
    assert encoder.encoded == []
    assert np.array_equal(vectors, CountingEncoder().encode(TEXTS))


def test_only_new_texts_are_encoded(file: Path) -> None:
    """An edit costs what it adds, and the rows stand in the order of the texts."""
    encoder = CountingEncoder()
    vectors = cached(encoder, file).encode(["a new rule", *TEXTS])
    assert encoder.encoded == ["a new rule"]
    assert np.array_equal(vectors, CountingEncoder().encode(["a new rule", *TEXTS]))


def test_vectors_of_other_weights_are_not_used(file: Path) -> None:
    """Vectors of two encoders must never be compared, so each has its own."""
    encoder = CountingEncoder("lexical/2")
    cached(encoder, file).encode(TEXTS)
    assert encoder.encoded == TEXTS


def test_nothing_to_encode_is_an_empty_answer(file: Path) -> None:
    """No texts give no rows."""
    assert cached(CountingEncoder(), file).encode([]).shape == (0, 512)


def test_progress_goes_up_to_the_number_of_new_texts(file: Path) -> None:
    """Who waits sees how much is left; texts that are known do not count."""
    steps: list[tuple[int, int]] = []
    encoder = CachedEncoder(CountingEncoder(), file, lambda done, total: steps.append((done, total)))
    encoder.encode([*TEXTS, *(f"question {number}" for number in range(130))])
    assert steps == [(128, 130), (130, 130)]


def test_more_texts_than_one_look_up_takes_are_found(tmp_path: Path) -> None:
    """A thousand texts are read in several steps."""
    texts = [f"question {number}" for number in range(1_001)]
    cached(CountingEncoder(), tmp_path / "vectors.sqlite").encode(texts)
    again = CountingEncoder()
    cached(again, tmp_path / "vectors.sqlite").encode(texts)
    assert again.encoded == []


def test_a_missing_folder_is_survived(tmp_path: Path) -> None:
    """Where nothing can be kept, everything is encoded and answers come."""
    assert cached(CountingEncoder(), tmp_path / "gone" / "vectors.sqlite").encode(TEXTS).shape == (3, 512)


def test_a_corrupt_file_is_survived_and_made_anew(file: Path) -> None:
    """A file that is no cache any more costs one start, not every start."""
    file.write_bytes(b"this is not a database, whatever its name says" * 100)
    first, second = CountingEncoder(), CountingEncoder()
    cached(first, file).encode(TEXTS)
    cached(second, file).encode(TEXTS)
    assert (first.encoded, second.encoded) == (TEXTS, [])


def test_a_corrupt_file_that_cannot_be_taken_away_is_survived(tmp_path: Path) -> None:
    """A folder in the place of the file costs time and nothing else."""
    (tmp_path / "vectors.sqlite").mkdir()
    assert cached(CountingEncoder(), tmp_path / "vectors.sqlite").encode(TEXTS).shape == (3, 512)


def test_a_truncated_file_is_survived(file: Path) -> None:
    """Half a file, as a full disk leaves it, is no cache."""
    file.write_bytes(file.read_bytes()[:5_000])
    assert np.array_equal(cached(CountingEncoder(), file).encode(TEXTS), CountingEncoder().encode(TEXTS))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda vector: vector[:100],
        lambda vector: vector[:101],
        lambda vector: b"",
        lambda vector: b"\xff" * len(vector),
        lambda vector: "words",
    ],
    ids=["short", "odd", "empty", "not-a-number", "text"],
)
def test_a_spoilt_row_is_encoded_again(file: Path, spoil: Callable[[bytes], object]) -> None:
    """A row that is no vector of unit length is not believed."""
    with closing(sqlite3.connect(file)) as rows:
        [(key, vector)] = rows.execute("SELECT key, vector FROM vectors LIMIT 1").fetchall()
    damage(file, "UPDATE vectors SET vector = ? WHERE key = ?", spoil(vector), key)
    encoder = CountingEncoder()
    assert np.array_equal(cached(encoder, file).encode(TEXTS), CountingEncoder().encode(TEXTS))
    assert len(encoder.encoded) == 1
