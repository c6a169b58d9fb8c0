"""Teams as a way to reach people: channels behind the gate, and personal chats.

A message is known by "CONVERSATION|ACTIVITY": a post in a channel begins a conversation of its own, its thread.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from adapters.teams.cards import render_card
from adapters.teams.connection import Connection, Json, Spot
from adapters.teams.gate import Gate
from adapters.teams.people import PLATFORM, People
from adapters.teams.rendered import Rendered
from adapters.teams.ringing import Ringing
from adapters.teams.tenants import Places, Tenants
from bot.escalation.errors import ChannelDownError, EscalationError, StoreError, ThrottledError, UndeliverableError
from bot.escalation.message import Message
from bot.ports import Knowledge
from knowledge.model import Contact

# Seven messages a second in one conversation, and 1,800 an hour: learn.microsoft.com, bots/how-to/rate-limit.
PACE_S = 1.0
_TEAMS_ID = "29:"
_NO_TENANT = "Signpost is not installed in a tenant of this school"
_NO_CHAT = "Signpost has no address for this tenant yet: somebody must write to it there first"


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that stands in Teams."""

    conversation: str
    activity: str

    def __str__(self) -> str:
        """Return it as the id that is kept."""
        return f"{self.conversation}|{self.activity}"


def posted(known: str) -> Posted:
    """Read the id of a message."""
    conversation, _, activity = known.rpartition("|")
    return Posted(conversation, activity)


