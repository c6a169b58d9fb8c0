"""A window of the Microsoft 365 Agents Playground, in the words of the person who sits in front of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeVar

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from adapters.teams.manifest import FIND_CLAUSE, QUESTION
from tests.e2e.teams.school import BOT_NAME, CHANNELS, PERSONAL, Person

_SECONDS = 30
_T = TypeVar("_T")
_BOX = "[role=textbox][contenteditable=true]"
_CARD = ".ac-adaptiveCard"
_SEARCH, _ACTION = "Search Command", "Action Command"
_PARAMETERS = "Specify Command ID or Parameter"
_PICKED = "[role=option], [role=menuitem], li"

# The playground signs one person in, and acts for whom its page names: a page that is told of another person is theirs.
_SIGN_IN = """(() => {
  const parse = JSON.parse;
  JSON.parse = function (...given) {
    const read = parse.apply(this, given);
    const facts = read?.config;
    const at = facts?.users?.findIndex((user) => user.id === %s) ?? -1;
    if (at < 0) return read;
    const [me, them] = [facts.currentUser, facts.users[at]];
    facts.users[at] = me;
    facts.currentUser = them;
    for (const place of [...facts.groupChats, ...facts.teams]) {
      place.members = place.members.map((id) => (id === them.id ? me.id : id));
    }
    return read;
  };
})();"""

# The place that is open stands beside the list of places and the log, which repeat its words.
_PANE = """
  let pane = document.querySelector(arguments[0]);
  const others = `button[aria-label="${arguments[1]}"]`;
  while (pane?.parentElement && !pane.parentElement.querySelector(others)) pane = pane.parentElement;
  return pane?.innerText ?? '';
