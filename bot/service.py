"""The one service of the bot: an utterance in, a reply out."""

from dataclasses import dataclass, replace

from bot import wording
from bot.decide import MAX_QUESTION, Decider
from bot.errors import QuestionError, UnknownSchoolError
from bot.ports import Clock, Knowledge
from bot.types import Reply, Utterance


@dataclass(frozen=True, slots=True)
class Service:
    """Answers utterances from the knowledge in force."""

    knowledge: Knowledge
    decider: Decider
    clock: Clock

    async def answer(self, utterance: Utterance) -> Reply:
        """Answer an utterance.

        Raises QuestionError for an empty or overlong question and UnknownSchoolError for a school not served here.
        """
        utterance = replace(utterance, text=_readable(utterance.text))
        text = utterance.text.strip()
        if not text:
            raise QuestionError(wording.EMPTY_QUESTION)
        if len(text) > MAX_QUESTION:
            raise QuestionError(wording.question_too_long(len(text), MAX_QUESTION))
        try:
            view = self.knowledge.view(utterance.school)
        except KeyError as missing:
            raise UnknownSchoolError(utterance.school, self.knowledge.schools()) from missing
        return self.decider.decide(utterance, view, self.clock.today())


def _readable(text: str) -> str:
    """Put "?" for half characters (lone surrogates): JSON can carry them, but nothing can encode or print them."""
    return text.encode("utf-8", "replace").decode("utf-8")
