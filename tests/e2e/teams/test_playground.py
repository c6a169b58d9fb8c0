"""A day in Microsoft's own playground for Teams: its real client, in a real browser, against `signpost serve`."""

from collections.abc import Callable

import pytest

from adapters.chat import wording
from adapters.teams import wording as in_teams
from adapters.teams.manifest import ASK_ABOUT, RAISE
from bot.escalation.message import Act
from bot.escalation.model import Resolution
from bot.types import Action
from tests.e2e.teams.playground import Window
from tests.e2e.teams.school import DSL, GENERAL, GROUP, HEAD, PERSONAL, SAFEGUARDING, TEACHER, Person

pytestmark = pytest.mark.e2e

Sit = Callable[[Person], Window]

FRIEND = "can I friend a parent?"
VERDICT = "Advised against: sending friend requests to parents or accepting theirs"
QUOTE = "You should not send friend requests to parents or accept theirs."
DID_YOU_MEAN = "Which do you mean?"
DISCLOSURE = "a child told me her dad hits her"
CONTACT = "a girl in year 6 keeps messaging me on insta at night"
OUT = "Uninstall application"
BIND = "policy-admin routes bind child"
BOUND = "What the route child is for comes to this channel from now on. All 6 people in it can open what is sent here."
URGENT = f"{wording.URGENT}: A child may be at risk of harm"
TAKE, RESOLVE = wording.ACTS[Act.ACKNOWLEDGE], wording.ACTS[Act.RESOLVE]


@pytest.fixture
def bound(sit_down: Sit) -> None:
    """Bind the route of a child at risk to the safeguarding channel, as its admin does, typing inside it."""
    tess = sit_down(TEACHER)
    tess.go_to(SAFEGUARDING)
    tess.mention(f"{BIND} confirm")
    tess.sees(BOUND)
    tess.shoot("bound")


def test_whoever_takes_signpost_in_is_welcomed_once(sit_down: Sit) -> None:
    """The first thing that somebody reads says what can be asked; Teams tells twice that Signpost was taken in."""
    sit_down(TEACHER).happens(OUT)
    tess = sit_down(TEACHER)
    assert "friend" in tess.card(in_teams.WELCOME, in_teams.YOU_CAN_ASK)
    tess.shoot("welcome")
    tess.write(FRIEND)
    tess.card(VERDICT)
    assert tess.reads().count(in_teams.WELCOME) == 1


def test_a_question_in_the_personal_chat_is_answered_on_a_card(sit_down: Sit) -> None:
    """A teacher reads the verdict, the rule in the policy's words, where it stands and whom to ask."""
    tess = sit_down(TEACHER)
    tess.write(FRIEND)
    card = tess.card(VERDICT)
    assert all(words in card for words in (QUOTE, "8.1 Parents", "3.1", "Mrs A. Example"))
    assert {wording.ACTIONS[one] for one in (Action.HELPED, Action.NOT_MEANT)} <= set(tess.buttons(VERDICT))
    tess.shoot("answer")


def test_a_meaning_is_picked_by_tapping(sit_down: Sit) -> None:
    """Where a question could mean several things, tapping one of them brings its rule."""
    tess = sit_down(TEACHER)
    tess.write("photos")
    tess.shoot("which one")
    tess.tap(DID_YOU_MEAN, in_teams.THIS_ONE, 2)
    tess.card("Required: using a school device, and never your own, for photos or film of pupils")
    tess.shoot("picked")


def test_a_question_in_a_group_is_answered_there(sit_down: Sit) -> None:
    """A rule may be read by everybody, so it is read where it was asked."""
    tess = sit_down(TEACHER)
    tess.go_to(GROUP)
    tess.mention(FRIEND)
    tess.card(VERDICT)
    tess.shoot("group")


def test_a_question_in_a_channel_is_answered_beneath_it(sit_down: Sit) -> None:
    """The answer stands in the thread of the question, and not in a post of its own."""
    tess = sit_down(TEACHER)
    tess.go_to(GENERAL)
    tess.mention(FRIEND)
    tess.card(VERDICT)
    tess.shoot("channel")


