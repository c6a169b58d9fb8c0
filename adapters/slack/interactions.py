"""Commands, shortcuts, buttons and views, read from what Slack sends and handed on."""

import asyncio
import logging
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from http import HTTPStatus
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat import wording
from adapters.chat.submissions import Submissions
from adapters.slack import modals
from adapters.slack import wording as in_slack
from adapters.slack.admin import Administering
from adapters.slack.asking import Asking, Say, Where
from adapters.slack.calls import translated
from adapters.slack.deskwork import Deskwork, Hand
from adapters.slack.front import key_of
from adapters.slack.home_tab import HomeTab
from adapters.slack.mrkdwn import as_typed
from adapters.slack.notes import CHOOSE_SCHOOL, note
from adapters.slack.raising import RaisingAConcern
from adapters.slack.rendered import Rendered
from adapters.slack.taps import Taps, chosen_school, tap_of
from bot.escalation.errors import ChannelDownError, EscalationError, UndeliverableError
from bot.escalation.message import Act

Body = Mapping[str, Any]
ASK = "/policy"
ADMIN = "/policy-admin"
ASK_ABOUT_THIS = "ask-signpost"
RAISE_A_CONCERN = "raise-a-concern"
# Slack waits three seconds for an answer to a command (RS-1), and the way there and back takes some of them.
_PATIENCE_S = 2.0
_log = logging.getLogger("signpost.slack")
_TYPED = ("desk-reply", "asker-answer")
# These look at Slack, or at every file of a pack.
_SLOW = frozenset({"reload", "check", "doctor", "routes"})


