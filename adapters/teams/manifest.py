"""The app manifest: what Microsoft Teams is told of Signpost, with nothing that is not used.

Its fields and their limits: learn.microsoft.com, microsoft-365/extensibility/schema. The version of the schema is the
newest that Microsoft calls generally available; private channels need 1.25 or newer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from adapters.chat import wording as shared
from adapters.chat.prompts import PROMPTS
from adapters.teams import wording as says
from adapters.teams.connection import Json

SCHEMA_VERSION = "1.27"
REQUEST_PATH = "/api/messages"
PRIVACY_PATH = "/privacy"
COLOR_ICON, OUTLINE_ICON = "color.png", "outline.png"

FIND_CLAUSE = "find-clause"
QUESTION = "question"
ASK_ABOUT = "ask-about-this"
RAISE = "raise-a-concern"
ADMIN_COMMAND = "policy-admin"
HELP_COMMAND = "help"
WAITING_COMMAND, RAISED_COMMAND, SCHOOL_COMMAND = "waiting", "raised", "school"

PERMISSIONS: Mapping[str, str] = MappingProxyType(
    {
        "ChannelMember.Read.Group": "lists who can read a private channel, and hears when that changes: without it "
        "Signpost could not tell whether a concern may be posted there",
    }
)
"""Each resource-specific permission with the reason for it; the owner of a team grants them when it is added there."""

_SCOPES = ("personal", "team", "groupChat")
_DESCRIPTION = (
    "Ask in your own words, such as: can I friend a parent? Signpost answers with the clause of your own school's "
    "policy, word for word, with its section and whom to ask. It never writes policy of its own, and says so when it "
    "finds no rule. Where somebody may be at risk it says what to do now, and brings it to the Designated Safeguarding "
    "Lead. It hears what is written to it in its own chat, and elsewhere only what mentions it or is handed to it. "
    "Whoever runs your school's Microsoft 365 can read what passes through it. It is not legal advice and not a "
    "safeguarding record."
)
_COMMANDS = (
    (HELP_COMMAND, "What Signpost can do for you"),
    (ADMIN_COMMAND, "Look after Signpost (admins only): status, check, reload, routes, doctor"),
)
_OWN_COMMANDS = (
    (WAITING_COMMAND, "What has been passed on to you and is still open"),
    (RAISED_COMMAND, "What you have raised, and where it stands"),
    (SCHOOL_COMMAND, "Ask for another school of your trust"),
)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who offers the app to the people of a tenant, and where they read of it; all addresses begin with https://."""

    name: str
    website: str
    privacy: str
    terms: str


def publisher_at(public_url: str, name: str | None = None, privacy: str | None = None) -> Publisher:
    """Return the publisher: its pages are the one that Signpost serves itself, or the school's own privacy notice."""
    own = f"{public_url}{PRIVACY_PATH}"
    return Publisher(name or "The Signpost authors", own, privacy or own, f"{own}#terms")


def manifest(app_id: str, publisher: Publisher, version: str) -> Json:
    """Return the manifest for the bot whose app registration has this id; `version` is that of the app in Teams."""
    return {
        "$schema": f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA_VERSION}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA_VERSION,
        "version": version,
        "id": app_id,
        "developer": {
            "name": publisher.name,
            "websiteUrl": publisher.website,
            "privacyUrl": publisher.privacy,
            "termsOfUseUrl": publisher.terms,
        },
        "name": {"short": "Signpost", "full": "Signpost: your school's policies, in their own words"},
        "description": {"short": "Answers staff from your own school's policies, word for word.", "full": _DESCRIPTION},
        "icons": {"color": COLOR_ICON, "outline": OUTLINE_ICON},
        "accentColor": "#0b5563",
        "bots": [_bot(app_id)],
        "composeExtensions": [_message_extension(app_id)],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [],  # no page of Signpost is shown inside Teams
        "supportsChannelFeatures": "tier1",  # lets it be added to private and shared channels
        "defaultInstallScope": "personal",
        "defaultGroupCapability": {"team": "bot", "groupchat": "bot"},
        # Teams wants a resource beside the permissions, and does nothing with it.
        "webApplicationInfo": {"id": app_id, "resource": f"api://botid-{app_id}"},
        "authorization": {
            "permissions": {"resourceSpecific": [{"name": name, "type": "Application"} for name in PERMISSIONS]}
        },
    }


def _bot(app_id: str) -> Json:
    commands: list[Json] = [
        {"title": title, "description": question, "type": "prompt", "prompt": question} for title, question in PROMPTS
    ]
    commands += [{"title": title, "description": what} for title, what in _COMMANDS]
    own = [{"title": title, "description": what} for title, what in _OWN_COMMANDS]
    return {
        "botId": app_id,
        "scopes": list(_SCOPES),
        "supportsFiles": False,
        "isNotificationOnly": False,
        "commandLists": [
            {"scopes": [scope], "commands": commands + (own if scope == "personal" else [])} for scope in _SCOPES
        ],
    }


def _message_extension(app_id: str) -> Json:
    found = {
        "name": QUESTION,
        "title": "Your question",
        "description": says.ASK_IN_OWN_WORDS,
        "inputType": "text",
    }
    return {
        "botId": app_id,
        "commands": [
            {
                "id": FIND_CLAUSE,
                "type": "query",
                "context": ["compose", "commandBox"],
                "title": says.FIND_A_RULE,
                "description": "Find the clause of a policy, and put it into your message",
                "initialRun": False,
                "parameters": [found],
            },
            _dialog(ASK_ABOUT, ["message"], says.ASK_ABOUT_THIS, "You alone see the answer"),
            _dialog(RAISE, ["compose", "commandBox", "message"], shared.RAISE, "See who will read it, then pass it on"),
        ],
    }


def _dialog(name: str, context: list[str], title: str, what: str) -> Json:
    return {
        "id": name,
        "type": "action",
        "context": context,
        "title": title,
        "description": what,
        "fetchTask": True,
    }
