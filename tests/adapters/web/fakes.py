"""A service and a directory that answer as they are told, and the replies they are told to give."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.web.app import SchoolCard
from bot.escalation.intake import Intake
from bot.types import Asker, Option, Outcome, Reply, ShownClause, Utterance
from knowledge.model import Clause, Contact, Policy, Reach, Stance

CLAUSE = Clause(
    id="friends-pupils",
    section="Personal conduct",
    says="Don't be friends with a pupil online.",
    act="being friends with a pupil online",
    stance=Stance.MUST_NOT,
    quote="Staff must not:\nbe friends with pupils",
)
POLICY = Policy(id="social-media", title="Social media policy", clauses=(CLAUSE,), version="3.1", issued="2026-09-01")
HEAD = Contact(role="headteacher", title="Headteacher", reach=(Reach("phone", "01632 960001"),))
ANSWER = Reply(
    id="1",
    school="model",
    question="can I friend a pupil?",
    outcome=Outcome.ANSWER,
    confidence=0.9,
    message="This is what your school's policy says.",
    verdict="Not allowed: being friends with a pupil online",
    clauses=(ShownClause(CLAUSE, POLICY, 0.9),),
    contacts=(HEAD,),
    options=(Option("clause:friends-pupils", "Being friends", ("friends-pupils",)),),
    why="It came first.",
)
MODEL = SchoolCard("model", "Model Primary School", True, None, "schools/model/policies/social-media.yaml", None)
HILL = SchoolCard(
    "hill", "Hill School", False, "signpost kb attach hill FILE", "schools/hill/policies/a.yaml", "line 3"
)


@dataclass
class FakeService:
    """Gives one reply, or raises one error, and remembers what it was asked."""

    reply: Reply = ANSWER
    error: Exception | None = None
    asked: list[Utterance] = field(default_factory=list)

    async def answer(self, utterance: Utterance) -> Reply:
        """Answer as told."""
        self.asked.append(utterance)
        if self.error:
            raise self.error
        return self.reply

    async def not_meant(self, intake: Intake, asker: Asker, reply_id: str) -> Reply:
        """Offer the same again."""
        await intake.not_meant(asker, reply_id)
        return self.reply


class FakeDirectory:
    """Two schools, the model school first."""

    def cards(self) -> Sequence[SchoolCard]:
        """List both."""
        return (MODEL, HILL)

    def default(self) -> str:
        """Pick the model school."""
        return "model"
