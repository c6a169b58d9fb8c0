"""The home tab as a view, whatever the sizes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat import admin_wording, wording
from adapters.chat.reports import Pack
from adapters.slack import home
from adapters.slack import home_wording as says
from adapters.slack.admin_words import SLACK
from adapters.slack.home import Home
from bot import wording as said
from bot.escalation import wording as told
from bot.escalation.desk import Listed
from bot.escalation.message import Act
from bot.escalation.model import Escalation, Feedback, Resolution, State
from bot.escalation.receipt import Receipt, receipt
from bot.escalation.render import acts, card_lines
from bot.view import SchoolView
from knowledge.library import SchoolState
from knowledge.model import Contact, School, Topic
from tests.adapters.slack.home_world import ELM, FAULT, SCHOOL
from tests.adapters.slack.payloads import HOSTILE, check_view, elements, hostile_words, shown
from tests.bot.builders import AT_BREAK, CATALOGUE, FRIENDS, ON_SITE, PHONE_TENSION, PHONES
from tests.bot.escalation.builders import ASKER, HOUR, MINUTE, scene, taken, waiting
from tests.escalation_fakes import MONDAY

TOPICS = {topic.id: topic for topic in CATALOGUE.topics}


def texts(view: dict[str, Any]) -> list[str]:
    """Return what somebody reads in a view that Slack takes."""
    check_view(view)
    return shown(view["blocks"])


def chosen_from(view: dict[str, Any], action: str) -> list[str]:
    """List the values that can be chosen in a list."""
    (one,) = [found for found in elements(view["blocks"]) if found["action_id"] == action]
    groups = one.get("option_groups") or [one]
    return [option["value"] for group in groups for option in group["options"]]


def buttons(view: dict[str, Any], action: str) -> list[str]:
    """List the values of the buttons that do something."""
    return [one["value"] for one in elements(view["blocks"]) if one["action_id"] == action]


def listed(one: Escalation) -> Listed:
    """Return an escalation as it stands on a desk."""
    return Listed(one, "A child may be at risk of harm", tuple(card_lines(scene(one))), acts(one))


def a_receipt(number: int, state: State = State.DELIVERED) -> Receipt:
    """Return a receipt."""
    one = waiting(id=f"e{number}", reference=f"K7-{number:04}", state=state)
    return receipt(one, SCHOOL, "A child may be at risk of harm", MONDAY + MINUTE)


def a_pack(school: School = SCHOOL, asked: Sequence[Feedback] | None = (), **changes: Any) -> Pack:
    """Return a school's knowledge as it stands."""
    state: SchoolState[SchoolView] = SchoolState(school.id, None, school, MONDAY, MONDAY, ok=True, faults=())
    return Pack(school, replace(state, **changes), asked if asked is None else tuple(asked))


def unanswered(words: str | None, age: timedelta = HOUR) -> Feedback:
    """Return a question that found no answer."""
    return Feedback(SCHOOL.id, "unanswered", None, words, MONDAY - age)


def test_a_member_of_staff_sees_their_school_its_topics_and_its_people() -> None:
    """The home tab names the school, offers its topics and names its people, the DSL first."""
    view = home.home_view(Home(MONDAY, SCHOOL, [SCHOOL], home.topics_of(SCHOOL, CATALOGUE.topics)))
    read = texts(view)
    assert read[0] == "Oakwood School"
    assert buttons(view, home.RAISE) == ["raise"]
    assert chosen_from(view, home.TOPIC) == ["friend-parent", "friend-pupil", "staff-phone", "staff-chat"]
    people = [text for text in read if "01632" in text]
    assert people[0].startswith("Mr B. Dale, Designated Safeguarding Lead\nPhone: 01632 960001")
    assert "<@U0DSL>" in read
    assert home.SCHOOL not in [one["action_id"] for one in elements(view["blocks"])]
    assert wording.ACTS[Act.ANSWER] not in read


def test_whoever_has_left_is_not_shown() -> None:
    """A role without a holder is not among the people to ask."""
    gone = replace(SCHOOL.contact("dsl"), left="2026-11-01")
    school = replace(SCHOOL, contacts=MappingProxyType({**SCHOOL.contacts, "dsl": gone}))
    read = texts(home.home_view(Home(MONDAY, school)))
    assert not [text for text in read if "Dale" in text]