class TeamsChannel:
    """Sends to the tenants of the school that a message is of, and to no other."""

    platform = PLATFORM
    pace = PACE_S

    def __init__(
        self, connection: Connection, tenants: Tenants, people: People, gate: Gate, knowledge: Knowledge, *, bot: str
    ) -> None:
        self._connection = connection
        self._tenants = tenants
        self._people = people
        self._gate = gate
        self._bell = Ringing(knowledge, self, people.now)
        self._bot = bot

    @property
    def places(self) -> Places:
        """Where Signpost can post."""
        return self._tenants.places

    def address(self, contact: Contact) -> str | None:
        """Return a contact's object id; None where the register has none, or names somebody not seen yet."""
        named = (reach.value for reach in contact.reach if reach.kind == PLATFORM)
        return next(filter(None, map(self._people.names.user, named)), None)

    async def members(self, school: str, place: str) -> frozenset[str] | None:
        """Return the object ids of everybody who reads a channel; None where it is no place to tell.

        Raises ChannelDownError where Teams cannot say just now.
        """
        unknown: EscalationError | None = None
        for tenant in self._tenants.homes_of(school):
            try:
                if await self._gate.fault(tenant, place) is None:
                    return await self._gate.members(tenant, place)
            except (ChannelDownError, ThrottledError) as error:  # it may be safe: nobody is given up for an outage
                unknown = error
            except UndeliverableError:
                continue
        if unknown:
            raise ChannelDownError("who reads there cannot be found out just now") from unknown
        return None

    async def send(self, message: Message) -> str:
        """Send a message; its id is "CONVERSATION|ACTIVITY". Raises as the Channel port says."""
        refused: UndeliverableError | None = None
        for tenant in self._tenants.homes_of(message.school):
            try:
                return str(await self._send(tenant, message))
            except UndeliverableError as error:  # the person, or the channel, may be in the school's other tenant
                refused = refused or error
        raise refused or UndeliverableError(_NO_TENANT)

    async def tell(self, tenant: str, user: str, rendered: Rendered) -> Posted:
        """Write to somebody in their personal chat. Raises EscalationError."""
        return await self._in_chat(tenant, user, rendered.activity)

    async def post(self, spot: Spot, rendered: Rendered, *, beneath: str | None = None) -> Posted:
        """Post something at once, outside the courier. Raises EscalationError."""
        return Posted(spot.conversation, await self._connection.send(spot, rendered.activity, beneath=beneath))

    async def post_in(self, tenant: str, channel: str, rendered: Rendered) -> Posted:
        """Begin a thread in a channel. Raises EscalationError."""
        conversation, activity = await self._connection.begin(
            self._url(tenant),
            {
                "isGroup": True,
                "bot": {"id": self._own_id(tenant)},
                "tenantId": tenant,
                "channelData": {"channel": {"id": channel}, "tenant": {"id": tenant}},
                "activity": rendered.activity,
            },
        )
        return Posted(conversation, activity)

    async def edit(self, tenant: str, known: str, rendered: Rendered) -> Posted:
        """Put something in place of a message, by its id. Raises EscalationError."""
        found = posted(known)
        spot = Spot(self._url(tenant), found.conversation)
        await self._connection.update(spot, found.activity, rendered.activity)
        return found

    def member_id(self, tenant: str, user: str) -> str:
        """Return the id by which Teams knows somebody, or their Entra id where it has not said."""
        return self._people.member_id(tenant, user)

    async def typing(self, spot: Spot) -> None:
        """Show that Signpost is looking. Raises EscalationError."""
        await self._connection.send(spot, {"type": "typing"})

    # ---- Steps -----------------------------------------------------------------------------------------------------

    async def _send(self, tenant: str, message: Message) -> Posted:
        address = message.address
        if address.kind == "place":
            await self._gate.check(tenant, address.id)
        rendered = await self._rendered(tenant, message)
        if message.replaces:
            return await self.edit(tenant, message.replaces, rendered)
        if address.kind != "place":
            return await self._in_chat(tenant, address.id, rendered.activity)
        if message.beneath:
            thread = posted(message.beneath)
            spot = Spot(self._url(tenant), thread.conversation)
            return Posted(thread.conversation, await self._connection.send(spot, rendered.activity))
        return await self.post_in(tenant, address.id, rendered)

    async def _rendered(self, tenant: str, message: Message) -> Rendered:
        """Return the card, which Teams fetches anew for whoever reads it, and calls those who must see it now."""
        address = message.address
        if address.kind != "place":
            return render_card(message, _refreshed(message, (self._people.member_id(tenant, address.id),)))
        rendered = render_card(message, _refreshed(message, await self._gate.ids(tenant, address.id)))
        readers = await self._gate.members(tenant, address.id)
        return self._bell.ring(rendered, message, readers)

    async def _in_chat(self, tenant: str, user: str, activity: Json) -> Posted:
        """Post in somebody's personal chat: the known one, or a new one where Teams does not know that any more."""
        known = self.places.chat(tenant, user)
        if known is not None:
            try:
                return Posted(known.conversation, await self._connection.send(known, activity))
            except UndeliverableError:
                with suppress(StoreError):  # it is learnt again where they write
                    await self.places.forget_chat(tenant, user)
        spot = await self._begin_chat(tenant, user)
        return Posted(spot.conversation, await self._connection.send(spot, activity))

    async def _begin_chat(self, tenant: str, user: str) -> Spot:
        url = self._url(tenant)
        conversation, _ = await self._connection.begin(
            url,
            {
                "isGroup": False,
                "bot": {"id": self._own_id(tenant)},
                "members": [{"id": self._people.member_id(tenant, user)}],
                "tenantId": tenant,
                "channelData": {"tenant": {"id": tenant}},
            },
        )
        spot = Spot(url, conversation)
        with suppress(StoreError):
            await self.places.note_chat(tenant, user, spot)
        return spot

    def _own_id(self, tenant: str) -> str:
        return self.places.bot(tenant) or self._bot

    def _url(self, tenant: str) -> str:
        """Return the address of the service that holds a tenant. Raises UndeliverableError where none is known."""
        url = self.places.service_url(tenant)
        if url is None:
            raise UndeliverableError(_NO_CHAT)
        return url


def _refreshed(message: Message, ids: Sequence[str]) -> Sequence[str]:
    """Return for whom a card is fetched anew: for nobody where it quotes words, which stand on the posted one alone."""
    return to_refresh(ids) if message.acts and message.quoted is None else ()


def to_refresh(ids: Sequence[str]) -> Sequence[str]:
    """Return those of whom Teams takes it: it knows people by ids of its own there."""
    return [one for one in ids if one.startswith(_TEAMS_ID)]


def bot_id(app_id: str) -> str:
    """Return the id by which Teams knows the bot of an app."""
    return f"28:{app_id}"
