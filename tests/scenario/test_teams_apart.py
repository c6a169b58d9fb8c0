"""Who is whose: tenants and schools stay apart, and nobody is taken for somebody else (RS-34)."""

import json
from collections.abc import AsyncIterator, Callable
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import Signpost
from adapters.chat import wording
from bot.escalation import wording as told
from tests.escalation_fakes import TickingClock
from tests.packs import edit
from tests.scenario.conftest import all_went_well_in_teams
from tests.scenario.slack_world import over
from tests.scenario.teams_world import TENANT, School, Served, bot_said, served, sign_in_name, user_id, write_pack
from tests.scenario.test_teams_forged import forges, says
from tests.teams_fake import Person, Tenant, User, guid
from tests.teams_fake.activities import Actor, activity

FRIEND = "can I friend a parent?"
CERTAIN = "a child told me her dad hits her"
QUOTE = "You should not send friend requests to parents or accept theirs."
STRANGE = guid("another tenant")
SECOND_GROUP = guid("the group of the second school")
Json = dict[str, Any]


async def stands(day: Served) -> list[list[str]]:
    """Return everything that is kept of where Signpost can post, and of what people chose."""
    kinds = ("teams-home", "teams-chat", "teams-team", "teams-channel", "teams-name", "school", "greeted")
    return [sorted(await day.parts.store.kept.all(kind)) for kind in kinds]


def question(day: Served, person: Person, text: str = FRIEND) -> Json:
    """Return the activity of somebody who asks in their own chat."""
    actor = Actor(day.teams.world, person.tenant, person.user)
    return activity(actor, person.chat, "message", text=text, textFormat="plain")


# ---- Tenants ---------------------------------------------------------------------------------------------------------

Change = Callable[[Json], object]
WRONG: dict[str, Change] = {
    "none": lambda one: (one["channelData"].pop("tenant"), one["conversation"].pop("tenantId")),
    "two": lambda one: one["conversation"].update(tenantId=STRANGE),
    "two, the other way round": lambda one: one["channelData"]["tenant"].update(id=STRANGE),
    "a stranger's": lambda one: (
        one["channelData"]["tenant"].update(id=STRANGE),
        one["conversation"].update(tenantId=STRANGE),
    ),
    "no id": lambda one: (one["channelData"]["tenant"].update(id="x"), one["conversation"].update(tenantId="x")),
    "a list": lambda one: (one["channelData"]["tenant"].update(id=[TENANT]), one["conversation"].pop("tenantId")),
    "a list and an id": lambda one: one["channelData"]["tenant"].update(id=[TENANT]),
    "an empty one": lambda one: (one["channelData"]["tenant"].update(id=""), one["conversation"].pop("tenantId")),
    "text for its data": lambda one: (one.update(channelData="x"), one["conversation"].pop("tenantId")),
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG.keys())
async def test_what_comes_of_no_tenant_of_ours_is_refused_rs34(rough_teams_day: Served, change: Change) -> None:
    """403, nothing kept, nothing sent; whoever runs Signpost can read it in the log."""
    day = rough_teams_day
    before, calls = await stands(day), len(day.teams.calls_of("send"))
    for text in (FRIEND, CERTAIN):
        asked = deepcopy(question(day, day.person("teacher"), text))
        change(asked)
        assert (await day.teams.send(asked)).status == 403
    assert (await stands(day), len(day.teams.calls_of("send")), await day.escalations()) == (before, calls, [])


async def test_one_tenant_written_in_two_ways_is_one_rs34(teams_day: Served) -> None:
    """An id is the same in capitals."""
    asked = question(teams_day, teams_day.person("teacher"))
    asked["channelData"]["tenant"]["id"] = TENANT.upper()
    assert (await teams_day.teams.send(asked)).status == 200
    assert QUOTE in bot_said(teams_day.person("teacher"))[-1].words


@pytest.fixture
async def two_tenants(signpost: Signpost, tmp_path: Path, clock: TickingClock) -> AsyncIterator[Served]:
    """Serve two schools, each in a tenant of its own."""

    def elsewhere(school: School) -> None:
        school["name"] = "Other School"
        school["belongs"] = [{"teams_tenant": STRANGE}]
        school["contacts"]["headteacher"]["name"] = "Mrs O. Elsewhere"

    write_pack(tmp_path)
    other = over(signpost, write_pack(tmp_path, elsewhere, school="other"))
    async with served(other, tmp_path / "state", clock) as day:
        yield day
        all_went_well_in_teams(day.teams)