@dataclass(frozen=True, slots=True)
class Interactions:
    """Takes everything that somebody types or taps but messages."""

    asking: Asking
    taps: Taps
    deskwork: Deskwork
    raising: RaisingAConcern
    home: HomeTab
    admin: Administering
    submissions: Submissions = field(default_factory=Submissions)

    def add_to(self, app: AsyncApp) -> None:
        """Register the listeners."""
        app.command(ASK)(self.ask)
        app.command(ADMIN)(self.administer)
        app.shortcut(ASK_ABOUT_THIS)(self.ask_about_this)
        app.shortcut(RAISE_A_CONCERN)(self.raise_a_concern)
        app.action(re.compile("^reply:"))(self.reply_tap)
        app.action(CHOOSE_SCHOOL)(self.choose_school)
        app.action(re.compile("^(desk|asker):"))(self.desk_tap)
        app.action(re.compile("^home:"))(self.home_tap)
        app.action(re.compile(".*"))(self.nothing)
        app.view("raise-1")(self.raise_described)
        app.view("raise-2")(self.raise_told)
        app.view(re.compile("^(desk|asker)-"))(self.desk_submitted)
        app.view(re.compile(".*"))(self.nothing)

    # ---- Asking ----------------------------------------------------------------------------------------------------

    async def ask(self, ack: AsyncAck, respond: AsyncRespond, body: Body, context: AsyncBoltContext) -> None:
        """Answer /policy within the request; what needs more than one message, or more time than Slack has, follows."""
        # What a command is answered is gone when they look again, in a direct message too.
        where = replace(_where(body, context, str(body.get("channel_id") or "")), is_direct=False)
        said: list[Rendered] = []
        text = as_typed(str(body.get("text") or ""), None)
        asked = asyncio.create_task(self.asking.ask(where, text, key_of(context), _into(said)))
        await asyncio.wait({asked}, timeout=_PATIENCE_S)
        if not asked.done():
            slow = note(in_slack.SLOW)
            await ack(text=slow.text, blocks=list(slow.blocks), response_type="ephemeral")
            self.asking.later.run(self._follow(asked, said, respond, where))
            return
        asked.result()
        first, *others = said
        await ack(text=first.text, blocks=list(first.blocks), response_type="ephemeral")
        if others:
            follow = (partial(self._respond, respond, where, one) for one in others)
            self.asking.later.run(self.asking.later.post(*follow))

    async def _follow(
        self, asked: asyncio.Task[None], said: Sequence[Rendered], respond: AsyncRespond, where: Where
    ) -> None:
        """Show an answer that took too long, once it is there."""
        try:
            await asked
        except Exception as error:  # noqa: BLE001 - they were promised an answer, and its text may hold what they wrote
            _log.error("a question could not be answered, for a fault of ours: %s", type(error).__name__)
            said = [note(in_slack.CANNOT_SHOW)]
        await self.asking.later.post(*(partial(self._respond, respond, where, one) for one in said))

    async def administer(self, ack: AsyncAck, respond: AsyncRespond, body: Body, context: AsyncBoltContext) -> None:
        """Answer /policy-admin; what may take longer than Slack waits is answered a little later."""
        where, text = _where(body, context, str(body.get("channel_id") or "")), str(body.get("text") or "")
        if text.split()[:1] and text.split(maxsplit=1)[0].lower() in _SLOW:
            await ack(text=wording.WORKING, response_type="ephemeral")
            self.asking.later.run(self._administer(where, text, respond))
            return
        rendered = await self.admin.command(where, text)
        await ack(text=rendered.text, blocks=list(rendered.blocks), response_type="ephemeral")

    async def _administer(self, where: Where, text: str, respond: AsyncRespond) -> None:
        try:
            rendered = await self.admin.command(where, text)
        except Exception as error:  # noqa: BLE001 - they were promised an answer
            _log.error("an admin's command could not be answered, for a fault of ours: %s", type(error).__name__)
            rendered = note(wording.COMMAND_FAILED)
        await self.asking.later.post(lambda: self._respond(respond, where, rendered))

    async def ask_about_this(self, ack: AsyncAck, respond: AsyncRespond, body: Body, context: AsyncBoltContext) -> None:
        """Answer a message that somebody points at, to them alone."""
        await ack()
        channel = str((body.get("channel") or {}).get("id") or "")
        text = as_typed(str((body.get("message") or {}).get("text") or ""), None)
        where = replace(_where(body, context, channel), is_direct=False)  # it may be the direct message of two others
        await self.asking.ask(where, text, key_of(context), self._say(respond, where), points_at=True)

    # ---- Raising a concern -----------------------------------------------------------------------------------------

    async def raise_a_concern(
        self, ack: AsyncAck, body: Body, context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Open the first step; where it cannot be shown, say whom to tell."""
        await ack()
        where = _where(body, context, "")
        try:
            await self.raising.begin(Hand(where, client, str(body.get("trigger_id") or "")))
        except EscalationError:
            await self.asking.later.post(lambda: self.asking.tell(where, note(in_slack.CANNOT_SHOW)))

    async def raise_described(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """Show the second step in place of the first."""
        values = body["view"]["state"]["values"]
        view = await self.raising.describe(_where(body, context, ""), _view_key(body) or key_of(context), values)
        await ack(response_action="update", view=view)

    async def raise_told(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """Pass it on, and show the last step."""
        view = await self.raising.tell(_where(body, context, ""), str(body["view"].get("private_metadata") or ""))
        await ack(response_action="update", view=view)

    # ---- Taps ------------------------------------------------------------------------------------------------------

    async def reply_tap(
        self, ack: AsyncAck, respond: AsyncRespond, body: Body, context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Take a tap on a reply; one inside the modal changes the modal."""
        await ack()
        tap = tap_of(body["actions"][0], body.get("message"))
        if tap is None:
            return
        where = _tapped(body, context)
        view = body.get("view")
        if view:
            hand = Hand(where, client, "", str(view.get("id") or ""))
            await self._update(hand, await self.raising.involved(where, tap))
            return
        await self.taps.take(where, tap, key_of(context), self._say(respond, where))

    async def choose_school(self, ack: AsyncAck, respond: AsyncRespond, body: Body, context: AsyncBoltContext) -> None:
        """Take the school that somebody asks for."""
        await ack()
        chosen = chosen_school(body["actions"][0])
        if chosen:
            where = _tapped(body, context)
            school, pending = chosen
            await self.asking.chosen(where, school, self._say(respond, where), pending=pending)
            if body.get("view"):
                await self.home.show(where, context.client)

    async def desk_tap(
        self, ack: AsyncAck, respond: AsyncRespond, body: Body, context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Take a tap on a card, or inside the view that shows the words."""
        await ack()
        action = body["actions"][0]
        view = body.get("view") or {}
        in_modal = str(view.get("id")) if view.get("type") == "modal" else None
        hand = Hand(_tapped(body, context), client, str(body.get("trigger_id") or ""), in_modal)
        name = str(action["action_id"]).partition(":")[2]
        if name not in list(Act):
            return
        act = Act(name)
        problem = await self.deskwork.tap(hand, act, str(action.get("value") or ""))
        if view.get("type") == "home":
            if problem is not None:
                await self._show(hand, problem)
            await self.home.show(hand.where, client)
        elif problem is not None:
            await self._refuse(hand, problem, respond)
        elif in_modal and act in {Act.ACKNOWLEDGE, Act.REOPEN}:
            await self._reopen(hand, str(action.get("value") or ""))

    async def desk_submitted(
        self, ack: AsyncAck, body: Body, context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Take what was filled in; a refusal stands beneath the field, or in place of the view."""
        view = body["view"]
        callback = str(view["callback_id"])
        submit = partial(
            self.deskwork.submit,
            *(_where(body, context, ""), callback, str(view.get("private_metadata") or ""), view["state"]["values"]),
        )
        problem = await self.submissions.once(_view_key(body), submit)
        if problem is None:
            await ack(response_action="clear")
            await self._follow_up(_where(body, context, ""), callback, client)
        elif callback in _TYPED:
            await ack(response_action="errors", errors={"text": problem})  # what was typed must not be lost
        else:
            await ack(response_action="update", view=modals.said_view(wording.NOT_DONE, problem))

    async def _follow_up(self, where: Where, callback: str, client: AsyncWebClient) -> None:
        """Say to the asker that what they wrote was added, and show what was done in the home tab beneath the view."""
        if callback == "asker-answer":
            await self.asking.later.post(partial(self.asking.tell, where, note(wording.ADDED)))
        self.asking.later.run(self.home.show(where, client))

    async def home_tap(self, ack: AsyncAck, body: Body, context: AsyncBoltContext, client: AsyncWebClient) -> None:
        """Take a tap in the home tab."""
        await ack()
        hand = Hand(_tapped(body, context), client, str(body.get("trigger_id") or ""))
        await self.home.tap(hand, body["actions"][0])

    async def nothing(self, ack: AsyncAck) -> None:
        """Acknowledge what does nothing: a link, a choice that counts once it is submitted."""
        await ack()

    # ---- Saying something ------------------------------------------------------------------------------------------

    def _say(self, respond: AsyncRespond, where: Where) -> Say:
        """Return how to show something to whoever tapped: in their direct message for good, elsewhere to them alone."""

        async def say(*shown: Rendered) -> None:
            way = self.asking.post if where.is_direct else partial(self._respond, respond)
            ways = (partial(way, where, one) for one in shown)
            await self.asking.later.post(*ways)

        return say

    async def _show(self, hand: Hand, problem: str) -> None:
        """Say in a view why something did not fit; where Slack shows none, in their direct messages."""
        try:
            await hand.show(modals.said_view(wording.NOT_DONE, problem))
        except EscalationError:
            await self.asking.later.post(partial(self.asking.tell, hand.where, note(problem)))

    async def _refuse(self, hand: Hand, problem: str, respond: AsyncRespond) -> None:
        """Say why something did not fit: in a view to whoever is in one, else to them alone beneath the card."""
        if hand.view is None:
            await self.asking.later.post(lambda: self._respond(respond, hand.where, note(problem)))
            return
        await self._update(hand, modals.said_view(wording.NOT_DONE, problem))

    async def _reopen(self, hand: Hand, escalation: str) -> None:
        """Show the words anew in the view where something was done, as they stand now."""
        view = await self.deskwork.opened(hand.where, escalation)
        if view is not None:
            await self._update(hand, view)

    async def _update(self, hand: Hand, view: dict[str, Any]) -> None:
        """Change the view somebody looks at; where they have closed it, it is lost: all of it can be opened again."""
        with suppress(EscalationError):
            await hand.change(view)

    async def _respond(self, respond: AsyncRespond, where: Where, rendered: Rendered) -> None:
        """Show something to whoever acted, through the address that came with it, or directly once that is used (RS-2).

        Raises EscalationError.
        """
        try:
            await _respond(respond, rendered)
        except UndeliverableError:
            await self.asking.tell(where, rendered)


def _view_key(body: Body) -> str | None:
    """Return the key of a view: whoever submits it again, because Slack did not wait, means the same."""
    view = body["view"].get("id")
    return f"slack:view:{view}" if view else None


def _into(said: list[Rendered]) -> Say:
    async def say(*shown: Rendered) -> None:
        said.extend(shown)

    return say


async def _respond(respond: AsyncRespond, rendered: Rendered) -> None:
    """Show something to whoever acted, through the address that came with it (RS-2). Raises EscalationError."""
    if not respond.response_url:
        raise UndeliverableError("no address came with it")
    with translated():
        answer = await respond(
            text=rendered.text, blocks=list(rendered.blocks), response_type="ephemeral", replace_original=False
        )
    if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS or answer.status_code >= 500:
        raise ChannelDownError(str(answer.status_code))
    if answer.status_code >= 400:
        raise UndeliverableError(str(answer.status_code))


def _where(body: Body, context: AsyncBoltContext, channel: str) -> Where:
    user = body.get("user_id") or (body.get("user") or {}).get("id")
    return Where(str(context.team_id), str(user or ""), channel, is_direct=channel.startswith("D"))


def _tapped(body: Body, context: AsyncBoltContext) -> Where:
    channel = str((body.get("channel") or {}).get("id") or "")
    container = body.get("container") or {}
    is_direct = channel.startswith("D") and not container.get("is_ephemeral")
    thread = container.get("thread_ts") or (container.get("message_ts") if is_direct else None)
    return Where(str(context.team_id), str((body.get("user") or {}).get("id") or ""), channel, thread, is_direct)