def test_the_school_can_be_changed_where_there_are_several() -> None:
    """The list of schools shows the one that they ask for."""
    view = home.home_view(Home(MONDAY, ELM, [SCHOOL, ELM]))
    check_view(view)
    (one,) = [found for found in elements(view["blocks"]) if found["action_id"] == home.SCHOOL]
    assert one["initial_option"]["value"] == "elm"
    assert set(chosen_from(view, home.SCHOOL)) == {"oakwood", "elm"}


def test_whoever_has_not_chosen_a_school_is_asked_for_it_first() -> None:
    """Before a school is chosen there are its list, the way to raise a concern, and nothing of any policy."""
    view = home.home_view(Home(MONDAY, None, [SCHOOL, ELM]))
    read = texts(view)
    assert read[:2] == [wording.WHICH_SCHOOL_DO_YOU_ASK_FOR, wording.SCHOOL_SAFETY]
    assert [one["action_id"] for one in elements(view["blocks"])] == [home.RAISE, home.SCHOOL]


def test_what_somebody_raised_stands_there_until_it_is_resolved() -> None:
    """Open receipts are shown with their state and a way to write on, the latest first; resolved ones are not."""
    receipts = [a_receipt(1), a_receipt(2, State.RESOLVED), a_receipt(3, State.ACKNOWLEDGED)]
    view = home.home_view(Home(MONDAY, SCHOOL, receipts=receipts))
    read = texts(view)
    assert buttons(view, "asker:answer") == ["e3", "e1"]
    assert read.index("*Passed on K7-0003*") < read.index("*Passed on K7-0001*")
    assert "*Passed on K7-0002*" not in read
    assert any(told.recorded_at("10:00") in text for text in read)


def test_those_who_are_told_see_what_is_open_urgent_first_then_oldest() -> None:
    """The escalations stand above everything else, with their buttons; resolved ones are gone."""
    one, two = waiting(id="old"), waiting(id="urgent", opened_at=MONDAY + HOUR)
    three = taken(id="mine", opened_at=MONDAY - HOUR)
    calm = [replace(each, urgent=False) for each in (one, three)]
    over = replace(waiting(id="over"), state=State.RESOLVED, resolution=Resolution.HANDLED)
    view = home.home_view(Home(MONDAY, SCHOOL, inbox=[listed(each) for each in (over, *calm, two)]))
    read = texts(view)
    assert buttons(view, "desk:open") == ["urgent", "mine", "old"]
    assert buttons(view, "desk:acknowledge") == ["urgent", "old"]
    assert read.index(says.DESK) < read.index(f"*{says.CONTACTS}*")
    assert any(text.startswith("Urgent: A child may be at risk of harm") for text in read)
    assert any(text.startswith("A child may be at risk of harm") for text in read)


def test_each_open_escalation_stands_under_its_own_headline() -> None:
    """A DSL finds each by its headline, and reads beneath it at once whether somebody has it."""
    view = home.home_view(Home(MONDAY, SCHOOL, inbox=[listed(waiting()), listed(taken(urgent=False))]))
    headlines = [number for number, block in enumerate(view["blocks"]) if "at risk" in str(block.get("text"))]
    assert {view["blocks"][number]["type"] for number in headlines} == {"header"}
    beneath = [view["blocks"][number + 1]["text"]["text"].partition("\n")[0] for number in headlines]
    assert beneath == [wording.NOT_TAKEN, wording.TAKEN]


@pytest.mark.parametrize("unreadable", ["inbox", "receipts"])
def test_a_store_that_is_down_is_told_and_hides_nothing_else(unreadable: str) -> None:
    """Where what was raised cannot be read the tab says so, and still names whom to tell."""
    made = Home(MONDAY, SCHOOL, inbox=None) if unreadable == "inbox" else Home(MONDAY, SCHOOL, receipts=None)
    read = texts(home.home_view(made))
    assert told.NOT_READABLE in read
    assert any("01632 960001" in text for text in read)


