"""`signpost ask --escalate`: a concern is passed on from the command line, and nothing is claimed that is not so."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.bootstrap import Signpost, socket_path
from adapters.cli.escalation_speech import readers
from adapters.control import control_app, start_control
from adapters.escalating import data_key, escalating, opened_store
from adapters.reloading import Reloader
from adapters.upkeep import upgraded
from bot.escalation.model import Address, Person
from bot.escalation.ports import Wanted
from bot.escalation.routing import Plan
from knowledge.model import Contact, RouteName
from tests.adapters.cli.conftest import Console
from tests.fakes import ReadySession, signpost_over
from tests.packs import write_school

AT_ONCE = "a boy in my class told me his dad hits him"
OFFERED = "a parent keeps sending me threatening messages on facebook"
ABOUT_THE_HEAD = "i saw the headteacher hit a child"
QUESTION = "can i accept a friend request from a pupil"
SCHOOL = """\
name: Hillside School
jurisdiction: england
contacts:
  headteacher: {name: Mrs A. Example, reach: [{kind: phone, value: 01632 960001}]}
  dsl: {name: Mr B. Example, reach: [{kind: phone, value: 01632 960002}], deputy: deputy-dsl}
  deputy-dsl: {name: Ms C. Example, reach: [{kind: phone, value: 01632 960003}]}
  chair-of-governors: {name: Dr E. Example, reach: [{kind: phone, value: 01632 960005}]}
routes:
  child: {people: [dsl, deputy-dsl], place: {web: safeguarding}}
  staff: {people: [headteacher]}
