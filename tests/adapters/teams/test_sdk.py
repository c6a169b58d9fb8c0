"""Who may speak to Signpost in Teams (RS-31, RS-32), and what the Bot Framework's SDK is kept from doing."""

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from botframework.connector.auth import JwtTokenExtractor
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msrest.universal_http.requests import ClientRetryPolicy

from adapters.teams.connection import Json, Spot
from adapters.teams.sdk import BadTokenError
from bot.escalation.errors import UndeliverableError
from tests.adapters.teams.auth_world import (
    APP_ID,
    FIRST,
    ISSUER,
    SECOND,
    TENANT_ID,
    AuthWorld,
    auth_world,
    message,
    private_key,
    published,
    token,
)
from tests.adapters.teams.test_service_urls import HOSTILE

UK = "https://smba.trafficmanager.net/uk/"
FOREVER = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
async def world() -> AsyncIterator[AuthWorld]:
    """Return the SDK's module between a server of keys and a connector."""
    async with auth_world() as made:
        yield made


async def is_refused(world: AuthWorld, header: str | None, activity: Json | None = None) -> str:
    """Check that nothing ran and nothing was sent; return why."""
    ran = len(world.ran)
    with pytest.raises(BadTokenError) as caught:
        await world.takes(header, activity)
    assert len(world.ran) == ran
    assert world.connector.calls == []
    assert world.outbound.asked == 0
    assert caught.value.__suppress_context__
    return str(caught.value)


def by_hand(header: Json, claims: Any, secret: bytes = b"") -> str:
    """Return a token that no library would make; its signature is an HMAC."""

    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    first = f"{part(json.dumps(header).encode())}.{part(json.dumps(claims).encode())}"
    return f"Bearer {first}.{part(hmac.digest(secret, first.encode(), 'sha256'))}"


async def test_what_teams_sends_is_let_in(world: AuthWorld) -> None:
    """It runs in a turn, and what it gives comes back (RS-31)."""
    assert await world.takes(world.header()) == {"ran": 1}
    assert world.ran == [message(world.connector.url)]


async def test_what_gives_nothing_back_gives_nothing(world: AuthWorld) -> None:
    """Most activities are answered by a message, not in the response; an invoke is no exception for the SDK here."""

    async def silent() -> None:
        return None

    for kind in ("message", "invoke", "conversationUpdate", "typing"):
        activity = {**message(world.connector.url), "type": kind, "deliveryMode": "expectReplies"}
        assert await world.framework.turn(world.header(), activity, silent) is None


async def test_a_fault_of_ours_comes_through_the_turn(world: AuthWorld) -> None:
    """The SDK neither swallows nor answers it."""

    async def broken() -> None:
        raise KeyError("a fault")

    with pytest.raises(KeyError, match="a fault"):
        await world.framework.turn(world.header(), message(world.connector.url), broken)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        " ",
        "Bearer",
        "Bearer ",
        "Bearer  ",
        "bearer {good}",
        "Basic {good}",
        "{good}",
        "Bearer {good} {good}",
        "Bearer {good}, Bearer {good}",
        "Bearer {good},{good}",
        "Bearer {good}\r\nX-Other: 1",
        "Bearer x.y.z",
        "Bearer ..",
        "Bearer \x00",
        "Bearer ürks",
        "Bearer " + "a" * 10_000,
        "Bearer null",
    ],
)
async def test_what_is_no_single_token_is_refused(header: str | None, world: AuthWorld) -> None:
    """Missing, empty, garbage, of another scheme, or two headers' worth (RS-31)."""
    given = header.replace("{good}", token(world.connector.url)) if header else header
    await is_refused(world, given)
    assert world.publisher.asked == []


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"aud": "99999999-aaaa-4bbb-8ccc-222222222222"}, "another app"),
        ({"aud": [APP_ID]}, "another app"),
        ({"aud": None}, "another app"),
        ({"aud": ""}, "another app"),
        ({"iss": "https://api.botframework.com/"}, "no token of the Bot Connector"),
        ({"iss": "https://evil.example"}, "no token of the Bot Connector"),
        ({"iss": None}, "no token of the Bot Connector"),
        ({"iss": f"https://sts.windows.net/{TENANT_ID}/"}, "no token of the Bot Connector"),
        ({"exp": None}, "never ends"),
        ({"exp": "never"}, "cannot be checked"),
        ({"serviceurl": None}, "another service address"),
        ({"serviceurl": ""}, "another service address"),
        ({"serviceurl": "https://smba.trafficmanager.net/apac/"}, "another service address"),
        ({"serviceurl": "https://evil.example/"}, "another service address"),
    ],
)
async def test_a_token_that_is_not_for_signpost_is_refused(claims: Json, why: str, world: AuthWorld) -> None:
    """Although its signature holds: of another app, issuer, region, or without an end (RS-31)."""
    assert why in await is_refused(world, world.header(**claims))


