"""What can go wrong with a call of Slack's, in the words of escalating, and none of anybody else's (RS-15)."""

import asyncio
from typing import Any

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from slack_sdk.errors import SlackApiError, SlackClientError, SlackClientNotConnectedError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.calls import PERMANENT, translated
from bot.escalation.errors import ChannelDownError, EscalationError, ThrottledError, UndeliverableError

WORDS = "zebrafinch"


def answered(error: Any, status: int = 200, **headers: Any) -> SlackApiError:
    """Return the error the SDK raises for an answer of Slack's."""
    data = {"ok": False, "error": error, "message": {"text": WORDS}}
    response = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={"json": {"text": WORDS}},
        data=data,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        status_code=status,
    )
    return refused(response)


def refused(response: Any) -> SlackApiError:
    """Return the error the SDK raises with a response, in whatever form it has it."""
    return SlackApiError(f"The request failed: {WORDS}", response)


def turned(error: Exception) -> EscalationError:
    """Return what an error is turned into; it must hold no words, and nothing of what it was."""
    with pytest.raises(EscalationError) as caught, translated():
        raise error
    assert WORDS not in f"{caught.value!r}"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    return caught.value


@pytest.mark.parametrize("code", sorted(PERMANENT))
def test_what_slack_refuses_for_good_is_never_tried_again(code: str) -> None:
    """The way on is the fallback; Slack's own code says why."""
    error = turned(answered(code))
    assert (type(error), str(error)) == (UndeliverableError, code)


@pytest.mark.parametrize(
    "code", ["channel_not_found", "not_in_channel", "is_archived", "account_inactive", "token_revoked"]
)
def test_the_errors_of_channels_and_tokens_are_for_good(code: str) -> None:
    """Those that RS-15 names are among them."""
    assert code in PERMANENT


@pytest.mark.parametrize(
    "code",
    """invalid_refresh_token invalid_code code_already_used bad_client_secret invalid_client_id
    bad_redirect_uri""".split(),
)
def test_the_refusals_of_installing_are_for_good(code: str) -> None:
    """Neither a used code nor a wrong secret is better the next time."""
    assert code in PERMANENT


@pytest.mark.parametrize(
    "code", ["internal_error", "fatal_error", "service_unavailable", "request_timeout", "", None, 7]
)
def test_any_other_answer_may_be_better_next_time(code: Any) -> None:
    """What nobody knows is tried again; Slack said no, so nothing has arrived."""
    error = turned(answered(code))
    assert isinstance(error, ChannelDownError)
    assert not error.in_doubt


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_leaves_it_in_doubt(status: int) -> None:
    """It may have been done before the error."""
    error = turned(answered(None, status))
    assert isinstance(error, ChannelDownError)
    assert (error.in_doubt, str(error)) == (True, f"Slack fails ({status})")


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("7", 7.0),
        ("1", 1.0),
        ("0", 1.0),
        (["12"], 12.0),
        ("99999999", 600.0),
        ("9" * 400, 600.0),
        ("", 30.0),
        ([], 30.0),
        ("soon", 30.0),
        ("-3", 30.0),
        ("1.5", 30.0),
        ("٣", 30.0),
        ("²", 30.0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 30.0),
    ],
)
def test_it_waits_as_long_as_slack_says_within_reason(given: Any, seconds: float) -> None:
    """A number that is absurd, or none at all, neither hurries nor stops anything (elementary-data#303)."""
    error = turned(answered("ratelimited", 429, Retry_After=given))
    assert isinstance(error, ThrottledError)
    assert error.retry_after == seconds


@pytest.mark.parametrize(("code", "status"), [("ratelimited", 200), ("rate_limited", 200), (None, 429)])
def test_being_too_fast_is_known_by_code_or_status(code: Any, status: int) -> None:
    """Without a number at all it waits for half a minute."""
    error = turned(answered(code, status))
    assert isinstance(error, ThrottledError)
    assert error.retry_after == 30.0


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(WORDS),
        aiohttp.ServerDisconnectedError(WORDS),
        aiohttp.ClientPayloadError(WORDS),
        aiohttp.ServerTimeoutError(WORDS),
        ConnectionResetError(WORDS),
        SlackClientError(WORDS),
        SlackClientNotConnectedError(WORDS),
        ValueError(WORDS),
    ],
)
def test_a_call_that_broke_off_may_have_done_its_work(error: Exception) -> None:
    """What was sent may stand there: the next try is marked as a repeat."""
    down = turned(error)
    assert isinstance(down, ChannelDownError)
    assert (down.in_doubt, str(down)) == (True, f"Slack does not answer ({type(error).__name__})")


def test_a_call_that_never_began_has_done_nothing() -> None:
    """Where Slack cannot even be reached, nothing can have arrived."""
    key = ConnectionKey("slack.com", 443, True, True, None, None, None)
    error = turned(aiohttp.ClientConnectorError(key, OSError(WORDS)))
    assert isinstance(error, ChannelDownError)
    assert not error.in_doubt


def test_an_answer_that_the_sdk_could_not_read_is_a_server_error() -> None:
    """The SDK then hands on the bare response, or a dict."""
    assert isinstance(turned(refused({"error": "is_archived"})), UndeliverableError)
    assert isinstance(turned(refused({})), ChannelDownError)
    assert isinstance(turned(refused(WORDS)), ChannelDownError)


async def test_being_stopped_and_faults_of_ours_come_through() -> None:
    """Neither is Slack's doing."""
    for error in (asyncio.CancelledError(), KeyError("a"), UndeliverableError("the gate")):
        with pytest.raises(type(error)), translated():
            raise error
