"""The desk of those who are told: who sees what, what is noted, and what each step comes to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from bot.escalation import wording
from bot.escalation.errors import RefusedError, StoreError
from bot.escalation.message import Act
from bot.escalation.model import Change, DeliveryKind, Entry, Escalation, Person, Resolution, State
from knowledge.model import Contact
from tests.bot.escalation.staffroom import (
    ABOUT_HEAD,
    AT_RISK,
    CHAIR,
    DEPUTY,
    DSL,
    HEAD,
    ONE_PERSON,
    PLACE,
    PUPIL,
    PUPIL_CONTACT,
    WORDS,
    Staffroom,
    concern,
    contact,
    ids,
    person,
    school,
)
from tests.store_fake import MemoryStore

ELMWOOD_DSL = contact("dsl", "Ms E. Moss", "deputy-dsl", inbox="u-elmwood-dsl")
ELMWOOD = school(
    *(contact(one.role, f"{one.name} of Elmwood", inbox=f"elm-{one.role}") for one in (HEAD, DEPUTY, CHAIR)),
    ELMWOOD_DSL,
    name="elmwood",
    places={},
)


async def _refused(room: Staffroom, who: Person, escalation: str, words: str = wording.NOT_YOURS) -> None:
    """Assert that a person can do nothing with an escalation, and learns nothing of it but these words."""
    steps = [
        room.desk.open(who, escalation),
        room.desk.acknowledge(who, escalation),
        room.desk.pass_on(who, escalation, "deputy-dsl"),
        room.desk.reply(who, escalation, "let me see"),
        room.desk.resolve(who, escalation, Resolution.NO_ACTION),
        room.desk.reopen(who, escalation),
    ]
    before = await room.store.events(escalation)
    for step in steps:
        with pytest.raises(RefusedError) as refused:
            await step
        assert str(refused.value) == words
    assert await room.store.events(escalation) == before
    assert escalation not in [one.escalation.id for one in await room.desk.inbox(who, "oakwood")]


# ---- Who sees what ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", [DSL, DEPUTY, HEAD], ids=lambda one: one.role)
async def test_everybody_on_the_route_sees_it_and_can_open_it(reader: Contact) -> None:
    """Each holder of a role of the route finds the card, and the words on opening."""
    room = Staffroom()
    one = await room.told()
    who = person(reader)
    assert [listed.escalation.id for listed in await room.desk.inbox(who, "oakwood")] == [one.id]
    opened = await room.desk.open(who, one.id)
    assert [said.entry.text for said in opened.thread] == [WORDS]


@pytest.mark.parametrize(
    "stranger",
    [person(CHAIR), person("u-teacher"), person("u-colleague"), Person("slack", "u-dsl", "Mr B. Dale")],
    ids=["another route", "the asker", "a colleague", "the same id elsewhere"],
)
async def test_nobody_else_sees_or_does_anything(stranger: Person) -> None:
    """Another route, the asker at a desk, a colleague, and an id of another platform: all read the same refusal."""
    room = Staffroom()
    await _refused(room, stranger, (await room.told()).id)


async def test_what_is_not_there_is_refused_in_the_same_words() -> None:
    """Nobody can find out by trying whether an escalation exists."""
    with pytest.raises(RefusedError) as refused:
        await Staffroom().desk.open(person(DSL), "no such thing")
    assert str(refused.value) == wording.NOT_YOURS


async def test_an_admin_gets_no_words() -> None:
    """Whoever may change the settings may not read what people wrote (RS-91)."""
    room = Staffroom()
    one = await room.told()
    room.knowledge.replace(replace(school(), admins=(MappingProxyType({"web": "u-admin"}),)))
    await _refused(room, person("u-admin"), one.id)


async def test_the_dsl_of_one_school_sees_nothing_of_another() -> None:
    """Each school's desk has its own, though the categories and the roles are the same (RS-91)."""
    room = Staffroom(school(), ELMWOOD)
    ours = await room.told()
    await room.attend(concern(AT_RISK, at=ELMWOOD, reply="r2"))
    await _refused(room, person(ELMWOOD_DSL), ours.id)
    assert await room.desk.inbox(person(DSL), "elmwood") == []
    (theirs,) = await room.desk.inbox(person(ELMWOOD_DSL), "elmwood")
    await _refused(room, person(DSL), theirs.escalation.id)


