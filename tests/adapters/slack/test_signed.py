"""Signed HTTP: what is not signed, not fresh or not readable is turned away unseen (RS-6 to RS-8)."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from tests.adapters.slack.front_world import FrontWorld
from tests.adapters.slack.home_world import TEACHER
from tests.slack_fake import Answer, signature
from tests.slack_fake.signed_http import FORM

JSON = "application/json"
EVENT: dict[str, Any] = {
    "type": "event_callback",
    "team_id": "T0MODEL",
    "event_id": "Ev1",
    "event": {"type": "message", "channel_type": "im", "user": "U1", "channel": "D1", "ts": "1.0", "text": "hello"},
}
BODY = json.dumps(EVENT).encode()
SIGNED = ("X-Slack-Signature", "X-Slack-Request-Timestamp")


def stamped(front: FrontWorld, stamp: str, body: bytes = BODY) -> dict[str, str]:
    """Return the headers of a request that was signed with a stamp."""
    secret = front.slack.world.app.signing_secret
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature(secret, stamp, body)}


def now(front: FrontWorld, seconds: float = 0) -> str:
    """Return the stamp of so many seconds from now."""
    return str(int((front.clock.now() + timedelta(seconds=seconds)).timestamp()))


async def bare(front: FrontWorld, body: bytes, headers: dict[str, str]) -> int:
    """Post bytes with these headers and no others."""
    sent = BytesIO(body)
    async with aiohttp.ClientSession() as session, session.post(front.http.url, data=sent, headers=headers) as answer:
        return answer.status


async def test_what_slack_signs_is_heard(front: FrontWorld) -> None:
    """A good signature opens the door."""
    answer = await front.http.post(BODY, JSON)
    assert (answer.status, front.notes.heard) == (200, ["hello"])


@pytest.mark.parametrize("seconds", [-300, 300])
async def test_a_request_of_five_minutes_ago_is_still_taken(front: FrontWorld, seconds: int) -> None:
    """Clocks differ; five minutes either way are let pass."""
    assert (await front.http.post(BODY, JSON, headers=stamped(front, now(front, seconds)))).status == 200
    assert front.notes.heard == ["hello"]


@pytest.mark.parametrize("seconds", [-301, 301, -86_400, 10**9])
async def test_what_is_too_old_or_from_the_future_is_a_replay(front: FrontWorld, seconds: int) -> None:
    """A signature that was good once is good for five minutes."""
    answer = await front.http.post(BODY, JSON, headers=stamped(front, now(front, seconds)))
    assert (answer.status, front.is_untouched()) == (401, True)


async def test_one_bit_off_is_enough(front: FrontWorld) -> None:
    """Whichever digit of the signature is changed, by whichever bit, the door stays shut."""
    stamp = now(front)
    good = stamped(front, stamp)["X-Slack-Signature"]
    for place in range(3, len(good)):
        for bit in (1, 2, 4, 8):
            digit = f"{int(good[place], 16) ^ bit:x}"
            wrong = {"X-Slack-Signature": f"{good[:place]}{digit}{good[place + 1 :]}"}
            assert (await front.http.post(BODY, JSON, headers=wrong)).status == 401
    assert front.is_untouched()


@pytest.mark.parametrize(
    "given", ["", "v0=", "v0", "v1={hex}", "{hex}", "v0={upper}", "v0={hex} ", "v0={hex}0", "é", "v0=" + "0" * 64]
)
async def test_no_other_form_of_a_signature_is_taken(front: FrontWorld, given: str) -> None:
    """A version that is not known, capitals, a part of it, or none at all."""
    good = stamped(front, now(front))["X-Slack-Signature"].removeprefix("v0=")
    wrong = given.format(hex=good, upper=good.upper()).strip()
    if wrong == f"v0={good}":  # HTTP itself takes the space away at its end
        wrong = f"v0= {good}"
    answer = await front.http.post(BODY, JSON, headers={"X-Slack-Signature": wrong})
    assert (answer.status, front.is_untouched()) == (401, True)


@pytest.mark.parametrize("stamp", ["abc", "", "-5", "1e9", "1.5", "٣٤٥", "0x10", "9" * 13, "9" * 400, "null"])
async def test_a_stamp_that_is_no_time_is_refused(front: FrontWorld, stamp: str) -> None:
    """Whatever else stands in its place is no time, however it was signed."""
    answer = await front.http.post(BODY, JSON, headers=stamped(front, stamp))
    assert (answer.status, front.is_untouched()) == (401, True)


@pytest.mark.parametrize("left_out", [*SIGNED, "both"])
async def test_an_unsigned_request_is_refused(front: FrontWorld, left_out: str) -> None:
    """Without stamp or signature there is nothing to check."""
    headers = {name: value for name, value in stamped(front, now(front)).items() if left_out not in (name, "both")}
    assert (await bare(front, BODY, headers | {"Content-Type": JSON}), front.is_untouched()) == (401, True)


async def test_what_was_signed_for_another_body_opens_nothing(front: FrontWorld) -> None:
    """The signature is of the bytes as they came."""
    headers = stamped(front, now(front))
    assert (await front.http.post(BODY + b" ", JSON, headers=headers)).status == 401
    other = signature("another secret", now(front), BODY)
    assert (await front.http.post(BODY, JSON, headers={"X-Slack-Signature": other})).status == 401
    assert front.is_untouched()


@pytest.mark.parametrize(
    "body", [b"ssl_check=1", b"ssl_check=1&token=x&command=/policy&text=hello&team_id=T0MODEL&user_id=U1"]
)
async def test_a_check_of_the_certificate_has_no_effect(front: FrontWorld, body: bytes) -> None:
    """Signed, it is answered and nothing else; unsigned, it is a request like any other."""
    assert (await front.http.post(body, FORM)).status == 200
    assert await bare(front, body, {"Content-Type": FORM}) == 401
    assert front.is_untouched()


@pytest.mark.parametrize("content_type", [JSON, FORM, "text/plain", "application/octet-stream"])
async def test_bytes_that_are_no_text_are_refused(front: FrontWorld, content_type: str) -> None:
    """What is not UTF-8 cannot come from Slack."""
    for body in (b"\xff\xfe", BODY + b"\xc3", b"payload=\xe9", b"text=\x80"):
        assert (await front.http.post(body, content_type)).status == 400
    assert front.is_untouched()


async def test_a_body_over_a_mebibyte_is_not_read(front: FrontWorld) -> None:
    """1.2 MB is refused as too large, and so is one byte more than fits."""
    for size in (1_200_000, 1024 * 1024 + 1):
        body = b"x" * size
        headers = stamped(front, now(front), body) | {"Content-Type": FORM}
        assert await bare(front, body, headers) == 413
    assert front.is_untouched()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (JSON, "["),
        (JSON, "[]"),
        (JSON, "null"),
        (JSON, "7"),
        (JSON, '"text"'),
        (JSON, "{"),
        (JSON, "[" * 100_000),
        (JSON, '{"a":' * 100_000),
        (JSON, '{"event_time": ' + "9" * 5000 + "}"),
        (JSON, '{"authorizations": {}, "team": 7}'),
        (JSON, '{"authorizations": "x"}'),
        (JSON, '{"authorizations": {"id": 1}}'),
        (JSON, '{"team": 7}'),
        (JSON, '{"user": 7}'),
        (JSON, '{"response_urls": 7}'),
        (JSON, '{"response_urls": [7]}'),
        (FORM, "payload"),
        (FORM, "payload="),
        (FORM, "payload=["),
        (FORM, "payload=[]"),
        (FORM, "payload=null"),
        (FORM, "payload=%7B%22channel%22%3A7%7D"),
        (FORM, "payload=" + "[" * 100_000),
    ],
)
async def test_what_cannot_be_read_is_refused(front: FrontWorld, content_type: str, body: str) -> None:
    """Nested too deep, broken off, or something else than an object: it is the sender's fault, and never ours."""
    answer = await front.http.post(body.encode(), content_type)
    assert (answer.status, front.is_untouched()) == (400, True)


