"""The card library that Teams renders with, in a browser: it judges cards, and lays them out to be looked at."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome

from tests.e2e.teams.themes import WIDTHS, Device, Json, Theme

_HERE = Path(__file__).parent
_SHEET_PIXELS = 2400
_SCRIPT_SECONDS = 120

# Buttons and boxes have Teams' shapes, so that what fits here fits there; words of a button are never wrapped in Teams.
_STYLE = """
body { margin: 0; background: %(page)s; font-family: 'Segoe UI', Tahoma, Geneva, Verdana, sans-serif; }
#cards { display: flex; width: max-content; align-items: flex-start; gap: 12px; padding: 12px; }
figure { margin: 0 0 12px; outline: 1px solid %(edge)s; }
figcaption { font-size: 12px; padding: 4px; color: #000; background: #fff; }
.ac-pushButton { min-height: 32px; padding: 4px 12px; font: 600 14px 'Segoe UI', Tahoma, Geneva, Verdana, sans-serif;
  color: %(button)s; background: transparent; border: 1px solid %(edge)s; border-radius: 4px; }
.ac-horizontal-separator { flex: none; }
.ac-input { font: 14px 'Segoe UI', Tahoma, Geneva, Verdana, sans-serif; color: %(button)s; background: transparent;
  border: 1px solid %(edge)s; box-sizing: border-box; width: 100%%; min-height: 32px; }
.ac-input option { color: #000; background: #fff; }
.ac-multichoiceInput, .ac-choiceSetInput-multiSelect, .ac-toggleInput { border: none; }
"""


class CardBench:
    """A bare page with the library in it. `faults` judges one card; `lay_out` shows many for the rest to look at."""

    def __init__(self, driver: Chrome, clients: Path) -> None:
        self._driver = driver
        self._scripts = [
            (clients / "adaptivecards" / "dist" / "adaptivecards.min.js").read_text(encoding="utf-8"),
            (clients / "axe-core" / "axe.min.js").read_text(encoding="utf-8"),
            (_HERE / "strict.js").read_text(encoding="utf-8"),
            (_HERE / "bench.js").read_text(encoding="utf-8"),
        ]

    def open(self) -> None:
        """Open an empty page, and put the library into it."""
        self._driver.get("about:blank")
        self._driver.set_script_timeout(_SCRIPT_SECONDS)
        self._driver.execute_script(
            "document.documentElement.lang = 'en'; document.title = 'Cards';"
            "document.body.innerHTML = '<main id=cards></main>';"
        )
        for script in self._scripts:
            self._driver.execute_script(script)

    def faults(self, card: Json) -> list[str]:
        """Return what the library finds wrong with a card, and what it does not know."""
        return list(self._driver.execute_script("return faultsOf(arguments[0])", card))

    def lay_out(self, cards: Mapping[str, Json], theme: Theme, device: Device) -> None:
        """Show all these cards in one theme, as wide as they are on that device."""
        style = _STYLE % {"page": theme.page, "edge": theme.edge, "button": theme.button}
        self._driver.execute_script(
            "document.querySelector('style')?.remove();"
            "document.head.append(Object.assign(document.createElement('style'), {textContent: arguments[0]}));",
            style,
        )
        self._driver.execute_script("show(...arguments)", dict(cards), theme.host(device), WIDTHS[device])

    def hidden_words(self) -> list[str]:
        """Return which words of the cards laid out are cut off, or lie over each other."""
        return list(self._driver.execute_script("return hiddenWords()"))

    def unfit(self) -> list[str]:
        """Return what axe finds: too little contrast, inputs and buttons without a name."""
        wait = "const done = arguments[0]; unfit().then(done, (fault) => done([String(fault)]))"
        return list(self._driver.execute_async_script(wait))

    def photograph(self, folder: Path, name: str) -> list[Path]:
        """Save what is laid out, in as many pictures as it takes."""
        size: Any = self._driver.execute_script(
            "const all = document.documentElement; return [all.scrollWidth, all.scrollHeight]"
        )
        pictures = []
        for number, top in enumerate(range(0, int(size[1]), _SHEET_PIXELS), 1):
            height = min(_SHEET_PIXELS, int(size[1]) - top)
            clip = {"x": 0, "y": top, "width": size[0], "height": height, "scale": 1}
            options = {"format": "png", "captureBeyondViewport": True, "clip": clip}
            taken = self._driver.execute_cdp_cmd("Page.captureScreenshot", options)
            pictures.append(folder / f"{name} {number}.png")
            pictures[-1].write_bytes(base64.b64decode(taken["data"]))
        return pictures
