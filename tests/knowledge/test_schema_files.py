"""The schemas that editors check with, and the shipped files that name them."""

import json
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from knowledge.loader import SHIPPED
from knowledge.schema import FILES, QuestionShape
from knowledge.schema_files import FOLDER, json_schemas, write_schemas
from knowledge.yaml_reader import read_yaml

SHIPPED_YAML = sorted(path for name in ("schools", "catalogue") for path in (SHIPPED / name).rglob("*.yaml"))
NAMES = [str(path.relative_to(SHIPPED)) for path in SHIPPED_YAML]


def schema_of(path: Path) -> Path:
    """Return the schema that a file's first line names."""
    hint = path.read_text(encoding="utf-8").splitlines()[0]
    before, _, named = hint.partition("# yaml-language-server: $schema=")
    assert before == ""
    return (path.parent / named).resolve()


@pytest.mark.parametrize("name", sorted(json_schemas()))
def test_the_committed_schemas_are_those_of_the_code(name: str) -> None:
    """What editors check is what Signpost checks; `make schemas` writes them anew."""
    assert json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")) == json_schemas()[name]


def test_no_schema_is_left_over() -> None:
    """Every schema file belongs to a kind of file that there is."""
    assert {path.stem for path in FOLDER.iterdir()} == set(json_schemas())


def test_schemas_are_written_as_they_are_committed(tmp_path: Path) -> None:
    """A folder of one's own gets the same schemas, byte for byte."""
    for path in write_schemas(tmp_path / "schemas"):
        assert path.read_bytes() == (FOLDER / path.name).read_bytes()


@pytest.mark.parametrize("path", SHIPPED_YAML, ids=NAMES)
def test_every_shipped_file_names_its_schema(path: Path) -> None:
    """Whoever opens a shipped file in an editor is helped at once."""
    assert schema_of(path).parent == FOLDER.resolve()
    assert schema_of(path).is_file()


@pytest.mark.parametrize("path", SHIPPED_YAML, ids=NAMES)
def test_every_shipped_file_is_of_the_shape_it_names(path: Path) -> None:
    """The schema that a file names is the one it keeps to."""
    shape = FILES.get(schema_of(path).stem, list[QuestionShape])
    assert TypeAdapter[object](shape).validate_python(read_yaml(path.name, path.read_bytes()).value)


@pytest.mark.parametrize("name", sorted(FILES))
def test_schemas_refuse_unknown_keys(name: str) -> None:
    """An editor underlines a key that Signpost would refuse."""
    assert json_schemas()[name]["additionalProperties"] is False
