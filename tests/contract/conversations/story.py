"""What is said and tapped in several of the conversations, and who reads of it."""

from adapters.chat import wording
from bot.types import Action
from tests.contract.conversations.parties import Card, Day

FRIEND = "can I friend a parent?"
VERDICT = "Advised against: sending friend requests to parents or accepting theirs"
CERTAIN = "a child told me her dad hits her"
BULLIED = "a pupil is being bullied on snapchat by the zebrafinch gang"
TELL, INVOLVED, NOT_MEANT = (wording.ACTIONS[one] for one in (Action.TELL, Action.INVOLVED, Action.NOT_MEANT))
EVERYBODY = ("dsl", "deputy-dsl", "headteacher", "chair-of-governors", "deputy-head", "dpo", "it-support")


async def told_roles(day: Day, reference: str) -> tuple[str, ...]:
    """Return the roles who can read a card."""
    return tuple([role for role in EVERYBODY if await day.reader(role).card(reference)])


async def card_of(day: Day, role: str) -> Card:
    """Return the card of the one escalation, as somebody reads it."""
    card = await day.reader(role).card((await day.only()).reference)
    assert card is not None
    return card
