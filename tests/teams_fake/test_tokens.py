"""Tokens: those that Teams signs for the app, and those that Entra gives to it."""

import asyncio
from dataclasses import replace
from typing import Any

import aiohttp
import jwt
import msal
import pytest

from tests.teams_fake import METADATA, Claims, Moment, TeamsFake
from tests.teams_fake.conftest import School
from tests.teams_fake.entra import LOGIN
from tests.teams_fake.network import as_json
from tests.teams_fake.small_bot import SmallBot, address_of
from tests.teams_fake.tickets import SCOPE

SERVICE = "https://smba.trafficmanager.net/uk/tenant/"


@pytest.fixture
def right(teams: TeamsFake) -> Claims:
    """Return claims of which nothing is wrong."""
    return Claims(SERVICE, teams.app_id)


async def test_what_teams_sends_is_signed_with_a_published_key(teams: TeamsFake, bot: SmallBot, right: Claims) -> None:
    """The keys are found where the metadata say, each with its endorsements; the token says where to answer."""
    said = await bot.check(teams.keys.token(right))
    assert (said["serviceurl"], said["aud"]) == (SERVICE, teams.app_id)
    async with teams.network().session.get(METADATA) as answer:
        found = await answer.json()
    async with teams.network().session.get(found["jwks_uri"]) as answer:
        keys = (await answer.json())["keys"]
    assert [(key["kid"], key["endorsements"]) for key in keys] == [("key-1", ["msteams"]), ("key-2", ["msteams"])]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"issuer": "https://evil.example"}, jwt.InvalidIssuerError),
        ({"audience": "another app"}, jwt.InvalidAudienceError),
        ({"audience": None}, jwt.MissingRequiredClaimError),
        ({"expires_in": -1}, jwt.ExpiredSignatureError),
        ({"starts_in": 3600}, jwt.ImmatureSignatureError),
        ({"algorithm": "none"}, jwt.InvalidAlgorithmError),
        ({"algorithm": "HS256"}, jwt.InvalidAlgorithmError),
        ({"algorithm": "RS384"}, jwt.InvalidAlgorithmError),
    ],
)
async def test_every_claim_can_be_wrong(
    teams: TeamsFake, bot: SmallBot, right: Claims, wrong: dict[str, Any], error: type[Exception]
) -> None:
    """One at a time, and a careful check finds each."""
    with pytest.raises(error):
        await bot.check(teams.keys.token(replace(right, **wrong)))


async def test_a_stranger_cannot_sign(teams: TeamsFake, bot: SmallBot, right: Claims) -> None:
    """Another key under the name of the right one gives a wrong signature, one by its own name is not known."""
    with pytest.raises(jwt.InvalidSignatureError):
        await bot.check(teams.keys.token(replace(right, signed_by=teams.keys.stranger())))
    hidden = teams.keys.add(published=False)
    with pytest.raises(KeyError):
        await bot.check(teams.keys.token(replace(right, signed_by=hidden)))
    nameless = teams.keys.token(replace(right, kid=None))
    assert "kid" not in jwt.get_unverified_header(nameless)


async def test_a_token_that_uses_the_public_key_as_a_secret_is_really_signed_so(
    teams: TeamsFake, right: Claims
) -> None:
    """The old trick works on a careless check, so that a careful one has something to refuse."""
    forged = teams.keys.token(replace(right, algorithm="HS256"))
    assert jwt.get_unverified_header(forged)["alg"] == "HS256"
    assert len(forged.rpartition(".")[2]) == 43


async def test_keys_are_rotated(teams: TeamsFake, bot: SmallBot, right: Claims) -> None:
    """The new key is published at once, the old one until it is withdrawn."""
    old = teams.keys.current
    before = teams.keys.token(right)
    teams.keys.rotate()
    assert (await bot.check(before))["aud"] == teams.app_id
    assert (await bot.check(teams.keys.token(right)))["aud"] == teams.app_id
    teams.keys.withdraw(old)
    with pytest.raises(KeyError):
        await bot.check(before)


async def test_a_key_can_speak_for_another_channel(teams: TeamsFake, right: Claims) -> None:
    """Its endorsements say for which."""
    key = teams.keys.add(endorsements=("webchat",))
    published = {one["kid"]: one["endorsements"] for one in teams.keys.jwks()["keys"]}
    assert published[key.kid] == ["webchat"]
    token = teams.keys.token(replace(right, signed_by=key))
    assert jwt.get_unverified_header(token)["kid"] == key.kid


