"""The courier: takes what is due from the outbox, one message a lane at a time, and keeps trying until it arrives.

A lane is one address on one platform. Within a lane the order is kept, urgent ones first; a lane that is throttled or
down waits by itself and delays no other. A message is marked as sent only after the platform said so; when that is in
doubt it goes out again, marked as sent again, because a duplicate is better than a loss.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.escalation.alarms import Alarms
from bot.escalation.errors import ChannelDownError, StaleError, StoreError, ThrottledError, UndeliverableError
from bot.escalation.lanes import LONGEST_PAUSE_S, Lane
from bot.escalation.lifecycle import QUIET, Moment
from bot.escalation.message import Message
from bot.escalation.model import Change, Delivery, DeliveryKind, Escalation
from bot.escalation.office import Office
from bot.escalation.ports import Bell, Channel
from bot.escalation.readers import Readers
from bot.escalation.render import listed_in, render
from bot.escalation.rounds import Rounds
from bot.escalation.settling import arrived, aside, instead_of, nobody_left, still_matters, withdrawn

LEASE = timedelta(seconds=60)
SEND_TIMEOUT_S = 20
ALARM_AFTER = timedelta(minutes=5)  # RS-54
MAX_FAULTS = 3  # RS-53
_FAULT_PAUSE_S = 2.0
_LOOK_AGAIN_S = 60.0
_ASK_AGAIN_S = 15.0  # who reads there is not known just now: long enough that what stands behind it passes
_TRIES = 20
_LAST_WAIT_S = 1.0


@dataclass(slots=True)
class Courier:
    """One worker. Several may share a store: leases keep them from sending the same message at once.

    Each paces its lanes by itself. `chance` gives the jitter of the pauses; a platform that has not answered after
    `patience_s` is taken for down. `lanes` holds what is known of the lanes in use, and nothing of the others.
    """

    office: Office
    channels: Mapping[str, Channel]
    bell: Bell
    worker: str
    chance: random.Random = field(default_factory=random.Random)
    patience_s: float = SEND_TIMEOUT_S
    lanes: dict[str, Lane] = field(default_factory=dict)
    _alarms: Alarms = field(init=False)
    _readers: Readers = field(init=False)
    _rounds: Rounds = field(init=False)
    _round: "asyncio.Task[None] | None" = None
    _awake: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Put together what the courier asks before it sends."""
        self._alarms = Alarms(self.bell, self.office.clock)
        self._readers = Readers(self.office, self._alarms)
        self._rounds = Rounds(self.office, self._readers, self._alarms)

    def wake(self) -> None:
        """Say that there is something new to do."""
        self._awake.set()

    async def run(self, longest_sleep_s: float = 1.0) -> None:
        """Work until cancelled; what another process recorded is seen after `longest_sleep_s` at the latest."""
        try:
            while True:
                self._awake.clear()
                pause = longest_sleep_s
                try:
                    pause = min(await self.step(), longest_sleep_s)
                except Exception as error:  # noqa: BLE001 - the worker outlives whatever befalls one step
                    self._failed(error)
                await self._sleep(pause)
        finally:
            await self.finish()

    async def step(self) -> float:
        """Start every message that is due and the round of the chase; return in how many seconds to look again."""
        now = self.office.clock.now()
        self.lanes = {name: lane for name, lane in self.lanes.items() if not lane.is_forgotten(now)}
        busy = [name for name, lane in self.lanes.items() if lane.is_busy(now)]
        for found in await self.office.store.claim_deliveries(self.worker, now, now + LEASE, busy):
            lane = self.lanes.setdefault(found.address.lane, Lane(now, now))
            lane.task = asyncio.create_task(self._deliver(found, lane))
        if self._round is None:
            self._round = asyncio.create_task(self._go_round())
        return await self._pause(now)

    async def finish(self) -> None:
        """Wait for what is being sent; nothing new is begun. What is cut short goes out again once its lease ends."""
        tasks = [lane.task for lane in self.lanes.values() if lane.task]
        tasks += [self._round] if self._round else []
        if not tasks:
            return
        try:
            await asyncio.wait(tasks)
        except asyncio.CancelledError:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=_LAST_WAIT_S)
            raise

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._awake.wait()
        except TimeoutError:
            return

    async def _pause(self, now: datetime) -> float:
        """Return in how many seconds something falls due. What waits for a busy lane wakes the courier by itself."""
        due = await self.office.store.next_delivery_at(now)
        times = [lane.free_at for lane in self.lanes.values() if not lane.task and lane.is_busy(now)]
        times += [due] if due and due > now else []
        return min(((time - now).total_seconds() for time in times), default=LONGEST_PAUSE_S)

    async def _go_round(self) -> None:
        try:
            if await self._rounds.go():
                self._awake.set()
        except Exception as error:  # noqa: BLE001 - the next round looks again
            self._failed(error)
        finally:
            self._round = None

    # ---- One message -----------------------------------------------------------------------------------------------

    async def _deliver(self, found: Delivery, lane: Lane) -> None:
        try:
            await self._attend(found, lane)
        except Exception as error:  # noqa: BLE001 - the lease runs out, and it is sent again, marked
            self._failed(error)
        finally:
            lane.task = None
            self._awake.set()

    async def _attend(self, found: Delivery, lane: Lane) -> None:
        """Send a message, unless it has to wait, does not matter any more, or may not be read there any more."""
        escalation = await self.office.store.escalation(found.escalation)
        if escalation is None:
            await self._put_back(found, "nothing to tell of", pause=_LOOK_AGAIN_S)
            return
        try:
            moment = self.office.moment(escalation.school)
        except KeyError:  # its pack is broken or gone for now: nothing is given up
            self._alarms.ring("school-gone", escalation.school)
            await self._put_back(found, "school is not served", pause=_LOOK_AGAIN_S)
            return
        opening = moment.timetable.opening_from(moment.at)
        if opening > moment.at and not (found.urgent or found.kind in QUIET):
            await self._put_back(found, found.fault, not_before=opening)
        elif not still_matters(found, escalation):
            await self._withdraw(found, escalation, moment)
        else:
            await self._attempt(found, escalation, lane, moment)

    async def _attempt(self, found: Delivery, escalation: Escalation, lane: Lane, moment: Moment) -> None:
        message = await self._made(found, escalation, lane, moment)
        if message is None:
            return
        try:
            async with asyncio.timeout(self.patience_s):
                message_id = await self.channels[found.address.platform].send(message)
        except ThrottledError as wait:
            lane.throttled(self.office.clock.now(), wait.retry_after)
            await self._wait(found, escalation, "throttled")
        except (ChannelDownError, TimeoutError) as down:
            lane.failed(self.office.clock.now(), self.chance)
            in_doubt = isinstance(down, TimeoutError) or down.in_doubt
            await self._wait(replace(found, in_doubt=found.in_doubt or in_doubt), escalation, "channel down")
        except UndeliverableError as error:
            self._paced(found, lane)
            await self._give_up(found, escalation, moment, str(error))
        except Exception as error:  # noqa: BLE001 - a message that cannot be sent must not hold up those behind it
            self._paced(found, lane)
            await self._faulty(found, escalation, moment, error)
        else:
            self._paced(found, lane)
            await self._arrived(replace(found, message_id=message_id), escalation, moment)

    async def _made(self, found: Delivery, escalation: Escalation, lane: Lane, moment: Moment) -> Message | None:
        """Make a message; None where it does not go out now. What it waits for is its own, and others pass it."""
        try:
            message = await self._message(found, escalation)
        except ChannelDownError:
            self._paced(found, lane)
            await self._wait(found, escalation, "readers unknown", pause=_ASK_AGAIN_S)
        except UndeliverableError as error:
            self._paced(found, lane)
            await self._give_up(found, escalation, moment, str(error))
        except Exception as error:  # noqa: BLE001 - a message that cannot be made must not hold up those behind it
            self._paced(found, lane)
            if isinstance(error, StoreError) and found.kind is DeliveryKind.REPLY:
                await self._wait(found, escalation, "words not readable", pause=_LOOK_AGAIN_S)
            else:
                await self._faulty(found, escalation, moment, error)
        else:
            if message is None:
                await self._withdraw(found, escalation, moment)
            return message
        return None

    async def _message(self, found: Delivery, escalation: Escalation) -> Message | None:
        """Return the message; None where there is nothing left to tell.

        Raises UndeliverableError where it may not go, ChannelDownError where that cannot be found out just now.
        """
        if found.address.platform not in self.channels:
            raise UndeliverableError(f"{found.address.platform} is not configured")
        if not await self._readers.may_read(found, escalation):
            if found.kind in {DeliveryKind.UPDATE, DeliveryKind.DIGEST}:
                return None
            raise UndeliverableError("whoever reads there may not read this any more")
        scene = await self.office.scene(escalation, found)
        if found.kind is DeliveryKind.DIGEST and not listed_in(found.address.lane, scene):
            return None
        return render(found, scene)

    def _paced(self, found: Delivery, lane: Lane) -> None:
        channel = self.channels.get(found.address.platform)
        lane.worked(self.office.clock.now(), channel.pace if channel else 0.0)

    # ---- What came of it -------------------------------------------------------------------------------------------

    async def _arrived(self, sent: Delivery, shown: Escalation, moment: Moment) -> None:
        self._alarms.arrived_at(sent.address)
        if sent.kind not in QUIET:
            self._alarms.told(shown.reference)
        asker = await self._readers.asker(shown)

        async def change(one: Escalation) -> Change:
            return arrived(one, sent, shown, asker, self._now(moment))

        await self._write(shown, change)

    async def _withdraw(self, found: Delivery, escalation: Escalation, moment: Moment) -> None:
        async def change(one: Escalation) -> Change:
            return withdrawn(one, found, self._now(moment))

        await self._write(escalation, change)

    async def _faulty(self, found: Delivery, escalation: Escalation, moment: Moment, error: Exception) -> None:
        fault = type(error).__name__
        if found.attempts >= MAX_FAULTS:
            await self._give_up(found, escalation, moment, fault)
            return
        # A store that cannot be read is given more time: it is seldom the message's own fault.
        pause = _LOOK_AGAIN_S if isinstance(error, StoreError) else _FAULT_PAUSE_S * found.attempts
        await self._put_back(found, fault, pause=pause, counts=True)

    async def _give_up(self, found: Delivery, escalation: Escalation, moment: Moment, fault: str) -> None:
        school, reference = escalation.school, escalation.reference
        self._alarms.ring("undeliverable", school, reference, found.address, reason=fault)
        plan = await self._readers.plan(escalation)
        asker = await self._readers.asker(escalation)
        failed = replace(found, fault=fault)

        async def change(one: Escalation) -> Change:
            known = await self.office.store.deliveries(one.id)
            instead = instead_of(failed, one, plan, self._readers.mail(plan), known)
            is_lost = nobody_left(failed, instead, known)
            if is_lost:
                self._alarms.ring("nobody-reachable", school, reference)
            return aside(one, failed, instead, self._now(moment), asker if is_lost else None)

        await self._write(escalation, change)

    async def _wait(self, found: Delivery, escalation: Escalation, fault: str, pause: float = 0.0) -> None:
        """Put a message back until its lane takes it, or for a pause; an alarm rings where that is long (RS-54)."""
        due = found.created_at if pause else max(found.created_at, found.not_before)  # a pause moves `not_before` on
        if self.office.clock.now() - due >= ALARM_AFTER:
            self._alarms.ring("delayed", escalation.school, escalation.reference, found.address, reason=fault)
        await self._put_back(found, fault, pause=pause)

    async def _put_back(
        self,
        found: Delivery,
        fault: str | None,
        *,
        pause: float = 0.0,
        not_before: datetime | None = None,
        counts: bool = False,
    ) -> None:
        """Give a message back to the outbox. Only what is the message's own fault `counts` as an attempt."""
        later = self.office.clock.now() + timedelta(seconds=pause) if pause else found.not_before
        await self.office.store.put_back(
            replace(
                found,
                lease_until=None,
                worker=None,
                attempts=found.attempts if counts else found.attempts - 1,
                not_before=not_before or later,
                fault=fault,
            )
        )

    async def _write(self, escalation: Escalation, make: "_Make") -> None:
        """Write a change, made anew from the escalation as it stands where somebody changed it meanwhile."""
        current: Escalation | None = escalation
        for _ in range(_TRIES):
            if current is None:
                return
            try:
                await self.office.store.commit(await make(current))
            except StaleError:
                current = await self.office.store.escalation(escalation.id)
            else:
                self._alarms.mended("store")
                return
        raise StaleError("it changes too often")

    def _now(self, moment: Moment) -> Moment:
        return replace(moment, at=self.office.clock.now())

    def _failed(self, error: Exception) -> None:
        if isinstance(error, StoreError):
            self._alarms.ring("store", reason=str(error))
        else:
            self._alarms.ring("courier", reason=type(error).__name__)


_Make = Callable[[Escalation], Awaitable[Change]]
