"""The conversations in Teams: a fake that stands for Microsoft sends signed activities, the real adapter answers."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from adapters.bootstrap import Signpost
from adapters.chat import wording
from adapters.teams import wording as in_teams
from adapters.teams.admin_words import TEAMS
from bot.escalation.message import Act
from bot.escalation.model import Resolution
from knowledge.model import RouteName
from tests.contract.conversations.chats import ChatDay
from tests.contract.conversations.pack import ALSO
from tests.contract.conversations.parties import Asker, Card, Reader
from tests.contract.conversations.reading import Page, Read, understood
from tests.escalation_fakes import TickingClock
from tests.scenario import teams_world as teams
from tests.teams_fake import Dialog, Found, Person, Seen, buttons_of, words_of

_IN_THE_PLACE = frozenset({"dsl", "deputy-dsl", "headteacher"})
_SEND = {
    Act.REPLY: wording.SEND_REPLY,
    Act.ASSIGN: wording.HAND_ON,
    Act.RESOLVE: wording.RESOLVE_IT,
    Act.ANSWER: wording.SEND,
}


@asynccontextmanager
async def day_on_teams(signpost: Signpost, state: Path, clock: TickingClock) -> AsyncIterator["TeamsDay"]:
    """Serve Teams over the store in `state`; at the end, everything must have been answered and shown.

    The safeguarding channel has been bound to its routes by an admin, as only somebody in Teams can.
    """
    async with teams.served(signpost, state, clock) as world:
        for role, (_, name) in ALSO.items():
            world.teams.install(world.at.tenant.add_user(name, teams.user_id(role)))
        await _bind(world)
        yield TeamsDay(world)
        assert [(one.status, one.lost) for one in world.teams.answers if not one.acked] == []
        assert world.teams.world.refusals == []


async def _bind(world: teams.Served) -> None:
    """Let an admin bind the channel to the routes that have one, and leave it to those who are told."""
    for school in world.signpost.library.schools():
        if world.parts.office.school(school).routes[RouteName.CHILD].place:
            await world.person("admin").writes_in(world.at.safe, f"policy-admin routes bind child {school}")
    await world.person("dsl").removes(world.at.safe, world.user("admin"))
    await world.settle()


class TeamsDay(ChatDay):
    """A school day on Teams."""

    platform, speaks = "teams", TEAMS

    def __init__(self, world: teams.Served) -> None:
        """Begin it."""
        self.world, self.parts, self.clock = world, world.parts, world.clock
        self.place = world.at.safe.id

    def asker(self) -> Asker:
        """Be a teacher."""
        return _Asker(self, self.world.person("teacher"))

    def colleague(self) -> Asker:
        """Be another teacher."""
        return _Asker(self, self.world.person("colleague"))

    def outsider(self) -> Asker:
        """Be somebody who is not staff."""
        return _Asker(self, self.world.person("guest"))

    def reader(self, role: str) -> Reader:
        """Be the holder of a role."""
        return _Reader(self, self.world.person(role), role in _IN_THE_PLACE)

    def pass_by(self, time: timedelta) -> None:
        """Let time pass at the school and in Teams."""
        self.world.pass_by(time)

    async def asks_first(self, text: str, school: str) -> tuple[Sequence[str], Read]:
        """Ask, and pick the school on the card that asks for it."""
        tess = self.world.person("teacher")
        await tess.writes(text)
        asked = teams.bot_said(tess)[-1]
        (choosing,) = asked.buttons
        offered = {one["title"]: one["value"] for one in choosing.fields[0]["choices"]}
        before = len(teams.bot_said(tess))
        await tess.taps(asked, in_teams.CHOOSE, school=offered[school])
        return list(offered), self.read(teams.bot_said(tess)[before:])

    # ---- What chats have ---------------------------------------------------------------------------------------------

    async def administers(self, command: str) -> str:
        """Let an admin type a command."""
        return await self._types("admin", command)

    async def administers_as_a_teacher(self, command: str) -> str:
        """Let a teacher type an admin's command."""
        return await self._types("teacher", command)

    async def raises(self, text: str, category: str) -> Read:
        """Fill in the first step of the dialog."""
        tess = self.world.person("teacher")
        await tess.uses("raise-a-concern")
        await tess.submits(text=text, category=category)
        return self.read([tess.dialog])

    async def asks_twice(self, text: str) -> Read:
        """Ask in the own chat, of which Teams tells twice."""
        tess = self.world.person("teacher")
        await self.world.teams.redeliver(await tess.writes(text))
        return self.read(teams.bot_said(tess))

    async def asks_where_others_read(self, text: str) -> tuple[str, str]:
        """Mention Signpost in the staff room."""
        tess, cole = self.world.person("teacher"), self.world.person("colleague")
        await tess.writes_in(self.world.at.staff_room, text)
        alone = "\n".join(one.words for one in teams.bot_said(tess))
        return alone, "\n".join(one.words for one in teams.bot_said(cole, self.world.at.staff_room))

    async def _types(self, who: str, command: str) -> str:
        person = self.world.person(who)
        before = len(teams.bot_said(person))
        await person.writes(f"policy-admin {command}".strip())
        return "\n".join(one.words for one in teams.bot_said(person)[before:])

    # ---- Reading -----------------------------------------------------------------------------------------------------

    def read(self, shown: Sequence[Seen | Dialog], besides: Sequence[str] = (), school: str = "model") -> Read:
        """Return what somebody takes from cards or a dialog; `besides` are lines elsewhere."""
        tapped = [found for one in shown for found in _buttons(one)]
        options = [_label(found) for found in tapped if _chooses(found)]
        labels = [found.title for found in tapped if not _chooses(found)]
        first = next((one.summary for one in shown if isinstance(one, Seen)), "")
        lines = [line for one in shown for line in _words(one).splitlines()]
        page = Page(first, [*lines, *besides], options, labels)
        return understood(page, self.school(school), tuple(shown))


