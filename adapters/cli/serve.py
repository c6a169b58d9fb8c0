"""`signpost serve`: every adapter that is configured; none configured, the web try-out."""

import asyncio
import logging
import time

import click

from adapters.cli import speech
from adapters.cli.session import Session
from adapters.errors import SettingsError
from adapters.running import run_server
from adapters.settings import faults_of_slack, faults_of_teams, mail_faults, warnings_of_teams

_EXAMPLES = """
\b
Examples:
  signpost serve                     the web try-out on http://127.0.0.1:8080
  signpost serve --port 9000
  signpost --knowledge my-schools serve
"""


@click.command(epilog=_EXAMPLES)
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", help="Port of the web try-out (default 8080).")
@click.pass_obj
def serve(session: Session, port: int | None) -> None:
    """Serve until stopped. Changed packs are taken while it runs."""
    began = time.monotonic()
    if port is not None:
        session.override(port=str(port))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s", datefmt="%H:%M:%S")
    for chatty in ("watchfiles", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    if refused := faults_of_teams(session.settings):
        raise SettingsError("\n".join(speech.not_started(fault) for fault in refused))
    click.echo(speech.STARTING, err=True)
    signpost = session.signpost
    for state in signpost.library.states():
        if state.view is None:
            click.echo(speech.not_served(state.id, state.faults), err=True)
    settings = signpost.settings
    for fault in (*faults_of_slack(settings), *mail_faults(settings)):
        click.echo(f"MEND  {fault}", err=True)
    for warning in warnings_of_teams(settings):
        click.echo(f"warn  {warning}", err=True)

    def ready(bound: int | None) -> None:
        took = time.monotonic() - began
        chats = [name for name, mode in (("Slack", settings.slack_mode), ("Teams", settings.teams_mode)) if mode]
        click.echo(speech.serving_chats(chats, took) if bound is None else speech.serving(bound, took))

    asyncio.run(run_server(signpost, ready))
    click.echo(speech.STOPPED, err=True)
