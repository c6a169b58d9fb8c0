"""A member of staff uses the try-out: mouse, keyboard, phone, screen reader."""

import json

import pytest
from selenium.webdriver import Keys

from tests.e2e.page import TryOut

pytestmark = pytest.mark.e2e

FOLLOWED = 1  # "kid in my class followed me on insta, what now?"
UNCLEAR = ("photos", "video calls", "can I post pictures", "phone", "facebook", "devices")
DISCLOSURE = "a child told me her dad hits her"
OFF_TOPIC = (
    "maternity pay dates pls",
    "which afternoon is year 4 ppa this half term",
    "am i on M4 or M5 after the pay review",
)
OPTION, NO_RULE = ".option", ".no-rule"


def test_example_shows_verdict_rule_place_and_contact(tryout: TryOut) -> None:
    """An example question brings up the verdict, the rule in the policy's words, where it stands and who to ask."""
    card = tryout.tap_example(FOLLOWED)
    assert card.text
    assert tryout.words(".verdict").startswith("Not allowed: ")
    assert tryout.words("blockquote")
    place = tryout.words("dl")
    assert all(word in place for word in ("Section", "Policy", "Version3.1", "Issued1 September 2026"))
    assert "Mrs A. Example, Headteacher" in tryout.words(".contacts")
    phone = tryout.see(".contacts a[href^='tel:']")
    assert phone.get_attribute("href") == "tel:01632960001"
    tryout.shoot("answer-light")


def test_typed_question_is_asked_with_enter(tryout: TryOut) -> None:
    """A typed question is asked with Enter, stands above its card, and leaves the box empty for the next."""
    tryout.ask("may I check my phone while I teach")
    assert tryout.words(".turn:last-child .asked") == "You asked: may I check my phone while I teach"
    assert tryout.typed() == ""
    assert tryout.focused().get_attribute("id") == "question"


def test_shift_and_enter_starts_a_new_line(tryout: TryOut) -> None:
    """Shift and Enter starts a new line and asks nothing."""
    tryout.see("#question").send_keys("first")
    tryout.press_with_shift(Keys.ENTER)
    tryout.press("second")
    assert tryout.typed() == "first\nsecond"
    assert not tryout.all(".turn")


def test_words_stay_words(tryout: TryOut) -> None:
    """What a person types is shown as text, never as a part of the page."""
    tryout.ask("may <b>I</b> use <img src=x> my phone in class")
    assert tryout.words(".asked") == "You asked: may <b>I</b> use <img src=x> my phone in class"
    assert not tryout.all("#log b, #log img")


def test_empty_question_is_not_sent(tryout: TryOut) -> None:
    """An empty box is answered by a hint, and nothing is asked."""
    tryout.tap("#composer button")
    assert "Type a question first" in tryout.words("#problem")
    assert not tryout.all(".turn")


def test_long_question_is_kept(tryout: TryOut) -> None:
    """A question over the limit is refused in words and stays in the box."""
    tryout.run("arguments[0].value = 'phone '.repeat(400)", tryout.see("#question"))
    tryout.see("#question").send_keys("end", Keys.ENTER)
    assert "at most 2,000" in tryout.words("#problem .problem")
    assert "2,403 of 2,000" in tryout.words("#count")
    assert tryout.typed().endswith("end")
    tryout.expected_faults.append("400")


def test_option_is_tapped(tryout: TryOut) -> None:
    """Where a question could mean several things, tapping one asks again and is shown as what the person said."""
    tryout.ask_until(OPTION, UNCLEAR)
    tryout.shoot("clarify-light")
    label = tryout.words(".turn:last-child .option")
    tryout.tap_option(0)
    assert tryout.words(".turn:last-child .asked") == f"You asked: {label}"
    assert tryout.words(".turn:last-child .verdict")
    assert tryout.focused().get_attribute("class") == "asked"


