"""Reads YAML that anybody may have written: safely, strictly, and knowing the line of everything.

The file is never handed to a YAML constructor. Its events are counted and checked as they stream by, and plain
values are built from them: mappings, lists, strings and null. So `no` stays "no" and `3.10` stays "3.10"; anchors,
aliases, merge keys and tags, which can blow up or run code, are refused; nesting is bounded before anything recurses.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from knowledge.faults import Fault

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_NODES = 100_000
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_LAYOUT = frozenset("\n\r\t")

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"
Path: TypeAlias = tuple[str | int, ...]


@dataclass(slots=True)
class YamlFile:
    """What one file held: its plain value (None where it could not be read), the line of each path, and its faults."""

    name: str
    value: Value = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line_of(self, path: Path) -> int | None:
        """Return the line of a path, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None


def read_yaml(name: str, content: bytes) -> YamlFile:
    """Read the bytes of a YAML file. Never raises for bad content: what is wrong stands in `faults`."""
    file = YamlFile(name)
    text = _text(file, content)
    if text is None:
        return file
    _check_characters(file, text)
    builder = _Builder(file)
    try:
        for event in _events(text):
            if not builder.take(event):
                break
    except yaml.YAMLError as error:
        _syntax_fault(file, error)
    if not file.faults:
        file.value = builder.root
    return file


def _events(text: str) -> Iterator[Event]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.parse(text, Loader=loader)


def _text(file: YamlFile, content: bytes) -> str | None:
    if len(content) > MAX_BYTES:
        found = f"the file has {len(content):,} bytes"
        file.faults.append(
            Fault(file.name, None, found, f"at most {MAX_BYTES:,} bytes", "Split the policy into several files.")
        )
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        mend = 'Save the file as "UTF-8" in your editor.'
        file.faults.append(Fault(file.name, line, "bytes that are not UTF-8 text", "UTF-8", mend))
        return None


def _check_characters(file: YamlFile, text: str) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        for sign in _hidden_signs(line):
            file.faults.append(_hidden_fault(file.name, number, sign))


def _hidden_signs(text: str) -> list[str]:
    """List the characters that cannot be seen: control, direction-override and zero-width ones, each once."""
    if text.isascii() and text.isprintable():
        return []
    signs = {sign for sign in text if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}}
    return sorted(signs - _LAYOUT)


def _hidden_fault(name: str, line: int | None, sign: str) -> Fault:
    called = unicodedata.name(sign, "a control character").lower()
    found = f"an invisible character, U+{ord(sign):04X} ({called})"
    return Fault(name, line, found, "text that can be seen", "Delete the line and type it again.")


def _syntax_fault(file: YamlFile, error: yaml.YAMLError) -> None:
    if file.faults:
        return
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "the text cannot be read as YAML"
    line = mark.line + 1 if mark else None
    mend = "Look at the line and the one above it: a missing quote, colon or space is the usual cause."
    file.faults.append(Fault(file.name, line, f"this is not YAML: {problem}", "valid YAML", mend))


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being filled."""

    value: list[Value] | dict[str, Value]
    path: Path
    key: str | None = None
    awaits_key: bool = True


class _Builder:
    """Builds plain values from events, on a stack of its own, so that depth is bounded by a number and not by luck."""

    def __init__(self, file: YamlFile) -> None:
        self.root: Value = None
        self._file = file
        self._known = set(file.faults)
        self._stack: list[_Open] = []
        self._nodes = 0
        self._documents = 0

    def take(self, event: Event) -> bool:
        """Take one event; False once reading on would be pointless or dangerous."""
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            return self._refuse(line, "an anchor or alias (& or *)", "plain values", "Write the value out in full.")
        if self._is_tagged(event):
            return self._refuse(line, "a tag (!)", "plain values", "Take the word that starts with ! out.")
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                return self._refuse(line, "a second document (---)", "one document a file", "Use a file for each.")
        if isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._stack.pop()
            return True
        if isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent):
            return self._node(event, line)
        return True

    @staticmethod
    def _is_tagged(event: Event) -> bool:
        """Tell an explicit tag; "!" alone is what the parser gives every quoted string."""
        return getattr(event, "tag", None) not in (None, "!")

    def _node(self, event: Event, line: int) -> bool:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            found = f"more than {MAX_NODES:,} values"
            return self._refuse(line, found, "a pack of ordinary size", "Split the file.")
        if isinstance(event, ScalarEvent):
            return self._scalar(event, line)
        if len(self._stack) >= MAX_DEPTH:
            found = f"more than {MAX_DEPTH} levels of nesting"
            return self._refuse(line, found, f"at most {MAX_DEPTH}", "Look for stray brackets or indents.")
        return self._open([] if isinstance(event, SequenceStartEvent) else {}, line)

    def _scalar(self, event: ScalarEvent, line: int) -> bool:
        text = str(event.value)
        if event.style == '"':
            self._check_escapes(text, line)
        if self._stack and isinstance(self._stack[-1].value, dict) and self._stack[-1].awaits_key:
            return self._key(text, line)
        plain = not event.style
        self._place(None if plain and text in _NULLS else text, line)
        return True

    def _check_escapes(self, text: str, line: int) -> None:
        """Refuse what "\\u202e" and the like would smuggle past the look at the raw text."""
        for sign in _hidden_signs(text):
            fault = _hidden_fault(self._file.name, line, sign)
            if fault not in self._known:
                self._known.add(fault)
                self._file.faults.append(fault)

    def _key(self, text: str, line: int) -> bool:
        top = self._stack[-1]
        if text == "<<":
            return self._refuse(line, "a merge key (<<)", "plain keys", "Write the values out in full.")
        if isinstance(top.value, dict) and text in top.value:
            first = self._file.lines.get((*top.path, text))
            mend = f"It stands on line {first} too: keep one of them."
            found = f'"{text}" is given twice'
            self._file.faults.append(Fault(self._file.name, line, found, "each key once", mend))
        top.key, top.awaits_key = text, False
        self._file.lines[(*top.path, text)] = line
        return True

    def _open(self, value: list[Value] | dict[str, Value], line: int) -> bool:
        if self._stack and isinstance(self._stack[-1].value, dict) and self._stack[-1].awaits_key:
            return self._refuse(line, "a list or mapping used as a key", "a word", "Look for a stray bracket or ?.")
        path = self._place(value, line)
        self._stack.append(_Open(value, path))
        return True

    def _place(self, value: Value, line: int) -> Path:
        if not self._stack:
            self.root = value
            self._file.lines.setdefault((), line)
            return ()
        top = self._stack[-1]
        if isinstance(top.value, list):
            path: Path = (*top.path, len(top.value))
            top.value.append(value)
            self._file.lines[path] = line
            return path
        key = top.key or ""
        top.value[key] = value
        top.awaits_key = True
        return (*top.path, key)

    def _refuse(self, line: int, found: str, expected: str, mend: str) -> bool:
        self._file.faults.append(Fault(self._file.name, line, found, expected, mend))
        return False
