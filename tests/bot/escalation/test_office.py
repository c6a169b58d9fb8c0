"""What every step of escalating asks of the office: who may be told, where people are, what a message is made of."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.escalation import wording
from bot.escalation.errors import ChannelDownError, RefusedError, StoreError, ThrottledError
from bot.escalation.model import QUESTION, Address, Delivery, DeliveryKind, Entry, Escalation, Person
from bot.escalation.office import Office, named
from bot.escalation.render import render
from bot.escalation.routing import NoRoute, Plan, Reason
from knowledge.model import Reach, RouteName
from tests.bot.escalation.staffroom import (
    ABOUT_HEAD,
    AT_RISK,
    CHAIR,
    DEPUTY,
    DSL,
    HEAD,
    ONE_PERSON,
    PLACE,
    TEACHER,
    Staffroom,
    answer,
    ids,
    person,
    school,
)
from tests.escalation_fakes import MONDAY, FakeChannel
from tests.store_fake import MemoryStore


class Unreachable(FakeChannel):
    """A platform that does not say who reads a place."""

    error: Exception | None = None

    async def members(self, school: str, place: str) -> frozenset[str] | None:
        """Fail, or never answer."""
        if self.error:
            raise self.error
        await asyncio.Event().wait()
        return None


def _with(room: Staffroom, **channels: FakeChannel) -> Office:
    return replace(room.office, channels=channels)


def _places(found: Plan | NoRoute | None) -> list[str]:
    assert isinstance(found, Plan)
    return [rung.id for rung in found.rungs if rung.kind == "place"]


# ---- Questions and concerns stay apart -------------------------------------------------------------------------------


@pytest.mark.parametrize("other", [RouteName.CHILD, RouteName.STAFF, RouteName.HEAD])
async def test_questions_lose_a_place_that_any_concern_uses(other: RouteName) -> None:
    """Whatever the school wrote, a policy question is never posted where concerns are."""
    room = Staffroom(school(places={other: PLACE, RouteName.QUESTION: PLACE}))
    assert _places(await room.office.plan("oakwood", RouteName.QUESTION, "web")) == []
    assert _places(await room.office.plan("oakwood", other, "web")) == [PLACE]


async def test_questions_keep_a_place_of_their_own() -> None:
    """A place that no concern uses is theirs; nothing is lost where questions have none."""
    room = Staffroom(school(places={RouteName.CHILD: PLACE, RouteName.QUESTION: "policies"}))
    room.channel.places["policies"] = ids(HEAD)
    assert _places(await room.office.plan("oakwood", RouteName.QUESTION, "web")) == ["policies"]
    assert _places(await Staffroom().office.plan("oakwood", RouteName.QUESTION, "web")) == []


async def test_a_question_that_is_chased_stays_out_of_the_place_of_concerns() -> None:
    """What is told again later goes by the same rule as the first notice."""
    room = Staffroom()
    await room.attend(answer())
    one = await room.read((await room.intake.ask_a_person(TEACHER, "r1")).id)
    room.knowledge.replace(school(places={RouteName.CHILD: PLACE, RouteName.QUESTION: PLACE}))
    assert _places(await room.office.plan_for(one)) == []


# ---- Who may be told -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [ChannelDownError("no answer"), ThrottledError(3), OSError(), ValueError("what a library raises"), None],
    ids=["down", "throttled", "network", "library", "never answers"],
)
async def test_a_platform_that_does_not_answer_is_a_place_that_cannot_be_checked(error: Exception | None) -> None:
    """A concern about somebody stays out of it; people are told in person, and nothing fails or hangs."""
    room = Staffroom(school(places={RouteName.HEAD: "heads"}))
    channel = Unreachable()
    channel.error = error
    office = replace(_with(room, web=channel), patience_s=0.01)
    hidden = office.hidden_by(ABOUT_HEAD.id, "oakwood")
    found = await office.plan("oakwood", RouteName.HEAD, "web", hidden)
    assert isinstance(found, Plan)
    assert [rung.id for rung in found.rungs] == list(ids(CHAIR))


async def test_whom_a_category_is_about_is_hidden_under_keys() -> None:
    """What is kept of them names nobody, and still knows them by any of their posts."""
    room = Staffroom(school(ONE_PERSON))
    keys = room.office.hidden_by(ABOUT_HEAD.id, "oakwood")
    assert keys
    assert not any("Hill" in key or "headteacher" in key for key in keys)
    found = await room.office.plan("oakwood", RouteName.CHILD, "web", keys)
    assert isinstance(found, Plan)
    assert [one.role for one in found.people] == ["deputy-dsl"]
    assert room.office.hidden_by(AT_RISK.id, "oakwood") == ()


async def test_the_plan_of_an_escalation_leaves_its_asker_out() -> None:
    """Who is chased today is asked anew, without whoever raised it."""
    room = Staffroom()
    one = await room.told(by=replace(TEACHER, person=person(DSL)))
    found = await room.office.plan_for(one)
    assert found
    assert "u-dsl" not in [rung.id for rung in found.rungs]


async def test_an_escalation_that_nobody_may_be_told_of_has_no_plan() -> None:
    """The courier raises its alarm on this."""
    room = Staffroom(school(routes={RouteName.CHILD: ("dsl",)}, places={}))
    one = await room.told()
    room.knowledge.replace(school(routes={}))
    assert await room.office.plan_for(one) is None


# ---- Platforms -------------------------------------------------------------------------------------------------------


async def test_people_are_told_where_the_asker_is_or_on_the_first_chat() -> None:
    """Whoever asks on the command line or by an unknown platform is heard on the first chat there is; never by mail."""
    room = Staffroom()
    office = _with(room, mail=FakeChannel("mail"), slack=FakeChannel("slack"), web=room.channel)
    assert office.platform_for(Person("web", "u", "U")) == "web"
    assert office.platform_for(Person("cli", "u", "U")) == "slack"


async def test_somebody_elsewhere_with_the_same_id_is_not_taken_for_the_dsl() -> None:
    """Ids of another platform say nothing: a concern from the command line reaches the DSL whose id it shares."""
    room = Staffroom(school(places={}))
    one = await room.told(by=replace(TEACHER, person=Person("cli", "u-dsl", "Ms Patel")))
    assert [address.id for address in one.told] == ["u-dsl"]
    assert await room.office.asker_address(one) is None


async def test_mail_goes_to_those_who_may_be_told_and_have_an_address() -> None:
    """Nobody is mailed who is not on the plan; each is told in their role."""
    mailed = replace(DSL, reach=(*DSL.reach, Reach("email", "dsl@oakwood.example")))
    room = Staffroom(school(mailed))
    office = _with(room, web=room.channel, mail=FakeChannel("mail"))
    found = await office.plan("oakwood", RouteName.CHILD, "web")
    assert isinstance(found, Plan)
    assert office.mail_addresses(found) == (Address("mail", "dsl@oakwood.example", role="dsl"),)
    assert office.mail_addresses(None) == ()


async def test_nobody_is_mailed_what_they_raised_themselves() -> None:
    """A deputy who raised it gets no mail of it, not even where nobody else on the route has an address."""
    mailed = replace(DEPUTY, reach=(*DEPUTY.reach, Reach("email", "ford@oakwood.example")))
    room = Staffroom(school(mailed))
    office = _with(room, web=room.channel, mail=FakeChannel("mail"))
    found = await office.plan("oakwood", RouteName.CHILD, "web", asker="u-deputy-dsl")
    assert isinstance(found, Plan)
    assert office.mail_addresses(found) == ()
    own = Staffroom(school(mailed, routes={RouteName.CHILD: ("deputy-dsl",)}, places={}))
    alone = await own.office.plan("oakwood", RouteName.CHILD, "web", asker="u-deputy-dsl")
    assert isinstance(alone, Plan)
    assert office.mail_addresses(alone) == (Address("mail", "ford@oakwood.example", role="deputy-dsl"),)


# ---- Names, cards and scenes -----------------------------------------------------------------------------------------


async def test_an_erased_name_is_said_to_be_erased() -> None:
    """A card of which nobody knows any more who raised it still reads well."""
    assert await Staffroom().office.name("no such key") == wording.NAME_ERASED


def test_a_name_can_always_be_written_down() -> None:
    """Half characters in a platform's name become question marks."""
    assert named(Person("web", "u", "Zo\ud83d")).name == "Zo?"