def test_disclosure_shows_advice_first(tryout: TryOut) -> None:
    """A child's disclosure is answered by what to do now, before anything else, and then by who has been told."""
    card = tryout.ask(DISCLOSURE)
    alert = tryout.see(".card [role=alert]")
    assert card.text.startswith(alert.text)
    assert len(tryout.all(".now ol li")) >= 3
    assert "999" in tryout.words(".now .emergency")
    assert "Designated Safeguarding Lead" in tryout.words(".contacts")
    text = card.text
    assert text.index("What to do now") < text.index("Recorded") < text.index("Who to tell")
    assert "Nobody has been told" not in card.text
    tryout.shoot("concern-light")


def test_question_without_rule_names_a_person(tryout: TryOut) -> None:
    """A question that no rule answers says so and names whom to ask."""
    tryout.ask_until(NO_RULE, OFF_TOPIC)
    assert "could not find a rule" in tryout.words(".turn:last-child .card")
    assert "Headteacher" in tryout.words(".turn:last-child .contacts")
    tryout.shoot("no-match-light")


def test_school_without_document_shows_attach_line(tryout: TryOut) -> None:
    """A school whose document is not attached answers in plain words and shows the line that attaches it."""
    tryout.tap_example(FOLLOWED)
    tryout.pick("buckminster")
    assert "Buckminster" in tryout.words(".moved")
    tryout.tap("#about summary")
    assert "kb attach buckminster" in tryout.words("#attach")
    assert tryout.words("#edit").endswith("buckminster/policies/social-networking.yaml")
    tryout.shoot("about-light")
    tryout.tap_example(FOLLOWED)
    assert "In plain words" in tryout.words(".turn:last-child .plain")
    assert "your headteacher" in tryout.words(".turn:last-child .contacts")
    tryout.shoot("plain-words-light")


def test_attach_line_is_copied(tryout: TryOut) -> None:
    """The attach line is copied with one tap."""
    tryout.pick("buckminster")
    tryout.tap("#about summary")
    tryout.tap("[data-copies=attach]")
    tryout.until(lambda: tryout.words("#copied"))


def test_last_edit_is_checked(tryout: TryOut) -> None:
    """A person who edited a rule can see whether the edit was taken."""
    tryout.tap("#about summary")
    tryout.tap("#check-edit")
    assert "have been taken" in tryout.words("#edit-taken")


