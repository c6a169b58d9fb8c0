"""`signpost slack`: what Slack needs to know of Signpost."""

import click

from adapters.cli.speech import json_text
from adapters.settings import web_address
from adapters.slack.manifest import REDIRECT_PATH, REQUEST_PATH, manifest, manifest_yaml

_EXAMPLES = """
\b
Examples:
  signpost slack manifest                                  for Socket Mode, which needs no open port
  signpost slack manifest --format yaml                    with the reason for each scope and event
  signpost slack manifest --http https://signpost.hillside.example
"""


@click.group(epilog=_EXAMPLES)
def slack() -> None:
    """Connect Signpost to Slack."""


@slack.command("manifest")
@click.option("--http", metavar="URL", help="Where Slack reaches Signpost over HTTP. Without it: Socket Mode.")
@click.option("--format", "as_format", type=click.Choice(["json", "yaml"]), default="json", show_default=True)
def print_manifest(http: str | None, as_format: str) -> None:
    """Print the app manifest, to paste where Slack asks for one.

    It asks Slack for exactly what Signpost uses.
    """
    address = web_address("address", http) if http is not None else None
    if address and address.endswith((REQUEST_PATH, REDIRECT_PATH)):
        raise click.BadParameter("leave the path out: Signpost adds /slack/events itself.", param_hint="--http")
    if as_format == "yaml":
        click.echo(manifest_yaml(address), nl=False)
    else:
        click.echo(json_text(manifest(address), indent=2))
