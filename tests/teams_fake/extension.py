"""The message extension: searching beside the compose box, and commands on a message."""

from typing import Any

from tests.teams_fake.activities import invoke, payload_of
from tests.teams_fake.delivery import Answer
from tests.teams_fake.dialogs import THEME, Dialogs
from tests.teams_fake.errors import ImpossibleError
from tests.teams_fake.people import guid
from tests.teams_fake.places import Message, Place
from tests.teams_fake.seen import Seen
from tests.teams_fake.somebody import Dialog

Json = dict[str, Any]
_QUERY = "composeExtension/query"
_SELECT = "composeExtension/selectItem"


class Extension(Dialogs):
    """The part of a person that uses the message extension."""

    async def searches(
        self, text: str, command: str = "find-clause", parameter: str = "question", *, place: Place | None = None
    ) -> list[Json]:
        """Search beside the compose box of a place, and return the results; an empty text is the first look."""
        named = {"name": parameter, "value": text} if text else {"name": "initialRun", "value": "true"}
        value = {"commandId": command, "parameters": [named], "queryOptions": {"skip": 0, "count": 25}}
        answer = await self._post.send(invoke(self._actor, self._beside(place), _QUERY, value))
        body = answer.body if answer.acked and isinstance(answer.body, dict) else {}
        found = self._compose(body.get("composeExtension"), _QUERY)
        self.draft = []
        if any("card.adaptive" in one["contentType"] and "preview" not in one for one in found):
            self._wrong(_QUERY, "a card without a preview is not shown in a list")
            return []
        return found

    async def picks(self, result: Json, *, place: Place | None = None) -> None:
        """Pick a result: it goes into the compose box, after another word with the app where the result asks for it."""
        tap = ((result.get("preview") or {}).get("content") or {}).get("tap") or {}
        if tap.get("type") == "invoke":
            answer = await self._post.send(invoke(self._actor, self._beside(place), _SELECT, tap.get("value") or {}))
            body = answer.body if answer.acked and isinstance(answer.body, dict) else {}
            self._compose(body.get("composeExtension"), _SELECT)
        else:
            self.draft = [{name: value for name, value in result.items() if name != "preview"}]

    async def uses(
        self, command: str, message: Seen | Message | None = None, *, place: Place | None = None, context: str = ""
    ) -> Answer:
        """Use a command of the message extension: on a message, or beside the compose box or in the search bar."""
        current = self._current(message) if message is not None else None
        where = current.place if current is not None else self._beside(place)
        asks: Json = {"commandId": command, "commandContext": context or ("message" if current else "compose")}
        asks |= {"requestId": guid(self._actor.world.new_event_id()).replace("-", ""), "context": dict(THEME)}
        if current is not None:
            asks["messagePayload"] = payload_of(current)
        asked = invoke(self._actor, where, "composeExtension/fetchTask", asks, current)
        answer = await self._post.send(asked)
        self._go_on(answer, Dialog("", {}, where, "composeExtension/submitAction", asks, current))
        return answer

    def _beside(self, place: Place | None) -> Place:
        found = self._writable(place or self.chat)
        if not self.chat.works and not found.works:
            raise ImpossibleError(f"{self.user.name} does not have the app here")
        return found
