"""`signpost kb new|check|test|coverage`: starting a school and looking it over."""

from pathlib import Path

import pytest

from adapters.bootstrap import Signpost
from tests.adapters.cli.conftest import Console
from tests.fakes import ReadySession, signpost_over
from tests.packs import DOCUMENT, edit

CONDUCT = "policies/conduct.yaml"


def test_a_new_school_passes_its_own_check_and_questions(
    shell: Console, capsys: pytest.CaptureFixture[str], signpost: Signpost
) -> None:
    """What Signpost hands out to start from can be served, and answers its own question set."""
    made = shell("kb", "new", "ours", "green-lane")
    checked = shell("--knowledge", "ours", "kb", "check")
    ready = ReadySession(signpost_over(Path("ours"), signpost, Path()))
    tested = Console(capsys, ready)("kb", "test")
    assert (made.code, checked.code, tested.code) == (0, 0, 0)
    assert "signpost --knowledge ours kb check" in made.out
    assert checked.out.startswith("green-lane: can be served, 1 warning")
    assert tested.out == "green-lane: 1 of 1 questions pass\n"


def test_a_new_school_is_never_written_over_an_old_one(shell: Console) -> None:
    """Asked for a school that is there, Signpost refuses."""
    shell("kb", "new", "ours", "green-lane")
    printed = shell("kb", "new", "ours", "green-lane")
    assert (printed.code, printed.out) == (2, "")
    assert "is there already. Choose another id" in printed.err


@pytest.mark.parametrize("school_id", ["Green", "green lane", "../green", "", "-green", "green\n", "grün", "g" * 64])
def test_a_bad_school_id_is_refused(shell: Console, school_id: str) -> None:
    """An id that could not be a folder's name everywhere is told with an example of a good one."""
    printed = shell("kb", "new", "ours", "--", school_id)
    assert printed.code == 2
    assert "such as hillside-primary" in printed.err
    assert not Path("ours").exists()


def test_a_new_school_in_a_file_is_refused(shell: Console) -> None:
    """A file in the place of the folder is told plainly."""
    Path("ours").write_text("a file", encoding="utf-8")
    printed = shell("kb", "new", "ours", "green-lane")
    assert printed.code == 2
    assert printed.err.startswith("signpost: Not a directory: ours")


def test_warnings_leave_the_check_at_0(kb: Console) -> None:
    """What is merely untidy is told, and holds nobody up."""
    printed = kb("check")
    assert printed.code == 0
    assert "hillside: can be served\nvalley: can be served, 1 warning\n" in printed.out
    assert "  warning: valley/policies/conduct.yaml: no document is attached" in printed.out


def test_errors_make_the_check_1(kb: Console, hillside: Path) -> None:
    """Every fault is named with file, line, what was found, what was expected and how to mend it."""
    line = edit(hillside / CONDUCT, "[friend-pupil]", "[friend-pupils]")
    printed = kb("check")
    assert printed.code == 1
    assert "hillside: 1 to mend\n" in printed.out
    assert (
        f'error: hillside/policies/conduct.yaml:{line} (clause friends-pupils): the topic "friend-pupils" is not in '
        "the catalogue. Expected: a topic of the catalogue, as it was when Signpost started. "
        'Did you mean "friend-pupil"?'
    ) in printed.out


def test_the_check_of_one_school_looks_at_no_other(kb: Console, hillside: Path) -> None:
    """A school's admin is not held up by a neighbour."""
    edit(hillside / CONDUCT, "stance: must-not", "stance: never")
    assert kb("check", "valley").code == 0
    assert kb("check", "hillside").code == 1


def test_the_check_as_json_lists_every_fault(kb: Console, hillside: Path) -> None:
    """Tools read file, line and severity."""
    line = edit(hillside / "school.yaml", "england", "france")
    hill, valley = kb("check", "--format", "json").json
    assert (hill["school"], hill["faults"][0]["file"], hill["faults"][0]["line"]) == (
        *("hillside", "hillside/school.yaml"),
        line,
    )
    assert [fault["severity"] for fault in valley["faults"]] == ["warning"]


def test_a_broken_catalogue_is_listed_by_the_check(kb: Console, hillside: Path) -> None:
    """A fault in the folder's own catalogue is told like any other, in words and as JSON."""
    catalogue = hillside.parents[1] / "catalogue"
    catalogue.mkdir()
    (catalogue / "lexicon.yaml").write_text("lexicon:\n  - {means: phone, alos: [mobile]}\n", encoding="utf-8")
    printed, listed = kb("check"), kb("check", "--format", "json")
    assert (printed.code, listed.code) == (1, 1)
    assert "error: catalogue/lexicon.yaml:2: " in printed.out
    assert {(fault["file"], fault["line"]) for fault in listed.json[0]["faults"]} == {("catalogue/lexicon.yaml", 2)}