@dataclass(frozen=True, slots=True)
class _Asker:
    day: TeamsDay
    person: Person

    async def asks(self, text: str, *, after: Read | None = None) -> Read:
        """Ask in the own chat, which is one conversation."""
        before = len(teams.bot_said(self.person))
        await self.person.writes(text)
        return self.day.read(teams.bot_said(self.person)[before:])

    async def taps(self, read: Read, label: str) -> Read:
        """Tap a button of a reply, or one of its options; in a dialog, send it with that button."""
        before, toasts = len(teams.bot_said(self.person)), len(self.person.toasts)
        for one in read.shown if isinstance(read.shown, tuple) else ():
            which = [_label(found) for found in _buttons(one)]
            if label not in which:
                continue
            found = _buttons(one)[which.index(label)]
            same = [other for other in _buttons(one) if other.title == found.title]
            if isinstance(one, Dialog):
                await self.person.submits(found.title, same.index(found))
                return self.day.read([self.person.dialog])
            stood = self.person.sees(one).words.splitlines()
            await self.person.taps(one, found.title, same.index(found))
            posted = teams.bot_said(self.person)[before:]
            shown = [seen for seen in self.person.toasts[toasts:] if seen != in_teams.BELOW]
            anew = [] if posted else [line for line in self.person.sees(one).words.splitlines() if line not in stood]
            return self.day.read(posted, [*shown, *anew])
        raise LookupError(label)

    async def taps_twice(self, read: Read, label: str) -> Read:
        """Tap, and let Teams send the same tap again."""
        before, fake = len(teams.bot_said(self.person)), self.day.world.teams
        await self.taps(read, label)
        await fake.redeliver(fake.answers[-1])
        return self.day.read(teams.bot_said(self.person)[before:])

    async def receipt(self, reference: str) -> str:
        """Return the latest message that says how it stands."""
        heads = (wording.news_of(reference), f"{wording.RECORDED} {reference}", f"{wording.PASSED_ON} {reference}")
        told = [one for one in self._of(reference) if one.summary.startswith((*heads, f"{reference}:"))]
        return told[-1].words

    async def heard(self, reference: str) -> str:
        """Return every message about it."""
        return "\n".join(one.words for one in self._of(reference))

    async def adds(self, reference: str, text: str) -> None:
        """Tap "Add something" beneath what they read of it last."""
        label = wording.ACTS[Act.ANSWER]
        last = next(one for one in self._of(reference)[::-1] if label in one.titles)
        await _fills(self.person, last, Act.ANSWER, text=text)

    def _of(self, reference: str) -> list[Seen]:
        return [one for one in teams.bot_said(self.person) if reference in one.words]


