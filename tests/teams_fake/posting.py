"""What the Bot Connector makes of an activity that the app posts: it refuses it, or keeps it."""

from typing import Any

from tests.teams_fake.card_rules import card_faults, submits_in_chat
from tests.teams_fake.errors import Json, refused
from tests.teams_fake.places import Message, Place, cards_of
from tests.teams_fake.tenant import Tenant
from tests.teams_fake.world import World

KINDS = ("message", "typing")


def utf16(text: str) -> int:
    """Return how many bytes a text has in UTF-16."""
    return len(text.encode("utf-16-le"))


def checked(world: World, activity: Json, text: str) -> Json:
    """Return an activity that may be posted. Refuses one that is too big, or that Teams could not show."""
    if utf16(text) > world.biggest:
        raise refused("MessageSizeTooBig")
    if activity.get("type") not in KINDS:
        raise refused("BadSyntax", f"Unknown activity type {activity.get('type')!r}.")
    if activity["type"] == "message" and not activity.get("text") and not activity.get("attachments"):
        raise refused("BadSyntax", "Activity must have text or attachments.")
    faults = [fault for card in cards_of(_attached(activity)) for fault in card_faults(card)]
    if faults:
        raise refused("BadSyntax", "; ".join(faults))
    world.submits.extend(title for card in cards_of(activity) for title in submits_in_chat(card))
    return activity


def writable(world: World, tenant: Tenant, place_id: str) -> Place:
    """Return a conversation that the app may write in. Refuses it as Teams does."""
    place = tenant.place(place_id)
    if place is None:
        raise refused("ConversationNotFound")
    if not tenant.app_is_allowed:
        raise refused("BotDisabledByAdmin")
    if place.kind == "personal" and place.members[0].has_blocked:
        raise refused("ConversationBlockedByUser")
    if not place.works and not (place.kind == "personal" and reachable(tenant, place)):
        raise refused("BotNotInConversationRoster")
    return place


def reachable(tenant: Tenant, chat: Place) -> bool:
    """Tell whether the app may write to somebody: installed for them, or in a team of theirs and never taken out."""
    in_team = any(team.has_app for team in tenant.teams_of(chat.members[0]))
    return chat.works or (in_team and not chat.app_was_removed)


def post(world: World, place: Place, activity: Json, root: str = "") -> Message | None:
    """Keep a message of the bot, or note that it is typing."""
    if activity["type"] == "typing":
        place.typing.append(world.clock.time())
        return None
    message_id = world.new_message_id()
    in_thread = root if place.kind == "channel" else ""
    message = Message(message_id, place, None, activity, in_thread or message_id)
    place.messages.append(message)
    return message


def replace(message: Message, activity: Json) -> None:
    """Put an activity in place of a message: whatever single people saw there is gone."""
    message.activity = activity
    message.edits += 1
    message.views.clear()


def _attached(activity: Json) -> Json:
    attached: Any = activity.get("attachments") or []
    if not isinstance(attached, list) or not all(isinstance(one, dict) and "contentType" in one for one in attached):
        raise refused("BadSyntax", "The attachments are malformed.")
    if any("content" not in one for one in attached if str(one["contentType"]).endswith("card.adaptive")):
        raise refused("BadSyntax", "A card has no content.")
    return activity
