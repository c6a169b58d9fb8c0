"""A known workspace none of whose schools is served, for a pack is broken or missing: nobody there meets silence.

Whoever writes, types or taps reads the same sentence. Nothing of what they wrote is looked at, kept or passed on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat import wording
from adapters.chat.later import Later
from adapters.slack import modals
from adapters.slack.blocks import words
from adapters.slack.calls import translated
from adapters.slack.channel import SlackChannel
from adapters.slack.notes import note
from adapters.slack.shapes import is_written

_ANYTHING = re.compile(".*")

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
        if event.get("channel_type") == "im" and is_written(event):
            thread = event.get("thread_ts") or event.get("ts")
            post = partial(self.channel.post, str(context.team_id), str(event["channel"]), note(wording.CANNOT_ANSWER))
            await self.later.post(partial(post, thread_ts=thread))

    async def mention(self, event: Event, context: AsyncBoltContext) -> None:
        """Answer a mention, so that only the one who asked reads it."""
        if is_written(event):
            show = partial(self.channel.show, str(context.team_id), str(event["channel"]), str(event["user"]))
            await self.later.post(partial(show, note(wording.CANNOT_ANSWER), event.get("thread_ts")))

    async def home_opened(self, event: Event, client: AsyncWebClient) -> None:
        """Say it in the home tab too, in place of what stood there."""
        if event.get("tab") == "home" and event.get("user"):
            await self.later.post(partial(self._in_home, str(event["user"]), client))

    async def command(self, ack: AsyncAck) -> None:
        """Answer a command, to whoever typed it alone."""
        said = note(wording.CANNOT_ANSWER)
        await ack(text=said.text, blocks=list(said.blocks), response_type="ephemeral")

    async def tapped(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """Answer a shortcut or a tap by direct message."""
        await ack()
        # A card was passed on before; of a new question nothing was.
        acts = str(next(iter(body.get("actions") or [{}])).get("action_id") or "")
        said = wording.SCHOOL_AWAY if acts.startswith(("desk:", "asker:")) else wording.CANNOT_ANSWER
        await self.later.post(partial(self.channel.tell, str(context.team_id), str(body["user"]["id"]), note(said)))

    async def submitted(self, ack: AsyncAck, body: Body) -> None:
        """Answer what was filled in, in its place; a view that was closed needs none."""
        if body.get("type") == "view_closed":
            await ack()
            return
        await ack(response_action="update", view=modals.said_view(wording.NOT_DONE, wording.CANNOT_ANSWER))

    async def other(self) -> None:
        """Leave everything else alone."""

    async def _in_home(self, user: str, client: AsyncWebClient) -> None:
        with translated():
            await client.views_publish(user_id=user, view={"type": "home", "blocks": words(wording.CANNOT_ANSWER)})
