"""The app manifest: what Microsoft's schema takes, exactly what is used, and nothing that an admin would not expect."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from adapters.chat.prompts import PROMPTS
from adapters.teams import dialogs
from adapters.teams.connection import Json
from adapters.teams.manifest import (
    ADMIN_COMMAND,
    ASK_ABOUT,
    FIND_CLAUSE,
    HELP_COMMAND,
    PERMISSIONS,
    QUESTION,
    RAISE,
    RAISED_COMMAND,
    SCHEMA_VERSION,
    SCHOOL_COMMAND,
    WAITING_COMMAND,
    manifest,
    publisher_at,
)
from tests.deploy.files import told, tool

SCHEMA = Path(__file__).parent / "schema" / "MicrosoftTeams.schema.json"
APP_ID = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
ADDRESS = "https://signpost.hillside.example"
SCOPES = ["personal", "team", "groupChat"]


def written(**changes: str) -> Json:
    """Return the manifest of a school."""
    return manifest(APP_ID, publisher_at(ADDRESS, **changes), "0.1.0")


def faults(of: Json, folder: Path) -> str:
    """Return what Microsoft's schema says against a manifest; empty where it takes it."""
    file = folder / "manifest.json"
    file.write_text(json.dumps(of), encoding="utf-8")
    check = tool("check-jsonschema", "a development dependency")
    code, said = told(check, "--no-cache", "--schemafile", SCHEMA, file)
    return said if code else ""


def texts_of(value: Any) -> list[str]:
    """Return every text in a manifest."""
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts_of(part)]
    return [text for part in value for text in texts_of(part)] if isinstance(value, list) else [str(value)]


def commands_of(extension: Json) -> dict[str, Json]:
    """Return the commands of a message extension by their ids."""
    return {command["id"]: command for command in extension["commands"]}


def test_microsofts_schema_takes_it(tmp_path: Path) -> None:
    """Teams refuses a package whose manifest breaks its schema, field by field and letter by letter."""
    assert faults(written(), tmp_path) == ""


@pytest.mark.parametrize("changes", [{"name": "N" * 32}, {"privacy": "https://hillside.example/privacy"}])
def test_microsofts_schema_takes_what_a_school_fills_in(tmp_path: Path, changes: dict[str, str]) -> None:
    """The school's own name and its own privacy notice fit too."""
    assert faults(written(**changes), tmp_path) == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [({"id": "signpost"}, "$.id"), ({"accentColor": "teal"}, "$.accentColor"), ({"scopes": []}, "'scopes' was")],
)
def test_the_schema_is_one_that_refuses(tmp_path: Path, change: Json, said: str) -> None:
    """A schema that took everything would show nothing."""
    assert said in faults(written() | change, tmp_path)


