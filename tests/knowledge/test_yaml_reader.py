"""Reading YAML that anybody may have written: RS-60 to RS-64."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.yaml_reader import MAX_BYTES, MAX_DEPTH, MAX_NODES, Value
from tests.knowledge.builders import seconds, told, yaml_of

# 275, 327 and 379 bytes took PyYAML 0.02, 0.2 and 1.8 seconds: nine times as long for each level.
MERGE_BOMBS = {275: 5, 327: 6, 379: 7}

NORWAY = ["no", "off", "yes", "on", "true", "NO", "3.10", "012", "0x1F", "1_000", "1:30", "2026-01-01", ".inf", "1e3"]

HIDDEN = {
    "\x00": "U+0000 (a control character)",
    "\x07": "U+0007 (a control character)",
    "\x1b": "U+001B (a control character)",
    "\x7f": "U+007F (a control character)",
    "\x85": "U+0085 (a control character)",
    "\u00ad": "U+00AD (soft hyphen)",
    "\u200b": "U+200B (zero width space)",
    "\u200d": "U+200D (zero width joiner)",
    "\u200e": "U+200E (left-to-right mark)",
    "\u2028": "U+2028 (line separator)",
    "\u202e": "U+202E (right-to-left override)",
    "\u2066": "U+2066 (left-to-right isolate)",
    "\ufeff": "U+FEFF (zero width no-break space)",
    "\ue000": "U+E000 (a control character)",
    "\U000e0041": "U+E0041 (tag latin capital letter a)",
}

HOSTILE = {
    "anchor": ("a: &x 1\n", "an anchor or alias"),
    "alias": ("a: *x\n", "an anchor or alias"),
    "anchored list": ("a: &x [1]\n", "an anchor or alias"),
    "merge key": ("a:\n  <<: {b: 1}\n", "a merge key (<<)"),
    "quoted merge key": ('a:\n  "<<": {b: 1}\n', "a merge key (<<)"),
    "python call": ("a: !!python/object/apply:os.system [id]\n", "a tag (!)"),
    "python name": ("a: !!python/name:os.system\n", "a tag (!)"),
    "python module": ("!!python/module:os\n", "a tag (!)"),
    "python object": ("!!python/object:os.Popen {}\n", "a tag (!)"),
    "tag of its own": ("a: !secret x\n", "a tag (!)"),
    "tag by directive": ("%TAG !e! tag:yaml.org,2002:python/\n---\na: !e!name:os.system x\n", "a tag (!)"),
    "harmless tag": ("a: !!str 1\n", "a tag (!)"),
    "list as a key": ("? [a]\n: b\n", "a list or mapping used as a key"),
    "mapping as a key": ("{{a: b}: c}\n", "a list or mapping used as a key"),
    "two documents": ("a: 1\n---\nb: 2\n", "a second document (---)"),
    "brackets": ("[" * 400_000, "more than 20 levels"),
    "braces": ("{a: " * 100_000, "more than 20 levels"),
    "hyphens": ("- " * 400_000, "more than 20 levels"),
    "question marks": ("? " * 400_000, "a list or mapping used as a key"),
    "indents": ("".join(f"{' ' * depth}a:\n" for depth in range(900)), "more than 20 levels"),
    "very many values": ("[" + "a," * (MAX_NODES + 1) + "]", "more than 100,000 values"),
}


def _merge_bomb(size: int, levels: int) -> str:
    lines = ["a: &a {k: v}"]
    for before, name in pairwise("abcdefgh"[: levels + 1]):
        lines.append(f"{name}: &{name} {{<<: [{','.join([f'*{before}'] * 9)}]}}")
    text = "\n".join(lines) + "\n"
    return text + "#" * (size - len(text))


def _alias_bomb() -> str:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for before, name in pairwise("abcdefghi"):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    return "\n".join(lines)


@pytest.mark.parametrize(("size", "levels"), MERGE_BOMBS.items())
def test_merge_key_bomb_never_goes_off(size: int, levels: int) -> None:
    """RS-61: a merge-key bomb of a few hundred bytes is refused at its first anchor, before anything expands."""
    bomb = _merge_bomb(size, levels)
    assert len(bomb) == size
    assert seconds(lambda: yaml_of(bomb)) < 1
    assert told(yaml_of(bomb).faults) == [
        "hilltop/school.yaml:1: an anchor or alias (& or *). Expected: plain values. Write the value out in full."
    ]


def test_alias_bomb_never_goes_off() -> None:
    """RS-61: nine levels of aliases to aliases are refused at the first anchor."""
    assert seconds(lambda: yaml_of(_alias_bomb())) < 1
    assert [fault.line for fault in yaml_of(_alias_bomb()).faults] == [1]


@pytest.mark.parametrize(("text", "found"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_yaml_is_refused_at_once(text: str, found: str) -> None:
    """RS-60, RS-61: what could run code, blow up or exhaust the stack is one fault, told quickly, with no value."""
    assert seconds(lambda: yaml_of(text)) < 5
    file = yaml_of(text)
    assert [fault.found.startswith(found) for fault in file.faults] == [True]
    assert file.value is None


@pytest.mark.parametrize("text", [entry[0] for entry in HOSTILE.values()], ids=HOSTILE.keys())
def test_every_refusal_has_a_line_and_a_way_to_mend_it(text: str) -> None:
    """RS-64: a refusal says where it is, what was expected and what to do."""
    for fault in yaml_of(text).faults:
        assert fault.line is not None
        assert fault.expected
        assert fault.mend.endswith(".")


def test_python_tag_is_never_run() -> None:
    """RS-60: a python tag is a fault with its line, whatever it would have called."""
    file = yaml_of("name: x\naliases: !!python/object/apply:os.system ['exit 1']\n")
    assert told(file.faults) == [
        "hilltop/school.yaml:2: a tag (!). Expected: plain values. Take the word that starts with ! out."
    ]


def test_nesting_up_to_the_cap_is_read() -> None:
    """RS-61: twenty levels are read, the twenty-first is refused."""
    deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert yaml_of(deep).faults == []
    assert told(yaml_of(f"[{deep}]").faults) == [
        "hilltop/school.yaml:1: more than 20 levels of nesting. Expected: at most 20. "
        "Look for stray brackets or indents."
    ]


def test_file_up_to_the_cap_is_read() -> None:
    """RS-61: a file of a million bytes is read, one byte more is refused before parsing."""
    assert yaml_of("a: b #".ljust(MAX_BYTES, "x")).value == {"a": "b"}
    assert told(yaml_of(b"\xff" * (MAX_BYTES + 1)).faults) == [
        "hilltop/school.yaml: the file has 1,000,001 bytes. Expected: at most 1,000,000 bytes. "
        "Split the policy into several files."
    ]


def test_too_many_values_are_told_as_such() -> None:
    """RS-61: a list of more values than any pack has is cut short and named."""
    assert told(yaml_of("- a\n" * (MAX_NODES + 5)).faults) == [
        "hilltop/school.yaml:100000: more than 100,000 values. Expected: a pack of ordinary size. Split the file."
    ]


def test_second_document_is_refused_and_a_lone_marker_is_not() -> None:
    """A file holds one document; the marker --- before it and ... behind it are allowed."""
    assert yaml_of("---\na: 1\n...\n").value == {"a": "1"}
    assert told(yaml_of("a: 1\n---\nb: 2\n").faults) == [
        "hilltop/school.yaml:2: a second document (---). Expected: one document a file. Use a file for each."
    ]


def test_key_given_twice_is_a_fault_with_both_lines() -> None:
    """RS-62: PyYAML would silently keep the last; we name both lines."""
    file = yaml_of("name: A\naliases: []\nname: B\n")
    assert told(file.faults) == [
        'hilltop/school.yaml:3: "name" is given twice. Expected: each key once. '
        "It stands on line 1 too: keep one of them."
    ]
    assert file.value is None


def test_every_repeated_key_is_told() -> None:
    """RS-62, RS-64: all repeats are listed, at any depth, and the same key in two mappings is no repeat."""
    file = yaml_of("a: {x: 1, x: 2}\nb: {x: 1}\na: 3\nb: 4\n")
    assert [(fault.line, fault.found) for fault in file.faults] == [
        (1, '"x" is given twice'),
        (3, '"a" is given twice'),
        (4, '"b" is given twice'),
    ]


@pytest.mark.parametrize("typed", NORWAY)
def test_value_stays_as_it_was_typed(typed: str) -> None:
    """RS-63: Norway stays "no", section 3.10 stays "3.10", a time and a date stay text: as value, item and key."""
    assert yaml_of(f"a: {typed}\nb: [{typed}]\n{typed}: c\n").value == {"a": typed, "b": [typed], typed: "c"}


@pytest.mark.parametrize("typed", ["", "~", "null", "Null", "NULL"])
def test_nothing_and_null_mean_no_value(typed: str) -> None:
    """An empty value and the YAML words for it are no value; in quotes they are text."""
    assert yaml_of(f'a: {typed}\nb: "{typed}"\n').value == {"a": None, "b": typed}


def test_empty_file_holds_nothing() -> None:
    """An empty file, or one of comments, has no value and no faults of its own."""
    assert (yaml_of("").value, yaml_of("").faults) == (None, [])
    assert (yaml_of("# later\n").value, yaml_of("# later\n").faults) == (None, [])


@pytest.mark.parametrize(("sign", "called"), HIDDEN.items(), ids=HIDDEN.values())
def test_invisible_character_is_refused(sign: str, called: str) -> None:
    """RS-64: control, direction-override and zero-width characters are faults with their line and name."""
    file = yaml_of(f"a: 1\nb: x{sign}y\n")
    assert told(file.faults) == [
        f"hilltop/school.yaml:2: an invisible character, {called}. Expected: text that can be seen. "
        "Delete the line and type it again."
    ]
    assert file.value is None


@pytest.mark.parametrize("sign", HIDDEN, ids=HIDDEN.values())
def test_invisible_character_cannot_hide_in_an_escape(sign: str) -> None:
    """RS-64: what "\\u202e" and the like would smuggle in is refused too, in a value and in a key."""
    escape = f"\\U{ord(sign):08x}"
    for text in (f'a: "x{escape}y"\n', f'"x{escape}y": a\n'):
        assert [fault.found for fault in yaml_of(text).faults] == [f"an invisible character, {HIDDEN[sign]}"]


@pytest.mark.parametrize("escape", ["\\0", "\\a", "\\b", "\\e", "\\v", "\\f", "\\N", "\\L", "\\P", "\\xad"])
def test_short_escape_of_an_invisible_character_is_refused(escape: str) -> None:
    """RS-64: the short escapes of YAML are looked at like the long ones."""
    assert len(yaml_of(f'a: "{escape}"\n').faults) == 1


def test_visible_letters_of_any_script_are_welcome() -> None:
    """Accents, curly quotes, dashes, other scripts and emoji are text like any other, also as escapes."""
    text = "Siân’s “café” – Ελλάδα 漢字 😀"
    assert yaml_of(f'a: {text}\nb: "caf\\u00e9\\n\\ttab"\n').value == {"a": text, "b": "café\n\ttab"}


def test_every_invisible_character_is_told_once_a_line() -> None:
    """RS-64: all lines are listed; a character is told once for its line, raw or escaped."""
    file = yaml_of('a: "\u200b \u200b \\u200b"\nb: \u202e\u200b\n')
    assert [(fault.line, fault.found[24:30]) for fault in file.faults] == [(1, "U+200B"), (2, "U+200B"), (2, "U+202E")]


def test_very_many_invisible_characters_take_no_longer_than_they_should() -> None:
    """RS-61: ninety thousand escapes are told in seconds, not in the square of them."""
    text = '- "\\u202e"\n' * 90_000
    assert seconds(lambda: yaml_of(text)) < 20
    assert len(yaml_of(text).faults) == 90_000


def test_other_encodings_are_refused() -> None:
    """RS-64: text that is not UTF-8 is a fault on the line of its first wrong byte."""
    assert told(yaml_of("name: Hilltop\nalso: café\n".encode("latin-1")).faults) == [
        "hilltop/school.yaml:2: bytes that are not UTF-8 text. Expected: UTF-8. "
        'Save the file as "UTF-8" in your editor.'
    ]
    assert yaml_of("name: x\n".encode("utf-16")).value is None


def test_byte_order_mark_is_welcome_once() -> None:
    """RS-64: Windows editors begin a file with a byte order mark; a second one is an invisible character."""
    assert yaml_of("\ufeffname: x\n").value == {"name": "x"}
    assert [fault.line for fault in yaml_of("\ufeff\ufeffname: x\n").faults] == [1]


def test_windows_line_ends_are_welcome() -> None:
    """A file saved on Windows reads the same, with the same lines."""
    file = yaml_of("a: 1\r\nb:\r\n  - x\r\n")
    assert file.value == {"a": "1", "b": ["x"]}
    assert file.line_of(("b", 0)) == 3


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 'x\nb: y\n", 3), ("a: [x\nb: y\n", 2), ("\tb: y\n", 1), ("a: b: c\n", 1), ("a: x\n y: z\n", 2)],
)
def test_slip_of_the_pen_is_told_with_its_line(text: str, line: int) -> None:
    """A missing quote, bracket or space is a fault near where it was made, in words for people."""
    (fault,) = yaml_of(text).faults
    assert fault.line == line
    assert fault.found.startswith("this is not YAML: ")
    assert fault.mend == "Look at the line and the one above it: a missing quote, colon or space is the usual cause."


def test_character_that_yaml_does_not_know_is_told() -> None:
    """What the parser itself refuses, and gives no line for, is still a fault in words."""
    assert told(yaml_of("a: \uffff\n").faults) == [
        "hilltop/school.yaml: this is not YAML: the text cannot be read as YAML. Expected: valid YAML. "
        "Look at the line and the one above it: a missing quote, colon or space is the usual cause."
    ]


def test_line_of_anything_is_known() -> None:
    """Faults found later can name the line of a key, of an item and of the nearest thing around a missing one."""
    file = yaml_of("name: x\n\nclauses:\n  - id: a\n    topics:\n      - b\n  - id: c\n")
    assert file.line_of(("clauses",)) == 3
    assert file.line_of(("clauses", 1, "id")) == 7
    assert file.line_of(("clauses", 0, "topics", 0)) == 6
    assert file.line_of(("clauses", 1, "stance")) == 7
    assert file.line_of(("nothing",)) == 1


def test_line_of_an_unread_file_is_unknown() -> None:
    """A file that could not be read has no lines to name."""
    assert yaml_of(b"\xff").line_of(("name",)) is None


TYPED = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"]), max_size=40)
VALUES: st.SearchStrategy[Value] = st.recursive(
    TYPED, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TYPED, inner, max_size=4), max_leaves=12
)


@given(VALUES)
def test_every_scalar_stays_the_text_that_was_typed(value: Value) -> None:
    """RS-63: whatever the text and wherever it stands, it comes back letter for letter."""
    if "<<" in json.dumps(value):
        return
    file = yaml_of(json.dumps(value, ensure_ascii=False))
    assert (file.value, file.faults) == (value, [])


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_reading_never_raises(content: bytes) -> None:
    """RS-61: any bytes at all give a value or faults, never both and never an exception."""
    file = yaml_of(content)
    assert file.value is None or not file.faults


SIGNS = [*"{}[]:,-?&*!|>'\"%@#\\ \n\tax0", "<<: ", "---\n", "...\n", "- "]


@given(st.lists(st.sampled_from(SIGNS), max_size=80).map("".join))
def test_reading_yaml_like_noise_never_raises(text: str) -> None:
    """RS-61: signs that mean something to YAML, in any order, give a value or faults."""
    file = yaml_of(text)
    assert file.value is None or not file.faults
