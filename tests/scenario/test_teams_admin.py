"""The admin's morning in Teams: a broken pack, a channel for a route, two schools in one tenant, and who may."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.bootstrap import Signpost
from adapters.chat import admin_wording as says
from adapters.chat import wording
from adapters.teams import gate_wording
from adapters.teams import wording as in_teams
from adapters.teams.admin_words import TEAMS
from bot.escalation.message import Act
from bot.types import Action
from tests.escalation_fakes import TickingClock
from tests.packs import edit
from tests.scenario.slack_world import over
from tests.scenario.teams_world import School, Served, bot_said, served, write_pack
from tests.teams_fake import Place, Seen, words_of

FRIEND = "can I friend a parent?"
CERTAIN = "a child told me her dad hits her"
VERDICT = "Advised against: sending friend requests to parents or accepting theirs"
COMMANDS = ("status", "check", "reload", "routes", "routes bind child", "doctor", "")
MODEL, SECOND = "Model Primary School", "Second Primary School"


async def types(day: Served, who: str, command: str, place: Place | None = None) -> str:
    """Type a command of the admins; returns all that is answered in their own chat."""
    person, before = day.person(who), len(bot_said(day.person(who)))
    typed = f"policy-admin {command}".strip()
    await (person.writes_in(place, typed) if place else person.writes(typed))
    return "\n".join(one.words for one in bot_said(person)[before:])


# ---- The commands ----------------------------------------------------------------------------------------------------


async def test_an_admin_reads_how_signpost_fares(teams_day: Served) -> None:
    """Each command is answered in the own chat, under its name, with the school that it is about."""
    named = {"status": says.STATUS, "check": says.CHECK, "reload": says.RELOAD}
    for command, title in named.items():
        answer = await types(teams_day, "admin", command)
        assert (answer.startswith(title), MODEL in answer) == (True, True)
    for command in ("routes", "doctor", "help"):
        assert await types(teams_day, "admin", command) != says.NOT_ADMIN


async def test_a_command_in_a_channel_is_answered_to_the_admin_alone(teams_day: Served) -> None:
    """The channel reads one neutral sentence and nothing of the report."""
    room = teams_day.at.staff_room
    assert says.STATUS in await types(teams_day, "admin", "status", room)
    shown = bot_said(teams_day.person("colleague"), room)
    assert [(one.words, one.root) for one in shown] == [
        (in_teams.ANSWERED_PRIVATELY, teams_day.person("admin").reads(room)[0].id)
    ]


async def test_only_admins_administer(teams_day: Served) -> None:
    """Neither a teacher nor the DSL may, whatever they type and wherever."""
    for who in ("teacher", "dsl"):
        for command in COMMANDS:
            assert await types(teams_day, who, command) == says.NOT_ADMIN
        assert await types(teams_day, who, "status", teams_day.at.staff_room) == says.NOT_ADMIN


async def test_an_admin_reads_no_words(teams_day: Served) -> None:
    """Looking after Signpost shows no concern."""
    await teams_day.bind()
    await teams_day.person("teacher").writes(CERTAIN)
    await teams_day.settle()
    for command in ("status", "routes", "doctor"):
        assert "hits" not in await types(teams_day, "admin", command)


async def test_a_broken_pack_takes_nothing_away(signpost: Signpost, tmp_path: Path, clock: TickingClock) -> None:
    """The fault is named with its file, the last good version answers on, and the mended one is taken."""
    pack = write_pack(tmp_path)
    policy = pack / "schools" / "model" / "policies" / "online-safety.yaml"
    async with served(over(signpost, pack), tmp_path / "state", clock) as day:
        ada = day.person("admin")
        edit(policy, "stance: should-not", "stance: perhaps")
        checked = await types(day, "admin", "check")
        assert all(part in checked for part in (says.TO_MEND, "online-safety.yaml", "perhaps"))
        reloaded = await types(day, "admin", "reload")
        assert (says.LAST_GOOD in reloaded, "online-safety.yaml" in reloaded) == (True, True)
        assert "online-safety.yaml" in await types(day, "admin", "status")
        await ada.writes(FRIEND)
        assert bot_said(ada)[-1].summary == VERDICT
        edit(policy, "stance: perhaps", "stance: must-not")
        assert "Taken." in await types(day, "admin", "reload")
        await ada.writes(FRIEND)
        assert bot_said(ada)[-1].summary != VERDICT


# ---- A channel for a route -------------------------------------------------------------------------------------------


async def test_a_channel_is_bound_to_a_route_from_inside_it(teams_day: Served) -> None:
    """From then on its cards stand there, until it is unbound; the people of the route are told of the change."""
    safe, ada = teams_day.at.safe, teams_day.person("admin")
    await ada.writes_in(safe, "policy-admin routes bind child")
    assert says.bound("child", 4) in bot_said(teams_day.person("dsl"), safe)[-1].words
    moved = says.moved(TEAMS, "child", MODEL, "Ada Admin")
    assert [bot_said(teams_day.person(who))[-1].words for who in ("dsl", "deputy-dsl")] == [moved] * 2
    await teams_day.person("teacher").writes(CERTAIN)
    await teams_day.settle()
    assert cards_in(teams_day, safe) == 1
    await ada.writes_in(safe, "policy-admin routes unbind child")
    assert says.unbound("child") in bot_said(ada, safe)[-1].words
    await teams_day.person("teacher").writes("a child told me her mum hits her")
    await teams_day.settle()
    assert cards_in(teams_day, safe) == 1


async def test_a_channel_that_everybody_reads_is_not_bound(teams_day: Served) -> None:
    """The staff room, which a guest reads, is no place for concerns: it says why, and the route stays as it was."""
    await teams_day.person("admin").writes_in(teams_day.at.staff_room, "policy-admin routes bind child")
    assert gate_wording.STRANGERS_READ in bot_said(teams_day.person("admin"), teams_day.at.staff_room)[-1].words
    await teams_day.person("teacher").writes(CERTAIN)
    await teams_day.settle()
    assert cards_in(teams_day, teams_day.at.staff_room) == 0


def cards_in(day: Served, place: Place) -> int:
    """Count the cards in a channel."""
    return sum(wording.ACTS[Act.OPEN] in one.titles for one in bot_said(day.person("dsl"), place))


# ---- Two schools in one tenant ---------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def two_teams_schools(signpost: Signpost, tmp_path_factory: pytest.TempPathFactory) -> Signpost:
    """Return Signpost over two schools that share a tenant."""

    def second(school: School) -> None:
        school["name"] = SECOND
        school["contacts"]["dsl"]["name"] = "Mr S. Second"

    root = tmp_path_factory.mktemp("two-in-teams")
    write_pack(root)
    return over(signpost, write_pack(root, second, school="second"))


@pytest.fixture
async def trust(two_teams_schools: Signpost, tmp_path: Path, clock: TickingClock) -> AsyncIterator[Served]:
    """Serve two schools that share a tenant."""
    async with served(two_teams_schools, tmp_path / "state", clock) as day:
        yield day
        assert ([one for one in day.teams.answers if not one.acked], day.teams.world.refusals) == ([], [])


async def picks(day: Served, asked: Seen, school: str) -> None:
    """Let the teacher pick a school in a list."""
    await day.person("teacher").taps(asked, in_teams.CHOOSE, school=school)


async def test_the_school_is_asked_for_once(trust: Served) -> None:
    """The question waits meanwhile, is answered for the school that is chosen, and nobody is asked again."""
    tess = trust.person("teacher")
    await tess.writes(FRIEND)
    asked = bot_said(tess)[-1]
    assert all(
        part in asked.words for part in (wording.WHICH_SCHOOL_DO_YOU_ASK_FOR, wording.SCHOOL_SAFETY, MODEL, SECOND)
    )
    await picks(trust, asked, "second")
    answer = bot_said(tess)[-1]
    assert (answer.summary, in_teams.school(SECOND) in answer.words) == (VERDICT, True)
    assert wording.school_chosen(SECOND) in tess.sees(asked).words
    await tess.writes(CERTAIN)
    assert "Mr S. Second" in bot_said(tess)[-1].words
    assert (await trust.only()).school == "second"


async def test_a_newcomer_is_greeted_and_asked_for_the_school(trust: Served) -> None:
    """Whoever takes Signpost in picks their school before they have asked anything."""
    tess = trust.person("teacher")
    await tess.installs()
    (greeting,) = bot_said(tess)
    assert greeting.words.startswith(in_teams.WELCOME)
    await picks(trust, greeting, "model")
    assert wording.school_chosen(MODEL) in tess.sees(greeting).words
    await tess.writes(FRIEND)
    assert bot_said(tess)[-1].summary == VERDICT


async def test_a_school_that_was_picked_by_mistake_can_be_changed(trust: Served) -> None:
    """What stands where it was picked says which one it is, for good, and takes another."""
    tess = trust.person("teacher")
    await tess.writes(FRIEND)
    asked = bot_said(tess)[-1]
    await picks(trust, asked, "second")
    assert wording.school_chosen(SECOND) in "".join(map(words_of, asked.message.cards))
    await picks(trust, asked, "model")
    assert wording.school_chosen(MODEL) in tess.sees(asked).words
    await tess.writes(CERTAIN)
    assert (await trust.only()).school == "model"


async def test_everything_that_waited_for_the_school_is_answered(trust: Served) -> None:
    """A disclosure that came second is raised, whichever of the lists the school was picked from, and raised once."""
    tess = trust.person("teacher")
    await tess.writes(FRIEND)
    first = bot_said(tess)[-1]
    await tess.writes(CERTAIN)
    second = bot_said(tess)[-1]
    await picks(trust, first, "model")
    assert [one.summary for one in bot_said(tess)[-2:]] == [VERDICT, wording.NEWS_OF_A_CONCERN]
    await picks(trust, second, "model")
    assert (await trust.only()).school == "model"


async def test_the_school_is_asked_for_privately_in_a_channel(trust: Served) -> None:
    """The channel reads the neutral sentence; the concern that waited is answered in the own chat."""
    tess, room = trust.person("teacher"), trust.at.staff_room
    await tess.writes_in(room, CERTAIN)
    assert [one.words for one in bot_said(tess, room)] == [in_teams.ANSWERED_PRIVATELY]
    await picks(trust, bot_said(tess)[-1], "model")
    assert bot_said(tess)[-1].summary == wording.NEWS_OF_A_CONCERN
    assert len(bot_said(tess, room)) == 1


async def test_raising_a_concern_asks_for_the_school(trust: Served) -> None:
    """Whoever has not chosen yet picks it in the first step."""
    tess = trust.person("teacher")
    await tess.uses("raise-a-concern", place=trust.at.chat)
    await tess.submits(wording.NEXT, text=CERTAIN, category="child-at-risk", school="second")
    await tess.submits(wording.ACTIONS[Action.TELL])
    assert (await trust.only()).school == "second"


async def test_no_other_window_answers_before_the_school_is_known(trust: Served) -> None:
    """The search box and a message that is pointed at say what to do first, and whom to tell of a child at risk."""
    tess, room = trust.person("teacher"), trust.at.staff_room
    assert await tess.searches(FRIEND, place=room) == []
    await trust.person("colleague").writes_in(room, CERTAIN, mention=False)
    await tess.uses("ask-about-this", tess.reads(room)[-1])
    assert (tess.toasts, words_of(tess.dialog.card)) == ([in_teams.SCHOOL_UNKNOWN], in_teams.SCHOOL_UNKNOWN)
    assert await trust.escalations() == []
