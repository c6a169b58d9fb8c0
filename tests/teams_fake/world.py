"""All of the fake's Teams that its services work on."""

from dataclasses import dataclass, field
from typing import Any

from tests.teams_fake.clock import TeamsClock
from tests.teams_fake.people import guid
from tests.teams_fake.places import Place
from tests.teams_fake.tenant import Tenant

Json = dict[str, Any]
ROSTER_CONSENT = "ChannelMember.Read.Group"


@dataclass(frozen=True, slots=True)
class App:
    """The app as Entra and the Bot Service know it, and the resource-specific permissions of its manifest."""

    id: str
    secret: str
    tenant_id: str
    name: str = "Signpost"
    consents: frozenset[str] = frozenset({ROSTER_CONSENT})

    @property
    def bot_id(self) -> str:
        """Return the name of the bot in conversations."""
        return f"28:{self.id}"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of the app: what was asked of which service, and `error`, or nothing where it was done."""

    operation: str
    verb: str
    url: str
    place: str
    body: Json
    token: str | None
    at: float
    error: str | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something the app answered that Teams would not show: the person reads that something went wrong."""

    where: str
    faults: list[str]


@dataclass(slots=True)
class World:
    """Every tenant, and what Microsoft knows of the app.

    `biggest` is the most bytes of UTF-16 that a message may have; a page of members has `page` of them where the app
    asks for no number, and never more than `biggest_page`. `submits` are the buttons with Action.Submit that the app
    posted outside a dialog, where Action.Execute does more.
    """

    app: App
    clock: TeamsClock
    tenants: dict[str, Tenant] = field(default_factory=dict)
    calls: list[Asked] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    submits: list[str] = field(default_factory=list)
    biggest: int = 28 * 1024
    page: int = 200
    biggest_page: int = 500
    _last: int = 0
    _ids: int = 0

    def tenant_at(self, path: str) -> Tenant | None:
        """Return the tenant that is served at a path of the Bot Connector."""
        return next((one for one in self.tenants.values() if path.strip("/") == f"{one.region}/{one.id}"), None)

    def tenant_of(self, place: Place) -> Tenant:
        """Return the tenant of a conversation."""
        return self.tenants[place.tenant_id]

    def new_message_id(self) -> str:
        """Return the id of a message: the time in milliseconds, never the same twice."""
        self._last = max(self._last + 1, int(self.clock.time() * 1000))
        return str(self._last)

    def new_event_id(self) -> str:
        """Return the id of an event that is no message."""
        self._ids += 1
        return f"f:{guid(f'event {self._ids}')}"
