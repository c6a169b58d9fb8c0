"""`signpost escalations`: what was passed on to people, and where it stands. Never words, never names."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

import click

from adapters.cli import escalation_speech as speech
from adapters.cli.escalation_figures import Figures, Summary, as_csv, as_objects, figures, summaries
from adapters.cli.session import Session
from adapters.cli.speech import json_text
from adapters.upkeep import existing_store
from bot.errors import UnknownSchoolError
from bot.escalation import wording
from bot.escalation.hours import LONDON, local_date
from bot.escalation.model import QUESTION, Escalation
from bot.escalation.ports import Store, Wanted
from knowledge.errors import KnowledgeError
from knowledge.loader import load_catalogue

_EXAMPLES = """
\b
Examples:
  signpost escalations list                       what is open, urgent first, then the oldest
  signpost escalations show K7-QMX4
  signpost escalations export --summary --from 2026-09-01 --output autumn.csv
"""
_FORMAT = click.option("--format", "as_format", type=click.Choice(["text", "json"]), default="text", show_default=True)
_SCHOOL = click.option("--school", metavar="ID", help="Only this school's.")
_DATE = click.DateTime(["%Y-%m-%d"])


@click.group(epilog=_EXAMPLES)
def escalations() -> None:
    """See what was passed on to people and where it stands: roles, states and times, never words or names."""


@escalations.command("list")
@_SCHOOL
@click.option("--all", "whole", is_flag=True, help="Resolved ones too.")
@_FORMAT
@click.pass_obj
def list_them(session: Session, school: str | None, whole: bool, as_format: str) -> None:
    """List the open escalations: urgent ones first, then the oldest."""
    now = datetime.now(UTC)
    found = asyncio.run(_listed(session, Wanted(school=school, open_only=not whole)))
    _refuse_unknown(session, school, found)
    titles = _titles(session)
    if as_format == "json":
        click.echo(json_text([speech.as_json(one, titles, now) for one in found], indent=2))
    else:
        click.echo(speech.list_text(found, titles, now, open_only=not whole))


@escalations.command()
@click.argument("reference")
@_FORMAT
@click.pass_obj
def show(session: Session, reference: str, as_format: str) -> None:
    """Tell what has happened to one escalation, and what was sent to whom, as roles. No words, no names."""
    asyncio.run(_show(session, reference.strip().upper(), as_format))


@escalations.command()
@_SCHOOL
@click.option("--from", "first", type=_DATE, metavar="DATE", help="Opened on this day or later (YYYY-MM-DD).")
@click.option("--to", "last", type=_DATE, metavar="DATE", help="Opened on this day or earlier.")
@click.option("--summary", "summed", is_flag=True, help="Counts and times for each school and category.")
@click.option("--format", "as_format", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write to this file.")
@click.pass_obj
def export(  # noqa: PLR0913, PLR0917 - an argument for each option, as click calls it
    session: Session,
    school: str | None,
    first: datetime | None,
    last: datetime | None,
    summed: bool,
    as_format: str,
    output: Path | None,
) -> None:
    """Write figures for governors: one row an escalation, or with --summary one row a school and category.

    There are no names, no words, no references and no keys that stand for people. In a small school a single row can
    still point to a person, so give out the summary rather than the rows. Minutes count from the opening; the summary
    has the median, and the time within which nine in ten came so far (p90). An escalation counts as acknowledged when
    somebody first took it.
    """
    if first and last and first > last:
        raise click.UsageError("--from is later than --to.")
    rows = asyncio.run(_figures(session, school, first.date() if first else None, last.date() if last else None))
    written = _written(rows, as_format, summed=summed)
    if output is None:
        click.echo(written, nl=False)
        return
    output.write_text(written, encoding="utf-8", newline="")
    click.echo(f"{output} was written, from {len(rows)} escalations.", err=True)


async def _listed(session: Session, wanted: Wanted) -> Sequence[Escalation]:
    async with existing_store(session.settings) as store:
        return await store.escalations(wanted)


async def _show(session: Session, reference: str, as_format: str) -> None:
    async with existing_store(session.settings) as store:
        one = await store.by_reference(reference)
        if one is None:
            raise click.UsageError(f"There is no escalation {reference}. Those resolved more than a year ago are gone.")
        events, sent = await store.events(one.id), await store.deliveries(one.id)
    titles, now = _titles(session), datetime.now(UTC)
    if as_format == "json":
        click.echo(json_text(speech.story_json(one, titles, events, sent, now), indent=2))
    else:
        click.echo(speech.story_text(one, titles.get(one.category, one.category), events, sent, now))


async def _figures(session: Session, school: str | None, first: date | None, last: date | None) -> list[Figures]:
    since = datetime.combine(first, time(), LONDON).astimezone(UTC) if first else None
    async with existing_store(session.settings) as store:
        found = await store.escalations(Wanted(school=school, since=since))
        _refuse_unknown(session, school, found)
        wanted = [one for one in found if last is None or local_date(one.opened_at) <= last]
        return [await _figures_of(store, one) for one in sorted(wanted, key=lambda one: (one.opened_at, one.id))]


async def _figures_of(store: Store, one: Escalation) -> Figures:
    return figures(one, await store.events(one.id))


def _written(rows: Sequence[Figures], as_format: str, *, summed: bool) -> str:
    shown: Sequence[Figures | Summary] = summaries(rows) if summed else rows
    if as_format == "json":
        return f"{json_text(as_objects(shown), indent=2)}\n"
    return as_csv(Summary if summed else Figures, shown)


def _refuse_unknown(session: Session, school: str | None, found: Sequence[Escalation]) -> None:
    """A mistyped school would look like one without escalations; one that is no longer served may have some."""
    known = session.folder.school_ids()
    if school is not None and not found and school not in known:
        raise UnknownSchoolError(school, known)


def _titles(session: Session) -> Mapping[str, str]:
    """Return what the categories are called; a catalogue that cannot be read keeps nobody from what is open."""
    try:
        kinds = load_catalogue(session.folder).concerns
    except KnowledgeError:
        kinds = ()
    return {QUESTION: wording.QUESTION_TITLE} | {kind.id: kind.title for kind in kinds}
