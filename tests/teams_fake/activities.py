"""What Teams sends to the app: activities in its own shape."""

import html
from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import Any

from tests.teams_fake.people import User
from tests.teams_fake.places import Channel, Message, Place, Team
from tests.teams_fake.tenant import Tenant
from tests.teams_fake.world import World

Json = dict[str, Any]
CLIENT = {"locale": "en-GB", "country": "GB", "platform": "Web", "timezone": "Europe/London", "type": "clientInfo"}
_NAMED = ("message", "messageUpdate", "messageDelete", "invoke")
_LONDON = timezone(timedelta(0))


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody of a tenant who does something."""

    world: World
    tenant: Tenant
    user: User

    @property
    def bot(self) -> Json:
        """Return the bot as an activity names it."""
        return {"id": self.world.app.bot_id, "name": self.world.app.name}


def activity(actor: Actor, place: Place, kind: str, root: str = "", **more: Any) -> Json:
    """Return an activity of somebody in a place, or in one of its threads."""
    now = actor.world.clock.now()
    return {
        "type": kind,
        "id": actor.world.new_event_id(),
        "timestamp": f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}Z",
        "localTimestamp": now.astimezone(_LONDON).isoformat(timespec="milliseconds"),
        "localTimezone": "Europe/London",
        "channelId": "msteams",
        "serviceUrl": actor.tenant.service_url,
        "from": _sender(actor.user, kind),
        "recipient": actor.bot,
        "conversation": place.account(root),
        "entities": [dict(CLIENT)],
        "channelData": channel_data(place),
        "locale": "en-GB",
        **more,
    }


def channel_data(place: Place) -> Json:
    """Return what Teams adds to what is written in a place."""
    tenant = {"tenant": {"id": place.tenant_id}}
    if not isinstance(place, Channel):
        return tenant
    named = {"teamsChannelId": place.id, "teamsTeamId": place.team.id}
    own = {} if place.type == "standard" else {"type": place.type}
    return {**named, "channel": {"id": place.id, **own}, "team": {"id": place.team.id}, **tenant}


def event_data(where: Team | Place, event: str = "") -> Json:
    """Return what Teams adds to an event about a team, a channel or a chat, its people or the app."""
    data: Json = {"tenant": {"id": where.tenant_id}}
    if event and (isinstance(where, Team) or where.kind != "personal"):
        data["eventType"] = event
    if isinstance(where, Channel):
        data["channel"] = {"id": where.id, "name": where.name, "type": where.type}
    team = where if isinstance(where, Team) else where.team if isinstance(where, Channel) else None
    return data if team is None else {"team": _team(team), **data}


def _team(team: Team) -> Json:
    return {"aadGroupId": team.aad_group_id, "name": team.name, "id": team.id}


def _sender(user: User, kind: str) -> Json:
    sender = user.as_sender()
    return sender if kind in _NAMED else {name: sender[name] for name in ("id", "aadObjectId")}


def said(actor: Actor, message: Message, text: str, markup: str, **more: Any) -> Json:
    """Return the activity of a message: the text, and the same as Teams shows it."""
    in_channel = message.place.kind == "channel"
    shown = {"contentType": "text/html", "content": markup}
    written = activity(actor, message.place, "message", message.root if in_channel else "")
    attachments = [*more.pop("attachments", ()), shown]
    entities = [*more.pop("entities", ()), *written["entities"]]
    written |= {"id": message.id, "text": text, "textFormat": "plain", "attachments": attachments}
    return {**written, "entities": entities, **more}


def mention_of_bot(actor: Actor) -> Json:
    """Return the entity that says the bot is mentioned."""
    return {"type": "mention", "mentioned": actor.bot, "text": f"<at>{actor.world.app.name}</at>"}


def mention_markup(actor: Actor) -> str:
    """Return a mention of the bot as Teams shows it."""
    name = html.escape(actor.world.app.name)
    return f'<span itemtype="http://schema.skype.com/Mention" itemscope itemid="0">{name}</span>&nbsp;'


def quote_markup(message: Message) -> str:
    """Return a quoted message as Teams shows it above a reply."""
    name = message.sender.name if message.sender else "Signpost"
    preview = html.escape(str(message.activity.get("text") or message.activity.get("summary") or "")[:120])
    return (
        f'<blockquote itemscope itemtype="http://schema.skype.com/Reply" itemid="{message.id}">'
        f'<strong itemprop="mri">{html.escape(name)}</strong><span itemprop="time" itemid="{message.id}"></span>'
        f'<p itemprop="preview">{preview}</p></blockquote>'
    )


def invoke(actor: Actor, place: Place, name: str, value: Json, message: Message | None = None) -> Json:
    """Return the activity of something that the app must answer at once."""
    root = message.root if message is not None and place.kind == "channel" else ""
    about = {"replyToId": message.id} if message is not None else {}
    asked = activity(actor, place, "invoke", root, name=name, value=value, **about)
    asked["channelData"]["source"] = {"name": "message" if message is not None else "compose"}
    return asked


def payload_of(message: Message) -> Json:
    """Return a message as a command on it gets it."""
    sender = message.sender
    user = {"userIdentityType": "aadUser", "id": sender.id, "displayName": sender.name} if sender else None
    application = None if sender else {"applicationIdentityType": "bot", "displayName": "Signpost"}
    link = f"https://teams.microsoft.com/l/message/{message.place.id}/{message.id}"
    return {
        "linkToMessage": link,
        "id": message.id,
        "replyToId": message.root if message.root != message.id else None,
        "createdDateTime": message.activity.get("timestamp"),
        "lastModifiedDateTime": None,
        "deleted": False,
        "summary": None,
        "importance": "normal",
        "locale": "en-gb",
        "body": {"contentType": "html", "content": markup_of(message)},
        "from": {"device": None, "conversation": None, "user": user, "application": application},
        "reactions": [],
        "mentions": [],
        "attachments": [],
    }


def markup_of(message: Message) -> str:
    """Return a message as Teams shows it."""
    shown = [one for one in message.activity.get("attachments") or [] if one.get("contentType") == "text/html"]
    return str(shown[0]["content"]) if shown else f"<p>{html.escape(str(message.activity.get('text') or ''))}</p>"
