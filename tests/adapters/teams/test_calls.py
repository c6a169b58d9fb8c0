"""What can go wrong with a call of the Bot Connector, in the words of escalating, and in nobody else's (RS-36)."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.test_utils import TestServer

from adapters.teams.calls import Answer, outcome, translated, whole
from bot.escalation.errors import ChannelDownError, EscalationError, ThrottledError, UndeliverableError

WORDS = "zebrafinch"


def answered(status: int, code: Any = None, **headers: str) -> Answer:
    """Return an answer of Teams', with its error as it writes one."""
    body = {"error": {"code": code, "message": f"about {WORDS}"}}
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(body).encode())


def refused(answer: Answer, *, posts: bool = True) -> EscalationError:
    """Return what an answer is turned into; it holds no words of the server's."""
    with pytest.raises(EscalationError) as caught:
        outcome(answer, posts=posts)
    assert WORDS not in f"{caught.value!r}"
    return caught.value


def broken(error: Exception, *, posts: bool = True) -> EscalationError:
    """Return what an error on the way is turned into; nothing of it stays."""
    with pytest.raises(EscalationError) as caught, translated(posts=posts):
        raise error
    assert WORDS not in f"{caught.value!r}"
    assert caught.value.__suppress_context__
    return caught.value


def test_a_refused_token_is_no_fault_of_the_address() -> None:
    """Whoever is to be told is told once the token is mended."""
    answer = Answer(401, {}, b'{"error": {"code": "Unauthorized"}}')
    with pytest.raises(ChannelDownError):
        outcome(answer, posts=True)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (403, "BotNotInConversationRoster"),
        (403, "ForbiddenOperationException"),
        (403, "MessageWritesBlocked"),
        (404, "ConversationNotFound"),
        (404, "ActivityNotFoundInConversation"),
        (413, "MessageSizeTooBig"),
        (400, "BadSyntax"),
        (405, "MethodNotAllowed"),
    ],
)
def test_what_teams_refuses_is_never_tried_again(status: int, code: str) -> None:
    """The way on is the fallback; Teams' own code says why (RS-36)."""
    error = refused(answered(status, code))
    assert (type(error), str(error)) == (UndeliverableError, code)


@pytest.mark.parametrize("code", [None, 7, "", "two words", "zebra-finch", "x" * 65, ["ServiceError"], "Kodë"])
def test_a_code_that_is_none_is_named_by_the_status(code: Any) -> None:
    """A sentence in its place could hold what somebody wrote."""
    assert str(refused(answered(403, code))) == "Teams refuses it (403)"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b"null", b'{"error": "no"}', b'"x"', b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_error_of_teams_does_no_harm(body: bytes) -> None:
    """Something on the way may answer in its place."""
    assert str(refused(Answer(404, {}, body))) == "Teams refuses it (404)"


def test_an_error_that_stands_alone_is_read_too() -> None:
    """Some parts of the connector leave out the envelope."""
    assert str(refused(Answer(403, {}, b'{"code": "BotDisabledByAdmin"}'))) == "BotDisabledByAdmin"


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
def test_a_server_error_is_tried_again_and_in_doubt(status: int) -> None:
    """It may have been done before the error (RS-36)."""
    error = refused(answered(status))
    assert isinstance(error, ChannelDownError)
    assert (error.in_doubt, str(error)) == (True, f"Teams fails ({status})")


@pytest.mark.parametrize("status", [408, 412, 425])
def test_a_conflict_is_tried_again_and_not_in_doubt(status: int) -> None:
    """Teams did nothing; 412 is one of those that RS-36 names."""
    error = refused(answered(status, "PreconditionFailed"))
    assert isinstance(error, ChannelDownError)
    assert not error.in_doubt


@pytest.mark.parametrize("status", [500, 502, 504])
def test_what_only_reads_is_never_in_doubt(status: int) -> None:
    """Nothing of ours can have arrived by it, so nothing is marked as sent again."""
    error = refused(answered(status), posts=False)
    assert isinstance(error, ChannelDownError)
    assert not error.in_doubt


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_outage(status: int) -> None:
    """A filter on the school's network may do that for a while; nothing has arrived."""
    error = refused(Answer(status, {"Location": f"https://evil.example/{WORDS}"}, b""))
    assert isinstance(error, ChannelDownError)
    assert not error.in_doubt


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("7", 7.0),
        (" 12 ", 12.0),
        ("1.5", 1.5),
        ("0", 1.0),
        ("99999999", 600.0),
        ("9" * 400, 10.0),
        ("", 10.0),
        ("soon", 10.0),
        ("-3", 10.0),
        ("nan", 10.0),
        ("inf", 10.0),
        ("1e3", 10.0),
        ("٣", 10.0),
        ("Mon, 14 Sep 2026 07:40:30 GMT", 30.0),
        ("Mon, 14 Sep 2026 07:39:00 GMT", 1.0),
        ("Mon, 99 Sep 2026 07:40:30 GMT", 10.0),
        ("Mon, 14 Sep 2026 07:40:30 -0000", 10.0),
    ],
)
def test_it_waits_as_long_as_teams_says_within_reason(given: str, seconds: float) -> None:
    """A number, or a date by the server's own clock; one that is absurd neither hurries nor stops anything (RS-36)."""
    error = refused(answered(429, Retry_After=given, Date="Mon, 14 Sep 2026 07:40:00 GMT"))
    assert isinstance(error, ThrottledError)
    assert error.retry_after == seconds


