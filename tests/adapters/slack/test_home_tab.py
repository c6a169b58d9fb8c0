"""The home tab as people open it and tap in it, against the fake Slack."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest

from adapters.chat import admin_wording, wording
from adapters.slack import home
from adapters.slack import home_wording as says
from adapters.slack.home_tab import HomeTab
from bot import wording as said
from bot.escalation import wording as told
from bot.escalation.model import Feedback, Person, Resolution
from tests.adapters.slack.home_world import ADMIN, DSL, ELM, GUEST, SCHOOL, TEACHER, TEAM, HomeWorld, home_world
from tests.adapters.slack.payloads import elements, shown
from tests.adapters.slack.refusals import faults_of
from tests.slack_fake import Moment


@pytest.fixture
async def world() -> AsyncIterator[HomeWorld]:
    """Return a workspace of one school."""
    async with home_world() as made:
        yield made


@pytest.fixture
async def trust() -> AsyncIterator[HomeWorld]:
    """Return a workspace of two schools."""
    async with home_world(SCHOOL, ELM) as made:
        yield made


def read(view: dict[str, Any]) -> list[str]:
    """Return what somebody reads in a view within Slack's limits; as Slack shows it, each block has an id."""
    assert faults_of(view) == []
    return shown(view["blocks"])


def offered(view: dict[str, Any]) -> set[str]:
    """Return what can be tapped in a view."""
    return {one["action_id"] for one in elements(view["blocks"])}


def tapped(action: str, chosen: str | None = None) -> dict[str, Any]:
    """Return a tap as Slack sends it."""
    selected = {} if chosen is None else {"selected_option": {"value": chosen}}
    return {"action_id": action, "value": "raise", **selected}


# ---- Opening it ------------------------------------------------------------------------------------------------------


async def test_a_teacher_sees_their_school_and_what_they_raised(world: HomeWorld) -> None:
    """Their school, its topics and people, and the receipt of what is open; nothing for DSLs or admins."""
    one = await world.raised("1")
    view = await world.home(TEACHER)
    texts = read(view)
    assert texts[0] == SCHOOL.name
    assert f"*Recorded {one.reference}*" in texts
    assert offered(view) == {home.RAISE, home.TOPIC, "asker:answer"}
    assert says.DESK not in texts
    assert f"*{says.KNOWLEDGE}*" not in texts


async def test_a_dsl_sees_what_waits_and_can_act_on_it(world: HomeWorld) -> None:
    """An open escalation stands in the DSL's home tab with its buttons, and never with its words."""
    one = await world.raised("1")
    view = await world.home(DSL)
    assert {"desk:open", "desk:acknowledge", "desk:resolve"} <= offered(view)
    assert any(one.reference in text for text in read(view))
    assert "the words" not in "\n".join(read(view))


async def test_an_admin_sees_the_knowledge_and_no_escalation(world: HomeWorld) -> None:
    """An admin reads how the school's pack stands and what found no answer; being one gives no escalation."""
    await world.raised("1")
    await world.store.note(Feedback(SCHOOL.id, "unanswered", None, "may i […]", world.clock.now()))
    texts = read(await world.home(ADMIN))
    assert f"*{says.KNOWLEDGE}*" in texts
    assert "may i […]" in "\n".join(texts)
    assert says.DESK not in texts


async def test_an_outsider_sees_only_the_kind_words(world: HomeWorld) -> None:
    """A guest of the workspace reads the fixed words, and nothing of the school."""
    assert read(await world.home(GUEST)) == [told.NOT_STAFF_REPLY]


async def test_where_there_are_several_schools_one_is_chosen_first(trust: HomeWorld) -> None:
    """Nothing of any policy is shown before a school is chosen; then it is that school's."""
    assert offered(await trust.home(TEACHER)) == {home.RAISE, home.SCHOOL}
    await trust.tab.tap(trust.hand(TEACHER), tapped(home.SCHOOL, "elm"))
    view = trust.member(TEACHER).home.content
    assert read(view)[0] == "Elm School"
    assert offered(view) == {home.RAISE, home.TOPIC, home.SCHOOL}


async def test_a_dsl_of_another_school_sees_what_waits_there_too(trust: HomeWorld) -> None:
    """Whoever holds a role at a school sees what waits at it, whichever school they ask for."""
    one = await trust.raised("1")
    await trust.own_schools.choose(TEAM, DSL, "elm")
    assert any(one.reference in text for text in read(await trust.home(DSL)))


