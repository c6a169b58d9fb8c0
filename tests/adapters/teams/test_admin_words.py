"""What admins read in Teams: the commands as they are typed there, and nothing of another platform."""

import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest

from adapters.chat import admin_wording as says
from adapters.teams import gate_wording
from adapters.teams.admin_words import TEAMS

_SENTENCES = [found for name, found in inspect.getmembers(says, inspect.isfunction) if not name.startswith("_")]
_GIVEN = {"count": 2, "roles": ["Headteacher"]}


def said(sentence: Callable[..., Any]) -> str:
    """Return a sentence, or all the lines, as an admin of Teams reads it."""
    asked = inspect.signature(sentence).parameters
    found = sentence(*(TEAMS if name == "platform" else _GIVEN.get(name, "x") for name in asked))
    return found if isinstance(found, str) else "\n".join(found)


@pytest.mark.parametrize(
    "sentence",
    [one for one in _SENTENCES if "platform" in inspect.signature(one).parameters],
    ids=lambda one: one.__name__,
)
def test_nothing_is_said_of_another_platform(sentence: Callable[..., Any]) -> None:
    """No slash before a command, no invitation that Teams does not know, no direct messages."""
    assert not re.search(r"/|slack|workspace|direct message|member id", said(sentence), re.IGNORECASE)


def test_a_channel_is_bound_by_a_mention() -> None:
    """Inside a channel Signpost hears only what mentions it; in its own chat the command is enough."""
    lines = says.help_lines(TEAMS)
    assert [line.startswith("@Signpost policy-admin routes bind") for line in lines].count(True) == 2
    assert all(line.startswith(("policy-admin ", "@Signpost policy-admin ", "If you look after")) for line in lines)


def test_an_admin_can_give_their_word_for_a_team() -> None:
    """The help says what that word means."""
    confirm = next(line for line in says.help_lines(TEAMS) if "routes bind child confirm" in line)
    assert all(part in confirm for part in ("standard channel", "the team is private", "may open"))


def test_the_way_to_give_somebody_an_id_is_that_of_teams() -> None:
    """It names the kind under which the school.yaml takes it."""
    assert "{kind: teams, value: THE-ID}. Then type policy-admin reload." in says.mend_holder(TEAMS, "dsl")


@pytest.mark.parametrize("fault", [gate_wording.STRANGERS_READ, gate_wording.READERS_UNKNOWN])
def test_a_channel_at_fault_is_mended_in_teams(fault: str) -> None:
    """Another one is made, and bound by a mention."""
    mend = says.mend_channel(TEAMS, fault)
    assert mend.endswith("then type @Signpost policy-admin routes bind with the name of the route.")


@pytest.mark.parametrize("fault", [gate_wording.NOT_IN_TEAM, gate_wording.NOT_CONFIRMED, gate_wording.OTHERS_READ])
def test_a_fault_that_says_what_to_do_is_not_told_twice(fault: str) -> None:
    """The gate of Teams names the way itself."""
    assert says.mend_channel(TEAMS, fault) == "Then look again."
