"""A concern, and a question, on their way to people and back: both sides of the try-out, in one browser."""

import json

import pytest
from selenium.webdriver import Keys

from tests.e2e.page import TryOut

pytestmark = pytest.mark.e2e

DISCLOSURE = "a child told me her dad hits her"
CONTACT = "a girl in year 6 keeps messaging me on insta at night"
QUESTION = "may I check my phone while I teach"
REPLY = "Thank you. I am on my way."
ANSWER = "She is with me in Room 2."


def test_a_concern_goes_all_the_way(tryout: TryOut) -> None:
    """Raised, recorded, delivered live, opened, taken, replied to, answered and resolved; the asker reads each step."""
    tryout.ask(DISCLOSURE)
    reference = tryout.reference()
    slip = tryout.slip(reference)
    assert "dad" not in slip.text
    assert "Raised by You" in slip.text
    tryout.until(lambda: "Delivered" in tryout.receipt())
    slip.tap("open")
    assert DISCLOSURE in slip.part(".thread").text
    tryout.until(lambda: "Seen by the Designated Safeguarding Lead" in tryout.receipt())
    slip.tap("acknowledge")
    tryout.until(lambda: "Taken by the Designated Safeguarding Lead" in tryout.receipt())
    slip.tap("reply")
    slip.part("textarea").send_keys(REPLY)
    slip.send("reply")
    tryout.until(lambda: REPLY in tryout.receipt())
    assert "Mr B. Example" in tryout.receipt()
    tryout.shoot("thread-light")
    tryout.see(".receipt textarea").send_keys(ANSWER, Keys.ENTER)
    tryout.until(lambda: "has written again" in slip.text)
    assert ANSWER not in slip.text
    slip.tap("open")
    tryout.until(lambda: ANSWER in slip.text)
    slip.tap("resolve")
    slip.pick("resolve", "referred")
    slip.send("resolve")
    tryout.until(lambda: "Resolved: passed to an outside body" in tryout.receipt())
    assert slip.can() == ["Hide the words", "Reopen"]
    tryout.shoot("resolved-light")


def test_a_resolved_one_is_reopened_and_passed_on(tryout: TryOut) -> None:
    """What was closed too early is opened anew, and handed to the deputy, whose inbox has it too."""
    tryout.ask(DISCLOSURE)
    slip = tryout.slip(tryout.reference())
    slip.tap("resolve")
    slip.pick("resolve", "by-mistake")
    slip.send("resolve")
    slip.tap("reopen")
    slip.tap("assign")
    slip.pick("assign", "deputy-dsl")
    slip.send("assign")
    tryout.until(lambda: "Passed on to the Deputy" in tryout.receipt())
    tryout.play("deputy-dsl")
    assert "Nobody has it yet" in tryout.slip(tryout.reference()).text


def test_somebody_involved_is_not_told(tryout: TryOut) -> None:
    """The readers are listed before anything is sent; one of them is involved, so it goes to the next route."""
    tryout.ask(CONTACT)
    assert "Mr B. Example, Designated Safeguarding Lead" in tryout.words(".passing .people")
    tryout.shoot("offer-light")
    tryout.tap("[data-action=involved]")
    tryout.until(lambda: "Dr E. Example" in tryout.words(".passing .people"))
    card = tryout.see(".turn:last-child .card")
    assert "Mr B. Example" not in card.text
    assert "Speak to nobody who may be involved" in card.text
    tryout.shoot("involved-light")
    tryout.tap("[data-action=tell]")
    reference = tryout.reference()
    tryout.until(lambda: "Chair of governors" in tryout.see("#elsewhere").text)
    assert reference not in tryout.slips()
    tryout.tap("#elsewhere button")
    assert "Raised by You" in tryout.slip(reference).text


def test_where_nobody_is_left_the_card_says_whom_to_phone(tryout: TryOut) -> None:
    """When everybody who could be told may be involved, nothing is offered any more but numbers outside the school."""
    tryout.ask(CONTACT)
    tryout.tap("[data-action=involved]")
    tryout.until(lambda: "Dr E. Example" in tryout.words(".passing .people"))
    tryout.tap("[data-action=involved]")
    assert "Nobody has been told" in tryout.words(".cannot")
    assert tryout.see(".cannot a[href^='tel:']")
    assert not tryout.all("[data-action=tell]")