async def test_a_member_of_the_place_without_a_role_can_act() -> None:
    """Whoever the school let into its private channel reads what is posted there, and is named as part of the team."""
    room = Staffroom()
    room.channel.places[PLACE] = ids(DSL, DEPUTY) | {"u-counsellor"}
    one = await room.told()
    await room.desk.open(person("u-counsellor"), one.id)
    assert [sight.role for sight in (await room.read(one.id)).seen] == ["safeguarding-team"]


async def test_who_reads_the_place_is_not_refused_for_what_is_only_unknown() -> None:
    """While the platform does not say who reads there they are asked to come back; then they may, as ever."""
    room = Staffroom()
    room.channel.places[PLACE] = ids(DSL, DEPUTY) | {"u-counsellor"}
    one = await room.told()
    room.channel.blind = True
    await _refused(room, person("u-counsellor"), one.id, wording.PERHAPS_YOURS)
    assert (await room.desk.open(person(DEPUTY), one.id)).thread
    room.channel.blind = False
    assert (await room.desk.open(person("u-counsellor"), one.id)).thread


@pytest.mark.parametrize(
    "stranger",
    [person(CHAIR), person("u-teacher"), person("u-colleague"), person(HEAD)],
    ids=["another route", "the asker", "a colleague", "whom it is about"],
)
async def test_while_it_is_unknown_everybody_reads_the_same(stranger: Person) -> None:
    """Nobody learns from the words whether they read the place, or are kept out; once it is known, they are refused."""
    room = Staffroom()
    one = await room.told()
    await room.store.commit(Change(one, replace(one, excluded=room.office.hidden_by(ABOUT_HEAD.id, "oakwood"))))
    room.channel.blind = True
    await _refused(room, stranger, one.id, wording.PERHAPS_YOURS)
    room.channel.blind = False
    await _refused(room, stranger, one.id)


async def test_a_place_whose_platform_can_never_tell_lets_nobody_in() -> None:
    """Nothing becomes known by waiting: whoever holds no role is refused."""
    room = Staffroom()
    room.channel.places[PLACE] = None
    await _refused(room, person("u-counsellor"), (await room.told()).id)


async def test_who_may_act_is_asked_at_every_step() -> None:
    """Somebody who has left the channel, or their post, can do nothing more from a card that is still open."""
    room = Staffroom()
    room.channel.places[PLACE] = ids(DSL, DEPUTY) | {"u-counsellor"}
    one = await room.told()
    await room.desk.acknowledge(person("u-counsellor"), one.id)
    room.channel.places[PLACE] = ids(DSL, DEPUTY)
    await _refused(room, person("u-counsellor"), one.id)
    room.knowledge.replace(school(replace(DSL, left="2026-11-01")))
    await _refused(room, person(DSL), one.id)


async def test_who_may_act_is_asked_again_where_somebody_came_first() -> None:
    """A step that is taken anew is authorised anew: a right that was lost in between is lost."""

    class Overtaken(MemoryStore):
        """A store in which, just before the next step, somebody else acts and the register changes."""

        async def commit(self, change: Change) -> Escalation:
            """Let the others go first, once."""
            if change.before and change.before.version == 1:
                room.knowledge.replace(school(replace(DSL, left="2026-11-01")))
                await super().commit(Change(change.before, change.before))
            return await super().commit(change)

    room = Staffroom(store=Overtaken())
    one = await room.told()
    with pytest.raises(RefusedError, match="cannot open or change"):
        await room.desk.acknowledge(person(DSL), one.id)
    assert (await room.read(one.id)).state is State.RECORDED


async def test_whom_a_concern_is_about_can_never_open_it() -> None:
    """Not as headteacher, not once they hold a role of the route, not as a member of its place."""
    room = Staffroom()
    one = await room.told(ABOUT_HEAD)
    await _refused(room, person(HEAD), one.id)
    moved = school(replace(HEAD, role="chair-of-governors"), contact("headteacher", "Mx N. Newcomer", inbox="u-new"))
    room.knowledge.replace(moved)
    await _refused(room, person(HEAD), one.id)