class Torn(MemoryStore):
    """A store that counts how often words are read, and cannot open them while `torn`."""

    reads = 0
    torn = False

    async def entries(self, escalation_id: str) -> Sequence[Entry]:
        """Return the words, where they can be opened."""
        self.reads += 1
        if self.torn:
            raise StoreError("a sealed text cannot be opened")
        return await super().entries(escalation_id)


def _of(one: Escalation, kind: DeliveryKind, platform: str = "web") -> Delivery:
    return Delivery("d", one.id, one.school, Address(platform, "u"), kind, one.urgent, MONDAY, MONDAY, entry=1)


@pytest.mark.parametrize("kind", DeliveryKind)
@pytest.mark.parametrize("platform", ["web", "mail"])
@pytest.mark.parametrize("what", ["a concern", "a concern where words are open", "a question"])
async def test_words_are_read_only_for_a_message_that_shows_them(what: str, kind: DeliveryKind, platform: str) -> None:
    """Every message says the same as if all words had been read for it, and none is read for nothing."""
    store = Torn()
    room = Staffroom(replace(school(), words_in_notices=what != "a concern"), store=store)
    one = await room.told()
    if what == "a question":
        await room.attend(answer(reply="r2"))
        one = await room.read((await room.intake.ask_a_person(TEACHER, "r2")).id)
    sent, before = _of(one, kind, platform), store.reads
    scene = await room.office.scene(one, sent)
    read = store.reads - before
    whole = replace(scene, entries=tuple(await store.entries(one.id)))
    assert render(sent, scene) == render(sent, whole)
    assert bool(read) is (render(sent, whole).quoted is not None)