def furnished(day: Served) -> Tenant:
    """Make the other tenant, with people who have the same ids and sign-in names as those of the first."""
    tenant = day.teams.tenant("Other", STRANGE, domain="school.example", region="uk")
    for who, name in (("dsl", "Mr Dale"), ("teacher", "Tess Teacher"), ("deputy-dsl", "Ms Ford")):
        tenant.add_user(name, user_id(who))
    tenant.add_user("Ada Admin", guid("their own"), upn=sign_in_name("admin"))
    return tenant


async def test_another_tenant_gets_nothing_of_this_school_rs34(two_tenants: Served) -> None:
    """With the same object ids, the id of the escalation and that of the reply: no clause, no contact, no card."""
    day = two_tenants
    await day.bind()
    tess = day.person("teacher")
    await tess.writes(CERTAIN)
    await day.settle()
    one = await day.only()
    theirs = furnished(day)
    before = await day.only()
    for who in ("dsl", "teacher"):
        stranger = day.teams.person(theirs.users[user_id(who)], theirs)
        for verb in ("desk:open", "desk:acknowledge", "card:look", "desk:resolve-as"):
            asked = await forged_by(day, stranger, verb, {"e": one.id, "resolution": "handled"})
            assert ("hits" in asked, one.reference in asked) == (False, False), verb
            assert told.NOT_YOURS in asked
        asked = await forged_by(day, stranger, "asker:send", {"e": one.id, "text": "x"}, name="task/submit")
        assert told.NOT_YOURS in asked
    assert await day.only() == before


async def forged_by(day: Served, person: Person, verb: str, data: Json, *, name: str = "adaptiveCard/action") -> str:
    """Tap a made-up button, wherever somebody is; returns what the answer says."""
    actor = Actor(day.teams.world, person.tenant, person.user)
    value: Json = {"action": {"type": "Action.Execute", "verb": verb, "data": data}}
    if name != "adaptiveCard/action":
        value = {"data": {"do": verb, **data}}
    answer = await day.teams.send(activity(actor, person.chat, "invoke", name=name, value=value))
    assert answer.status == 200
    return says(answer)


async def test_a_concern_goes_to_the_own_tenant_alone_rs34(two_tenants: Served) -> None:
    """People of the same name and id in the other tenant read nothing of it."""
    day = two_tenants
    theirs = furnished(day)
    for user in list(theirs.users.values()):
        day.teams.install(user)
    await day.person("teacher").writes(CERTAIN)
    await day.settle(timedelta(minutes=2))
    assert (await day.only()).school == "model"
    assert [message for chat in theirs.personal.values() for message in chat.messages] == []
    assert len(bot_said(day.teams.person(day.user("dsl"), day.at.tenant))) == 1


# ---- Who is staff ----------------------------------------------------------------------------------------------------


async def asks(day: Served, user: User) -> str:
    """Let somebody ask, and raise a certain concern; returns what they read to both."""
    day.teams.install(user)
    person = day.teams.person(user, day.at.tenant)
    for text in (FRIEND, CERTAIN):
        assert (await day.teams.send(question(day, person, text))).status == 200
    return "\n".join(one.words for one in bot_said(person))


@pytest.mark.parametrize("kind", ["guest", "of another tenant", "guest by name", "without a role"])
async def test_who_is_no_full_member_gets_the_kind_words_alone(teams_day: Served, kind: str) -> None:
    """Nothing from the policies, no name and no list; what they raise is recorded, and marked as not from staff."""
    tenant = teams_day.at.tenant
    user = tenant.add_user("Vic Visitor", guid("visitor"))
    if kind == "guest":
        user.role = "guest"
    if kind == "of another tenant":
        user.tenant_id = STRANGE
    if kind == "guest by name":
        user.upn = "vic_elsewhere.example#EXT#@school.example"
    if kind == "without a role":
        user.role = "anonymous"  # type: ignore[assignment]  # Teams has others: learn.microsoft.com, userRole
    read = await asks(teams_day, user)
    assert told.NOT_STAFF_REPLY.splitlines()[0] in read
    assert (QUOTE in read, "Example" in read) == (False, False)
    assert not (await teams_day.only()).staff


