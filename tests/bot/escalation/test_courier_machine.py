"""The courier against everything at once: people who act, channels that fail, workers that die, clocks that jump."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from bot.escalation.courier import Courier
from bot.escalation.errors import RefusedError, StoreError
from bot.escalation.hours import Timetable
from bot.escalation.lifecycle import QUIET, WAITING, Moment, seen
from bot.escalation.message import Message
from bot.escalation.model import (
    Address,
    Change,
    DeliveryKind,
    DeliveryState,
    Escalation,
    Event,
    Person,
    State,
)
from bot.escalation.register import tokens
from tests.bot.escalation.builders import (
    ANSWER,
    DSL,
    HOUR,
    MEMBERS,
    MINUTE,
    SCHOOL,
    WORDS,
    Step,
    World,
    acknowledge,
    answer,
    pass_on,
    reopen,
    reply,
    resolve,
)
from tests.escalation_fakes import Fault
from tests.store_fake import MemoryStore, PlainPseudonyms

ACCUSED = "headteacher"
INNOCENT = MEMBERS - {ACCUSED}
HIDDEN = tuple(sorted(PlainPseudonyms().key(token) for token in tokens(SCHOOL.contact(ACCUSED))))
GONE = "deputy-dsl"
WITHOUT_DEPUTY = replace(
    SCHOOL,
    contacts=MappingProxyType({**SCHOOL.contacts, GONE: replace(SCHOOL.contact(GONE), left="2020-01-01")}),
)
TO_ASKER = {DeliveryKind.RECEIPT, DeliveryKind.REPLY}
HOPES = {DeliveryState.SENT, DeliveryState.PENDING}
EDGES = {
    (State.RECORDED, State.DELIVERED),
    (State.RECORDED, State.ACKNOWLEDGED),
    (State.RECORDED, State.RESOLVED),
    (State.DELIVERED, State.ACKNOWLEDGED),
    (State.DELIVERED, State.RESOLVED),
    (State.ACKNOWLEDGED, State.DELIVERED),
    (State.ACKNOWLEDGED, State.RESOLVED),
    (State.RESOLVED, State.DELIVERED),
}
BEFALL = [Fault.THROTTLED, Fault.DOWN, Fault.IN_DOUBT, Fault.BROKEN, Fault.REFUSED]
ADDRESSES = ("safe-place", "dsl", "deputy-dsl", "headteacher", "chair-of-governors", "asker-0")


def open_words(one: Escalation, asker: Address | None, at: Moment) -> Change:
    """Let the Designated Safeguarding Lead open the words."""
    return seen(one, DSL, asker, at)


STEPS: dict[str, Step] = {
    "acknowledge": acknowledge,
    "open the words": open_words,
    "pass on": pass_on,
    "reply": reply,
    "resolve": resolve,
    "reopen": reopen,
    "the asker answers": answer,
}
KINDS = {"child-at-risk": True, "pupil-contact": False, "adult-conduct": True, "question": False}
JUMPS = [timedelta(seconds=1), timedelta(seconds=30), 2 * MINUTE, 6 * MINUTE, 20 * MINUTE, HOUR, 5 * HOUR, 30 * HOUR]


class WatchedStore(MemoryStore):
    """A store that notes every step in the order in which it was written, and can fail at any call."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self.now: dict[str, Escalation] = {}
        self.versions: dict[str, list[int]] = {}
        self.edges: set[tuple[State, State]] = set()
        self.logged: dict[str, list[Event]] = {}
        self.fails_in: int | None = None

    async def commit(self, change: Change) -> Escalation:
        """Write a step and note it."""
        written = await super().commit(change)
        self.now[written.id] = written
        self.versions.setdefault(written.id, []).append(written.version)
        self.logged.setdefault(written.id, []).extend(change.events)
        if change.before and change.before.state is not written.state:
            self.edges.add((change.before.state, written.state))
        return written

    def _check(self) -> None:
        if self.fails_in is not None:
            self.fails_in -= 1
            if self.fails_in < 0:
                raise StoreError("the store fails for a moment")
        super()._check()


