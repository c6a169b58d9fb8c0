"""What is remembered of a reply for a day, so that its buttons work; sealed to the chat and to whoever asked there."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from bot.escalation import wording
from bot.escalation.authority import Standing
from bot.escalation.errors import RefusedError, StoreError
from bot.escalation.model import Feedback, Turn
from bot.escalation.office import Office
from bot.redaction import redact
from bot.types import Asker, Option, Outcome, Reply, Utterance


@dataclass(frozen=True, slots=True)
class Turns:
    """The replies of the last day. `known` tells whether a word may stand in a kept question."""

    office: Office
    known: Callable[[str], bool]

    def of(self, utterance: Utterance, asker: Asker, reply: Reply) -> Turn:
        """Return what is to be remembered of a reply."""
        offer = reply.escalation
        shown = [shown.clause.id for shown in reply.clauses]
        return Turn(
            reply=reply.id,
            conversation=self._conversation(asker),
            school=reply.school,
            text=utterance.text,
            outcome=str(reply.outcome),
            at=self.office.clock.now(),
            category=offer.category if offer else None,
            certainty=offer.certainty if offer else None,
            clauses=tuple(dict.fromkeys([*shown, *_clauses(reply.options)])),
            route=offer.route if offer else None,
            excluded=self.office.hidden_by(offer.category, reply.school) if offer else (),
        )

    def following(self, turn: Turn, reply: Reply) -> Turn:
        """Return what is to be remembered of a reply given in place of one that missed: all that was shown so far."""
        clauses = tuple(dict.fromkeys([*turn.clauses, *_clauses(reply.options)]))
        now = self.office.clock.now()
        return replace(turn, reply=reply.id, outcome=str(reply.outcome), at=now, clauses=clauses)

    async def keep(self, turn: Turn) -> bool:
        """Remember a turn; False where the store does not take it."""
        try:
            await self.office.store.remember(turn)
        except StoreError:
            return False
        return True

    async def as_kept(self, turn: Turn) -> Turn:
        """Return a concern as it stands: a repeat of its event must not undo "One of these people is involved"."""
        with suppress(StoreError):
            earlier = await self.office.store.recall(turn.reply, turn.at)
            if earlier and earlier.category and earlier.conversation == turn.conversation:
                return earlier
        return turn

    async def recall(self, asker: Asker, reply_id: str, gone: str = wording.GONE) -> Turn:
        """Return a turn to the one who may tap on it. Raises RefusedError, with `gone`, to anybody else; StoreError."""
        turn = await self.office.store.recall(reply_id, self.office.clock.now())
        theirs = turn is not None and turn.conversation == self._conversation(asker)
        if turn is None or not theirs or asker.standing is Standing.OUTSIDER or not self.office.serves(turn.school):
            raise RefusedError(gone)
        return turn

    async def recall_concern(self, asker: Asker, reply_id: str) -> Turn:
        """Return the turn of a concern. Raises RefusedError, which says that nobody was told, and StoreError."""
        turn = await self.recall(asker, reply_id, wording.OFFER_GONE)
        if turn.category is None:
            raise RefusedError(wording.OFFER_GONE)
        return turn

    async def note(self, turn: Turn, kind: str) -> None:
        """Keep what came of a reply; of what may be a concern no words are kept. Raises StoreError."""
        wordless = kind == "helped" or turn.category is not None
        clause = turn.clauses[0] if turn.clauses and turn.outcome == Outcome.ANSWER else None
        words = None if wordless else redact(turn.text, self.known)
        await self.office.store.note(Feedback(turn.school, kind, clause, words, self.office.clock.now()))

    def _conversation(self, asker: Asker) -> str:
        """Return the key of a chat and of who writes there: nobody else in it can tap what was said to them."""
        person = asker.person
        return self.office.pseudonyms.key(f"{person.platform}:{asker.conversation}:{person.id}")


def _clauses(options: tuple[Option, ...]) -> list[str]:
    return [clause for option in options for clause in option.clauses]