async def test_who_has_no_object_id_is_nobodys_staff(teams_day: Served) -> None:
    """An activity may come without one: who wrote it is answered kindly, and learns nothing."""
    tess = teams_day.person("teacher")
    for text in (FRIEND, CERTAIN):
        asked = question(teams_day, tess, text)
        del asked["from"]["aadObjectId"]
        assert (await teams_day.teams.send(asked)).status == 200
    read = "\n".join(one.words for one in bot_said(tess))
    assert (QUOTE in read, told.NOT_STAFF_REPLY.splitlines()[0] in read) == (False, True)
    assert not (await teams_day.only()).staff


async def test_pupils_outside_the_group_that_may_ask_get_the_kind_words(
    signpost: Signpost, tmp_path: Path, clock: TickingClock
) -> None:
    """The school names a group of staff, by the id of its team or of its group, in whichever case."""
    for number, named in enumerate(["id", "group"]):
        root = tmp_path / str(number)
        tenant_team = guid("groups")

        def with_group(school: School, team: str = tenant_team) -> None:
            school["asks"] = {"teams": {"groups": [team.upper()]}}

        async with served(over(signpost, write_pack(root, with_group)), root / "state", clock) as day:
            thread = tenant_team if named == "id" else ""
            group = tenant_team if named == "group" else ""
            team = day.at.tenant.add_team("All staff", day.user("teacher"), thread=thread, group=group)
            await day.person("admin").installs(team)
            await asks(day, day.user("pupil"))
            await asks(day, day.user("teacher"))
            assert QUOTE in "".join(one.words for one in bot_said(day.person("teacher"))), named
            assert QUOTE not in "".join(one.words for one in bot_said(day.person("pupil"))), named


# ---- Sign-in names ---------------------------------------------------------------------------------------------------


async def learns(day: Served) -> None:
    """Let Signpost read the roster of the staff, as it does by itself every few minutes."""
    places = day.side.reach.tenants.places
    day.pass_by(timedelta(minutes=11))
    for team in places.teams(TENANT):
        await day.side.reach.people.roster(team)
    await day.side.reach.names.keep([sign_in_name("deputy-dsl"), sign_in_name("admin")])


async def test_a_guest_who_looks_like_the_deputy_gets_nothing(teams_day: Served) -> None:
    """The same name, the same mail address, even the same sign-in name: a guest's can be anything."""
    tenant = teams_day.at.tenant
    twin = tenant.add_user("Ms Ford", guid("twin"), upn=sign_in_name("deputy-dsl"), role="guest")
    other = tenant.add_user("Ms Ford", guid("other twin"))
    other.email, other.upn = sign_in_name("deputy-dsl"), "somebody.else@school.example"
    teams_day.at.staff.members[:0] = [twin, other]
    teams_day.at.staff.members.extend([twin, other])
    teams_day.teams.install(twin, other)
    await teams_day.bind()
    await learns(teams_day)
    named = teams_day.side.reach.names.user(sign_in_name("deputy-dsl"))
    assert named == user_id("deputy-dsl")
    await teams_day.person("teacher").writes(CERTAIN)
    await teams_day.settle(timedelta(minutes=20))
    for impostor in (twin, other):
        assert bot_said(teams_day.teams.person(impostor, tenant)) == []


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_sign_in_name_that_moves_to_another_person_moves_what_they_get(
    teams_school: Signpost, tmp_path: Path, clock: TickingClock, restarts: bool
) -> None:
    """The new deputy has the old one's name to sign in with; the old one, who goes by another now, is not meant."""
    async with served(teams_school, tmp_path / "state", clock) as day:
        await day.bind()
        await learns(day)
        names, old = day.side.reach.names, day.user("deputy-dsl")
        assert names.user(sign_in_name("deputy-dsl")) == old.id
        old.upn = "retired@school.example"
        await learns(day)
        assert names.user(sign_in_name("deputy-dsl")) is None
        if restarts:
            async with served(teams_school, tmp_path / "state", clock, known=day.teams) as later:
                assert later.side.reach.names.user(sign_in_name("deputy-dsl")) is None
        new = day.at.tenant.add_user("Ms New", guid("new deputy"), upn=sign_in_name("deputy-dsl"))
        day.at.staff.members.append(new)
        await learns(day)
        assert names.user(sign_in_name("deputy-dsl")) == new.id