def test_a_question_goes_to_those_who_answer_questions(tryout: TryOut) -> None:
    """ "Ask a person" hands the question, with its words, to the headteacher, and never to the safeguarding inbox."""
    tryout.ask(QUESTION)
    tryout.tap(".turn:last-child [data-action=ask-a-person]")
    assert "handed on" in tryout.words(".turn:last-child .said")
    reference = tryout.reference()
    tryout.until(lambda: "Headteacher" in tryout.see("#elsewhere").text)
    assert reference not in tryout.slips()
    tryout.play("headteacher")
    slip = tryout.slip(reference)
    assert QUESTION in slip.text
    tryout.shoot("question-light")
    slip.tap("reply")
    slip.part("textarea").send_keys("No, leave it in your bag.", Keys.ENTER)
    tryout.until(lambda: "leave it in your bag" in tryout.receipt())


def test_an_answer_is_said_to_help_or_not(tryout: TryOut) -> None:
    """ "Helped" is thanked for; "Not what I meant" brings up other rules to tap."""
    tryout.ask(QUESTION)
    tryout.tap(".turn:last-child [data-action=helped]")
    assert "Thank you" in tryout.words(".turn:last-child .said")
    tryout.ask(QUESTION)
    tryout.tap(".turn:last-child [data-action=not-meant]")
    tryout.see(".turn:last-child .option")
    tryout.shoot("not-meant-light")
    tryout.tap_option(0)
    assert tryout.words(".turn:last-child .verdict")


def test_an_outsider_reads_whom_to_turn_to(tryout: TryOut) -> None:
    """A pupil or stranger gets one kind reply and no rule; what they say in danger reaches the DSL all the same."""
    tryout.ask_as("outsider")
    assert "Childline" in tryout.ask(QUESTION).text
    assert not tryout.all(".verdict, [data-action]")
    before = tryout.slips()
    assert "is being told what you wrote" in tryout.ask(DISCLOSURE).text
    tryout.until(lambda: len(tryout.slips()) > len(before))
    assert "not known here as a member of staff" in tryout.words("#cards")
    tryout.shoot("outsider-light")


def test_a_school_without_routes_says_so_on_both_sides(tryout: TryOut) -> None:
    """A school that has not said who is told: the card names whom to tell, the channel says that there is none."""
    tryout.pick("buckminster")
    assert "has not said who should be told" in tryout.words("#no-route")
    assert not tryout.all("#role option")
    card = tryout.ask(DISCLOSURE)
    assert "Nobody has been told" in card.text
    assert "your Designated Safeguarding Lead" in card.text
    tryout.shoot("no-route-light")


def test_nothing_is_lost_when_the_page_is_loaded_again(tryout: TryOut) -> None:
    """After a reload the receipt is still the asker's, and the card is still on the desk."""
    tryout.ask(DISCLOSURE)
    reference = tryout.reference()
    tryout.slip(reference).tap("acknowledge")
    tryout.until(lambda: "Taken by" in tryout.receipt())
    tryout.reload()
    tryout.until(lambda: reference in tryout.words("#passed") and "Taken by" in tryout.words("#passed"))
    assert DISCLOSURE in tryout.words("#passed .said-list")
    assert "Somebody has it" in tryout.slip(reference).text


def test_what_somebody_is_typing_is_left_alone(tryout: TryOut) -> None:
    """While a reply is being typed a new card comes in: it is announced, and neither words nor focus are lost."""
    tryout.ask(DISCLOSURE)
    slip = tryout.slip(tryout.reference())
    slip.tap("reply")
    tryout.press("I am on")
    count = len(tryout.slips())
    tryout.run(_ASK_BESIDE, DISCLOSURE)
    tryout.until(lambda: len(tryout.slips()) > count)
    assert tryout.words("#desk-news").startswith("New: ")
    tryout.press(" my way")
    assert slip.part("textarea").get_property("value") == "I am on my way"


_ASK_BESIDE = """
const body = JSON.stringify({school: 'model', question: arguments[0], who: 'somebody-else'});
fetch('/api/ask', {method: 'POST', headers: {'Content-Type': 'application/json'}, body});
"""


def test_the_tab_counts_what_is_new(tryout: TryOut) -> None:
    """What nobody has opened is counted in the title, until it is."""
    tryout.ask(DISCLOSURE)
    slip = tryout.slip(tryout.reference())
    tryout.until(lambda: tryout.driver.title.startswith("("))
    before = int(tryout.driver.title[1 : tryout.driver.title.index(")")])
    slip.tap("open")
    slip.part(".thread")
    rest = f"({before - 1}) " if before > 1 else ""
    tryout.until(lambda: tryout.driver.title == f"{rest}Signpost: try it out")


