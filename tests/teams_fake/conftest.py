"""A fake with one school's tenant, and a bot that talks to it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.teams_fake import Channel, Person, Place, Team, TeamsFake, Tenant
from tests.teams_fake.small_bot import SmallBot


@dataclass(frozen=True, slots=True)
class School:
    """A tenant with a teacher and a DSL, who have the app, in a team that has it, with a channel of their own."""

    tenant: Tenant
    team: Team
    staff_room: Channel
    safe: Channel
    chat: Place
    tess: Person
    dan: Person


@pytest.fixture
async def teams() -> AsyncIterator[TeamsFake]:
    """Run the fake."""
    async with TeamsFake() as fake:
        yield fake


@pytest.fixture
def school(teams: TeamsFake) -> School:
    """Return the school."""
    tenant = teams.tenant("Model Primary")
    tess, dan = tenant.add_user("Tess Teacher"), tenant.add_user("Dan O'Dale")
    team = tenant.add_team("Staff", tess, dan)
    staff_room = tenant.add_channel(team, "Staff room")
    safe = tenant.add_channel(team, "Safeguarding", dan, kind="private")
    chat = tenant.add_chat("Year 4", tess, dan)
    teams.install(tess, dan, team, safe, chat)
    return School(tenant, team, staff_room, safe, chat, teams.person(tess), teams.person(dan))


@pytest.fixture
async def bot(teams: TeamsFake, school: School) -> AsyncIterator[SmallBot]:
    """Run the bot."""
    small = SmallBot(teams)
    await small.start()
    yield small
    await small.stop()
