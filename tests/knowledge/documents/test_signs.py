"""What stands in front of a line, and what makes it a heading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents.signs import is_contents_line, is_heading, is_lone_number, leads_in, take_sign


@pytest.mark.parametrize("sign", ["·", "•", "▪", "‣", "◦", "●", "■", "□", "*", "§", "\uf0b7", "-", "–", "—", "o"])
def test_bullet_sign_comes_off(sign: str) -> None:
    """Every bullet sign schools use comes off and makes the line an item."""
    assert take_sign(f"{sign} Keep phones off") == ("Keep phones off", None, True)


@pytest.mark.parametrize("sign", ["·", "•", "§", "\uf0b7"])
def test_bullet_sign_without_a_space_comes_off(sign: str) -> None:
    """A bullet sign glued to its text comes off as well."""
    assert take_sign(f"{sign}Keep phones off") == ("Keep phones off", None, True)


@pytest.mark.parametrize("line", ["-5 degrees", "often asked", "o where", "on trips", "Keep phones off"])
def test_line_without_a_sign_stays(line: str) -> None:
    """A minus, a word that begins with o, and plain text are no signs."""
    assert take_sign(line) == (line, None, False)


@pytest.mark.parametrize(
    ("line", "number"), [("a) ask first", "a"), ("(b) ask first", "b"), ("iv) ask first", "iv"), ("(x) ask first", "x")]
)
def test_letter_comes_off_as_an_item(line: str, number: str) -> None:
    """Letters and small roman numerals in brackets number the items of a list."""
    assert take_sign(line) == ("ask first", number, True)


@pytest.mark.parametrize(
    ("line", "text", "number"),
    [
        ("1. Introduction", "Introduction", "1"),
        ("1) Introduction", "Introduction", "1"),
        ("18.Staff ask", "Staff ask", "18"),
        ("1.1Social media", "Social media", "1.1"),
        ("2.Objectives", "Objectives", "2"),
        ("4.2 Phones", "Phones", "4.2"),
        ("1.1.1 Phones", "Phones", "1.1.1"),
        ("10.2. Phones", "Phones", "10.2"),
        ("101 Staff must ask.", "Staff must ask.", "101"),
        ("3. ‘Friends’ are people", "‘Friends’ are people", "3"),
        ("5.1 (Governors too)", "(Governors too)", "5.1"),
    ],
)
def test_printed_number_comes_off(line: str, text: str, number: str) -> None:
    """A printed number comes off, with or without the space behind it, and is kept as it was printed."""
    assert take_sign(line) == (text, number, False)


@pytest.mark.parametrize("line", ["1. share passwords:", "2) share passwords:"])
def test_number_before_small_letters_is_an_item(line: str) -> None:
    """A numbered line that goes on in small letters depends on what stands before it."""
    assert take_sign(line) == ("share passwords:", line[0], True)


@pytest.mark.parametrize(
    "line", ["2026 brings new rules", "12 March 2026 is the date", "3.10 am is early", "24 hours", "4.2", "1."]
)
def test_number_that_is_no_sign_stays(line: str) -> None:
    """A year, the day of a date, a time and a number of things belong to the words."""
    assert take_sign(line) == (line, None, False)


@pytest.mark.parametrize("line", ["1", "1.", "1.1", "10.2.", "3)", "101"])
def test_number_alone_on_its_line_is_known(line: str) -> None:
    """Text taken out of a PDF has its numbers on lines of their own."""
    assert is_lone_number(line)


@pytest.mark.parametrize("line", ["2026", "1 Aims", "", "a", "1..2"])
def test_other_lines_are_no_lone_number(line: str) -> None:
    """A year and a number with words are not."""
    assert not is_lone_number(line)


@pytest.mark.parametrize("line", ["1 Aims ........ 3", "Phones…… 12", "Rules ____ 5", "Aims....3"])
def test_line_of_a_contents_list_is_known(line: str) -> None:
    """A contents list shows by its dots or strokes and the page number behind them."""
    assert is_contents_line(line)


@pytest.mark.parametrize("line", ["Signed ........", "Ask... then 3", "Aims 3", "x" * 400 + "..... 3"])
def test_other_dots_make_no_contents_list(line: str) -> None:
    """A line to sign on, a pause, and dots in a long paragraph are no contents list."""
    assert not is_contents_line(line)


@pytest.mark.parametrize(
    "line", ["Phones", "Phones at Work", "PHONES AND CAMERAS", "Key Principles:", "Phones in lessons", "E-Safety Rules"]
)
def test_short_title_is_a_heading(line: str) -> None:
    """A short line without a full stop, written as a title, is a heading; so is one in title case with a colon."""
    assert is_heading(line)


@pytest.mark.parametrize(
    "line",
    [
        "Staff must not:",
        "Phones stay off.",
        "phones in lessons",
        "Phones in lessons;",
        "- Phones",
        "",
        ":",
        "Staff may use their own phones here now",
        "A Title That Is So Very Long That Nobody Would Print It",
    ],
)
def test_lead_in_and_sentence_are_no_heading(line: str) -> None:
    """A lead-in, a sentence, an item and a long line are no headings."""
    assert not is_heading(line)


@pytest.mark.parametrize(("line", "leads"), [("Do not:", True), ("Do not:-", True), ("Ask -", False), ("", False)])
def test_a_colon_with_or_without_a_dash_leads_in(line: str, leads: bool) -> None:
    """A dash alone leads in to nothing."""
    assert leads_in(line) is leads


def test_number_makes_a_longer_line_a_heading() -> None:
    """With a printed number before it, a line of up to nine words is a heading in any case."""
    assert is_heading("Use of phones by staff in school", numbered=True)
    assert not is_heading("Use of phones by staff in school")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])).map(lambda text: " ".join(text.split())))
def test_taking_a_sign_off_keeps_the_text_behind_it(line: str) -> None:
    """Only something in front goes: what is left is the end of the line."""
    assert line.endswith(take_sign(line).text)
