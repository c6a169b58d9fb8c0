"""Somebody who uses the try-out through its API: as the one who asks, and as a role that is told."""

from dataclasses import dataclass, replace
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient

from tests.adapters.web.playing import DANGER, Playing

WHO = "3f2a9c51-77de"
Json = dict[str, Any]


@dataclass(frozen=True)
class Visitor:
    """A page that is open. `who` is what it made up for itself."""

    client: TestClient[web.Request, web.Application]
    playing: Playing
    who: str = WHO
    name: str = ""
    standing: str = "staff"
    school: str = "model"

    def as_somebody(
        self, *, who: str | None = None, name: str = "", standing: str = "staff", school: str = "model"
    ) -> "Visitor":
        """Return the same page in other hands."""
        return replace(self, who=who or self.who, name=name, standing=standing, school=school)

    # ---- Plain requests

    async def get(self, path: str, **query: str) -> Json:
        """Read something that must be there."""
        return await body_of(await self.client.get(path, params=query))

    async def post(self, path: str, **body: Any) -> Json:
        """Do something that must work, and let the courier bring what came of it."""
        response = await self.client.post(path, json=body)
        found = await body_of(response)
        await self.playing.deliver()
        return found

    # ---- The asker

    @property
    def me(self) -> Json:
        """What every request of the asker says of them."""
        return {"who": self.who, "name": self.name, "standing": self.standing}

    async def ask(self, question: str) -> Json:
        """Ask, and return the card."""
        return await self.post("/api/ask", school=self.school, question=question, **self.me)

    async def tap(self, reply: str, action: str, **more: str) -> Json:
        """Tap a button beneath a reply."""
        return await self.post(f"/api/replies/{reply}/{action}", **self.me, **more)

    async def receipts(self) -> list[Json]:
        """Read what became of what was passed on."""
        return list((await self.get("/api/receipts", who=self.who))["receipts"])

    async def thread(self, escalation: str) -> Json:
        """Read what was said about it."""
        return await self.get(f"/api/escalations/{escalation}/thread", who=self.who)

    async def answer(self, escalation: str, text: str) -> Json:
        """Write again."""
        return await self.post(f"/api/escalations/{escalation}/thread", text=text, **self.me)

    async def raise_danger(self) -> str:
        """Raise something certain and urgent, and return its id."""
        return str((await self.ask(DANGER))["escalation"]["id"])

    # ---- A role that is told

    async def desk(self, role: str = "dsl") -> Json:
        """Look into the inbox of a role."""
        return await self.get("/api/desk", school=self.school, role=role)

    async def cards(self, role: str = "dsl") -> list[Json]:
        """List the cards of a role."""
        return list((await self.desk(role))["cards"])

    async def act(self, escalation: str, act: str, role: str = "dsl", **more: str) -> Json:
        """Do something with a card."""
        return await self.post(f"/api/desk/{escalation}/{act}", school=self.school, role=role, **more)


async def body_of(response: ClientResponse) -> Json:
    """Return the body of a request that must have worked."""
    body: Json = await response.json()
    assert response.status == 200, body
    return body


async def error_of(response: ClientResponse, status: int) -> Json:
    """Return the error of a refused request; every one has this one shape."""
    assert response.status == status
    assert response.content_type == "application/json"
    body: Json = await response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    error: Json = body["error"]
    return error
