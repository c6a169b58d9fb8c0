"""Decides what an utterance comes to. Pure and synchronous: utterance and school in, reply out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot import wording
from bot.escalation.authority import Standing
from bot.matching.matcher import Ranked, Ranking, rank
from bot.matching.question import Question, analyse
from bot.matching.weights import Weights
from bot.ports import Encoder
from bot.review import overdue_since
from bot.sense import ConcernSense
from bot.smalltalk import is_smalltalk
from bot.triage import SafetyFloor, Seen, judge, likeliest, needs_safety_line
from bot.types import Candidate, Offer, Option, Outcome, Reply, ShownClause, Utterance
from bot.view import SchoolView
from bot.why import explain
from knowledge.model import FORBIDDING, PERMISSIVE, Clause, Contact, School, Stance, Tension

MAX_QUESTION = 2_000
# Measured on the calibration sets (CONTRIBUTING.md, "Matching"): below the first Signpost asks back, below the second
# it says that it does not know. A permissive verdict must be surer, because a wrong "yes" can end a career.
ANSWER_AT = 0.60
PERMISSIVE_AT = 0.65
CLARIFY_AT = 0.25
# How near the lead another clause must come (its rank score as a part of the lead's) to be shown as answering too; to
# put its ban before a lead that allows; to make the tension between the two the question's own.
_SECOND_NEAR = 0.8
_RIVAL_NEAR = {Stance.MAY_IF: 0.45, Stance.MAY: 0.3}
_TENSION_NEAR = 0.3
_TENSION_NEAR_A_BAN = 0.6  # "Ask first" softens a ban, so that takes more
_AMONG = 5
_MAX_CLAUSES = 3
_MAX_OPTIONS = 4


@dataclass(frozen=True, slots=True)
class Decider:
    """The steps from utterance to reply, with what they need that is not the school's."""

    encoder: Encoder
    weights: Weights
    floor: SafetyFloor
    sense: ConcernSense | None = None

    def decide(self, utterance: Utterance, view: SchoolView, today: date) -> Reply:
        """Return the one reply to an utterance.

        The text must be 1 to MAX_QUESTION characters long (the service checks that).
        """
        question = analyse(utterance.text, self.encoder, view.index.shared)
        ranking = rank(question, view.index, self.weights)
        case = Case(utterance, view, today, question, ranking)
        sign = self.floor.see(question.typed) or self.floor.see(question.tokens)
        felt = self.sense.feel(question) if self.sense else None
        seen = judge(sign, felt, answered=case.answered)
        reply = self._reply(case, seen)
        if not seen and needs_safety_line(sign, felt):
            reply = case.with_safety_line(reply)
        why = explain(question, ranking, view, case.needed, seen)
        moved = reply.outcome is Outcome.ANSWER and not utterance.choice and reply.clauses[0].clause != case.first
        return replace(reply, why=f"{why}\n{wording.WHY_BAN_FIRST}" if moved else why)

    def raised(self, utterance: Utterance, view: SchoolView, today: date, category: str | None) -> Reply:
        """Return the reply to what its writer calls a concern, of a category, or of the likeliest for None.

        Of staff it is never certain: only what is can be sent before its writer has seen who will read it. An outsider
        is shown no readers, and what they call a concern reaches the school like any certain one.
        """
        is_outsider = utterance.asker is not None and utterance.asker.standing is Standing.OUTSIDER
        question = analyse(utterance.text, self.encoder, view.index.shared)
        case = Case(utterance, view, today, question, rank(question, view.index, self.weights))
        felt = self.sense.feel(question) if self.sense else None
        kind = likeliest(self.floor.see(question.typed), felt, self.floor.kinds, category)
        certainty = "certain" if is_outsider else "possible"
        return case.concern(Seen(kind, certainty, wording.WHOLE_MESSAGE))

    def _reply(self, case: "Case", seen: Seen | None) -> Reply:
        if seen:
            return case.concern(seen)
        if case.utterance.choice:
            chosen = case.chosen(case.utterance.choice)
            if chosen:
                return case.answer(chosen, 1.0)
        if is_smalltalk(case.question.typed):
            return case.reply(Outcome.HELP, wording.help_text(case.dsl_title), confidence=0.0)
        return case.by_confidence()


