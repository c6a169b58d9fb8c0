"""The guides say what the code does: the manifest, the commands, and the sentences that people will meet."""

import re
import shlex
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest

from adapters.bootstrap import Signpost
from adapters.chat.admin_wording import NOT_ADMIN
from adapters.cli.main import cli
from adapters.settings import SETTINGS, Settings, faults_of_slack
from adapters.slack.gate import fault_of
from adapters.slack.manifest import REDIRECT_PATH, REQUEST_PATH, manifest, manifest_yaml
from bot.types import Outcome, Utterance
from knowledge.model import Reach, RouteName
from knowledge.scaffold import new_school
from tests.deploy.files import DEPLOY, text_of
from tests.fakes import TODAY, signpost_over

GUIDES = ("README.md", "slack/README.md", "teams/README.md")
SLACK = "slack/README.md"
PRIVATE = dict.fromkeys(
    ("is_archived", "is_ext_shared", "is_pending_ext_shared", "is_org_shared", "is_shared"), False
) | {"is_private": True, "is_member": True}


def commands(guide: str) -> list[list[str]]:
    """Return the words of every `signpost` command that a guide tells people to type."""
    written = re.findall(r"(?:^ {4,}|`)(?:\.venv/bin/)?(signpost [^`\n]+)", text_of(guide), re.MULTILINE)
    return [shlex.split(line, comments=True) for line in written]


