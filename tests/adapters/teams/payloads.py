"""What every card for Teams is put through, and the words that try to break one."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from hypothesis import strategies as st

from adapters.chat import admin_wording
from adapters.chat import wording as chat_wording
from adapters.teams import limits
from adapters.teams import wording as teams_wording
from adapters.teams.connection import Json
from adapters.teams.rendered import Rendered
from bot.escalation.model import Resolution
from bot.escalation.wording import EMPTY_REPLY
from tests.adapters.teams.samples import SAMPLES
from tests.teams_fake.card_rules import card_faults
from tests.teams_fake.cards import actions_in, inputs_in, markdown_in, walk, words_of_card

HOSTILE = (
    "[x](http://evil)",
    "[https://school.example](https://evil.example)",
    "![](http://evil)",
    "<at>everyone</at>",
    "**b** _i_ ~~s~~ `c`",
    "# heading\n- list\n1. list\n> quote",
    "{{DATE()}}",
    "{{DATE(2017-02-14T06:00:00Z,SHORT)}} and {{TIME(2017-02-14T06:00:00+01:00)}}",
    "{{DATE(2017-02-14T06:00:00Z)}}" * 66,
    "${x} ${$root.verb}",
    "<b>bold</b><img src=x onerror=alert(1)>&nbsp;&#42;",
    "\u200fمرحبا بالعالم \u202eabc\u202c",
    "zero\u200bwidth\u200d\ufeff",
    "😀👩‍👩‍👧" * 40,
    "line\nline\n\n\nline\r\nline",
    'quotes " and \\ and \t tabs',
    "\x00\x07 bell \x1b[31m",
    '{"type": "AdaptiveCard"}',
    "x" * 3_001,
    '"' * 1_600,
    "\n" * 40 + "end",
)
# Nothing that is shown is blank: packs and people are refused that.
hostile_words = st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=300).filter(str.strip))

_VERBS = {
    "reply": {"tell", "involved", "ask-a-person", "helped", "not-meant", "choose"},
    "school": {"choose"},
    "desk": {"open", "acknowledge", "assign", "reply", "resolve", "reopen", "back"}
    | {"send-reply", "pass-on", "resolve-as"},
    "asker": {"answer", "send"},
    "card": {"refresh"},
    "raise": {"describe", "tell", "involved"},
}
_IDS = {"r", "s", "c", "e", "n", "w", "do"}
_BY_TEAMS = {"imBack", "task/fetch"}  # what Teams itself does with Action.Submit in a chat
_MACRO = re.compile(r"\{\{(DATE|TIME)\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_NUMBER = re.compile(r"\d+ of \d+")


@st.composite
def long_words(draw: st.DrawFn) -> str:
    """Draw a text of any length up to 100,000, made of words that try to break it."""
    seeds = " ".join(draw(st.lists(hostile_words, min_size=1, max_size=5)))
    # Drawn in bands, since otherwise hardly any is long.
    bands = ((0, 200), (2_990, 3_010), (3_011, 13_000), (11_000, 40_000), (40_000, 100_000))
    length = draw(st.one_of(*(st.integers(*band) for band in bands)))
    repeated: str = seeds * (length // len(seeds) + 1)
    return repeated[:length]


def as_shown(text: str) -> str:
    """Return a text as it is shown: what nobody can see has a sign in its place."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


# ---- What must be true of every card ---------------------------------------------------------------------------------


@cache
def own_labels() -> frozenset[str]:
    """List every label and sentence of our own: nothing else may stand where Teams reads markdown."""
    modules = (chat_wording, teams_wording, admin_wording)
    constants = [found for module in modules for name, found in vars(module).items() if name.isupper()]
    buttons_too = (*chat_wording.ACTIONS.values(), *chat_wording.ACTS.values())
    routes = {admin_wording.route(name) for name in ("child", "staff", "head", "question")}
    return frozenset({text for text in constants if isinstance(text, str)} | routes | {*buttons_too})


def check(messages: Rendered | Sequence[Rendered]) -> None:
    """Fail where Teams or our own rules would refuse a message, or where others' words could be read as markup."""
    for message in [messages] if isinstance(messages, Rendered) else messages:
        assert message.text
        assert not re.search(r"[<>\n]", message.text)
        assert limits.units(message.text) <= limits.NOTIFICATION
        assert limits.size(message.activity) <= limits.MESSAGE - limits.ON_THE_WAY
        check_card(message.card)


