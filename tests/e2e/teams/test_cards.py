"""Every card that Signpost can post in Teams, judged and laid out by the library that Teams renders cards with."""

from pathlib import Path

import pytest

from tests.adapters.teams.payloads import every_card
from tests.e2e.teams.cards import CardBench
from tests.e2e.teams.themes import LIGHT, THEMES, WIDTHS, Device, Json, Theme

pytestmark = pytest.mark.e2e

_HEADING = {"type": "TextBlock", "text": "Verdict", "wrap": True, "style": "heading"}
_TELL = {"type": "Action.Execute", "title": "Tell them now", "verb": "reply:tell", "data": {"r": "1"}}
_RUN = {"type": "TextRun", "text": "Staff must not be friends with pupils."}
_LONG = "Tell the designated safeguarding lead and everybody else who is named on this card at once"

SOUND: dict[str, Json] = {
    "heading": {"body": [_HEADING]},
    "words": {"body": [{"type": "RichTextBlock", "inlines": [_RUN]}]},
    "box": {"body": [{"type": "Container", "style": "emphasis", "items": [_HEADING]}]},
    "form": {
        "body": [
            {"type": "Input.Text", "id": "text", "label": "What to say", "isRequired": True, "errorMessage": "Say it."},
            {"type": "Input.ChoiceSet", "id": "to", "label": "To", "choices": [{"title": "DSL", "value": "dsl"}]},
        ],
        "actions": [_TELL],
    },
    "opens": {"actions": [{"type": "Action.ShowCard", "title": "Reply", "card": {"type": "AdaptiveCard", "body": []}}]},
    "refreshes": {"body": [_HEADING], "refresh": {"action": _TELL, "userIds": ["29:1"]}, "msteams": {"width": "full"}},
}

BROKEN: dict[str, Json] = {
    "a property that does not exist": {"body": [_HEADING | {"colour": "Good"}]},
    "an element that does not exist": {"body": [{"type": "Paragraph", "text": "x"}]},
    "an action that does not exist": {"actions": [_TELL | {"type": "Action.Run"}]},
    "an element of a later version": {"body": [{"type": "Carousel", "pages": []}]},
    "a property of a later version": {"actions": [_TELL | {"role": "button"}]},
    "a value that is no choice": {"body": [_HEADING | {"weight": "Heavy"}]},
    "a value of the wrong kind": {"body": [_HEADING | {"wrap": "true"}]},
    "an input without an id": {"body": [{"type": "Input.Text", "label": "x"}]},
    "two inputs of one id": {"body": [{"type": "Input.Text", "id": "a", "label": "x"}] * 2},
    "a choice without choices": {"body": [{"type": "Input.ChoiceSet", "id": "a", "label": "x", "choices": []}]},
    "facts with a property too many": {"body": [{"type": "FactSet", "facts": [{"title": "a", "value": "b", "c": 1}]}]},
    "a run that is no run": {"body": [{"type": "RichTextBlock", "inlines": [_HEADING]}]},
    "a column on its own": {"body": [{"type": "ColumnSet", "columns": [_HEADING]}]},
    "a fault within an opened card": {
        "actions": [{"type": "Action.ShowCard", "title": "x", "card": {"type": "AdaptiveCard", "content": []}}]
    },
    "a refresh that asks too much": {"refresh": {"action": _TELL, "userIds": [], "expires": "now"}},
    "more buttons than Teams shows": {"actions": [_TELL] * 7},
    "a version that phones cannot show": {"version": "1.6"},
    "a width that Teams does not know": {"msteams": {"width": "wide"}},
}


def _card(parts: Json) -> Json:
    return {"type": "AdaptiveCard", "version": "1.5"} | parts


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_card_has_no_fault(bench: CardBench, name: str) -> None:
    """What the schema of version 1.5 and Teams allow is no fault."""
    assert bench.faults(_card(SOUND[name])) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_card_has_a_fault(bench: CardBench, name: str) -> None:
    """What Teams would refuse, or pass over in silence, is a fault."""
    assert bench.faults(_card(BROKEN[name]))


def test_words_that_are_cut_off_are_found(bench: CardBench) -> None:
    """A heading that must not wrap loses words on a phone, and a button with a long label does too."""
    cut = _card({"body": [_HEADING | {"wrap": False, "text": _LONG}], "actions": [_TELL | {"title": _LONG}]})
    bench.lay_out({"cut": cut, "sound": _card(SOUND["form"])}, LIGHT, "phone")
    assert bench.hidden_words() == [f"cut: cut off: {_LONG[:60]}"] * 2


def test_colours_that_cannot_be_read_are_found(bench: CardBench) -> None:
    """Teams' yellow on white is too pale to read, and a box without a label has no name for a screen reader."""
    pale = _card({"body": [_HEADING | {"color": "Warning"}, {"type": "Input.Text", "id": "text"}]})
    bench.lay_out({"pale": pale, "sound": _card(SOUND["words"])}, LIGHT, "desk")
    found = bench.unfit()
    assert [fault.split(": ")[:2] for fault in found] == [["pale", "color-contrast"], ["pale", "label"]]


# ---- Every card of Signpost's own ------------------------------------------------------------------------------------


def test_no_card_of_signpost_has_a_fault(bench: CardBench) -> None:
    """The library finds nothing wrong with any card, and knows every part of it."""
    found = {name: bench.faults(card) for name, card in every_card().items()}
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("device", WIDTHS)
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_card_can_be_read(bench: CardBench, theme: Theme, device: Device, shots: Path) -> None:
    """In each theme, on a desk and on a phone: every word is seen whole, and stands out; every box has a name."""
    bench.lay_out(every_card(), theme, device)
    bench.photograph(shots, f"cards {theme.name} {device}")
    assert bench.hidden_words() == []
    assert bench.unfit() == []
