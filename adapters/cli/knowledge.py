"""`signpost kb ...`: looking after the knowledge."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from adapters.bootstrap import socket_path, view_of
from adapters.cli import kb_speech
from adapters.cli.session import Session
from adapters.cli.speech import json_text
from adapters.control import call_server
from adapters.errors import ControlError
from adapters.reloading import status_of
from bot.errors import UnknownSchoolError
from bot.question_set import Asked, run_question_set
from knowledge.attach import Attached, attach, documents_in, refuse_installed
from knowledge.coverage import coverage_of
from knowledge.errors import DocumentError, PackError
from knowledge.faults import errors_of
from knowledge.loader import Loaded, load_catalogue, load_schools
from knowledge.model import School
from knowledge.scaffold import new_school
from knowledge.schema import is_id

_FORMAT = click.option("--format", "as_format", type=click.Choice(["text", "json"]), default="text", show_default=True)


@click.group()
def kb() -> None:
    """Look after the knowledge: start a school, check it, attach documents, reload."""


@kb.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("school_id", metavar="ID")
def new(folder: Path, school_id: str) -> None:
    """Make a folder to start your own school in: signpost kb new my-schools hillside."""
    if not is_id(school_id):
        raise click.UsageError(kb_speech.bad_id(school_id))
    files = new_school(folder, school_id)
    click.echo(kb_speech.made(folder, school_id, files))


@kb.command()
@click.argument("school_id", required=False, metavar="[SCHOOL]")
@_FORMAT
@click.pass_obj
def check(session: Session, school_id: str | None, as_format: str) -> None:
    """Check the packs: every fault with file, line, what was found, what was expected, how to mend it.

    Exit code 1 if anything must be mended; warnings leave it at 0.
    """
    try:
        loaded = _load(session, school_id)
    except PackError as broken:
        loaded = [Loaded("catalogue", None, broken.faults, "")]
    if as_format == "json":
        _print_json([{"school": one.id, "faults": [fault.as_dict() for fault in one.faults]} for one in loaded])
    else:
        click.echo(kb_speech.check_text(loaded))
    sys.exit(1 if any(errors_of(one.faults) for one in loaded) else 0)


@kb.command()
@click.argument("school_id", required=False, metavar="[SCHOOL]")
@_FORMAT
@click.pass_obj
def test(session: Session, school_id: str | None, as_format: str) -> None:
    """Ask every school's question set (questions.yaml). Exit code 1 if a question fails."""
    loaded = _load(session, school_id)
    broken = [one for one in loaded if one.school is None]
    if broken:
        click.echo(kb_speech.check_text(broken), err=True)
    # Not the views in force: a school whose question set fails has none.
    signpost = session.signpost
    decider, clock = signpost.service.decider, signpost.service.clock
    results: dict[str, list[Asked]] = {}
    for school in (one.school for one in loaded if one.school):
        results[school.id] = list(run_question_set(school, view_of(school, signpost.shared), decider, clock.today()))
    if as_format == "json":
        _print_json([kb_speech.asked_as_json(name, asked) for name, rows in results.items() for asked in rows])
    else:
        click.echo(kb_speech.test_text(results))
    sys.exit(1 if broken or any(asked.failed for rows in results.values() for asked in rows) else 0)


@kb.command()
@click.argument("school_id", metavar="SCHOOL")
@_FORMAT
@click.pass_obj
def coverage(session: Session, school_id: str, as_format: str) -> None:
    """List the passages no clause covers, each with the locator line to paste. Exit code 1 if there are any."""
    coverages = coverage_of(_school(session, school_id))
    if as_format == "json":
        _print_json([kb_speech.coverage_as_json(one) for one in coverages])
    else:
        click.echo(kb_speech.coverage_text(school_id, coverages))
    sys.exit(1 if any(one.missing or not one.has_document for one in coverages) else 0)


