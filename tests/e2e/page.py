"""The try-out page in the words of a person who uses it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

_SECONDS = 20
_T = TypeVar("_T")


class TryOut:
    """The page, open in a browser. `expected_faults` are words of console entries that a test provokes on purpose."""

    def __init__(self, driver: Chrome, address: str, shots: Path) -> None:
        self.driver = driver
        self.address = address
        self.expected_faults: list[str] = []
        self._shots = shots

    def open(self) -> None:
        """Open the page and wait until its schools and examples are there."""
        self.driver.get(self.address)
        self.until(lambda: self.all("#examples button") and self.all("#school option"))

    def until(self, ready: Callable[[], Literal[False] | _T]) -> _T:
        """Wait until something holds, and return it."""
        return WebDriverWait(self.driver, _SECONDS).until(lambda _: ready())

    def all(self, css: str) -> list[WebElement]:
        """Return the elements of that description."""
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def see(self, css: str) -> WebElement:
        """Wait until an element can be seen, and return it."""
        return self.until(lambda: self._visible(css))

    def words(self, css: str) -> str:
        """Return the words of an element that can be seen, hidden parts for screen readers included."""
        return str(self.see(css).get_property("textContent")).strip()

    def typed(self) -> str:
        """Return what stands in the question box."""
        return str(self.see("#question").get_property("value"))

    # ---- What a person does

    def tap(self, css: str) -> None:
        """Click an element, once it is scrolled to."""
        self._click(self.see(css))

    def tap_example(self, number: int) -> WebElement:
        """Tap an example question, counted from 0, and return the card that answers it."""
        return self._card_after(lambda: self._click(self.all("#examples button")[number]))

    def tap_option(self, number: int) -> WebElement:
        """Tap an option of the last card, counted from 0, and return the card that answers it."""
        return self._card_after(lambda: self._click(self.all(".turn:last-child .option")[number]))

    def ask(self, question: str) -> WebElement:
        """Type a question, press Enter, and return the card that answers it."""
        return self._card_after(lambda: self.see("#question").send_keys(question, Keys.ENTER))

    def ask_until(self, css: str, questions: Sequence[str]) -> WebElement:
        """Ask one question after the other until a card holds an element; which one does hangs on the matching."""
        for question in questions:
            card = self.ask(question)
            if self.all(f".turn:last-child {css}"):
                return card
        raise AssertionError(f"no card has {css}: {questions}")

    def pick(self, school: str) -> None:
        """Pick a school by its id."""
        Select(self.see("#school")).select_by_value(school)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, wherever the focus is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def press_with_shift(self, key: str) -> None:
        """Press a key while the Shift key is held."""
        ActionChains(self.driver).key_down(Keys.SHIFT).send_keys(key).key_up(Keys.SHIFT).perform()

    def _visible(self, css: str) -> WebElement | Literal[False]:
        for found in self.all(css):
            if found.is_displayed():
                return found
        return False

    def _click(self, element: WebElement) -> None:
        self.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        element.click()

    def _card_after(self, act: Callable[[], None]) -> WebElement:
        before = len(self.all("#log .card"))
        act()
        self.until(lambda: len(self.all("#log .card")) > before)
        return self.all("#log .card")[-1]

    # ---- What a person sees

    def focused(self) -> WebElement:
        """Return the element that has the focus."""
        return self.driver.switch_to.active_element

    def run(self, script: str, *values: Any) -> Any:
        """Run a script in the page and return what it returns."""
        return self.driver.execute_script(script, *values)

    def console(self) -> list[str]:
        """Return the faults that the browser found since the last look."""
        # Selenium types all of its driver but this method.
        entries = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in entries if entry["level"] == "SEVERE"]

    def desktop(self) -> None:
        """Look at the page on a desk, in light colours."""
        self.screen(1000, 900)
        self.prefer("light")

    def screen(self, width: int, height: int, *, phone: bool = False) -> None:
        """Look at the page on a screen of that many CSS pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 2 if phone else 1, "mobile": phone}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": phone})

    def prefer(self, scheme: str) -> None:
        """Prefer "light" or "dark" colours, and no movement."""
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def shoot(self, name: str) -> None:
        """Keep a screenshot under that name."""
        assert self.driver.save_screenshot(str(self._shots / f"{name}.png"))