"""


@pytest.fixture
def routed(tmp_path: Path, signpost: Signpost, state: Path) -> Signpost:
    """Return Signpost over a school that has said who is told of a child, and of staff."""
    folder = write_school(tmp_path / "ours")
    (folder / "school.yaml").write_text(SCHOOL, encoding="utf-8")
    return signpost_over(tmp_path / "ours", signpost, state)


@pytest.fixture
def ask(
    capsys: pytest.CaptureFixture[str], routed: Signpost, bare_environment: None, monkeypatch: pytest.MonkeyPatch
) -> Console:
    """Return `signpost ask` over that school, for somebody who is logged in as teacher."""
    monkeypatch.setenv("LOGNAME", "teacher")
    return Console(capsys, ReadySession(routed), ("ask", "--school", "hillside"))


@pytest.fixture
def escalations(capsys: pytest.CaptureFixture[str], routed: Signpost, bare_environment: None) -> Console:
    """Return `signpost escalations` over the same store."""
    return Console(capsys, ReadySession(routed), ("escalations",))


def recorded(signpost: Signpost) -> list[tuple[str, str, str]]:
    """Return category, platform and words of everything in the store."""

    async def found() -> list[tuple[str, str, str]]:
        async with opened_store(signpost.settings) as store:
            listed = await store.escalations(Wanted())
            return [(one.category, one.platform, (await store.entries(one.id))[0].text) for one in listed]

    return asyncio.run(found())


# ---- What is passed on -----------------------------------------------------------------------------------------------


def test_without_the_switch_nothing_is_recorded(ask: Console, routed: Signpost) -> None:
    """Asking alone opens nothing, makes no database, and says that nobody has been told."""
    printed = ask("--format", "json", AT_ONCE)
    assert printed.json["escalation"]["state"] == "offered"
    assert "Nobody has been told yet" in printed.json["notices"][0]
    assert not (routed.settings.state / "signpost.sqlite").exists()


@pytest.mark.parametrize(
    ("text", "category", "readers"),
    [
        (AT_ONCE, "child-at-risk", "These people will read it: Mr B. Example, Designated Safeguarding Lead (DSL) and "),
        (OFFERED, "staff-abuse", "Mrs A. Example, Headteacher"),
    ],
    ids=["at-once", "offered"],
)
def test_a_concern_is_passed_on_after_its_readers_were_listed(
    ask: Console, routed: Signpost, text: str, category: str, readers: str
) -> None:
    """First the advice, then who will read it, then the reference and where it stands."""
    printed = ask("--escalate", text)
    advice, listed, told = (printed.out.index(part) for part in ("\n  1. ", f"\n{readers}", "\nReference "))
    assert (printed.code, printed.err) == (0, "")
    assert advice < listed < told
    assert ": recorded.\n" in printed.out[told:]
    assert "Signpost tells nobody from here" not in printed.out
    assert recorded(routed) == [(category, "web", text)]


def test_each_run_is_a_concern_of_its_own(ask: Console, routed: Signpost) -> None:
    """The same words on another day are not lost as a repeat."""
    assert ask("--escalate", AT_ONCE).out != ask("--escalate", AT_ONCE).out
    assert len(recorded(routed)) == 2


def test_the_reply_as_json_holds_what_was_recorded(ask: Console, escalations: Console) -> None:
    """Tools get one reply with reference and state; what is said along the way goes to standard error."""
    printed = ask("--escalate", "--format", "json", OFFERED)
    offer = printed.json["escalation"]
    assert (printed.code, offer["state"], offer["route"], offer["problem"]) == (0, "recorded", "staff", None)
    assert [reader["role"] for reader in offer["readers"]] == ["headteacher"]
    assert printed.json["notices"][0] == offer["says"]
    assert f"Reference {offer['reference']}: recorded." in printed.err
    assert escalations("show", offer["reference"]).code == 0


def test_the_one_who_is_logged_in_raised_it(ask: Console, routed: Signpost) -> None:
    """Whoever reads the card learns who wrote; they count as staff."""

    async def asker() -> tuple[Person | None, bool]:
        async with opened_store(routed.settings) as store:
            [one] = await store.escalations(Wanted())
            return await store.person(one.asker), one.staff

    ask("--escalate", AT_ONCE)
    assert asyncio.run(asker()) == (Person("cli", "teacher", "teacher"), True)


def test_the_courier_of_a_server_delivers_it(ask: Console, escalations: Console, routed: Signpost) -> None:
    """What the command line recorded reaches the private channel; the story tells so in roles."""

    async def work() -> None:
        async with escalating(routed) as server:
            await server.courier.step()
            await server.courier.finish()

    reference = ask("--escalate", "--format", "json", AT_ONCE).json["escalation"]["reference"]
    asyncio.run(work())
    story = escalations("show", reference).out
    assert "State: delivered" in story
    assert "delivered to the private channel" in story
    assert AT_ONCE not in story
    assert "teacher" not in story
    assert "Example" not in story


def test_half_characters_are_survived(ask: Console, routed: Signpost) -> None:
    """A shell can pass on half of an emoji; it is kept as a question mark."""
    assert ask("--escalate", f"\udcff {AT_ONCE}").code == 0
    assert recorded(routed) == [("child-at-risk", "web", f"? {AT_ONCE}")]


# ---- Where nothing is passed on --------------------------------------------------------------------------------------


def test_a_question_has_nothing_to_pass_on(ask: Console, routed: Signpost) -> None:
    """It is answered, and the switch is told to have done nothing."""
    printed = ask("--escalate", QUESTION)
    assert printed.code == 0
    assert printed.out.startswith("Not allowed: ")
    assert "There is nothing in this to pass on, so nothing was recorded" in printed.out
    assert ask("--escalate", "--format", "json", QUESTION).json["escalation"] is None
    assert not (routed.settings.state / "signpost.sqlite").exists()


def test_without_a_route_it_says_so_and_whom_to_phone(ask: Console, routed: Signpost) -> None:
    """Where the school has not said who is told, nobody believes that somebody was."""
    printed = ask("--escalate", ABOUT_THE_HEAD)
    assert printed.code == 1
    problem = "Signpost cannot pass this on: the school has not said who should be told."
    assert (
        f"\n{problem} Tell the person below yourself.\n  Dr E. Example, Chair of governors: phone 0163" in printed.out
    )
    told = ask("--escalate", "--format", "json", ABOUT_THE_HEAD)
    assert (told.code, told.json["escalation"]["state"]) == (1, "offered")
    assert told.json["escalation"]["problem"].startswith(problem)
    assert "chair-of-governors" in [contact["role"] for contact in told.json["contacts"]]
    assert recorded(routed) == []


def test_where_the_store_fails_the_advice_stands_and_nothing_is_claimed(ask: Console, routed: Signpost) -> None:
    """The person reads what to do, that nobody has been told, why, and whom to phone."""
    data_key(routed.settings)
    (routed.settings.state / "signpost.sqlite").write_bytes(b"no database at all" * 1000)
    printed = ask("--escalate", AT_ONCE)
    assert printed.code == 1
    assert "\n  1. Tell the DSL now" in printed.out
    failed = printed.out[printed.out.index("This could not be recorded, so nobody has been told.") :]
    assert "Why: the file is no database" in failed
    assert "  Mr B. Example, Designated Safeguarding Lead (DSL): phone 01632 960002\n" in failed
    assert "Reference" not in printed.out
    told = ask("--escalate", "--format", "json", AT_ONCE)
    assert (told.code, told.json["escalation"]["reference"]) == (1, None)
    assert told.json["escalation"]["problem"].startswith("This could not be recorded")


@pytest.mark.parametrize(
    ("text", "trigger", "problem"),
    [
        (AT_ONCE, "BEFORE INSERT ON escalations BEGIN SELECT RAISE(ABORT, 'no'); END", "This could not be recorded"),
        (OFFERED, "BEFORE INSERT ON escalations BEGIN SELECT RAISE(ABORT, 'no'); END", "This could not be recorded"),
        (OFFERED, "BEFORE INSERT ON turns BEGIN SELECT RAISE(ABORT, 'no'); END", "This could not be recorded"),
        (OFFERED, "AFTER INSERT ON turns BEGIN DELETE FROM turns; END", "That is no longer here."),
    ],
)
def test_what_cannot_be_written_is_never_called_recorded(
    ask: Console, routed: Signpost, text: str, trigger: str, problem: str
) -> None:
    """Whichever write fails, after the readers were listed: nobody has been told, and that is what is said."""
    asyncio.run(upgraded(routed.settings))
    with closing(sqlite3.connect(routed.settings.state / "signpost.sqlite")) as connection, connection:
        connection.execute(f"CREATE TRIGGER broken {trigger}")
    printed = ask("--escalate", text)
    assert printed.code == 1
    assert f"\n{problem}" in printed.out
    assert "Reference" not in printed.out
    assert "phone 01632 96000" in printed.out.split(problem)[1]
    assert recorded(routed) == []


def test_an_account_without_a_name_can_pass_on(ask: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container an account may have none; that is no reason to keep a concern back."""

    def nameless() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nameless)
    assert ask("--escalate", AT_ONCE).code == 0