async def test_an_activity_can_be_sent_with_a_wrong_token_or_none(
    teams: TeamsFake, school: School, bot: SmallBot
) -> None:
    """The same activity, with whatever header a test gives it."""
    answer = await school.tess.writes("x")
    claims = replace(teams.claims(answer.activity), service_url="https://evil.example/")
    await teams.send(answer.activity, claims)
    assert (await bot.check(bot.tokens[-1]))["serviceurl"] == "https://evil.example/"
    await teams.send_with(answer.activity, "Bearer rubbish")
    assert (bot.tokens[-1], len(bot.heard)) == ("rubbish", 3)


async def test_entra_gives_a_token_for_the_secret(teams: TeamsFake, bot: SmallBot) -> None:
    """It opens the Bot Connector."""
    found = as_json(await bot.token())
    assert (found["token_type"], found["expires_in"]) == ("Bearer", 3599)
    reply = await bot.call(
        "GET", f"v3/teams/{next(iter(teams.world.tenants.values())).id}", token=found["access_token"]
    )
    assert reply.code == "ConversationNotFound"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"client_secret": "wrong"}, "AADSTS7000215"),
        ({"client_id": "another"}, "AADSTS700016"),
        ({"tenant": "nowhere"}, "AADSTS90002"),
        ({"scope": "https://graph.microsoft.com/.default"}, "AADSTS70011"),
        ({"grant_type": "password"}, "AADSTS70003"),
    ],
)
async def test_entra_refuses_in_its_own_words(bot: SmallBot, wrong: dict[str, str], code: str) -> None:
    """Each fault has its number; the secret is never repeated."""
    answer = await bot.token(**wrong)
    assert answer.status_code in (400, 401)
    assert as_json(answer)["error_description"].startswith(f"{code}: ")
    assert bot.fake.secret not in answer.text


async def test_msal_itself_gets_its_token(teams: TeamsFake) -> None:
    """Microsoft's own library, in a thread, with no request to anywhere else."""

    def acquire() -> dict[str, Any]:
        app = msal.ConfidentialClientApplication(
            teams.app_id,
            client_credential=teams.secret,
            authority=f"{LOGIN}/{teams.tenant_id}",
            http_client=teams.network().http_client,
        )
        first = app.acquire_token_for_client([SCOPE])
        again = app.acquire_token_for_client([SCOPE])
        return {"same": first["access_token"] == again["access_token"], **first}

    found = await asyncio.to_thread(acquire)
    assert found["same"]
    assert found["access_token"] in teams.tickets.issued
    assert teams.network().attempts == []
    assert len(teams.calls_of("token")) == 1


async def test_the_connector_takes_only_tokens_that_hold(teams: TeamsFake, school: School, bot: SmallBot) -> None:
    """None, one of somebody's own making, one that was revoked or is over: all the same 401."""
    path = f"{address_of(school.chat)}/members"
    ticket = teams.tickets.new()
    assert (await bot.call("GET", path, token=ticket.value)).status == 200
    ticket.expires_at = teams.tickets.now()
    late = teams.tickets.new()
    revoked = [await bot.call("GET", path, token=ticket.value)]
    teams.tickets.revoke()
    revoked += [await bot.call("GET", path, token=one) for one in ("", "made-up", late.value)]
    assert [one.status for one in revoked] == [401] * 4
    assert "Authorization has been denied" in revoked[0].body["message"]


async def test_an_app_of_one_tenant_does_nothing_in_another(teams: TeamsFake, bot: SmallBot) -> None:
    """It is registered in its own alone."""
    other = teams.tenant("Another school", "another")
    person = other.add_user("Otto Other")
    teams.install(person)
    chat = other.chat_with_bot(person)
    headers = {"Authorization": f"Bearer {teams.tickets.new().value}"}
    url = f"{other.service_url}{address_of(chat)}/activities"
    async with teams.network().session.post(url, json={"type": "message", "text": "x"}, headers=headers) as answer:
        assert answer.status == 401


async def test_the_places_of_tokens_and_keys_can_fail(teams: TeamsFake, bot: SmallBot, right: Claims) -> None:
    """A server error, a broken connection; afterwards all is as before."""
    teams.faults.crash("token", status=503)
    assert (await bot.token()).status_code == 503
    teams.faults.drop("token", Moment.BEFORE)
    with pytest.raises(OSError, match=r"closed|reset|EOF|Remote"):
        await bot.token()
    assert (await bot.token()).status_code == 200
    teams.faults.crash("keys")
    with pytest.raises(aiohttp.ContentTypeError):
        await bot.check(teams.keys.token(right))
    assert (await bot.check(teams.keys.token(right)))["aud"] == teams.app_id


async def test_the_place_of_the_keys_can_hang(teams: TeamsFake, bot: SmallBot, right: Claims) -> None:
    """Whoever asks waits until a test lets it go on."""
    held = teams.faults.hang("openid")
    checking = asyncio.create_task(bot.check(teams.keys.token(right)))
    await held.arrived()
    assert not checking.done()
    held.release()
    assert (await checking)["aud"] == teams.app_id
