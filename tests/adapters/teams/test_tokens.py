"""The token for Teams: had from Entra through msal off the loop, kept, renewed ahead, and its faults named."""

import asyncio
import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.teams.tokens import NoTokens, Tokens
from bot.escalation.errors import ChannelDownError, UndeliverableError
from tests.adapters.teams.auth_world import APP_ID, PATIENCE_S, TENANT_ID, Clock

WORDS = "zebrafinch~secret"
AUTHORITY = f"https://login.microsoftonline.com/{TENANT_ID}"


@dataclass
class Said:
    """An answer of Entra's, in the form msal reads."""

    status_code: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)

    def raise_for_status(self) -> None:
        """Raise where it is an error; msal's own wrapper stands before it."""
        if self.status_code >= 400:
            raise OSError(self.status_code)


def refusal(number: int, error: str = "invalid_client", status: int = 401) -> Said:
    """Return a refusal as Entra writes it; its sentence may repeat what was sent."""
    said = {"error": error, "error_description": f"AADSTS{number}: about {WORDS}", "error_codes": [number]}
    return Said(status, json.dumps(said))


@dataclass
class Entra:
    """Entra's two addresses, called from msal's thread. Each token asked for is the next number."""

    lasts: int = 3599
    renew_in: int | None = None
    discovery: Said | Exception | None = None
    refusing: Said | Exception | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    gets: list[str] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)
    gate: threading.Event = field(default_factory=threading.Event)
    waited_for: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Open the gate."""
        self.gate.set()

    def get(self, url: str, **_options: Any) -> Said:
        """Say where tokens are to be had."""
        self.gets.append(url)
        if isinstance(self.discovery, Exception):
            raise self.discovery
        said = {name: f"{AUTHORITY}/oauth2/v2.0/{name}" for name in ("authorize", "token")}
        places = {"authorization_endpoint": said["authorize"], "token_endpoint": said["token"]}
        return self.discovery or Said(200, json.dumps(places))

    def post(self, url: str, data: Any = None, **_options: Any) -> Said:
        """Give a token, or refuse."""
        self.asked.append({"url": url, **data})
        self.threads.add(threading.get_ident())
        self.waited_for.set()
        self.gate.wait(PATIENCE_S)
        if isinstance(self.refusing, Exception):
            raise self.refusing
        given: dict[str, Any] = {"token_type": "Bearer", "access_token": f"token {len(self.asked)}"}
        given |= {"expires_in": self.lasts} | ({} if self.renew_in is None else {"refresh_in": self.renew_in})
        return self.refusing or Said(200, json.dumps(given))

    def close(self) -> None:
        """End it; msal may."""


@pytest.fixture
def entra() -> Entra:
    """Return Entra."""
    return Entra()


@pytest.fixture
def clock() -> Clock:
    """Return a clock that starts now: msal looks at the real one."""
    return Clock(datetime.now(UTC))


@pytest.fixture
def tokens(entra: Entra, clock: Clock) -> Tokens:
    """Return the tokens of one app in one tenant."""
    return Tokens(APP_ID, WORDS, TENANT_ID, http_client=lambda: entra, now=clock.now)


async def until(holds: Callable[[], bool]) -> None:
    """Wait for what a thread brings about."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110 - a thread sets no event of the loop's
            await asyncio.sleep(0)


async def test_a_token_is_of_the_apps_own_tenant(tokens: Tokens, entra: Entra) -> None:
    """Single tenant: the authority is that tenant, never one for all, and the scope is the Bot Connector's."""
    assert await tokens.get() == "token 1"
    asked = entra.asked[0]
    assert asked["url"] == f"{AUTHORITY}/oauth2/v2.0/token"
    assert entra.gets == [f"{AUTHORITY}/v2.0/.well-known/openid-configuration"]
    assert (asked["client_id"], asked["client_secret"]) == (APP_ID, WORDS)
    assert asked["grant_type"] == "client_credentials"
    assert asked["scope"] == "https://api.botframework.com/.default"


async def test_a_token_is_kept(tokens: Tokens, entra: Entra, clock: Clock) -> None:
    """For as long as it is not due, nobody is asked."""
    for _ in range(50):
        clock.forward(minutes=1)
        assert await tokens.get() == "token 1"
    assert len(entra.asked) == 1


async def test_nothing_of_it_happens_in_the_loop(tokens: Tokens, entra: Entra) -> None:
    """msal waits for its answers; it does so in a thread."""
    await tokens.get()
    assert threading.get_ident() not in entra.threads


