"""One story, lived twice: first in a process that may die at any step, then in one that picks up what is there.

A certain concern is recorded at once, another by a tap; both are delivered, one is taken, answered and resolved, the
asker writes back. After every promise made to a person the story notes it, so that it can be checked afterwards.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import event
from sqlalchemy.engine import Engine

from adapters.ids import RandomIds
from adapters.storage.crypto import DataKey
from adapters.storage.store import SqlStore, open_store
from bot.escalation.courier import Courier
from bot.escalation.desk import Desk
from bot.escalation.errors import EscalationError, RefusedError
from bot.escalation.intake import Intake
from bot.escalation.model import Escalation, Person, Resolution
from bot.escalation.office import Office
from bot.escalation.ports import Alarm, Wanted
from bot.types import Asker, Offer, Outcome, Reply, Utterance
from bot.view import SchoolView
from knowledge.loader import KnowledgeFolder, load_catalogue, load_schools
from knowledge.model import Catalogue
from tests.bot.builders import view_of
from tests.scenario.world import Diary, DiaryChannel, Fuse, StoryClock, Weather

KEY = DataKey(b"0" * 32)
TEACHER = Person("web", "teacher", "Ms Patel")
DSL = Person("web", "dsl", "Mr B. Example")
ASKER = Asker(TEACHER, "teacher")
_ROUNDS = 8
_SMALL_DISK_PAGES = 40


class QuietBell:
    """A bell nobody hears."""

    def ring(self, alarm: Alarm) -> None:
        """Ring."""


@dataclass(frozen=True, slots=True)
class OneSchool:
    """The knowledge in force: the model school."""

    only: SchoolView

    def view(self, school: str) -> SchoolView:
        """Return it."""
        if school != self.only.school.id:
            raise KeyError(school)
        return self.only

    def schools(self) -> list[str]:
        """List it."""
        return [self.only.school.id]


def read_knowledge() -> tuple[SchoolView, Catalogue]:
    """Read the model school and the catalogue. No question is asked here, so its policies are left out."""
    folder = KnowledgeFolder()
    catalogue = load_catalogue(folder)
    loaded = load_schools(folder, frozenset(topic.id for topic in catalogue.topics))
    school = next(one.school for one in loaded if one.school and one.school.id == "model")
    return view_of(replace(school, policies=())), catalogue


@dataclass(slots=True)
class Life:
    """What a process of the story has in its hands."""

    store: SqlStore
    office: Office
    intake: Intake
    desk: Desk
    clock: StoryClock
    channel: DiaryChannel
    promised: Diary

    async def deliver(self, rounds: int = _ROUNDS, seconds: float = 1.0) -> None:
        """Let the courier work for some rounds, a second each; every round is a new courier's first."""
        courier = Courier(self.office, self.office.channels, QuietBell(), "story")
        for _ in range(rounds):
            with suppress(EscalationError):
                await courier.step()
            await courier.finish()
            self.clock.move(seconds)


async def begin(folder: Path, fuse: Fuse, weather: Weather, view: SchoolView, catalogue: Catalogue) -> Life:
    """Open the store and wire the parts; from here on every statement, commit and send is a step."""
    store = await open_store(f"sqlite:///{folder / 'signpost.sqlite'}", KEY)
    clock = StoryClock()
    school = view.school
    places = {place for route in school.routes.values() for place in (route.place or {}).values()}
    people = frozenset(role for route in school.routes.values() for role in route.people)
    channel = DiaryChannel(
        Diary(folder / "arrived"), fuse, weather, lambda place: people if place in places else frozenset()
    )
    office = Office(
        store=store,
        knowledge=OneSchool(view),
        kinds=MappingProxyType({kind.id: kind for kind in catalogue.concerns}),
        channels={"web": channel},
        pseudonyms=KEY.pseudonyms,
        clock=clock,
        ids=RandomIds(),
    )
    intake = Intake(office, lambda word: False)
    return Life(store, office, intake, Desk(office), clock, channel, Diary(folder / "promised"))


def arm(fuse: Fuse) -> None:
    """Make every statement and every commit a step, on both sides of it."""
    event.listen(Engine, "before_cursor_execute", lambda *_: fuse.step())
    event.listen(Engine, "after_cursor_execute", lambda *_: fuse.step())
    event.listen(Engine, "commit", lambda *_: fuse.step())


def utterance(name: str) -> Utterance:
    """Return what the teacher wrote; its id is the platform's, the same at every redelivery."""
    return Utterance(name, "model", f"words of {name}", asker=ASKER, event_key=f"event-{name}")


def reply_to(asked: Utterance, offer: Offer) -> Reply:
    """Return what was decided on it."""
    return Reply(asked.id, "model", asked.text, Outcome.CONCERN, 0.0, "", escalation=offer)


SURE = Offer("child-at-risk", "certain", urgent=True, route="child")
LESS_SURE = Offer("adult-conduct", "possible", urgent=True, route="staff")


async def first_life(life: Life, weather: Weather) -> None:
    """Live the story through, noting every promise as soon as it was made."""
    await raise_both(life)
    if weather is Weather.CLOCK_BACK:
        life.clock.move(-7200)
    if weather is Weather.CLOCK_FORWARD:
        life.clock.move(7200)
    if weather is Weather.DISK_FULL:
        fill_disk()
    await life.deliver()
    await take_and_answer(life)
    await life.deliver()


