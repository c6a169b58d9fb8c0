"""Calls of the Bot Connector through the SDK's client: plain JSON out and in, and what becomes of failures (RS-36)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest

from adapters.teams.connection import Connection, Json, Spot
from adapters.teams.sdk import Access, BotFramework
from adapters.teams.service_urls import ServiceUrls
from bot.escalation.errors import ChannelDownError, EscalationError, ThrottledError, UndeliverableError
from tests.adapters.teams.auth_world import APP_ID, OUTBOUND, TENANT_ID, AuthWorld, Connector, Said, auth_world
from tests.teams_fake.certificates import trust_for

CARD = {
    "type": "message",
    "summary": "An answer from Signpost",
    "attachments": [
        {
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {"type": "AdaptiveCard", "version": "1.5", "refresh": {"userIds": ["29:x"]}, "body": []},
        }
    ],
    "entities": [{"type": "mention", "mentioned": {"id": "29:x"}, "text": "<at>x</at>"}],
    "channelData": {"notification": {"alert": True}, "feedbackLoop": {"type": "default"}},
    "somethingNew": {"nobody": ["knows", None, 1.5, False]},
}
TEAM = "19:general@thread.tacv2"


@pytest.fixture
async def world() -> AsyncIterator[AuthWorld]:
    """Return the SDK's module before a connector."""
    async with auth_world() as made:
        yield made


def every_call(world: AuthWorld) -> dict[str, Callable[[], Awaitable[object]]]:
    """Return each call there is, by its name."""
    framework: Connection = world.framework
    spot, url = world.connector.spot, world.connector.url
    return {
        "send": lambda: framework.send(spot, CARD),
        "send beneath": lambda: framework.send(spot, CARD, beneath="5"),
        "update": lambda: framework.update(spot, "5", CARD),
        "begin": lambda: framework.begin(url, {"bot": {"id": "28:x"}}),
        "begin with a post": lambda: framework.begin(url, {"activity": CARD}),
        "member": lambda: framework.member(spot, "29:x"),
        "members": lambda: framework.members(spot),
        "channels": lambda: framework.channels(url, TEAM),
        "team": lambda: framework.team(url, TEAM),
    }


POSTING = ("send", "send beneath", "update", "begin with a post")
CALLS = (*POSTING, "begin", "member", "members", "channels", "team")


async def fails(world: AuthWorld, name: str) -> EscalationError:
    """Return how a call fails."""
    with pytest.raises(EscalationError) as caught:
        await every_call(world)[name]()
    return caught.value


async def test_a_message_is_posted_as_it_stands(world: AuthWorld) -> None:
    """The SDK's models would lose the fields they do not know; its id comes back."""
    assert await world.framework.send(world.connector.spot, CARD) == "1700000000001"
    call = world.connector.calls[0]
    assert (call.method, call.body) == ("POST", CARD)
    assert call.path == f"/uk/{TENANT_ID}/v3/conversations/a%3Apersonal/activities"


async def test_an_answer_names_what_it_answers(world: AuthWorld) -> None:
    """In the address and in the activity."""
    await world.framework.send(world.connector.spot, CARD, beneath="1700000000000")
    call = world.connector.calls[0]
    assert call.path.endswith("/v3/conversations/a%3Apersonal/activities/1700000000000")
    assert call.body == {**CARD, "replyToId": "1700000000000"}
    assert "replyToId" not in CARD


async def test_a_card_is_put_in_place_of_another(world: AuthWorld) -> None:
    """Under the id that it has."""
    world.connector.next = [Said(200, {})]
    await world.framework.update(world.connector.spot, "1700000000001", CARD)
    call = world.connector.calls[0]
    assert (call.method, call.body) == ("PUT", {**CARD, "id": "1700000000001"})
    assert call.path.endswith("/v3/conversations/a%3Apersonal/activities/1700000000001")


async def test_a_conversation_is_begun(world: AuthWorld) -> None:
    """With somebody, or in a channel with its first message."""
    world.connector.next = [Said(201, {"id": "a:new"}), Said(201, {"id": "19:c;messageid=7", "activityId": "7"})]
    asked = {"members": [{"id": "29:x"}], "tenantId": TENANT_ID, "channelData": {"tenant": {"id": TENANT_ID}}}
    assert await world.framework.begin(world.connector.url, asked) == ("a:new", "")
    assert await world.framework.begin(world.connector.url, {"activity": CARD}) == ("19:c;messageid=7", "7")
    assert [call.body for call in world.connector.calls] == [asked, {"activity": CARD}]
    assert {call.path for call in world.connector.calls} == {f"/uk/{TENANT_ID}/v3/conversations"}


