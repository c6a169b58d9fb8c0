"""What anybody on the network can throw at the Teams address: it is turned away, and nothing comes of it."""

import asyncio
import gzip
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from adapters.bootstrap import Signpost
from adapters.teams.notes import note
from bot.escalation.errors import UndeliverableError
from tests.scenario.siege import says_no_words
from tests.scenario.teams_siege import JSON, TeamsSiege, as_bytes, besieged
from tests.scenario.teams_world import TENANT, Served, bot_said, user_id
from tests.teams_fake import guid

pytestmark = pytest.mark.asyncio(loop_scope="module")

Wrong = Callable[[TeamsSiege], dict[str, Any]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def siege(teams_school: Signpost, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TeamsSiege]:
    """Serve the school to whoever comes."""
    async with besieged(teams_school, tmp_path_factory.mktemp("siege")) as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_is_logged(siege: TeamsSiege, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Look after every test whether the log holds what was sent, or a traceback."""
    for name in (None, "signpost", "aiohttp", "asyncio", "botbuilder", "msrest"):
        caplog.set_level(logging.DEBUG, name)
    caplog.set_level(logging.INFO, "aiosqlite")  # it writes out what it stores, ids and what is encrypted
    siege.look()
    yield
    assert says_no_words(caplog)
    assert [one for one in caplog.records if one.exc_info] == []


# ---- Tokens (RS-31) --------------------------------------------------------------------------------------------------

OTHER = "https://smba.trafficmanager.net/emea/"
WRONG: dict[str, Wrong] = {
    "for another app": lambda _: {"audience": guid("another app")},
    "for nobody": lambda _: {"audience": None},
    "for several": lambda siege: {"more": {"aud": [siege.teams.app_id, "other"]}},
    "of another issuer": lambda _: {"issuer": "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"},
    "of the tenant": lambda siege: {"issuer": f"https://sts.windows.net/{siege.teams.tenant_id}/"},
    "of nobody": lambda _: {"issuer": None},
    "expired": lambda _: {"expires_in": -301},
    "without an end": lambda _: {"expires_in": None},
    "not yet good": lambda _: {"starts_in": 301},
    "unsigned": lambda _: {"algorithm": "none"},
    "signed with the public key as a secret": lambda _: {"algorithm": "HS256"},
    "signed in another way": lambda _: {"algorithm": "RS384"},
    "signed by a stranger": lambda siege: {"signed_by": siege.teams.keys.stranger()},
    "signed with a key that is not published": lambda siege: {"signed_by": siege.teams.keys.add(published=False)},
    "signed with a key for other channels": lambda siege: {"signed_by": siege.teams.keys.add(endorsements=("slack",))},
    "of a key without a name": lambda _: {"kid": None},
    "of a key that leads elsewhere": lambda _: {"kid": "https://evil.example/keys"},
    "for another address": lambda _: {"service_url": OTHER},
    "for no address": lambda _: {"service_url": None},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
async def test_a_bad_token_opens_nothing(siege: TeamsSiege, wrong: Wrong) -> None:
    """RS-31: 401, nothing written, nothing sent, whatever is wrong with it."""
    assert await siege.sends(siege.concern(), **wrong(siege)) == 401
    assert siege.is_untouched()


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Bearer a.b.c", "Bearer ..", "Basic eDp5", "Bearer " + "x" * 4_000, "null", "é"],
)
async def test_what_is_no_token_opens_nothing(siege: TeamsSiege, header: str | None) -> None:
    """RS-31: 401, and never a traceback."""
    assert (await siege.teams.endpoint.post(siege.concern(), header)).status == 401
    assert siege.is_untouched()


async def test_a_token_of_which_one_sign_is_changed_opens_nothing(siege: TeamsSiege) -> None:
    """RS-31: in its head, in what it says, or in its signature."""
    asked = siege.concern()
    good = siege.bearer(asked)
    for place in range(len("Bearer "), len(good) - 1, 29):
        if good[place] == ".":
            continue
        changed = good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]
        assert (await siege.teams.endpoint.post(asked, changed)).status == 401, place
    assert siege.is_untouched()


async def test_of_two_tokens_none_counts(siege: TeamsSiege) -> None:
    """RS-31: nobody can say which was meant."""
    asked = siege.concern()
    good, bad = siege.bearer(asked), siege.bearer(asked, audience="x")
    async with ClientSession() as session:
        for pair in ((good, bad), (bad, good), (good, good)):
            headers = [("Content-Type", "application/json"), *(("Authorization", one) for one in pair)]
            async with session.post(siege.teams.endpoint.url, data=as_bytes(asked), headers=headers) as answer:
                assert answer.status == 401
    assert siege.is_untouched()


@pytest.mark.parametrize("channel", ["emulator", "webchat", "directline", "slack", "", None, 7, ["msteams"], "MSTEAMS"])
async def test_what_comes_of_another_channel_opens_nothing(siege: TeamsSiege, channel: object) -> None:
    """RS-31: the Bot Connector speaks for other channels too, and none of them is Teams."""
    assert await siege.sends(siege.concern() | {"channelId": channel}) == 401
    assert siege.is_untouched()


# ---- Keys (RS-32) ----------------------------------------------------------------------------------------------------


async def test_the_next_message_after_a_new_key_is_answered(siege: TeamsSiege) -> None:
    """RS-32: Microsoft rotates its keys without a word; nobody notices."""
    tess = siege.world.person("teacher")
    siege.world.pass_by(timedelta(minutes=2))
    siege.teams.keys.rotate()
    before = len(bot_said(tess))
    assert (await tess.writes("can I friend a parent?")).acked
    assert len(bot_said(tess)) == before + 1


async def test_made_up_keys_have_microsoft_asked_once_a_minute(siege: TeamsSiege) -> None:
    """RS-32: however many come, and under however many names."""
    siege.world.pass_by(timedelta(minutes=2))
    for minute in (1, 2):
        before = len(siege.teams.calls_of("keys"))
        asked = [siege.sends(siege.concern(), kid=f"made-up-{minute}-{number}") for number in range(40)]
        assert set(await asyncio.gather(*asked)) == {401}
        assert len(siege.teams.calls_of("keys")) == before + 1
        siege.world.pass_by(timedelta(seconds=61))
    assert siege.is_untouched()


async def test_while_keys_cannot_be_had_others_are_answered(siege: TeamsSiege) -> None:
    """RS-32: a fetch that hangs holds up whoever shows an unknown key, and nobody whose key is known."""
    siege.world.pass_by(timedelta(minutes=2))
    held = siege.teams.faults.hang("openid")
    forged = asyncio.create_task(siege.sends(siege.concern(), kid="made-up"))
    await held.arrived()
    tess = siege.world.person("teacher")
    before = len(bot_said(tess))
    assert (await tess.writes("can I friend a parent?")).acked
    assert (len(bot_said(tess)), forged.done()) == (before + 1, False)
    held.release()
    assert await forged == 401


async def test_after_a_day_without_keys_the_last_good_ones_count(
    siege: TeamsSiege, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RS-32: where Microsoft's address hangs, it is waited for a moment, and whoever shows a known key is answered."""
    monkeypatch.setattr("adapters.teams.keys._PATIENCE_S", 0.05)
    siege.world.pass_by(timedelta(days=2))
    held = siege.teams.faults.hang("openid")
    tess = siege.world.person("teacher")
    before = len(bot_said(tess))
    asked = asyncio.create_task(tess.writes("can I friend a parent?"))
    await held.arrived()
    assert (await asked).acked
    assert len(bot_said(tess)) == before + 1
    held.release()


async def test_an_outage_of_the_keys_takes_nobodys_answer(siege: TeamsSiege) -> None:
    """RS-32: neither where they are, nor what they are, can be had."""
    tess = siege.world.person("teacher")
    for operation in ("openid", "keys"):
        siege.world.pass_by(timedelta(days=2))
        siege.teams.faults.crash(operation, 3, status=503)
        before = len(bot_said(tess))
        assert (await tess.writes("can I friend a parent?")).acked
        assert len(bot_said(tess)) == before + 1
        siege.teams.faults.clear()


# ---- Bodies ----------------------------------------------------------------------------------------------------------

DEEP = 50_000


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"7",
        b'"text"',
        b"[]",
        b"[{}]",
        b"{'type': 'message'}",
        b'{"type": "message"} {}',
        b"[" * DEEP,
        b'{"value":' * DEEP,
        b'{"value":' + b"[" * DEEP + b"]" * DEEP + b"}",
        b'{"value": ' + b"9" * 5_000 + b"}",
        b'{"text": "zebrafinch',
        b"\xff\xfe",
        b'{"text": "\xc3"}',
        b'{"text": "\xed\xa0\x80"}',
        json.dumps({"type": "message"}).encode("utf-16"),
        json.dumps({"type": "message"}).encode("utf-8-sig"),
    ],
    ids=range(19),
)
async def test_a_body_that_is_no_activity_is_refused(siege: TeamsSiege, body: bytes) -> None:
    """RS-31: 400, with the best of tokens."""
    assert await siege.post(body) == 400
    assert siege.is_untouched()