async def test_msals_own_calls_are_bounded_and_checked(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it speaks through by itself has a timeout, and looks at certificates."""
    made: list[tuple[str, bool, float]] = []

    def request(session: Any, _method: str, url: str, *, timeout: float, **_options: Any) -> None:
        made.append((url, session.verify, timeout))
        raise ConnectionRefusedError

    monkeypatch.setattr("requests.sessions.Session.request", request)
    with pytest.raises(ChannelDownError):
        await Tokens(APP_ID, WORDS, TENANT_ID, now=clock.now).get()
    assert made == [(f"{AUTHORITY}/v2.0/.well-known/openid-configuration", True, 5.0)]


async def test_those_who_ask_at_once_share_one_request(tokens: Tokens, entra: Entra) -> None:
    """There is one at a time."""
    assert set(await asyncio.gather(*(tokens.get() for _ in range(50)))) == {"token 1"}
    assert len(entra.asked) == 1


async def test_it_is_renewed_ahead_of_its_end_without_anybody_waiting(
    tokens: Tokens, entra: Entra, clock: Clock
) -> None:
    """While Entra takes its time, calls go on with the token that still holds."""
    entra.lasts = 299  # msal asks anew once less than five minutes are left
    await tokens.get()
    clock.forward(minutes=2)
    entra.gate.clear()
    assert await tokens.get() == "token 1"
    await until(entra.waited_for.is_set)
    assert await tokens.get() == "token 1"
    entra.gate.set()
    await tokens.close()
    assert await tokens.get() == "token 2"
    assert len(entra.asked) == 2


async def test_entra_may_ask_for_a_renewal_sooner(tokens: Tokens, entra: Entra, clock: Clock) -> None:
    """As it does for tokens that last a day."""
    entra.lasts, entra.renew_in = 86_399, 0
    for _ in range(10):
        assert await tokens.get() == "token 1"
    assert len(entra.asked) == 1
    clock.forward(minutes=2)
    await tokens.get()
    await tokens.close()
    assert await tokens.get() == "token 2"


async def test_in_an_outage_the_last_token_is_used_while_it_holds(tokens: Tokens, entra: Entra, clock: Clock) -> None:
    """And no longer: a token that ended would only be refused."""
    entra.lasts = 299
    await tokens.get()
    entra.refusing = OSError("no network")
    clock.forward(seconds=200)
    for _ in range(20):
        assert await tokens.get() == "token 1"
        await tokens.close()
    assert len(entra.asked) == 2  # not for every message
    clock.forward(seconds=89)
    with pytest.raises(ChannelDownError):
        await tokens.get()
    entra.refusing = None
    assert await tokens.get() == "token 4"


async def test_a_clock_that_was_set_back_makes_no_token_last(tokens: Tokens, entra: Entra, clock: Clock) -> None:
    """What was had later than now cannot be judged by the clock."""
    entra.lasts = 299
    await tokens.get()
    clock.forward(days=-1)
    assert await tokens.get() == "token 2"


async def test_a_token_that_msal_still_has_is_not_asked_for_again(tokens: Tokens, entra: Entra, clock: Clock) -> None:
    """It says when that is due, too."""
    entra.lasts, entra.renew_in = 86_399, 43_200
    await tokens.get()
    clock.forward(hours=-1)
    for _ in range(3):
        assert await tokens.get() == "token 1"
    assert len(entra.asked) == 1


async def test_an_entra_that_hangs_holds_nobody_for_long(
    tokens: Tokens, entra: Entra, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop goes on, no second thread is spent on it, and a late answer still counts."""
    monkeypatch.setattr("adapters.teams.tokens._PATIENCE_S", 0.05)
    entra.gate.clear()
    for _ in range(3):
        with pytest.raises(ChannelDownError, match="in time"):
            await tokens.get()
    assert len(entra.asked) == 1
    entra.gate.set()
    await tokens.close()
    assert await tokens.get() == "token 1"


async def test_who_gives_up_waiting_takes_it_from_nobody_else(tokens: Tokens, entra: Entra) -> None:
    """A cancelled call does not cancel the request that others wait for."""
    entra.gate.clear()
    one, other = asyncio.create_task(tokens.get()), asyncio.create_task(tokens.get())
    await until(entra.waited_for.is_set)
    one.cancel()
    await asyncio.wait([one])
    entra.gate.set()
    assert await other == "token 1"
    assert len(entra.asked) == 1


@pytest.mark.parametrize(
    ("number", "mend"),
    [
        (7000215, r"TEAMS_APP_PASSWORD.*its Value"),
        (7000222, "TEAMS_APP_PASSWORD has expired"),
        (700016, "TEAMS_APP_ID"),
        (7000229, "TEAMS_APP_ID"),
        (7000112, "TEAMS_APP_ID"),
    ],
)
async def test_what_an_admin_must_mend_is_said(
    number: int, mend: str, tokens: Tokens, entra: Entra, caplog: pytest.LogCaptureFixture
) -> None:
    """By the setting's name, with Microsoft's number, and never with the secret or a sentence of the server's."""
    caplog.set_level(logging.DEBUG, "signpost")
    entra.refusing = refusal(number)
    with pytest.raises(UndeliverableError, match=mend) as caught:
        await tokens.get()
    assert f"(AADSTS{number})" in str(caught.value)
    assert WORDS not in f"{caught.value!r} {caught.value.__context__!r} {caplog.text}"


@pytest.mark.parametrize("number", [90002, 900023])
async def test_a_tenant_that_is_none_is_said(number: int, tokens: Tokens, entra: Entra) -> None:
    """Entra refuses that before there is any talk of the app."""
    entra.discovery = refusal(number, "invalid_tenant", 400)
    with pytest.raises(UndeliverableError, match=f"TEAMS_TENANT_ID.*AADSTS{number}"):
        await tokens.get()
    assert entra.asked == []


@pytest.mark.parametrize(
    "refusing",
    [
        refusal(90033, "temporarily_unavailable", 400),
        refusal(50196, "invalid_grant", 400),
        refusal(999999, "something_new", 400),
        Said(429, "{}", {"Retry-After": "5"}),
        Said(500, "oops"),
        Said(503, f'{{"error": "{WORDS}"}}'),
        Said(200, "<html>a page of the network</html>"),
        Said(200, "{}"),
        Said(200, "[]"),
        Said(200, '{"access_token": ""}'),
        Said(200, '{"access_token": "x", "expires_in": "soon"}'),
        Said(200, '{"access_token": "x", "expires_in": 1e400}'),
        ConnectionResetError(WORDS),
        TimeoutError(WORDS),
    ],
)
async def test_anything_else_may_be_better_next_time(
    refusing: Said | Exception, tokens: Tokens, entra: Entra, caplog: pytest.LogCaptureFixture
) -> None:
    """An outage is no reason to give up an escalation."""
    caplog.set_level(logging.DEBUG, "signpost")
    entra.refusing = refusing
    with pytest.raises(ChannelDownError) as caught:
        await tokens.get()
    assert not caught.value.in_doubt
    assert WORDS not in f"{caught.value!r} {caplog.text}"


@pytest.mark.parametrize(
    "discovery", [ConnectionRefusedError(WORDS), Said(503, WORDS), Said(404, WORDS), Said(200, "{}"), Said(200, "x")]
)
async def test_where_entra_cannot_be_found_it_is_looked_for_again(
    discovery: Said | Exception, tokens: Tokens, entra: Entra
) -> None:
    """A server that starts before its network needs no second start."""
    entra.discovery = discovery
    with pytest.raises(ChannelDownError) as caught:
        await tokens.get()
    assert WORDS not in f"{caught.value!r}"
    entra.discovery = None
    assert await tokens.get() == "token 1"


async def test_a_token_that_teams_refused_is_replaced(tokens: Tokens, entra: Entra, clock: Clock) -> None:
    """Once it is not brand-new: also msal forgets it."""
    first = await tokens.get()
    clock.forward(minutes=5)
    assert tokens.refused(first)
    assert await tokens.get() == "token 2"
    assert tokens.refused(first)  # an older one: the one that is held may be better
    assert await tokens.get() == "token 2"
    assert len(entra.asked) == 2


async def test_a_new_token_that_is_refused_is_not_replaced(tokens: Tokens, entra: Entra) -> None:
    """Then the fault is another, and asking for tokens again and again would not mend it."""
    assert not tokens.refused(await tokens.get())
    assert await tokens.get() == "token 1"
    assert len(entra.asked) == 1


async def test_without_authentication_there_is_no_token() -> None:
    """And none to be had."""
    tokens = NoTokens()
    assert await tokens.get() == ""
    assert not tokens.refused("")
