"""The command `signpost`."""

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

import click

from adapters.cli.ask import ask
from adapters.cli.audit import audit
from adapters.cli.database import db
from adapters.cli.doctor import doctor
from adapters.cli.escalations import escalations
from adapters.cli.knowledge import kb
from adapters.cli.serve import serve
from adapters.cli.session import Session
from adapters.cli.slack import slack
from adapters.cli.teams import teams
from adapters.errors import AdapterError
from bot.errors import BotError
from bot.escalation.errors import EscalationError
from knowledge.errors import KnowledgeError

_EXAMPLES = """
\b
Examples:
  signpost serve                                    the web try-out on http://127.0.0.1:8080
  signpost ask "can I friend a parent?"             one question to the default school
  signpost ask --school buckminster "phone in class?"
  signpost kb new my-schools hillside               a folder to start your own school in
  signpost --knowledge my-schools kb check          what is wrong with it, file and line
  signpost escalations list                         what was passed on and is open
"""


@click.group(epilog=_EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="Settings file (else ./signpost.yaml).")
@click.option("--knowledge", metavar="DIR", help="Folder with your schools/ (else the shipped schools).")
@click.version_option(package_name="signpost-bot", prog_name="signpost")
@click.pass_context
def cli(context: click.Context, config: Path | None, knowledge: str | None) -> None:
    """Signpost answers school staff from their own school's policies, in the policy's own words."""
    context.obj = context.obj or Session(config, {"knowledge": knowledge})


cli.add_command(serve)
cli.add_command(ask)
cli.add_command(kb)
cli.add_command(escalations)
cli.add_command(audit)
cli.add_command(db)
cli.add_command(doctor)
cli.add_command(slack)
cli.add_command(teams)


def main(arguments: Sequence[str] | None = None, session: Session | None = None) -> None:
    """Run the command line; what goes wrong is one plain message and exit code 2, never a traceback.

    `arguments` are those of the shell where they are left out, and `session` is made from the options.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without curly quotes is no reason to fail
    try:
        cli(arguments, standalone_mode=False, obj=session)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    except (AdapterError, BotError, EscalationError, KnowledgeError) as wrong:
        click.echo(f"signpost: {wrong}", err=True)
        sys.exit(2)
    except OSError as wrong:
        click.echo(f"signpost: {wrong.strerror or wrong}: {wrong.filename or ''}".rstrip(": "), err=True)
        sys.exit(2)
