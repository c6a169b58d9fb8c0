"""`signpost ask`: one question, or many as JSON lines."""

import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from adapters.bootstrap import Signpost
from adapters.cli.main import cli
from adapters.cli.speech import reply_text
from bot.types import Candidate, Option, Outcome, Reply, ShownClause
from knowledge.model import Contact, Reach
from tests.adapters.cli.conftest import Console
from tests.fakes import ReadySession, signpost_over
from tests.packs import FRIENDS, edit, write_school

QUESTION = "can i accept a friend request from a pupil"
VERDICT = "Not allowed: being friends with a pupil on social media"

Jsonl = Callable[..., Path]


@pytest.fixture
def jsonl(tmp_path: Path) -> Jsonl:
    """Return a function that writes lines to a file."""

    def written(*lines: object) -> Path:
        path = tmp_path / "questions.jsonl"
        text = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path.write_text("\n".join(text) + "\n", encoding="utf-8")
        return path

    return written


def test_an_answer_shows_verdict_quote_place_and_whom_to_ask(console: Console) -> None:
    """A straight answer, the rule itself, where it stands, and who to ask."""
    printed = console("ask", "--school", "hillside", QUESTION)
    verdict, _, quote, place, _, ask = printed.out.splitlines()
    assert (printed.code, printed.err) == (0, "")
    assert (verdict, quote) == (VERDICT, f"  | {FRIENDS}")
    assert place == "  -- Personal conduct (Conduct policy)"
    assert ask == "Who to ask: Mrs A. Example, Headteacher"


def test_without_a_document_plain_words_are_labelled(console: Console) -> None:
    """Plain words are never passed off as the policy's own."""
    printed = console("ask", "--school", "valley", QUESTION)
    assert "  Don't be friends with a pupil on social media.\n  (These are plain words" in printed.out


def test_json_holds_the_whole_reply(console: Console) -> None:
    """Tools read the same reply that people do."""
    reply = console("ask", "--school", "hillside", "--format", "json", QUESTION).json
    assert (reply["outcome"], reply["verdict"], reply["school"]) == ("answer", VERDICT, "hillside")
    assert reply["clauses"][0]["quote"] == FRIENDS
    assert "why" not in reply


def test_why_is_told_on_demand(console: Console) -> None:
    """Who doubts an answer can read in words how it came about."""
    asked = ("ask", "--school", "hillside", QUESTION)
    assert "friends-pupils" not in console(*asked).out
    assert "friends-pupils" in console(*asked, "--why").out.partition("\nWhy:\n")[2]


def test_why_is_part_of_the_json_on_demand(console: Console) -> None:
    """Tools get the same words."""
    asked = ("ask", "--school", "hillside", "--format", "json", QUESTION)
    assert "why" not in console(*asked).json
    assert "friends-pupils" in console(*asked, "--why").json["why"]


def test_a_choice_answers_what_was_tapped(console: Console) -> None:
    """After being asked back, the option decides."""
    printed = console("ask", "--school", "hillside", "--choice", "clause:phones-class", "is that ok for us")
    assert printed.out.startswith("Required: keeping your phone out of sight in class")


def test_a_choice_that_is_gone_is_passed_over(console: Console) -> None:
    """An option of an older version does not break the answer."""
    printed = console("ask", "--school", "hillside", "--choice", "clause:gone", QUESTION)
    assert printed.out.startswith(VERDICT)


def test_a_greeting_is_answered_with_help(console: Console) -> None:
    """Nobody meets silence."""
    assert "I answer questions about your school's policies" in console("ask", "--school", "valley", "hello").out


def test_a_concern_is_answered_with_what_to_do_now(console: Console) -> None:
    """Advice comes first, numbered, and nobody believes that somebody was told."""
    printed = console("ask", "--school", "hillside", "a boy in my class told me his dad hits him")
    assert "\n  1. " in printed.out
    assert "Nobody has been told yet" in printed.out


def test_options_are_listed_with_what_to_choose_them_by() -> None:
    """A question that could mean several things names them."""
    options = (Option("clause:a", "Being friends", ("a",)), Option("clause:b", "Using a phone", ("b",)))
    reply = Reply("1", "hillside", "hm", Outcome.CLARIFY, 0.4, "Which of these?", options=options)
    lines = "Which of these?\n  1. Being friends  [clause:a]\n  2. Using a phone  [clause:b]"
    assert reply_text(reply, why=False) == lines


