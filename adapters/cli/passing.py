"""`signpost ask --escalate`: passes on what would only be offered otherwise."""

import getpass
from collections.abc import Callable, Sequence
from dataclasses import replace

from adapters.bootstrap import Signpost
from adapters.cli import escalation_speech as speech
from adapters.errors import AdapterError
from adapters.escalating import Escalating, escalating
from adapters.ids import RandomIds
from adapters.settings import Settings
from adapters.upkeep import server_runs
from bot.characters import whole
from bot.escalation import wording
from bot.escalation.errors import EscalationError, RefusedError
from bot.escalation.model import Person
from bot.escalation.offering import joined, showing
from bot.escalation.office import Office
from bot.escalation.routing import NoRoute, Plan
from bot.types import Asker, Offer, Reply, Utterance
from bot.wording import OFFER_NOTICE
from knowledge.model import Contact, RouteName

_PLATFORM = "cli"
_NOBODY = "the command line"

Say = Callable[[str], None]


async def pass_on(signpost: Signpost, utterance: Utterance, show: Callable[[Reply], None], say: Say) -> Reply:
    """Answer an utterance, and pass its concern on; return the reply with what came of that.

    `show` gets the reply as it is before anybody is told, `say` each sentence about passing it on as it becomes true.
    Raises BotError where the utterance cannot be answered; whatever keeps it from being recorded is said, and stands
    as the `problem` of the reply's escalation.
    """
    answered = await signpost.service.answer(replace(utterance, id=RandomIds().new()))
    reply = replace(answered, notices=tuple(notice for notice in answered.notices if notice != OFFER_NOTICE))
    show(reply)
    offer = reply.escalation
    if offer is None:
        say(speech.NO_CONCERN)
        return reply
    try:
        async with escalating(signpost) as parts:
            asked = replace(utterance, id=reply.id, text=reply.question)
            return await _passed_on(parts, signpost.settings, asked, reply, offer, say)
    except (AdapterError, EscalationError, OSError) as error:
        return _failed(reply, offer, wording.NOT_RECORDED, reply.contacts, say, str(error))


async def _passed_on(
    parts: Escalating, settings: Settings, asked: Utterance, reply: Reply, offer: Offer, say: Say
) -> Reply:
    asker = _asker()
    plan = await _plan(parts.office, asker, reply.school, offer)
    if isinstance(plan, NoRoute):
        return _failed(reply, offer, wording.no_route(plan.reason), plan.phone, say)
    say(speech.readers(plan))
    offer = (await parts.intake.attend(replace(asked, asker=asker), asker, reply)).escalation or offer
    if offer.problem:
        return _failed(reply, offer, offer.problem, plan.phone, say)
    if offer.reference is None:
        try:
            receipt = await parts.intake.tell(asker, reply.id)
        except RefusedError as refused:
            return _failed(reply, offer, str(refused), plan.phone, say)
        state, says = str(receipt.state), receipt.warning
        offer = replace(offer, id=receipt.id, reference=receipt.reference, state=state, says=says)
    if not await server_runs(settings):
        offer = replace(offer, says=speech.NO_SERVER)
    say(speech.passed_on(offer.reference or "", offer.state, offer.says))
    return showing(reply, offer)


async def _plan(office: Office, asker: Asker, school: str, offer: Offer) -> Plan | NoRoute:
    """Return who would read a concern."""
    platform = office.platform_for(asker.person)
    own = asker.person.id if asker.person.platform == platform else None
    return await office.plan(school, RouteName(offer.route), platform, office.hidden_by(offer.category, school), own)


def _failed(
    reply: Reply, offer: Offer, problem: str, phone: Sequence[Contact], say: Say, reason: str | None = None
) -> Reply:
    """Say that nobody has been told, why, and whom to phone."""
    say(speech.not_passed_on(problem, phone, reason))
    offer = replace(offer, says=problem, problem=problem)
    return showing(replace(reply, contacts=joined(reply.contacts, phone)), offer)


def _asker() -> Asker:
    """Return whoever is logged in; they can run Signpost, so they are staff."""
    try:
        name = whole(getpass.getuser())
    except (KeyError, OSError, ImportError):  # an account without a name, as in a container
        name = _NOBODY
    return Asker(Person(_PLATFORM, name, name), f"{_PLATFORM}:{name}")
