"""Rules for JSON values, from which the table of Adaptive Cards is made. A rule lists what is wrong, and where."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Shape:
    """The properties of an object: which must be there, which may."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)

    def with_more(self, more: Mapping[str, Rule]) -> "Shape":
        """Return the same with further properties that may be there."""
        return Shape(self.required, {**more, **self.optional})


def string(value: Any, where: str) -> Iterator[str]:
    """List what is wrong with a text."""
    if not isinstance(value, str):
        yield f"{where} must be a string"


def words(value: Any, where: str) -> Iterator[str]:
    """List what is wrong with a text that must not be empty."""
    if not isinstance(value, str) or not value:
        yield f"{where} must be a string that is not empty"


def flag(value: Any, where: str) -> Iterator[str]:
    """List what is wrong with a yes or no."""
    if not isinstance(value, bool):
        yield f"{where} must be true or false"


def number(value: Any, where: str) -> Iterator[str]:
    """List what is wrong with a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield f"{where} must be a number"


def anything(value: Any, where: str) -> Iterator[str]:
    """Find nothing wrong."""
    yield from ()


def one_of(*allowed: str) -> Rule:
    """Return the rule of a word from a list, in capitals or not."""
    known = {word.lower() for word in allowed}

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, str) or value.lower() not in known:
            yield f"{where} must be one of {', '.join(allowed)}"

    return check


def either(*rules: Rule) -> Rule:
    """Return the rule of a value that keeps one of several rules."""

    def check(value: Any, where: str) -> Iterator[str]:
        wrong = [list(rule(value, where)) for rule in rules]
        if all(wrong):
            yield from wrong[0]

    return check


def items(rule: Rule, least: int = 0, most: int | None = None) -> Rule:
    """Return the rule of a list."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{where} must be a list"
            return
        if len(value) < least:
            yield f"{where} must have at least {least}"
        if most is not None and len(value) > most:
            yield f"{where} must have at most {most}"
        for index, one in enumerate(value):
            yield from rule(one, f"{where}/{index}")

    return check


def record(shape: Shape, kind: str = "") -> Rule:
    """Return the rule of an object; `kind` is the type it may name, and it need not."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where} must be an object"
            return
        if kind and value.get("type", kind) != kind:
            yield f"{where}/type must be {kind}"
        yield from _properties(value, shape, where)

    return check


def typed(table: Mapping[str, Shape], what: str) -> Rule:
    """Return the rule of an object whose `type` says which properties it has."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where} must be an object"
            return
        shape = table.get(str(value.get("type")))
        if shape is None:
            yield f"{where}/type: there is no {what} {value.get('type')!r}"
            return
        yield from _properties(value, shape, where)

    return check


def _properties(value: dict[str, Any], shape: Shape, where: str) -> Iterator[str]:
    known = {**shape.optional, **shape.required, "type": anything}
    yield from (f"{where}/{name} is missing" for name in shape.required if name not in value)
    for name, one in value.items():
        if name in known:
            yield from known[name](one, f"{where}/{name}")
        else:
            yield f"{where}/{name} is no property of {value.get('type', 'it')}"