def test_everything_a_reply_holds_is_printed(small: Signpost) -> None:
    """Tension, contacts with their numbers, notices and a clause beside the advice are all shown."""
    school = small.library.view("hillside").school
    clause = school.clause("friends-pupils")
    reply = Reply(
        *("1", "hillside", "hm", Outcome.CONCERN, 0.4, "Please do this now."),
        verdict=VERDICT,
        advice=("Stay calm.",),
        clauses=(ShownClause(clause, school.policies[0], 0.9),),
        tension="Two rules pull apart.",
        contacts=(
            Contact("dsl", "DSL", "Mr B.", (Reach("phone", "01632 960002"), Reach("slack", "U0DSL"))),
            Contact("head", "Headteacher"),
        ),
        notices=("This policy was due for review.",),
        candidates=(Candidate(clause, 0.9, {}),),
    )
    text = reply_text(reply, why=True)
    assert text.startswith("Please do this now.\n  1. Stay calm.\n\nNot allowed: ")
    assert "Two rules pull apart.\n\nWho to ask: Mr B., DSL (phone 01632 960002); your headteacher\nNote: This" in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask"], "Give one question in quotes, or --jsonl FILE"),
        (["ask", QUESTION, "--jsonl", "-"], "Give one question in quotes, or --jsonl FILE"),
        (["ask", QUESTION], "Name a school with --school. The schools here are: hillside, valley."),
        (["ask", "--school", "ridge", QUESTION], 'There is no school "ridge" here. The schools here are: hillside, v'),
        (["ask", "--school", "hillside", " "], "The question is empty."),
        (["ask", "--school", "hillside", "x" * 10_000], "The question has 10,000 characters; at most 2,000"),
        (["ask", "--jsonl", "nowhere.jsonl"], "No such file or directory"),
        (["ask", "--fromat", "json", QUESTION], "No such option"),
    ],
)
def test_what_cannot_be_answered_is_told_plainly(console: Console, arguments: list[str], told: str) -> None:
    """Bad usage is one plain message on standard error, and exit code 2."""
    printed = console(*arguments)
    assert (printed.code, printed.out) == (2, "")
    assert told in printed.err


def test_a_school_that_is_not_served_says_what_to_mend(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, signpost: Signpost
) -> None:
    """A broken school is not called unknown: its faults are told."""
    line = edit(write_school(tmp_path) / "school.yaml", "england", "france")
    console = Console(capsys, ReadySession(signpost_over(tmp_path, signpost, tmp_path)))
    printed = console("ask", "--school", "hillside", QUESTION)
    assert printed.code == 2
    assert f'signpost: hillside/school.yaml:{line}: "france" is not known here' in printed.err
    assert "none is served" in console("ask", QUESTION).err


def test_lines_are_answered_in_order_with_their_ids(console: Console, jsonl: Jsonl) -> None:
    """Ids of any kind come back as they were."""
    ids = [7, "seven", None, 1.5, [1, {"a": 2}], True, "ünï"]
    printed = console("ask", "--school", "hillside", "--jsonl", jsonl(*({"id": i, "question": QUESTION} for i in ids)))
    assert printed.code == 0
    assert [reply["id"] for reply in printed.lines] == ids
    assert {reply["verdict"] for reply in printed.lines} == {VERDICT}


def test_a_line_that_cannot_be_answered_spares_the_others(console: Console, jsonl: Jsonl) -> None:
    """Each bad line gives its error with its number, the rest is answered, and the exit code is 1."""
    lines = jsonl(
        {"id": "first", "question": QUESTION},
        "not json",
        ["a", "list"],
        {"id": 4, "question": QUESTION, "school": "ridge"},
        {"id": 5, "question": "  "},
        {"id": 6, "question": "x" * 10_000},
        {"question": QUESTION},
        {"id": 8},
        {"id": 9, "question": QUESTION, "school": 3},
        {"id": "last", "question": QUESTION},
    )
    printed = console("ask", "--school", "hillside", "--jsonl", lines)
    told = [(reply["id"], reply.get("error", {}).get("code", "answered")) for reply in printed.lines]
    assert printed.code == 1
    assert told == [
        ("first", "answered"),
        (None, "bad_json"),
        (None, "bad_line"),
        (4, "unknown_school"),
        (5, "bad_question"),
        (6, "bad_question"),
        (None, "answered"),
        (8, "bad_line"),
        (9, "bad_line"),
        ("last", "answered"),
    ]
    assert [reply["line"] for reply in printed.lines if "error" in reply] == [2, 3, 4, 5, 6, 8, 9]


def test_a_lines_school_beats_the_option(console: Console, jsonl: Jsonl) -> None:
    """One file can ask many schools."""
    lines = jsonl({"question": QUESTION}, {"question": QUESTION, "school": "valley"})
    printed = console("ask", "--school", "hillside", "--jsonl", lines)
    assert [reply["school"] for reply in printed.lines] == ["hillside", "valley"]