async def test_what_was_raised_at_a_school_of_another_workspace_is_not_shown(world: HomeWorld) -> None:
    """Somebody with the same id in another workspace sees nothing of what was raised there."""
    await world.raised("1")
    world.knowledge.replace(replace(ELM, belongs=SCHOOL.belongs))
    world.knowledge.replace(replace(SCHOOL, belongs=(MappingProxyType({"slack_team": "T0OTHER"}),)))
    texts = read(await world.home(TEACHER))
    assert texts[0] == "Elm School"
    assert not [text for text in texts if text.startswith(("*Passed on", "*Recorded"))]


async def test_what_is_resolved_leaves_the_home_tab(world: HomeWorld) -> None:
    """What was raised and resolved is not listed any more."""
    one = await world.raised("1")
    await world.tab.desk.resolve(Person("slack", DSL, "Dan"), one.id, Resolution.HANDLED)
    assert "asker:answer" not in offered(await world.home(TEACHER))
    assert "desk:open" not in offered(await world.home(DSL))


async def test_a_store_that_is_down_is_said(world: HomeWorld) -> None:
    """The tab is shown all the same, and says what it cannot say."""
    await world.raised("1")
    world.store.down = True
    texts = read(await world.home(ADMIN))
    assert told.NOT_READABLE in texts
    assert admin_wording.UNANSWERED_UNKNOWN in "\n".join(texts)


async def test_what_slack_refuses_is_logged_without_words(world: HomeWorld, caplog: pytest.LogCaptureFixture) -> None:
    """A view that cannot be shown raises nothing; the log has Slack's code, and nothing that stood in the view."""
    await world.raised("1")
    world.slack.faults.fail("views.publish", "not_enabled")
    world.slack.faults.drop("views.publish", Moment.BEFORE)
    with caplog.at_level(logging.WARNING, "signpost.slack"):
        await world.tab.show(world.where(DSL), world.client)
        await world.tab.show(world.where(DSL), world.client)
    assert [record.getMessage() for record in caplog.records] == [
        "a home tab could not be shown: Slack fails (not_enabled)",
        "a home tab could not be shown: Slack does not answer (ServerDisconnectedError)",
    ]


async def test_a_school_that_is_taken_out_meanwhile_raises_nothing(
    world: HomeWorld, caplog: pytest.LogCaptureFixture
) -> None:
    """A workspace whose last school has just gone shows no school's home."""
    world.knowledge.remove(SCHOOL.id)
    assert read(await world.home(TEACHER)) == [told.NOT_STAFF_REPLY]
    assert caplog.records == []


# ---- Tapping in it ---------------------------------------------------------------------------------------------------


async def test_a_topic_opens_its_rules(world: HomeWorld) -> None:
    """Picking a topic shows the school's rules about it."""
    await world.tab.tap(world.hand(TEACHER), tapped(home.TOPIC, "friend-pupil"))
    modal = world.member(TEACHER).modal
    assert modal.callback_id == "topic"
    assert "Staff must not be friends with pupils on social media." in read(modal.content)


async def test_an_outsider_opens_no_topic(world: HomeWorld) -> None:
    """A tap on an older view gives a guest nothing of the policies."""
    await world.tab.tap(world.hand(GUEST), tapped(home.TOPIC, "friend-pupil"))
    assert not world.member(GUEST).has_modal
    assert read(world.member(GUEST).home.content) == [told.NOT_STAFF_REPLY]


async def test_a_topic_that_left_the_catalogue_shows_the_tab_anew(world: HomeWorld) -> None:
    """An old list leads back to the tab as it is now."""
    await world.tab.tap(world.hand(TEACHER), tapped(home.TOPIC, "gone"))
    assert read(world.member(TEACHER).home.content)[0] == SCHOOL.name


async def test_raising_a_concern_begins_from_the_tab(world: HomeWorld) -> None:
    """The button opens the first step."""
    await world.tab.tap(world.hand(TEACHER), tapped(home.RAISE))
    assert world.member(TEACHER).modal.callback_id == "raise-1"


async def test_a_tap_that_cannot_be_shown_is_answered_in_a_message(world: HomeWorld) -> None:
    """Where Slack shows no view in time, a direct message says whom to tell instead."""
    hand = world.hand(TEACHER)
    world.slack.clock.pass_by(4)
    await world.tab.tap(hand, tapped(home.RAISE))
    (message,) = world.member(TEACHER).reads()
    assert message.text.startswith("Slack could not show this just now.")