@dataclass(slots=True)
class Watch:
    """Looks at every message in the moment it arrives; what is wrong with one is kept."""

    world: World
    store: WatchedStore
    hidden_from_accused: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def __call__(self, message: Message) -> None:
        """Look at a message."""
        one = self.store.now[message.escalation]
        if message.kind is DeliveryKind.CHASE and one.state not in WAITING:
            self.wrong.append("chased though somebody has it")
        if message.key in self.sent and not message.again:
            self.wrong.append("sent twice without saying so")
        self.sent.add(message.key)
        if one.id in self.hidden_from_accused and ACCUSED in self._readers(message):
            self.wrong.append(f"the accused reads a {message.kind}")
        if GONE in self._readers(message) and self.world.office.school(SCHOOL.id).contact(GONE).left:
            self.wrong.append("somebody who has left is told")
        if (message.kind in TO_ASKER) is not message.address.id.startswith("asker"):
            self.wrong.append(f"a {message.kind} goes to the wrong side")
        wakes = not message.urgent and message.kind not in QUIET
        if wakes and not Timetable(SCHOOL.hours).is_open(self.world.clock.now()):
            self.wrong.append(f"a {message.kind} wakes somebody up for nothing urgent")
        if not one.is_question and (WORDS in repr(message) or ANSWER in repr(message)):
            self.wrong.append("the words of a concern stand in a message")

    def _readers(self, message: Message) -> frozenset[str]:
        if message.address.kind == "place":
            return (self.world.web.places[message.address.id] or frozenset()) - {GONE}
        return frozenset({message.address.id.removesuffix("@oakwood.example")})


