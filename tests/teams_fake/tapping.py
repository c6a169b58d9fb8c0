"""What somebody taps on a card, and what Teams makes of the app's answer."""

import json
from typing import Any

from tests.teams_fake.activities import activity, invoke
from tests.teams_fake.card_rules import card_faults
from tests.teams_fake.cards import Found
from tests.teams_fake.delivery import NOT_TOLD, Answer
from tests.teams_fake.dialogs import Dialogs
from tests.teams_fake.errors import ImpossibleError
from tests.teams_fake.filling import pick, sent_with
from tests.teams_fake.places import Message
from tests.teams_fake.posting import utf16
from tests.teams_fake.seen import Seen, buttons_of, seen_by
from tests.teams_fake.writing import Writing

Json = dict[str, Any]
CARD = "application/vnd.microsoft.card.adaptive"
WORDS = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"
_WHERE = "adaptiveCard/action"


class Tapping(Writing, Dialogs):
    """The part of a person that taps."""

    async def taps(self, message: Seen | Message, what: str, which: int | str = 0, **inputs: Any) -> Answer:
        """Tap a button that is on the card they see now, by its verb or its words, with the fields filled in.

        `which` picks among several: by number, or by the words on the button.
        """
        current = self._current(message)
        seen = seen_by(current, self.user)
        found = pick(seen.buttons, what, which)
        if found.kind == "Action.Execute":
            return await self._executes(current, found, sent_with(found, inputs), "manual")
        if found.kind == "Action.Submit":
            return await self._submits_in_chat(current, found, sent_with(found, inputs))
        raise ImpossibleError(f"{what!r} tells the app nothing: it is {found.kind}")

    async def opens(self, message: Seen | Message) -> Answer:
        """Look at a message: where its card refreshes for them, Teams asks the app for their own view of it."""
        current = self._current(message)
        for card in seen_by(current, self.user).cards:
            refresh = card.get("refresh") or {}
            if refresh and self._is_meant(refresh, current):
                found = Found(refresh["action"], ())
                return await self._executes(current, found, found.data, "automatic", card)
        return Answer({}, None, None, lost=NOT_TOLD)

    def _is_meant(self, refresh: Json, message: Message) -> bool:
        listed = refresh.get("userIds")
        return self.user.teams_id in listed if listed else len(message.place.roster) <= 60

    async def _executes(
        self, message: Message, found: Found, data: Json, trigger: str, card: Json | None = None
    ) -> Answer:
        action = {"type": "Action.Execute", "title": found.title, "id": str(found.action.get("id", ""))}
        value = {"action": {**action, "verb": found.verb, "data": data}, "trigger": trigger}
        seen = seen_by(message, self.user)
        tapped = next(one for one in seen.cards if one is card or found.action in [b.action for b in buttons_of(one)])
        answer = await self._post.send(invoke(self._actor, message.place, _WHERE, value, message))
        self._apply(message, seen, tapped, answer)
        return answer

    def _apply(self, message: Message, seen: Seen, tapped: Json, answer: Answer) -> None:
        body = answer.body if answer.acked and isinstance(answer.body, dict) else {}
        kind, value = body.get("type"), body.get("value")
        if kind == WORDS and isinstance(value, str) and body.get("statusCode") == 200:
            self.toasts.append(value)
        elif kind == ERROR and isinstance(value, dict):
            self.toasts.append(str(value.get("message", "")))
        elif kind == CARD and body.get("statusCode") == 200:
            faults = card_faults(value) or self._too_big(value)
            if faults:
                self._wrong(_WHERE, *faults)
            elif isinstance(value, dict):
                message.views[self.user.id] = [value if one is tapped else one for one in seen.cards]
        else:
            self._wrong(_WHERE, f"http {answer.status} {answer.lost}", f"no card and no words: {body}")

    def _too_big(self, card: Any) -> list[str]:
        size = utf16(json.dumps(card, ensure_ascii=False))
        return ["MessageSizeTooBig"] if size > self._actor.world.biggest else []

    async def _submits_in_chat(self, message: Message, found: Found, data: Json) -> Answer:
        asked = found.teams
        kind = asked.get("type")
        if kind == "imBack":
            return await self._write(message.place, str(asked["value"]))
        if kind == "task/fetch":
            return await self._opens_task(message, data)
        root = message.root if message.place.kind == "channel" else ""
        if kind == "invoke":
            return await self._post.send(invoke(self._actor, message.place, "", asked.get("value") or {}, message))
        said = {"text": asked["text"]} if kind == "messageBack" and asked.get("text") else {}
        value = asked.get("value", data) if kind == "messageBack" else data
        sent = activity(self._actor, message.place, "message", root, value=value, replyToId=message.id, **said)
        sent["id"] = self._actor.world.new_message_id()
        sent["channelData"]["source"] = {"name": "message"}
        return await self._post.send(sent)