async def test_a_member_has_every_field(world: AuthWorld) -> None:
    """As Teams gives it: the SDK knows neither `userPrincipalName` in all places, nor what comes next."""
    someone = {"id": "29:x", "aadObjectId": "o", "userPrincipalName": "a@b.example", "userRole": "user", "new": [1]}
    world.connector.next = [Said(200, someone)]
    assert await world.framework.member(world.connector.spot, "o") == someone
    assert world.connector.calls[0].path.endswith("/v3/conversations/a%3Apersonal/members/o")
    assert (world.connector.calls[0].method, world.connector.calls[0].body) == ("GET", None)


async def test_the_members_are_all_of_them(world: AuthWorld) -> None:
    """Page after page, each with the mark that Teams gave."""
    world.connector.next = [
        Said(200, {"members": [{"id": "1"}, {"id": "2"}], "continuationToken": "next page&=/+"}),
        Said(200, {"members": [], "continuationToken": "third"}),
        Said(200, {"members": [{"id": "3"}], "continuationToken": None}),
    ]
    assert await world.framework.members(world.connector.spot) == [{"id": "1"}, {"id": "2"}, {"id": "3"}]
    asked = [call.path.rpartition("/")[2] for call in world.connector.calls]
    assert asked == [
        "pagedmembers?pageSize=500",
        "pagedmembers?pageSize=500&continuationToken=next%20page%26%3D%2F%2B",
        "pagedmembers?pageSize=500&continuationToken=third",
    ]


@pytest.mark.parametrize(
    "pages",
    [
        [Said(200, {"members": [{"id": "1"}], "continuationToken": f"page {number}"}) for number in range(500)],
        [Said(200, {"members": [{"id": "1"}], "continuationToken": "x"}), Said(404, {})],
        [Said(200, {"members": [{"id": "1"}], "continuationToken": "x"}), Said(200, {"continuationToken": ""})],
        [Said(200, {"members": None})],
        [Said(200, {"members": ["29:x"]})],
        [Said(200, {})],
        [Said(200, "<html>a page of the network</html>")],
    ],
)
async def test_some_members_are_never_taken_for_all(pages: list[Said], world: AuthWorld) -> None:
    """Who reads in a channel must be known whole, or not at all."""
    world.connector.next = list(pages)
    with pytest.raises(EscalationError):
        await world.framework.members(world.connector.spot)
    assert len(world.connector.calls) <= 100


async def test_a_list_that_goes_round_is_left(world: AuthWorld) -> None:
    """As soon as a mark comes again."""
    world.connector.next = [Said(200, {"members": [{"id": "1"}], "continuationToken": "round"})] * 50
    assert isinstance(await fails(world, "members"), ChannelDownError)
    assert len(world.connector.calls) == 2


async def test_a_team_and_its_channels_have_every_field(world: AuthWorld) -> None:
    """The kind of a channel and the Entra id of a team among them."""
    channel = {"id": "19:c@thread.tacv2", "name": "Safeguarding", "type": "private", "new": {"a": 1}}
    team = {"id": TEAM, "name": "Staff", "aadGroupId": "g", "channelCount": 2, "new": []}
    world.connector.next = [Said(200, {"conversations": [channel]}), Said(200, team)]
    assert await world.framework.channels(world.connector.url, TEAM) == [channel]
    assert await world.framework.team(world.connector.url, TEAM) == team
    paths = [call.path.partition("/v3/")[2] for call in world.connector.calls]
    assert paths == ["teams/19%3Ageneral%40thread.tacv2/conversations", "teams/19%3Ageneral%40thread.tacv2"]