@dataclass(frozen=True, slots=True)
class Case:
    """One utterance with all that is known of it, and the replies it can come to."""

    utterance: Utterance
    view: SchoolView
    today: date
    question: Question
    ranking: Ranking

    @property
    def school(self) -> School:
        """The school that is asked."""
        return self.view.school

    @property
    def dsl_title(self) -> str:
        """What the school calls its DSL."""
        return self.school.contact("dsl").title

    @property
    def first(self) -> Clause | None:
        """The clause that was ranked first."""
        return self.ranking.ranked[0].clause if self.ranking.ranked else None

    @property
    def needed(self) -> float:
        """The confidence an answer needs: more for one that allows."""
        return PERMISSIVE_AT if self.first and self.first.stance in PERMISSIVE else ANSWER_AT

    @property
    def answered(self) -> bool:
        """Whether the matcher is sure enough of a rule."""
        return self.first is not None and self.ranking.confidence >= self.needed

    def by_confidence(self) -> Reply:
        """Answer, ask back or decline, by how sure the matcher is."""
        confidence = self.ranking.confidence
        if not self.ranking.ranked or confidence < CLARIFY_AT:
            return self._no_match()
        lead = self.ranking.ranked[0]
        if confidence < self.needed:
            return self._clarify()
        rival = self._forbidding_rival(lead) if lead.clause.stance in PERMISSIVE else None
        if rival is None or self._tension(lead.clause):
            return self.answer([lead.clause], confidence)
        if lead.clause.stance is Stance.MAY or not self._same_topic(rival, lead.clause):
            return self._clarify()
        both = [lead.clause, rival.clause]
        ban_first = rival in self._near(_SECOND_NEAR) or self._is_exception_from(*both)
        return self.answer(both[::-1] if ban_first else both, confidence)

    def answer(self, clauses: Sequence[Clause], confidence: float) -> Reply:
        """Answer with a clause, and with those that answer too."""
        lead = clauses[0]
        tension = self._tension(lead)
        beside = self._others_of(tension, lead) if tension else []
        also = [] if tension else [*self._bans_behind(lead), *self._also(lead)]
        shown = list(dict.fromkeys([lead, *beside, *clauses, *also]))[:_MAX_CLAUSES]
        roles = [role for clause in shown for role in clause.contacts]
        if tension:
            roles = [tension.ask, *roles]
        message = wording.ANSWER if lead.quote else wording.ANSWER_IN_PLAIN_WORDS
        return replace(
            self.reply(Outcome.ANSWER, message, confidence=confidence),
            verdict=wording.verdict(lead, ask_first=tension is not None and lead.stance in PERMISSIVE | FORBIDDING),
            clauses=(self._shown(lead, confidence), *(self._shown(clause) for clause in shown[1:])),
            tension=tension.says if tension else None,
            contacts=self._contacts(roles or ["headteacher"]),
            notices=self._notices(shown),
        )

    def concern(self, seen: Seen) -> Reply:
        """Say what to do now; a clause stands beside the advice only where the category allows it."""
        kind = seen.kind.at(self.school)
        rule = self.by_confidence() if kind.clauses_shown else self._no_match()
        # Nothing that allows may stand beside advice, unless the other side of its tension does too.
        firm = tuple(shown for shown in rule.clauses if shown.clause.stance not in PERMISSIVE)
        beside = rule.clauses if rule.tension else firm[:1]
        confidence = rule.confidence if beside else 0.0
        return replace(
            self.reply(Outcome.CONCERN, wording.concern(kind), confidence=confidence),
            verdict=rule.verdict if rule.tension else next((wording.verdict(one.clause) for one in beside), None),
            advice=kind.advice,
            clauses=beside,
            tension=rule.tension,
            contacts=self._contacts(kind.contacts),
            escalation=Offer(kind.id, seen.certainty, kind.urgent, kind.route),
            notices=(wording.OFFER_NOTICE, *self._notices([one.clause for one in beside])),
        )

    def chosen(self, choice: str) -> list[Clause]:
        """Return the clauses of a tapped option; none where the knowledge has changed since."""
        kind, _, name = choice.partition(":")
        if kind == "clause":
            return [clause for clause in self.view.index.clauses if clause.id == name]
        linked = {ranked.clause.id: ranked.clause for ranked in self.ranking.ranked if name in ranked.clause.topics}
        return list(linked.values())[:_MAX_CLAUSES]

    def reply(self, outcome: Outcome, message: str, *, confidence: float) -> Reply:
        """Build the bare reply of this case, with its candidates."""
        return Reply(
            id=self.utterance.id,
            school=self.school.id,
            question=self.utterance.text,
            outcome=outcome,
            confidence=confidence,
            message=message,
            candidates=tuple(
                Candidate(ranked.clause, self._score(ranked.clause), ranked.signals) for ranked in self.ranking.ranked
            ),
            knowledge=self.school.version,
        )

    def with_safety_line(self, reply: Reply) -> Reply:
        """Add whom to tell, for a message that may be about someone at risk."""
        safe = self._contacts(["dsl"])
        contacts = (*safe, *(contact for contact in reply.contacts if contact not in safe))
        line = wording.safety_line(self.dsl_title)
        return replace(reply, notices=(line, *reply.notices), contacts=contacts)

    def _no_match(self) -> Reply:
        reply = self.reply(Outcome.NO_MATCH, wording.NO_MATCH, confidence=self.ranking.confidence)
        return replace(reply, contacts=self._contacts(["headteacher"]))

    def _clarify(self) -> Reply:
        options: dict[str, Option] = {}
        for ranked in self.ranking.ranked:
            label = wording.option_label(ranked.clause)
            options.setdefault(label, Option(f"clause:{ranked.clause.id}", label, (ranked.clause.id,)))
        if len(options) < 2:
            return self._no_match()
        return replace(
            self.reply(Outcome.CLARIFY, wording.CLARIFY, confidence=self.ranking.confidence),
            options=tuple(options.values())[:_MAX_OPTIONS],
            contacts=self._contacts(["headteacher"]),
        )

    def _forbidding_rival(self, lead: Ranked) -> Ranked | None:
        """Return a rule that forbids and comes near a lead that allows: the ban is said first, and no ban is lost."""
        near = [one for one in self._near(_RIVAL_NEAR[lead.clause.stance]) if one.clause.stance in FORBIDDING]
        related = [one for one in near if self._same_topic(one, lead.clause)]
        return next(iter(related or near), None)

    def _near(self, least: float) -> list[Ranked]:
        """List the clauses behind the lead that come near it."""
        lead, *others = self.ranking.ranked
        return [one for one in others[: _AMONG - 1] if one.rank_score >= least * lead.rank_score]

    def _also(self, lead: Clause) -> list[Clause]:
        """List the clauses that answer too: nearly as likely as the lead, and on the same topic."""
        if not self.ranking.ranked or self.ranking.ranked[0].clause.id != lead.id:
            return []
        return [one.clause for one in self._near(_SECOND_NEAR) if self._same_topic(one, lead)]

    def _is_exception_from(self, exception: Clause, ban: Clause) -> bool:
        """Tell whether a ban and a permission are about one thing: a topic that no third rule of theirs shares."""
        for topic in set(exception.topics) & set(ban.topics):
            ticked = [clause for clause in self.view.index.clauses if topic in clause.topics]
            if all(clause in {exception, ban} for clause in ticked):
                return True
        return False

    def _bans_behind(self, lead: Clause) -> list[Clause]:
        """List the bans from which a clause that allows is an exception: it is never shown without them."""
        if lead.stance is not Stance.MAY_IF:
            return []
        bans = [clause for clause in self.view.index.clauses if clause.stance in FORBIDDING]
        return [ban for ban in bans if self._is_exception_from(lead, ban)]

    @staticmethod
    def _same_topic(ranked: Ranked, lead: Clause) -> bool:
        return bool(set(ranked.clause.topics) & set(lead.topics))

    def _score(self, clause: Clause) -> float:
        """Return a clause's part of the confidence: as near as it comes to the first one (0..1)."""
        first = self.ranking.ranked[0].rank_score if self.ranking.ranked else 0.0
        own = next((one.rank_score for one in self.ranking.ranked if one.clause.id == clause.id), 0.0)
        return self.ranking.confidence * min(max(own / first, 0.0), 1.0) if first > 0 else 0.0

    def _tension(self, lead: Clause) -> Tension | None:
        """Return the tension an answer must show.

        A lead that allows shows its tension always. Any other shows it where the question touches another side too.
        """
        if not self.ranking.ranked:
            return None
        least = _TENSION_NEAR_A_BAN if lead.stance in FORBIDDING else _TENSION_NEAR
        near = {self.ranking.ranked[0].clause.id, *(one.clause.id for one in self._near(least))}
        for policy in self.school.policies:
            for tension in policy.tensions:
                others = set(tension.between) - {lead.id}
                if lead.id in tension.between and (lead.stance in PERMISSIVE or near & others):
                    return tension
        return None

    def _others_of(self, tension: Tension, lead: Clause) -> list[Clause]:
        return [self.school.clause(clause_id) for clause_id in tension.between if clause_id != lead.id]

    def _shown(self, clause: Clause, score: float | None = None) -> ShownClause:
        own = self._score(clause) if score is None else score
        return ShownClause(clause, self.school.policy_of(clause.id), own)

    def _contacts(self, roles: Sequence[str]) -> tuple[Contact, ...]:
        """Return the contacts of roles; a role that the school's jurisdiction does not have is left out."""
        there = [role for role in dict.fromkeys(roles) if role in self.school.contacts]
        return tuple(self.school.contact(role) for role in there)

    def _notices(self, clauses: Sequence[Clause]) -> tuple[str, ...]:
        notices: dict[str, None] = {}
        for clause in clauses:
            policy = self.school.policy_of(clause.id)
            due = overdue_since(policy, self.today)
            if due:
                notices[wording.review_overdue(policy, due)] = None
        return tuple(notices)
