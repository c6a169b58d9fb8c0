"""A day on any of the platforms, by its name."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from adapters.bootstrap import Signpost
from tests.contract.conversations.chats import ChatDay
from tests.contract.conversations.on_slack import day_on_slack
from tests.contract.conversations.on_teams import day_on_teams
from tests.contract.conversations.on_web import day_on_the_web
from tests.contract.conversations.parties import Day
from tests.escalation_fakes import TickingClock

CHATS = ("slack", "teams")
PLATFORMS = ("web", *CHATS)


def day_on(platform: str, signpost: Signpost, root: Path) -> AbstractAsyncContextManager[Day]:
    """Serve a platform for a day, with a clock and a store of its own."""
    state, clock = root / platform, TickingClock()
    if platform == "web":
        return day_on_the_web(signpost, state, clock)
    return chat_day_on(platform, signpost, root)


def chat_day_on(platform: str, signpost: Signpost, root: Path) -> AbstractAsyncContextManager[ChatDay]:
    """Serve a chat platform for a day."""
    state, clock = root / platform, TickingClock()
    return day_on_slack(signpost, state, clock) if platform == "slack" else day_on_teams(signpost, state, clock)
