"""The Teams address of a school as the network sees it: the real listener and store, and whatever is thrown at it."""

import json
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from adapters.bootstrap import Signpost
from adapters.listening import listening
from adapters.teams.manifest import REQUEST_PATH
from tests.escalation_fakes import TickingClock
from tests.scenario.teams_world import TENANT, Served, served, user_id
from tests.teams_fake import Claims, TeamsFake
from tests.teams_fake.activities import Actor, activity

Json = dict[str, Any]
JSON = {"Content-Type": "application/json; charset=utf-8"}
CONCERN = "a child told me her dad hits her zebrafinch"
# What is asked of Microsoft to find out whether something is signed by it: nothing of the school is in that.
_KEYS = frozenset({"openid", "keys"})


class TeamsSiege:
    """A server, and what stood in its store and in Teams before anybody came."""

    def __init__(self, world: Served, port: int, database: Path) -> None:
        """Look at how everything stands."""
        self.world = world
        self.port = port
        self._database = database
        self.look()

    @property
    def teams(self) -> TeamsFake:
        """Return Teams."""
        return self.world.teams

    def look(self) -> None:
        """Look at how everything stands now; `is_untouched` compares with it."""
        self._before = self._stands()

    def is_untouched(self) -> bool:
        """Tell whether nothing was written down, nothing was asked of Teams or sent there, and nobody else was rung."""
        return self._stands() == self._before

    def concern(self, who: str = "teacher", text: str = CONCERN, **more: Any) -> Json:
        """Return the activity of somebody who writes of a child at risk in their own chat."""
        person = self.world.person(who)
        tenant = self.teams.world.tenants[TENANT]
        actor = Actor(self.teams.world, tenant, tenant.users[user_id(who)])
        return activity(actor, person.chat, "message", text=text, textFormat="plain", **more)

    def bearer(self, asked: Json, **wrong: Any) -> str:
        """Return the header of an activity as Teams signs it; `wrong` are the claims that are not as they must be."""
        claims: Claims = replace(self.teams.claims(asked), **wrong)
        return f"Bearer {self.teams.keys.token(claims)}"

    async def post(self, body: bytes, headers: Mapping[str, str] | None = None) -> int:
        """Post bytes with these headers, or with a good token; returns the status of the answer."""
        given = headers or {**JSON, "Authorization": self.bearer(self.concern())}
        url = self.teams.endpoint.url
        async with ClientSession() as session, session.post(url, data=BytesIO(body), headers=given) as answer:
            return answer.status

    async def sends(self, asked: Json, **wrong: Any) -> int | None:
        """Send an activity; returns the status of the answer."""
        return (await self.teams.endpoint.post(asked, self.bearer(asked, **wrong))).status

    def _stands(self) -> tuple[str, int, list[str], int]:
        with closing(sqlite3.connect(self._database)) as connection:
            written = "\n".join(connection.iterdump())
        calls = [one for one in self.teams.calls if one.operation not in _KEYS]
        return written, len(calls), list(self.teams.network().attempts), len(self.world.alarms)


@asynccontextmanager
async def besieged(signpost: Signpost, state: Path) -> AsyncIterator[TeamsSiege]:
    """Serve the school by the listener that a real server has."""
    async with served(signpost, state, TickingClock()) as world:
        settings = replace(world.signpost.settings, listen_host="127.0.0.1", listen_port=0)
        async with listening(settings, world.parts, None, world.side) as port:
            world.teams.deliver_to(f"http://127.0.0.1:{port}{REQUEST_PATH}")
            await world.until(lambda: bool(world.teams.calls_of("token")) and bool(world.teams.calls_of("keys")))
            yield TeamsSiege(world, port, state / "signpost.sqlite")


def as_bytes(asked: Json) -> bytes:
    """Return an activity as it is posted."""
    return json.dumps(asked).encode()
