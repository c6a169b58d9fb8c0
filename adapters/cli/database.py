"""`signpost db`: looks after the database."""

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime

import click

from adapters.cli import escalation_speech as speech
from adapters.cli.session import Session
from adapters.cli.speech import json_text
from adapters.upkeep import purged, upgraded

_EXAMPLES = """
\b
Examples:
  signpost db upgrade                  after installing a new Signpost
  signpost db purge --dry-run          what would be erased
  signpost db purge                    once a day, from cron or a timer
"""


@click.group(epilog=_EXAMPLES)
def db() -> None:
    """Look after the database: bring it up to date, erase what has been kept for long enough."""


@db.command()
@click.pass_obj
def upgrade(session: Session) -> None:
    """Bring the database to what this Signpost needs. Run twice, it changes nothing.

    The server does the same when it starts. Take a copy first: there is no way back.
    """
    before, after = asyncio.run(upgraded(session.settings))
    click.echo(speech.upgraded(before, after))


@db.command()
@click.option("--dry-run", is_flag=True, help="Count only; erase nothing.")
@click.option("--format", "as_format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def purge(session: Session, dry_run: bool, as_format: str) -> None:
    """Erase what has been kept for long enough, from the tables and from the files.

    Words go 30 days after an escalation was resolved; the escalation, its log and the names go after a year. Open ones
    stay whole. It may run beside the server; where another program holds the database for too long it says so, and must
    be run again. Copies of the database are yours to delete.
    """
    counted = asyncio.run(purged(session.settings, datetime.now(UTC), rehearse=dry_run))
    if as_format == "json":
        click.echo(json_text(asdict(counted) | {"dry_run": dry_run}, indent=2))
    else:
        click.echo(speech.purged(asdict(counted), dry_run=dry_run))