async def test_a_token_is_for_the_address_that_the_activity_names(world: AuthWorld) -> None:
    """Without that anybody with a bot of their own could have answers sent elsewhere (RS-31)."""
    for other in (world.connector.url.rstrip("/"), f"{world.connector.base}/", UK, "", None, 7):
        await is_refused(world, world.header(), {**message(world.connector.url), "serviceUrl": other})
    activity = message(world.connector.url)
    del activity["serviceUrl"]
    await is_refused(world, world.header(), activity)


@pytest.mark.parametrize(
    ("since", "until", "is_taken"),
    [(-60, 3600, True), (-60, -240, True), (-60, -360, False), (240, 3600, True), (360, 3600, False)],
)
async def test_a_token_counts_in_its_time(since: int, until: int, is_taken: bool, world: AuthWorld) -> None:
    """Expired or not yet valid is refused; clocks may differ by five minutes (RS-31)."""
    now = datetime.now(UTC)
    header = world.header(nbf=now + timedelta(seconds=since), exp=now + timedelta(seconds=until))
    if is_taken:
        assert await world.takes(header)
    else:
        await is_refused(world, header)


async def test_a_token_that_was_signed_by_somebody_else_is_refused(world: AuthWorld) -> None:
    """With an id of a key that is published, and a private key that is not its own (RS-31)."""
    claims = jwt.decode(token(world.connector.url), options={"verify_signature": False})
    forged = jwt.encode(claims, private_key(SECOND), "RS256", headers={"kid": FIRST})
    await is_refused(world, f"Bearer {forged}")
    whole = token(world.connector.url)
    await is_refused(world, f"Bearer {whole[:-6]}{'A' * 6}")
    head, body, signature = whole.split(".")
    await is_refused(world, f"Bearer {head}.{body}x.{signature}")
    await is_refused(world, f"Bearer {head}.{body}.")


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
async def test_only_one_algorithm_counts(algorithm: str, world: AuthWorld) -> None:
    """RS256, as the Bot Connector's document says (RS-31)."""
    await is_refused(world, world.header(algorithm=algorithm))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS256", "ES256", None, 7, ["RS256"]])
async def test_a_token_without_a_real_signature_is_refused(algorithm: object, world: AuthWorld) -> None:
    """Whatever its header claims (RS-31)."""
    claims = jwt.decode(token(world.connector.url), options={"verify_signature": False})
    for header in ({"alg": algorithm, "kid": FIRST}, {"alg": algorithm}):
        await is_refused(world, by_hand(header=header, claims=claims))
    await is_refused(world, by_hand(header={"alg": algorithm, "kid": FIRST}, claims=claims).rpartition(".")[0] + ".")


async def test_a_published_key_is_no_shared_secret(world: AuthWorld) -> None:
    """HS256 over the public key, in each form that everybody has it in (RS-31)."""
    claims = jwt.decode(token(world.connector.url), options={"verify_signature": False})
    public = private_key(FIRST).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    for secret in (pem, pem.strip(), der, json.dumps(published(FIRST)).encode(), b""):
        await is_refused(world, by_hand({"alg": "HS256", "kid": FIRST}, claims, secret))