def test_it_names_the_version_of_the_schema_that_it_keeps() -> None:
    """Draft 4 has no `const`, so a validator does not look at it; Teams does."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert schema["properties"]["manifestVersion"]["const"] == SCHEMA_VERSION
    assert written()["manifestVersion"] == SCHEMA_VERSION
    assert f"/v{SCHEMA_VERSION}/" in written()["$schema"]


def test_the_app_the_bot_and_the_registration_are_one() -> None:
    """Teams wants one app for one registration in Entra: three ids that differ would be three apps."""
    app = written()
    ids = (app["bots"][0]["botId"], app["composeExtensions"][0]["botId"], app["webApplicationInfo"]["id"])
    assert {app["id"], *ids} == {APP_ID}


def test_it_can_be_added_to_a_private_channel() -> None:
    """RS-40: without this Teams offers Signpost in standard channels alone, which a whole team reads."""
    app = written()
    assert app["supportsChannelFeatures"] == "tier1"
    assert "supportedChannelTypes" not in app  # the way of before, for tabs alone
    assert app["bots"][0]["scopes"] == SCOPES


def test_it_asks_for_these_permissions_and_no_other() -> None:
    """Who decides about the app finds nothing that lets Signpost read along, and a reason for what it asks."""
    app = written()
    asked = [one["name"] for one in app["authorization"]["permissions"]["resourceSpecific"]]
    assert asked == list(PERMISSIONS) == ["ChannelMember.Read.Group"]
    assert {one["type"] for one in app["authorization"]["permissions"]["resourceSpecific"]} == {"Application"}
    assert app["permissions"] == ["identity", "messageTeamMembers"]
    assert not [name for name in asked if "Message" in name or "Write" in name or name.endswith(".All")]
    assert all(len(reason) > 40 for reason in PERMISSIONS.values())


def test_it_takes_no_files_no_calls_and_shows_no_page() -> None:
    """RS-86: nothing is fetched that somebody sends; and no website may pose as a part of Signpost inside Teams."""
    app = written()
    assert app["bots"][0]["supportsFiles"] is False
    assert not {"supportsCalling", "supportsVideo"} & set(app["bots"][0])
    assert app["validDomains"] == []
    assert not {"staticTabs", "configurableTabs", "connectors", "devicePermissions", "copilotAgents"} & set(app)


@pytest.mark.parametrize("scope", SCOPES)
def test_the_suggested_prompts_and_commands_stand_in_every_place(scope: str) -> None:
    """Whoever opens Signpost, or mentions it, finds four questions to begin with, help, and the admins' command."""
    [listed] = [one for one in written()["bots"][0]["commandLists"] if one["scopes"] == [scope]]
    prompts = [(one["title"], one["prompt"]) for one in listed["commands"] if one.get("type") == "prompt"]
    assert prompts == list(PROMPTS)
    commands = [one["title"] for one in listed["commands"] if "type" not in one]
    assert commands[:2] == [HELP_COMMAND, ADMIN_COMMAND]
    # What lists something of one's own is offered in one's own chat.
    assert commands[2:] == ([WAITING_COMMAND, RAISED_COMMAND, SCHOOL_COMMAND] if scope == "personal" else [])


def test_the_message_extension_finds_a_clause_and_opens_two_dialogs() -> None:
    """What Teams offers beside a message and in the field below is what Signpost answers to."""
    [extension] = written()["composeExtensions"]
    commands = commands_of(extension)
    assert set(commands) == {FIND_CLAUSE, ASK_ABOUT, RAISE}
    assert commands[FIND_CLAUSE]["type"] == "query"
    assert [one["name"] for one in commands[FIND_CLAUSE]["parameters"]] == [QUESTION]
    dialogs = {name: command for name, command in commands.items() if command["type"] == "action"}
    assert all(dialog["fetchTask"] for dialog in dialogs.values())
    assert {name: dialog["context"] for name, dialog in dialogs.items()} == {
        ASK_ABOUT: ["message"],
        RAISE: ["compose", "commandBox", "message"],
    }


def test_what_teams_offers_has_somebody_who_listens() -> None:
    """The ids of the dialogs and the admins' command are those that Signpost answers to."""
    assert (dialogs.ASK_ABOUT_THIS, dialogs.RAISE_A_CONCERN) == (ASK_ABOUT, RAISE)


def test_people_read_about_it_where_signpost_serves_a_page() -> None:
    """Teams shows two links beside every app; both lead to a page that is there, on https."""
    developer = written()["developer"]
    assert developer["privacyUrl"] == f"{ADDRESS}/privacy"
    assert developer["termsOfUseUrl"] == f"{ADDRESS}/privacy#terms"
    assert developer["websiteUrl"] == f"{ADDRESS}/privacy"


def test_a_school_puts_its_own_name_and_notice_in() -> None:
    """The notice of the school comes before what Signpost says of itself."""
    developer = written(name="Hillside School", privacy="https://hillside.example/privacy")["developer"]
    assert (developer["name"], developer["privacyUrl"]) == ("Hillside School", "https://hillside.example/privacy")
    assert developer["termsOfUseUrl"] == f"{ADDRESS}/privacy#terms"


def test_it_says_plainly_what_it_is_not() -> None:
    """RS-84, RS-90: no confidentiality is promised; who can read what passes through is said where apps are chosen."""
    words = " ".join(texts_of(written()))
    assert "It is not legal advice and not a safeguarding record." in words
    assert "Whoever runs your school's Microsoft 365 can read what passes through it." in words
    assert not re.search(r"confidential|anonym|secret", words, re.IGNORECASE)
