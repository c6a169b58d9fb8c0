"""Finding a rule from the compose box, to put it into a conversation. Nothing that is typed there is kept or passed on.

Teams asks at every key, so nobody is asked which school, and nothing is ever raised: what may be about somebody at risk
is answered with whom to tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.chat import replies
from adapters.teams import wording as in_teams
from adapters.teams.answers import render_clause
from adapters.teams.asking import Asking, Where
from adapters.teams.connection import Json
from adapters.teams.elements import cut
from adapters.teams.tapped import attached
from bot.errors import BotError
from bot.escalation.authority import Standing
from bot.types import Outcome, Reply, ShownClause, Utterance

_MOST = 8
_SHORTEST = 3  # letters; fewer say nothing
_PREVIEW = "application/vnd.microsoft.card.thumbnail"
_TITLE, _TEXT = 120, 200
# A thumbnail is read as HTML, which a card is not.
_NO_MARKUP = str.maketrans("<>&", "‹›+")


@dataclass(frozen=True, slots=True)
class Extension:
    """Answers what is typed into the search box."""

    asking: Asking

    async def find(self, where: Where, value: Json) -> Json:
        """Return the rules that somebody can pick, or a sentence."""
        text = _typed(value)
        if len(text) < _SHORTEST:
            return _said(in_teams.ASK_IN_OWN_WORDS)
        school = await self.asking.own_schools.school(where.home, where.user, where.place)
        if school is None:
            return _said(in_teams.SCHOOL_UNKNOWN)
        try:
            asker = await self.asking.asker(where, school)
            if asker.standing is not Standing.STAFF:
                return _said(in_teams.READ_IT_PRIVATELY)
            reply = await self.asking.service.answer(Utterance(self.asking.reply_id(None), school, text))
        except (BotError, KeyError):
            return _said(in_teams.ASK_IN_OWN_WORDS)
        if reply.escalation or reply.advice or replies.safety_lines(reply):
            return _said(in_teams.TELL_SOMEBODY_INSTEAD)
        found = self._rules(reply)
        return _results(found) if found else _said(in_teams.NOTHING_FOUND)

    def _rules(self, reply: Reply) -> Sequence[ShownClause]:
        """Return the rules of an answer, or those between which the asker can choose."""
        if reply.outcome is Outcome.ANSWER:
            return reply.clauses
        if reply.outcome is not Outcome.CLARIFY:
            return ()
        school = self.asking.office.school(reply.school)
        ids = dict.fromkeys(one for option in reply.options for one in option.clauses)
        return [ShownClause(school.clause(one), school.policy_of(one), 0.0) for one in ids][:_MOST]


def _typed(value: Json) -> str:
    """Return what was typed; nothing when the box has just been opened."""
    parameters = value.get("parameters")
    for one in parameters if isinstance(parameters, list) else ():
        if isinstance(one, dict) and one.get("name") != "initialRun" and isinstance(one.get("value"), str):
            return str(one["value"]).strip()
    return ""


def _results(found: Sequence[ShownClause]) -> Json:
    return {"composeExtension": {"type": "result", "attachmentLayout": "list", "attachments": [*map(_result, found)]}}


def _result(shown: ShownClause) -> Json:
    rendered = render_clause(shown)
    title, text = rendered.text.translate(_NO_MARKUP), shown.clause.says.translate(_NO_MARKUP)
    says = {"title": cut(title, _TITLE), "text": cut(text, _TEXT)}
    return attached(rendered.card) | {"preview": {"contentType": _PREVIEW, "content": says}}


def _said(text: str) -> Json:
    return {"composeExtension": {"type": "message", "text": text}}
