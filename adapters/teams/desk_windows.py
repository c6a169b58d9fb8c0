"""The windows of those who are told, and of whoever raised it: reading what was written, and writing to each other.

What is typed there is never lost: where it cannot be taken, it stands there again with the reason.
"""

import re
from dataclasses import dataclass

from adapters.chat import wording
from adapters.chat.deskwork import Steps
from adapters.teams import views
from adapters.teams import wording as in_teams
from adapters.teams.asking import Where
from adapters.teams.connection import Json
from adapters.teams.elements import submit
from adapters.teams.tapped import Tapped, dialog, id_in
from bot.escalation.errors import RefusedError
from bot.escalation.message import Act
from bot.escalation.model import Escalation, Person

_PIECE = re.compile("[0-9]{1,6}")
_TITLES = {
    **{str(act): named for act, named in wording.ACTS.items()},
    **dict.fromkeys(("open", "acknowledge", "reopen"), wording.WHAT_WAS_WRITTEN),
    "send-reply": wording.ACTS[Act.REPLY],
    "send": wording.ACTS[Act.ANSWER],
    "pass-on": wording.ACTS[Act.ASSIGN],
    "resolve-as": wording.ACTS[Act.RESOLVE],
}


@dataclass(frozen=True, slots=True)
class DeskWindows:
    """Shows the windows, and takes what is filled in there. Each step is authorised by the desk itself (RS-41)."""

    steps: Steps[Where]

    async def show(self, where: Where, found: Tapped, key: str | None) -> Json:
        """Return the window as it stands after a tap."""
        escalation = id_in(found.given, "e")
        if found.act in {"send-reply", "send"}:
            card = await self._sent(where, found, escalation, key)
        else:
            shown = await self.steps.told(lambda: self._shown(where, found, escalation))
            card = views.said_dialog(shown) if isinstance(shown, str) else shown
        return dialog(_TITLES.get(found.act, wording.NOT_DONE), card)

    async def _sent(self, where: Where, found: Tapped, escalation: str, key: str | None) -> Json:
        """Take what was typed; where that cannot be, show it again, and why."""
        text, is_reply = found.given.get("text", ""), found.act == "send-reply"

        async def take() -> None:
            if is_reply:
                await self.steps.reply(where, escalation, text)
            else:
                await self.steps.add(where, escalation, text, key)

        problem = await self.steps.told(take)
        if problem is None:
            return views.said_dialog(in_teams.REPLY_SENT if is_reply else wording.ADDED)
        one = await self.steps.told(lambda: self.steps.one(where, escalation))
        if isinstance(one, str):
            return views.said_dialog(problem)
        form = views.reply_view if is_reply else views.answer_view
        return form(one.id, one.reference, problem=problem, typed=text)

    async def _shown(self, where: Where, found: Tapped, escalation: str) -> Json:
        if found.act == "pass-on":
            await self.steps.pass_on(where, escalation, found.given.get("role", ""))
            return views.said_dialog(in_teams.PASSED_ON)
        if found.act == "resolve-as":
            await self.steps.resolve(where, escalation, found.given.get("resolution", ""))
            return views.said_dialog(in_teams.IS_RESOLVED)
        one, person = await self.steps.one(where, escalation), await self.steps.person(where)
        if found.whose == "asker":
            asker = await self.steps.asking.asker(where, one.school)
            await self.steps.intake.thread(asker, one.id)  # it must be theirs
            return views.answer_view(one.id, one.reference)
        return await self._at_the_desk(found, one, person)

    async def _at_the_desk(self, found: Tapped, one: Escalation, person: Person) -> Json:
        desk = self.steps.desk
        match found.act:
            case Act.OPEN:
                return await self._opened(one, person, _number(found))
            case Act.ACKNOWLEDGE:
                await desk.acknowledge(person, one.id)
                return await self._opened(one, person)
            case Act.REOPEN:
                await desk.reopen(person, one.id)
                return await self._opened(one, person)
            case Act.ASSIGN:
                others = await desk.others(person, one.id)
                return views.assign_view(one.id, one.reference, others, submit, is_open="w" in found.given)
        await desk.may(person, one.id)
        is_open = "w" in found.given
        if found.act == Act.REPLY:
            return views.reply_view(one.id, one.reference, is_open=is_open)
        if found.act == Act.RESOLVE:
            return views.resolve_view(one.id, one.reference, submit, is_open=is_open)
        raise RefusedError(in_teams.NOT_HERE)

    async def _opened(self, one: Escalation, person: Person, before: int | None = None) -> Json:
        opened, office = await self.steps.desk.open(person, one.id), self.steps.desk.office
        return views.opened_view(opened, office.school(one.school), office.clock.now(), before=before)


def _number(found: Tapped) -> int | None:
    """Return before which piece of a thread the page ends; None for the latest page."""
    before = found.given.get("n", "")
    return int(before) if _PIECE.fullmatch(before) else None
