"""The try-out page in the words of a person who uses it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from selenium.common.exceptions import StaleElementReferenceException
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
        """Open the page as somebody new, and wait until its schools and examples are there."""
        self.driver.get(self.address)
        self.run("sessionStorage.clear()")
        self.reload()

    def reload(self) -> None:
        """Load the page again, as whoever had it open."""
        self.driver.get(self.address)
        self.until(lambda: self.all("#examples button") and self.all("#school option"))

    def until(self, ready: Callable[[], Literal[False] | _T]) -> _T:
        """Wait until something holds, and return it."""
        # A part that is brought up to date while it is looked at is looked at again.
        ignored = [StaleElementReferenceException]
        return WebDriverWait(self.driver, _SECONDS, ignored_exceptions=ignored).until(lambda _: ready())

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
        self.tap_this(self.see(css))

    def tap_example(self, number: int) -> WebElement:
        """Tap an example question, counted from 0, and return the card that answers it."""
        return self._card_after(lambda: self.tap_this(self.all("#examples button")[number]))

    def tap_option(self, number: int) -> WebElement:
        """Tap an option of the last card, counted from 0, and return the card that answers it."""
        return self._card_after(lambda: self.tap_this(self.all(".turn:last-child .option")[number]))

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

    def play(self, role: str) -> None:
        """Play a role by its id in the private channel."""
        Select(self.see("#role")).select_by_value(role)

    def ask_as(self, standing: str) -> None:
        """Ask as a member of "staff" or as an "outsider"."""
        self.tap("#asker summary")
        Select(self.see("#standing")).select_by_value(standing)

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

    def tap_this(self, element: WebElement) -> None:
        """Click an element, once it is in the middle of the screen."""
        self.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        element.click()

    def _card_after(self, act: Callable[[], None]) -> WebElement:
        before = len(self.all("#log .card"))
        act()
        self.until(lambda: len(self.all("#log .card")) > before)
        return self.all("#log .card")[-1]

    # ---- What a person sees

    def reference(self) -> str:
        """Return the reference of what the last card passed on."""
        return self.words(".turn:last-child .receipt [data-part=reference]")

    def receipt(self) -> str:
        """Return what the last card says of what was passed on."""
        return self.see(".turn:last-child .receipt").text

    def slips(self) -> list[str]:
        """List the references of the cards in the private channel."""
        return [found.text for found in self.all(".slip [data-part=reference]")]

    def slip(self, reference: str) -> "Slip":
        """Wait until a card is in the private channel, and return it."""
        self.until(lambda: reference in self.slips())
        return Slip(self, self.all(".slip")[self.slips().index(reference)])

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


class Slip:
    """A card in the private channel."""

    def __init__(self, page: TryOut, root: WebElement) -> None:
        self.page = page
        self.root = root

    @property
    def text(self) -> str:
        """Return what can be read on it."""
        return self.root.text

    def part(self, css: str) -> WebElement:
        """Wait until a part of it can be seen, and return it."""
        return self.page.until(lambda: self._visible(css))

    def can(self) -> list[str]:
        """List the buttons that can be seen."""
        return [button.text for button in self.root.find_elements(By.CSS_SELECTOR, "[data-act]") if button.text]

    def tap(self, act: str) -> None:
        """Tap one of its buttons."""
        self.page.tap_this(self.part(f"[data-act={act}]"))

    def send(self, form: str) -> None:
        """Send one of its forms."""
        self.page.tap_this(self.part(f"[data-form={form}] button"))

    def pick(self, form: str, value: str) -> None:
        """Pick a value in one of its forms."""
        Select(self.part(f"[data-form={form}] select")).select_by_value(value)

    def _visible(self, css: str) -> WebElement | Literal[False]:
        for found in self.root.find_elements(By.CSS_SELECTOR, css):
            if found.is_displayed():
                return found
        return False
