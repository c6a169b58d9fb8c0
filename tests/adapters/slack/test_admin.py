"""/policy-admin as admins type it, against the fake Slack."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from adapters.chat import admin_wording as says
from adapters.chat.admins import Admins
from adapters.slack.admin import Administering
from adapters.slack.admin_words import SLACK
from bot.escalation import wording as told
from bot.escalation.ports import Alarm
from knowledge.faults import Severity
from tests.adapters.slack.home_world import (
    ADMIN,
    DSL,
    ELM,
    FAULT,
    GUEST,
    HEAD,
    SAFE,
    SCHOOL,
    TEACHER,
    TEAM,
    HomeWorld,
    home_world,
)
from tests.bot.builders import FRIENDS

EVERYTHING = (
    "status",
    "check",
    "reload",
    "routes",
    "routes bind child",
    "routes unbind child",
    "doctor",
    "help",
    "",
    "nonsense",
)
BOTH = replace(ELM, admins=SCHOOL.admins)
PRIVATE = "C0NEW"


@pytest.fixture
async def world() -> AsyncIterator[HomeWorld]:
    """Return a workspace of one school, with one more private channel that only the DSL and the admin read."""
    async with home_world() as made:
        made.team.add_channel(PRIVATE, "new", ADMIN, DSL, is_private=True)
        yield made


@pytest.fixture
async def trust() -> AsyncIterator[HomeWorld]:
    """Return a workspace of two schools which one admin looks after."""
    async with home_world(SCHOOL, BOTH) as made:
        made.team.add_channel(PRIVATE, "new", ADMIN, is_private=True)
        yield made


async def bound(world: HomeWorld) -> list[tuple[str, str]]:
    """List the routes that are bound in Slack, each with its school."""
    found = [json.loads(written) for written in await world.kept.all("place")]
    return [(one["school"], one["route"]) for one in found]


# ---- Who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", EVERYTHING)
@pytest.mark.parametrize("user", [TEACHER, DSL, GUEST])
async def test_nobody_else_gets_more_than_one_sentence(world: HomeWorld, user: str, text: str) -> None:
    """Whoever is no admin is told so, whatever they type; nothing is reloaded, bound or looked at."""
    calls = len(world.slack.calls)
    assert await world.types(user, text, PRIVATE) == says.NOT_ADMIN
    assert (await bound(world), len(world.slack.calls)) == ([], calls)


async def test_an_admin_of_another_school_is_nobody_here(trust: HomeWorld) -> None:
    """An admin of one school learns nothing of another of the same workspace, not even that it is there."""
    trust.knowledge.replace(ELM)
    trust.shelf.files["elm"] = replace(ELM, version="v2")
    await trust.shelf.reload(["elm"])
    assert await trust.types(ADMIN, "status elm") == says.which_school(["oakwood"])
    assert await trust.types(ADMIN, "status nowhere") == says.which_school(["oakwood"])


async def test_an_admin_of_a_school_elsewhere_is_nobody_here(world: HomeWorld) -> None:
    """The workspace comes from what Slack signed: an admin's id counts only where their school belongs."""
    world.knowledge.replace(replace(SCHOOL, belongs=(MappingProxyType({"slack_team": "T0FAR"}),)))
    assert await world.types(ADMIN, "status") == says.NOT_ADMIN


async def test_who_is_an_admin_is_asked_anew_for_every_command(world: HomeWorld) -> None:
    """Somebody who is taken off the list is refused at their next command."""
    assert await world.types(ADMIN, "status") != says.NOT_ADMIN
    world.shelf.files["oakwood"] = replace(SCHOOL, admins=(MappingProxyType({"slack": HEAD}),), version="v2")
    await world.shelf.reload(["oakwood"])
    assert await world.types(ADMIN, "status") == says.NOT_ADMIN
    assert await world.types(HEAD, "status") != says.NOT_ADMIN


async def test_the_first_admin_of_the_settings_looks_after_every_school_of_their_workspace(trust: HomeWorld) -> None:
    """Before any school names an admin, the one in the settings can begin."""
    admins = Admins("slack", trust.workspaces, trust.shelf, trust.store, frozenset({f"slack:{TEACHER}"}))
    trust.admin = Administering(replace(trust.admin.chat, admins=admins))
    assert "Elm School" in await trust.types(TEACHER, "status elm")
    assert await trust.types(DSL, "status elm") == says.NOT_ADMIN


