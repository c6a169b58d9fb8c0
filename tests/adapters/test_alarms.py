"""Alarms put into words: what is wrong and what to do, once each."""

import logging

import pytest

from adapters.alarms import LogBell, says
from bot.escalation.ports import Alarm

UNSAFE = Alarm("channel-unsafe", "oakwood", "", {"to": "slack:C0SAFE", "fault": "the channel is archived"})


def test_an_alarm_says_what_is_wrong() -> None:
    """The fault that was found stands behind the sentence of its kind."""
    assert says(UNSAFE).endswith("with policy-admin routes bind. What is wrong: the channel is archived.")


@pytest.mark.parametrize("kind", ["channel-unsafe", "unserved"])
def test_each_kind_has_a_sentence(kind: str) -> None:
    """No operator reads a bare name."""
    assert says(Alarm(kind, "", "", {})) != kind


def test_the_log_says_it_once_and_where(caplog: pytest.LogCaptureFixture) -> None:
    """The fault is not written twice."""
    with caplog.at_level(logging.ERROR, "signpost.alarm"):
        LogBell().ring(UNSAFE)
    (line,) = caplog.messages
    assert line.endswith("[channel-unsafe] oakwood to=slack:C0SAFE")
    assert line.count("the channel is archived") == 1