@dataclass(frozen=True, slots=True)
class _Reader:
    day: TeamsDay
    person: Person
    in_the_place: bool

    async def card(self, reference: str) -> Card | None:
        """Return the card in the private channel, or in their own chat."""
        safe = self.day.world.at.safe
        there = [*(teams.bot_said(self.person, safe) if self.in_the_place else ()), *teams.bot_said(self.person)]
        cards = [one for one in there if reference in one.words and wording.ACTS[Act.OPEN] in one.titles]
        return _card(cards[0]) if cards else None

    async def opens(self, card: Card) -> str:
        """Open the words, in a dialog or in place of the card."""
        seen = _seen(card)
        await self.person.taps(seen, wording.ACTS[Act.OPEN])
        shown = words_of(self.person.dialog.card) if self.person.has_dialog else self.person.sees(seen).words
        self.person.closes()
        return shown

    async def does(self, card: Card, act: Act) -> str:
        """Tap once; a refusal is shown for a moment."""
        before = len(self.person.toasts)
        await self.person.taps(_seen(card), wording.ACTS[act])
        return "\n".join(self.person.toasts[before:])

    async def replies(self, card: Card, text: str) -> None:
        """Answer in the form."""
        await self._fills(card, Act.REPLY, text=text)

    async def passes_on(self, card: Card, role: str) -> None:
        """Pick the role in the form."""
        await self._fills(card, Act.ASSIGN, role=role)

    async def resolves(self, card: Card, what: Resolution) -> None:
        """Pick what came of it in the form."""
        await self._fills(card, Act.RESOLVE, resolution=str(what))

    async def _fills(self, card: Card, act: Act, **values: str) -> None:
        await _fills(self.person, _seen(card), act, **values)


# ---- What stands there -----------------------------------------------------------------------------------------------


async def _fills(person: Person, seen: Seen, act: Act, **values: str) -> None:
    """Tap a button that brings a form, in a dialog or in place of the card, and send what is filled in."""
    await person.taps(seen, wording.ACTS[act])
    if person.has_dialog:
        await person.submits(_SEND[act], **values)
        person.closes()
    else:
        await person.taps(seen, _SEND[act], **values)


def _seen(card: Card) -> Seen:
    assert isinstance(card.shown, Seen)
    return card.shown


def _buttons(shown: object) -> list[Found]:
    assert isinstance(shown, Seen | Dialog)
    return shown.buttons if isinstance(shown, Seen) else buttons_of(shown.card)


def _words(shown: Seen | Dialog) -> str:
    return shown.words if isinstance(shown, Seen) else words_of(shown.card)


def _chooses(found: Found) -> bool:
    return found.verb == "reply:choose" or found.data.get("do") == "reply:choose"


def _label(found: Found) -> str:
    """Return the words on a button; those above it where it only says "This one"."""
    return str(found.action["tooltip"]) if found.title == in_teams.THIS_ONE else found.title


def _card(shown: Seen) -> Card:
    return Card(shown.words, frozenset(wording.ACTS.values()) & frozenset(shown.titles), shown)