@pytest.mark.parametrize("headers", [{}, {"Retry_After": "Mon, 14 Sep 2026 07:40:30 GMT"}])
def test_being_too_fast_without_a_time_waits_a_while(headers: dict[str, str]) -> None:
    """Also where a date comes without the server's own."""
    error = refused(answered(429, **headers))
    assert isinstance(error, ThrottledError)
    assert error.retry_after == 10.0


@pytest.mark.parametrize("status", [412, 503])
def test_what_says_when_to_try_again_is_believed(status: int) -> None:
    """Nothing was done there either (RS-36)."""
    error = refused(answered(status, retry_after="4"))
    assert isinstance(error, ThrottledError)
    assert error.retry_after == 4.0


@pytest.mark.parametrize("status", [502, 504])
def test_a_time_does_not_take_the_doubt_away(status: int) -> None:
    """Behind a gateway it may have been done, whatever is said."""
    error = refused(answered(status, Retry_After="4"))
    assert isinstance(error, ChannelDownError)
    assert error.in_doubt


@pytest.mark.parametrize("status", [200, 201, 202])
def test_what_a_call_gave_is_returned_whole(status: int) -> None:
    """No field is lost, whatever its name."""
    given = {"id": "1", "unknown": {"deep": [1, None, "x"]}}
    assert outcome(Answer(status, {}, json.dumps(given).encode()), posts=True) == given


@pytest.mark.parametrize("body", [b"", b"ok", b"[]"])
def test_a_post_that_was_taken_stands_there_whatever_is_said(body: bytes) -> None:
    """To take it for a failure would post it twice."""
    assert outcome(Answer(200, {}, body), posts=True) == {}


@pytest.mark.parametrize("body", [b"", b"<html>a page of the network</html>", b"[]"])
def test_what_was_asked_and_cannot_be_read_is_an_outage(body: bytes) -> None:
    """An empty list of members would be a lie."""
    error = refused(Answer(200, {}, body), posts=False)
    assert isinstance(error, ChannelDownError)
    assert not error.in_doubt


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(WORDS),
        aiohttp.ServerDisconnectedError(WORDS),
        aiohttp.ClientPayloadError(WORDS),
        aiohttp.ServerTimeoutError(WORDS),
        ConnectionResetError(WORDS),
        ValueError(WORDS),
    ],
)
def test_a_call_that_broke_off_may_have_done_its_work(error: Exception) -> None:
    """What was posted may stand there; what was only read does not matter."""
    down = broken(error)
    assert isinstance(down, ChannelDownError)
    assert (down.in_doubt, str(down)) == (True, f"Teams does not answer ({type(error).__name__})")
    read = broken(error, posts=False)
    assert isinstance(read, ChannelDownError)
    assert not read.in_doubt


def test_a_call_that_never_began_has_done_nothing() -> None:
    """Where Teams cannot even be reached, nothing can have arrived."""
    key = ConnectionKey("smba.trafficmanager.net", 443, True, True, None, None, None)
    for error in (aiohttp.ClientConnectorError(key, OSError(WORDS)), aiohttp.ConnectionTimeoutError(WORDS)):
        down = broken(error)
        assert isinstance(down, ChannelDownError)
        assert not down.in_doubt


async def test_being_stopped_and_faults_of_ours_come_through() -> None:
    """Neither is Teams' doing."""
    for error in (asyncio.CancelledError(), KeyError("a"), UndeliverableError("the list of hosts")):
        with pytest.raises(type(error)), translated(posts=True):
            raise error


async def test_an_answer_without_end_is_given_up() -> None:
    """No more than a bound is read, however it comes."""

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65_536)

    app = web.Application()
    app.router.add_get("/", endless)
    async with (
        TestServer(app) as server,
        aiohttp.ClientSession() as session,
        session.get(server.make_url("/")) as response,
    ):
        with pytest.raises(ValueError, match="too long"):
            await whole(response)