def test_a_concern_goes_all_the_way(sit_down: Sit, bound: None) -> None:
    """Raised, posted into the safeguarding channel, taken and resolved: who looks on, and the asker, read each step."""
    bo, alma = sit_down(DSL), sit_down(HEAD)
    bo.go_to(SAFEGUARDING)
    alma.go_to(SAFEGUARDING)
    tess = sit_down(TEACHER)
    tess.write(DISCLOSURE)
    assert "Mr B. Example, Designated Safeguarding Lead" in tess.card(wording.EMERGENCY, wording.WHO_CAN_READ)
    tess.card("Delivered")
    tess.shoot("concern")
    posted = bo.card(URGENT, wording.NOT_TAKEN)
    assert TEACHER.name in posted
    assert "dad" not in posted
    bo.shoot("posted")
    bo.tap(URGENT, TAKE)
    bo.card(URGENT, wording.TAKEN, "Taken by the Designated Safeguarding Lead")
    alma.card(URGENT, wording.TAKEN, "Taken by the Designated Safeguarding Lead")
    tess.card("Delivered", "Taken by the Designated Safeguarding Lead")
    bo.tap(URGENT, RESOLVE)
    bo.card(wording.WHAT_CAME)
    bo.shoot("resolving")
    bo.pick(wording.WHAT_CAME, wording.resolution(Resolution.REFERRED))
    bo.tap(wording.WHAT_CAME, wording.RESOLVE_IT)
    bo.card(wording.RESOLVED)
    bo.shoot("resolved")
    assert TAKE not in alma.buttons(wording.RESOLVED)
    tess.card("Resolved: passed to an outside body")
    tess.shoot("receipt")
    assert "dad" not in bo.reads() + alma.reads()


def test_a_concern_in_a_group_is_answered_privately(sit_down: Sit) -> None:
    """Those who read along learn nothing of a risk: the asker reads about it in their own chat."""
    tess = sit_down(TEACHER)
    tess.go_to(GROUP)
    tess.mention(CONTACT)
    tess.sees(in_teams.ANSWERED_PRIVATELY)
    tess.shoot("answered privately")
    tess.go_to(PERSONAL)
    offered = tess.buttons(wording.WHO_WILL_READ)
    assert wording.ACTIONS[Action.TELL] in offered


def test_a_rule_is_inserted_from_the_box_in_which_one_writes(sit_down: Sit) -> None:
    """A teacher looks a rule up without leaving the chat with a colleague, and sends it there."""
    tess = sit_down(TEACHER)
    tess.go_to(GROUP)
    tess.find_rule(FRIEND, VERDICT)
    tess.send()
    tess.card(VERDICT, QUOTE)
    tess.shoot("inserted")


def test_a_message_is_asked_about_in_a_window(sit_down: Sit) -> None:
    """What stands in a message of a chat is looked up, and read by nobody else."""
    tess = sit_down(TEACHER)
    tess.go_to(GROUP)
    tess.write(FRIEND)
    tess.open_dialog_about_the_last(ASK_ABOUT)
    tess.card(VERDICT, QUOTE)
    tess.shoot("asked about")


def test_a_concern_is_raised_in_a_window(sit_down: Sit, bound: None) -> None:
    """Raise a concern leads from what happened, over what to do and who will read it, to telling them."""
    bo = sit_down(DSL)
    bo.go_to(SAFEGUARDING)
    tess = sit_down(TEACHER)
    tess.go_to(GROUP)  # The playground empties a window over the chat that the receipt comes into.
    tess.open_dialog(RAISE)
    tess.fill(wording.WHAT_HAPPENED, wording.WHAT_HAPPENED, CONTACT)
    tess.shoot("raising")
    tess.tap(wording.WHAT_HAPPENED, wording.NEXT)
    tess.card(wording.WHO_WILL_READ, "Mr B. Example")
    tess.shoot("who will read it")
    tess.tap(wording.WHO_WILL_READ, wording.ACTIONS[Action.TELL])
    reference = tess.card(wording.RECORDED).splitlines()[0].removeprefix(f"{wording.RECORDED} ")
    tess.shoot("told")
    assert TEACHER.name in bo.card(reference, wording.NOT_TAKEN)
