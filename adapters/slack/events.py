"""The events that Signpost hears: direct messages, mentions, its home and its conversation being opened, being removed.

An event that is none of these is acknowledged and left alone: Slack takes the whole subscription away from an app that
does not answer (RS-5). Files are never fetched (RS-86).
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat import wording
from adapters.chat.later import Posted
from adapters.slack import wording as in_slack
from adapters.slack.asking import Asking, Where
from adapters.slack.calls import translated
from adapters.slack.deskwork import Deskwork
from adapters.slack.front import key_of, leave_open
from adapters.slack.home_tab import HomeTab
from adapters.slack.installing import Installing
from adapters.slack.mrkdwn import as_typed
from adapters.slack.notes import note
from adapters.slack.rendered import Rendered
from adapters.slack.shapes import is_id, is_written
from bot.escalation.errors import EscalationError

Event = Mapping[str, Any]
_SEEN = "eyes"
_SIGN_S = 0.5
_CHANNEL = "slack#/types/channel_id"


@dataclass(frozen=True, slots=True)
class Events:
    """Takes events."""

    asking: Asking
    home: HomeTab
    installing: Installing
    deskwork: Deskwork

    def add_to(self, app: AsyncApp) -> None:
        """Register the listeners; the last one takes every other event."""
        app.event("message")(self.message)
        app.event("app_mention")(self.mention)
        app.event("app_home_opened")(self.home_opened)
        app.event("app_context_changed")(self.context_changed)
        app.event("app_uninstalled")(self.removed)
        app.event("tokens_revoked")(self.removed)
        app.event(re.compile(".*"))(self.other)

    async def message(self, event: Event, context: AsyncBoltContext, client: AsyncWebClient) -> None:
        """Answer a direct message; what is written elsewhere is not for Signpost."""
        if event.get("channel_type") != "im" or not is_written(event):
            return
        where = Where(str(context.team_id), str(event["user"]), str(event["channel"]), _thread(event), is_direct=True)
        seen = self.asking.later.run(self._seen_directly(client, where))
        await self._answer(event, where, context, seen)

    async def mention(self, event: Event, context: AsyncBoltContext, client: AsyncWebClient) -> None:
        """Answer a mention, so that only the one who asked reads it."""
        if not is_written(event):
            return
        thread = event.get("thread_ts")
        begins = None if thread else str(event["ts"])
        where = Where(str(context.team_id), str(event["user"]), str(event["channel"]), thread, begins=begins)
        seen = self.asking.later.run(self._seen_in_channel(client, event))
        await self._answer(event, where, context, seen)

    async def home_opened(self, event: Event, context: AsyncBoltContext, client: AsyncWebClient) -> None:
        """Show the home tab as it stands; greet whoever opens the conversation for the first time."""
        user, channel = str(event.get("user") or ""), str(event.get("channel") or "")
        where = Where(str(context.team_id), user, channel, is_direct=True)
        if not user:
            return
        if event.get("tab") == "home":
            await self.home.show(where, client)
        elif event.get("tab") == "messages" and where.channel:
            self._looks_at(where, event)
            await self.home.greet(where)

    async def context_changed(self, event: Event, context: AsyncBoltContext) -> None:
        """Note which channel somebody looks at while the conversation is open beside it."""
        self._looks_at(Where(str(context.team_id), str(event.get("user") or ""), ""), event)

    async def removed(self, context: AsyncBoltContext, event: Event) -> None:
        """Forget the token of a workspace that has taken Signpost out."""
        if event.get("type") == "tokens_revoked" and not (event.get("tokens") or {}).get("bot"):
            return
        await self.installing.removed(str(context.team_id))

    async def other(self) -> None:
        """Leave everything else alone."""

    async def _answer(self, event: Event, where: Where, context: AsyncBoltContext, seen: asyncio.Task[object]) -> None:
        key, replies = key_of(context), count()

        async def say(*shown: Rendered) -> None:
            await asyncio.wait({seen}, timeout=_SIGN_S)  # Slack takes the sign away with the answer that comes after it
            named = f"{key} {next(replies)}" if key else None
            posted = await self.asking.later.post(*(partial(self._say, where, one) for one in shown), key=named)
            if posted is Posted.WAITS:
                leave_open(context)

        if event.get("files"):
            await say(note(wording.NO_FILES))
        text = as_typed(str(event.get("text") or ""), context.bot_user_id)
        if not text and event.get("files"):
            return
        is_beneath = where.is_direct and text and event.get("thread_ts")
        taken = await self.deskwork.beneath(where, text, key) if is_beneath else None
        if taken is None:
            await self.asking.ask(where, text, key, say)
        else:
            await say(note(taken))

    def _looks_at(self, where: Where, event: Event) -> None:
        entities = (event.get("context") or {}).get("entities") or ()
        seen = [one.get("value") for one in entities if one.get("type") == _CHANNEL]
        self.asking.own_schools.looks_at(where.team, where.user, next((one for one in seen if is_id(one)), None))

    async def _say(self, where: Where, rendered: Rendered) -> None:
        """Show something to the asker alone, in the thread they wrote in."""
        if where.is_direct:
            await self.asking.post(where, rendered)
        else:
            await self.asking.channel.show(where.team, where.channel, where.user, rendered, where.thread)

    async def _seen_directly(self, client: AsyncWebClient, where: Where) -> None:
        try:
            with translated():
                await client.assistant_threads_setStatus(
                    channel_id=where.channel, thread_ts=where.thread or "", status=in_slack.LOOKING
                )
        except EscalationError:
            return  # only a sign, in workspaces that show it

    async def _seen_in_channel(self, client: AsyncWebClient, event: Event) -> None:
        try:
            with translated():
                await client.reactions_add(channel=str(event["channel"]), timestamp=str(event["ts"]), name=_SEEN)
        except EscalationError:
            return  # only a sign


def _thread(event: Event) -> str:
    """Return the thread of a direct message: each message begins one, in the agent conversation."""
    return str(event.get("thread_ts") or event.get("ts") or "")
