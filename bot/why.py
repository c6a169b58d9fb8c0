"""Explains in words why a clause came up."""

from bot import wording
from bot.matching.matcher import Ranking
from bot.matching.question import Question
from bot.matching.text import stems, words
from bot.triage import Seen
from bot.view import SchoolView
from knowledge.model import Clause


def explain(question: Question, ranking: Ranking, view: SchoolView, threshold: float, seen: Seen | None) -> str:
    """Return the explanation `ask --why` prints, one sentence a line."""
    lines: list[str] = []
    if question.mended != " ".join(question.typed):
        lines.append(wording.why_mended(question.mended))
    if seen:
        lines.append(wording.why_sign(seen.kind.title, seen.sign))
    if ranking.ranked:
        lines.extend(_lead(question, ranking, view))
    lines.append(wording.why_confidence(ranking.confidence, threshold, question.out_of_scope))
    return "\n".join(lines)


def _lead(question: Question, ranking: Ranking, view: SchoolView) -> list[str]:
    lead = ranking.ranked[0].clause
    asked, likeness = _nearest_asked(question, lead, view)
    lines = [wording.why_lead(lead, asked, likeness), wording.why_words(_shared_words(question, lead))]
    if question.topics.size:
        best = int(question.topics.argmax())
        title = view.index.shared.catalogue.topics[best].title
        lines.append(wording.why_topic(title, float(question.topics[best])))
    if len(ranking.ranked) > 1:
        second = ranking.ranked[1]
        lines.append(wording.why_runner_up(second.clause.id, second.share))
    return lines


def _nearest_asked(question: Question, clause: Clause, view: SchoolView) -> tuple[str | None, float]:
    store = view.index.shared.store
    texts = clause.asked or (clause.says,)
    likeness = store.likeness(store.rows(texts), question.vector)
    best = int(likeness.argmax())
    return (texts[best] if clause.asked else None), float(likeness[best])


def _shared_words(question: Question, clause: Clause) -> list[str]:
    known = set(stems(words(" ".join((clause.says, clause.act, *clause.asked)))))
    return [token for token in dict.fromkeys(question.tokens) if set(stems([token])) & known]
