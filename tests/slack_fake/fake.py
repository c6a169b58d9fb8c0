"""The fake's front door."""

import asyncio
from itertools import count
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.slack_fake import events
from tests.slack_fake.api import Api
from tests.slack_fake.clock import SlackClock
from tests.slack_fake.delivery import Answer, Delivery, Kind, Sent
from tests.slack_fake.faults import Faults
from tests.slack_fake.limits import Limits
from tests.slack_fake.people import User
from tests.slack_fake.person import Person
from tests.slack_fake.places import Message
from tests.slack_fake.signed_http import SignedHttp
from tests.slack_fake.socket_mode import SocketMode
from tests.slack_fake.tickets import Tickets
from tests.slack_fake.tokens import EVERY_SCOPE, Grant, Pair, TokenBook
from tests.slack_fake.workspace import Workspace
from tests.slack_fake.world import App, Asked, World

REGISTERED = App("A0SIGNPOST", "1234.5678", "client-secret", "signing-secret")
NOT_SENT = "lost on the way"
ACK_SECONDS = 3.0


class SlackFake:
    """Slack itself, on loopback, with one app and as many workspaces as a test installs it in.

    `delivery` is how events reach the app: Socket Mode, unless `by_http` is called.
    """

    def __init__(self, app: App = REGISTERED, *, clock: SlackClock | None = None) -> None:
        """Register the app."""
        self.clock = clock or SlackClock()
        tickets, limits = Tickets(self.clock), Limits(self.clock)
        self.world = World(app, self.clock, TokenBook(self.clock), tickets, limits)
        self.faults = Faults()
        self.sockets = SocketMode(self.world)
        self.delivery: Delivery = self.sockets
        self.subscriptions = set(events.SUBSCRIBED)
        self.answers: list[Answer] = []
        self.app_token = self.world.tokens.app_token().value
        self._losing = 0
        self._numbers = count(1)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    @property
    def url(self) -> str:
        """Return the address of the Web API."""
        return f"{self.world.root}/api/"

    @property
    def calls(self) -> list[Asked]:
        """Return every call of the Web API, in order."""
        return self.world.calls

    def calls_of(self, method: str) -> list[Asked]:
        """Return the calls of one method."""
        return [one for one in self.world.calls if one.method == method]

    async def start(self) -> None:
        """Listen on a free port."""
        server = web.Application(client_max_size=16 * 1024**2)
        Api(self.world, self.faults).add_to(server)
        self.sockets.add_to(server)
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.world.root = f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        """Release what hangs, break off what is open, and stop listening."""
        self.faults.clear()
        await self.delivery.close()
        await self.sockets.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def by_http(self, url: str) -> SignedHttp:
        """Deliver to an address from now on, signed."""
        http = SignedHttp(url, self.world.app.signing_secret)
        self.delivery = http
        return http

    def workspace(self, team_id: str, name: str, domain: str = "") -> Workspace:
        """Make a workspace in which the app is installed."""
        made = Workspace(team_id, name, domain or name.lower().replace(" ", "-"), self.world.app.id, self.clock)
        self.world.workspaces[team_id] = made
        return made

    def install(self, workspace: Workspace, scopes: tuple[str, ...] = EVERY_SCOPE) -> Pair:
        """Issue a bot token for a workspace, and a refresh token where the app rotates them."""
        grant = Grant(workspace.id, "UINSTALLER", scopes)
        return self.world.tokens.issue(grant, rotates=self.world.app.rotates)

    def consent(self, workspace: Workspace, user: str, scopes: tuple[str, ...] = EVERY_SCOPE) -> str:
        """Say yes on the consent page, and return the code that goes to the redirect URL."""
        return self.world.tokens.new_code(workspace.id, user, scopes)

    async def uninstall(self, workspace: Workspace) -> list[Answer]:
        """Take the app out of a workspace: its tokens are revoked, and it is told."""
        self.world.tokens.revoke(workspace.id)
        revoked = {"type": "tokens_revoked", "tokens": {"bot": [workspace.bot.id]}}
        told = [
            await self.event(workspace, revoked, needs="tokens_revoked"),
            await self.event(workspace, {"type": "app_uninstalled"}, needs="app_uninstalled"),
        ]
        return [answer for answer in told if answer is not None]

    def person(self, user: User | str, team: Workspace | None = None) -> Person:
        """Be somebody. A user id is looked up in every workspace, unless one is given."""
        user_id = user if isinstance(user, str) else user.id
        for workspace in [team] if team else self.world.workspaces.values():
            if user_id in workspace.users:
                return Person(self, workspace, workspace.users[user_id])
        raise LookupError(user_id)

    def throttle(self, channel: str, times: int = 1, retry_after: int | str = 1) -> None:
        """Refuse the next messages in a channel with 429."""
        self.world.limits.throttle(channel, times, retry_after)

    def pace(self, *, on: bool = True) -> None:
        """Let one message a second into each channel, by the fake's clock."""
        self.world.limits.paced = on

    def lose(self, deliveries: int = 1) -> None:
        """Lose the next deliveries on the way; they can be sent again with `redeliver`."""
        self._losing += deliveries

    async def send(self, kind: Kind, payload: dict[str, Any]) -> Answer:
        """Send a command or an interaction to the app."""
        return await self._deliver(Sent(kind, payload, f"envelope-{next(self._numbers)}"))

    async def event(
        self, workspace: Workspace, event: dict[str, Any], *, needs: str | None = None, ext_shared: bool = False
    ) -> Answer | None:
        """Send any event to the app. Nothing is sent where it needs a subscription that the app does not have."""
        if needs is not None and needs not in self.subscriptions:
            return None
        payload = events.wrapped(self.world.app, workspace, event, ext_shared=ext_shared)
        return await self.send("events_api", payload)

    async def echo(self, workspace: Workspace, message: Message) -> Answer | None:
        """Send the app the event of its own message, as Slack does."""
        place = workspace.channels[message.channel]
        return await self.event(workspace, events.message(workspace, place, message, workspace.bot))

    async def redeliver(self, answer: Answer, number: int = 1, reason: str = "http_timeout") -> Answer:
        """Send the same thing once more: the same event id and envelope, with the marks of a retry."""
        return await self._deliver(answer.sent.again(number, reason))

    async def redeliver_at_once(self, answer: Answer, copies: int) -> list[Answer]:
        """Send many copies at the same time."""
        return list(await asyncio.gather(*(self.redeliver(answer, number + 1) for number in range(copies))))

    def late(self, seconds: float = ACK_SECONDS) -> list[Answer]:
        """Return the deliveries that were answered too late, or not at all."""
        return [one for one in self.answers if not one.acked or one.seconds > seconds]

    async def _deliver(self, sent: Sent) -> Answer:
        if self._losing:
            self._losing -= 1
            answer = Answer(sent, None, None, 0.0, NOT_SENT)
        else:
            answer = await self.delivery.deliver(sent)
        self.answers.append(answer)
        return answer
