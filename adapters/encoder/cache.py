"""Keeps vectors on disk, by text and by the encoder's weights, so that a start encodes only what is new."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path

import numpy as np

from bot.ports import Encoder, Vectors

_STEP = 128
_AT_ONCE = 500
_UNIT_TOLERANCE = 1e-3


class CachedEncoder:
    """An encoder that looks into a file before it encodes. Meant for the texts of the knowledge, not for questions.

    A cache that cannot be read or written is passed over: it only saves time. `progress` is called with how many of
    how many new texts are encoded.
    """

    def __init__(self, encoder: Encoder, path: Path, progress: Callable[[int, int], None]) -> None:
        self._encoder = encoder
        self._path = path
        self._progress = progress

    def identity(self) -> str:
        """Name the encoder behind the cache."""
        return self._encoder.identity()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of unit length for each text, from the file where it is known."""
        keys = [self._key(text) for text in texts]
        known = self._read(keys)
        missing = [number for number, key in enumerate(keys) if key not in known]
        fresh: dict[bytes, Vectors] = {}
        for start in range(0, len(missing), _STEP):
            numbers = missing[start : start + _STEP]
            vectors = self._encoder.encode([texts[number] for number in numbers])
            fresh.update((keys[number], vector) for number, vector in zip(numbers, vectors, strict=True))
            self._progress(min(start + _STEP, len(missing)), len(missing))
        self._write(fresh)
        known.update(fresh)
        return np.stack([known[key] for key in keys]) if keys else self._encoder.encode([])

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self.identity()}\0{text}".encode()).digest()

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        found: dict[bytes, Vectors] = {}
        try:
            with closing(self._connect()) as file:
                for chunk in _chunks(keys):
                    marks = ",".join("?" * len(chunk))
                    rows = file.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", chunk)  # noqa: S608
                    found.update((key, np.frombuffer(blob, dtype=np.float32)) for key, blob in rows if _is_sound(blob))
        except sqlite3.OperationalError:
            return {}
        except sqlite3.DatabaseError:
            self._discard()
            return {}
        return found

    def _discard(self) -> None:
        """Take a broken file away, so that the next start need not encode everything again."""
        with suppress(OSError):
            self._path.unlink()

    def _write(self, vectors: dict[bytes, Vectors]) -> None:
        if not vectors:
            return
        rows = [(key, vector.astype(np.float32).tobytes()) for key, vector in vectors.items()]
        try:
            with closing(self._connect()) as file, file:
                file.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        except sqlite3.Error:
            return

    def _connect(self) -> sqlite3.Connection:
        file = sqlite3.connect(self._path, timeout=5)
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")
        return file


def _is_sound(blob: object) -> bool:
    """Tell a vector of unit length from what a failing disk makes of it."""
    if not isinstance(blob, bytes) or len(blob) % np.dtype(np.float32).itemsize:
        return False
    return bool(abs(np.linalg.norm(np.frombuffer(blob, dtype=np.float32)) - 1) < _UNIT_TOLERANCE)


def _chunks(keys: Sequence[bytes]) -> Iterable[Sequence[bytes]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))
