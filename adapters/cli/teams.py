"""`signpost teams`: what Microsoft Teams needs to know of Signpost."""

from importlib.metadata import version
from pathlib import Path

import click

from adapters.cli.session import Session
from adapters.errors import SettingsError
from adapters.settings import Settings, faults_of_teams, web_address
from adapters.teams.manifest import REQUEST_PATH, Publisher, manifest, publisher_at
from adapters.teams.package import app_package, app_version, is_app_version

_EXAMPLES = """
\b
Examples:
  signpost teams package                            with TEAMS_APP_ID, and public_url from signpost.yaml
  signpost teams package --public-url https://signpost.hillside.example
  signpost teams package --developer "Hillside School" --privacy-url https://hillside.example/privacy
"""
_NO_APP_ID = (
    "TEAMS_APP_ID is not set: set it to the Application (client) ID of your app registration in Microsoft Entra."
)
_NO_ADDRESS = (
    "public_url is not set: Teams must reach Signpost at an https address. Set it in signpost.yaml, or name it with "
    "--public-url https://signpost.school.example."
)
_LONGEST_NAME = 32  # of a developer


@click.group(epilog=_EXAMPLES)
def teams() -> None:
    """Connect Signpost to Microsoft Teams."""


@teams.command("package")
@click.option("--public-url", metavar="URL", help="Where Teams reaches Signpost. Without it: public_url.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("signpost-teams.zip"),
    show_default=True,
    metavar="FILE",
    help="Where to write it.",
)
@click.option("--developer", metavar="NAME", help="Who offers the app: your school or trust.")
@click.option("--privacy-url", metavar="URL", help="Your privacy notice. Without it: the page that Signpost serves.")
@click.option("--app-version", metavar="N.N.N", help="To upload a changed package. Without it: Signpost's version.")
@click.pass_obj
def write_package(
    session: Session,
    public_url: str | None,
    out: Path,
    developer: str | None,
    privacy_url: str | None,
    app_version: str | None,
) -> None:
    """Write the app package, to upload in the Teams admin centre.

    It asks Teams for exactly what Signpost uses, and holds no secret.
    """
    app_id = _app_id(session.settings)
    address = _address(public_url, session.settings.public_url)
    number = _version(app_version)
    out.write_bytes(app_package(manifest(app_id, _publisher(address, developer, privacy_url), number)))
    click.echo(f"{out} is written: Signpost {number}, which Teams reaches at {address}{REQUEST_PATH}.")
    click.echo("Upload it in the Teams admin centre, and choose there who may use it: staff, and no pupil.")


def _app_id(settings: Settings) -> str:
    fault = next((fault for fault in faults_of_teams(settings) if fault.startswith("TEAMS_APP_ID")), None)
    if fault or settings.teams_app_id is None:
        raise SettingsError(f"{fault}." if fault else _NO_APP_ID)
    return settings.teams_app_id


def _address(given: str | None, set_up: str | None) -> str:
    address = web_address("public_url", given) if given is not None else set_up
    if address is None:
        raise SettingsError(_NO_ADDRESS)
    if address.endswith(REQUEST_PATH):
        raise SettingsError(f"Leave {REQUEST_PATH} out of the public_url: Signpost adds it itself.")
    return _https("public_url", address)


def _publisher(address: str, developer: str | None, privacy_url: str | None) -> Publisher:
    if developer is not None and not 0 < len(developer) <= _LONGEST_NAME:
        raise click.BadParameter(f"Teams takes from 1 to {_LONGEST_NAME} letters.", param_hint="--developer")
    privacy = _https("privacy-url", web_address("privacy-url", privacy_url)) if privacy_url is not None else None
    return publisher_at(address, developer, privacy)


def _version(given: str | None) -> str:
    if given is not None and not is_app_version(given):
        raise click.BadParameter("expected three numbers, such as 0.1.1.", param_hint="--app-version")
    return given or app_version(version("signpost-bot"))


def _https(name: str, address: str) -> str:
    if not address.startswith("https://"):
        raise SettingsError(f'The {name} is "{address}", which only this computer can reach. Teams needs https://.')
    return address
