"""Whichever call of Teams goes wrong, and however: a certain concern reaches the DSL, as one card (RS-36).

Every call that a concern causes is hit by every fault once: with a private channel, with one that is confirmed, and
with no channel at all.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.bootstrap import Signpost
from bot.escalation import wording as told
from bot.escalation.model import Escalation, Resolution
from tests.escalation_fakes import TickingClock
from tests.scenario.teams_world import TENANT, Served, bot_said, served, user_id
from tests.teams_fake import Channel, Moment, Seen, TeamsFake

pytestmark = pytest.mark.faults
CERTAIN = "a child told me her dad hits her"
FEW = ("dsl", "deputy-dsl", "headteacher", "admin")
Fault = Callable[[TeamsFake, str], object]
# What each call may meet; and whether Teams may have done what it was asked all the same.
FAULTS: dict[str, tuple[Fault, bool]] = {
    "429 with seconds": (lambda teams, call: teams.faults.throttle(call, 4), False),
    "429 without": (lambda teams, call: teams.faults.throttle(call, None), False),
    "429 with garbage": (lambda teams, call: teams.faults.throttle(call, "tomorrow"), False),
    "412": (lambda teams, call: teams.faults.statuses(call, 412), False),
    "500": (lambda teams, call: teams.faults.statuses(call, 500), True),
    "502": (lambda teams, call: teams.faults.statuses(call, 502), True),
    "503": (lambda teams, call: teams.faults.statuses(call, 503), True),
    "504": (lambda teams, call: teams.faults.statuses(call, 504), True),
    "429, 502, 412": (lambda teams, call: teams.faults.statuses(call, 429, 502, 412), True),
    "301": (lambda teams, call: teams.faults.statuses(call, 301), False),
    "401": (lambda teams, call: teams.faults.refuse(call, "BotNotRegistered"), False),
    "403": (lambda teams, call: teams.faults.refuse(call, "ForbiddenOperationException"), False),
    "404": (lambda teams, call: teams.faults.refuse(call, "ConversationNotFound"), False),
    "413": (lambda teams, call: teams.faults.refuse(call, "MessageSizeTooBig"), False),
    "broken off before": (lambda teams, call: teams.faults.drop(call, Moment.BEFORE), True),
    "broken off after": (lambda teams, call: teams.faults.drop(call, Moment.AFTER), True),
}
_NOTED = {"broken off after"}  # the call itself went well


class Runs:
    """One run after the other on one server: each with a teacher of its own, and nothing remembered of any channel."""

    def __init__(self, day: Served, channel: Channel | None) -> None:
        """Begin with no run."""
        self.day = day
        self.channel = channel
        self.number = 0

    async def calls(self) -> list[str]:
        """Return which calls a concern causes where nothing goes wrong."""
        before = len(self.day.teams.calls)
        one = await self.run()
        made = self.day.teams.calls[before:]
        await self.over(one)
        return [one.operation for one in made if one.operation not in {"openid", "keys", "tenant", "token"}]

    async def run(self) -> Escalation:
        """Let a new teacher raise a concern, and whatever follows; returns it."""
        self.number += 1
        known = {one.id for one in await self.day.escalations()}
        tenant = self.day.at.tenant
        user = tenant.add_user(f"Teacher {self.channel and self.channel.name} {self.number}")
        self.day.teams.install(user)
        answer = await self.day.teams.person(user).writes(CERTAIN)
        assert answer.acked
        await self.day.settle(timedelta(minutes=3))
        (new,) = [one for one in await self.day.escalations() if one.id not in known]
        return new

    def cards(self, one: Escalation) -> list[Seen]:
        """Return the cards of a concern that the DSL can read, wherever they stand."""
        dale = self.day.person("dsl")
        shown = [*bot_said(dale), *(bot_said(dale, self.channel) if self.channel else ())]
        return [card for card in shown if "desk:acknowledge" in card.verbs and one.reference in card.words]

    async def over(self, one: Escalation) -> None:
        """Let the DSL take it and close it; then let all that is known of channels and people grow old."""
        dale = await self.day.side.reach.people.person(TENANT, user_id("dsl"))
        await self.day.parts.desk.acknowledge(dale, one.id)
        await self.day.parts.desk.resolve(dale, one.id, Resolution.HANDLED)
        await self.day.settle(timedelta(minutes=1))
        self.day.teams.faults.clear()
        self.day.pass_by(timedelta(minutes=11))


async def worlds(day: Served) -> list[Channel | None]:
    """Return where a concern goes: a private channel, one that an admin has confirmed, and people alone."""
    tenant = day.at.tenant
    team = tenant.add_team("Safeguarding team", *(day.user(who) for who in FEW))
    day.teams.install(team)
    return [day.at.safe, team.general, None]


async def leads_to(day: Served, channel: Channel | None) -> None:
    """Let an admin bind the route for concerns to a channel, or to none."""
    ada = day.person("admin")
    if channel is None:
        await ada.writes_in(day.at.safe, "policy-admin routes unbind child")
        return
    await ada.writes_in(channel, f"policy-admin routes bind child{'' if channel is day.at.safe else ' confirm'}")


def each_call(calls: list[str]) -> Iterator[tuple[str, int]]:
    """Go through calls, each with how many of its kind come before it."""
    for number, call in enumerate(calls):
        yield call, calls[:number].count(call)


@pytest.mark.parametrize("name", FAULTS)
async def test_whichever_call_goes_wrong_the_dsl_reads_of_it_rs36(
    teams_school: Signpost, tmp_path: Path, clock: TickingClock, name: str
) -> None:
    """Once, or a second time that says that it may have been read already."""
    fault, in_doubt = FAULTS[name]
    async with served(teams_school, tmp_path / "state", clock) as day:
        hits = 0
        for channel in await worlds(day):
            await leads_to(day, channel)
            day.pass_by(timedelta(minutes=11))
            runs = Runs(day, channel)
            for call, before in each_call(await runs.calls()):
                day.teams.faults.statuses(call, *[200] * before)
                fault(day.teams, call)
                made = len(day.teams.calls)
                one = await runs.run()
                # The sign that Signpost is typing is a call as well, and comes only where an answer takes a moment.
                hits += name in _NOTED or any(asked.error for asked in day.teams.calls[made:])
                marked = sorted(told.AGAIN in card.words for card in runs.cards(one))
                as_one = [[False], [True], [False, True]] if in_doubt else [[False]]
                assert marked in as_one, (channel and channel.name, call, before)
                await runs.over(one)
        assert hits >= 12
