"""The conversations in the web try-out: its real pages' API, over HTTP."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.bootstrap import Signpost
from adapters.chat import wording
from adapters.escalating import Escalating, escalating
from adapters.running import EXAMPLES, WebDirectory
from adapters.web.app import create_app
from bot.escalation.message import Act
from bot.escalation.model import Resolution
from bot.types import Action
from tests.contract.conversations.parties import Asker, Card, Day, Reader
from tests.contract.conversations.reading import SAID, Read
from tests.escalation_fakes import TickingClock

Json = dict[str, Any]
Client = TestClient[web.Request, web.Application]
_TEACHER = {"who": "teacher-at-home", "name": "Tess Teacher", "standing": "staff"}
_COLLEAGUE = {"who": "colleague-at-home", "name": "Cole Colleague", "standing": "staff"}
_OUTSIDER = {"who": "pupil-at-home", "name": "Gus Guest", "standing": "outsider"}
_OFFERED = {wording.ACTIONS[action]: str(action) for action in Action}
# The fields of the API that the page shows to people as they are, and those that it keeps for itself.
_FOR_EYES = frozenset(
    {"message", "verdict", "advice", "section", "says", "quote", "tension", "called", "label", "notices", "people_note"}
    | {"reference", "title", "lines", "warning", "by", "text", "note", "quoted", "reminders", "answered", "value"}
)
_NOT_FOR_EYES = frozenset({"candidates", "headline", "others"})
_IDS = frozenset({"web", "slack", "teams"})


@asynccontextmanager
async def day_on_the_web(signpost: Signpost, state: Path, clock: TickingClock) -> AsyncIterator["WebDay"]:
    """Serve the try-out over the store in `state`."""
    there = replace(signpost, settings=replace(signpost.settings, state=state))
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(escalating(there, clock))
        app = create_app(
            parts.service,
            WebDirectory(there),
            examples=EXAMPLES,
            intake=parts.intake,
            desk=parts.desk,
            channel=parts.web,
        )
        client = await stack.enter_async_context(TestClient(TestServer(app)))
        yield WebDay(client, parts, clock)


class WebDay(Day):
    """A school day in the try-out. `picked` is the school that the page shows."""

    platform = "web"

    def __init__(self, client: Client, parts: Escalating, clock: TickingClock) -> None:
        """Open the page."""
        self.client, self.parts, self.clock = client, parts, clock
        self.picked = "model"

    def asker(self) -> Asker:
        """Be a teacher."""
        return _Asker(self, _TEACHER)

    def colleague(self) -> Asker:
        """Be another teacher."""
        return _Asker(self, _COLLEAGUE)

    def outsider(self) -> Asker:
        """Be somebody who is not staff."""
        return _Asker(self, _OUTSIDER)

    def reader(self, role: str) -> Reader:
        """Be the holder of a role."""
        return _Reader(self, role)

    async def asks_first(self, text: str, school: str) -> tuple[Sequence[str], Read]:
        """Pick the school in the list of the page, and ask."""
        listed = (await self.get("/api/schools"))["schools"]
        self.picked = next(one["id"] for one in listed if one["name"] == school)
        return [one["name"] for one in listed], await self.asker().asks(text)

    def pass_by(self, time: timedelta) -> None:
        """Let time pass."""
        self.clock.move(time)

    async def get(self, path: str, **query: str) -> Json:
        """Read something that must be there."""
        response = await self.client.get(path, params=query)
        body: Json = await response.json()
        assert response.status == 200, body
        return body

    async def post(self, path: str, **body: Any) -> Json:
        """Do something; what is refused comes back as an error with its message."""
        response = await self.client.post(path, json=body)
        found: Json = await response.json()
        assert response.status == 200 or found["error"]["message"], found
        return found


@dataclass(frozen=True, slots=True)
class _Asker:
    day: WebDay
    me: Mapping[str, str]

    async def asks(self, text: str, *, after: Read | None = None) -> Read:
        """Ask; the page follows up on whatever its visitor asked before."""
        return await self._read(await self.day.post("/api/ask", school=self.day.picked, question=text, **self.me))

    async def taps(self, read: Read, label: str) -> Read:
        """Tap a button of a reply, or one of its options."""
        shown = read.shown
        assert isinstance(shown, dict)
        chosen = next((one["id"] for one in shown.get("options", ()) if one["label"] == label), None)
        if chosen:
            asked = {"school": self.day.picked, "question": shown["question"], "choice": chosen}
            return await self._read(await self.day.post("/api/ask", **asked, **self.me))
        seal = {"seal": found} if (found := (shown.get("escalation") or {}).get("seal")) else {}
        body = await self.day.post(f"/api/replies/{shown['id']}/{_OFFERED[label]}", **self.me, **seal)
        return await self._read(body | {"id": shown["id"]} if "outcome" not in body else body)

    async def taps_twice(self, read: Read, label: str) -> Read:
        """Tap twice: the page cannot keep anybody from it."""
        first, second = await self.taps(read, label), await self.taps(read, label)
        return replace(second, words=f"{first.words}\n{second.words}")

    async def receipt(self, reference: str) -> str:
        """Return the receipt as the page lists it."""
        return "\n".join(_texts(await self._of(reference)))

    async def heard(self, reference: str) -> str:
        """Return the receipt and the thread beneath it."""
        one = await self._of(reference)
        return "\n".join(_texts(await self.day.get(f"/api/escalations/{one['id']}/thread", who=self.me["who"])))

    async def adds(self, reference: str, text: str) -> None:
        """Write beneath the receipt."""
        one = await self._of(reference)
        body = await self.day.post(f"/api/escalations/{one['id']}/thread", text=text, **self.me)
        assert "error" not in body

    async def _of(self, reference: str) -> Json:
        listed = (await self.day.get("/api/receipts", who=self.me["who"]))["receipts"]
        return next(one for one in listed if one["reference"] == reference)

    async def _read(self, body: Json) -> Read:
        if "error" in body:
            return Read(SAID, words=body["error"]["message"], shown=body)
        offer = body.get("escalation") or {}
        readers = [] if offer.get("problem") else offer.get("readers", [])
        return Read(
            outcome=body.get("outcome", SAID),
            verdict=body.get("verdict"),
            clauses=tuple(one["id"] for one in body.get("clauses", ())),
            people=tuple(one["role"] for one in body.get("contacts", ())),
            readers=tuple(one["role"] for one in readers),
            options=tuple(one["label"] for one in body.get("options", ())),
            buttons=frozenset(wording.ACTIONS[Action(one)] for one in body.get("actions", ())),
            words="\n".join(_texts(body)),
            shown=body,
        )


@dataclass(frozen=True, slots=True)
class _Reader:
    day: WebDay
    role: str

    async def card(self, reference: str) -> Card | None:
        """Return the card in the inbox of the role."""
        inbox = await self.day.get("/api/desk", school=self.day.picked, role=self.role)
        found = next((one for one in inbox["cards"] if one["reference"] == reference), None)
        return _card(found) if found else None

    async def opens(self, card: Card) -> str:
        """Open the words."""
        return "\n".join(_texts(await self._act(card, "open")))

    async def does(self, card: Card, act: Act) -> str:
        """Take it, or reopen it."""
        body = await self._act(card, str(act))
        return str(body["error"]["message"]) if "error" in body else ""

    async def replies(self, card: Card, text: str) -> None:
        """Answer whoever raised it."""
        assert "error" not in await self._act(card, "reply", text=text)

    async def passes_on(self, card: Card, role: str) -> None:
        """Pass it on to another role."""
        assert "error" not in await self._act(card, "pass-on", to=role)

    async def resolves(self, card: Card, what: Resolution) -> None:
        """Resolve it."""
        assert "error" not in await self._act(card, "resolve", resolution=str(what))

    async def _act(self, card: Card, act: str, **more: str) -> Json:
        assert isinstance(card.shown, dict)
        path = f"/api/desk/{card.shown['id']}/{act}"
        return await self.day.post(path, school=self.day.picked, role=self.role, **more)


def _card(shown: Json) -> Card:
    words = [shown["title"], *shown["lines"], shown["quoted"] or "", *shown["reminders"], shown["answered"] or ""]
    return Card("\n".join(words), frozenset(wording.ACTS[Act(one)] for one in shown["acts"]), shown)


def _texts(part: Any, *, shown: bool = False) -> list[str]:
    """Return the texts of an answer of the API that people read, in their order."""
    if isinstance(part, str):
        return [part] if shown else []
    if isinstance(part, list):
        return [text for one in part for text in _texts(one, shown=shown)]
    if isinstance(part, dict) and part.get("kind") not in _IDS:
        kept = {name: one for name, one in part.items() if name not in _NOT_FOR_EYES}
        if "called" in part:  # of somebody with a role and a name, the page shows what they are called
            kept = {name: part[name] for name in ("called", "reach")}
        if "warning" in part and not part["warning"]:  # whom to phone stands in the warning
            del kept["phone"]
        if "readers" in part:  # and of those who will read it, nothing else
            kept["readers"] = [{"label": reader["called"]} for reader in part["readers"]]
        return [text for name, one in kept.items() for text in _texts(one, shown=name in _FOR_EYES)]
    return []