async def test_an_admin_of_several_schools_names_one_or_has_one(trust: HomeWorld) -> None:
    """The school that is named counts, else the one they ask for; where there is neither, they are asked."""
    assert await trust.types(ADMIN, "status") == says.which_school(["elm", "oakwood"])
    assert "Status: Elm School" in await trust.types(ADMIN, "status elm")
    assert "Status: Oakwood School" in await trust.types(ADMIN, "STATUS Oakwood")
    await trust.own_schools.choose(TEAM, ADMIN, "elm")
    assert "Status: Elm School" in await trust.types(ADMIN, "status")
    await trust.own_schools.choose(TEAM, ADMIN, "oakwood")
    assert "Routes: Elm School" in await trust.types(ADMIN, "routes elm")


async def test_an_admin_of_one_school_need_not_name_it(trust: HomeWorld) -> None:
    """Somebody who looks after one school of several is understood, whichever school they ask for."""
    trust.knowledge.replace(ELM)
    trust.shelf.files["elm"] = replace(ELM, version="v2")
    await trust.shelf.reload(["elm"])
    await trust.own_schools.choose(TEAM, ADMIN, "elm")
    assert "Status: Oakwood School" in await trust.types(ADMIN, "status")


@pytest.mark.parametrize("text", ["help", "", "nonsense", "status a b", "routes oakwood elm"])
async def test_help_says_what_can_be_typed(world: HomeWorld, text: str) -> None:
    """Whatever is not understood is answered with everything that is."""
    read = await world.types(ADMIN, text)
    assert all(line in read for line in says.help_lines(SLACK))
    assert (says.NOT_UNDERSTOOD in read) == (text not in {"help", ""})


# ---- Status, check, reload -------------------------------------------------------------------------------------------


async def test_status_says_what_is_in_force_and_what_waits(world: HomeWorld) -> None:
    """Policies with their versions, overdue reviews, the last reload, and how delivering fares at this school."""
    await world.raised("1")
    world.clock.move(timedelta(minutes=7))
    at = world.clock.now()
    world.bell.alarms = [(at, Alarm(kind, school, "K7-0001", {})) for kind, school in (("late", "oakwood"),)]
    world.bell.alarms += [(at, Alarm("store", "", "", {})), (at, Alarm("late", "elm", "K7-0002", {}))]
    read = await world.types(ADMIN, "status")
    assert says.in_force("v1", "08:00") in read
    assert says.reloaded("08:00") in read
    assert says.policy("Conduct Policy", "2.1", "September 2027") in read
    assert f"*{says.OVERDUE}*\n{says.overdue('Phone Policy', 'February 2021')}" in read
    assert says.courier(1, 1) in read
    assert says.undelivered(1, 7) in read
    assert "10:07: late at oakwood\n10:07: store at all" in read
    assert "elm" not in read


async def test_status_says_that_the_store_is_down(world: HomeWorld) -> None:
    """Where nobody knows what waits, that is said, and the rest is shown."""
    world.store.down = True
    read = await world.types(ADMIN, "status")
    assert says.STORE_UNREADABLE in read
    assert says.in_force("v1", "08:00") in read


async def test_check_lists_the_faults_and_changes_nothing(world: HomeWorld) -> None:
    """Every fault of the files as they are now, with file and line; what is in force stays."""
    warning = replace(FAULT, line=9, severity=Severity.WARNING, found="no hours")
    world.shelf.files["oakwood"] = (FAULT, warning)
    before = dict(world.shelf.in_force)
    read = await world.types(ADMIN, "check")
    assert says.checked(1, 1) in read
    assert f"*{says.TO_MEND}*\n{FAULT}\n*{says.WARNINGS}*\n{warning}" in read
    assert world.shelf.in_force == before
    world.shelf.files["oakwood"] = (warning,)
    assert says.checked(0, 1) in await world.types(ADMIN, "check")
    world.shelf.files["oakwood"] = SCHOOL
    assert says.no_faults(SLACK) in await world.types(ADMIN, "check")


async def test_a_reload_takes_what_is_sound(world: HomeWorld) -> None:
    """The new version is in force at once, and named."""
    world.shelf.files["oakwood"] = replace(SCHOOL, version="v2")
    assert says.taken("v2") in await world.types(ADMIN, "reload")
    assert says.unchanged("v2") in await world.types(ADMIN, "reload")
    assert says.in_force("v2", "10:00") in await world.types(ADMIN, "status")


async def test_a_broken_pack_is_refused_and_the_last_good_version_stays(world: HomeWorld) -> None:
    """The admin reads file and line; people are answered from the last good version; mending it ends the matter."""
    world.shelf.files["oakwood"] = (FAULT,)
    read = await world.types(ADMIN, "reload")
    assert says.LAST_GOOD in read
    assert str(FAULT) in read
    assert world.office.school("oakwood").clause(FRIENDS.id) == FRIENDS
    assert says.not_reloaded("10:00") in await world.types(ADMIN, "status")
    world.shelf.files["oakwood"] = replace(SCHOOL, version="v1")
    assert says.taken("v1") in await world.types(ADMIN, "reload")


