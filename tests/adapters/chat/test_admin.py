"""What admins type, on a platform that is neither one nor the other: the same commands, in the platform's words."""

import json
from dataclasses import replace
from types import MappingProxyType

import pytest

from adapters.chat import admin_wording as says
from adapters.chat.admin_wording import Platform
from adapters.chat.admins import Admins
from adapters.chat.reports import Finding
from bot.escalation import wording as told
from bot.escalation.ports import Alarm
from knowledge.model import RouteName
from tests.adapters.chat.admin_world import (
    ADMIN,
    CHAT,
    DSL,
    FAULT,
    HEAD,
    HOME,
    MEETING,
    OPEN,
    SAFE,
    SCHOOL,
    TEACHER,
    AdminWorld,
    lines,
)
from tests.escalation_fakes import MONDAY

ELM = replace(SCHOOL, id="elm", name="Elm School")
FAR = replace(SCHOOL, belongs=(MappingProxyType({"teams_tenant": "home-2"}),))
EVERYTHING = ("status", "check", "reload", "routes", "routes bind child", "routes unbind child", "doctor", "help", "")
PLAIN = replace(MEETING, confirming="")


@pytest.fixture
def world() -> AdminWorld:
    """Return a home with one school."""
    return AdminWorld()


@pytest.fixture
def trust() -> AdminWorld:
    """Return a home with two schools that one admin looks after."""
    return AdminWorld(SCHOOL, ELM)


# ---- Who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", EVERYTHING)
@pytest.mark.parametrize("user", [TEACHER, DSL, HEAD])
async def test_nobody_else_gets_more_than_one_sentence(world: AdminWorld, user: str, text: str) -> None:
    """Whoever is no admin here is told so, an admin on another platform too; nothing is looked at or changed."""
    assert await world.says(user, text, OPEN) == says.NOT_ADMIN
    assert (world.gate.asked, await world.store.kept.all("place")) == ([], [])


async def test_an_admin_is_known_by_whatever_the_platform_knows_them_by(world: AdminWorld) -> None:
    """The school.yaml names an address, and the platform says whose id that is."""
    assert (await world.types(ADMIN, "status")).title == "Status: Oakwood School"


async def test_an_admin_of_a_school_elsewhere_is_nobody_here() -> None:
    """An admin's id counts only in the homes of their school."""
    assert await AdminWorld(FAR).says(ADMIN, "status") == says.NOT_ADMIN


async def test_the_first_admin_of_the_settings_looks_after_every_school() -> None:
    """They are known as the others are, and one who is named for another platform is nobody here."""
    first = frozenset({"teams:ada@oakwood.example", f"slack:{TEACHER}"})
    nobody_named = [replace(school, admins=()) for school in (SCHOOL, ELM)]
    trust = AdminWorld(*nobody_named)
    admins = Admins("teams", trust.house, trust.shelf, trust.store, first, trust.admins.is_same)
    assert (admins.schools(HOME, ADMIN), admins.schools(HOME, TEACHER)) == (("elm", "oakwood"), ())


async def test_ids_are_compared_as_they_are_written_where_the_platform_says_no_more() -> None:
    """An id that differs in one letter is somebody else's."""
    world = AdminWorld(replace(SCHOOL, admins=(MappingProxyType({"teams": ADMIN}),)))
    admins = Admins("teams", world.house, world.shelf, world.store)
    assert (admins.schools(HOME, ADMIN), admins.schools(HOME, ADMIN.upper())) == (("oakwood",), ())


async def test_an_admin_of_several_schools_names_one(trust: AdminWorld) -> None:
    """The school that is named counts, and where none is they are asked; others than theirs are never named."""
    assert await trust.says(ADMIN, "status") == says.which_school(["elm", "oakwood"])
    assert (await trust.types(ADMIN, "STATUS Elm")).title == "Status: Elm School"
    assert await trust.says(ADMIN, "status hazel") == says.which_school(["elm", "oakwood"])


# ---- What they read --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["help", "", "nonsense", "status a b", "routes oakwood elm"])
async def test_help_is_in_the_words_of_the_platform(world: AdminWorld, text: str) -> None:
    """Whatever is not understood is answered with everything that is, as it is typed there."""
    report = await world.types(ADMIN, text)
    assert tuple(says.help_lines(MEETING)) == tuple(lines(report))[-len(says.help_lines(MEETING)) :]
    assert (says.NOT_UNDERSTOOD in lines(report)) == (text not in {"help", ""})
    assert all(line.startswith(("admin ", "@Signpost admin ", "If you look")) for line in says.help_lines(MEETING))


