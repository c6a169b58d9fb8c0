"""The admin's morning in Slack and in Teams: the same sentences, but for each platform's own words."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pytest

from adapters.bootstrap import Signpost
from adapters.chat import admin_wording as says
from tests.contract.conversations.chats import ChatDay
from tests.contract.conversations.days import CHATS, chat_day_on
from tests.contract.conversations.pack import write_everywhere
from tests.contract.conversations.parties import Day
from tests.contract.conversations.story import CERTAIN, FRIEND, VERDICT
from tests.packs import edit
from tests.scenario.slack_world import over

COMMANDS = (
    "status",
    "check",
    "reload",
    "routes",
    "help",
    "sing",
    "routes bind",
    "routes unbind dancing",
    "check nowhere",
)


def neutral(chat: ChatDay, words: str) -> list[str]:
    """Return an answer without what only this platform says: its own words give way to what they stand for."""
    spoken = {name: value for name, value in asdict(chat.speaks).items() if isinstance(value, str) and value}
    spoken["place"] = chat.place
    for name, value in sorted(spoken.items(), key=lambda one: -len(one[1])):
        words = words.replace(value, f"<{name}>")
    lines = [line.replace("<inside>", "<command>") for line in words.splitlines()]
    return [line for line in lines if "confirm" not in line]


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_command_is_answered_with_the_same_sentences(everywhere: Mapping[str, Day], command: str) -> None:
    """Whoever looks after both finds nothing new in the second."""
    answers = {}
    for chat in everywhere.values():
        if isinstance(chat, ChatDay):
            answers[chat.platform] = neutral(chat, await chat.administers(command))
    assert answers["slack"] == answers["teams"]
    assert any(answers["slack"])


async def test_only_admins_administer(chat: ChatDay) -> None:
    """A teacher reads that, whatever they type, and nothing else."""
    for command in ("status", "check", "reload", "routes", "routes bind child", "doctor", ""):
        assert set((await chat.administers_as_a_teacher(command)).splitlines()) == {says.NOT_ADMIN}


async def test_an_admin_reads_that_something_waits_and_no_words(chat: ChatDay) -> None:
    """The status counts what is open; what it is about is for those who are told."""
    await chat.asker().asks(CERTAIN)
    await chat.settle()
    status = await chat.administers("status")
    assert (says.DELIVERING in status, "hits" in status, (await chat.only()).reference in status) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize("platform", CHATS)
async def test_a_broken_pack_takes_nothing_away(platform: str, signpost: Signpost, tmp_path: Path) -> None:
    """The fault is named with its file, the last good version answers on, and the mended one is taken."""
    pack = write_everywhere(tmp_path)
    policy = pack / "schools" / "model" / "policies" / "online-safety.yaml"
    async with chat_day_on(platform, over(signpost, pack), tmp_path) as chat:
        edit(policy, "stance: should-not", "stance: perhaps")
        checked = await chat.administers("check")
        assert all(part in checked for part in (says.TO_MEND, "online-safety.yaml", "perhaps"))
        reloaded = await chat.administers("reload")
        assert (says.LAST_GOOD in reloaded, "online-safety.yaml" in reloaded) == (True, True)
        assert "online-safety.yaml" in await chat.administers("status")
        assert (await chat.asker().asks(FRIEND)).verdict == VERDICT
        edit(policy, "stance: perhaps", "stance: must-not")
        assert "Taken." in await chat.administers("reload")
        assert (await chat.asker().asks(FRIEND)).verdict == VERDICT.replace("Advised against", "Not allowed")