@pytest.mark.parametrize("claims", [None, [], "x", 7, {}, {"iss": ISSUER}, {"iss": {"a": 1}}])
async def test_claims_of_any_shape_do_no_harm(claims: object, world: AuthWorld) -> None:
    """A token's middle may be any JSON."""
    await is_refused(world, by_hand(header={"alg": "RS256", "kid": FIRST}, claims=claims))


@pytest.mark.parametrize("key_id", [None, 7, "", "made up", ["first-key"], {"a": 1}])
async def test_a_key_that_is_not_published_counts_for_nothing(key_id: object, world: AuthWorld) -> None:
    """Nor one without an id (RS-31)."""
    claims = jwt.decode(token(world.connector.url), options={"verify_signature": False})
    await is_refused(world, by_hand(header={"alg": "RS256", "kid": key_id}, claims=claims))


@pytest.mark.parametrize("endorsements", [[], ["webchat"], ["msteams-not"], ["MSTEAMS"]])
async def test_a_key_must_speak_for_teams(endorsements: list[str], world: AuthWorld) -> None:
    """Keys of the Bot Connector are endorsed for the channels they sign for (RS-31)."""
    world.publisher.keys = [{**published(FIRST), "endorsements": endorsements}]
    assert "does not speak for Teams" in await is_refused(world, world.header())


