"""Somebody who uses Slack: what they write, tap, choose, open and submit goes to the app as Slack would send it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from tests.slack_fake import events, interactions
from tests.slack_fake.acks import apply_command, apply_submission
from tests.slack_fake.delivery import Answer, Kind
from tests.slack_fake.elements import PRESSED, chosen, find, interactive, missing
from tests.slack_fake.errors import ImpossibleError
from tests.slack_fake.interactions import Actor
from tests.slack_fake.people import User
from tests.slack_fake.places import Channel, Message
from tests.slack_fake.views import View
from tests.slack_fake.workspace import Workspace
from tests.slack_fake.world import World


class Post(Protocol):
    """What a person needs of the fake: to have things sent to the app."""

    world: World

    async def send(self, kind: Kind, payload: dict[str, Any]) -> Answer:
        """Send a command or an interaction."""
        ...

    async def event(
        self, workspace: Workspace, event: dict[str, Any], *, needs: str | None = None, ext_shared: bool = False
    ) -> Answer | None:
        """Send an event; nothing is sent where the app did not subscribe to it."""
        ...


class Person:
    """One user in one workspace."""

    def __init__(self, post: Post, workspace: Workspace, user: User) -> None:
        """Be that user."""
        self._post = post
        self.workspace = workspace
        self.user = user
        self._actor = Actor(post.world, workspace, user)

    @property
    def dm(self) -> Channel:
        """Return their conversation with the bot."""
        return self.workspace.dm(self.user.id)

    @property
    def modal(self) -> View:
        """Return the modal they look at."""
        top = self.workspace.views.top(self.user.id)
        if top is None:
            raise ImpossibleError(f"{self.user.name} has no modal open")
        return top

    @property
    def has_modal(self) -> bool:
        """Tell whether they look at a modal."""
        return self.workspace.views.top(self.user.id) is not None

    @property
    def home(self) -> View:
        """Return their Home."""
        return self.workspace.views.homes[self.user.id]

    def reads(self, channel: str | None = None) -> list[Message]:
        """Return what they can read in a channel, or in their conversation with the bot."""
        place = self.workspace.channels[channel] if channel else self.dm
        return place.seen_by(self.user.id)

    async def says_in_dm(self, text: str, thread_ts: str | None = None) -> Answer:
        """Write to the bot."""
        return _sent(await self.says(self.dm.id, text, thread_ts), "message.im")

    async def says(self, channel: str, text: str, thread_ts: str | None = None) -> Answer | None:
        """Write in a channel. The app hears of it where it is in the channel and subscribed to its messages."""
        place = self._place(channel)
        said = self._write(place, events.escaped(text), thread_ts)
        return await self._tell(place, said, events.message, _messages_of(place))

    async def mentions(self, channel: str, text: str, thread_ts: str | None = None) -> list[Answer]:
        """Write in a channel, with a mention of the bot first: `app_mention` goes out, and `message` if subscribed."""
        place = self._place(channel)
        said = self._write(place, f"<@{self.workspace.bot.id}> {events.escaped(text)}", thread_ts)
        told = [
            None if place.is_im else await self._tell(place, said, events.app_mention, "app_mention"),
            await self._tell(place, said, events.message, _messages_of(place)),
        ]
        return [answer for answer in told if answer is not None]

    async def edits(self, message: Message, text: str) -> Answer | None:
        """Change a message of theirs."""
        before = message.as_json()
        message.text, message.edits = events.escaped(text), message.edits + 1
        message.edited = {"user": self.user.id, "ts": self.workspace.new_ts()}
        place = self.workspace.channels[message.channel]
        event = events.message_changed(self.workspace, place, before, message.as_json())
        return await self._post.event(self.workspace, event, needs=_messages_of(place))

    async def deletes(self, message: Message) -> Answer | None:
        """Delete a message of theirs."""
        place = self.workspace.channels[message.channel]
        place.remove(message)
        event = events.message_deleted(self.workspace, place, message)
        return await self._post.event(self.workspace, event, needs=_messages_of(place))

    async def shares_file(self, name: str, text: str = "", channel: str | None = None) -> Answer | None:
        """Share a file with the bot, or in a channel."""
        place = self._place(channel or self.dm.id)
        address = f"{self._post.world.root}/files/{name}"
        file = {
            "id": self.workspace.new_name("F"),
            "name": name,
            "mimetype": "application/octet-stream",
            "mode": "hosted",
            "user": self.user.id,
            "url_private": address,
            "url_private_download": address,
        }
        said = self._write(place, events.escaped(text), None)
        said.files.append(file)
        return await self._tell(place, said, events.message, _messages_of(place))

    async def slash(self, command: str, text: str = "", channel: str | None = None) -> Answer:
        """Type a slash command."""
        place = self._place(channel or self.dm.id)
        answer = await self._post.send("slash_commands", interactions.slash(self._actor, command, text, place))
        apply_command(self._post.world, self.workspace, place, self.user.id, answer)
        return answer

    async def taps(self, where: Message | View, action_id: str, index: int = 0) -> Answer:
        """Tap a button of a message, a modal or the Home; `index` picks among several with the same action id."""
        if find(self._blocks(where), action_id, index).kind not in PRESSED:
            raise ImpossibleError(f"{action_id!r} is no button")
        return await self._acts(where, action_id, None, index)

    async def selects(self, where: Message | View, action_id: str, choice: Any, index: int = 0) -> Answer:
        """Choose in a menu: the value of an option, the id of a user or channel, a date, or a list of them."""
        if find(self._blocks(where), action_id, index).kind in PRESSED:
            raise ImpossibleError(f"{action_id!r} is a button")
        return await self._acts(where, action_id, choice, index)

    async def shortcut(self, callback_id: str) -> Answer:
        """Use a global shortcut."""
        return await self._post.send("interactive", interactions.shortcut(self._actor, callback_id))

    async def message_shortcut(self, callback_id: str, message: Message) -> Answer:
        """Use a shortcut on a message."""
        self._blocks(message)
        place = self.workspace.channels[message.channel]
        payload = interactions.message_shortcut(self._actor, callback_id, place, message)
        return await self._post.send("interactive", payload)

    async def submits(self, view: View, values: Mapping[str, Any] | None = None) -> Answer:
        """Fill in a modal, by action id or block id, and submit it. Slack's client lets no required field be empty."""
        if self.modal is not view:
            raise ImpossibleError("that modal is not the one on top")
        if "submit" not in view.content:
            raise ImpossibleError("that modal has nothing to submit")
        self._fill(view, values or {})
        wrong = missing(view.blocks, view.values)
        if wrong:
            raise ImpossibleError(f"not filled in: {wrong}")
        answer = await self._post.send("interactive", interactions.view_submission(self._actor, view))
        apply_submission(self._post.world, self.workspace, view, answer)
        return answer

    async def closes(self, view: View) -> Answer | None:
        """Close a modal without submitting it. The app hears of it where the view asks for that."""
        payload = interactions.view_closed(self._actor, view, everything=bool(view.content.get("clear_on_close")))
        self.workspace.views.close(view)
        return await self._post.send("interactive", payload) if view.content.get("notify_on_close") else None

    async def opens_home(self) -> Answer:
        """Open the app's Home."""
        return _sent(await self._opens("home", None), "app_home_opened")

    async def opens_messages(self, beside: str | None = None) -> Answer:
        """Open the conversation with the app, beside a channel they look at."""
        place = self.workspace.channels[beside] if beside else None
        return _sent(await self._opens("messages", events.looking_at(self.workspace, place)), "app_home_opened")

    async def looks_at(self, channel: str | None) -> Answer:
        """Look at a channel while the conversation with the app is open."""
        place = self.workspace.channels[channel] if channel else None
        context = events.looking_at(self.workspace, place)
        event = events.app_context_changed(self.workspace, self.user, context)
        answer = await self._post.event(self.workspace, event, needs="app_context_changed")
        return _sent(answer, "app_context_changed")

    def _opens(self, tab: str, context: dict[str, Any] | None) -> Awaitable[Answer | None]:
        event = events.app_home_opened(self.workspace, self.user, tab, context)
        return self._post.event(self.workspace, event, needs="app_home_opened")

    async def _acts(self, where: Message | View, action_id: str, choice: Any, index: int) -> Answer:
        found = find(self._blocks(where), action_id, index)
        if isinstance(where, View):
            if found.block["type"] == "input" and not found.block.get("dispatch_action"):
                raise ImpossibleError(f"{action_id!r} is a field that tells the app nothing until it is submitted")
            if found.kind not in PRESSED and found.kind != "overflow":
                where.values.setdefault(found.block_id, {})[found.action_id] = chosen(found, choice)
            payload = interactions.view_action(self._actor, where, found, choice)
        else:
            place = self.workspace.channels[where.channel]
            payload = interactions.message_action(self._actor, place, where, found, choice)
        return await self._post.send("interactive", payload)

    def _blocks(self, where: Message | View) -> list[dict[str, Any]]:
        if isinstance(where, View):
            if where is not self.workspace.views.homes.get(self.user.id) and where is not self.modal:
                raise ImpossibleError(f"{self.user.name} does not look at that view")
        elif where not in self.reads(where.channel):
            raise ImpossibleError(f"{self.user.name} cannot see that message")
        return where.blocks

    def _fill(self, view: View, values: Mapping[str, Any]) -> None:
        fields = list(interactive(view.blocks))
        for name, choice in values.items():
            found = next((one for one in fields if name in (one.action_id, one.block_id)), None)
            if found is None:
                raise ImpossibleError(f"no field {name!r}; there are {[one.action_id for one in fields]}")
            view.values.setdefault(found.block_id, {})[found.action_id] = chosen(found, choice)

    def _place(self, channel: str) -> Channel:
        place = self.workspace.channels[channel]
        if self.user.id not in place.members or place.is_archived:
            raise ImpossibleError(f"{self.user.name} cannot write in {channel}")
        return place

    def _write(self, place: Channel, text: str, thread_ts: str | None) -> Message:
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
        blocks: list[dict[str, Any]] = [{"type": "rich_text", "block_id": "typed", "elements": [section]}]
        said = Message(place.id, self.workspace.new_ts(), self.user.id, text, self.workspace.id, blocks, thread_ts)
        if self.user.is_bot:
            said = replace(said, bot_id=self.user.bot_id, app_id="AOTHER")
        return self.workspace.keep(said)

    async def _tell(
        self,
        place: Channel,
        said: Message,
        shape: Callable[[Workspace, Channel, Message, User], dict[str, Any]],
        needs: str,
    ) -> Answer | None:
        if self.workspace.bot.id not in place.members:
            return None
        event = shape(self.workspace, place, said, self.user)
        return await self._post.event(self.workspace, event, needs=needs, ext_shared=place.is_ext_shared)


def _messages_of(place: Channel) -> str:
    return {"im": "message.im", "group": "message.groups"}.get(place.kind, "message.channels")


def _sent(answer: Answer | None, needs: str) -> Answer:
    if answer is None:
        raise ImpossibleError(f"the app is not subscribed to {needs}")
    return answer