def test_the_committed_manifest_is_that_of_the_code() -> None:
    """Who reads the reasons reads those of the app that is made; `make example` writes the file anew."""
    assert text_of("slack/manifest.yaml") == manifest_yaml()


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_of_a_guide_exists(guide: str) -> None:
    """What people are told to type is a command with those options."""
    found = commands(guide)
    assert found
    for _, *words in found:
        group: click.Command = cli
        while words and isinstance(group, click.Group):
            if words[0] in ("--knowledge", "--config"):
                del words[:2]
                continue
            command = group.get_command(click.Context(group), words.pop(0))
            assert command is not None, words
            group = command
        options = {option for parameter in group.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize("guide", GUIDES)
def test_every_link_leads_somewhere(guide: str) -> None:
    """A guide that points elsewhere points at something."""
    folder = (DEPLOY / guide).parent
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", text_of(guide))
    assert targets
    assert all((folder / target).exists() for target in targets)


@pytest.mark.parametrize("guide", GUIDES)
def test_every_variable_of_a_guide_is_a_setting(guide: str) -> None:
    """No guide names a setting that does not exist."""
    known = {name for setting in SETTINGS for name in (setting.env, setting.file_env)}
    assert set(re.findall(r"\b(?:SIGNPOST|SLACK|TEAMS)_[A-Z_]+", text_of(guide))) <= known


def test_every_file_that_an_admin_copies_is_there() -> None:
    """The guide lists each drop-in of the unit, and the secrets that it wants."""
    listed = dict(re.findall(r"^\| `([a-z-]+\.conf)`[^|]*\| (.+?) \|$", text_of("README.md"), re.MULTILINE))
    drop_ins = {path.name: path.read_text(encoding="utf-8") for path in (DEPLOY / "systemd/drop-ins").glob("*.conf")}
    assert set(listed) == set(drop_ins)
    for name, text in drop_ins.items():
        wanted = re.findall(r"^LoadCredential=([a-z-]+):", text, re.MULTILINE)
        assert wanted
        assert all(f"`{secret}`" in listed[name] for secret in wanted)


def said_by_doctor() -> str:
    """Return everything that can be said of Slack's settings."""
    bare = Settings(None, Path(), None, 0)
    wrong: list[dict[str, Any]] = [
        {"slack_bot_token": "xapp-1", "slack_app_token": "xoxb-1"},
        {"slack_bot_token": "xoxb-1"},
        {"slack_app_token": "xapp-1 ", "slack_signing_secret": "a"},
        {"slack_bot_token": "xoxe.xoxb-1", "slack_app_token": "xapp-1"},
        {"slack_signing_secret": "xapp-1"},
        {"slack_signing_secret": "a", "slack_client_id": "1.2"},
        {"slack_signing_secret": "a", "slack_client_id": "1.2", "slack_client_secret": "a"},
        {"slack_client_id": "1.2", "slack_client_secret": "a"},
    ]
    return "\n".join(fault for changes in wrong for fault in faults_of_slack(replace(bare, **changes)))


def test_the_guide_explains_what_doctor_says() -> None:
    """Each sentence in the guide is one that doctor says, and none that it says of Slack is left out."""
    tables = re.split(r"says \| what to do \|\n\|---\|---\|\n", text_of(SLACK))[1:]
    rows = [line.split("|")[1].strip() for table in tables for line in table.split("\n\n")[0].splitlines()]
    sentences = [row for row in rows if row != "can be read by everybody on this computer"]
    said = said_by_doctor()
    assert all(sentence in said for sentence in sentences)
    unexplained = [line for line in said.splitlines() if not any(sentence in line for sentence in sentences)]
    assert unexplained == []


@pytest.mark.parametrize("change", [{"is_private": False}, {"is_member": False}, {"is_ext_shared": True}])
def test_the_guide_explains_what_the_gate_says(change: dict[str, bool]) -> None:
    """What Signpost says of a channel that it does not post in stands in the guide, word for word."""
    assert f'| "{fault_of(PRIVATE | change)}" |' in text_of(SLACK)
    assert fault_of(PRIVATE) is None


def test_the_guide_explains_what_a_stranger_to_the_admins_reads() -> None:
    """Whoever is not yet an admin finds the sentence in the guide."""
    assert f'| "{NOT_ADMIN}" |' in text_of(SLACK)


def test_the_guide_names_what_the_manifest_offers() -> None:
    """Commands, shortcuts, scopes and addresses are called in the guide what they are called in Slack."""
    text = " ".join(text_of(SLACK).split())
    features = manifest()["features"]
    assert all(command["command"] in text for command in features["slash_commands"])
    assert all(f"**{shortcut['name']}**" in text for shortcut in features["shortcuts"])
    assert f"signpost.hillside.example{REQUEST_PATH}" in text
    assert REDIRECT_PATH.startswith("/slack/")
    assert "reverse_proxy /slack/* 127.0.0.1:3978" in text


def section(guide: str, heading: str) -> str:
    """Return a section of a guide."""
    [found] = re.findall(rf"^## {heading}[^\n]*\n(.*?)(?=^## )", text_of(guide), re.MULTILINE | re.DOTALL)
    return str(found)


def test_a_school_made_by_the_guide_can_be_asked_and_told(tmp_path: Path, signpost: Signpost) -> None:
    """Whoever types the guide word for word has a sound school, a route to bind a channel to, and a first answer."""
    new_school(tmp_path, "hillside")
    file = tmp_path / "schools" / "hillside" / "school.yaml"
    at_the_end, dsl = re.findall(r"(?:^    .+\n)+", section(SLACK, "3. Say which school"), re.MULTILINE)
    fresh = file.read_text(encoding="utf-8")
    role = re.search(r"^  dsl:\n(?:    .*\n)+", fresh, re.MULTILINE)
    assert role
    written = fresh.replace(role[0], textwrap.indent(textwrap.dedent(dsl), "  ")) + textwrap.dedent(at_the_end)
    file.write_text(written, encoding="utf-8")
    served = signpost_over(tmp_path, signpost, tmp_path)
    [state] = served.library.states()
    assert state.view, state.faults
    assert state.view.school.routes[RouteName.CHILD].people[0] == "dsl"
    assert Reach("slack", "U0DSL") in state.view.school.contact("dsl").reach
    [question] = re.findall(r"^    /policy (.+)$", section(SLACK, "5. Ask"), re.MULTILINE)
    reply = served.service.decider.decide(Utterance("u1", "hillside", question), state.view, TODAY)
    assert reply.outcome is Outcome.ANSWER
