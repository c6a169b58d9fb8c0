"""The shape of the files of a pack, as far as it is more than a list of fields."""

from pathlib import Path

import pytest

from knowledge.schema import FILES, PATTERNS, is_id
from tests.knowledge.builders import SCHOOL, clause, pack_of, policy


@pytest.mark.parametrize("name", ["a", "friends-pupils", "4-2", "x" * 63])
def test_short_name_is_an_id(name: str) -> None:
    """Ids are short names of lower-case letters, digits and hyphens."""
    assert is_id(name)


@pytest.mark.parametrize("name", ["", "-a", "Friends", "a b", "a_b", "a/b", "..", "é", "a\n", "x" * 64])
def test_other_names_are_no_ids(name: str) -> None:
    """Nothing that could leave a folder, or be mistaken for another id, is one."""
    assert not is_id(name)


def test_every_pattern_has_its_words() -> None:
    """No regular expression is ever shown to an admin: each pattern of the shapes has words of its own."""
    used: set[str] = set()
    todo: list[object] = [shape.model_json_schema() for shape in FILES.values()]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            used |= {node["pattern"]} if isinstance(node.get("pattern"), str) else set()
        todo += list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []
    assert used
    assert used <= set(PATTERNS)


@pytest.mark.parametrize("day", ["2026-02-31", "2025-02-29", "2026-04-31"])
def test_a_date_no_calendar_has_is_a_fault(tmp_path: Path, day: str) -> None:
    """A slip in a date is told with its line, and never counted with."""
    files = {"policies/phones.yaml": policy(clause(), head=["version: two", f"review_due: {day}"])}
    [fault] = pack_of(tmp_path / "hilltop", files).faults
    assert (fault.file, fault.line) == ("hilltop/policies/phones.yaml", 3)
    assert day in fault.found


@pytest.mark.parametrize("term", ["2026-12-18/2026-09-02", "2026-02-01/2026-02-31"])
def test_a_term_no_calendar_has_is_a_fault(tmp_path: Path, term: str) -> None:
    """A term that ends before it begins, or on no day at all, is told with its line."""
    hours = f'hours:\n  days: [mon]\n  from: "07:45"\n  to: "17:30"\n  terms: [{term}]\n'
    [fault] = pack_of(tmp_path / "hilltop", {}, SCHOOL + hours).faults
    assert (fault.file, fault.line) == ("hilltop/school.yaml", 7)
    assert term in fault.found


def test_the_last_day_of_february_is_a_date(tmp_path: Path) -> None:
    """A leap day, a month alone and a term of one day are in the calendar."""
    hours = 'hours: {days: [mon], from: "07:45", to: "17:30", terms: [2026-09-02/2026-09-02]}\n'
    files = {"policies/phones.yaml": policy(clause(), head=["issued: 2028-02-29", "review_due: 2029-02"])}
    assert pack_of(tmp_path / "hilltop", files, SCHOOL + hours).faults == []