@pytest.mark.parametrize("channel", ["webchat", "emulator", "directline", "", None, ["msteams"]])
async def test_activities_of_other_channels_are_refused(channel: object, world: AuthWorld) -> None:
    """An app may be reachable by more than Teams, if somebody once switched that on in Azure (RS-31)."""
    assert "another channel" in await is_refused(
        world, world.header(), {**message(world.connector.url), "channelId": channel}
    )


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/", "ver": "1.0", "appid": APP_ID},
        {
            "iss": "https://login.microsoftonline.com/d6d49420-f39b-4df7-a1dc-d59a935871db/v2.0",
            "ver": "2.0",
            "azp": APP_ID,
        },
        {"iss": f"https://login.microsoftonline.com/{TENANT_ID}/v2.0", "ver": "2.0", "azp": "another-bot"},
        {"ver": "2.0", "azp": "another-bot", "appid": "another-bot", "aud": "another-app"},
        {"appid": "AnonymousSkill", "iss": "https://evil.example"},
    ],
)
async def test_tokens_of_emulators_and_other_bots_have_no_way_in(
    claims: Json, world: AuthWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SDK has paths for them, which fetch other keys: those are closed, and nothing at all is fetched (RS-31)."""
    monkeypatch.setattr("requests.sessions.Session.request", _never)
    await is_refused(world, world.header(**claims))
    assert [url for url in world.wires.reached if not url.startswith(world.publisher.url)] == []


async def test_a_token_is_not_bound_to_the_first_time_it_is_seen(world: AuthWorld) -> None:
    """The Bot Connector uses one for many activities."""
    header = world.header()
    for number in range(1, 4):
        assert await world.takes(header) == {"ran": number}


async def test_after_a_rotation_the_next_message_is_taken(world: AuthWorld) -> None:
    """The SDK's own reading of keys would fail for up to a day (RS-32)."""
    assert await world.takes(world.header())
    world.publisher.keys = [published(SECOND)]
    assert await world.takes(world.header(key_id=SECOND))
    refusal = await is_refused(world, world.header(key_id=FIRST))
    assert "not published" in refusal


async def test_in_an_outage_of_the_keys_what_was_known_holds(world: AuthWorld) -> None:
    """Also after a day (RS-32)."""
    assert await world.takes(world.header())
    world.publisher.status = 503
    world.clock.forward(days=2)
    assert await world.takes(world.header())


async def test_without_any_keys_nothing_is_taken(world: AuthWorld) -> None:
    """It fails closed, and heals by itself (RS-32)."""
    world.publisher.status = 503
    await is_refused(world, world.header())
    world.publisher.status = 200
    world.clock.forward(minutes=1)
    assert await world.takes(world.header())


async def test_keys_that_hang_hold_up_nobody_else(world: AuthWorld) -> None:
    """While one message waits for Microsoft's keys, calls are made and answered in the same loop (RS-32)."""
    world.publisher.gate.clear()
    waiting = asyncio.create_task(world.takes(world.header()))
    await world.publisher.waited_for.wait()
    for _ in range(20):
        await world.framework.send(world.connector.spot, {"type": "typing"})
    assert not waiting.done()
    world.publisher.gate.set()
    assert await waiting == {"ran": 1}


async def test_the_sdks_blocking_requests_are_never_made(world: AuthWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither for keys nor for tokens nor for calls: they would stall Slack and everybody else (RS-32)."""
    monkeypatch.setattr("requests.sessions.Session.request", _never)
    assert await world.takes(world.header())
    await is_refused(world, world.header(key_id="made up"))
    assert await world.framework.send(world.connector.spot, {"type": "message", "text": "hello"})
    stock = JwtTokenExtractor.get_open_id_metadata(world.publisher.metadata_url)
    with pytest.raises(AssertionError, match="blocking"):  # the SDK's own way: the trap is there
        await stock.get(FIRST)


def _never(*_given: object, **_options: object) -> None:
    raise AssertionError("a blocking request")


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return the lists of retries that the SDK builds."""
    lists: list[object] = []

    class Counted(ClientRetryPolicy):
        def __init__(self) -> None:
            super().__init__()  # type: ignore[no-untyped-call]  # msrest has types, but for this
            lists.append(self)

    monkeypatch.setattr("msrest.universal_http.requests.ClientRetryPolicy", Counted)
    return lists


async def test_the_sdk_builds_no_list_of_retries_for_a_message(world: AuthWorld, built: list[object]) -> None:
    """It would, twice in every turn; once for a service address is what is left."""
    for _ in range(10):
        await world.takes(world.header())
        await world.framework.send(world.connector.spot, {"type": "message", "text": "hello"})
    assert len(built) == 1


async def test_what_is_kept_for_service_addresses_does_not_grow(world: AuthWorld, built: list[object]) -> None:
    """Nobody knows how many Teams may name: all are reached, and those of long ago are forgotten."""
    spots = [Spot(f"{world.connector.base}/region{number}/", "a:personal") for number in range(200)]
    for spot in (*spots, spots[-1], spots[0]):
        await world.framework.send(spot, {"type": "typing"})
    assert len({call.path for call in world.connector.calls}) == 200
    assert len(built) == 201


@pytest.mark.parametrize("url", HOSTILE)
async def test_a_hostile_address_gets_no_connection_and_no_token(url: str) -> None:
    """Neither of an activity, whatever it is signed with, nor of what was stored (RS-33)."""
    async with auth_world(loopback=False) as world:
        await world.keys.prefetch()
        reached = list(world.wires.reached)
        header = f"Bearer {token(url)}"
        await is_refused(world, header, message(url))
        spot = Spot(url, "a:personal")
        for call in (
            world.framework.send(spot, {"type": "message"}),
            world.framework.send(spot, {"type": "message"}, beneath="1"),
            world.framework.update(spot, "1", {"type": "message"}),
            world.framework.begin(url, {}),
            world.framework.member(spot, "29:x"),
            world.framework.members(spot),
            world.framework.channels(url, "19:team"),
            world.framework.team(url, "19:team"),
        ):
            with pytest.raises(UndeliverableError):
                await call
        assert world.wires.reached == reached
        assert world.outbound.asked == 0


async def test_an_address_of_teams_is_let_in() -> None:
    """The real one; nothing is sent to it here."""
    async with auth_world(loopback=False) as world:
        assert await world.takes(f"Bearer {token(UK)}", message(UK)) == {"ran": 1}


async def test_in_development_nothing_is_authenticated() -> None:
    """No header is read and no keys are fetched; the address is checked all the same (RS-30, RS-33)."""
    async with auth_world(authenticated=False) as world:
        for header in (None, "", "Bearer x.y.z"):
            assert await world.takes(header, {**message(world.connector.url), "channelId": "emulator"})
        assert world.publisher.asked == []
        refusal = await is_refused(world, None, message("http://evil.example/"))
        assert "no service address" in refusal