@pytest.mark.parametrize(
    "kind", [None, "", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "multipart/form-data"]
)
async def test_what_is_not_called_json_is_refused(siege: TeamsSiege, kind: str | None) -> None:
    """RS-31: 415."""
    asked = siege.concern()
    headers = {"Authorization": siege.bearer(asked)}
    async with ClientSession(skip_auto_headers=["Content-Type"]) as session:
        given = headers if kind is None else headers | {"Content-Type": kind}
        async with session.post(siege.teams.endpoint.url, data=as_bytes(asked), headers=given) as answer:
            assert answer.status == 415
    assert siege.is_untouched()


@pytest.mark.parametrize("packing", ["gzip", "deflate", "br", "zstd", "identity"])
async def test_nothing_packed_is_unpacked(siege: TeamsSiege, packing: str) -> None:
    """RS-31: Teams packs nothing, and a small body can hold a gigabyte."""
    asked = siege.concern()
    headers = {**JSON, "Authorization": siege.bearer(asked), "Content-Encoding": packing}
    for body in (gzip.compress(as_bytes(asked)), as_bytes(asked), gzip.compress(b"\0" * 50_000_000, 1)):
        assert await siege.post(body, headers) == 415
    assert siege.is_untouched()


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 1_200_000])
async def test_a_body_that_is_too_large_is_refused(siege: TeamsSiege, size: int) -> None:
    """RS-31: 413, signed or not."""
    asked = siege.concern()
    body = as_bytes(asked | {"text": "x" * (size - len(as_bytes(asked | {"text": ""})))})
    assert len(body) == size
    assert await siege.post(body) == 413
    assert await siege.post(body, JSON) == 413
    assert siege.is_untouched()


