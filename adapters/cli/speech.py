"""What the command line says, and how it prints a reply."""

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from bot import wording
from bot.types import Outcome, Reply, ShownClause
from knowledge.faults import Fault, errors_of
from knowledge.model import Contact

ENCODING = "Learning the knowledge"
STARTING = "Signpost is starting. The first start takes about ten seconds, later ones about five."
STOPPED = "Signpost has stopped."


def works_lexically(reason: str) -> str:
    """Say that Signpost works by keywords alone, and why."""
    return f"Signpost works by keywords alone, and finds less: {reason}."


def no_default_school(known: Sequence[str]) -> str:
    """Say that a school must be named."""
    there = ", ".join(known) or "none is served; run `signpost kb status`"
    return f"Name a school with --school. The schools here are: {there}."


def not_served(school: str, faults: Sequence[Fault]) -> str:
    """Say that a school is not served, and why."""
    return "\n".join([f"{school} is not served until this is mended:", *(f"  {fault}" for fault in errors_of(faults))])


def not_started(fault: str) -> str:
    """Say why Signpost does not start at all."""
    return f"Signpost does not start: {fault}."


def serving(port: int, seconds: float) -> str:
    """Say where the try-out is and how to stop it."""
    return f"Signpost is ready after {seconds:.1f} s: open http://127.0.0.1:{port} in a browser. Stop it with Ctrl+C."


def serving_chats(chats: Sequence[str], seconds: float) -> str:
    """Say which chat platforms are served, and how to stop it."""
    return f"Signpost is ready after {seconds:.1f} s and listens to {' and '.join(chats)}. Stop it with Ctrl+C."


def json_text(value: Any, *, indent: int | None = None) -> str:
    """Return a value as JSON; where the terminal or file cannot take its letters, with those escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent)
    return text


def reply_text(reply: Reply, *, why: bool) -> str:
    """Return a reply as text for a terminal."""
    lines = [*_head(reply), *_clauses(reply), *_tail(reply)]
    if why and reply.why:
        lines += ["", "Why:", *(f"  {line}" for line in reply.why.splitlines())]
    return "\n".join(lines)


def _head(reply: Reply) -> Iterator[str]:
    if reply.outcome is Outcome.ANSWER and reply.verdict:
        yield reply.verdict
        return
    yield reply.message
    for number, advice in enumerate(reply.advice, start=1):
        yield f"  {number}. {advice}"
    for number, option in enumerate(reply.options, start=1):
        yield f"  {number}. {option.label}  [{option.id}]"
    if reply.verdict:
        yield ""
        yield reply.verdict


def _clauses(reply: Reply) -> Iterator[str]:
    for shown in reply.clauses:
        yield ""
        yield from _clause(shown)


def _clause(shown: ShownClause) -> Iterator[str]:
    if shown.clause.quote:
        yield from (f"  | {line}" for line in shown.clause.quote.splitlines())
    else:
        yield f"  {shown.clause.says}"
        yield f"  ({wording.PLAIN_WORDS})"
    yield f"  -- {wording.clause_place(shown.clause, shown.policy)}"


def _tail(reply: Reply) -> Iterator[str]:
    if reply.tension:
        yield ""
        yield reply.tension
    if reply.contacts:
        yield ""
        yield "Who to ask: " + "; ".join(_contact(contact) for contact in reply.contacts)
    if any(contact.example for contact in reply.contacts):
        yield f"Note: {wording.EXAMPLE_REGISTER}"
    for notice in reply.notices:
        yield f"Note: {notice}"


def _contact(contact: Contact) -> str:
    # ids of chat platforms mean nothing on a terminal
    spoken = [reach for reach in contact.reach if reach.kind in {"phone", "email", "room"}]
    reach = ", ".join(f"{reach.kind} {reach.value}" for reach in spoken)
    return f"{wording.contact_name(contact)} ({reach})" if reach else wording.contact_name(contact)
