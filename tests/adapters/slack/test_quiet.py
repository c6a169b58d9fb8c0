"""The SDK says in the log that something went wrong, and nothing of what anybody wrote (RS-88)."""

import asyncio
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.bootstrap import Signpost
from adapters.slack.quiet import quiet_logger
from tests.escalation_fakes import TickingClock
from tests.scenario.slack_world import DSL, SAFE, STAFF_ROOM, TEACHER, Served, bot_said, served
from tests.slack_fake import Moment

WORDS = "zebrafinch"
CONCERN = f"a child told me that her dad hits her, {WORDS}"


@pytest.fixture(autouse=True)
def loud(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Turn every log on, the library's own as well, as an operator might who looks for a fault."""
    names = [name for name in sys.modules if name.partition(".")[0] in {"slack_bolt", "slack_sdk"}]
    loggers = [logging.getLogger(name) for name in (None, "slack_bolt", "slack_sdk", *names)]
    levels = [logger.level for logger in loggers]
    caplog.handler.setLevel(logging.NOTSET)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def louder() -> None:
    """Turn the library's logs on once more, behind the back of what has silenced them."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in {"slack_bolt", "slack_sdk"}:
            logging.getLogger(name).setLevel(logging.DEBUG)
    quiet_logger().setLevel(logging.DEBUG)


def said(caplog: pytest.LogCaptureFixture) -> str:
    """Return everything that stands in the log, with tracebacks."""
    return caplog.text


async def a_day(world: Served) -> None:
    """Let a teacher and the DSL do what they do, while Slack fails now and then."""
    tess, dale = world.person(TEACHER), world.person(DSL)
    faults, sockets = world.slack.faults, world.slack.sockets
    await tess.says_in_dm(f"can I friend a parent {WORDS}?")
    patience, sockets.patience = sockets.patience, 0.2  # what waits for Slack is not called answered
    faults.crash("chat.postMessage")
    await tess.says_in_dm(f"may I film {WORDS}?")
    faults.drop("chat.postMessage", Moment.AFTER)
    await tess.says_in_dm(f"may I phone {WORDS}?")
    faults.fail("assistant.threads.setStatus", "internal_error")
    await tess.says_in_dm(CONCERN)
    sockets.patience = patience
    await world.settle()
    await tess.slash("/policy", f"can I friend a parent {WORDS}?", STAFF_ROOM)
    await tess.slash("/other", WORDS, STAFF_ROOM)
    await tess.mentions(STAFF_ROOM, f"may I film {WORDS}?")
    card = bot_said(dale, SAFE)[-1]
    await dale.taps(card, "desk:reply")
    await dale.submits(dale.modal, {"text": f"thank you {WORDS}"})
    sockets.patience = 0.2
    faults.fail("views.open", "internal_error")
    await dale.taps(card, "desk:open")
    faults.fail("response_url", "used_url")
    await dale.taps(card, "desk:acknowledge")
    await world.settle()


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_a_day_with_every_log_turned_on_says_no_words(
    on_slack: Signpost, tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: str
) -> None:
    """Not when all goes well, and not when Slack fails; no token is said either (RS-93)."""
    async with served(on_slack, tmp_path, TickingClock(), mode=mode) as world:
        louder()
        await a_day(world)
        tokens = [*world.slack.world.tokens.tokens, world.slack.world.app.signing_secret]
        told = [one for person in (TEACHER, DSL) for one in bot_said(world.person(person))]
        assert told
    assert WORDS not in said(caplog)
    assert [token for token in tokens if token in said(caplog)] == []


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_a_fault_of_ours_is_named_and_says_no_words(
    on_slack: Signpost, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """Whoever looks into it finds which kind of fault it was, and where."""

    async def broken(*_: object, **__: object) -> None:
        raise LookupError(CONCERN)

    async with served(on_slack, tmp_path, TickingClock(), mode=mode) as world:
        louder()
        world.slack.sockets.patience = 0.2
        monkeypatch.setattr("bot.service.Service.answer", broken)
        tess = world.person(TEACHER)
        answers = [await tess.says_in_dm(CONCERN), await tess.slash("/policy", CONCERN, STAFF_ROOM)]
        assert [answer.acked for answer in answers] == [False, False]
    assert WORDS not in said(caplog)
    assert said(caplog).count("(LookupError)") == 2


async def test_what_the_library_prints_itself_is_emptied(caplog: pytest.LogCaptureFixture) -> None:
    """A warning keeps its weight and where it came from; anything less is left out."""
    log = quiet_logger()
    louder()
    try:
        raise ValueError(WORDS)
    except ValueError:
        log.exception("failed: %s", WORDS, stack_info=True)
    log.warning(WORDS)
    log.info(WORDS)
    log.debug(WORDS)
    own = [record for record in caplog.records if record.name == log.name]  # a database that closes may say something
    caught = [(record.levelname, record.getMessage().partition(" at ")[0]) for record in own]
    assert caught == [("ERROR", "the Slack library reports error"), ("WARNING", "the Slack library reports warning")]
    assert "(ValueError)" in caplog.text
    assert WORDS not in caplog.text


async def test_clients_of_the_library_with_a_log_of_their_own_are_silent_too(
    caplog: pytest.LogCaptureFixture, unused_tcp_port: int
) -> None:
    """It names its logs after its modules; none of them is forgotten."""
    quiet_logger()
    louder()
    nowhere = f"http://127.0.0.1:{unused_tcp_port}/"
    calls = [
        AsyncWebClient(base_url=nowhere, token="xoxb-canary").chat_postMessage(channel="C1", text=WORDS),  # noqa: S106
        AsyncWebhookClient(nowhere).send(text=WORDS),
    ]
    for call in calls:
        with pytest.raises(OSError, match="connect"):
            await call
    await asyncio.sleep(0)
    assert (WORDS in caplog.text, "canary" in caplog.text) == (False, False)


def test_silencing_twice_changes_nothing() -> None:
    """Each log has the filter once."""
    first = quiet_logger()
    before = [len(logging.getLogger(name).filters) for name in ("slack_sdk", "slack_bolt", first.name)]
    assert quiet_logger() is first
    assert [len(logging.getLogger(name).filters) for name in ("slack_sdk", "slack_bolt", first.name)] == before
