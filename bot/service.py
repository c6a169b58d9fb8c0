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
        return self.decider.decide(utterance, view, self.clock.today())


def _readable(utterance: Utterance) -> Utterance:
    """Put "?" for half characters (lone surrogates): JSON and shells can carry them, but nothing can encode them."""
    choice = utterance.choice
    return replace(
        utterance,
        text=_whole(utterance.text),
        school=_whole(utterance.school),
        choice=_whole(choice) if choice else None,
    )


def _whole(text: str) -> str:
    return text.encode(errors="replace").decode()