def test_the_shipped_schools_pass_the_check(shell: Console) -> None:
    """What is shipped can be served."""
    assert shell("kb", "check").code == 0


def test_a_folder_without_schools_says_how_to_make_one(shell: Console) -> None:
    """An empty folder is no mistake, and the next step is named."""
    Path("empty/schools").mkdir(parents=True)
    printed = shell("--knowledge", "empty", "kb", "check")
    assert (printed.code, printed.out) == (
        0,
        "There are no schools here. Make one with `signpost kb new DIR ID`.\n",
    )


@pytest.mark.parametrize("command", ["check", "coverage", "test"])
def test_an_unknown_school_is_told_with_those_there_are(kb: Console, command: str) -> None:
    """A mistyped school is told with the right ones."""
    printed = kb(command, "hilside")
    assert (printed.code, printed.out) == (2, "")
    assert printed.err == 'signpost: There is no school "hilside" here. The schools here are: hillside, valley.\n'


def test_a_question_set_that_passes_is_counted(console: Console) -> None:
    """Every school's questions are asked."""
    printed = console("kb", "test")
    assert (printed.code, printed.out) == (
        0,
        "hillside: 1 of 1 questions pass\nvalley: 1 of 1 questions pass\n",
    )


def test_a_question_that_fails_is_told_with_its_line(console: Console, hillside: Path) -> None:
    """A school that is not served for its question set is tested all the same, and told what fails."""
    edit(hillside / "questions.yaml", "[friends-pupils]", "[phones-class]")
    printed = console("kb", "test", "hillside")
    assert printed.code == 1
    assert printed.out == (
        '  FAILED line 1: "can i accept a friend request from a pupil" wants answer with phones-class, '
        "got answer with ['friends-pupils']\nhillside: 0 of 1 questions pass\n"
    )


def test_known_failures_are_counted_apart(console: Console, hillside: Path) -> None:
    """What is known to fail fails no test."""
    edit(hillside / "questions.yaml", "[friends-pupils]", "[phones-class], known_failure: not yet")
    printed = console("kb", "test", "hillside")
    assert (printed.code, printed.out) == (0, "hillside: 0 of 1 questions pass, 1 known to fail\n")


def test_a_pack_with_errors_cannot_be_tested(console: Console, hillside: Path) -> None:
    """The errors are told, the other schools are tested, and the exit code is 1."""
    edit(hillside / "school.yaml", "england", "france")
    printed = console("kb", "test")
    assert (printed.code, printed.out) == (1, "valley: 1 of 1 questions pass\n")
    assert "hillside/school.yaml:2" in printed.err


def test_the_question_set_as_json_holds_every_row(console: Console) -> None:
    """Tools read what was asked, wanted and got."""
    [row] = console("kb", "test", "valley", "--format", "json").json
    assert (row["finds"], row["got"], row["clauses"], row["right"]) == (
        *(["friends-pupils"], "answer"),
        ["friends-pupils"],
        True,
    )


def test_a_document_that_is_covered_is_told(kb: Console) -> None:
    """A policy with a clause for every passage passes."""
    printed = kb("coverage", "hillside")
    assert (printed.code, printed.out) == (0, "hillside/conduct: 100 % of 2 passages covered\n")


def test_missing_passages_come_with_the_line_to_paste(kb: Console, hillside: Path) -> None:
    """What no clause covers is listed, with its locator."""
    (hillside / "policies" / "conduct.md").write_text(DOCUMENT + "\nVisitors sign in.\n", encoding="utf-8")
    printed = kb("coverage", "hillside")
    assert printed.code == 1
    assert "66 % of 3 passages covered\n  [4] Visitors sign in.\n      locator: {passages: [4], digest: " in printed.out


def test_coverage_without_a_document_says_how_to_attach_it(kb: Console) -> None:
    """Nothing can be covered before the document is there."""
    printed = kb("coverage", "valley")
    assert printed.code == 1
    assert printed.out == ("valley/conduct: no document is attached. Attach it: signpost kb attach valley FILE\n")


def test_coverage_as_json_holds_numbers_and_lines(kb: Console, hillside: Path) -> None:
    """Tools read what people read."""
    (hillside / "policies" / "conduct.md").write_text(DOCUMENT + "\nVisitors sign in.\n", encoding="utf-8")
    [policy] = kb("coverage", "hillside", "--format", "json").json
    assert (policy["policy"], policy["passages"], policy["percent"]) == ("conduct", 3, 66.7)
    assert policy["missing"][0]["locator"].startswith("locator: {passages: [4]")


def test_coverage_of_a_broken_school_tells_its_faults(kb: Console, hillside: Path) -> None:
    """First things first."""
    edit(hillside / "school.yaml", "england", "france")
    printed = kb("coverage", "hillside")
    assert (printed.code, printed.out) == (1, "")
    assert "hillside/school.yaml:2" in printed.err
