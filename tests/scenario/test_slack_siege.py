"""What anybody on the network can throw at the server: it is turned away, and nothing comes of it (RS-6 to RS-8)."""

import gzip
import json
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
import pytest_asyncio

from adapters.bootstrap import Signpost
from adapters.slack.manifest import REQUEST_PATH
from tests.scenario.siege import (
    CANARY,
    CONCERN,
    JSON,
    Siege,
    besieged,
    everything_logged,
    form,
    says_no_words,
)
from tests.scenario.slack_world import TEACHER, TEAM, bot_said
from tests.slack_fake import signature
from tests.slack_fake.signed_http import FORM

pytestmark = pytest.mark.asyncio(loop_scope="module")

DIGITS = 64


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def siege(school: Signpost, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Siege]:
    """Serve the school to whoever comes."""
    async with besieged(school, tmp_path_factory.mktemp("siege")) as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_comes_of_it(siege: Siege, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Look after every test whether anything was written, asked of Slack, or said in the log."""
    everything_logged(caplog)
    siege.look()
    yield
    assert siege.is_untouched()
    assert says_no_words(caplog)


def a_concern(event_id: str = "Ev0SIEGE") -> dict[str, Any]:
    """Return the event of a teacher who writes of a child at risk."""
    event = {"type": "message", "channel_type": "im", "user": TEACHER, "channel": "D1", "ts": "1.0", "text": CONCERN}
    return {"type": "event_callback", "team_id": TEAM, "event_id": event_id, "event": event}


BODY = json.dumps(a_concern()).encode()
COMMAND = form(command="/policy", team_id=TEAM, user_id=TEACHER, channel_id="D1", text=CONCERN, trigger_id="1.2.3")


# ---- Signatures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("body", "kind"), [(BODY, JSON), (COMMAND, FORM)], ids=["event", "command"])
async def test_a_signature_off_by_one_bit_opens_nothing(siege: Siege, body: bytes, kind: str) -> None:
    """Whichever digit is changed, by whichever bit."""
    *headers, (name, good) = siege.signed(body, content_type=kind)
    for place in range(3, 3 + DIGITS):
        digit = f"{int(good[place], 16) ^ (1 << place % 4):x}"
        wrong = good[:place] + digit + good[place + 1 :]
        assert await siege.post(body, [*headers, (name, wrong)]) == 401


@pytest.mark.parametrize("seconds", [-301, -3_600, -86_400 * 365, 301, 86_400, 10**9])
async def test_old_and_future_stamps_open_nothing(siege: Siege, seconds: int) -> None:
    """What was signed at any time but now is a replay."""
    assert await siege.post(BODY, siege.signed(BODY, siege.stamp(seconds))) == 401


@pytest.mark.parametrize("stamp", ["abc", "1e9", "-1", "٣", "0x1", "9" * 400, "1.5", "", "null", "1 "])
async def test_a_stamp_that_is_no_time_opens_nothing(siege: Siege, stamp: str) -> None:
    """However well it was signed."""
    headers = siege.signed(BODY, stamp)
    if stamp != stamp.strip():  # HTTP itself takes the space away
        headers[1] = (headers[1][0], f"{stamp}x")
    assert await siege.post(BODY, headers) == 401


async def test_a_signature_for_another_body_stamp_or_app_opens_nothing(siege: Siege) -> None:
    """A signature is of one body, at one time, with one secret."""
    kind, stamp, good = siege.signed(BODY)
    later = (stamp[0], siege.stamp(1))
    other = (good[0], signature("another secret", stamp[1], BODY))
    empty = (good[0], signature("", stamp[1], BODY))
    assert await siege.post(BODY + b" ", [kind, stamp, good]) == 401
    assert await siege.post(COMMAND, [kind, stamp, good]) == 401
    for headers in ([kind, later, good], [kind, stamp, other], [kind, stamp, empty]):
        assert await siege.post(BODY, headers) == 401


@pytest.mark.parametrize("left_out", ["X-Slack-Signature", "X-Slack-Request-Timestamp", "X-Slack"])
async def test_without_its_headers_nothing_is_taken(siege: Siege, left_out: str) -> None:
    """No signature, no stamp, or neither."""
    headers = [(name, value) for name, value in siege.signed(BODY) if not name.startswith(left_out)]
    assert await siege.post(BODY, headers) == 401
    assert await siege.post(BODY, [*headers, (left_out, "")]) == 401


async def test_a_header_that_comes_twice_opens_nothing(siege: Siege) -> None:
    """Slack sends each once; of two, nobody can say which was meant."""
    kind, stamp, good = siege.signed(BODY)
    wrong = (good[0], "v0=" + "0" * DIGITS)
    old = (stamp[0], siege.stamp(-4_000))
    for headers in (
        [kind, stamp, wrong, good],
        [kind, stamp, good, wrong],
        [kind, old, stamp, good],
        [kind, stamp, old, good],
    ):
        assert await siege.post(BODY, headers) == 401


# ---- Bodies ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [True, False], ids=["whole", "chunked"])
@pytest.mark.parametrize("size", [1024 * 1024 + 1, 1_200_000])
async def test_a_body_that_is_too_large_is_refused(siege: Siege, size: int, length: bool) -> None:
    """1.2 MB, and one byte more than fits, with its length and without; signed or not."""
    body = (CANARY.encode() * size)[:size]
    assert await siege.post(body, siege.signed(body, content_type=FORM), length=length) == 413
    assert await siege.post(body, [("Content-Type", FORM)], length=length) == 413


@pytest.mark.parametrize("kind", [JSON, FORM, "text/plain", "application/octet-stream", "multipart/form-data"])
async def test_bytes_that_are_no_text_are_refused(siege: Siege, kind: str) -> None:
    """Cut in the midst of a sign, too long a sign, half of a pair, or no text at all."""
    for bad in (b"\xff", b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\x80" * 1_000):
        for body in (bad, BODY + bad, b"payload=" + bad, BODY.replace(b"her", b"her" + bad)):
            assert await siege.deliver(body, kind) == 400


@pytest.mark.parametrize("packing", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
async def test_nothing_packed_is_unpacked(siege: Siege, packing: str) -> None:
    """Slack packs nothing: a body that says it is packed, well or badly, is refused, signed or not."""
    packed = gzip.compress(BODY) if "gzip" in packing else zlib.compress(BODY)
    for body in (packed, packed[:-9], CANARY.encode(), b""):
        for signed in (body, BODY):
            headers = [*siege.signed(signed), ("Content-Encoding", packing)]
            assert 400 <= await siege.post(body, headers) < 500
        assert 400 <= await siege.post(body, [("Content-Encoding", packing)]) < 500


async def test_a_bomb_does_not_hold_up_the_others(siege: Siege) -> None:
    """A packed body of less than a mebibyte may hold a gigabyte; it is not even begun."""
    bomb = gzip.compress(b"\0" * 200_000_000, 1)
    assert len(bomb) < 1024 * 1024
    assert 400 <= await siege.post(bomb, [*siege.signed(bomb), ("Content-Encoding", "gzip")]) < 500
    assert await siege.is_alive()


@pytest.mark.parametrize(
    "head",
    [
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n%b\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\n%b\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n%b",
        b"Transfer-Encoding: %b\r\n\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n%b",
        b"Content-Length: %b\r\n\r\n",
        b"Content-Length: -1\r\n\r\n%b",
        b"X-Slack-Signature: v0=\0%b\r\n\r\n",
        b"X Slack: %b\r\n\r\n",
        b"X-Slack-Signature: " + b"%b" * 2_000 + b"\r\n\r\n",
        b": %b\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_refused(siege: Siege, head: bytes) -> None:
    """Broken lengths, chunks and headers; and what was sent stands in no log."""
    filled = head.replace(b"%b", CANARY.encode())
    assert await siege.raw(b"POST %b HTTP/1.1\r\nHost: signpost\r\n%b" % (REQUEST_PATH.encode(), filled)) == 400
    assert await siege.raw(b"POST %b %b\r\n\r\n" % (REQUEST_PATH.encode(), CANARY.encode())) == 400
    assert await siege.is_alive()


NESTED = 50_000


@pytest.mark.parametrize(
    "body",
    [
        "[" * NESTED,
        '{"event":' * NESTED,
        '{"type": "event_callback", "event": ' + "[" * NESTED + "]" * NESTED + "}",
        "[]",
        "null",
        "true",
        "7",
        "-1e999",
        f'"{CANARY}"',
        f'{{"{CANARY}"',
        f"{CANARY}",
        '{"event_time": ' + "9" * 5_000 + "}",
        "\ufeff{}",
        "\0" + BODY.decode(),
    ],
)
async def test_what_is_no_object_is_refused(siege: Siege, body: str) -> None:
    """Nested too deep, broken off, or of another type: as JSON, and as the payload of a form."""
    assert await siege.deliver(body.encode()) == 400
    assert await siege.deliver(form(payload=body), FORM) == 400
    assert await siege.deliver(form(payload=body, team_id=TEAM), FORM) == 400


# ---- Shapes ----------------------------------------------------------------------------------------------------------

EVENT: dict[str, Any] = a_concern()
TAP: dict[str, Any] = {
    "type": "block_actions",
    "team": {"id": TEAM},
    "user": {"id": TEACHER},
    "trigger_id": "1.2.3",
    "actions": [{"type": "button", "action_id": "reply:tell", "block_id": "b", "value": "{}"}],
}
VIEW: dict[str, Any] = {
    "id": "V1",
    "type": "modal",
    "callback_id": "raise-1",
    "private_metadata": "{}",
    "state": {"values": {}},
}
SUBMISSION: dict[str, Any] = {
    "type": "view_submission",
    "team": {"id": TEAM},
    "user": {"id": TEACHER},
    "trigger_id": "1",
    "view": VIEW,
}
POINTED: dict[str, Any] = {
    "type": "message_action",
    "team": {"id": TEAM},
    "user": {"id": TEACHER},
    "callback_id": "ask-signpost",
}
POINTED |= {"channel": {"id": "C1"}, "message": {"text": CONCERN}}


def with_fields(payload: Mapping[str, Any], **fields: object) -> dict[str, Any]:
    """Return a payload with some fields put in the place of others; `a__b` is b within a."""
    changed = json.loads(json.dumps(payload))
    for name, value in fields.items():
        *above, last = name.split("__")
        part = changed
        for one in above:
            part = part[int(one)] if one.isdigit() else part[one]
        part[last] = value
    return dict(changed)


BAD_IDS = (7, True, ["U1"], {"id": "U1"}, "U1\n", "U1\0", "U\ud800", "U1\u2028", "U" * 256, "Ü1", 1.5)


@pytest.mark.parametrize("bad", BAD_IDS, ids=repr)
async def test_an_id_that_is_none_is_refused(siege: Siege, bad: object) -> None:
    """A number, a list, a new line, a NUL, half of a pair, or too long: wherever an id belongs."""
    shapes = [
        with_fields(EVENT, event_id=bad),
        with_fields(EVENT, event__user=bad),
        with_fields(EVENT, event__channel=bad),
        with_fields(EVENT, event__ts=bad),
        with_fields(EVENT, event__thread_ts=bad),
        with_fields(EVENT, event__subtype=bad),
        with_fields(EVENT, event__type=bad),
        with_fields(TAP, trigger_id=bad),
        with_fields(TAP, user={"id": bad}),
        with_fields(TAP, channel={"id": bad}),
        with_fields(TAP, actions=[{"action_id": bad}]),
        with_fields(SUBMISSION, user={"id": bad}),
        with_fields(SUBMISSION, view__callback_id=bad),
        with_fields(POINTED, user={"id": bad}),
        with_fields(POINTED, channel={"id": bad}),
    ]
    for shape in shapes:
        body = json.dumps(shape).encode()
        kind = JSON if "event" in shape else FORM
        status = await siege.deliver(body if kind == JSON else form(payload=body.decode()), kind)
        assert status == 400, shape


@pytest.mark.parametrize("bad", BAD_IDS, ids=repr)
async def test_a_workspace_that_is_none_gets_nothing(siege: Siege, bad: object) -> None:
    """An id that cannot be one is no workspace, in whatever field it stands."""
    for shape in (with_fields(EVENT, team_id=bad), with_fields(EVENT, authorizations=[{"team_id": bad}])):
        assert await siege.deliver(json.dumps(shape).encode()) in {200, 400}
    for shape in (with_fields(TAP, team={"id": bad}), with_fields(TAP, team=bad)):
        assert await siege.deliver(form(payload=json.dumps(shape)), FORM) in {200, 400}


@pytest.mark.parametrize("bad", [7, [], {}, True], ids=repr)
async def test_words_of_another_type_are_refused(siege: Siege, bad: object) -> None:
    """A number or a list where somebody's words, a value or an address belong."""
    for shape in (with_fields(EVENT, event__text=bad), with_fields(EVENT, event__files=7)):
        assert await siege.deliver(json.dumps(shape).encode()) == 400
    for shape in (
        with_fields(TAP, actions=[{"action_id": "reply:tell", "value": bad}]),
        with_fields(TAP, response_url=bad),
        with_fields(TAP, actions=bad),
        with_fields(TAP, actions=[]),
        with_fields(TAP, actions=[bad]),
        with_fields(SUBMISSION, view__private_metadata=bad),
        with_fields(SUBMISSION, view__state=[bad]),
        with_fields(SUBMISSION, view__state={"values": {"text": {"text": {"value": [bad]}}}}),
        with_fields(POINTED, message={"text": bad}),
        with_fields(POINTED, message=[bad]),
    ):
        assert await siege.deliver(form(payload=json.dumps(shape)), FORM) == 400, shape


async def test_a_form_in_which_something_stands_twice(siege: Siege) -> None:
    """One could be for show: what belongs to another workspace gets nothing, whatever stands beside it."""
    nothing, elsewhere = json.dumps({"type": "nothing"}), json.dumps(with_fields(TAP, team={"id": "T0OTHER"}))
    for two in ((nothing, elsewhere), (elsewhere, nothing)):
        both = urlencode([("payload", payload) for payload in two]).encode()
        assert await siege.deliver(both, FORM) in {200, 400}
    # A command beside a payload is read as the payload alone.
    assert await siege.deliver(COMMAND + b"&" + form(payload=elsewhere), FORM) in {200, 400}


@pytest.mark.parametrize("kind", ["", "text/xml", "application/json; charset=utf-16", FORM, "multipart/form-data; x=y"])
async def test_another_type_of_content_changes_nothing(siege: Siege, kind: str) -> None:
    """An event of another workspace stays one, whatever it is called."""
    body = json.dumps(with_fields(EVENT, team_id="T0OTHER")).encode()
    assert await siege.deliver(body, kind) in {200, 400}


# ---- Workspaces ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("team", ["T0OTHER", "", "t0model", "T0MODEL ", "*", "../T0MODEL", "T0MODEL%00"])
async def test_another_workspace_gets_nothing(siege: Siege, team: str) -> None:
    """Everything that Slack can send, from a workspace that is not known: answered, and left at that (RS-19)."""
    sent = [
        (json.dumps(with_fields(EVENT, team_id=team)).encode(), JSON),
        (COMMAND.replace(TEAM.encode(), form(t=team)[2:]), FORM),
    ]
    for shape in (TAP, SUBMISSION, POINTED):
        sent.append((form(payload=json.dumps(with_fields(shape, team={"id": team}))), FORM))
    for body, kind in sent:
        assert await siege.deliver(body, kind) in {200, 400}


@pytest.mark.parametrize("kind", ["interactive_message", "app_rate_limited", "", "block_actions ", "EVENT_CALLBACK"])
async def test_a_kind_that_nothing_listens_to_gets_nothing(siege: Siege, kind: str) -> None:
    """It is answered, so that Slack goes on sending the others (RS-5)."""
    assert await siege.deliver(json.dumps(with_fields(EVENT, type=kind)).encode()) == 200


# ---- In the end ----------------------------------------------------------------------------------------------------


async def test_the_world_is_as_it_was(siege: Siege) -> None:
    """After all of that nobody has been told anything, and nobody was answered."""
    assert await siege.world.escalations() == []
    assert bot_said(siege.world.person(TEACHER)) == []
    assert await siege.is_alive()
