"""The app manifest: what Slack is told of Signpost, with no scope and no event that is not used.

Its fields and their limits: docs.slack.dev, reference/app-manifest.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import yaml

from adapters.chat.prompts import PROMPTS

REQUEST_PATH = "/slack/events"
REDIRECT_PATH = "/slack/oauth_redirect"

SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "app_mentions:read": "hears a question that mentions Signpost in a channel",
        "assistant:write": "shows that it is looking, in the conversation with Signpost",
        "chat:write": "answers, and posts the cards of what was passed on",
        "commands": "offers /policy, /policy-admin and the two shortcuts",
        "groups:read": "makes sure that a private channel is private, and knows who reads it, before it posts there",
        "im:history": "hears what is written to Signpost itself, in its direct messages and nowhere else",
        "im:write": "opens a direct message, for a receipt or for whoever must be told",
        "reactions:write": "marks a mention as seen, with one emoji",
        "usergroups:read": "knows who is staff where a school names user groups",
        "users:read": "knows people's names, and tells guests from staff",
    }
)
EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "app_mention": "somebody mentions Signpost in a channel that it was invited to",
        "app_context_changed": "the channel beside the conversation: its school comes first where one must be chosen",
        "app_home_opened": "somebody opens Signpost: the home tab is drawn, and a newcomer is greeted",
        "app_uninstalled": "Signpost was taken out: its token is forgotten",
        "message.im": "somebody writes to Signpost itself",
        "tokens_revoked": "Slack took the token back: it is forgotten",
    }
)
_NOTES = """\
# The Slack app of Signpost. Paste it at https://api.slack.com/apps, "Create New App", "From a manifest".
# channels:history and groups:history are not asked for: in channels Signpost hears nothing but what mentions it.
# channels:read is not asked for: Signpost never looks at a public channel, and never posts to one by itself.
"""
_LONG_DESCRIPTION = (
    "Ask in your own words, such as: can I friend a parent? Signpost answers with the clause of your own school's "
    "policy, word for word, with its section and whom to ask. It never writes policy of its own, and says so when it "
    "finds no rule. Where somebody may be at risk it says what to do now, and brings it to the Designated Safeguarding "
    "Lead. Whoever runs this Slack workspace can read what passes through it. It is not legal advice and not a "
    "safeguarding record."
)
_SHORTCUTS = (
    (
        "message",
        "Ask Signpost about this",
        "ask-signpost",
        "Find the rule for a message; you alone see the answer",
    ),
    ("global", "Raise a concern", "raise-a-concern", "See who will read it, then pass it on"),
)
_COMMANDS = (
    ("/policy", "Ask what your school's policies say", "can I friend a parent?"),
    ("/policy-admin", "Look after Signpost (admins only)", "status | check | reload | routes | doctor"),
)


def missing_scopes(headers: Mapping[str, Any]) -> list[str] | None:
    """Return what a token lacks, from the headers of any answer to it; None where Slack does not say what it has."""
    given = {name.lower(): str(value) for name, value in headers.items()}.get("x-oauth-scopes")
    return None if given is None else sorted(set(SCOPES) - {scope.strip() for scope in given.split(",")})


def manifest(http: str | None = None) -> dict[str, Any]:
    """Return the manifest: for Socket Mode, or for the address at which Slack reaches Signpost over HTTP."""
    oauth: dict[str, Any] = {"scopes": {"bot": list(SCOPES)}}
    if http:
        oauth = {"redirect_urls": [f"{http}{REDIRECT_PATH}"], **oauth}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Signpost",
            "description": "Answers staff from your own school's policies, in the policy's own words.",
            "long_description": _LONG_DESCRIPTION,
            "background_color": "#1d4f5c",
        },
        "features": _features(_request(http, "url")),
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": {**_request(http, "request_url"), "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **_request(http, "request_url")},
            "org_deploy_enabled": False,
            "socket_mode_enabled": http is None,
            "token_rotation_enabled": http is not None,
        },
    }


def manifest_yaml(http: str | None = None) -> str:
    """Return the manifest as YAML, each scope and each event with the reason for it."""
    written = yaml.safe_dump(manifest(http), sort_keys=False, allow_unicode=True, width=110)
    reasons = {**SCOPES, **EVENTS}
    lines = (_with_reason(line, reasons) for line in written.splitlines())
    return _NOTES + "".join(f"{line}\n" for line in lines)


def _with_reason(line: str, reasons: Mapping[str, str]) -> str:
    reason = reasons.get(line.strip().removeprefix("- "))
    return f"{line}  # {reason}" if reason else line


def _request(http: str | None, name: str) -> dict[str, str]:
    return {name: f"{http}{REQUEST_PATH}"} if http else {}


def _features(request: Mapping[str, str]) -> dict[str, Any]:
    return {
        "agent_view": {
            "agent_description": "Ask what your school's policies say. Signpost answers in the policy's own words.",
            "suggested_prompts": [{"title": title, "message": message} for title, message in PROMPTS],
        },
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "Signpost", "always_online": True},
        "shortcuts": [
            {"type": kind, "name": name, "callback_id": callback, "description": what}
            for kind, name, callback, what in _SHORTCUTS
        ],
        "slash_commands": [
            {"command": name, **request, "description": what, "usage_hint": usage, "should_escape": False}
            for name, what, usage in _COMMANDS
        ],
    }
