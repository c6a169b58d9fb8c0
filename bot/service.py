"""The one service of the bot: an utterance in, a reply out."""

from dataclasses import dataclass, replace

from bot import wording
from bot.alternatives import alternatives
from bot.characters import whole
from bot.decide import MAX_QUESTION, Decider
from bot.errors import QuestionError, UnknownSchoolError
from bot.escalation.intake import Intake
from bot.followup import goes_on
from bot.ports import Clock, Knowledge
from bot.types import Asker, Offer, Outcome, Reply, Utterance
from bot.view import SchoolView


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
        """Answer an utterance; of an overlong one that begins with a concern, its beginning.

        Raises QuestionError for an empty or overlong question and UnknownSchoolError for a school not served here.
        """
        asked, view = self._checked(utterance)
        taken = _beginning(asked)
        reply = self.decider.decide(taken, view, self.clock.today())
        if taken is not asked and reply.escalation is None:
            title = view.school.contact("dsl").title
            raise QuestionError(wording.question_too_long(len(asked.text.strip()), MAX_QUESTION, title))
        reply = await self._kept(taken, reply)
        return reply if taken is asked else _in_part(reply)

    async def raised(self, utterance: Utterance, category: str | None) -> Reply:
        """Take an utterance for a concern because whoever wrote it says so, of a category or of the likeliest.

        It is offered and never sent at once: they see first who will read it. Of an overlong one the beginning is
        taken. Raises QuestionError for an empty one, and UnknownSchoolError as `answer` does.
        """
        asked, view = self._checked(utterance)
        taken = _beginning(asked)
        reply = self.decider.raised(taken, view, self.clock.today(), category)
        if self.intake and taken.asker:
            reply = await self.intake.attend(taken, taken.asker, reply)
        return reply if taken is asked else _in_part(reply)

    async def again(self, intake: Intake, asker: Asker, reply_id: str) -> Reply:
        """Return an answer that was given, as it is given today.

        Raises RefusedError where it is too old or not theirs, and StoreError.
        """
        turn = await intake.recalled(asker, reply_id)
        view, today = self.knowledge.view(turn.school), self.clock.today()
        reply = self.decider.decide(Utterance(turn.reply, turn.school, turn.text), view, today)
        if turn.outcome != Outcome.ANSWER or reply.escalation or not turn.clauses:
            return reply
        if reply.clauses and reply.clauses[0].clause.id == turn.clauses[0]:
            return reply
        tapped = Utterance(turn.reply, turn.school, turn.text, f"clause:{turn.clauses[0]}")
        return self.decider.decide(tapped, view, today)

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

    def concern_in(self, school: str, text: str) -> Offer | None:
        """Return the concern that a text holds at a school, as it would be offered; None where it holds none.

        Raises KeyError for a school that is not served.
        """
        found = Utterance("", school, text[:MAX_QUESTION])
        return self.decider.decide(found, self.knowledge.view(school), self.clock.today()).escalation

    def _checked(self, utterance: Utterance) -> tuple[Utterance, SchoolView]:
        utterance = _readable(utterance)
        if not utterance.text.strip():
            raise QuestionError(wording.EMPTY_QUESTION)
        try:
            return utterance, self.knowledge.view(utterance.school)
        except KeyError as missing:
            raise UnknownSchoolError(utterance.school, self.knowledge.schools()) from missing

    async def _kept(self, utterance: Utterance, reply: Reply) -> Reply:
        """Return the reply with what was recorded of it, for an asker who is known."""
        if self.intake is None or utterance.asker is None:
            return reply
        asked, reply = await self._with_what_came_before(self.intake, utterance, utterance.asker, reply)
        reply = await self.intake.attend(asked, utterance.asker, reply)
        await self.intake.keep_in_thread(asked, utterance.asker, reply)
        return reply

    async def _with_what_came_before(
        self, intake: Intake, utterance: Utterance, asker: Asker, reply: Reply
    ) -> tuple[Utterance, Reply]:
        """Answer a follow-up that means nothing by itself together with the question before it, where that helps."""
        by_itself = reply.outcome not in {Outcome.CLARIFY, Outcome.NO_MATCH}
        if by_itself or utterance.choice or utterance.thread is None or not goes_on(utterance.text):
            return utterance, reply
        before = await intake.before(utterance, asker)
        if before is None or len(before) + len(utterance.text) >= MAX_QUESTION:
            return utterance, reply
        together = replace(utterance, text=f"{before} {utterance.text}")
        found = self.decider.decide(together, self.knowledge.view(utterance.school), self.clock.today())
        if found.outcome is not Outcome.ANSWER:
            return utterance, reply
        return together, replace(found, notices=(wording.taken_together(before), *found.notices))


def _beginning(utterance: Utterance) -> Utterance:
    """Return as much of an utterance as is read: itself, unless it is too long."""
    text = utterance.text.strip()
    return replace(utterance, text=text[:MAX_QUESTION]) if len(text) > MAX_QUESTION else utterance


def _in_part(reply: Reply) -> Reply:
    return replace(reply, notices=(wording.only_the_beginning(MAX_QUESTION), *reply.notices))


def _readable(utterance: Utterance) -> Utterance:
    """Put "?" for half characters (lone surrogates): JSON and shells can carry them, but nothing can encode them."""
    choice = utterance.choice
    return replace(
        utterance,
        text=whole(utterance.text),
        school=whole(utterance.school),
        choice=whole(choice) if choice else None,
    )
