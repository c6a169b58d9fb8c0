"""Rules for JSON values, from which the table of Block Kit is made. A rule lists what is wrong, in Slack's words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]
TEXT_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of an object: which must be there, which may."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)


def fault(what: str, where: str) -> str:
    """Return one fault, with the place it is at."""
    return f"{what} [json-pointer:{where}]"


def string(limit: int, least: int = 0) -> Rule:
    """Return the rule of a string."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield fault("must be a string", where)
        elif len(value) > limit:
            yield fault(f"must be less than {limit + 1} characters", where)
        elif len(value) < least:
            yield fault(f"must be more than {least - 1} characters", where)

    return check


def text(limit: int, *, plain: bool = False) -> Rule:
    """Return the rule of a text object."""
    kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, dict) or value.get("type") not in kinds:
            yield fault(f"must be a text object of type {' or '.join(kinds)}", where)
            return
        yield from _unknown(value, TEXT_KEYS[value["type"]], where)
        yield from string(limit, 1)(value.get("text"), f"{where}/text")

    return check


def flag(value: Any, where: str) -> Iterator[str]:
    """List what is wrong with a boolean."""
    if not isinstance(value, bool):
        yield fault("must be a boolean", where)


def anything(value: Any, where: str) -> Iterator[str]:
    """Find nothing wrong."""
    yield from ()


def whole(least: int, most: int) -> Rule:
    """Return the rule of a whole number."""

    def check(value: Any, where: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            yield fault(f"must be a number from {least} to {most}", where)

    return check


def one_of(*allowed: str) -> Rule:
    """Return the rule of a word from a list."""

    def check(value: Any, where: str) -> Iterator[str]:
        if value not in allowed:
            yield fault(f"must be one of {', '.join(allowed)}", where)

    return check


def items(rule: Rule, most: int, least: int = 1) -> Rule:
    """Return the rule of a list."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield fault("must be an array", where)
            return
        if len(value) > most:
            yield fault(f"no more than {most} items allowed", where)
        if len(value) < least:
            yield fault(f"no fewer than {least} items allowed", where)
        for number, one in enumerate(value):
            yield from rule(one, f"{where}/{number}")

    return check


def record(shape: Shape) -> Rule:
    """Return the rule of an object without a type."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must be an object", where)
            return
        yield from _fields(value, shape, where)

    return check


def typed(shapes: Mapping[str, Shape], *kinds: str) -> Rule:
    """Return the rule of an object whose `type` says which fields it has; `kinds` are those allowed here."""

    def check(value: Any, where: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in kinds:
            yield fault(f"unsupported type: {kind}", f"{where}/type")
            return
        shape = shapes[kind]
        yield from _fields(value, Shape({"type": anything, **shape.required}, shape.optional), where)

    return check


def _fields(value: dict[str, Any], shape: Shape, where: str) -> Iterator[str]:
    yield from (fault(f"missing required field: {name}", where) for name in shape.required if name not in value)
    yield from _unknown(value, {*shape.required, *shape.optional}, where)
    for name, rule in {**shape.required, **shape.optional}.items():
        if name in value:
            yield from rule(value[name], f"{where}/{name}")


def _unknown(value: dict[str, Any], known: set[str], where: str) -> Iterator[str]:
    yield from (fault(f"invalid additional property: {name}", where) for name in value if name not in known)