async def raise_both(life: Life) -> None:
    """Write the first, which is recorded at once, and the second, which takes a tap."""
    for name, offer in (("sure", SURE), ("less-sure", LESS_SURE)):
        asked = utterance(name)
        if any(line["promise"] == "recorded" and line["name"] == name for line in life.promised.lines()):
            continue
        reply = await life.intake.attend(asked, ASKER, reply_to(asked, offer))
        if reply.escalation and reply.escalation.reference:
            life.promised.note(promise="recorded", name=name, reference=reply.escalation.reference)
        elif name == "less-sure":
            await told(life, "recorded", name, partial(life.intake.tell, ASKER, asked.id))


async def told(life: Life, promise: str, name: str, act: Callable[[], Awaitable[object]]) -> None:
    """Take a step for a person, and note what they were promised once it was."""
    try:
        done = await act()
    except (EscalationError, RefusedError):
        return  # they were told that it did not work
    life.promised.note(promise=promise, name=name, reference=getattr(done, "reference", None))


async def take_and_answer(life: Life) -> None:
    """The DSL takes the first, replies and resolves it; the teacher writes back in between."""
    found = await life.store.escalations(Wanted(school="model"))
    one = next((each for each in found if each.category == SURE.category), None)
    if one is None:
        return
    await told(life, "opened", one.id, lambda: life.desk.open(DSL, one.id))
    await told(life, "acknowledged", one.id, lambda: life.desk.acknowledge(DSL, one.id))
    await told(life, "replied", one.id, lambda: life.desk.reply(DSL, one.id, "Come to room 4 now."))
    await told(life, "answered", one.id, lambda: life.intake.answer(ASKER, one.id, "I am on my way."))
    await told(life, "resolved", one.id, lambda: life.desk.resolve(DSL, one.id, Resolution.HANDLED))


def fill_disk() -> None:
    """Leave the database no room to grow: SQLite then fails as it does on a full disk."""
    event.listen(Engine, "begin", lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1"))


async def second_life(life: Life) -> None:
    """Pick up what is there: the platform delivers again what was not answered, and time passes."""
    life.clock.move(3 * 3600)
    await raise_both(life)
    await life.deliver(rounds=40, seconds=20)


def live(folder: Path, at: int, weather: Weather, view: SchoolView, catalogue: Catalogue) -> int:
    """Live the first life in this process, dying at a step; return how many steps there were."""
    fuse = Fuse(0)

    async def story() -> None:
        life = await begin(folder, fuse, weather, view, catalogue)
        arm(fuse)
        fuse.at, fuse.passed = at, 0
        await first_life(life, weather)
        await life.store.close()

    asyncio.run(story())
    return fuse.passed


def live_on(folder: Path, view: SchoolView, catalogue: Catalogue) -> list[str]:
    """Live the second life, and return what is wrong in the end: nothing."""

    async def story() -> list[str]:
        life = await begin(folder, Fuse(0), Weather.CALM, view, catalogue)
        await second_life(life)
        faults = await broken_promises(life)
        await life.store.close()
        return faults

    return asyncio.run(story())


async def broken_promises(life: Life) -> list[str]:
    """List every promise that was not kept, and every double that was not marked."""
    found = {one.reference: one for one in await life.store.escalations(Wanted(school="model"))}
    by_id = {one.id: one for one in found.values()}
    arrived = life.channel.diary.lines()
    faults = [f"{one.source}: two escalations" for one in found.values() if _twice(one.source, found)]
    for line in life.promised.lines():
        promise, name, reference = line["promise"], line["name"], line["reference"]
        if promise == "recorded" and reference not in found:
            faults.append(f"{name}: lost")
        elif promise == "recorded" and not any(a["reference"] == reference and a["kind"] == "notice" for a in arrived):
            faults.append(f"{name}: nobody was told")
        elif promise == "acknowledged" and by_id[name].acknowledged_at is None and by_id[name].resolved_at is None:
            faults.append(f"{name}: taken, and forgotten")
        elif promise == "resolved" and by_id[name].resolution is None:
            faults.append(f"{name}: resolved, and forgotten")
        elif promise in {"replied", "answered"}:
            faults += await _unheard(life, name, promise, arrived)
    return [*faults, *_unmarked(arrived), *(await life.store.verify()).faults]


def _twice(source: str, found: Mapping[str, Escalation]) -> bool:
    return sum(1 for one in found.values() if one.source == source) > 1


async def _unheard(life: Life, escalation: str, promise: str, arrived: list[dict[str, object]]) -> list[str]:
    kind = {"replied": "reply", "answered": "answer"}[promise]
    entries = await life.store.entries(escalation)
    kept = any(str(entry.kind) == kind for entry in entries)
    came = any(line["kind"] == kind for line in arrived)
    return [] if kept and came else [f"{escalation}: {promise}, and never arrived"]


def _unmarked(arrived: list[dict[str, object]]) -> list[str]:
    """List messages that came twice under one key without the later one being marked as sent again."""
    seen: set[object] = set()
    faults = []
    for line in arrived:
        if line["key"] in seen and not line["again"]:
            faults.append(f"{line['kind']} to {line['to']}: twice, and not marked")
        seen.add(line["key"])
    return faults
