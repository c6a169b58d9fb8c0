"""The conversations in Slack: a fake that stands for Slack sends signed requests, and the real adapter answers."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from adapters.bootstrap import Signpost
from adapters.chat import wording
from adapters.slack import wording as in_slack
from adapters.slack.admin_words import SLACK
from bot.escalation.message import Act
from bot.escalation.model import Resolution
from tests.contract.conversations.chats import ChatDay, until
from tests.contract.conversations.pack import ALSO
from tests.contract.conversations.parties import Asker, Card, Reader
from tests.contract.conversations.reading import Page, Read, understood
from tests.escalation_fakes import TickingClock
from tests.scenario import slack_world as slack
from tests.slack_fake import Message, Person, View
from tests.slack_fake.elements import Found, interactive

_USERS = {
    "headteacher": slack.HEAD,
    "dsl": slack.DSL,
    "deputy-dsl": slack.DEPUTY,
    "chair-of-governors": slack.CHAIR,
    "deputy-head": slack.DEPUTY_HEAD,
    **{role: user for role, (user, _) in ALSO.items()},
}
_IN_THE_PLACE = frozenset({"dsl", "deputy-dsl", "headteacher"})
_CHOOSE = "reply:choose"
_SCHOOL = "school:choose"


@asynccontextmanager
async def day_on_slack(signpost: Signpost, state: Path, clock: TickingClock) -> AsyncIterator["SlackDay"]:
    """Serve Slack over HTTP, over the store in `state`; at the end, everything must have been answered and shown."""
    async with slack.served(signpost, state, clock, mode="http") as world:
        for user, name in ALSO.values():
            world.team.add_user(user, name)
        yield SlackDay(world)
        assert [answer for answer in world.slack.answers if not answer.acked] == []
        assert world.slack.world.refusals == []


class SlackDay(ChatDay):
    """A school day on Slack."""

    platform, speaks, place = "slack", SLACK, slack.SAFE

    def __init__(self, world: slack.Served) -> None:
        """Begin it."""
        self.world, self.parts, self.clock = world, world.parts, world.clock

    def asker(self) -> Asker:
        """Be a teacher."""
        return _Asker(self, self.world.person(slack.TEACHER))

    def colleague(self) -> Asker:
        """Be another teacher."""
        return _Asker(self, self.world.person(slack.COLLEAGUE))

    def outsider(self) -> Asker:
        """Be somebody who is not staff."""
        return _Asker(self, self.world.person(slack.GUEST))

    def reader(self, role: str) -> Reader:
        """Be the holder of a role."""
        return _Reader(self, self.world.person(_USERS[role]), slack.SAFE if role in _IN_THE_PLACE else None)

    def pass_by(self, time: timedelta) -> None:
        """Let time pass at the school and in Slack."""
        self.world.pass_by(time)

    async def asks_first(self, text: str, school: str) -> tuple[Sequence[str], Read]:
        """Ask, and pick the school in the menu that asks for it."""
        tess = self.world.person(slack.TEACHER)
        await tess.says_in_dm(text)
        asked = slack.bot_said(tess)[-1]
        offered = slack.choices_of(asked)
        before = len(slack.bot_said(tess))
        await tess.selects(asked, _SCHOOL, offered[school])
        return list(offered), self.read(slack.bot_said(tess)[before:])

    # ---- What chats have ---------------------------------------------------------------------------------------------

    async def administers(self, command: str) -> str:
        """Let an admin type a command."""
        return await self._types(slack.ADMIN, command)

    async def administers_as_a_teacher(self, command: str) -> str:
        """Let a teacher type an admin's command."""
        return await self._types(slack.TEACHER, command)

    async def raises(self, text: str, category: str) -> Read:
        """Fill in the first step of the shortcut."""
        tess = self.world.person(slack.TEACHER)
        await tess.shortcut("raise-a-concern")
        await tess.submits(tess.modal, {"text": text, "category": category})
        return self.read([tess.modal])

    async def asks_twice(self, text: str) -> Read:
        """Ask by direct message, of which Slack tells twice."""
        tess = self.world.person(slack.TEACHER)
        await self.world.slack.redeliver(await tess.says_in_dm(text))
        return self.read(slack.bot_said(tess))

    async def asks_where_others_read(self, text: str) -> tuple[str, str]:
        """Mention Signpost in the staff room."""
        tess, cole = self.world.person(slack.TEACHER), self.world.person(slack.COLLEAGUE)
        await tess.mentions(slack.STAFF_ROOM, text)
        alone = [*(one for one in slack.bot_said(tess, slack.STAFF_ROOM) if one.ephemeral_to), *slack.bot_said(tess)]
        return _words(alone), _words(slack.bot_said(cole, slack.STAFF_ROOM))

    async def _types(self, user: str, command: str) -> str:
        who = self.world.person(user)

        def answers() -> list[Message]:
            return [one for one in slack.bot_said(who) if one.text != wording.WORKING]

        before = len(answers())
        await who.slash("/policy-admin", command)
        await until(lambda: len(answers()) > before)
        return _words(answers()[before:])

    # ---- Reading -----------------------------------------------------------------------------------------------------

    def read(self, shown: Sequence[Message | View], school: str = "model") -> Read:
        """Return what somebody takes from messages or a modal."""
        tapped = [found for one in shown for found in interactive(one.blocks)]
        labels = [_label(found) for found in tapped if not found.action_id.startswith(_CHOOSE)]
        labels += [str(one.content["submit"]["text"]) for one in shown if isinstance(one, View) and _submits(one)]
        options = [_label(found) for found in tapped if found.action_id.startswith(_CHOOSE)]
        first = next((one.text for one in shown if isinstance(one, Message)), "")
        page = Page(first, _words(shown).splitlines(), options, labels)
        return understood(page, self.school(school), tuple(shown))


