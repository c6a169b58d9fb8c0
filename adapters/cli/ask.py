"""`signpost ask`: one question, or many as JSON lines."""

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import Any, TextIO

import click

from adapters.cli.passing import pass_on
from adapters.cli.session import Session
from adapters.cli.speech import json_text, reply_text
from bot.errors import BotError
from bot.reply_json import reply_as_json
from bot.service import Service
from bot.types import Reply, Utterance

_EXAMPLES = """
\b
Examples:
  signpost ask "can I friend a parent?"
  signpost ask --school buckminster --why "phone in my pocket?"
  signpost ask --format json "who approved the policy?" | jq .verdict
  signpost ask --jsonl questions.jsonl > replies.jsonl
  signpost ask --escalate "a boy told me his dad hits him"

\b
A line of --jsonl is an object such as
  {"id": 1, "school": "model", "question": "can I friend a parent?"}
The reply to each comes out on a line, in order. A line that cannot be answered gives an "error"; the rest is
answered, and the exit code is 1.

\b
With --escalate a concern is recorded in your name and passed on to the people of its route, who are listed first.
Without it nothing is passed on. Exit code 1 if it could not be recorded.
"""


@click.command(epilog=_EXAMPLES)
@click.argument("question", required=False)
@click.option("--school", metavar="ID", help="Which school's policies to ask.")
@click.option("--format", "as_format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--choice", metavar="OPTION", help="An option of a reply that asked back, such as clause:friends-pupils.")
@click.option("--why", is_flag=True, help="Say in words why this clause came up.")
@click.option("--escalate", is_flag=True, help="Pass a concern on to the people who are listed first.")
@click.option(
    "--jsonl",
    type=click.File("r", encoding="utf-8-sig", errors="replace"),
    is_flag=False,
    flag_value="-",
    metavar="[FILE|-]",
    help="JSON lines; - or nothing for stdin.",
)
@click.pass_obj
def ask(  # noqa: PLR0913, PLR0917 - an argument for each option, as click calls it
    session: Session,
    question: str | None,
    school: str | None,
    as_format: str,
    choice: str | None,
    why: bool,
    escalate: bool,
    jsonl: TextIO | None,
) -> None:
    """Ask a school's policies. Nothing is passed on to anybody unless --escalate is given."""
    if (question is None) == (jsonl is None):
        raise click.UsageError('Give one question in quotes, or --jsonl FILE: signpost ask "can I friend a parent?"')
    if jsonl is not None and escalate:
        raise click.UsageError("--escalate takes one question at a time, not --jsonl: each concern needs a person.")
    if jsonl is not None:
        service = session.signpost.service
        sys.exit(asyncio.run(_answer_lines(service, jsonl, school or session.default(), why=why)))
    utterance = Utterance("1", session.school(school), question or "", choice)
    if escalate:
        sys.exit(_escalate(session, utterance, as_format, why=why))
    reply = asyncio.run(session.signpost.service.answer(utterance))
    _print(reply, as_format, why=why)


def _print(reply: Reply, as_format: str, *, why: bool) -> None:
    if as_format == "json":
        click.echo(json_text(reply_as_json(reply, with_why=why), indent=2))
    else:
        click.echo(reply_text(reply, why=why))


def _escalate(session: Session, utterance: Utterance, as_format: str, *, why: bool) -> int:
    """Pass a concern on. Text appears as it becomes true; JSON in one piece, with what is said along the way apart."""
    as_json = as_format == "json"

    def show(reply: Reply) -> None:
        if not as_json:
            _print(reply, as_format, why=why)

    def say(sentence: str) -> None:
        click.echo(f"{sentence}" if as_json else f"\n{sentence}", err=as_json)

    reply = asyncio.run(pass_on(session.signpost, utterance, show, say))
    if as_json:
        _print(reply, as_format, why=why)
    return 1 if reply.escalation and reply.escalation.problem else 0


async def _answer_lines(service: Service, lines: TextIO, default: str | None, *, why: bool) -> int:
    worst = 0
    for number, line in _numbered(lines):
        answer = await _answer_line(service, number, line, default, why=why)
        worst = max(worst, 1 if "error" in answer else 0)
        click.echo(json_text(answer))
    return worst


def _numbered(lines: TextIO) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


async def _answer_line(service: Service, number: int, line: str, default: str | None, *, why: bool) -> dict[str, Any]:
    try:
        row = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        cause = f"{error.msg}, at character {error.colno}" if isinstance(error, json.JSONDecodeError) else str(error)
        return _error(None, number, "bad_json", f"This line is not JSON: {cause}.")
    if not isinstance(row, dict):
        return _error(None, number, "bad_line", 'A line must be an object such as {"id": 1, "question": "..."}.')
    row_id, question, school = row.get("id"), row.get("question"), row.get("school", default)
    if not isinstance(question, str):
        return _error(row_id, number, "bad_line", 'A line needs "question", a text.')
    if not isinstance(school, str):
        return _error(row_id, number, "bad_line", 'A line needs "school", the id of a school.')
    try:
        reply = await service.answer(Utterance(str(row_id), school, question))
    except BotError as refused:
        return _error(row_id, number, refused.code, str(refused))
    return reply_as_json(reply, with_why=why) | {"id": row_id}


def _no_constant(name: str) -> Any:
    """Refuse NaN and Infinity, which Python reads and JSON does not know."""
    raise ValueError(f"{name} is not a value")


def _error(row_id: Any, line: int, code: str, message: str) -> dict[str, Any]:
    return {"id": row_id, "line": line, "error": {"code": code, "message": message}}