@kb.command("attach")
@click.argument("school_id", required=False, metavar="SCHOOL")
@click.argument("document", required=False, type=click.Path(path_type=Path), metavar="FILE")
@click.option("--policy", metavar="ID", help="Which policy, where the school has several.")
@click.option("--all", "folder", type=click.Path(path_type=Path), metavar="FOLDER", help="File names are school ids.")
@_FORMAT
@click.pass_obj
def attach_command(
    session: Session,
    school_id: str | None,
    document: Path | None,
    policy: str | None,
    folder: Path | None,
    as_format: str,
) -> None:
    """Put a school's own document beside its policy, so that answers quote it.

    Lists the clauses whose wording is not in it, with the nearest passage; exit code 1 if there are any.
    """
    if folder is not None and school_id is None:
        _report_attached(*_attach_all(session, folder, policy), as_format)
    elif school_id is not None and document is not None and folder is None:
        _report_attached([attach(session.folder, _school(session, school_id), document, policy)], {}, as_format)
    else:
        raise click.UsageError("Give SCHOOL and FILE, or --all FOLDER: signpost kb attach hillside policy.docx")


def _attach_all(session: Session, folder: Path, policy: str | None) -> tuple[list[Attached], dict[str, str]]:
    """Attach every document of a folder; one that cannot be attached is left with the reason, and stops no other."""
    refuse_installed(session.folder)
    loaded = {one.id: one for one in _load(session, None)}
    done: list[Attached] = []
    left: dict[str, str] = {}
    for path in documents_in(folder):
        one = loaded.get(path.stem)
        if one is None or one.school is None:
            left[path.name] = kb_speech.PACK_IS_BROKEN if one else kb_speech.NO_SUCH_SCHOOL
            continue
        try:
            done.append(attach(session.folder, one.school, path, policy))
        except DocumentError as refused:
            left[path.name] = str(refused)
    return done, left


def _report_attached(done: Sequence[Attached], left: Mapping[str, str], as_format: str) -> None:
    if as_format == "json":
        _print_json(
            [*map(kb_speech.attached_as_json, done), *({"document": name, "left": why} for name, why in left.items())]
        )
    else:
        click.echo(kb_speech.attached_text(done, left))
    refused = set(left.values()) - {kb_speech.NO_SUCH_SCHOOL}
    sys.exit(1 if not done or refused or any(one.unmatched for one in done) else 0)


@kb.command()
@_FORMAT
@click.pass_obj
def reload(session: Session, as_format: str) -> None:
    """Tell the running server to take the packs as they are now. Exit code 1 if one was not taken."""
    answer = asyncio.run(call_server(socket_path(session.settings.state), "POST", "/reload"))
    _report_status(answer, as_format)


@kb.command()
@_FORMAT
@click.pass_obj
def status(session: Session, as_format: str) -> None:
    """Show what the running server serves; where none runs, what the packs would give."""
    try:
        answer = asyncio.run(call_server(socket_path(session.settings.state), "GET", "/status"))
    except ControlError as none:
        click.echo(f"{none} Reading the packs instead.", err=True)
        answer = status_of(session.signpost)
    _report_status(answer, as_format)


def _report_status(answer: dict[str, Any], as_format: str) -> None:
    if as_format == "json":
        _print_json(answer)
    else:
        click.echo(kb_speech.status_text(answer))
    sys.exit(0 if all(school["last_reload_ok"] for school in answer["schools"]) else 1)


def _load(session: Session, school_id: str | None) -> list[Loaded]:
    folder = session.folder
    catalogue = load_catalogue(folder)
    topics = frozenset(topic.id for topic in catalogue.topics)
    categories = frozenset(kind.id for kind in catalogue.concerns)
    if school_id is not None and school_id not in folder.school_ids():
        raise UnknownSchoolError(school_id, folder.school_ids())
    loaded = list(load_schools(folder, topics, categories))
    return [one for one in loaded if school_id in {None, one.id}]


def _school(session: Session, school_id: str) -> School:
    loaded = _load(session, school_id)[0]
    if loaded.school is None:
        click.echo(kb_speech.check_text([loaded]), err=True)
        sys.exit(1)
    return loaded.school


def _print_json(value: Any) -> None:
    click.echo(json_text(value, indent=2))
