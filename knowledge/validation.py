"""Checks a YAML file against its shape and puts every fault into words an admin can act on."""

import re
from collections.abc import Sequence
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from rapidfuzz import process

from knowledge.faults import Fault
from knowledge.schema import PATTERNS, Shape
from knowledge.yaml_reader import Path, Value, YamlFile

_T = TypeVar("_T")
_SHOWN = 60
_QUOTED = re.compile(r"'([^']*)'")
_UNION_TAGS = ("list[", "dict[", "constrained-", "nullable", "function-")
_KEY = "[key]"
_SHORT_NAME = "a short name of lower-case letters, digits and hyphens"
# What to say was expected where no field of ours says it: the library speaks of dictionaries and instances.
_PLAIN = {
    "list_type": "a list",
    "dict_type": 'lines of "key: value"',
    "model_type": 'lines of "key: value"',
    "string_type": "a single value",
}


def validate(file: YamlFile, shape: type[_T]) -> _T | None:
    """Return the file's value in that shape, or None with every fault added to `file.faults`.

    `shape` is a Shape, or a list of them for a file that is a list.
    """
    if file.faults:
        return None
    if file.value is None:
        mend = "Start from the file that `signpost kb new` makes."
        file.faults.append(Fault(file.name, None, "the file is empty", "a filled-in file", mend))
        return None
    try:
        return TypeAdapter(shape).validate_python(file.value)
    except ValidationError as invalid:
        file.faults.extend(_fault(file, shape, error) for error in invalid.errors(include_url=False))
        return None


def _fault(file: YamlFile, shape: Any, error: ErrorDetails) -> Fault:
    path: Path = ()
    for part in error["loc"]:
        if (*path, part) in file.lines or not _is_tag(part):
            path = (*path, part)
    found, expected, mend = _words(shape, path, error)
    return Fault(file.name, file.line_of(path), found, expected, mend, clause=_clause_of(file.value, path))


def _is_tag(part: int | str) -> bool:
    """Tell the names that pydantic puts into a location for the branches of a union, and for a key itself."""
    return isinstance(part, str) and (part == _KEY or part.startswith(_UNION_TAGS))


def _words(shape: Any, path: tuple[int | str, ...], error: ErrorDetails) -> tuple[str, str, str]:
    name = next((str(part) for part in reversed(path) if isinstance(part, str)), "the file")
    key = str(path[-1]) if path else name
    expected = _expected(shape, path, error)
    kind = error["type"]
    if _KEY in error["loc"] and kind == "string_pattern_mismatch":
        return f"the key {_shown(key)}", _SHORT_NAME, _value_mend(error)
    if kind == "missing":
        return f'"{key}" is missing', expected, f'Add a line "{key}: ...".'
    if kind in {"extra_forbidden", "literal_error", "enum"}:
        return _unknown(shape, path, error, expected)
    if kind in {"list_type", "dict_type", "model_type", "string_type"}:
        return f'"{name}" is {_kind_of(error["input"])}', expected, _shape_mend(kind)
    return f'"{name}" is {_value_shown(error["input"])}', expected, _value_mend(error)


def _value_mend(error: ErrorDetails) -> str:
    limits = error.get("ctx", {})
    kind = error["type"]
    if kind == "string_pattern_mismatch":
        return f"Write {PATTERNS.get(str(limits.get('pattern')), 'it as expected')}."
    if kind in {"too_long", "string_too_long"}:
        return f"Make it shorter: at most {limits.get('max_length')}."
    if kind in {"too_short", "string_too_short"}:
        return f"Write at least {limits.get('min_length')}."
    if kind.startswith("bool"):
        return "Write true or false."
    message = error["msg"].removeprefix("Value error, ")
    return "Write a whole number." if kind.startswith("int") else f"{message[:1].upper()}{message[1:]}."


def _unknown(shape: Any, path: tuple[int | str, ...], error: ErrorDetails, expected: str) -> tuple[str, str, str]:
    """Word an unknown key or an unknown value, with the nearest one there is."""
    if error["type"] == "extra_forbidden":
        known = _keys_at(shape, path[:-1])
        found, asked = f'"{path[-1]}" is not a key here', str(path[-1])
        expected = "one of: " + ", ".join(known) if known else expected
    else:
        known = _choices(error)
        found, asked = f"{_shown(error['input'])} is not known here", str(error["input"])
        expected = "one of: " + ", ".join(known)
    near = process.extractOne(asked, known, score_cutoff=60) if known else None
    return found, expected, f'Did you mean "{near[0]}"?' if near else "Change it or take it out."


def _choices(error: ErrorDetails) -> list[str]:
    listed = str(error.get("ctx", {}).get("expected", ""))
    return _QUOTED.findall(listed)


def _shape_mend(kind: str) -> str:
    if kind == "list_type":
        return "Put each item on its own line behind a hyphen, or write [one, two]."
    if kind == "string_type":
        return "Write a single value, in double quotes if it holds a colon."
    return 'Write lines of "key: value" below it, two spaces further in.'


def _kind_of(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict):
        return "a mapping of keys"
    return "a list" if isinstance(value, list) else _shown(value)


def _value_shown(value: Any) -> str:
    return f"a list of {len(value)}" if isinstance(value, list) else _shown(value)


def _shown(value: Any) -> str:
    text = str(value)
    return f'"{text[:_SHOWN]}…"' if len(text) > _SHOWN else f'"{text}"'


def _clause_of(value: Value, path: Sequence[int | str]) -> str | None:
    """Return the id of the clause a path lies in, so that a fault can name it."""
    if len(path) < 2 or path[0] != "clauses" or not isinstance(value, dict) or not isinstance(path[1], int):
        return None
    clauses = value.get("clauses")
    clause = clauses[path[1]] if isinstance(clauses, list) and path[1] < len(clauses) else None
    found = clause.get("id") if isinstance(clause, dict) else None
    return found if isinstance(found, str) else None


def _expected(shape: Any, path: tuple[int | str, ...], error: ErrorDetails) -> str:
    """Say what was expected: the description of the field, of the field around it, or the library's own words."""
    for length in range(len(path), 0, -1):
        if isinstance(path[length - 1], str):
            model = _model_at(shape, path[: length - 1])
            field = _field(model, str(path[length - 1])) if model else None
            return field.description if field and field.description else _plain(error)
    return _plain(error)


def _plain(error: ErrorDetails) -> str:
    return _PLAIN.get(error["type"], error["msg"])


def _field(model: type[BaseModel], key: str) -> FieldInfo | None:
    found = model.model_fields.get(key)
    return found or next((field for field in model.model_fields.values() if field.alias == key), None)


def _keys_at(shape: Any, path: tuple[int | str, ...]) -> list[str]:
    model = _model_at(shape, path)
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def _model_at(shape: Any, path: tuple[int | str, ...]) -> type[Shape] | None:
    """Walk a path through the shapes to the one that holds its end."""
    here = shape
    for part in path:
        here = _unwrap(here)
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = _field(here, str(part))
            here = field.annotation if field else None
        else:
            here = next(reversed(get_args(here)), None)
    here = _unwrap(here)
    return here if isinstance(here, type) and issubclass(here, Shape) else None


def _unwrap(annotation: Any) -> Any:
    """Take `| None` off a type."""
    if get_origin(annotation) in {Union, UnionType}:
        return next((arg for arg in get_args(annotation) if arg is not type(None)), None)
    return annotation
