"""What somebody writes, quotes, changes, takes back and reacts to."""

import html
from typing import Any

from tests.teams_fake.activities import (
    activity,
    mention_markup,
    mention_of_bot,
    quote_markup,
    said,
)
from tests.teams_fake.delivery import NOT_TOLD, Answer
from tests.teams_fake.errors import ImpossibleError
from tests.teams_fake.places import Message, Place
from tests.teams_fake.seen import Seen
from tests.teams_fake.somebody import Somebody

Json = dict[str, Any]
FILE = "application/vnd.microsoft.teams.file.download.info"


class Writing(Somebody):
    """The part of a person that writes."""

    async def writes(self, text: str, *, quotes: Seen | Message | None = None) -> Answer:
        """Write to the bot in their personal chat."""
        return await self._write(self._own_chat(), text, quotes=quotes)

    async def writes_in(
        self,
        place: Place,
        text: str,
        *,
        mention: bool = True,
        beneath: Seen | Message | None = None,
        quotes: Seen | Message | None = None,
    ) -> Answer:
        """Write in a group chat or channel. The app hears of it only with a mention of the bot."""
        if mention and place.kind != "personal":
            if not place.works:
                raise ImpossibleError(f"the bot cannot be mentioned in {place.name or place.id}: it is not there")
            return await self._write(place, text, beneath=beneath, quotes=quotes, mention=True)
        return await self._write(place, text, beneath=beneath, quotes=quotes)

    async def sends_file(self, name: str, text: str = "") -> Answer:
        """Send a file to the bot in their personal chat."""
        kind = name.rpartition(".")[2]
        address = f"https://school.sharepoint.com/personal/documents/{name}"
        content = {"downloadUrl": f"{address}?tempauth=secret", "uniqueId": name, "fileType": kind}
        file = {"contentType": FILE, "contentUrl": address, "name": name, "content": content}
        return await self._write(self._own_chat(), text, attachments=[file])

    async def edits(self, message: Seen | Message, text: str) -> Answer:
        """Change a message of theirs."""
        own = self._mine(message)
        mentioned = self._at in str(own.activity.get("text"))
        spoken = f"{self._at} {text}" if mentioned else text
        markup = f"<p>{mention_markup(self._actor) if mentioned else ''}{html.escape(text)}</p>"
        own.activity, own.edits = said(self._actor, own, spoken, markup, **self._mentions(mentioned)), own.edits + 1
        return await self._changed(own, "messageUpdate", "editMessage")

    async def takes_back(self, message: Seen | Message) -> Answer:
        """Delete a message of theirs."""
        own = self._mine(message)
        own.deleted = True
        return await self._changed(own, "messageDelete", "softDeleteMessage")

    async def reacts(self, message: Seen | Message, kind: str = "like", *, removes: bool = False) -> Answer:
        """React to a message; the app hears of it where the message is its own."""
        current = self._current(message)
        if current.sender is not None:
            return Answer({}, None, None, lost=NOT_TOLD)
        root = current.root if current.place.kind == "channel" else ""
        what = {"reactionsRemoved" if removes else "reactionsAdded": [{"type": kind}]}
        event = activity(self._actor, current.place, "messageReaction", root, replyToId=current.id, **what)
        return await self._post.send(event)

    async def posts_draft(self, place: Place | None = None, text: str = "") -> Answer:
        """Post what waits in the compose box, in their chat with the bot or elsewhere."""
        if not self.draft:
            raise ImpossibleError(f"{self.user.name} has nothing in the compose box")
        attachments, self.draft = self.draft, []
        return await self._write(self._writable(place or self._own_chat()), text, attachments=attachments)

    async def _write(
        self,
        place: Place,
        text: str,
        *,
        beneath: Seen | Message | None = None,
        quotes: Seen | Message | None = None,
        mention: bool = False,
        **more: Any,
    ) -> Answer:
        world = self._actor.world
        above = self._current(beneath) if beneath is not None else None
        if above is not None and place.kind != "channel":
            raise ImpossibleError("threads are in channels alone")
        message_id = world.new_message_id()
        root = above.root if above is not None else message_id
        message = Message(message_id, self._writable(place), self.user, {}, root)
        quoted = quote_markup(self._current(quotes)) if quotes is not None else ""
        shown = f"{quoted}<p>{mention_markup(self._actor) if mention else ''}{html.escape(text)}</p>"
        spoken = f"{self._at} {text}" if mention else text
        message.activity = said(self._actor, message, spoken, shown, **self._mentions(mention), **more)
        message.was_told = mention or place.kind == "personal"
        place.messages.append(message)
        return await self._told(message, message.activity)

    async def _changed(self, message: Message, kind: str, event: str) -> Answer:
        channel_data = {**message.activity["channelData"], "eventType": event}
        changed = {**message.activity, "type": kind, "channelData": channel_data}
        if kind == "messageDelete":
            changed = {
                name: value for name, value in changed.items() if name not in ("text", "attachments", "entities")
            }
        return await self._told(message, changed)

    async def _told(self, message: Message, what: Json) -> Answer:
        if not message.was_told:
            return Answer(what, None, None, lost=NOT_TOLD)
        return await self._post.send(what)

    @property
    def _at(self) -> str:
        return f"<at>{self._actor.world.app.name}</at>"

    def _mentions(self, is_there: bool) -> Json:
        return {"entities": [mention_of_bot(self._actor)]} if is_there else {}

    def _own_chat(self) -> Place:
        if not self.chat.works:
            raise ImpossibleError(f"the app is not installed for {self.user.name}")
        return self.chat

    def _mine(self, message: Seen | Message) -> Message:
        own = self._current(message)
        if own.sender is not self.user:
            raise ImpossibleError(f"{self.user.name} did not write that")
        return own
