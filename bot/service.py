"""The one service of the bot: an utterance in, a reply out."""

from dataclasses import dataclass, replace

from bot import wording
from bot.alternatives import alternatives
from bot.characters import whole
from bot.decide import MAX_QUESTION, Decider
from bot.errors import QuestionError, UnknownSchoolError
from bot.escalation.intake import Intake
from bot.ports import Clock, Knowledge
from bot.types import Asker, Reply, Utterance


@dataclass(frozen=True, slots=True)
class Service:
    """Answers utterances from the knowledge in force.

    With an `intake`, what an asker who is known writes is recorded, offered and kept for a day. Without one, or of an
    asker who is not known, nothing is, and the reply to a concern says that nobody has been told.
    """

    knowledge: Knowledge
    decider: Decider
    clock: Clock
    intake: Intake | None = None

    async def answer(self, utterance: Utterance) -> Reply:
        """Answer an utterance.

        Raises QuestionError for an empty or overlong question and UnknownSchoolError for a school not served here.
        """
        utterance = _readable(utterance)
        text = utterance.text.strip()
        if not text:
            raise QuestionError(wording.EMPTY_QUESTION)
        if len(text) > MAX_QUESTION:
            raise QuestionError(wording.question_too_long(len(text), MAX_QUESTION))
        try:
            view = self.knowledge.view(utterance.school)
        except KeyError as missing:
            raise UnknownSchoolError(utterance.school, self.knowledge.schools()) from missing
        reply = self.decider.decide(utterance, view, self.clock.today())
        if self.intake is None or utterance.asker is None:
            return reply
        return await self.intake.attend(utterance, utterance.asker, reply)

    async def not_meant(self, intake: Intake, asker: Asker, reply_id: str) -> Reply:
        """Note that a reply missed the question, and offer what comes next to it.

        Raises RefusedError where the reply is too old or not theirs, and StoreError.
        """
        turn = await intake.not_meant(asker, reply_id)
        utterance = Utterance(f"{reply_id}+", turn.school, turn.text, asker=asker)
        view = self.knowledge.view(turn.school)
        reply = self.decider.decide(utterance, view, self.clock.today())
        if reply.escalation and turn.category is None:
            return await intake.attend(utterance, asker, reply)  # it is seen as a concern since: nothing hides that
        return await intake.instead(turn, asker, alternatives(reply, turn.clauses, view.school.contact("dsl").title))


def _readable(utterance: Utterance) -> Utterance:
    """Put "?" for half characters (lone surrogates): JSON and shells can carry them, but nothing can encode them."""
    choice = utterance.choice
    return replace(
        utterance,
        text=whole(utterance.text),
        school=whole(utterance.school),
        choice=whole(choice) if choice else None,
    )