@pytest.mark.parametrize("body", ["", "{}", "a=1&b=2", "&&&", "%%%", "payload=%7B%7D"])
async def test_what_says_nothing_is_answered_with_nothing(front: FrontWorld, body: str) -> None:
    """An empty request is none of a kind that anything listens to."""
    answer = await front.http.post(body.encode(), FORM)
    assert (answer.status, answer.body, front.is_untouched()) == (200, None, True)


async def test_slack_is_shown_that_the_address_is_ours(front: FrontWorld) -> None:
    """The challenge comes back, from a request that is signed; nothing else happens."""
    body = b'{"type": "url_verification", "challenge": "3eZbrw1a"}'
    answer = await front.http.post(body, JSON)
    assert (answer.status, answer.body) == (200, {"challenge": "3eZbrw1a"})
    assert (await front.http.post(body, JSON, headers={"X-Slack-Signature": "v0=00"})).status == 401
    assert front.is_untouched()


async def test_an_answer_comes_back_as_json(front: FrontWorld) -> None:
    """What a command is answered stands in the response itself."""
    answer: Answer = await front.slack.person(TEACHER).slash("/policy", "hello")
    assert (answer.status, answer.body["text"]) == (200, "heard")
    assert answer.headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_only_posts_are_taken(front: FrontWorld, method: str) -> None:
    """Nothing can be fetched from the address."""
    async with aiohttp.ClientSession() as session, session.request(method, front.http.url) as answer:
        assert answer.status == 405
    assert front.is_untouched()