async def test_status_says_what_is_in_force_and_what_has_rung(world: AdminWorld) -> None:
    """The policies, the reviews, how delivering fares and the alarms of this school and of all."""
    world.bell.alarms = [(MONDAY, Alarm(kind, school, "", {})) for kind, school in (("late", "oakwood"), ("late", "x"))]
    sections = dict((await world.types(ADMIN, "status")).sections)
    assert sections[says.POLICIES][0] == says.policy("Conduct Policy", "2.1", "September 2027")
    assert sections[says.DELIVERING] == (says.courier(0, 0), says.undelivered(0, 0))
    assert sections[says.ALARMS] == ("10:00: late at oakwood",)


async def test_a_store_that_is_down_is_said(world: AdminWorld) -> None:
    """The rest of the status is shown, and a binding is not claimed."""
    world.store.down = world.store.kept.down = True
    assert says.STORE_UNREADABLE in lines(await world.types(ADMIN, "status"))
    assert await world.says(ADMIN, "routes bind child", OPEN) == told.NOT_WRITTEN


async def test_a_reload_says_what_became_of_it(world: AdminWorld) -> None:
    """Not tried, refused with the fault, or taken."""
    assert says.NOT_TRIED in lines(await world.types(ADMIN, "reload"))
    world.shelf.files["oakwood"] = (FAULT,)
    assert lines(await world.types(ADMIN, "reload")) == [says.LAST_GOOD, str(FAULT)]
    assert says.checked(1, 0) in lines(await world.types(ADMIN, "check"))
    world.shelf.files["oakwood"] = replace(SCHOOL, version="v2")
    assert lines(await world.types(ADMIN, "reload")) == [says.taken("v2")]
    assert lines(await world.types(ADMIN, "check")) == [says.no_faults(MEETING)]


async def test_the_doctor_lists_what_the_platform_finds(world: AdminWorld) -> None:
    """What is to mend with the way to mend it, then what is in order."""
    world.look.findings = (Finding("It is broken.", "Mend it."), Finding("It is fine."))
    sections = (await world.types(ADMIN, "doctor")).sections
    assert sections == ((says.TO_MEND, ("It is broken. Mend it.",)), (says.IN_ORDER, ("It is fine.",)))


async def test_a_school_that_goes_meanwhile_is_said_to_be_gone(world: AdminWorld) -> None:
    """Nothing breaks, and nothing is claimed."""
    world.look.meanwhile = lambda: world.knowledge.remove("oakwood")
    assert await world.says(ADMIN, "doctor") == says.PACK_GONE


async def test_routes_say_who_is_told_and_where(world: AdminWorld) -> None:
    """Each route with its people, its channel and who reads it; this channel is called so."""
    sections = dict((await world.types(ADMIN, "routes", SAFE)).sections)
    assert sections[says.route("child")][1] == says.place_ready("this channel", 2)
    assert sections[says.route("staff")][1] == says.no_place(MEETING)
    assert sections[says.route("head")] == (says.NOBODY_SET,)


# ---- Binding ---------------------------------------------------------------------------------------------------------


async def test_a_channel_is_bound_from_inside(world: AdminWorld) -> None:
    """The route goes there from then on; who did it is kept by a pseudonym; its people and old channel hear of it."""
    answer = await world.says(ADMIN, "routes bind child", OPEN)
    assert answer == f"{says.bound('child', 2)} {says.not_inside(MEETING, ['Headteacher'])}"
    assert world.place_of(RouteName.CHILD) == OPEN
    kept = [json.loads(written) for written in await world.store.kept.all("place")]
    assert kept[0]["by"] == world.pseudonyms.key(f"teams:{ADMIN}")
    moved = says.moved(MEETING, "child", "Oakwood School", "Ada Admin")
    assert (world.post.told, world.post.posted) == ([(DSL, moved), (HEAD, moved)], [(SAFE, moved)])


async def test_a_binding_is_taken_back(world: AdminWorld) -> None:
    """What stands in the school.yaml counts again, and both channels know."""
    assert await world.says(ADMIN, "routes unbind child") == says.not_bound(MEETING, "child")
    await world.types(ADMIN, "routes bind child", OPEN)
    assert await world.says(ADMIN, "routes unbind child") == says.unbound("child")
    assert world.place_of(RouteName.CHILD) == SAFE
    assert [place for place, _ in world.post.posted] == [SAFE, OPEN]


