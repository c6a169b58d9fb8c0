"""`signpost slack`: the manifest that an admin pastes."""

import pytest
import yaml

from adapters.slack.manifest import manifest
from tests.adapters.cli.conftest import Console

ADDRESS = "https://signpost.hillside.example"


@pytest.mark.parametrize("command", ["slack", "slack manifest"])
def test_it_explains_itself(shell: Console, command: str) -> None:
    """Help is one switch away."""
    assert shell(*command.split(), "--help").out.startswith("Usage: ")


@pytest.mark.parametrize(("arguments", "http"), [((), None), (("--http", f"{ADDRESS}/"), ADDRESS)])
def test_the_manifest_is_printed_and_nothing_else(shell: Console, arguments: tuple[str, ...], http: str | None) -> None:
    """What is printed can be pasted as it is, whichever form is asked for."""
    printed = shell("slack", "manifest", *arguments)
    assert (printed.code, printed.err) == (0, "")
    assert printed.json == manifest(http)
    assert yaml.safe_load(shell("slack", "manifest", *arguments, "--format", "yaml").out) == manifest(http)


@pytest.mark.parametrize("address", ["", "signpost.hillside.example", "http://signpost.hillside.example"])
def test_an_address_that_slack_would_refuse_is_told(shell: Console, address: str) -> None:
    """Slack sends to https alone."""
    printed = shell("slack", "manifest", "--http", address)
    assert (printed.code, printed.out) == (2, "")
    assert printed.err.startswith(f'signpost: The address is "{address}". Expected: an address that begins with https:')


def test_an_address_with_the_path_in_it_is_told(shell: Console) -> None:
    """Who copies the whole request URL would otherwise get a manifest that leads nowhere."""
    printed = shell("slack", "manifest", "--http", f"{ADDRESS}/slack/events")
    assert (printed.code, printed.out) == (2, "")
    assert "leave the path out: Signpost adds /slack/events itself." in printed.err
