"""Slack as a way to reach people: private channels behind the gate, and direct messages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from adapters.chat.cache import Lately
from adapters.slack.calls import translated
from adapters.slack.cards import render_card
from adapters.slack.gate import Gate
from adapters.slack.people import PLATFORM
from adapters.slack.rendered import Rendered
from adapters.slack.workspaces import Workspaces
from bot.escalation.errors import ChannelDownError, EscalationError, ThrottledError, UndeliverableError
from bot.escalation.message import Message
from bot.escalation.model import DeliveryKind
from knowledge.model import Contact

# About one message a second in one channel: docs.slack.dev, apis/web-api/rate-limits.
PACE_S = 1.0
_DAY = timedelta(days=1)
_EVENT = "signpost_delivery"
_NO_WORKSPACE = "Signpost is not installed in a workspace of this school"
# What rings for people although it stands in a thread.
_CALLS = frozenset({DeliveryKind.CHASE, DeliveryKind.STALE, DeliveryKind.ANSWER})


class SlackChannel:
    """Sends to the workspaces of the school that a message is of, and to no other (RS-19)."""

    platform = PLATFORM
    pace = PACE_S

    def __init__(self, workspaces: Workspaces, gate: Gate, now: Callable[[], datetime]) -> None:
        self._workspaces = workspaces
        self._gate = gate
        self._direct: Lately[tuple[str, str], str] = Lately(_DAY, now)

    def address(self, contact: Contact) -> str | None:
        """Return a contact's member id; None where the register has none."""
        return next((reach.value for reach in contact.reach if reach.kind == PLATFORM), None)

    async def members(self, school: str, place: str) -> frozenset[str] | None:
        """Return the member ids of everybody who reads a private channel; None where it is no place to tell.

        Raises ChannelDownError where Slack cannot say just now.
        """
        unknown: EscalationError | None = None
        for team in self._workspaces.homes_of(school):
            try:
                if await self._gate.fault(team, place) is None:
                    return await self._gate.members(team, place)
            except (ChannelDownError, ThrottledError) as error:  # it may be safe: nobody is given up for an outage
                unknown = error
            except UndeliverableError:
                continue
        if unknown or self._workspaces.expects_more:
            raise ChannelDownError("who reads there cannot be found out just now") from unknown
        return None

    async def send(self, message: Message) -> str:
        """Send a message; its id is "CHANNEL:TS". Raises as the Channel port says."""
        refused: UndeliverableError | None = None
        for team in self._workspaces.homes_of(message.school):
            try:
                return await self._send(team, message)
            except UndeliverableError as error:  # the person, or the channel, may be in the school's other workspace
                refused = refused or error
        if self._workspaces.expects_more:
            raise ChannelDownError("Slack has not said yet which workspace this is")
        raise refused or UndeliverableError(_NO_WORKSPACE)

    async def direct(self, team: str, user: str) -> str:
        """Return the direct message with somebody. Raises EscalationError where there can be none."""
        return await self._direct.get((team, user), lambda: self._opened(team, user))

    async def post(self, team: str, channel: str, rendered: Rendered, **more: Any) -> str:
        """Post something at once, outside the courier; returns its id. Raises EscalationError."""
        with translated():
            found = await self._workspaces.client(team).chat_postMessage(channel=channel, **_content(rendered), **more)
        return f"{found['channel']}:{found['ts']}"

    async def tell(self, team: str, user: str, rendered: Rendered) -> None:
        """Write to somebody by direct message. Raises EscalationError."""
        await self.post(team, await self.direct(team, user), rendered)

    async def show(self, team: str, channel: str, user: str, rendered: Rendered, thread: str | None) -> None:
        """Show something in a channel to one person alone, or by direct message where the channel does not take it.

        Raises EscalationError.
        """
        try:
            with translated():
                await self._workspaces.client(team).chat_postEphemeral(
                    channel=channel, user=user, text=rendered.text, blocks=list(rendered.blocks), thread_ts=thread
                )
        except UndeliverableError:  # they have left it, or it is read-only by now
            await self.tell(team, user, rendered)

    async def edit(self, team: str, known: str, rendered: Rendered) -> str:
        """Put something in place of a message, by its id; returns that. Raises EscalationError."""
        channel, _, ts = known.partition(":")
        with translated():
            await self._workspaces.client(team).chat_update(channel=channel, ts=ts, **_content(rendered))
        return known

    async def _send(self, team: str, message: Message) -> str:
        client, rendered = self._workspaces.client(team), render_card(message)
        if message.address.kind == "place":
            await self._gate.check(team, message.address.id)
            channel = message.address.id
        else:
            channel = await self.direct(team, message.address.id)
        if message.replaces:
            return await self.edit(team, message.replaces, rendered)
        beneath = message.beneath.partition(":")[2] if message.beneath else None
        thread: dict[str, Any] = {}
        if beneath:
            thread = {"thread_ts": beneath, "reply_broadcast": message.kind in _CALLS}
        known = {"event_type": _EVENT, "event_payload": {"key": message.key, "again": message.again}}
        with translated():
            found = await client.chat_postMessage(channel=channel, metadata=known, **_content(rendered), **thread)
        return f"{found['channel']}:{found['ts']}"

    async def _opened(self, team: str, user: str) -> str:
        with translated():
            found = await self._workspaces.client(team).conversations_open(users=user)
        return str(found["channel"]["id"])


def _content(rendered: Rendered) -> dict[str, Any]:
    """Return a message's content; nothing in it is looked up, linked or unfolded by Slack (RS-11)."""
    return {
        "text": rendered.text,
        "blocks": list(rendered.blocks),
        "unfurl_links": False,
        "unfurl_media": False,
        "link_names": False,
        "parse": "none",
    }