@dataclass(frozen=True, slots=True)
class _Asker:
    day: SlackDay
    person: Person

    async def asks(self, text: str, *, after: Read | None = None) -> Read:
        """Ask by direct message: a follow-up in the thread of what they follow up on."""
        above = next((one for one in _shown(after) if isinstance(one, Message)), None) if after else None
        before = len(slack.bot_said(self.person))
        await self.person.says_in_dm(text, thread_ts=above.thread_ts if above else None)
        return self.day.read(slack.bot_said(self.person)[before:])

    async def taps(self, read: Read, label: str) -> Read:
        """Tap a button of a reply, or one of its options; in a modal, send it with its button."""
        before = len(slack.bot_said(self.person))
        for one in _shown(read):
            if isinstance(one, View) and _submits(one) and one.content["submit"]["text"] == label:
                await self.person.submits(one)
                return self.day.read([self.person.modal])
            found = next((found for found in interactive(one.blocks) if _label(found) == label), None)
            if found is not None:
                await _presses(self.person, one, found)
                anew = [self.person.modal] if isinstance(one, View) else slack.bot_said(self.person)[before:]
                return self.day.read(anew)
        raise LookupError(label)

    async def taps_twice(self, read: Read, label: str) -> Read:
        """Tap, and let Slack send the same tap again."""
        before, fake = len(slack.bot_said(self.person)), self.day.world.slack
        await self.taps(read, label)
        await fake.redeliver(fake.answers[-1])
        return self.day.read(slack.bot_said(self.person)[before:])

    async def receipt(self, reference: str) -> str:
        """Return the latest message that says how it stands."""
        heads = (wording.news_of(reference), f"{wording.RECORDED} {reference}", f"{wording.PASSED_ON} {reference}")
        return _words([[one for one in self._of(reference) if one.text.startswith((*heads, f"{reference}:"))][-1]])

    async def heard(self, reference: str) -> str:
        """Return every message about it."""
        return _words(self._of(reference))

    async def adds(self, reference: str, text: str) -> None:
        """Tap "Add something" beneath what they read of it last."""
        label = wording.ACTS[Act.ANSWER]
        last = next(one for one in self._of(reference)[::-1] if label in _labels(one))
        await self.person.taps(last, f"asker:{Act.ANSWER}")
        await self.person.submits(self.person.modal, {"text": text})

    def _of(self, reference: str) -> list[Message]:
        return [one for one in slack.bot_said(self.person) if reference in slack.words_of(one)]