ENDLESS = ("<at>", "<at ", "<", "<blockquote", '<span class="inline-compose-card">', "&lt;at&gt;", "<br", "</at>")


@pytest.mark.parametrize("piece", [*ENDLESS, '<a itemtype="http://schema.skype.com/Reply" '])
async def test_markup_that_never_ends_holds_nobody_up(siege: TeamsSiege, piece: str) -> None:
    """Most of a megabyte of it, in what is typed and in what is quoted, is read once, and answered."""
    tess = siege.world.person("teacher")
    endless = piece * (400_000 // len(piece))
    quoted = [{"contentType": "text/html", "content": endless}]
    asked = siege.concern(attachments=quoted) | {"text": endless, "textFormat": "xml"}
    before = len(bot_said(tess))
    async with asyncio.timeout(60):
        headers = {**JSON, "Authorization": siege.bearer(asked)}
        assert await siege.post(as_bytes(asked), headers) == 200
    assert len(bot_said(tess)) == before + 1


# ---- Addresses (RS-33) -----------------------------------------------------------------------------------------------

HOSTILE = [
    "https://evil.example/",
    "https://evil.trafficmanager.net/uk/",
    "https://smba.trafficmanager.net.evil.example/",
    "https://smba.trafficmanager.net@evil.example/",
    "https://evil.example#smba.trafficmanager.net",
    "https://evil.example/?smba.trafficmanager.net",
    "https://evil.example\\smba.trafficmanager.net/",
    "https://smba.trafficmanager.net:8443/uk/",
    "https://smba.trafficmanager.net./uk/",
    "https://smba%2etrafficmanager.net/",
    "http://smba.trafficmanager.net/uk/",
    "ftp://smba.trafficmanager.net/",
    "//smba.trafficmanager.net/",
    "smba.trafficmanager.net",
    "https://botframework.com/",
    "https://evilbotframework.com/",
    "https://botframework.com.evil.example/",
    "https://127.0.0.1/",
    "https://localhost:3978/",
    "https://[::1]/",
    "https://[::ffff:169.254.169.254]/",
    "http://169.254.169.254/latest/meta-data/",
    "https://10.0.0.7/",
    "https://0x7f000001/",
    "https://2130706433/",
    "https://smba.trafficmanager.net/uk/../../evil",
    "https://smba.trafficmanager.net/uk/\r\nHost: evil.example",
    "https://ѕmba.trafficmanager.net/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    " https://smba.trafficmanager.net/",
    "",
]


@pytest.mark.parametrize("url", HOSTILE)
async def test_nothing_is_sent_to_an_address_that_is_not_microsofts(siege: TeamsSiege, url: str) -> None:
    """RS-33: however well it was signed, for that very address; no connection is begun, and no token leaves."""
    assert await siege.sends(siege.concern() | {"serviceUrl": url}) in {401, 403}
    assert siege.is_untouched()


@pytest.mark.parametrize("url", [None, 7, [], {}, ["https://smba.trafficmanager.net/"], "x" * 3_000])
async def test_what_is_no_address_is_none(siege: TeamsSiege, url: object) -> None:
    """RS-33: nor one that is missing."""
    assert await siege.sends(siege.concern() | {"serviceUrl": url}, service_url=url) in {401, 403}
    assert siege.is_untouched()


@pytest.mark.parametrize("url", HOSTILE)
async def test_an_address_that_was_kept_is_checked_when_it_is_used(siege: TeamsSiege, url: str) -> None:
    """RS-33: whoever got it into the store, the tenant and the DSL's chat lead nowhere else."""
    world, kept = siege.world, siege.world.parts.store.kept
    kinds = ("teams-home", "teams-chat")
    before = {kind: list(await kept.all(kind)) for kind in kinds}
    for kind in kinds:
        for written in before[kind]:
            await _put(world, kind, json.loads(written) | {"service_url": url})
    chat = {"tenant": TENANT, "user": user_id("dsl"), "conversation": "a:1", "service_url": url}
    await _put(world, "teams-chat", chat)
    await world.side.reach.tenants.places.load()
    calls = len(world.teams.calls)
    message = note("A sentence.")
    with pytest.raises(UndeliverableError):
        await world.side.reach.channel.tell(TENANT, user_id("dsl"), message)
    with pytest.raises(UndeliverableError):
        await world.side.reach.channel.post_in(TENANT, world.at.safe.id, message)
    assert (world.teams.network().attempts, len(world.teams.calls)) == ([], calls)
    for kind in kinds:
        for written in before[kind]:
            await _put(world, kind, json.loads(written))
    await world.side.reach.tenants.places.load()


async def _put(world: Served, kind: str, record: dict[str, str]) -> None:
    keys = [record[name] for name in ("tenant", "user") if name in record]
    await world.parts.store.kept.put(kind, "\n".join(keys), json.dumps(record))


# ---- What is taken ---------------------------------------------------------------------------------------------------


async def test_a_concern_that_was_signed_is_recorded(siege: TeamsSiege) -> None:
    """What is turned away elsewhere in this file is turned away for what is wrong with it, and for nothing else."""
    assert await siege.sends(siege.concern(text="a child told me her dad hits her")) == 200
    assert len(await siege.world.escalations()) == 1
    assert not siege.is_untouched()