@pytest.mark.parametrize(
    ("conversation", "path"),
    [
        ("19:c@thread.tacv2;messageid=17", "19%3Ac%40thread.tacv2%3Bmessageid%3D17"),
        ("../../evil", "..%2F..%2Fevil"),
        ("a/b?c#d", "a%2Fb%3Fc%23d"),
        ("a%2Fb", "a%252Fb"),
        ("a b\t", "a%20b%09"),
        ("ä\ud83d", "%C3%A4%3F"),
    ],
)
async def test_an_id_leads_nowhere_else(conversation: str, path: str, world: AuthWorld) -> None:
    """Whatever it holds, it stays one step of the address."""
    await world.framework.send(Spot(world.connector.url, conversation), CARD)
    assert world.connector.calls[0].path == f"/uk/{TENANT_ID}/v3/conversations/{path}/activities"


@pytest.mark.parametrize("bad", ["", ".", ".."])
async def test_what_is_no_id_is_never_sent(bad: str, world: AuthWorld) -> None:
    """It would be a step up, or another call altogether."""
    spot = Spot(world.connector.url, bad)
    for call in (
        world.framework.send(spot, CARD),
        world.framework.send(world.connector.spot, CARD, beneath=bad),
        world.framework.update(world.connector.spot, bad, CARD),
        world.framework.member(world.connector.spot, bad),
        world.framework.team(world.connector.url, bad),
    ):
        with pytest.raises(UndeliverableError):
            await call
    assert world.connector.calls == []


async def test_every_letter_arrives(world: AuthWorld) -> None:
    """As UTF-8, unescaped; half a character, which no text should have, stops nothing."""
    text = 'café £5 "quoted" <at>everyone</at> \U0001f9ed\u202e\x00 a\u2028b'
    await world.framework.send(world.connector.spot, {"type": "message", "text": text + "\ud83d"})
    call = world.connector.calls[0]
    assert call.body["text"] == text + "?"
    assert "charset=utf-8" in call.headers["Content-Type"]
    assert int(call.headers["Content-Length"]) < 100


@pytest.mark.parametrize("name", CALLS)
async def test_every_call_is_signed_and_says_who_calls(name: str, world: AuthWorld) -> None:
    """With the token of our tenant."""
    world.connector.next = [Said(200, {"id": "1", "members": [], "conversations": []})]
    await every_call(world)[name]()
    assert [call.authorization for call in world.connector.calls] == [f"Bearer {OUTBOUND}"]
    assert world.connector.calls[0].headers["User-Agent"] == "signpost-bot"


async def test_in_development_no_call_is_signed() -> None:
    """There is nothing to sign with."""
    async with auth_world(authenticated=False) as world:
        world.outbound.value = ""
        await world.framework.send(world.connector.spot, CARD)
        assert world.connector.calls[0].authorization is None


@pytest.mark.parametrize("name", CALLS)
async def test_a_token_that_is_refused_is_replaced_once(name: str, world: AuthWorld) -> None:
    """Nothing was done, so the call is made again; a second refusal is no fault of the address (RS-36)."""
    well = Said(200, {"id": "1", "members": [], "conversations": []})
    world.outbound.another = ["second", "third", "fourth"]
    world.connector.next = [Said(401, {}), well]
    await every_call(world)[name]()
    assert [call.authorization for call in world.connector.calls] == [f"Bearer {OUTBOUND}", "Bearer second"]
    assert world.connector.calls[0].body == world.connector.calls[1].body
    world.connector.next = [Said(401, {}), Said(401, {"error": {"code": "Unauthorized", "message": "x"}}), well]
    assert isinstance(await fails(world, name), ChannelDownError)


async def test_where_no_other_token_is_to_be_had_a_refusal_is_one(world: AuthWorld) -> None:
    """It is not asked for ever."""
    world.connector.next = [Said(401, {})]
    assert isinstance(await fails(world, "send"), ChannelDownError)
    assert len(world.connector.calls) == 1