def test_a_line_without_a_school_is_told_where_none_is_the_default(console: Console, jsonl: Jsonl) -> None:
    """Signpost guesses no school."""
    [reply] = console("ask", "--jsonl", jsonl({"id": 1, "question": QUESTION})).lines
    assert reply["error"]["message"] == 'A line needs "school", the id of a school.'


@pytest.mark.parametrize(
    "line",
    [
        '{"id": ' + "9" * 5_000 + ', "question": "x"}',
        "[" * 100_000,
        '{"id": 1, "question": ' + "[" * 100_000,
        '"just text"',
        "3",
        "null",
    ],
    ids=["huge-number", "deep", "deep-question", "text", "number", "null"],
)
def test_odd_json_is_an_error_of_its_line(console: Console, jsonl: Jsonl, line: str) -> None:
    """No line, however odd, ends the run."""
    printed = console("ask", "--school", "hillside", "--jsonl", jsonl(line, {"question": QUESTION}))
    assert [reply.get("verdict") for reply in printed.lines] == [None, VERDICT]


def test_a_deep_id_comes_back(console: Console, jsonl: Jsonl) -> None:
    """What could be read can be written."""
    deep = "[" * 400 + "]" * 400
    printed = console("ask", "--school", "hillside", "--jsonl", jsonl(f'{{"id": {deep}, "question": "hello"}}'))
    assert json.dumps(printed.lines[0]["id"]) == deep


def test_half_characters_are_survived(console: Console, jsonl: Jsonl) -> None:
    """JSON can hold half of an emoji; it is asked as a question mark, and an id keeps it."""
    lines = jsonl('{"id": "\\ud83d", "question": "\\ud83d hello"}')
    [reply] = console("ask", "--school", "hillside", "--jsonl", lines).lines
    assert (reply["id"], reply["question"]) == ("\ud83d", "? hello")
    assert console("ask", "--school", "hillside", "\udcff hello").code == 0


def test_a_file_from_windows_is_read(console: Console, tmp_path: Path) -> None:
    """A byte order mark, carriage returns and blank lines are no mistakes."""
    path = tmp_path / "questions.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id": 1, "question": "hello"}\r\n\r\n   \r\nnot json\r\n')
    printed = console("ask", "--school", "hillside", "--jsonl", path)
    assert [reply["id"] for reply in printed.lines] == [1, None]
    assert printed.lines[1]["line"] == 4


def test_lines_come_from_standard_input_too(small: Signpost) -> None:
    """A hyphen reads what another program writes; --why is told for each."""
    asked = json.dumps({"id": 1, "school": "valley", "question": QUESTION})
    result = CliRunner().invoke(cli, ["ask", "--why", "--jsonl", "-"], input=asked, obj=ReadySession(small))
    reply = json.loads(result.stdout)
    assert (reply["id"], reply["verdict"]) == (1, VERDICT)
    assert "friends-pupils" in reply["why"]


def test_no_word_of_a_question_reaches_a_log(console: Console, jsonl: Jsonl, caplog: pytest.LogCaptureFixture) -> None:
    """What staff ask is nobody else's business: answered or refused, it is logged nowhere."""
    caplog.set_level(logging.DEBUG)
    console("ask", "--school", "hillside", "my zebracanary question")
    refused = console("ask", "--school", "ridge", "my zebracanary question")
    lines = jsonl({"id": 1, "question": "zebracanary"}, "zebracanary", {"question": "zebracanary" * 500})
    told = console("ask", "--school", "hillside", "--jsonl", lines)
    assert "zebracanary" not in caplog.text + refused.err + told.err


def test_lines_are_read_from_standard_input_where_no_file_is_named(small: Signpost) -> None:
    """Behind a pipe, --jsonl alone is enough."""
    line = json.dumps({"id": 1, "question": QUESTION})
    arguments = ["ask", "--school", "valley", "--jsonl"]
    result = CliRunner().invoke(cli, arguments, input=line, obj=ReadySession(small))
    assert json.loads(result.stdout)["verdict"] == VERDICT


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_a_number_json_does_not_know_is_bad_json(console: Console, jsonl: Jsonl, value: str) -> None:
    """What other programs cannot read back is not taken as an id."""
    lines = jsonl(f'{{"id": {value}, "question": "hello"}}')
    [reply] = console("ask", "--school", "hillside", "--jsonl", lines).lines
    assert (reply["id"], reply["error"]["code"]) == (None, "bad_json")


@pytest.mark.parametrize("school", [0, False, None, []])
def test_an_empty_value_is_not_the_default_school(console: Console, jsonl: Jsonl, school: object) -> None:
    """A line that names a school wrongly is told, and not answered from another's policies."""
    lines = jsonl({"id": 1, "question": QUESTION, "school": school})
    [reply] = console("ask", "--school", "hillside", "--jsonl", lines).lines
    assert reply["error"]["code"] == "bad_line"