async def test_what_can_be_said_without_the_words_does_not_fail_for_them() -> None:
    """A notice goes out without the words that cannot be opened; a reply is nothing without them."""
    store = Torn()
    room = Staffroom(replace(school(), words_in_notices=True), store=store)
    one = await room.told()
    store.torn = True
    assert (await room.office.scene(one, _of(one, DeliveryKind.NOTICE))).entries == ()
    with pytest.raises(StoreError):
        await room.office.scene(one, _of(one, DeliveryKind.REPLY))


async def test_a_card_on_the_desk_has_no_words() -> None:
    """Only what is opened reads the thread."""
    room = Staffroom()
    assert (await room.office.card(await room.told())).entries == ()


async def test_a_digest_lists_every_open_question_of_the_school_alone() -> None:
    """Concerns, questions of others and what is resolved are not in it."""
    room = Staffroom(school(), school(name="elmwood"))
    await room.told(reply="r0")
    for number, there in enumerate(("oakwood", "elmwood", "oakwood")):
        await room.attend(answer(reply=f"q{number}", at=there))
        await room.intake.ask_a_person(TEACHER, f"q{number}")
        room.clock.move(timedelta(minutes=1))
    questions = [one for one in await room.raised() if one.is_question and one.school == "oakwood"]
    (sent, *_) = [one for one in await room.store.deliveries(questions[0].id) if one.kind is DeliveryKind.NOTICE]
    scene = await room.office.scene(questions[0], replace(sent, kind=DeliveryKind.DIGEST))
    assert [one.id for one, _ in scene.waiting] == [one.id for one in questions]
    assert {name for _, name in scene.waiting} == {"Ms Patel"}


@pytest.mark.parametrize(
    ("category", "title"), [(AT_RISK.id, AT_RISK.title), (QUESTION, wording.QUESTION_TITLE), ("gone", "gone")]
)
def test_every_category_is_called_something(category: str, title: str) -> None:
    """One that has left the catalogue is called by its id."""
    assert Staffroom().office.title(category) == title


async def test_no_route_says_why() -> None:
    """A school that is served and has said nothing is told apart from one whose people are all involved."""
    room = Staffroom(school(routes={RouteName.CHILD: ("dsl",)}, places={}))
    none = await room.office.plan("oakwood", RouteName.STAFF, "web")
    hidden = room.office.hidden(()).plus({"role:dsl"}).keys
    left = await room.office.plan("oakwood", RouteName.CHILD, "web", hidden)
    assert isinstance(none, NoRoute)
    assert isinstance(left, NoRoute)
    assert (none.reason, left.reason) == (Reason.NOT_SET, Reason.NOBODY_LEFT)


async def test_a_role_is_named_in_the_order_of_the_route() -> None:
    """Whoever holds two posts acts in the one in which they were told."""
    room = Staffroom(school(ONE_PERSON, places={}))
    one = await room.told()
    assert one.told[0].role == "dsl"
    assert await room.office.role_of(person(HEAD), one) == "dsl"
    assert await room.office.role_of(person(DEPUTY), one) == "deputy-dsl"
    with pytest.raises(RefusedError):
        await room.desk.open(person(CHAIR), one.id)


async def test_an_id_is_somebody_on_one_platform_alone() -> None:
    """Whoever has the DSL's id on another platform is not the DSL, even where both platforms are served."""
    room = Staffroom()
    one = await room.told()
    office = _with(room, web=room.channel, slack=FakeChannel("slack"))
    assert await office.role_of(person(DSL), one) == "dsl"
    assert await office.role_of(replace(person(DSL), platform="slack"), one) is None
