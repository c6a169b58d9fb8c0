"""`signpost doctor`: names what is misconfigured, and how to mend it."""

import errno
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

import bot
from adapters.bootstrap import sentence_encoder_identity
from adapters.cli.doctor_store import look_at_routes, look_at_store
from adapters.cli.session import Session
from adapters.cli.speech import json_text
from adapters.errors import AdapterError, EncoderError
from adapters.findings import Finding, as_line
from adapters.settings import exposed_secrets, mail_faults
from adapters.slack_doctor import look_at_slack
from adapters.teams_doctor import look_at_teams
from knowledge.errors import KnowledgeError
from knowledge.faults import errors_of


@click.command()
@click.option("--format", "as_format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def doctor(session: Session, as_format: str) -> None:
    """Look the installation over. Exit code 1 if anything must be mended."""
    findings = list(dict.fromkeys(finding for look in _LOOKS for finding in _looked(look, session)))
    if as_format == "json":
        click.echo(json_text([{"ok": good, "found": text} for good, text in findings], indent=2))
    else:
        click.echo("\n".join(as_line(good, text) for good, text in findings))
    sys.exit(0 if all(good for good, _ in findings) else 1)


def _looked(look: Callable[[Session], Iterator[Finding]], session: Session) -> Iterator[Finding]:
    """Look at one thing; a file that may not be read is a finding like any other, and the rest is looked at too."""
    try:
        yield from look(session)
    except OSError as error:
        yield False, f"{error.filename} cannot be used ({error.strerror}); let the user who runs Signpost do so"


def _python(_session: Session) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield sys.version_info >= (3, 11), f"Python {version} (3.11 or newer is needed)"


def _package(_session: Session) -> Iterator[Finding]:
    """Another distribution may claim the name `bot` in the same environment (style.md, section 5)."""
    ours = any((Path(folder) / "wording.py").is_file() for folder in bot.__path__)
    yield (
        ours,
        "the packages are Signpost's own" if ours else "another program shares the name: use its own environment",
    )


def _settings(session: Session) -> Iterator[Finding]:
    try:
        state = session.settings.state
    except AdapterError as error:
        yield False, str(error)
        return
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = state / ".probe"
        probe.write_text("", encoding="utf-8")
        probe.unlink()
        yield True, f"state folder {state} can be written"
    except OSError as error:
        yield False, f"the state folder cannot be written ({error.strerror}); set SIGNPOST_STATE to one that can"


def _encoder(_session: Session) -> Iterator[Finding]:
    try:
        yield True, f"sentence encoder {sentence_encoder_identity()}"
    except EncoderError as error:
        yield False, str(error)


def _knowledge(session: Session) -> Iterator[Finding]:
    try:
        folder, default = session.folder, session.settings.default_school
    except AdapterError:
        return
    there = folder.school_ids()
    if not there:
        yield False, f"there are no schools in {folder.schools}; make one with `signpost kb new DIR ID`"
    if default and default not in there:
        yield False, f'default_school is "{default}", which is no school here; the schools are: {", ".join(there)}'
    try:
        found = session.packs
    except KnowledgeError as error:
        yield False, str(error)
        return
    for loaded in found:
        errors = errors_of(loaded.faults)
        more = f" (`signpost kb check` lists all {len(errors)})" if len(errors) > 1 else ""
        yield not errors, f"school {loaded.id}" + (f": {errors[0]}{more}" if errors else "")


def _port(session: Session) -> Iterator[Finding]:
    """Look at the port that the server would take: that of the listener with a chat, that of the try-out without."""
    try:
        settings = session.settings
    except AdapterError:
        return
    host, port, other = "127.0.0.1", settings.port, "--port"
    if settings.slack_mode or settings.teams_mode:
        host, port, other = settings.listen_host, settings.listen_port, "listen_host or listen_port"
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            yield True, f"port {port} is free"
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            yield True, f"port {port} is in use: a server runs already, or choose another with {other}"
        else:
            yield False, f"{host}, port {port} cannot be listened on ({os.strerror(error.errno or 0)}); mend {other}"


def _mail(session: Session) -> Iterator[Finding]:
    try:
        settings = session.settings
    except AdapterError:
        return
    faults = mail_faults(settings)
    yield from ((False, fault) for fault in faults)
    if settings.smtp_host and not faults:
        yield True, f"mail goes out through {settings.smtp_host}:{settings.smtp_port} ({settings.smtp_tls})"


def _chats(session: Session) -> Iterator[Finding]:
    try:
        settings, found = session.settings, session.packs
    except (AdapterError, KnowledgeError):
        return
    schools, unread = [loaded.school for loaded in found if loaded.school], [one.id for one in found if not one.school]
    yield from look_at_slack(settings, schools, unread)
    yield from look_at_teams(settings, schools, unread)


def _secrets(_session: Session) -> Iterator[Finding]:
    for name in exposed_secrets():
        yield False, f'the file in {name} can be read by everybody on this computer; mend it with: chmod 600 "${name}"'


_LOOKS: tuple[Callable[[Session], Iterator[Finding]], ...] = (
    _python,
    _package,
    _settings,
    _encoder,
    _knowledge,
    _port,
    _mail,
    _chats,
    _secrets,
    look_at_store,
    look_at_routes,
)
