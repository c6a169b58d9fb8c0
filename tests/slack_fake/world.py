"""All of the fake's Slack that the Web API works on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.slack_fake.clock import SlackClock
from tests.slack_fake.limits import Limits
from tests.slack_fake.tickets import Tickets
from tests.slack_fake.tokens import TokenBook
from tests.slack_fake.workspace import Workspace


@dataclass(frozen=True, slots=True)
class App:
    """The app as it is registered with Slack."""

    id: str
    client_id: str
    client_secret: str
    signing_secret: str
    rotates: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One call of the Web API: what was asked, and `error`, or nothing where Slack did it."""

    method: str
    verb: str
    args: dict[str, Any]
    token: str | None
    at: float
    error: str | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something the app sent that Slack would not show, outside the Web API: an answer to a command or a view."""

    where: str
    error: str
    faults: list[str]


@dataclass(slots=True)
class World:
    """Every workspace in which the app is installed, and what Slack knows of the app."""

    app: App
    clock: SlackClock
    tokens: TokenBook
    tickets: Tickets
    limits: Limits
    workspaces: dict[str, Workspace] = field(default_factory=dict)
    calls: list[Asked] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    links: set[str] = field(default_factory=set)
    root: str = ""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def new_link(self) -> str:
        """Return an address for one Socket Mode connection, good for one use."""
        ticket = f"ticket-{next(self._numbers)}"
        self.links.add(ticket)
        return f"{self.root.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self.app.id}"