async def test_a_reload_that_did_not_happen_is_not_called_one(world: HomeWorld) -> None:
    """Where the folder cannot be read, or is gone, nobody is told that anything was taken."""
    assert says.NOT_TRIED in await world.types(ADMIN, "reload")
    world.shelf.files["oakwood"] = None
    assert says.PACK_GONE in await world.types(ADMIN, "reload")
    assert await world.types(ADMIN, "reload") == says.NOT_ADMIN


# ---- Routes ----------------------------------------------------------------------------------------------------------


async def test_routes_say_who_is_told_and_where(world: HomeWorld) -> None:
    """Each route with its people in order, its channel and whether it may be used; and which are not set."""
    read = await world.types(ADMIN, "routes")
    people = "People: Mr B. Dale, Designated Safeguarding Lead, then Mrs A. Hill, Headteacher"
    ready = says.place_ready(says.place(SAFE, here=False), 2)
    assert f"*{says.route('child')}*\n{people}\n{ready}" in read
    assert f"*{says.route('staff')}*\nPeople: Mrs A. Hill, Headteacher\n{says.no_place(SLACK)}" in read
    assert f"*{says.route('head')}*\n{says.NOBODY_SET}" in read


async def test_routes_say_what_is_wrong_with_a_channel_now(world: HomeWorld) -> None:
    """A channel that is shared since is named as not used, at once and not after ten minutes."""
    await world.types(ADMIN, "routes")
    world.team.channels[SAFE].is_ext_shared = True
    assert "NOT used: the channel is shared with another organisation" in await world.types(ADMIN, "routes")
    world.slack.faults.crash("conversations.info", times=9)
    assert says.gate_unknown(SLACK) in await world.types(ADMIN, "routes")


async def test_a_private_channel_is_bound_from_inside(world: HomeWorld, caplog: pytest.LogCaptureFixture) -> None:
    """The channel is the route's from then on; who did it is kept by a pseudonym, and the log names nobody."""
    with caplog.at_level(logging.INFO, "signpost.slack"):
        read = await world.types(ADMIN, "routes bind child", PRIVATE)
    assert read == f"{says.bound('child', 2)} {says.not_inside(SLACK, ['Headteacher'])}"
    by = world.office.pseudonyms.key(f"slack:{ADMIN}")
    whole = {"school": "oakwood", "route": "child", "platform": "slack", "place": PRIVATE, "by": by}
    assert [json.loads(written) for written in await world.kept.all("place")] == [whole]
    assert [record.getMessage() for record in caplog.records] == [
        f"oakwood: the route child was bound to the channel {PRIVATE}"
    ]
    assert says.place_ready(says.place(PRIVATE, here=True), 2) in await world.types(ADMIN, "routes", PRIVATE)


async def test_a_channel_whose_readers_are_unknown_is_not_bound(world: HomeWorld) -> None:
    """Who would read a concern there must be known."""
    world.slack.faults.crash("conversations.members")
    read = await world.types(ADMIN, "routes bind child", PRIVATE)
    assert read == f"{says.refused(says.gate_unknown(SLACK))} {says.TRY_AGAIN}"
    assert await bound(world) == []


async def test_a_scope_that_is_missing_says_so_where_routes_are_listed_and_bound(world: HomeWorld) -> None:
    """What it means and how to mend it, and no advice to make another channel."""
    world.slack.faults.fail("conversations.info", "missing_scope", 2)
    for read in (await world.types(ADMIN, "routes"), await world.types(ADMIN, "routes bind child", PRIVATE)):
        assert all(part in read for part in ("groups:read", "install the app again", "signpost slack manifest"))
        assert "missing_scope" not in read
        assert SLACK.make_channel not in read


async def test_an_admin_does_not_make_themselves_a_reader(world: HomeWorld) -> None:
    """A channel without anybody whom the route tells takes nothing of it."""
    world.team.channels[PRIVATE].members.remove(DSL)
    assert await world.types(ADMIN, "routes bind child", PRIVATE) == says.nobody_of_the_route(SLACK)
    assert await bound(world) == []


async def test_a_school_that_is_taken_out_meanwhile_is_said_to_be_gone(world: HomeWorld) -> None:
    """A command that comes while its school goes is answered, and breaks nothing."""

    held = world.slack.faults.hang("auth.test")
    typing = asyncio.create_task(world.types(ADMIN, "doctor"))
    await held.arrived()
    world.knowledge.remove("oakwood")
    held.release()
    assert await typing == says.PACK_GONE