class CourierMachine(RuleBasedStateMachine):
    """A school in which everything can happen, in any order."""

    opened = Bundle("opened")

    def __init__(self) -> None:
        """Begin on a school morning, with two workers over one store."""
        super().__init__()
        self.runner = asyncio.Runner()
        self.store = WatchedStore()
        self.world = World(store=self.store, has_mail=True)
        self.second = self.world.another("second")
        self.watch = Watch(self.world, self.store)
        self.world.web.watch = self.world.mail.watch = self.watch
        self.latest = self.world.clock.now()
        self.school = SCHOOL
        self.count = 0

    # ---- People ----------------------------------------------------------------------------------------------------

    @rule(target=opened, category=st.sampled_from(sorted(KINDS)), about_head=st.booleans(), asker=st.integers(0, 2))
    def somebody_raises(self, category: str, about_head: bool, asker: int) -> Escalation:
        """Open an escalation; a concern may be about the headteacher."""
        self.count += 1
        excluded = HIDDEN if about_head and category != "question" else ()
        person = Person("web", f"asker-{asker}", "Somebody")
        changes = {"category": category, "urgent": KINDS[category], "excluded": excluded}
        one = self._as_ever(lambda: self.world.open(f"{self.count}", person, **changes))
        if excluded:
            self.watch.hidden_from_accused.add(one.id)
        return one

    @rule(one=opened, step=st.sampled_from(sorted(STEPS)))
    def somebody_acts(self, one: Escalation, step: str) -> None:
        """Take a step, where it fits."""
        with suppress(RefusedError):
            self._as_ever(lambda: self.world.take(one, STEPS[step]))

    @rule(joins=st.booleans())
    def the_accused_joins_or_leaves_the_place(self, joins: bool) -> None:
        """Change who reads the private place."""
        self.world.web.places["safe-place"] = MEMBERS if joins else INNOCENT

    # ---- Platforms -------------------------------------------------------------------------------------------------

    @rule(faults=st.lists(st.sampled_from(BEFALL), min_size=1, max_size=4))
    def sends_will_fail(self, faults: list[Fault]) -> None:
        """Let the next sends fail, one each."""
        self.world.web.fail_next(*faults)

    @rule(down=st.booleans())
    def the_channel_goes_down_or_comes_back(self, down: bool) -> None:
        """Let the whole platform fail, or not."""
        self.world.web.down = down

    @rule(dead=st.sets(st.sampled_from(ADDRESSES)), faulty=st.sets(st.sampled_from(ADDRESSES), max_size=2))
    def addresses_die_or_come_back(self, dead: set[str], faulty: set[str]) -> None:
        """Let some addresses take nothing, and others break the adapter."""
        self.world.web.dead, self.world.web.faulty = dead, faulty

    @rule(blind=st.booleans())
    def lookups_fail_or_work(self, blind: bool) -> None:
        """Let nobody find out who reads a place, or let them."""
        self.world.web.blind = blind

    @rule()
    def the_pack_breaks_or_is_mended(self) -> None:
        """Let the school not be served any more, or be served again."""
        if SCHOOL.id in self.world.knowledge.schools():
            self.world.knowledge.remove(SCHOOL.id)
        else:
            self.world.knowledge.replace(self.school)

    @rule(left=st.booleans())
    def the_deputy_leaves_or_returns(self, left: bool) -> None:
        """Change who holds a role; it counts as soon as the pack is served."""
        self.school = WITHOUT_DEPUTY if left else SCHOOL
        if SCHOOL.id in self.world.knowledge.schools():
            self.world.knowledge.replace(self.school)

    # ---- Workers and time ------------------------------------------------------------------------------------------

    @rule(by=st.sampled_from(JUMPS))
    def time_passes(self, by: timedelta) -> None:
        """Let time pass and the courier work; the machine may have slept meanwhile."""
        self.world.clock.move(by)
        self.latest = max(self.latest, self.world.clock.now())
        self.runner.run(self.world.work())

    @rule(by=st.sampled_from(JUMPS))
    def the_clock_is_set_back(self, by: timedelta) -> None:
        """Set the clock back, and let the courier work."""
        self.world.clock.move(-by)
        self.runner.run(self.world.work())

    @rule(rounds=st.integers(1, 4))
    def two_couriers_work(self, rounds: int) -> None:
        """Let both work on the same store at once."""
        self.runner.run(self._both(rounds))

    @rule(after=st.integers(0, 15))
    def a_worker_dies(self, after: int) -> None:
        """Kill a worker in the middle of its work; another takes its place."""
        self.runner.run(self._die(self.world.courier, after))
        self.world.restart(f"worker {after}")

    @rule(after=st.integers(0, 25))
    def the_store_fails_for_a_moment(self, after: int) -> None:
        """Let every call of the store fail from one of them on, while a courier works."""
        self.store.fails_in = after
        self.runner.run(self._work_in_spite())
        self.store.fails_in = None

    # ---- What always holds -----------------------------------------------------------------------------------------

    @invariant()
    def no_message_was_wrong(self) -> None:
        """Nobody is chased for nothing, rung twice unmarked, or told what they must not know."""
        assert self.watch.wrong == []

    @invariant()
    def nothing_is_lost(self) -> None:
        """Every escalation is there, with every step that was ever taken, in the order of its versions."""
        assert len(self.store.now) == self.count
        for key, versions in self.store.versions.items():
            assert versions == list(range(1, len(versions) + 1))
            assert [found.event for found in self.runner.run(self.store.events(key))] == self.store.logged[key]

    @invariant()
    def only_allowed_edges_are_taken(self) -> None:
        """The states follow each other as they should."""
        assert self.store.edges <= EDGES

    @invariant()
    def something_is_due_as_long_as_it_is_open(self) -> None:
        """An open escalation is always looked at again, a resolved one never."""
        for one in self.store.now.values():
            assert (one.next_at is None) is (one.state is State.RESOLVED)
            assert len({address.lane for address in one.told}) == len(one.told)

    @invariant()
    def somebody_knows_or_an_alarm_has_rung(self) -> None:
        """Nobody waits for a message that nobody is trying to send."""
        rung = {alarm.reference for alarm in self.world.bell.alarms}
        for one in self.store.now.values():
            deliveries = self.runner.run(self.store.deliveries(one.id))
            notices = {found.state for found in deliveries if found.kind is DeliveryKind.NOTICE}
            hope = notices & HOPES or one.reference in rung
            assert hope or one.state not in WAITING or one.delivered_at

    @invariant()
    def whoever_raised_it_is_told_where_nobody_is_left(self) -> None:
        """As soon as no notice is on its way any more a receipt is, and it says that it has reached nobody."""
        for one in self.store.now.values():
            deliveries = self.runner.run(self.store.deliveries(one.id))
            hope = {found.state for found in deliveries if found.kind is DeliveryKind.NOTICE} & HOPES
            receipts = [found for found in deliveries if found.kind is DeliveryKind.RECEIPT]
            assert hope or one.state is not State.RECORDED or (one.warned and receipts)

    def teardown(self) -> None:
        """Let everything come back and two school hours pass; then everything has arrived."""
        try:
            self.runner.run(self._everything_comes_back())
            self.no_message_was_wrong()
            self.nothing_is_lost()
            for one in self.store.now.values():
                self.runner.run(self._has_come_through(one))
            assert self.world.courier.lanes == {}
        finally:
            self.runner.close()

    # ---- How ---------------------------------------------------------------------------------------------------------

    def _as_ever(self, act: Callable[[], Coroutine[object, object, Escalation]]) -> Escalation:
        """Let people act while the school is served and the place can be looked up."""
        served, blind = SCHOOL.id in self.world.knowledge.schools(), self.world.web.blind
        self.world.knowledge.replace(self.school)
        self.world.web.blind = False
        try:
            return self.runner.run(act())
        finally:
            self.world.web.blind = blind
            if not served:
                self.world.knowledge.remove(SCHOOL.id)

    async def _both(self, rounds: int) -> None:
        for _ in range(rounds):
            await asyncio.gather(self.world.courier.step(), self.second.step())
            await asyncio.gather(self.world.courier.finish(), self.second.finish())

    async def _work_in_spite(self) -> None:
        for _ in range(2):
            with suppress(StoreError):
                await self.world.courier.step()
            await self.world.courier.finish()

    async def _die(self, courier: Courier, after: int) -> None:
        await courier.step()
        for _ in range(after):
            await asyncio.sleep(0)
        stopping = asyncio.create_task(courier.finish())
        await asyncio.sleep(0)
        stopping.cancel()
        await asyncio.wait([stopping])

    async def _everything_comes_back(self) -> None:
        world = self.world
        world.knowledge.replace(SCHOOL)
        world.web.down = world.web.blind = False
        for afflicted in (world.web.dead, world.web.faulty, world.web.faults):
            afflicted.clear()
        world.web.places["safe-place"] = MEMBERS
        world.clock.at = Timetable(SCHOOL.hours).next_morning(self.latest)
        await world.pass_time(2 * HOUR, every=5 * MINUTE)

    async def _has_come_through(self, one: Escalation) -> None:
        """Everything was sent or given up with an alarm, and whoever should know of it does."""
        deliveries = await self.store.deliveries(one.id)
        assert [found for found in deliveries if found.state is DeliveryState.PENDING] == []
        spoken = {DeliveryKind.REPLY, DeliveryKind.ANSWER}
        assert not [found for found in deliveries if found.kind in spoken and found.state is DeliveryState.WITHDRAWN]
        if any(found.state is DeliveryState.ASIDE for found in deliveries):
            assert ("undeliverable", one.reference) in {(rung.kind, rung.reference) for rung in self.world.bell.alarms}
        plan = await self.world.office.plan_for(one)
        assert plan is not None
        sent = [found for found in deliveries if found.state is DeliveryState.SENT]
        told = {found.address.lane for found in sent if found.kind is DeliveryKind.NOTICE}
        ladder = {rung.lane for rung in plan.rungs}
        if one.state in WAITING:
            assert ladder <= told if one.urgent else told


TestCourier = CourierMachine.TestCase
TestCourier.settings = settings(
    max_examples=200,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
