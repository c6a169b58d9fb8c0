"""The shape of the files of a pack, as far as it is more than a list of fields."""

import pytest

from knowledge.schema import FILES, PATTERNS, is_id


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