async def test_binding_can_be_taken_back(world: HomeWorld) -> None:
    """Unbinding leaves what stands in the school's own files."""
    world.team.channels[PRIVATE].members.append(HEAD)
    assert await world.types(ADMIN, "routes unbind child") == says.not_bound(SLACK, "child")
    await world.types(ADMIN, "routes bind staff", PRIVATE)
    assert await world.types(ADMIN, "routes unbind staff") == says.unbound("staff")
    assert PRIVATE not in await world.types(ADMIN, "routes")


@pytest.mark.parametrize(
    ("flags", "fault"),
    [
        ({"is_private": False}, "the channel is not private"),
        ({"is_archived": True}, "the channel is archived"),
        ({"is_ext_shared": True}, "shared with another organisation"),
        ({"is_shared": True}, "shared with another workspace"),
        ({"is_org_shared": True}, "shared with other workspaces"),
        ({"is_pending_ext_shared": True}, "about to be shared"),
        ({"members": [ADMIN, DSL]}, "invite it there with /invite"),
    ],
)
async def test_a_channel_that_others_may_read_is_never_bound(
    world: HomeWorld, flags: dict[str, object], fault: str
) -> None:
    """The gate is asked at that moment, whatever it said a minute before."""
    await world.gate.fault(TEAM, PRIVATE)
    for name, flag in flags.items():
        setattr(world.team.channels[PRIVATE], name, flag)
    read = await world.types(ADMIN, "routes bind child", PRIVATE)
    assert read.startswith("This channel cannot be used: ")
    assert fault in read
    assert await bound(world) == []


async def test_a_channel_that_slack_says_nothing_of_is_not_bound(world: HomeWorld) -> None:
    """Where the gate cannot be asked nothing is bound."""
    world.slack.faults.crash("conversations.info")
    read = await world.types(ADMIN, "routes bind child", PRIVATE)
    assert read == f"{says.refused(says.gate_unknown(SLACK))} {says.TRY_AGAIN}"
    assert await bound(world) == []


async def test_binding_happens_inside_the_channel_alone(world: HomeWorld) -> None:
    """In a direct message there is no channel to bind."""
    assert await world.types(ADMIN, "routes bind child", world.member(ADMIN).dm.id) == says.bind_inside(SLACK)
    assert await world.types(ADMIN, "routes bind child", "") == says.bind_inside(SLACK)


@pytest.mark.parametrize("text", ["routes bind", "routes unbind", "routes bind all", "routes bind child oakwood elm"])
async def test_the_route_must_be_named(world: HomeWorld, text: str) -> None:
    """Without the name of a route nothing is bound, and the names are listed."""
    assert await world.types(ADMIN, text, PRIVATE) == says.bind_which(SLACK)
    assert await bound(world) == []


async def test_a_route_without_people_is_not_bound(world: HomeWorld) -> None:
    """A route that the school has not set leads to nobody, channel or not."""
    assert await world.types(ADMIN, "routes bind head", PRIVATE) == says.no_such_route("head")


async def test_questions_and_concerns_never_share_a_channel(world: HomeWorld) -> None:
    """Neither a question's channel takes concerns nor the other way round."""
    world.team.channels[SAFE].members.append(ADMIN)
    world.team.channels[PRIVATE].members.append(HEAD)
    assert await world.types(ADMIN, "routes bind question", SAFE) == says.QUESTION_APART
    await world.types(ADMIN, "routes bind question", PRIVATE)
    assert await world.types(ADMIN, "routes bind staff", PRIVATE) == says.QUESTION_APART
    assert await bound(world) == [("oakwood", "question")]
    await world.types(ADMIN, "routes bind staff", SAFE)
    assert await bound(world) == [("oakwood", "question"), ("oakwood", "staff")]


async def test_questions_of_one_school_never_go_to_the_concerns_of_another(trust: HomeWorld) -> None:
    """In a workspace of several schools a channel is for questions or for concerns, of whichever school."""
    trust.knowledge.replace(replace(BOTH, routes=SCHOOL.routes))
    trust.team.channels[PRIVATE].members.append(HEAD)
    await trust.types(ADMIN, "routes bind question elm", PRIVATE)
    assert await bound(trust) == [("elm", "question")]
    assert await trust.types(ADMIN, "routes bind staff oakwood", PRIVATE) == says.QUESTION_APART


async def test_a_binding_that_cannot_be_written_is_not_claimed(world: HomeWorld) -> None:
    """Where the store is down the admin reads that nothing has changed."""
    world.kept.down = True
    assert await world.types(ADMIN, "routes bind child", PRIVATE) == told.NOT_WRITTEN
    assert says.place_ready(says.place(SAFE, here=False), 2) in await world.types(ADMIN, "routes")