def test_an_admin_sees_the_knowledge_of_the_school() -> None:
    """Version, last reload, overdue reviews and what found no answer lately, the latest first; nothing older."""
    asked = [unanswered("old […]", timedelta(days=31)), unanswered("what of […]"), unanswered(None)]
    asked.append(unanswered("newer", MINUTE))
    read = "\n".join(texts(home.home_view(Home(MONDAY, SCHOOL, packs=[a_pack(asked=asked)]))))
    assert admin_wording.in_force("v1", "10:00") in read
    assert admin_wording.reloaded("10:00") in read
    assert f"{admin_wording.reviews_overdue(1)}\n{admin_wording.overdue('Phone Policy', 'February 2021')}" in read
    assert f"{admin_wording.unanswered_count(2)}\n“newer” (09:59)\n“what of […]” (09:00)" in read
    assert "old […]" not in read


def test_an_admin_sees_why_a_change_was_not_taken() -> None:
    """The first faults stand there with their place, and how many more there are."""
    many = tuple(replace(FAULT, line=number) for number in range(1, 6))
    refused = a_pack(ok=False, tried_at=MONDAY + HOUR, faults=many)
    read = "\n".join(texts(home.home_view(Home(MONDAY, SCHOOL, packs=[refused]))))
    assert admin_wording.not_reloaded("11:00") in read
    assert "oakwood/school.yaml:3: there is no such role" in read
    assert "oakwood/school.yaml:4" not in read
    assert admin_wording.more_faults(SLACK, 2) in read


def test_an_admin_reads_that_everything_is_in_order() -> None:
    """Where no review is overdue and everything found an answer, that is said; where nobody knows, that too."""
    school = replace(SCHOOL, policies=())
    read = "\n".join(texts(home.home_view(Home(MONDAY, SCHOOL, packs=[a_pack(school), a_pack(asked=None)]))))
    assert f"{admin_wording.NO_OVERDUE}\n{admin_wording.NOTHING_UNANSWERED}" in read
    assert admin_wording.UNANSWERED_UNKNOWN in read


def test_an_outsider_sees_the_kind_words_and_nothing_else() -> None:
    """Nothing of the school, its policies or its people stands there."""
    assert texts(home.outsider_view()) == [told.NOT_STAFF_REPLY]


# ---- A topic ---------------------------------------------------------------------------------------------------------


def test_a_topic_shows_its_rules_word_for_word() -> None:
    """Each rule has its verdict, its own words, and where they stand; the line about risk closes the list."""
    view = home.topic_view(TOPICS["friend-pupil"], SCHOOL, MONDAY)
    read = texts(view)
    assert view["title"]["text"] == says.TOPICS
    assert read.index(said.verdict(FRIENDS)) < read.index(FRIENDS.quote or "") < read.index(FRIENDS.says)
    assert "Contact with pupils" in read
    assert "Version 2.1" in read
    assert said.safety_line("Designated Safeguarding Lead") in read
    assert not [text for text in read if "staff room" in text]


def test_rules_that_pull_apart_never_stand_alone() -> None:
    """A permission that another rule pulls against reads "Ask first", beside that rule and whom to ask."""
    phones = replace(PHONES, clauses=(replace(ON_SITE, topics=()), AT_BREAK))
    view = home.topic_view(TOPICS["staff-phone"], replace(SCHOOL, policies=(phones,)), MONDAY)
    read = texts(view)
    assert PHONE_TENSION.says in read
    assert says.ask_first("your line manager") in read
    assert said.verdict(AT_BREAK, ask_first=True) in read
    assert ON_SITE.says in read
    assert said.verdict(AT_BREAK) not in read
    assert said.review_overdue(phones, "February 2021") in read


def test_a_topic_that_is_gone_says_so() -> None:
    """A list that is older than the policies leads to a sentence, not to an error."""
    assert says.TOPIC_GONE in texts(home.topic_view(TOPICS["nobody-asks"], SCHOOL, MONDAY))


# ---- Sizes -----------------------------------------------------------------------------------------------------------