async def test_only_a_school_of_the_workspace_can_be_chosen(trust: HomeWorld) -> None:
    """A school that is not of this workspace is not taken, whatever comes with the tap."""
    trust.knowledge.replace(replace(SCHOOL, id="far", belongs=(MappingProxyType({"slack_team": "T0FAR"}),)))
    await trust.tab.tap(trust.hand(TEACHER), tapped(home.SCHOOL, "far"))
    await trust.tab.tap(trust.hand(TEACHER), tapped(home.SCHOOL, "gone"))
    assert await trust.kept.all("school") == []
    assert trust.member(TEACHER).reads() == []
    assert offered(trust.member(TEACHER).home.content) == {home.RAISE, home.SCHOOL}


async def test_nobody_changes_to_a_school_that_does_not_know_them(trust: HomeWorld) -> None:
    """Somebody who is not one of a school's staff is told so, and keeps the school they have."""
    trust.knowledge.replace(replace(ELM, asks=MappingProxyType({"slack": MappingProxyType({"people": (DSL,)})})))
    await trust.own_schools.choose(TEAM, TEACHER, SCHOOL.id)
    await trust.tab.tap(trust.hand(TEACHER), tapped(home.SCHOOL, "elm"))
    assert says.NOT_STAFF_THERE in read(trust.member(TEACHER).modal.content)
    assert await trust.own_schools.school(TEAM, TEACHER) == SCHOOL.id


async def test_whoever_chose_a_school_that_knows_them_no_more_can_choose_again(trust: HomeWorld) -> None:
    """Nobody is shut out for having chosen wrongly: the list of schools comes back."""
    await trust.own_schools.choose(TEAM, TEACHER, "elm")
    trust.knowledge.replace(replace(ELM, asks=MappingProxyType({"slack": MappingProxyType({"people": (ADMIN,)})})))
    assert offered(await trust.home(TEACHER)) == {home.RAISE, home.SCHOOL}


async def test_a_choice_that_cannot_be_kept_is_said(trust: HomeWorld) -> None:
    """Where the store is down nobody believes that their school was changed."""
    trust.kept.down = True
    await trust.tab.tap(trust.hand(TEACHER), tapped(home.SCHOOL, "elm"))
    assert trust.member(TEACHER).reads()[-1].text == told.NOT_WRITTEN


async def test_a_tap_of_something_else_does_nothing(world: HomeWorld) -> None:
    """What is not of the home tab is left alone."""
    calls = len(world.slack.calls)
    await world.tab.tap(world.hand(TEACHER), tapped("home:unknown"))
    assert len(world.slack.calls) == calls


# ---- Greeting --------------------------------------------------------------------------------------------------------


async def greeted(world: HomeWorld, user: str) -> list[str]:
    """Let somebody open the conversation, and return all that they have been written there."""
    await world.tab.greet(world.where(user, world.member(user).dm.id))
    return [message.text for message in world.member(user).reads()]


async def test_the_first_opening_is_greeted_and_no_other(world: HomeWorld) -> None:
    """Somebody who opens the conversation reads once what Signpost is for, also after a restart."""
    expected = said.help_text("Designated Safeguarding Lead")
    assert [text[:60] for text in await greeted(world, TEACHER)] == [expected[:60]]
    world.clock.move(timedelta(days=40))
    again = HomeTab(world.asking, world.tab.desk, world.tab.raising, world.admins, world.kept, world.tab.topics)
    await again.greet(world.where(TEACHER, world.member(TEACHER).dm.id))
    assert len(await greeted(world, TEACHER)) == 1
    assert len(await greeted(world, DSL)) == 1


async def test_an_outsider_is_greeted_with_the_kind_words(world: HomeWorld) -> None:
    """A guest reads the fixed words."""
    (text,) = await greeted(world, GUEST)
    assert text[:60] == told.NOT_STAFF_REPLY[:60]


async def test_where_there_are_several_schools_the_greeting_asks_which(trust: HomeWorld) -> None:
    """The first words ask for the school, since no answer can be given before."""
    assert await greeted(trust, TEACHER) == [wording.WHICH_SCHOOL_DO_YOU_ASK_FOR]


async def test_a_greeting_that_cannot_be_remembered_is_not_given(world: HomeWorld) -> None:
    """While the store is down nobody is greeted again and again."""
    world.kept.down = True
    assert await greeted(world, TEACHER) == []
    world.kept.down = False
    assert len(await greeted(world, TEACHER)) == 1


async def test_a_greeting_that_slack_does_not_take_at_once_comes_later(world: HomeWorld) -> None:
    """A busy Slack delays the greeting and does not lose it."""
    dm = world.member(TEACHER).dm.id
    world.slack.throttle(dm)
    await world.tab.greet(world.where(TEACHER, dm))
    await world.asking.later.close(5)
    assert len(world.member(TEACHER).reads()) == 1
