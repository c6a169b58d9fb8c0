"""`signpost doctor`: names what is misconfigured, and how to mend it."""

import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

import bot
from adapters.cli.session import Session
from adapters.encoder.sentence import SentenceEncoder
from adapters.errors import AdapterError, EncoderError
from knowledge.errors import KnowledgeError
from knowledge.faults import errors_of
from knowledge.loader import load_catalogue, load_schools

Finding = tuple[bool, str]


@click.command()
@click.pass_obj
def doctor(session: Session) -> None:
    """Look the installation over. Exit code 1 if anything must be mended."""
    findings = [finding for look in _LOOKS for finding in look(session)]
    for good, text in findings:
        click.echo(f"{'ok  ' if good else 'MEND'}  {text}")
    sys.exit(0 if all(good for good, _ in findings) else 1)


def _python(_session: Session) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield sys.version_info >= (3, 11), f"Python {version} (3.11 or newer is needed)"


def _package(_session: Session) -> Iterator[Finding]:
    """Another distribution may claim the name `bot` in the same environment (style.md, section 5)."""
    ours = Path(bot.__file__ or "").with_name("wording.py").is_file()
    yield (
        ours,
        "the packages are Signpost's own" if ours else "another program shares the name: use its own environment",
    )


def _settings(session: Session) -> Iterator[Finding]:
    try:
        state = session.settings.state
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = state / ".probe"
        probe.write_text("", encoding="utf-8")
        probe.unlink()
        yield True, f"state folder {state} can be written"
    except AdapterError as error:
        yield False, str(error)
    except OSError as error:
        yield False, f"the state folder cannot be written ({error.strerror}); set SIGNPOST_STATE to one that can"


def _encoder(_session: Session) -> Iterator[Finding]:
    try:
        yield True, f"sentence encoder {SentenceEncoder().identity()}"
    except EncoderError as error:
        yield False, str(error)


def _knowledge(session: Session) -> Iterator[Finding]:
    try:
        topics = frozenset(topic.id for topic in load_catalogue(session.folder).topics)
        for loaded in load_schools(session.folder, topics):
            errors = len(errors_of(loaded.faults))
            yield not errors, f"school {loaded.id}" + (f": {errors} to mend; run `signpost kb check`" if errors else "")
    except (KnowledgeError, AdapterError) as error:
        yield False, str(error)


def _port(session: Session) -> Iterator[Finding]:
    try:
        port = session.settings.port
    except AdapterError:
        return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            yield True, f"port {port} is free"
        except OSError:
            yield True, f"port {port} is in use: a server runs already, or choose another with --port"


_LOOKS: tuple[Callable[[Session], Iterator[Finding]], ...] = (
    _python,
    _package,
    _settings,
    _encoder,
    _knowledge,
    _port,
)
