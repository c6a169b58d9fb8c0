"""Brings a database to the present tables, from the migrations inside the package."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from adapters.storage.engine import Database
from bot.escalation.errors import StoreError

_MIGRATIONS = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 0x5349474E  # "SIGN"


async def upgrade(database: Database) -> None:
    """Run the migrations that are missing, in one transaction. Raises StoreError."""
    async with database.writing(takes_long=True) as connection:
        if not database.is_sqlite:
            # Two replicas that start together: the second waits, and then finds nothing left to do.
            await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
        try:
            await connection.run_sync(_run)
        except CommandError:
            raise StoreError("the database was made by a newer Signpost; install that one") from None


def _run(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
