"""The asker's side of the API: asking, passing on, reading what became of it, answering."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from aiohttp import web

from adapters.web.board import said_as_json
from adapters.web.card import offer_as_card, people, people_note, reply_as_card
from adapters.web.reading import Fields, asker_of, fields_of
from bot.escalation import wording
from bot.escalation.desk import Desk
from bot.escalation.intake import Intake, Thread
from bot.escalation.offering import actions_on
from bot.escalation.receipt import Receipt
from bot.types import Action, Asker, Reply, Utterance

_ALARMING = frozenset({wording.NOT_DELIVERED, wording.NOT_SEEN, wording.NOT_TAKEN})


class Answers(Protocol):
    """What the page asks: the bot's service."""

    async def answer(self, utterance: Utterance) -> Reply:
        """Answer an utterance. Raises BotError."""
        ...

    async def not_meant(self, intake: Intake, asker: Asker, reply_id: str) -> Reply:
        """Note that a reply missed the question, and offer what comes next to it. Raises BotError."""
        ...


@dataclass(frozen=True, slots=True)
class AskerSide:
    """Everything that somebody who asks can do."""

    service: Answers
    intake: Intake
    desk: Desk

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the addresses of this side."""
        router.add_post("/api/ask", self.ask)
        for action, handler in (
            (Action.TELL, self.tell),
            (Action.INVOLVED, self.involved),
            (Action.ASK_A_PERSON, self.ask_a_person),
            (Action.HELPED, self.helped),
            (Action.NOT_MEANT, self.not_meant),
        ):
            router.add_post(f"/api/replies/{{id}}/{action}", handler)
        router.add_get("/api/receipts", self.receipts)
        router.add_get("/api/escalations/{id}/thread", self.thread)
        router.add_post("/api/escalations/{id}/thread", self.answer)

    async def ask(self, request: web.Request) -> web.Response:
        """Answer a question. Without `who` nobody can be told of anything, as on the command line."""
        utterance = to_utterance(await fields_of(request))
        return web.json_response(reply_as_card(await self.service.answer(utterance)))

    async def tell(self, request: web.Request) -> web.Response:
        """Pass a concern on to the readers that were seen, for whom `seal` stands."""
        fields = await fields_of(request)
        receipt = await self.intake.tell(asker_of(fields), request.match_info["id"], fields.maybe("seal"))
        return web.json_response(receipt_as_json(receipt))

    async def involved(self, request: web.Request) -> web.Response:
        """Go on to the next safe route."""
        fields = await fields_of(request)
        offer, phone = await self.intake.involved(asker_of(fields), request.match_info["id"], fields.maybe("seal"))
        return web.json_response(
            {
                "escalation": offer_as_card(offer),
                "contacts": people(phone),
                "actions": [str(action) for action in actions_on(offer)],
                "people_note": people_note((*offer.readers, *phone)),
            }
        )

    async def ask_a_person(self, request: web.Request) -> web.Response:
        """Hand a question to people."""
        receipt = await self.intake.ask_a_person(asker_of(await fields_of(request)), request.match_info["id"])
        return web.json_response(receipt_as_json(receipt) | {"message": wording.ASKED_A_PERSON})

    async def helped(self, request: web.Request) -> web.Response:
        """Note that a reply helped."""
        said = await self.intake.helped(asker_of(await fields_of(request)), request.match_info["id"])
        return web.json_response({"message": said})

    async def not_meant(self, request: web.Request) -> web.Response:
        """Offer something nearer."""
        asker = asker_of(await fields_of(request))
        reply = await self.service.not_meant(self.intake, asker, request.match_info["id"])
        return web.json_response(reply_as_card(reply))

    async def receipts(self, request: web.Request) -> web.Response:
        """List what somebody has passed on."""
        found = await self.intake.receipts(asker_of(Fields(request.query)))
        return web.json_response({"receipts": [receipt_as_json(receipt) for receipt in found]})

    async def thread(self, request: web.Request) -> web.Response:
        """Read what was said about something."""
        found = await self.intake.thread(asker_of(Fields(request.query)), request.match_info["id"])
        return web.json_response(self._thread_as_json(found))

    async def answer(self, request: web.Request) -> web.Response:
        """Add to something."""
        fields = await fields_of(request)
        found = await self.intake.answer(asker_of(fields), request.match_info["id"], fields.text("text"))
        return web.json_response(self._thread_as_json(found))

    def _thread_as_json(self, found: Thread) -> dict[str, Any]:
        school = self.desk.office.school(found.receipt.school)
        said: Sequence[dict[str, Any]] = [said_as_json(one, school, self.desk) for one in found.said]
        return {"receipt": receipt_as_json(found.receipt), "thread": said, "note": found.note}


def to_utterance(fields: Fields) -> Utterance:
    """Read a question and give it an id nobody can guess. Raises FieldsError."""
    return Utterance(
        secrets.token_hex(8),
        fields.text("school"),
        fields.text("question"),
        fields.maybe("choice") or None,
        asker=asker_of(fields) if fields.maybe("who") else None,
    )


def receipt_as_json(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as JSON."""
    return {
        "id": receipt.id,
        "reference": receipt.reference,
        "title": receipt.title,
        "category": receipt.category,
        "state": str(receipt.state),
        "seen_by_roles": list(receipt.seen_by),
        "lines": list(receipt.lines),
        "warning": receipt.warning,
        "alarm": receipt.warning in _ALARMING,
        "phone": people(receipt.phone),
    }