async def test_an_admin_who_is_called_otherwise_now_is_none(teams_day: Served) -> None:
    """Their old name to sign in with is somebody else's, and so is what it opens."""
    ada = teams_day.person("admin")
    await ada.writes("policy-admin status")
    assert "Model Primary School" in bot_said(ada)[-1].words
    teams_day.user("admin").upn = "married@school.example"
    teams_day.pass_by(timedelta(minutes=11))
    await ada.writes("policy-admin status")
    assert "Model Primary School" not in bot_said(ada)[-1].words


# ---- Two schools in one tenant ---------------------------------------------------------------------------------------


@pytest.fixture(params=["id", "group", "GROUP"])
async def shared(
    request: pytest.FixtureRequest, signpost: Signpost, tmp_path: Path, clock: TickingClock
) -> AsyncIterator[tuple[Served, str]]:
    """Serve two schools that share a tenant; a team is the second school's own, named by one of its two ids."""

    def second(school: School) -> None:
        school["name"] = "Second Primary School"
        named = SECOND_GROUP if request.param != "GROUP" else SECOND_GROUP.upper()
        school["belongs"] = [{"teams_tenant": TENANT.upper()}, {"teams_team": named}]

    write_pack(tmp_path)
    pack = over(signpost, write_pack(tmp_path, second, school="second"))
    async with served(pack, tmp_path / "state", clock) as day:
        yield day, str(request.param)
        all_went_well_in_teams(day.teams)


@pytest.mark.parametrize("told_of_it", [True, False], ids=["installed while it ran", "installed before"])
async def test_a_team_that_is_one_schools_own_decides(
    shared: tuple[Served, str], signpost: Signpost, tmp_path: Path, clock: TickingClock, told_of_it: bool
) -> None:
    """Whoever asks in it is asked for no school; in the tenant's other teams they are."""
    day, named = shared
    ids = {"thread": SECOND_GROUP} if named == "id" else {"group": SECOND_GROUP}
    team = day.at.tenant.add_team("Second staff", day.user("teacher"), day.user("admin"), **ids)
    room = day.at.tenant.add_channel(team, "Room")
    if told_of_it:
        await day.person("admin").installs(team)
    else:
        day.teams.install(team)
        await day.person("teacher").writes_in(room, FRIEND)  # now it knows the team, and by and by its group
        places, people = day.side.reach.tenants.places, day.side.reach.people
        for one in places.teams(TENANT):
            await people.learn_group(one)
    await day.person("teacher").writes_in(room, FRIEND)
    assert "Second Primary School" in bot_said(day.person("teacher"), room)[-1].words
    await day.person("teacher").writes_in(day.at.staff_room, FRIEND)
    assert wording.WHICH_SCHOOL in bot_said(day.person("teacher"))[-1].words


async def test_while_every_school_is_broken_nobody_meets_silence(
    signpost: Signpost, tmp_path: Path, clock: TickingClock
) -> None:
    """Whoever writes, taps, or searches is told whom to tell instead; mended, everything goes on where it stood."""
    pack = write_pack(tmp_path)
    policy = pack / "schools" / "model" / "policies" / "online-safety.yaml"
    async with served(over(signpost, pack), tmp_path / "state", clock) as before:
        tess = before.person("teacher")
        await tess.writes(CERTAIN)
        shown = bot_said(tess)[-1]
        edit(policy, "stance: should-not", "stance: perhaps")
        async with served(over(signpost, pack), tmp_path / "state", clock, known=before.teams) as day:
            await day.settle()
            await tess.writes(CERTAIN)
            assert wording.CANNOT_ANSWER in bot_said(tess)[-1].words
            await day.person("colleague").writes_in(day.at.chat, f"<at>Signpost</at> {FRIEND}")
            assert wording.CANNOT_ANSWER in bot_said(day.person("colleague"), day.at.chat)[-1].words
            answer = await forges(day, "teacher", "reply:involved", dict(shown.buttons[0].data))
            assert wording.CANNOT_ANSWER in json.dumps(answer.body, ensure_ascii=False)
            assert "school-gone" in day.alarms
            edit(policy, "stance: perhaps", "stance: should-not")
            await day.signpost.library.reload(None, None)
            await day.wait(timedelta(minutes=2))
            reference = (await day.only()).reference
            assert any(reference in one.words for one in bot_said(day.person("dsl")))