def test_a_wrong_data_key_is_a_store_that_fails(
    ask: Console, routed: Signpost, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an admin must mend does not keep the person from the advice."""
    wrong = replace(routed, settings=replace(routed.settings, data_key="not a key"))
    printed = Console(capsys, ReadySession(wrong))("ask", "--school", "hillside", "--escalate", AT_ONCE)
    assert printed.code == 1
    assert "Why: SIGNPOST_DATA_KEY: not a data key" in printed.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--escalate", "--jsonl", "-"], "--escalate takes one question at a time"),
        (["--escalate", " "], "The question is empty."),
        (["--escalate"], "Give one question in quotes"),
    ],
)
def test_bad_usage_is_told(ask: Console, routed: Signpost, arguments: list[str], told: str) -> None:
    """Nothing is recorded that was not asked for properly."""
    printed = ask(*arguments)
    assert (printed.code, printed.out) == (2, "")
    assert told in printed.err
    assert not (routed.settings.state / "signpost.sqlite").exists()


# ---- Whether a server runs -------------------------------------------------------------------------------------------


@pytest_asyncio.fixture
async def server(routed: Signpost) -> AsyncIterator[None]:
    """Run the control listener of a server over that school."""
    reloader = Reloader(routed)
    runner = await start_control(control_app(routed, reloader), socket_path(routed.settings.state))
    yield
    await runner.cleanup()
    reloader.close()


@pytest.mark.usefixtures("server")
async def test_beside_a_server_it_is_on_its_way(ask: Console) -> None:
    """The server's courier looks every second."""
    printed = await asyncio.to_thread(ask, "--escalate", AT_ONCE)
    assert "It is recorded and on its way." in printed.out
    assert "No server runs here" not in printed.out


def test_without_a_server_nobody_thinks_that_it_is_on_its_way(ask: Console) -> None:
    """It is recorded, and the person must go themselves."""
    printed = ask("--escalate", AT_ONCE)
    assert printed.code == 0
    assert "No server runs here, so nobody has been told yet" in printed.out
    assert "Tell the person yourself now." in printed.out
    assert "on its way" not in printed.out


# ---- Words -----------------------------------------------------------------------------------------------------------


def test_no_word_of_a_concern_reaches_a_log(ask: Console, caplog: pytest.LogCaptureFixture) -> None:
    """What was written stands in the store, sealed, and nowhere else."""
    caplog.set_level(logging.DEBUG)
    ask("--escalate", f"{AT_ONCE} zebracanary")
    assert "zebracanary" not in caplog.text


def test_who_reads_a_place_that_the_register_cannot_name() -> None:
    """Nobody is kept quiet: others in the private channel are counted, or said to be unknown."""
    dsl, place = Contact("dsl", "DSL", "Mr B."), Address("slack", "C0SAFE", "place")
    plan = Plan(RouteName.CHILD, (dsl,), (place,), readers=(dsl,))
    assert readers(plan) == "Mr B., DSL will read it."
    assert readers(replace(plan, unnamed=2)).endswith(
        "In the private channel 2 more will read it, who have no role here."
    )
    assert readers(replace(plan, unnamed=None)).endswith("Everybody who reads the private channel will read it.")
    assert readers(replace(plan, readers=())) == "Mr B., DSL will read it."
