"""The elements of cards: words stay words, and buttons and fields are such as anybody can use."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.teams import elements as kit
from adapters.teams import limits
from adapters.teams import wording as in_teams
from adapters.teams.connection import Json
from tests.adapters.teams.payloads import HOSTILE, as_shown, check_card, hostile_words, long_words, squeezed, texts
from tests.teams_fake.cards import markdown_in


def runs(element: Json) -> list[str]:
    """List the pieces of which a text is made."""
    return [run["text"] for run in element["inlines"]]


# ---- Words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: repr(words[:12]))
def test_words_are_never_read_as_markup(words: str) -> None:
    """Whatever looks like a link, a mention, a picture, a heading or a macro is shown as it was written (RS-39)."""
    for body in (kit.written(words), kit.quote(words), kit.faint(words), kit.lines([words, words])):
        card = kit.card(body)
        check_card(card)
        assert squeezed(as_shown(words)) in squeezed("".join(texts(card)))
        assert markdown_in(card) == []


def test_a_date_macro_is_cut_in_two() -> None:
    """Teams puts a date in place of a macro even in a TextRun; it stays a text if no run holds the whole of it."""
    words = "see {{DATE(2017-02-14T06:00:00Z, LONG)}}, {{TIME(2017-02-14T06:00:00Z)}} and {{this}}"
    (element,) = kit.written(words)
    assert runs(element) == [
        "see {",
        "{DATE(2017-02-14T06:00:00Z, LONG)}}, {",
        "{TIME(2017-02-14T06:00:00Z)}} and {{this}}",
    ]


@given(long_words(), st.sampled_from([kit.PLAIN, kit.STRONG, kit.LARGE, kit.FAINT]))
@settings(max_examples=40, deadline=None)
def test_a_text_of_any_length_is_whole(words: str, look: kit.Look) -> None:
    """However long a text is: put together, its pieces are the whole of it, and each is small enough to be moved."""
    found = kit.written(words, look)
    assert "".join(run for element in found for run in runs(element)) == as_shown(words)
    assert all(limits.size(element) <= limits.TEXT + 400 for element in found)


@pytest.mark.parametrize("length", [0, 1, 2_999, 3_000, 3_001, 6_000, 6_001, 100_000])
@pytest.mark.parametrize(
    "seed", ["a", "a ", "é", "😀", '"', "\n", "word\n", "{{DATE(2017-02-14T06:00:00Z)}}"], ids=repr
)
def test_a_text_is_whole_at_every_limit(length: int, seed: str) -> None:
    """Nothing is lost, and nothing doubled, where a text just fits or just does not."""
    words = (seed * (length // len(seed) + 1))[:length]
    found = kit.pieces(words, limits.TEXT)
    assert "".join(found) == words
    assert all(0 < limits.size(piece) - len('""') <= limits.TEXT for piece in found)


def test_a_long_text_is_split_where_a_reader_pauses() -> None:
    """A piece ends after a line, else after a word."""
    assert kit.pieces("one two three\nfour five", 16) == ["one two three\n", "four five"]
    assert kit.pieces("one two three four", 12) == ["one two ", "three four"]
    assert kit.pieces("x" * 30, 12) == ["x" * 12, "x" * 12, "x" * 6]


def test_what_nobody_can_see_has_a_sign() -> None:
    """Control signs and half characters cannot be sent; that there was something is seen."""
    assert kit.clean("a\x00b\x1bc\x7f") == "a\ufffdb\ufffdc\ufffd"
    assert kit.clean("half \ud83d") == "half ?"
    assert kit.clean("a\r\nb\rc\td") == "a\nb\nc\td"


def test_a_text_in_one_line_is_cut_to_whole_letters() -> None:
    """No letter is cut in two, and what was cut says so."""
    assert kit.cut("a\nb   c", 10) == "a b c"
    assert kit.cut("😀" * 10, 9) == "😀" * 4 + "…"
    assert kit.cut("abc def", 5) == "abc…"


@given(hostile_words)
@settings(deadline=None)
def test_a_notification_is_one_line_without_markup(words: str) -> None:
    """What stands on a lock screen could be read by anything that shows it."""
    found = kit.bell(words * 3)
    assert not re.search(r"[<>\n\r]", found)
    assert limits.units(found) <= limits.NOTIFICATION


def test_empty_words_leave_nothing_behind() -> None:
    """Where nothing is to be said, there is no empty box."""
    assert kit.written("") == kit.faint("", "") == kit.quote("") == kit.panel(kit.URGENT, []) == kit.rows([]) == []


def test_what_is_long_goes_on_without_a_gap() -> None:
    """The pieces of one text follow each other as its lines do."""
    first, *others = kit.written("line\n" * 2_000)
    assert "spacing" not in first
    assert others
    assert {one["spacing"] for one in others} == {"None"}


def test_labels_are_headings_for_a_screen_reader() -> None:
    """Whoever listens can jump from one part of a card to the next."""
    for label, *_ in (kit.title("What to do now"), kit.heading("Who to ask"), kit.small_heading("In short")):
        assert (label["type"], label["style"], label["wrap"]) == ("TextBlock", "heading", True)


# ---- Buttons ---------------------------------------------------------------------------------------------------------


def test_a_button_carries_ids_and_what_was_filled_in_where_it_must() -> None:
    """A field that is still empty holds up no button but the one that sends it."""
    tell = kit.execute("Tell them now", "reply:tell", main=True, r="r1", s=None)
    assert tell == {
        "type": "Action.Execute",
        "title": "Tell them now",
        "verb": "reply:tell",
        "data": {"r": "r1"},
        "associatedInputs": "none",
        "style": "positive",
    }
    assert "associatedInputs" not in kit.execute("Send", "asker:send", fills=True, e="e1")
    sent = kit.submit("Next", "raise:describe", fills=True, r="r1")
    assert (sent["type"], sent["data"]) == ("Action.Submit", {"do": "raise:describe", "r": "r1"})


def test_a_suggestion_is_asked_in_somebodys_own_name() -> None:
    """Teams writes the question for whoever taps it."""
    found = kit.says("Phones", "May I use my phone?")
    assert found["data"] == {"msteams": {"type": "imBack", "value": "May I use my phone?"}}


def test_rows_are_as_wide_as_a_phone() -> None:
    """Buttons of a row stand side by side; one that is too long stands alone, and none is left out."""
    labels = ["Open", "Take it", "Pass on", "Reply", "Resolve", "One of these people is involved", "x"]
    found = kit.rows(kit.execute(label, "desk:open") for label in labels)
    shown = [[button["title"] for button in row["actions"]] for row in found]
    assert shown == [labels[:3], labels[3:5], labels[5:6], labels[6:]]
    assert all(sum(len(label) + limits.RIM for label in row) <= limits.ROW or len(row) == 1 for row in shown)


def test_a_row_has_no_more_buttons_than_teams_shows() -> None:
    """Of more than six Teams hides some."""
    found = kit.rows(kit.execute("x", "desk:open") for _ in range(20))
    assert sum(len(row["actions"]) for row in found) == 20
    assert max(len(row["actions"]) for row in found) <= 6


# ---- What is filled in -----------------------------------------------------------------------------------------------


def test_a_box_says_what_it_is_for_and_that_it_must_be_filled_in() -> None:
    """A label, a limit and a sentence for whoever left it empty."""
    found = kit.box("text", "Your reply", 2_000, error="Type first.", hint="A hint", value="x" * 3_000)
    assert (found["label"], found["maxLength"], found["isRequired"]) == ("Your reply", 2_000, True)
    assert (found["errorMessage"], found["placeholder"]) == ("Type first.", "A hint")
    assert found["value"] == "x" * 2_000
    assert "value" not in kit.box("text", "Your reply", 2_000, error="Type first.")


def test_a_long_list_can_be_searched_unless_names_are_there_twice() -> None:
    """What is typed is looked up by its name: of two schools of one name, the first would always be meant."""
    many = [kit.option(f"School {number}", str(number)) for number in range(13)]
    assert kit.choice("school", "Your school", many)["style"] == "filtered"
    assert kit.choice("school", "Your school", many[:12])["style"] == "compact"
    assert kit.choice("school", "Your school", [*many, many[0]])["style"] == "compact"
    assert kit.choice("school", "Your school", many, chosen="7")["value"] == "7"
    assert kit.choice("school", "Your school", many)["errorMessage"] == in_teams.PICK_ONE


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: repr(words[:12]))
def test_a_choice_is_one_line_that_links_nowhere(words: str) -> None:
    """A name that looks like a link or a macro reads the same, and is neither."""
    title = kit.option(words, "v")["title"]
    assert not re.search(r"\]\(|\{\{|\n", title)
    assert title.replace("\u2060", "") == kit.cut(words, limits.TITLE).replace("\u2060", "")


def test_a_card_says_what_it_is_to_whoever_cannot_see_it() -> None:
    """A screen reader has a name for it, and an old Teams a sentence that says whom to tell."""
    found = kit.card(kit.written("x"), speak="Not allowed: <b>", wide=True, refresh=None)
    check_card(found)
    assert found["speak"] == "Not allowed: ‹b›"
    assert "999" in found["fallbackText"]
    assert found["msteams"] == {"width": "Full"}
    assert "refresh" not in found
