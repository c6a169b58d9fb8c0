"""What becomes of each tap on a reply: pass it on, somebody is involved, ask a person, it helped, it was not meant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack import wording
from adapters.slack.answers import render_answer
from adapters.slack.asking import Asking, Say, Where
from adapters.slack.cards import render_receipt
from adapters.slack.channel import SlackChannel
from adapters.slack.notes import note
from adapters.slack.offers import render_offer
from adapters.slack.rendered import Rendered
from adapters.slack.shapes import ids_in
from bot.errors import BotError
from bot.escalation import wording as told
from bot.escalation.errors import EscalationError, StoreError
from bot.escalation.intake import Intake
from bot.escalation.model import Turn
from bot.types import Action, Reply


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap on a reply: which button, on which reply, and what came with it."""

    name: str
    reply: str
    seal: str | None = None
    option: str | None = None


def tap_of(action: Mapping[str, Any]) -> Tap | None:
    """Read a tap from Slack's action; None where it is none of ours."""
    name = str(action.get("action_id") or "").removeprefix("reply:").partition(":")[0]
    chosen = action.get("selected_option") or {}
    carried = ids_in(action.get("value") or chosen.get("value"))
    if "r" not in carried:
        return None
    return Tap(name, carried["r"], carried.get("s"), carried.get("c"))


def chosen_school(action: Mapping[str, Any]) -> tuple[str, str] | None:
    """Read which school was chosen, and the id of the question that waits for it."""
    carried = ids_in((action.get("selected_option") or {}).get("value"))
    return (carried["s"], carried.get("r", "")) if "s" in carried else None


@dataclass(frozen=True, slots=True)
class Taps:
    """Takes the taps of those who ask."""

    asking: Asking
    intake: Intake
    channel: SlackChannel

    async def take(self, where: Where, tap: Tap, key: str | None, say: Say) -> None:
        """Take one tap; whatever it comes to is said."""
        try:
            await self._take(where, tap, key, say)
        except BotError as error:
            await say(note(str(error)))
        except (StoreError, KeyError):
            await say(note(told.NOT_RECORDED))

    async def _take(self, where: Where, tap: Tap, key: str | None, say: Say) -> None:
        turn = await self._turn(tap.reply)
        if turn is None:
            await say(note(told.GONE))
            return
        asker = await self.asking.asker(where, turn.school)
        match tap.name:
            case Action.TELL:
                await say(render_receipt(await self.intake.tell(asker, tap.reply, tap.seal)))
            case Action.INVOLVED:
                offer, phone = await self.intake.involved(asker, tap.reply, tap.seal)
                for rendered in render_offer(tap.reply, offer, phone):
                    await say(rendered)
            case Action.ASK_A_PERSON:
                receipt = await self.intake.ask_a_person(asker, tap.reply)
                await say(note(told.ASKED_A_PERSON))
                await say(render_receipt(receipt))
            case Action.HELPED:
                await say(note(await self.intake.helped(asker, tap.reply)))
            case Action.NOT_MEANT:
                await self.asking.show(where, await self.asking.service.not_meant(self.intake, asker, tap.reply), say)
            case "choose" if tap.option:
                asked = await self.intake.recalled(asker, tap.reply)
                await self.asking.answer(where, asked.school, asked.text, key, say, choice=tap.option)
            case "share":
                await self._share(where, await self.asking.service.again(self.intake, asker, tap.reply), say)

    async def _share(self, where: Where, reply: Reply, say: Say) -> None:
        """Post an answer where everybody in the channel reads it; of a concern, nothing is ever shared."""
        shared = render_answer(reply, private=False)
        if not shared:
            await say(note(wording.NOT_SHARED))
        for rendered in shared:
            try:
                await self._post(where, rendered)
            except EscalationError:
                await say(note(wording.CANNOT_POST_HERE))
                return

    async def _post(self, where: Where, rendered: Rendered) -> None:
        thread = {"thread_ts": where.thread} if where.thread else {}
        await self.channel.post(where.team, where.channel, rendered, **thread)

    async def _turn(self, reply: str) -> Turn | None:
        """Return what is remembered of a reply; who may tap on it is checked by the intake."""
        office = self.asking.office
        turn = await office.store.recall(reply, office.clock.now())
        return turn if turn and office.serves(turn.school) else None