@dataclass(frozen=True, slots=True)
class _Reader:
    day: SlackDay
    person: Person
    place: str | None

    async def card(self, reference: str) -> Card | None:
        """Return the card in the private channel, or in their own direct messages."""
        there = [*(slack.bot_said(self.person, self.place) if self.place else ()), *slack.bot_said(self.person)]
        cards = [one for one in there if reference in slack.words_of(one) and any(map(_is_of_the_desk, _tapped(one)))]
        return _card(cards[0]) if cards else None

    async def opens(self, card: Card) -> str:
        """Open the words in a modal."""
        await self._tap(card, Act.OPEN)
        words = _words([self.person.modal])
        await self.person.closes(self.person.modal)
        return words

    async def does(self, card: Card, act: Act) -> str:
        """Tap once; a refusal is a message that only they see."""
        before = self._hints()
        await self._tap(card, act)
        return _words(self._hints()[len(before) :])

    async def replies(self, card: Card, text: str) -> None:
        """Answer in the modal."""
        await self._fills(card, Act.REPLY, text=text)

    async def passes_on(self, card: Card, role: str) -> None:
        """Pick the role in the modal."""
        await self._fills(card, Act.ASSIGN, role=role)

    async def resolves(self, card: Card, what: Resolution) -> None:
        """Pick what came of it in the modal."""
        await self._fills(card, Act.RESOLVE, resolution=str(what))

    async def _fills(self, card: Card, act: Act, **values: str) -> None:
        await self._tap(card, act)
        await self.person.submits(self.person.modal, values)
        assert not self.person.has_modal

    async def _tap(self, card: Card, act: Act) -> None:
        assert isinstance(card.shown, Message)
        await self.person.taps(card.shown, f"desk:{act}")

    def _hints(self) -> list[Message]:
        there = slack.bot_said(self.person, self.place) if self.place else slack.bot_said(self.person)
        return [one for one in there if one.ephemeral_to == self.person.user.id]


# ---- What stands there -----------------------------------------------------------------------------------------------


def _shown(read: Read) -> tuple[Message | View, ...]:
    assert isinstance(read.shown, tuple)
    return read.shown


def _submits(view: View) -> bool:
    return bool(view.content.get("submit"))


def _tapped(shown: Message | View) -> list[Found]:
    return list(interactive(shown.blocks))


def _labels(shown: Message | View) -> list[str]:
    return [_label(found) for found in _tapped(shown)]


def _label(found: Found) -> str:
    """Return the words on a button; those beside it where it only says "This one"."""
    text = _text(found.element.get("text"))
    return _text(found.block.get("text")) if text == in_slack.THIS_ONE else text


def _text(part: Any) -> str:
    return str(part.get("text", "")) if isinstance(part, dict) else ""


def _is_of_the_desk(found: Found) -> bool:
    return found.action_id.startswith("desk:")


async def _presses(person: Person, shown: Message | View, found: Found) -> None:
    same = [one for one in _tapped(shown) if one.action_id == found.action_id]
    await person.taps(shown, found.action_id, [one.block_id for one in same].index(found.block_id))


def _card(shown: Message) -> Card:
    return Card(_words([shown]), frozenset(wording.ACTS.values()) & frozenset(_labels(shown)), shown)


def _words(shown: Sequence[Message | View]) -> str:
    """Return what stands on messages, without their notifications and the marks of headings and quotes."""
    read = (slack.words_of(one).split("\n")[_notified(one) :] for one in shown)
    return "\n".join(line.removeprefix("> ").strip("*") for lines in read for line in lines)


def _notified(shown: Message | View) -> int:
    return len(shown.text.split("\n")) if isinstance(shown, Message) else 0
