"""What somebody sees by one word in their own chat: what waits for them, what they raised, their school."""

from adapters.teams import wording as in_teams
from tests.scenario.teams_world import Served, bot_said

CONCERN = "a pupil told me her dad hits her"


async def test_whoever_is_told_sees_what_waits_for_them(teams_day: Served) -> None:
    """The DSL reads each open one as a card that can be taken; the asker has none of them."""
    tess, dale = teams_day.person("teacher"), teams_day.person("dsl")
    await teams_day.bind()
    await tess.writes(CONCERN)
    await teams_day.settle()
    await dale.writes("waiting")
    card = bot_said(dale)[-1]
    assert (await teams_day.only()).reference in card.words
    await dale.taps(card, "desk:acknowledge")
    assert (await teams_day.only()).holder_role == "dsl"
    await tess.writes("Waiting?")
    assert bot_said(tess)[-1].words == in_teams.NOTHING_WAITS


async def test_what_is_resolved_waits_for_nobody(teams_day: Served) -> None:
    """Once it is resolved the list is empty."""
    tess, dale = teams_day.person("teacher"), teams_day.person("dsl")
    await teams_day.bind()
    await tess.writes(CONCERN)
    await teams_day.settle()
    card = bot_said(dale, teams_day.at.safe)[-1]
    await dale.taps(card, "desk:resolve")
    await dale.taps(card, "desk:resolve-as", resolution="handled")
    await dale.writes("waiting")
    assert bot_said(dale)[-1].words == in_teams.NOTHING_WAITS


async def test_whoever_raised_something_sees_where_it_stands(teams_day: Served) -> None:
    """The teacher reads their own receipt, and a colleague reads nothing of it."""
    tess, cole = teams_day.person("teacher"), teams_day.person("colleague")
    await tess.writes(CONCERN)
    await tess.writes("raised")
    assert (await teams_day.only()).reference in bot_said(tess)[-1].words
    await cole.writes("raised")
    assert bot_said(cole)[-1].words == in_teams.NOTHING_RAISED


async def test_with_one_school_there_is_no_other_to_ask_for(teams_day: Served) -> None:
    """Whoever asks for another school is told which one there is."""
    tess = teams_day.person("teacher")
    await tess.writes("school")
    assert bot_said(tess)[-1].words == in_teams.only_school("Model Primary School")