async def test_binding_happens_inside_the_channel_alone(world: AdminWorld) -> None:
    """Where the admin speaks with Signpost alone, or no channel is known, there is nothing to bind."""
    assert await world.says(ADMIN, "routes bind child", CHAT) == says.bind_inside(MEETING)
    assert await world.says(ADMIN, "routes bind child", "") == says.bind_inside(MEETING)


async def test_a_channel_at_fault_is_not_bound(world: AdminWorld) -> None:
    """It is looked at anew, and the admin reads why and what to do, once."""
    await world.types(ADMIN, "routes")
    world.gate.faults[OPEN] = "others read it"
    refused = f"{says.refused('others read it')} Make a private channel, then type @Signpost admin routes bind with"
    assert (await world.says(ADMIN, "routes bind child", OPEN)).startswith(refused)
    world.gate.faults[OPEN] = "it is deaf: ask Signpost in"
    assert (await world.says(ADMIN, "routes bind child", OPEN)).endswith("ask Signpost in. Then look again.")
    assert world.place_of(RouteName.CHILD) == SAFE


async def test_a_channel_whose_readers_are_not_known_is_not_bound(world: AdminWorld) -> None:
    """Neither is one that nobody of the route reads."""
    del world.gate.readers[OPEN]
    unknown = f"{says.refused(says.gate_unknown(MEETING))} {says.TRY_AGAIN}"
    assert await world.says(ADMIN, "routes bind child", OPEN) == unknown
    world.gate.readers[OPEN] = frozenset({ADMIN})
    assert await world.says(ADMIN, "routes bind child", OPEN) == says.nobody_of_the_route(MEETING)


@pytest.mark.parametrize("text", ["routes bind", "routes bind all", "routes bind child oakwood elm", "routes unbind"])
async def test_the_route_must_be_named(world: AdminWorld, text: str) -> None:
    """Without the name of a route nothing is bound, and the names are listed."""
    assert await world.says(ADMIN, text, OPEN) == says.bind_which(MEETING)


async def test_questions_and_concerns_never_share_a_channel(trust: AdminWorld) -> None:
    """Of whichever school of the home."""
    trust.gate.readers[SAFE] = frozenset({HEAD})
    assert await trust.says(ADMIN, "routes bind question elm", SAFE) == says.QUESTION_APART


# ---- An admin's word -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["routes bind child confirm", "routes bind child oakwood confirm"])
async def test_an_admin_gives_their_word_for_a_channel(world: AdminWorld, text: str) -> None:
    """A channel of which the platform does not say who reads it is bound by the word of an admin, who is noted."""
    world.gate.faults[OPEN], world.gate.waits_for_a_word = "nobody says who reads it", {OPEN}
    assert says.bound("child", 2) not in await world.says(ADMIN, "routes bind child", OPEN)
    assert says.bound("child", 2) in await world.says(ADMIN, text, OPEN)
    assert world.gate.confirmed == [(HOME, OPEN, world.pseudonyms.key(f"teams:{ADMIN}"))]


async def test_a_word_does_not_help_where_the_channel_is_known_to_be_open(world: AdminWorld) -> None:
    """What the platform itself says counts more."""
    world.gate.faults[OPEN] = "everybody reads it"
    assert "everybody reads it" in await world.says(ADMIN, "routes bind child confirm", OPEN)
    assert world.place_of(RouteName.CHILD) == SAFE


async def test_no_word_is_kept_for_a_channel_that_is_refused(world: AdminWorld) -> None:
    """Where nobody of the route reads the channel, nothing is noted."""
    world.gate.readers[OPEN] = frozenset({ADMIN})
    assert await world.says(ADMIN, "routes bind child confirm", OPEN) == says.nobody_of_the_route(MEETING)
    assert world.gate.confirmed == []


@pytest.mark.parametrize(
    ("platform", "text"),
    [(PLAIN, "routes bind child confirm"), (MEETING, "routes unbind child confirm")],
    ids=["nobody's word counts there", "nothing to give a word for"],
)
async def test_a_word_that_means_nothing_is_not_understood(platform: Platform, text: str) -> None:
    """The admin reads what can be typed instead, and nothing has changed."""
    world = AdminWorld(platform=platform)
    assert says.NOT_UNDERSTOOD in lines(await world.types(ADMIN, text, OPEN))
    assert world.place_of(RouteName.CHILD) == SAFE


def test_a_platform_where_nobody_gives_their_word_does_not_offer_it() -> None:
    """Its help says nothing of it."""
    assert not any("confirm" in line for line in says.help_lines(PLAIN))
    assert any("routes bind child confirm" in line for line in says.help_lines(MEETING))