def test_keyboard_alone_gets_from_both_sides_to_an_end(tryout: TryOut) -> None:
    """With the keyboard alone a concern is raised, opened, taken, replied to and resolved; the focus is always seen."""
    tryout.ask(DISCLOSURE)
    reference = tryout.reference()
    slip = tryout.slip(reference)
    tryout.run("arguments[0].focus()", slip.part("[data-act=open]"))
    tryout.press(Keys.ENTER)
    slip.part(".thread")
    _tab_to(tryout, "acknowledge")
    tryout.press(Keys.ENTER)
    tryout.until(lambda: "Somebody has it" in slip.text)
    _tab_to(tryout, "reply")
    tryout.press(Keys.ENTER)
    tryout.press(REPLY, Keys.ENTER)
    tryout.until(lambda: REPLY in tryout.receipt())
    assert tryout.run("return arguments[0].contains(document.activeElement)", slip.root)
    _tab_to(tryout, "resolve")
    tryout.press(Keys.ENTER, Keys.TAB, Keys.ENTER)
    tryout.until(lambda: "Resolved: dealt with in school" in tryout.receipt())
    assert tryout.run("return arguments[0].contains(document.activeElement)", slip.root)


def _tab_to(tryout: TryOut, act: str) -> None:
    """Press Tab until a button of the card has the focus; it must be seen to have it."""
    for _ in range(12):
        if tryout.focused().get_attribute("data-act") == act:
            outline = json.loads(tryout.run(_OUTLINE))
            assert outline["style"] != "none"
            assert outline["width"] >= 2
            return
        tryout.press(Keys.TAB)
    raise AssertionError(f"Tab does not reach {act}")


_OUTLINE = """
const style = getComputedStyle(document.activeElement);
return JSON.stringify({style: style.outlineStyle, width: parseFloat(style.outlineWidth)});
"""


@pytest.mark.parametrize("width", [320, 390])
def test_phone_has_a_tab_for_each_side(tryout: TryOut, width: int) -> None:
    """On a phone each side has its tab, the other's count is seen, nothing is cut off, every target is big enough."""
    tryout.screen(width, 844, phone=True)
    tryout.ask(DISCLOSURE)
    reference = tryout.reference()
    tryout.until(lambda: tryout.words("[data-count]"))
    assert not tryout.see("#you").find_elements("css selector", ".slip")
    _fits(tryout, width)
    tryout.shoot(f"passed-on-{width}")
    tryout.tap("[data-shows=desk]")
    slip = tryout.slip(reference)
    slip.tap("open")
    slip.tap("reply")
    _fits(tryout, width)
    tryout.shoot(f"desk-{width}")
    tryout.tap("[data-shows=you]")
    assert "Seen by" in tryout.receipt()


def _fits(tryout: TryOut, width: int) -> None:
    assert tryout.run("return document.documentElement.scrollWidth") <= width
    assert tryout.run(_SMALL_TARGETS) == []


_SMALL_TARGETS = """
return [...document.querySelectorAll('a:not(.skip), button, select, input, textarea, summary')]
  .filter((target) => target.checkVisibility())
  .filter((target) => target.getBoundingClientRect().height < 43.5)
  .map((target) => target.outerHTML);
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility_checker_finds_nothing_on_either_side(tryout: TryOut, axe: str, scheme: str) -> None:
    """The accessibility checker axe finds no breach of WCAG 2.2 AA in any state of an escalation, in either scheme."""
    tryout.prefer(scheme)
    tryout.screen(1280, 900)
    tryout.ask(CONTACT)
    tryout.ask(DISCLOSURE)
    slip = tryout.slip(tryout.reference())
    tryout.ask(DISCLOSURE)
    done = tryout.slip(tryout.reference())
    tryout.until(lambda: "Delivered" in tryout.receipt())
    done.tap("resolve")
    done.send("resolve")
    slip.tap("open")
    slip.tap("acknowledge")
    slip.tap("assign")
    slip.tap("reply")
    slip.part("textarea").send_keys(REPLY)
    tryout.run("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    tryout.shoot(f"both-sides-{scheme}")
    tryout.run(axe)
    assert tryout.driver.execute_async_script(_RUN_AXE) == []


_RUN_AXE = """
const done = arguments[arguments.length - 1];
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
axe.run(document, {runOnly: tags}).then((result) => done(result.violations.map((breach) =>
  breach.id + ': ' + breach.nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | '))));
"""
