"""The front door: what comes from a tenant of ours goes to those who answer it, once (RS-34, RS-35)."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from adapters.chat.later import Later
from adapters.teams import wording as in_teams
from adapters.teams.channel import TeamsChannel
from adapters.teams.connection import Json
from adapters.teams.happenings import is_out
from adapters.teams.incoming import Incoming, read, tenant_of
from adapters.teams.invokes import CARD
from adapters.teams.notes import note
from adapters.teams.people import People
from adapters.teams.slow import afterwards, meanwhile
from adapters.teams.tapped import answered, not_answered
from adapters.teams.tenants import Tenants
from bot.escalation.errors import StoreError, UndeliverableError
from bot.escalation.ports import Claim, Clock, Store

OK, ACCEPTED, BAD, FORBIDDEN, BUSY, FAILED = 200, 202, 400, 403, 409, 503
# Teams waits fifteen seconds: learn.microsoft.com, custom-engine-agent-asynchronous-flow.
PATIENCE_S = 10.0
_WINDOW_S = 4.0  # for a window or a search it waits five
_HAPPENINGS = frozenset({"conversationUpdate", "installationUpdate"})
_OF_A_CHAT = frozenset({"message", *_HAPPENINGS})
_log = logging.getLogger("signpost.teams")


class Listens(Protocol):
    """Answers what comes in."""

    async def message(self, heard: Incoming, key: str | None) -> None:
        """Answer what somebody writes."""
        ...

    async def invoke(self, heard: Incoming, key: str | None) -> Json | None:
        """Answer a tap, a window, or the search box."""
        ...

    async def happening(self, heard: Incoming) -> None:
        """Take up that Signpost was put in somewhere, or taken out. Raises StoreError."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """How an activity is answered."""

    status: int
    body: Json | None = None


@dataclass(frozen=True, slots=True)
class Front:
    """Claims what comes in, hands it on, and marks it as answered afterwards.

    `unserved` answers in place of `served` in the tenant of the settings (`own`) while none of its schools is served.
    `check` raises UndeliverableError for an address of a service that is none of Microsoft's (RS-33). Where the store
    fails what comes in is answered all the same, and may be answered twice (RS-57).
    """

    served: Listens
    unserved: Listens
    tenants: Tenants
    people: People
    channel: TeamsChannel
    later: Later
    store: Store
    clock: Clock
    check: Callable[[str], object]
    own: str | None = None
    patience_s: float = PATIENCE_S

    async def take(self, activity: Json) -> Answer:
        """Answer an activity whose sender has been authenticated; never raises."""
        try:
            return await self._take(activity)
        except Exception as error:  # noqa: BLE001 - its text may hold what somebody wrote
            _log.error("what Teams sent could not be answered, for a fault of ours: %s", type(error).__name__)
            return Answer(FAILED)

    async def _take(self, activity: Json) -> Answer:
        heard = read(activity)
        if heard is None:
            return _unfit(activity)
        listens = self._listener(heard.tenant)
        if listens is None:
            _log.warning("something came from the tenant %s, to which no school belongs", heard.tenant)
            return Answer(FORBIDDEN)
        try:
            self.check(heard.spot.service_url)
        except UndeliverableError as refused:
            _log.warning("something came from an address that is not used: %s", refused)
            return Answer(FORBIDDEN)
        if heard.is_own or heard.type not in {*_OF_A_CHAT, "invoke"}:
            return Answer(OK)
        return await self._within(heard, self._heard(heard, listens))

    async def _heard(self, heard: Incoming, listens: Listens) -> Answer:
        await self._note(heard)
        if heard.type in _HAPPENINGS:
            await listens.happening(heard)
            return Answer(OK)
        return await self._once(heard, listens)

    async def _within(self, heard: Incoming, answering: Coroutine[Any, Any, Answer]) -> Answer:
        """Return an answer, or that it goes on where Teams would wait for too long; what comes of it is told then."""
        task = asyncio.create_task(answering)
        self.later.keep(task)
        in_a_window = heard.invoke and heard.invoke != CARD
        await asyncio.wait({task}, timeout=min(self.patience_s, _WINDOW_S) if in_a_window else self.patience_s)
        if task.done():
            return task.result()
        if not heard.invoke:
            return Answer(ACCEPTED)
        self.later.run(self._follow(heard, task))
        return Answer(OK, meanwhile(heard))

    async def _follow(self, heard: Incoming, task: asyncio.Task[Answer]) -> None:
        shown = afterwards(heard, (await task).body)
        if shown is not None:
            await self.later.post(lambda: self.channel.tell(heard.tenant, heard.user, shown))

    async def _note(self, heard: Incoming) -> None:
        """Note who wrote, and where Signpost can post; a search or a window can be in a chat that it is not in."""
        if heard.type not in _OF_A_CHAT and heard.invoke != CARD:
            return
        self.people.heard(heard)
        if not is_out(heard):
            try:
                await self.tenants.places.note(heard)
            except StoreError:
                _log.warning("where Teams can be reached could not be kept: the store fails")

    def _listener(self, tenant: str) -> Listens | None:
        if self.tenants.schools_in(tenant):
            return self.served
        return self.unserved if tenant == self.own else None

    # ---- Once ------------------------------------------------------------------------------------------------------

    async def _once(self, heard: Incoming, listens: Listens) -> Answer:
        key = event_key(heard)
        if key is None:
            return await self._answered(heard, listens, None)
        try:
            claim = await self.store.claim(key, self.clock.now())
        except StoreError:
            # Under its key all the same: what it raises is raised once.
            return await self._answered(heard, listens, key)
        if claim is not Claim.NEW:
            return _again(heard, claim)
        return await self._answered(heard, listens, key, claimed=True)

    async def _answered(self, heard: Incoming, listens: Listens, key: str | None, *, claimed: bool = False) -> Answer:
        if heard.type == "invoke":
            return await self._invoke(heard, listens, key, claimed=claimed)
        return await self._message(heard, listens, key, claimed=claimed)

    async def _message(self, heard: Incoming, listens: Listens, key: str | None, *, claimed: bool) -> Answer:
        try:
            await listens.message(heard, key)
        except Exception as error:  # noqa: BLE001 - Teams does not send it again, and somebody waits for an answer
            _failed("a message", error)
            told = note(in_teams.MY_FAULT)
            await self.later.post(lambda: self.channel.tell(heard.tenant, heard.user, told))
            return Answer(FAILED)
        await self._finish(key, claimed=claimed)
        return Answer(OK)

    async def _invoke(self, heard: Incoming, listens: Listens, key: str | None, *, claimed: bool) -> Answer:
        try:
            found = await listens.invoke(heard, key)
        except Exception as error:  # noqa: BLE001 - whoever tapped must not be left with nothing
            _failed("a tap", error)
            return Answer(OK, not_answered(500, in_teams.MY_FAULT)) if heard.invoke == CARD else Answer(FAILED)
        await self._finish(key, claimed=claimed)
        return Answer(OK, found)

    async def _finish(self, key: str | None, *, claimed: bool) -> None:
        if key is None or not claimed:
            return
        try:
            await self.store.finish(key, self.clock.now())
        except StoreError:
            return  # its lease runs out; a copy that comes then is answered again


def _unfit(activity: Json) -> Answer:
    """Refuse what does not fit: what names no tenant, or several, like what comes from a stranger."""
    if tenant_of(activity) is not None:
        return Answer(BAD)
    _log.warning("something came that names no tenant, or several")
    return Answer(FORBIDDEN)


def event_key(heard: Incoming) -> str | None:
    """Return the key of what Teams sent: by conversation and id (RS-35); None for what nothing comes of."""
    if not heard.id or heard.invoke.endswith("/query"):
        return None
    return f"teams:{'tap' if heard.invoke else 'event'}:{heard.spot.conversation}:{heard.id}"


def _again(heard: Incoming, claim: Claim) -> Answer:
    """Answer a copy: of a message nothing comes twice, and a tap is being taken."""
    if heard.type == "invoke":
        return Answer(OK, answered(in_teams.TAKEN_ALREADY) if heard.invoke == CARD else None)
    return Answer(BUSY if claim is Claim.BUSY else OK)


def _failed(what: str, error: Exception) -> None:
    _log.error("%s could not be answered, for a fault of ours: %s", what, type(error).__name__)