"""


class Window:
    """One person's window. What is said while it is open stays in it; nothing that came before is shown."""

    def __init__(self, driver: Chrome, address: str, person: Person, shots: Path) -> None:
        self._driver = driver
        self._shots = shots
        self._newest = -1
        self.person = person
        driver.switch_to.new_window("window")
        self._handle = driver.current_window_handle
        driver.set_window_size(1500, 1100)
        sign_in = _SIGN_IN % json.dumps(person.teams_id)
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": sign_in})
        driver.get(address)
        self._until(lambda: self._all(f'button[aria-label="{PERSONAL}"]'), "the playground did not open")
        assert person.name in driver.find_element(By.TAG_NAME, "body").text

    def close(self) -> None:
        """Close the window; some other one must be there still."""
        self._driver.switch_to.window(self._handle)
        self._driver.close()
        self._driver.switch_to.window(self._driver.window_handles[0])

    # ---- What the person does

    def go_to(self, place: str) -> None:
        """Open a chat or a channel."""
        self._look()
        self._newest = 0 if place in CHANNELS else -1  # A channel shows its newest post first, a chat last.
        self._click(lambda: self._all(f'button[aria-label="{place}"]'))
        self._until(lambda: self._all(_BOX), f"{place} did not open")

    def write(self, text: str) -> None:
        """Write in the personal chat, and send it."""
        self._look()
        self._until(lambda: self._all(_BOX), "there is nothing to write in")[0].click()
        self._type(text)
        self._send()

    def mention(self, text: str) -> None:
        """Write to Signpost where others read along: @Signpost, then the text."""
        self._look()
        self._until(lambda: self._all(_BOX), "there is nothing to write in")[0].click()
        self._type("@")
        self._click(lambda: [item for item in self._all(_PICKED) if item.text.strip().startswith(BOT_NAME)])
        self._until(lambda: BOT_NAME in self._all(_BOX)[0].text, "the mention was not taken")
        self._type(f" {text}")
        self._send()

    def tap(self, words: str, button: str, which: int = 0) -> None:
        """Tap a button of the newest card that holds these words; `which` counts those of one name, from 0."""
        self._look()
        self._click(lambda: self._button(words, button)[which : which + 1])

    def fill(self, words: str, label: str, text: str) -> None:
        """Fill in a box of the newest card that holds these words, by the box's label."""
        self._look()
        box = self._until(lambda: self._input(words, label), f"no box {label!r} in a card with {words!r}")
        box.clear()
        box.send_keys(text)

    def pick(self, words: str, option: str) -> None:
        """Pick one of the options that the newest card with these words lists."""
        self._look()
        self._click(lambda: [one for one in self._labels(words) if one.text.strip() == option])

    # ---- Signpost in the box in which one writes

    def find_rule(self, question: str, title: str) -> None:
        """Look a rule up from the box in which one writes, and pick the one of that title."""
        self._look()
        self._command(_SEARCH)
        self._click(lambda: self._named("button", _PARAMETERS))
        for named, value in (("Command ID", FIND_CLAUSE), ("Parameter name", QUESTION)):
            self._put(f'input[placeholder="{named}"]', value)
        self._put('input[placeholder="Enter a search term"]', question)
        self._click(lambda: self._named("h1", title))

    def open_dialog(self, command: str) -> None:
        """Open one of Signpost's dialogs from the box in which one writes."""
        self._look()
        self._command(_ACTION)
        self._create(command)

    def open_dialog_about_the_last(self, command: str) -> None:
        """Open one of Signpost's dialogs about the last message of a chat."""
        self._look()
        self._click(lambda: self._all('button[aria-label="Show more information"]')[-1:])
        self._click(lambda: self._named("[role=menuitem]", _ACTION))
        self._create(command)

    def happens(self, event: str) -> None:
        """Let something happen to the place that is open, such as that Signpost is taken out of it."""
        self._look()
        before = self.log()
        self._click(lambda: self._named("button", "Mock an Activity"))
        self._click(lambda: self._named("[role=menuitem]", event))
        self._click(lambda: self._named("button", "Send activity"))
        self._until(
            lambda: "installationUpdate 200" in self.log().removeprefix(before), f"Signpost did not take {event}"
        )

    def send(self) -> None:
        """Send what stands in the box in which one writes."""
        self._look()
        self._send()

    # ---- What the person sees

    def card(self, *words: str) -> str:
        """Wait for a card with all these words, and return its words."""
        self._look()
        return self._until(lambda: self._card(*words), f"no card with {words}").text

    def buttons(self, words: str) -> list[str]:
        """Return the buttons of the newest card that holds these words."""
        self._look()
        card = self._until(lambda: self._card(words), f"no card with {words!r}")
        return [str(button.get_attribute("aria-label")) for button in card.find_elements(By.CSS_SELECTOR, "button")]

    def sees(self, *words: str) -> str:
        """Wait until the open place holds all these words, and return everything in it."""
        self._look()
        shown = self._until(lambda: all(word in self.reads() for word in words) and self.reads(), f"no {words}")
        return shown

    def reads(self) -> str:
        """Return the words of the place that is open, as they are now."""
        self._look()
        return str(self._driver.execute_script(_PANE, _BOX, PERSONAL))

    def shoot(self, name: str) -> None:
        """Save a picture of the window."""
        self._look()
        self._driver.save_screenshot(str(self._shots / f"playground {name}.png"))

    def log(self) -> str:
        """Return what the playground logged: each call and its status, and what it found wrong with one."""
        self._look()
        return str(self._driver.find_element(By.TAG_NAME, "body").text).partition("Log Panel")[2]

    # ---- How

    def _look(self) -> None:
        if self._driver.current_window_handle != self._handle:
            self._driver.switch_to.window(self._handle)

    def _all(self, css: str) -> list[WebElement]:
        return [found for found in self._driver.find_elements(By.CSS_SELECTOR, css) if found.is_displayed()]

    def _named(self, css: str, text: str) -> list[WebElement]:
        return [found for found in self._all(css) if found.text.strip() == text]

    def _card(self, *words: str) -> WebElement | Literal[False]:
        fitting = [card for card in self._all(_CARD) if all(word in card.text for word in words)]
        return fitting[self._newest] if fitting else False

    def _button(self, words: str, button: str) -> list[WebElement]:
        card = self._card(words)
        css = f'button[aria-label="{button}"]'
        return card.find_elements(By.CSS_SELECTOR, css) if card else []

    def _labels(self, words: str) -> list[WebElement]:
        card = self._card(words)
        return card.find_elements(By.TAG_NAME, "label") if card else []

    def _command(self, item: str) -> None:
        self._click(lambda: self._all('button[aria-label="Trigger Message Extension App"]'))
        self._click(lambda: self._named("[role=menuitem]", item))

    def _create(self, command: str) -> None:
        self._put('input[placeholder^="Input command id"]', command)
        self._click(lambda: self._all('button[aria-label="Create"]'))

    def _put(self, css: str, text: str) -> None:
        box = self._until(lambda: self._all(css), f"nothing to fill in at {css}")[0]
        box.clear()
        box.send_keys(text)

    def _input(self, words: str, label: str) -> WebElement | Literal[False]:
        for found in self._labels(words):
            if found.text.strip().rstrip("*").strip() == label:
                return self._driver.find_element(By.ID, str(found.get_attribute("for")))
        return False

    def _click(self, find: Callable[[], list[WebElement]]) -> None:
        def done() -> bool:
            for element in find()[:1]:
                self._driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
                element.click()
                return True
            return False

        self._until(done, "there was nothing to click")

    def _type(self, text: str) -> None:
        ActionChains(self._driver).send_keys(text).perform()

    def _send(self) -> None:
        css = 'button[aria-label="Send Message"]'
        self._click(lambda: self._named("button", "Post") or self._all(css))

    def _until(self, ready: Callable[[], Literal[False] | _T], missing: str) -> _T:
        # A part that is brought up to date while it is looked at is looked at again.
        ignored = [StaleElementReferenceException, ElementClickInterceptedException, IndexError]
        try:
            return WebDriverWait(self._driver, _SECONDS, ignored_exceptions=ignored).until(lambda _: ready())
        except TimeoutException:
            raise AssertionError(f"{missing}; {self.person.name} reads:\n{self.reads()}") from None