async def test_the_other_post_of_whom_it_is_about_opens_nothing() -> None:
    """Where headteacher and DSL are one person, neither post opens a concern about them."""
    room = Staffroom(school(ONE_PERSON))
    one = await room.told(ABOUT_HEAD)
    await _refused(room, person(HEAD), one.id)
    assert (await room.desk.open(person(CHAIR), one.id)).thread


async def test_a_school_that_has_left_lets_nobody_in() -> None:
    """Without a register nobody can be known to be on a route."""
    room = Staffroom()
    one = await room.told()
    room.knowledge.remove("oakwood")
    await _refused(room, person(DSL), one.id)


# ---- The inbox -------------------------------------------------------------------------------------------------------


async def test_the_inbox_has_open_ones_first_then_urgent_then_oldest() -> None:
    """What is resolved comes last, whatever it was."""
    room = Staffroom()
    done = await room.told(reply="r1")
    room.clock.move(timedelta(minutes=1))
    calm = await room.told(PUPIL_CONTACT, reply="r2")
    room.clock.move(timedelta(minutes=1))
    urgent = await room.told(reply="r3")
    await room.desk.resolve(person(DSL), done.id, Resolution.HANDLED)
    listed = await room.desk.inbox(person(DSL), "oakwood")
    assert [one.escalation.id for one in listed] == [urgent.id, calm.id, done.id]


async def test_a_card_of_the_inbox_holds_no_words() -> None:
    """School, who, what to do and the buttons; the words are not even read from the store."""

    class Sealed(MemoryStore):
        """A store that gives no words away."""

        async def entries(self, escalation_id: str) -> Sequence[Entry]:
            """Refuse."""
            raise AssertionError("nobody opened it")

    room = Staffroom(store=Sealed())
    await room.told()
    (listed,) = await room.desk.inbox(person(DSL), "oakwood")
    assert listed.title == AT_RISK.title
    assert "Oakwood" in listed.lines
    assert WORDS not in str(listed)
    assert listed.acts == (Act.OPEN, Act.ACKNOWLEDGE, Act.ASSIGN, Act.REPLY, Act.RESOLVE)


async def test_a_card_says_that_whoever_wrote_is_not_staff() -> None:
    """A pupil's concern is marked for those who take it."""
    room = Staffroom()
    await room.attend(concern(AT_RISK), PUPIL)
    (listed,) = await room.desk.inbox(person(DSL), "oakwood")
    assert wording.NOT_STAFF in listed.lines


# ---- Opening ---------------------------------------------------------------------------------------------------------


async def test_each_opening_is_noted_and_the_asker_told_of_the_first() -> None:
    """Who read the words stands in the log each time (RS-92); the asker hears of each role once."""
    room = Staffroom()
    one = await room.told()
    for who in (DSL, DSL, DEPUTY):
        await room.desk.open(person(who), one.id)
    assert (await room.log(one.id)).count("words-opened") == 3
    events = [found.event.data for found in await room.store.events(one.id) if found.event.kind == "words-opened"]
    keys = [room.office.key(person(who)) for who in (DSL, DSL, DEPUTY)]
    assert [data["by"] for data in events] == keys
    assert [sight.role for sight in (await room.read(one.id)).seen] == ["dsl", "deputy-dsl"]
    assert await room.waiting_for(one.id, DeliveryKind.RECEIPT) == ["u-teacher"] * 2


async def test_words_that_cannot_be_noted_as_opened_are_not_shown() -> None:
    """Nobody reads without a trace: where the store cannot note it, the words stay closed (RS-92)."""

    class ReadOnly(MemoryStore):
        """A store that takes no more steps."""

        async def commit(self, change: Change) -> Escalation:
            """Refuse steps."""
            if change.before:
                raise StoreError("read-only")
            return await super().commit(change)

    room = Staffroom(store=ReadOnly())
    one = await room.told()
    with pytest.raises(StoreError):
        await room.desk.open(person(DSL), one.id)


async def test_opening_names_those_to_whom_it_can_be_passed_on() -> None:
    """The others of the route who can be reached here, and nobody else."""
    room = Staffroom(school(replace(DEPUTY, reach=DEPUTY.reach[:1])))
    one = await room.told()
    opened = await room.desk.open(person(DSL), one.id)
    assert [other.role for other in opened.others] == ["headteacher"]