def test_a_long_day_is_counted_out() -> None:
    """Where more is open than fits, the first are shown whole and the others are counted."""
    inbox = [listed(waiting(id=f"e{number}")) for number in range(500)]
    view = home.home_view(Home(MONDAY, SCHOOL, inbox=inbox, receipts=[a_receipt(number) for number in range(99)]))
    read = texts(view)
    desk, raised = len(buttons(view, "desk:open")), len(buttons(view, "asker:answer"))
    assert desk >= 10
    assert raised >= 2
    assert wording.more_lines(500 - desk) in read
    assert wording.more_lines(99 - raised) in read


def test_long_lists_to_choose_from_are_counted_out() -> None:
    """Where more schools or topics are there than a list takes, the others are counted; one's own is always there."""
    schools = [replace(SCHOOL, id=f"s{number}", name="😀" * 100) for number in range(1_000)]
    topics = [Topic(f"t{number}", "&" * 200, "") for number in range(1_000)]
    view = home.home_view(Home(MONDAY, schools[-1], schools, topics))
    read = texts(view)
    offered = chosen_from(view, home.SCHOOL)
    assert offered[0] == "s999"
    assert wording.more_lines(1_000 - len(offered)) in read
    assert wording.more_lines(1_000 - len(chosen_from(view, home.TOPIC))) in read


@settings(max_examples=40, deadline=None)
@given(words=hostile_words, many=st.sampled_from([1, 7, 20]))
def test_slack_takes_every_home_tab(words: str, many: int) -> None:
    """Whatever stands in the school, the escalations and the questions, Slack takes the view and reads no markup."""
    odd = replace(PHONES, title=words, clauses=(replace(AT_BREAK, act=words),))
    people = {f"r{number}": Contact(f"r{number}", words, words) for number in range(many)}
    school = replace(SCHOOL, name=words, policies=(odd,) * many, contacts=MappingProxyType(people), version=words)
    one = listed(waiting())
    inbox = [replace(one, title=words, lines=(words,) * many)] * many
    receipts = [replace(a_receipt(1), title=words, lines=(words,) * many, warning=words)] * many
    fault = replace(FAULT, found=words)
    packs = [a_pack(school, [unanswered(words)] * many, ok=False, faults=(fault,) * many)] * many
    topics = [Topic(f"t{number}", words, words) for number in range(many)]
    schools = [replace(school, id=f"s{number}") for number in range(many)]
    check_view(home.home_view(Home(MONDAY, schools[0], schools, topics, inbox, receipts, packs)))
    check_view(home.home_view(Home(MONDAY, None, schools, (), inbox, receipts, packs)))


@settings(max_examples=40, deadline=None)
@given(words=hostile_words, length=st.sampled_from([1, 30, 2_000]), many=st.sampled_from([1, 9, 100]))
def test_slack_takes_every_topic(words: str, length: int, many: int) -> None:
    """However long or many the rules are, Slack takes the view; rules that do not fit are counted."""
    clauses = tuple(
        replace(AT_BREAK, id=f"c{number}", act=words, says=words, quote=(words * length)[:20_000], section=words)
        for number in range(many)
    )
    policy = replace(PHONES, title=words, clauses=clauses, tensions=())
    view = home.topic_view(replace(TOPICS["staff-phone"], title=words), replace(SCHOOL, policies=(policy,)), MONDAY)
    read = texts(view)
    rules = len([text for text in read if text in {wording.RULE_ITSELF, wording.IN_PLAIN_WORDS}])
    assert rules == many or says.more_rules(many - rules) in read


def test_hostile_names_are_shown_as_they_are_written() -> None:
    """A school's name that looks like markup is read as it was typed."""
    for name in HOSTILE[:4]:
        assert texts(home.home_view(Home(MONDAY, replace(SCHOOL, name=name))))[0] == name


def test_the_asker_of_an_escalation_is_named_to_those_who_are_told() -> None:
    """Whoever is told reads who raised it."""
    read = "\n".join(texts(home.home_view(Home(MONDAY, SCHOOL, inbox=[listed(waiting())]))))
    assert told.raised_by(ASKER.name, "10:00") in read
