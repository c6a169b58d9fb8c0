"""A known workspace none of whose schools is served, for a pack is broken or missing: nobody there meets silence.

Whoever writes, types or taps reads the same sentence. Nothing of what they wrote is looked at, kept or passed on.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import modals, wording
from adapters.slack.blocks import words
from adapters.slack.calls import translated
from adapters.slack.channel import SlackChannel
from adapters.slack.later import Later
from adapters.slack.notes import note
from bot.escalation.errors import UndeliverableError

# What people write has no other subtype than these (RS-20).
_WRITTEN = frozenset({None, "file_share", "me_message", "thread_broadcast"})
_ANYTHING = re.compile(".*")
CANNOT_ANSWER = (
    "I cannot answer just now: your school’s policies cannot be read, and nothing has been passed on. If a child may "
    "be at risk, tell whoever leads on safeguarding in your school, in person, now. In danger: phone 999. Whoever "
    "looks after Signpost must mend this; please let them know."
)

CANNOT_OPEN = (
    "I cannot open or change this just now: your school’s policies cannot be read. What was passed on before stays so. "
    "If it cannot wait, speak to your colleagues in person or by phone. Whoever looks after Signpost must mend this; "
    "please let them know."
)

Event = Mapping[str, Any]
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unserved:
    """Answers everything that people do in such a workspace."""

    channel: SlackChannel
    later: Later

    def add_to(self, app: AsyncApp) -> None:
        """Register the listeners; the last one takes every other event."""
        app.event("message")(self.message)
        app.event("app_mention")(self.mention)
        app.event("app_home_opened")(self.home_opened)
        app.command(_ANYTHING)(self.command)
        app.shortcut(_ANYTHING)(self.tapped)
        app.action(_ANYTHING)(self.tapped)
        app.view(_ANYTHING)(self.submitted)
        app.event(_ANYTHING)(self.other)

    async def message(self, event: Event, context: AsyncBoltContext) -> None:
        """Answer a direct message, beneath it."""
        if event.get("channel_type") == "im" and _is_written(event):
            thread = event.get("thread_ts") or event.get("ts")
            post = partial(self.channel.post, str(context.team_id), str(event["channel"]), note(CANNOT_ANSWER))
            await self.later.post(partial(post, thread_ts=thread))

    async def mention(self, event: Event, context: AsyncBoltContext, client: AsyncWebClient) -> None:
        """Answer a mention, so that only the one who asked reads it."""
        if _is_written(event):
            await self.later.post(partial(self._beside, event, str(context.team_id), client))

    async def home_opened(self, event: Event, client: AsyncWebClient) -> None:
        """Say it in the home tab too, in place of what stood there."""
        if event.get("tab") == "home" and event.get("user"):
            await self.later.post(partial(self._in_home, str(event["user"]), client))

    async def command(self, ack: AsyncAck) -> None:
        """Answer a command, to whoever typed it alone."""
        said = note(CANNOT_ANSWER)
        await ack(text=said.text, blocks=list(said.blocks), response_type="ephemeral")

    async def tapped(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """Answer a shortcut or a tap by direct message."""
        await ack()
        # A card was passed on before; of a new question nothing was.
        acts = str(next(iter(body.get("actions") or [{}])).get("action_id") or "")
        said = CANNOT_OPEN if acts.startswith(("desk:", "asker:")) else CANNOT_ANSWER
        await self.later.post(partial(self._tell, str(context.team_id), str(body["user"]["id"]), said))

    async def submitted(self, ack: AsyncAck, body: Body) -> None:
        """Answer what was filled in, in its place; a view that was closed needs none."""
        if body.get("type") == "view_closed":
            await ack()
            return
        await ack(response_action="update", view=modals.said_view(wording.NOT_DONE, CANNOT_ANSWER))

    async def other(self) -> None:
        """Leave everything else alone."""

    async def _beside(self, event: Event, team: str, client: AsyncWebClient) -> None:
        said, user = note(CANNOT_ANSWER), str(event["user"])
        with suppress(UndeliverableError), translated():
            await client.chat_postEphemeral(
                channel=str(event["channel"]),
                user=user,
                text=said.text,
                blocks=list(said.blocks),
                thread_ts=event.get("thread_ts"),
            )
            return
        await self._tell(team, user)

    async def _in_home(self, user: str, client: AsyncWebClient) -> None:
        with translated():
            await client.views_publish(user_id=user, view={"type": "home", "blocks": words(CANNOT_ANSWER)})

    async def _tell(self, team: str, user: str, said: str = CANNOT_ANSWER) -> None:
        await self.channel.post(team, await self.channel.direct(team, user), note(said))


def _is_written(event: Event) -> bool:
    """Tell whether a person wrote it, just now."""
    known = all(event.get(name) for name in ("user", "channel", "ts"))
    return known and event.get("subtype") in _WRITTEN and not event.get("bot_id")
