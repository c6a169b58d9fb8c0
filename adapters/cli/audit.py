"""`signpost audit`: checks that nobody has changed the log."""

import asyncio
import sys

import click

from adapters.cli import escalation_speech as speech
from adapters.cli.session import Session
from adapters.cli.speech import json_text
from adapters.settings import Settings
from adapters.upkeep import existing_store


@click.group()
def audit() -> None:
    """Check the log of what happened to each escalation."""


@audit.command()
@click.option("--format", "as_format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def verify(session: Session, as_format: str) -> None:
    """Look for events that were changed, moved, added or taken out. Exit code 1 if there are any."""
    sys.exit(asyncio.run(_verified(session.settings, as_format)))


async def _verified(settings: Settings, as_format: str) -> int:
    async with existing_store(settings) as store:
        report = await store.verify()
    if as_format == "json":
        whole = {
            "sound": report.is_sound,
            "chains": report.chains,
            "events": report.events,
            "digest": report.digest,
            "faults": list(report.faults),
        }
        click.echo(json_text(whole, indent=2))
    else:
        click.echo(speech.verified(report.chains, report.events, report.digest, report.faults))
    return 0 if report.is_sound else 1