def check_card(card: Json, kinds: Sequence[str] = ("Action.Execute",)) -> None:
    """Fail where a card would not be shown as it is meant; `kinds` are the kinds of buttons that it may have."""
    assert card_faults(card) == []
    assert (card["version"], card["fallbackText"]) == ("1.5", teams_wording.CARD_TOO_NEW)
    assert limits.size(card) <= limits.MESSAGE - limits.ON_THE_WAY
    assert set(markdown_in(card)) <= own_labels()
    for one in walk(card):
        _check_element(one)
    for found in actions_in(card):
        assert found.kind in kinds or (found.teams.get("type") in _BY_TEAMS and "Action.Execute" in kinds)
        _check_action(found.action)


def check_dialog(card: Json) -> None:
    """Fail where a dialog would not be shown as it is meant: Teams takes no other button in it than Action.Submit."""
    check_card(card, kinds=("Action.Submit",))


def _check_element(one: Json) -> None:
    kind = one.get("type")
    assert kind not in {"Image", "Media", "FactSet", "Table", "Action.OpenUrl", "Action.ToggleVisibility"}
    if kind == "TextRun":
        assert not _MACRO.search(one["text"])
        assert "selectAction" not in one
    if kind == "TextBlock":
        assert (one["style"], one["wrap"]) == ("heading", True)
    if str(kind).startswith("Input."):
        assert one["label"]
        assert one["isRequired"] is True
        assert one["errorMessage"] in {EMPTY_REPLY, teams_wording.PICK_ONE}
        _check_choices(one)


def _check_choices(one: Json) -> None:
    titles = [option["title"] for option in one.get("choices", ())]
    if one.get("style") == "expanded":  # its labels are read as markdown
        assert set(titles) <= own_labels() | set(map(chat_wording.resolution, Resolution))
    for title in titles:
        assert not re.search(r"\]\(|\{\{", title)


def _check_action(action: Json) -> None:
    assert 0 < limits.units(action["title"]) <= limits.BUTTON
    data = dict(action.get("data", {}))
    by_teams = data.pop("msteams", {})
    if by_teams.get("type") == "imBack":
        assert (data, by_teams.keys()) == ({}, {"type", "value"})
        return
    assert by_teams in ({}, {"type": "task/fetch"})
    whose, _, what = str(action.get("verb") or data["do"]).partition(":")
    assert what in _VERBS[whose]
    assert data.keys() <= _IDS
    assert all(isinstance(one, str | int) for one in data.values())


# ---- Reading cards ---------------------------------------------------------------------------------------------------


def texts(card: Json) -> list[str]:
    """List every text that somebody reads in a card, in order, without its buttons and fields."""
    return [line for one in _blocks([card]) for line in words_of_card(one)]


def read(messages: Sequence[Rendered]) -> str:
    """Return everything that somebody reads in some messages, without their buttons."""
    return "\n".join(text for message in messages for text in texts(message.card))


def squeezed(text: str) -> str:
    """Return a text without the places where it may be split."""
    return "".join(text.split())


def together(cards: Iterable[Json]) -> str:
    """Return what is read in some cards, put together: neither their numbers nor where they may be split count."""
    return squeezed("".join(text for card in cards for text in texts(card) if not _NUMBER.fullmatch(text)))


def buttons(card: Json) -> list[Json]:
    """List the buttons of a card."""
    return [found.action for found in actions_in(card)]


def taps(*cards: Json) -> dict[str, str]:
    """Return the buttons of some cards: what they do, and what stands on them."""
    found = [one for card in cards for one in buttons(card)]
    return {one.get("verb") or one["data"]["do"]: one["title"] for one in found}


def fields(card: Json) -> dict[str, Json]:
    """Return what there is to fill in, by name."""
    return {one["id"]: one for one in inputs_in(card)}


def offered(card: Json, name: str) -> list[tuple[str, str]]:
    """List what can be chosen in a field: what it says, and what it stands for."""
    return [(one["title"], one["value"]) for one in fields(card)[name]["choices"]]


def written(cards: Iterable[Json], after: str) -> str:
    """Put together what stands beneath a small heading, up to the next heading of any size."""
    found, within = "", False
    for one in _blocks(cards):
        text = words_of_card(one)
        if one["type"] == "TextBlock":
            within = text == [after]
        elif within and not _NUMBER.fullmatch("".join(text)):
            found += "".join(text)
    return found


def _blocks(cards: Iterable[Json]) -> Iterator[Json]:
    yield from (one for card in cards for one in walk(card) if one.get("type") in {"TextBlock", "RichTextBlock"})


# ---- Every card ------------------------------------------------------------------------------------------------------


def every_card() -> dict[str, Json]:
    """Return one of each card that Signpost can show, by a name that says what it is."""
    return {name: make() for name, make in SAMPLES.items()}
