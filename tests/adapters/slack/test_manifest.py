"""The app manifest: exactly what is used, within the limits of Slack, for both ways to meet."""

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

import adapters.slack
from adapters.slack.manifest import EVENTS, REQUEST_PATH, SCOPES, manifest, manifest_yaml

ADDRESS = "https://signpost.hillside.example"
# What each scope lets Signpost call; the pages of docs.slack.dev, reference/methods, name it.
CALLS = {
    "assistant:write": {"assistant_threads_setStatus"},
    "chat:write": {"chat_postEphemeral", "chat_postMessage", "chat_update"},
    "groups:read": {"conversations_info", "conversations_members"},
    "im:write": {"conversations_open"},
    "reactions:write": {"reactions_add"},
    "usergroups:read": {"usergroups_list", "usergroups_users_list"},
    "users:read": {"users_info"},
}
HEARD = {"app_mentions:read": "app_mention", "im:history": "message.im"}
FREE = {
    *("api_call", "apps_connections_open", "auth_test", "oauth_v2_access"),
    *("views_open", "views_publish", "views_push", "views_update"),
}
BOTH = pytest.mark.parametrize("http", [None, ADDRESS])


def constants_of(module: str) -> set[str]:
    """Return every text in a module of the Slack edge."""
    tree = ast.parse((Path(adapters.slack.__path__[0]) / f"{module}.py").read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_it_asks_for_these_scopes_and_no_other() -> None:
    """An admin who reads the list before installing finds nothing that lets Signpost read along in channels."""
    assert manifest()["oauth_config"] == {
        "scopes": {
            "bot": [
                *("app_mentions:read", "assistant:write", "chat:write", "commands", "groups:read", "im:history"),
                *("im:write", "reactions:write", "usergroups:read", "users:read"),
            ]
        }
    }


def calls_made() -> set[str]:
    """Return every method of Slack's Web API that the Slack edge calls."""
    modules = sorted(Path(adapters.slack.__path__[0]).glob("*.py"))
    nodes = [node for path in modules for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return {name for name in names if "_" in name.strip("_") and callable(getattr(AsyncWebClient, name, None))}


def test_every_scope_is_used_and_every_call_is_allowed() -> None:
    """Each scope is there for a call, an event or a command; and nothing is called that Slack would refuse."""
    made, needed = calls_made(), set().union(*CALLS.values())
    assert {scope for scope, calls in CALLS.items() if calls & made} | set(HEARD) | {"commands"} == set(SCOPES)
    assert made <= needed | FREE
    assert set(HEARD.values()) <= set(EVENTS)


def test_it_subscribes_to_these_events_and_no_other() -> None:
    """RS-5: Slack sends nothing that Signpost would only throw away."""
    assert manifest()["settings"]["event_subscriptions"]["bot_events"] == [
        *("app_mention", "app_context_changed", "app_home_opened", "app_uninstalled", "message.im", "tokens_revoked"),
    ]


def test_in_socket_mode_slack_needs_no_address() -> None:
    """A school behind a firewall opens no port, and its token does not expire."""
    settings = manifest()["settings"]
    assert (settings["socket_mode_enabled"], settings["token_rotation_enabled"]) == (True, False)
    assert "http" not in str({**manifest(), "_metadata": None})


def test_over_http_everything_comes_to_one_address() -> None:
    """What Signpost listens on is where commands, events and taps are sent; the token is renewed."""
    written = manifest(ADDRESS)
    wanted = f"{ADDRESS}/slack/events"
    assert [command["url"] for command in written["features"]["slash_commands"]] == [wanted, wanted]
    assert written["settings"]["event_subscriptions"]["request_url"] == wanted
    assert written["settings"]["interactivity"]["request_url"] == wanted
    assert written["oauth_config"]["redirect_urls"] == [f"{ADDRESS}/slack/oauth_redirect"]
    settings = written["settings"]
    assert (settings["socket_mode_enabled"], settings["token_rotation_enabled"]) == (False, True)
    assert REQUEST_PATH == "/slack/events"


@BOTH
def test_one_workspace_at_a_time_is_asked_for(http: str | None) -> None:
    """An organisation is not installed into as a whole."""
    assert manifest(http)["settings"]["org_deploy_enabled"] is False


def test_every_command_and_shortcut_has_somebody_who_listens() -> None:
    """What Slack offers to people is what Signpost takes."""
    features = manifest()["features"]
    offered = {command["command"] for command in features["slash_commands"]}
    offered |= {shortcut["callback_id"] for shortcut in features["shortcuts"]}
    assert offered == {"/policy", "/policy-admin", "ask-signpost", "raise-a-concern"}
    assert offered <= constants_of("interactions")


def test_every_event_that_does_something_has_somebody_who_listens() -> None:
    """What Slack sends is what Signpost takes."""
    heard = {event.removesuffix(".im") for event in EVENTS} - {"app_context_changed"}
    assert heard <= constants_of("events")


@BOTH
def test_it_keeps_the_limits_of_slack(http: str | None) -> None:
    """Slack refuses a manifest that is over one of them: docs.slack.dev, reference/app-manifest."""
    written = manifest(http)
    about, features = written["display_information"], written["features"]
    agent = features["agent_view"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4000
    assert len(agent["agent_description"]) <= 300
    assert 1 <= len(agent["suggested_prompts"]) <= 4
    assert len(features["bot_user"]["display_name"]) <= 80
    assert all(len(shortcut["name"]) <= 24 for shortcut in features["shortcuts"])
    assert all(len(shortcut["description"]) <= 150 for shortcut in features["shortcuts"])
    assert all(len(command["command"]) <= 32 for command in features["slash_commands"])
    assert all(len(command["usage_hint"]) <= 1000 for command in features["slash_commands"])


def words_of(value: Any) -> str:
    """Return every text in a manifest, as one."""
    if isinstance(value, dict):
        return "\n".join(map(words_of, value.values()))
    return "\n".join(map(words_of, value)) if isinstance(value, list) else str(value)


def test_nobody_is_promised_that_a_concern_stays_secret() -> None:
    """RS-84: no confidentiality is promised, not even in the directory of apps."""
    words = words_of(manifest()).lower()
    assert "confidential" not in words
    assert "anonymous" not in words
    assert "can read what passes through it" in words


@BOTH
def test_the_yaml_is_the_same_manifest_with_a_reason_for_each_line(http: str | None) -> None:
    """Who decides about the app reads why each scope and each event is asked for."""
    written = manifest_yaml(http)
    assert yaml.safe_load(written) == manifest(http)
    for name, reason in {**SCOPES, **EVENTS}.items():
        assert f"- {name}  # {reason}\n" in written
    assert "# channels:history and groups:history are not asked for: in channels Signpost hears nothing but" in written
    assert max(map(len, written.splitlines())) <= 120
