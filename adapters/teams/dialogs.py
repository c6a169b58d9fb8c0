"""What opens in a window of its own: raising a concern, and asking about a message that somebody points at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from adapters.chat import raising as chat
from adapters.chat import wording
from adapters.chat.taps import Tap
from adapters.teams import views
from adapters.teams import wording as in_teams
from adapters.teams.asking import Asking, Where
from adapters.teams.connection import Json
from adapters.teams.incoming import Incoming, plain
from adapters.teams.tapped import Tapped, dialog, id_in
from adapters.teams.taps import Taps, tap_of
from bot.decide import MAX_QUESTION
from bot.errors import BotError
from bot.escalation.intake import Intake
from bot.escalation.receipt import Receipt
from bot.types import Action, Offer, Reply, Utterance
from knowledge.model import ConcernKind, Contact, School

ASK_ABOUT_THIS = "ask-about-this"
RAISE_A_CONCERN = "raise-a-concern"
# On an answer too: the list of readers, and the receipt, are the next steps of the same dialog.
_PASSING_ON = frozenset({str(Action.TELL), str(Action.INVOLVED)})


@dataclass(frozen=True, slots=True)
class Dialogs:
    """The steps of raising a concern, as cards in a dialog. `words` are those of the message that it is about."""

    words: str = ""

    def begin(self, kinds: Sequence[ConcernKind], schools: Sequence[School]) -> Json:
        """Return the first step."""
        return views.raise_view(kinds, schools, self.words)

    def tell(self, reply: Reply) -> Json:
        """Return the second step."""
        return views.tell_view(reply)

    def next_offer(self, reply: str, offer: Offer, phone: Sequence[Contact] = ()) -> Json:
        """Return the second step again, for other readers."""
        return views.next_offer_view(reply, offer, phone)

    def receipt(self, receipt: Receipt) -> Json:
        """Return the last step."""
        return views.receipt_view(receipt)

    def said(self, text: str) -> Json:
        """Return a sentence."""
        return views.said_dialog(text)


@dataclass(frozen=True, slots=True)
class Windows:
    """Opens the windows, and takes what is filled in there."""

    asking: Asking
    taps: Taps
    raising: chat.RaisingAConcern[Where, Json]

    async def fetch(self, where: Where, heard: Incoming, key: str | None) -> Json:
        """Return the window that a command opens."""
        command, words = heard.value.get("commandId"), words_pointed_at(heard.value)
        if command == ASK_ABOUT_THIS:
            return dialog(in_teams.ASK_ABOUT_THIS, await self._about(where, words, key))
        return dialog(wording.RAISE, await replace(self.raising, forms=Dialogs(words)).begin(where))

    async def submit(self, where: Where, found: Tapped | None, key: str | None) -> Json:
        """Take what was filled in; returns the window as it stands then."""
        if found is None:
            return dialog(wording.NOT_DONE, views.said_dialog(in_teams.CANNOT_SHOW))
        if found.whose == "raise" or found.act in _PASSING_ON:
            return dialog(wording.RAISE, await self._raised(where, found, key))
        shown = await self.taps.tapped(where, tap_of(found), key)
        card = views.said_dialog(shown) if isinstance(shown, str) else shown
        return dialog(in_teams.ASK_ABOUT_THIS, card)

    async def _raised(self, where: Where, found: Tapped, key: str | None) -> Json:
        given = found.given
        match found.act:
            case "describe":
                filled = (given.get("text", ""), given.get("category", chat.NOT_SURE), given.get("school", ""))
                return await self.raising.describe(where, key, chat.Described(*filled))
            case "tell":
                return await self.raising.tell(where, _tap(found))
            case "involved":
                return await self.raising.involved(where, _tap(found))
        return views.said_dialog(in_teams.CANNOT_SHOW)

    async def _about(self, where: Where, words: str, key: str | None) -> Json:
        """Answer a message that somebody points at, to them alone."""
        if not words:
            return views.said_dialog(in_teams.NO_WORDS)
        school = await self.asking.own_schools.school(where.home, where.user, where.place)
        if school is None:
            return views.said_dialog(in_teams.SCHOOL_UNKNOWN)
        asker = await self.asking.asker(where, school)
        try:
            told = self.asking.pointed_at(school, words)
            asked = Utterance(self.asking.reply_id(key), school, told, asker=asker, event_key=key)
            reply = await self.asking.service.answer(asked)
        except BotError as error:
            return views.said_dialog(str(error))
        return views.answer_dialog(reply, self.asking.named(where, school))


def _tap(found: Tapped) -> Tap:
    return Tap(found.act, id_in(found.given, "r"), id_in(found.given, "s"))


def words_pointed_at(value: Json) -> str:
    """Return the words of the message that somebody points at; "" where there are none."""
    payload = value.get("messagePayload")
    body = payload.get("body") if isinstance(payload, dict) else None
    if not isinstance(body, dict):
        return ""
    content = body.get("content")
    if not isinstance(content, str):
        return ""
    words = plain(content) if body.get("contentType") == "html" else content.strip()
    return words[: MAX_QUESTION * 2]


def windows(asking: Asking, intake: Intake, taps: Taps) -> Windows:
    """Put the windows together."""
    return Windows(asking, taps, chat.RaisingAConcern(asking, intake, Dialogs(), in_teams.SCHOOL_UNKNOWN))
