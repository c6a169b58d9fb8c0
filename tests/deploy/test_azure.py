"""The bot registration in Azure, read by a parser of Bicep: one bot of one tenant, the Teams channel, and no secret."""

import re
from typing import Any

import pytest
from lark.exceptions import LarkError
from pycep import BicepParser

from adapters.slack.manifest import REQUEST_PATH as SLACK_PATH
from adapters.teams.manifest import REQUEST_PATH
from tests.deploy.files import text_of

FILE = "azure/main.bicep"
GUIDE = "teams/README.md"


def parsed(text: str | None = None) -> Any:
    """Return what the parser makes of the file; it raises where Azure would refuse its grammar."""
    return BicepParser().parse(text=text_of(FILE) if text is None else text)


def resource(name: str) -> Any:
    """Return a resource of the file."""
    return parsed()["resources"][name]


def decorators(parameter: str) -> dict[str, Any]:
    """Return what the file says about a parameter."""
    return {one["type"]: one.get("argument") for one in parsed()["parameters"][parameter]["decorators"]}


def test_a_file_that_is_not_bicep_is_not_read() -> None:
    """A parser that took everything would show nothing."""
    with pytest.raises(LarkError):
        parsed(text_of(FILE).replace("resource bot '", "resource '"))


def test_it_registers_one_bot_of_one_tenant() -> None:
    """Azure takes no new bot of several tenants, and nobody outside the school's own may use this one."""
    bot = resource("bot")
    assert (bot["type"], bot["config"]["kind"]) == ("Microsoft.BotService/botServices", "azurebot")
    assert bot["config"]["properties"] == {
        "displayName": "Signpost",
        "description": "Answers staff from their own school\\'s policies, in the policy\\'s own words.",
        "endpoint": f"${{publicUrl}}{REQUEST_PATH}",
        "msaAppType": "SingleTenant",
        "msaAppId": "appId",
        "msaAppTenantId": "tenantId",
    }


def test_it_opens_the_teams_channel_and_no_other() -> None:
    """Nobody reaches Signpost by Web Chat, Direct Line or the phone."""
    assert set(parsed()["resources"]) == {"bot", "teams"}
    teams = resource("teams")
    assert teams["type"] == "Microsoft.BotService/botServices/channels"
    assert teams["config"]["parent"] == "bot"
    assert teams["config"]["name"] == teams["config"]["properties"]["channelName"] == "MsTeamsChannel"
    assert teams["config"]["properties"]["properties"] == {
        "isEnabled": True,
        "acceptedTerms": True,
        "enableCalling": False,
    }


def test_it_uses_an_interface_of_azure_that_is_released() -> None:
    """A preview may be taken back; both resources speak the same version."""
    versions = {resource(name)["api_version"] for name in ("bot", "teams")}
    assert versions == {"2022-09-15"}


def test_it_holds_and_takes_no_secret() -> None:
    """The password stays between the app registration and the computer that Signpost runs on."""
    text = text_of(FILE)
    assert not re.search(r"@secure|password|listKeys|apiKey|luis|insight", text, re.IGNORECASE)
    assert set(parsed()["parameters"]) == {"appId", "tenantId", "publicUrl", "botName", "sku"}
    assert SLACK_PATH not in text


@pytest.mark.parametrize("parameter", ["appId", "tenantId", "publicUrl", "botName", "sku"])
def test_every_parameter_is_described(parameter: str) -> None:
    """The Azure portal shows the description beside the field."""
    assert len(decorators(parameter)["description"]) > 30


def test_its_parameters_have_the_shape_that_azure_takes() -> None:
    """Ids have 36 letters, a bot's name has 4 to 42, and two prices are offered, the free one first."""
    for name in ("appId", "tenantId"):
        assert (decorators(name)["min_length"], decorators(name)["max_length"]) == (36, 36)
        assert parsed()["parameters"][name]["default"] is None
    assert (decorators("botName")["min_length"], decorators("botName")["max_length"]) == (4, 42)
    assert decorators("sku")["allowed"] == ["F0", "S1"]
    assert parsed()["parameters"]["sku"]["default"] == "F0"


@pytest.mark.parametrize("place", [FILE, GUIDE])
def test_the_command_that_deploys_it_names_parameters_that_it_has(place: str) -> None:
    """Whoever pastes the command of the file or of the guide is asked for nothing more."""
    [command] = re.findall(r"az deployment group create (?:[^\n]*\\\n)*[^\n]*", text_of(place))
    given = set(re.findall(r"(\w+)=", command))
    parameters = parsed()["parameters"]
    assert given == {name for name, parameter in parameters.items() if parameter["default"] is None}
    assert "main.bicep" in command