@pytest.mark.parametrize("name", CALLS)
async def test_each_failure_has_its_name(name: str, world: AuthWorld) -> None:
    """Too fast, a conflict, a server error, gone: in turn, and then it works again (RS-36)."""
    gone = Said(404, {"error": {"code": "ConversationNotFound", "message": "zebrafinch"}})
    well = Said(200, {"id": "1", "members": [], "conversations": []})
    world.connector.next = [Said(429, {}, {"Retry-After": "3"}), Said(502, "bad gateway"), Said(412, {}), gone, well]
    throttled = await fails(world, name)
    assert isinstance(throttled, ThrottledError)
    assert throttled.retry_after == 3.0
    gateway, conflict, lost = [await fails(world, name) for _ in range(3)]
    assert isinstance(gateway, ChannelDownError)
    assert gateway.in_doubt == (name in POSTING)
    assert isinstance(conflict, ChannelDownError)
    assert not conflict.in_doubt
    assert (type(lost), str(lost)) == (UndeliverableError, "ConversationNotFound")
    await every_call(world)[name]()
    assert len(world.connector.calls) == 5  # nothing is repeated here: the outbox does that, and tells of it


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(status: int, name: str, world: AuthWorld) -> None:
    """Neither what is sent nor the token goes elsewhere (RS-33)."""
    async with Connector().running() as elsewhere:
        world.connector.next = [Said(status, "", {"Location": f"{elsewhere.url}x"})]
        assert isinstance(await fails(world, name), ChannelDownError)
        assert elsewhere.calls == []
        assert all(elsewhere.base not in url for url in world.wires.reached)


@pytest.mark.parametrize("name", CALLS)
async def test_a_call_that_hangs_is_given_up(name: str, world: AuthWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """In time to answer whoever waits; what was to be posted may stand there (RS-35)."""
    monkeypatch.setattr("adapters.teams.sdk._PATIENCE", aiohttp.ClientTimeout(total=0.1))
    world.connector.gate.clear()
    down = await fails(world, name)
    assert isinstance(down, ChannelDownError)
    assert down.in_doubt == (name in POSTING)


async def test_one_slow_call_holds_up_no_other(world: AuthWorld) -> None:
    """Others go out and come back in the meantime."""
    world.connector.gate.clear()
    slow = asyncio.create_task(world.framework.send(world.connector.spot, CARD))
    async with Connector().running() as other:
        for _ in range(20):
            assert await world.framework.send(other.spot, CARD)
    assert not slow.done()
    world.connector.gate.set()
    assert await slow == "1700000000001"


async def test_only_a_trusted_certificate_will_do(world: AuthWorld) -> None:
    """With anybody else's nothing is sent, the token included."""
    trust = trust_for("localhost")
    async with (
        Connector().running(trust.server) as secured,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust.client())) as trusting,
    ):
        with pytest.raises(ChannelDownError, match="Certificate") as caught:
            await world.framework.send(secured.spot, CARD)
        assert not caught.value.in_doubt
        assert secured.calls == []
        access, urls = Access(APP_ID, TENANT_ID), ServiceUrls(loopback=True)
        assert await BotFramework(access, None, world.outbound, urls, trusting).send(secured.spot, CARD)


async def test_where_nobody_listens_nothing_was_done(world: AuthWorld) -> None:
    """A network that is down leaves nothing in doubt."""
    async with Connector().running() as gone:
        spot = gone.spot
    with pytest.raises(ChannelDownError) as caught:
        await world.framework.send(spot, CARD)
    assert not caught.value.in_doubt


@pytest.mark.parametrize("error", [ChannelDownError("Microsoft is down"), UndeliverableError("TEAMS_APP_PASSWORD")])
async def test_without_a_token_nothing_is_sent(error: EscalationError, world: AuthWorld) -> None:
    """The fault is that of the token and of no address, so what was to be sent waits; nothing is in doubt."""

    async def none() -> str:
        raise error

    world.outbound.get = none  # type: ignore[method-assign]  # the token's own fault
    found = await fails(world, "send")
    assert (str(found), type(found)) == (str(error), ChannelDownError)
    assert world.connector.calls == []


@pytest.mark.parametrize("body", ["", "ok", "[]", "{}", '{"id": null}', '{"id": ""}'])
async def test_a_message_without_an_id_stands_there_all_the_same(body: str, world: AuthWorld) -> None:
    """Teams gives none for a typing sign, for one."""
    world.connector.next = [Said(200, body)]
    assert await world.framework.send(world.connector.spot, {"type": "typing"}) == ""


@pytest.mark.parametrize("parameters", [{}, {"activity": CARD}])
async def test_a_conversation_without_an_id_is_none(parameters: Json, world: AuthWorld) -> None:
    """Nothing could be sent to it; a first message may stand there."""
    world.connector.next = [Said(201, {"activityId": "7"})]
    with pytest.raises(ChannelDownError) as caught:
        await world.framework.begin(world.connector.url, parameters)
    assert caught.value.in_doubt == ("activity" in parameters)