def test_server_that_is_gone_keeps_the_question(tryout: TryOut) -> None:
    """When the server does not answer, the page says so plainly and keeps the question in the box."""
    tryout.driver.execute_cdp_cmd("Network.enable", {})
    tryout.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/api/*"]})
    tryout.see("#question").send_keys("can I take photos on a trip", Keys.ENTER)
    assert "did not answer" in tryout.words("#problem .problem")
    assert tryout.typed() == "can I take photos on a trip"
    assert not tryout.all(".turn")
    tryout.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
    tryout.expected_faults.append("ERR_BLOCKED_BY_CLIENT")


def test_keyboard_reaches_everything_in_order(tryout: TryOut) -> None:
    """Tab reaches the picker, the panel, the examples, the card's links, the box and the button, each visibly."""
    tryout.tap_example(FOLLOWED)
    tryout.run("document.querySelector('.skip').focus()")
    tryout.press(Keys.TAB)
    tryout.press_with_shift(Keys.TAB)
    seen = [_focus(tryout)]
    while seen[-1] != "Ask" and len(seen) < 40:
        tryout.press(Keys.TAB)
        seen.append(_focus(tryout))
    assert seen[:10] == ["Skip", "school", "About", "Who", *["chip"] * 5, "01632 960001"]
    assert seen[-6:] == ["Why", "Helped", "Not what I meant", "Ask a person", "question", "Ask"]
    tryout.press(Keys.TAB)
    assert _focus(tryout) == "role"


def _focus(tryout: TryOut) -> str:
    """Name what has the focus, once it is seen to be outlined and in view."""
    state = json.loads(tryout.run(_FOCUS))
    assert state["outline"], f"{state['name']} has the focus, but nobody can see it"
    assert state["uncovered"], f"{state['name']} has the focus, but something covers it"
    return str(state["name"])


_FOCUS = """
const it = document.activeElement, box = it.getBoundingClientRect();
const top = document.elementFromPoint(box.x + Math.min(box.width / 2, 12), box.y + box.height / 2);
const words = it.matches('.skip, summary') ? it.textContent.split(' ')[0] : it.textContent;
return JSON.stringify({
  name: it.className === 'chip' ? 'chip' : it.id || words.trim(),
  outline: getComputedStyle(it).outlineStyle !== 'none' && parseFloat(getComputedStyle(it).outlineWidth) >= 2,
  uncovered: it.contains(top) || Boolean(top && top.contains(it) && top.closest('a, button, summary, li, select')),
});
"""


def test_keyboard_alone_gets_from_option_to_answer(tryout: TryOut) -> None:
    """With the keyboard alone, an option is chosen with Enter and the focus goes on from its answer."""
    tryout.ask_until(OPTION, UNCLEAR)
    tryout.run("arguments[0].focus()", tryout.see(".turn:last-child .option"))
    tryout.press(Keys.ENTER)
    tryout.see(".turn:last-child .verdict")
    assert tryout.focused().get_attribute("class") == "asked"


@pytest.mark.parametrize("width", [320, 390])
def test_phone_scrolls_one_way_only(tryout: TryOut, width: int) -> None:
    """On a narrow phone nothing is cut off and nobody has to scroll sideways, and every target is big enough."""
    tryout.screen(width, 740, phone=True)
    tryout.shoot(f"start-{width}")
    _shoot_every_card(tryout, str(width))
    tryout.pick("buckminster")
    tryout.tap("#about summary")
    tryout.shoot(f"about-{width}")
    assert tryout.run("return document.documentElement.scrollWidth") <= width
    assert tryout.run(_SMALL_TARGETS) == []


def _shoot_every_card(tryout: TryOut, look: str) -> None:
    """Bring up each kind of card and keep a picture of it."""
    tryout.ask(DISCLOSURE)
    tryout.shoot(f"concern-{look}")
    tryout.ask_until(OPTION, UNCLEAR)
    tryout.shoot(f"clarify-{look}")
    tryout.ask_until(NO_RULE, OFF_TOPIC)
    tryout.shoot(f"no-match-{look}")
    tryout.tap_example(FOLLOWED)
    tryout.shoot(f"answer-{look}")


_SMALL_TARGETS = """
return [...document.querySelectorAll('a:not(.skip), button, select, textarea, summary')]
  .filter((target) => target.checkVisibility())
  .filter((target) => target.getBoundingClientRect().height < 43.5)
  .map((target) => target.outerHTML);
"""


def test_dark_colours_are_kept(tryout: TryOut) -> None:
    """A person who prefers dark colours gets them."""
    light = tryout.run("return getComputedStyle(document.body).backgroundColor")
    tryout.prefer("dark")
    assert tryout.run("return getComputedStyle(document.body).backgroundColor") != light
    tryout.shoot("start-dark")
    _shoot_every_card(tryout, "dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility_checker_finds_nothing(tryout: TryOut, axe: str, scheme: str) -> None:
    """The accessibility checker axe finds no breach of WCAG 2.2 AA in any kind of reply, in either colour scheme."""
    tryout.prefer(scheme)
    tryout.pick("buckminster")
    tryout.tap("#about summary")
    for question in (DISCLOSURE, *UNCLEAR, *OFF_TOPIC, "hello"):
        tryout.ask(question)
    tryout.pick("model")
    tryout.tap_example(FOLLOWED)
    tryout.run("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    tryout.run(axe)
    found = tryout.driver.execute_async_script(_RUN_AXE)
    assert found == []


_RUN_AXE = """
const done = arguments[arguments.length - 1];
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
axe.run(document, {runOnly: tags}).then((result) => done(result.violations.map((breach) =>
  breach.id + ': ' + breach.nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | '))));
"""
