"""How Teams colours and lays out a card: its three themes, on a desk and on a phone."""

from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]
Device = Literal["desk", "phone"]

#: How wide a card is, in pixels. A phone stacks its buttons, a desk sets them side by side.
WIDTHS: dict[Device, int] = {"desk": 640, "phone": 320}

_FONT = "'Segoe UI', Tahoma, Geneva, Verdana, sans-serif"
_SIZES = {"small": 12, "default": 14, "medium": 14, "large": 18, "extraLarge": 24}
_WEIGHTS = {"lighter": 200, "default": 400, "bolder": 600}
_LETTERS = {"fontFamily": _FONT, "fontSizes": _SIZES, "fontWeights": _WEIGHTS}


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one theme. `text` has the colours of words: normal and subtle ones, by name of the colour.

    `own_text` is what stands on a coloured container; `page`, `button` and `edge` are Teams' own, outside the card.
    """

    name: str
    text: dict[str, tuple[str, str]]
    backgrounds: dict[str, str]
    own_text: dict[str, tuple[str, str]]
    page: str
    button: str
    edge: str

    def host(self, device: Device) -> Json:
        """Return the settings that the card library renders with."""
        return {
            "choiceSetInputValueSeparator": ",",
            "supportsInteractivity": True,
            "spacing": {"small": 8, "default": 12, "medium": 16, "large": 20, "extraLarge": 24, "padding": 16},
            "separator": {"lineThickness": 1, "lineColor": self.edge},
            "fontTypes": dict.fromkeys(("default", "monospace"), _LETTERS),
            "imageSizes": {"small": 32, "medium": 52, "large": 100},
            "containerStyles": {name: self._container(name) for name in self.backgrounds},
            "actions": _actions(device),
            "adaptiveCard": {"allowCustomStyle": False},
            "textBlock": {"headingLevel": 2},
            "factSet": {"title": {"weight": "Bolder", "wrap": True}, "value": {"wrap": True}, "spacing": 16},
        }

    def _container(self, name: str) -> Json:
        colours = self.text if name in ("default", "emphasis") else self.text | self.own_text
        words = {colour: {"default": normal, "subtle": subtle} for colour, (normal, subtle) in colours.items()}
        return {"backgroundColor": self.backgrounds[name], "foregroundColors": words}


def _actions(device: Device) -> Json:
    shape = ("Vertical", "Stretch") if device == "phone" else ("Horizontal", "Left")
    return {
        "maxActions": 6,
        "spacing": "Default",
        "buttonSpacing": 8,
        "showCard": {"actionMode": "Inline", "inlineTopMargin": 16, "style": "emphasis"},
        "preExpandSingleShowCardAction": False,
        "actionsOrientation": shape[0],
        "actionAlignment": shape[1],
    }


# The colours that Microsoft publishes for Teams: microsoft-teams-light.json and -dark.json of its Adaptive Cards
# samples, and the high contrast colours of its Fluent UI. A leading pair of digits is how solid the colour is.
_PASTEL = {"accent": "#c7def9", "good": "#ccffcc", "attention": "#ffc5b2", "warning": "#ffe2b2"}

LIGHT = Theme(
    name="light",
    text={
        "default": ("#252424", "#bf252424"),
        "dark": ("#252424", "#bf252424"),
        "light": ("#ffffff", "#f3f2f1"),
        "accent": ("#6264a7", "#8b8cc7"),
        "good": ("#92c353", "#e592c353"),
        "warning": ("#f8d22a", "#e5f8d22a"),
        "attention": ("#c4314b", "#e5c4314b"),
    },
    backgrounds={"default": "#ffffff", "emphasis": "#f9f8f7"} | _PASTEL,
    own_text={},
    page="#f5f5f5",
    button="#252424",
    edge="#8a8886",
)

DARK = Theme(
    name="dark",
    text={
        "default": ("#ffffff", "#bfffffff"),
        "dark": ("#201f1f", "#2d2c2c"),
        "light": ("#ffffff", "#bfffffff"),
        "accent": ("#a6a7dc", "#8b8cc7"),
        "good": ("#92c353", "#e592c353"),
        "warning": ("#f8d22a", "#e5f8d22a"),
        "attention": ("#d74654", "#e5d74654"),
    },
    backgrounds={"default": "#2d2c2c", "emphasis": "#292828"} | _PASTEL,
    own_text={"default": ("#201f1f", "#2d2c2c")},
    page="#1f1f1f",
    button="#ffffff",
    edge="#8a8886",
)

HIGH_CONTRAST = Theme(
    name="high contrast",
    text=dict.fromkeys(("default", "light", "good", "warning", "attention"), ("#ffffff", "#ffffff"))
    | {"dark": ("#000000", "#000000"), "accent": ("#ffff00", "#ffff00")},
    backgrounds=dict.fromkeys(("default", "emphasis", "accent", "good", "attention", "warning"), "#000000"),
    own_text={},
    page="#000000",
    button="#ffffff",
    edge="#ffffff",
)

THEMES = (LIGHT, DARK, HIGH_CONTRAST)
