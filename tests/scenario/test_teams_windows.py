"""What opens beside the compose box: finding a rule, asking about somebody's message, raising a concern."""

from datetime import timedelta
from typing import Any

import pytest

from adapters.chat import wording
from adapters.teams import wording as in_teams
from bot import wording as said
from bot.escalation import wording as told
from bot.types import Action
from tests.scenario.teams_world import Served, bot_said
from tests.teams_fake import Message, Person, Place, Seen, words_of

FRIEND = "can I friend a parent?"
NO_RULE = "does the moon rise on tuesdays"
CERTAIN = "a child told me her dad hits her"
POSSIBLE = "a pupil is being bullied on snapchat by the zebrafinch gang"
UNSURE = "he flinches when the zebrafinch sings"
VERDICT = "Advised against: sending friend requests to parents or accepting theirs"
DEVICE = "Using a school device, and never your own, for photos or film of pupils"


@pytest.fixture
async def window_day(teams_day: Served) -> Served:
    """Return a day on which everybody has taken Signpost in, and the safeguarding channel has the route of children."""
    await teams_day.bind()
    for who in ("teacher", "colleague", "guest", "chair-of-governors"):
        await teams_day.person(who).installs()
    return teams_day


def between_two(day: Served) -> Place:
    """Begin a chat between the teacher and a colleague: Signpost is not in it, and Teams calls it personal too."""
    both = [day.user("teacher"), day.user("colleague")]
    there = Place("19:two@unq.gbl.spaces", day.at.tenant.id, "personal", "", both)
    day.at.tenant.chats[there.id] = there
    return there


async def pointed_at(day: Served, text: str, place: Place | None = None) -> Seen:
    """Let a colleague write something, mentioning nobody; returns it as the teacher sees it."""
    place = place or day.at.staff_room
    if place.kind == "personal":  # where the fake would tell Signpost of it, as in the chat with it
        shown = {"contentType": "text/html", "content": f"<p>{text}</p>"}
        written: dict[str, Any] = {"text": text, "attachments": [shown]}
        number = day.teams.world.new_message_id()
        place.messages.append(Message(number, place, day.user("colleague"), written, number))
    else:
        await day.person("colleague").writes_in(place, text, mention=False)
    return day.person("teacher").reads(place)[-1]


def window(person: Person) -> str:
    """Return all that somebody can read in the dialog they look at."""
    return words_of(person.dialog.card)


def listed(person: Person) -> str:
    """Return the readers that the dialog lists."""
    return window(person).partition(wording.WHO_WILL_READ)[2].partition(wording.WHO_TO_TELL)[0]


# ---- Finding a rule --------------------------------------------------------------------------------------------------


async def test_a_rule_is_found_and_put_into_a_conversation(window_day: Served) -> None:
    """The list shows verdicts; the one that is picked stands in the chat with its source, and without buttons."""
    tess, chat = window_day.person("teacher"), window_day.at.chat
    found = await tess.searches(FRIEND, place=chat)
    assert found[0]["preview"]["content"]["title"] == VERDICT
    await tess.picks(found[0], place=chat)
    await tess.posts_draft(chat)
    inserted = window_day.person("colleague").reads(chat)[-1]
    assert all(part in inserted.words for part in (VERDICT, "Section: 8.1 Parents", "Version: 3.1"))
    assert inserted.buttons == []


async def test_each_meaning_of_an_unclear_word_is_listed(window_day: Served) -> None:
    """Whoever types one word reads the rules that it could be about."""
    found = await window_day.person("teacher").searches("photos", place=window_day.at.chat)
    assert len(found) > 2
    assert any(DEVICE.lower() in one["preview"]["content"]["title"].lower() for one in found)


async def test_a_search_that_is_none_yet_is_helped_on(window_day: Served) -> None:
    """The empty box and the first letters read how to ask, and a question without a rule what to do then."""
    tess = window_day.person("teacher")
    for text in ("", "ph"):
        assert await tess.searches(text, place=window_day.at.chat) == []
    assert await tess.searches(NO_RULE, place=window_day.at.chat) == []
    assert tess.toasts == [in_teams.ASK_IN_OWN_WORDS] * 2 + [in_teams.NOTHING_FOUND]


async def test_a_worry_in_the_search_box_is_told_whom_to_tell(window_day: Served) -> None:
    """No rule is offered for it, and what was typed letter by letter is recorded and kept nowhere."""
    tess, before = window_day.person("teacher"), len(window_day.teams.calls)
    for text in (CERTAIN, POSSIBLE, "I want to kill myself"):
        assert await tess.searches(text, place=window_day.at.chat) == []
    assert tess.toasts == [in_teams.TELL_SOMEBODY_INSTEAD] * 3
    assert (await window_day.escalations(), len(window_day.teams.calls)) == ([], before)


async def test_only_staff_find_rules(window_day: Served) -> None:
    """A guest finds nothing, however they ask."""
    gus = window_day.person("guest")
    assert await gus.searches(FRIEND, place=window_day.at.staff_room) == []
    assert gus.toasts == [in_teams.READ_IT_PRIVATELY]


# ---- Asking about somebody's message ---------------------------------------------------------------------------------


async def test_a_message_of_somebody_else_can_be_asked_about(window_day: Served) -> None:
    """Whoever points at it reads the answer in a dialog; nobody in the channel sees that they asked."""
    tess = window_day.person("teacher")
    await tess.uses("ask-about-this", await pointed_at(window_day, FRIEND))
    assert (tess.dialog.title, VERDICT in window(tess)) == (in_teams.ASK_ABOUT_THIS, True)
    assert bot_said(window_day.person("colleague"), window_day.at.staff_room) == []


async def test_the_words_of_a_formatted_message_are_asked_about(window_day: Served) -> None:
    """Markup, a mention and what it quotes are no part of what its writer asks."""
    tess, message = window_day.person("teacher"), await pointed_at(window_day, "photos")
    quoted = '<blockquote itemtype="http://schema.skype.com/Reply" itemid="1">I moan about work online</blockquote>'
    content = f"{quoted}<p><at id='0'>Tess</at> can I <strong>friend</strong><br>a&nbsp;parent?</p>"
    message.message.activity["attachments"] = [{"contentType": "text/html", "content": content}]
    await tess.uses("ask-about-this", message)
    assert VERDICT in window(tess)


async def test_a_picture_alone_cannot_be_asked_about(window_day: Served) -> None:
    """It says so, and whom to tell in case it shows somebody at risk."""
    tess = window_day.person("teacher")
    await tess.uses("ask-about-this", await pointed_at(window_day, ""))
    assert window(tess) == in_teams.NO_WORDS


@pytest.mark.parametrize("where", ["in a channel", "between two others"])
async def test_what_is_tapped_in_a_dialog_stays_in_the_dialog(window_day: Served, where: str) -> None:
    """Helped, not meant and a meaning that is picked are answered there; the conversation behind it reads nothing."""
    tess = window_day.person("teacher")
    place = window_day.at.staff_room if where == "in a channel" else between_two(window_day)
    message, before = await pointed_at(window_day, FRIEND, place), len(window_day.teams.calls)
    await tess.uses("ask-about-this", message)
    await tess.submits(wording.ACTIONS[Action.HELPED])
    assert window(tess) == told.HELPED
    await tess.uses("ask-about-this", message)
    await tess.submits(wording.ACTIONS[Action.NOT_MEANT])
    assert said.NOT_MEANT in window(tess)
    await tess.submits(in_teams.THIS_ONE, 1)
    assert wording.RULE_ITSELF in window(tess)
    await tess.uses("ask-about-this", await pointed_at(window_day, "photos", place))
    await tess.submits(wording.ACTIONS[Action.HELPED])
    assert window(tess) == told.HELPED
    assert (bot_said(tess, place), len(window_day.teams.calls)) == ([], before)


async def test_a_person_is_asked_about_a_message(window_day: Served) -> None:
    """The dialog says that it was handed on; the receipt stands in the own chat, and nothing in the channel."""
    tess = window_day.person("teacher")
    await tess.uses("ask-about-this", await pointed_at(window_day, NO_RULE))
    await tess.submits(wording.ACTIONS[Action.ASK_A_PERSON])
    assert window(tess) == f"{told.ASKED_A_PERSON} {in_teams.RECEIPT_IN_OWN_CHAT}"
    assert (await window_day.only()).reference in bot_said(tess)[-1].words
    assert bot_said(tess, window_day.at.staff_room) == []


async def test_what_was_asked_in_a_dialog_is_no_beginning_for_others_to_read(window_day: Served) -> None:
    """A follow-up in the channel never quotes what somebody asked about in a dialog."""
    tess, chat = window_day.person("teacher"), window_day.at.chat
    await tess.uses("ask-about-this", await pointed_at(window_day, "photos", chat))
    await tess.submits(in_teams.THIS_ONE, 2)
    await tess.writes_in(chat, "and at lunch?")
    assert said.taken_together("") not in bot_said(tess, chat)[-1].words


async def test_a_worry_that_is_pointed_at_is_passed_on_in_the_dialog(window_day: Served) -> None:
    """The readers are listed, others in their place, and telling ends with the receipt; the channel reads nothing."""
    tess = window_day.person("teacher")
    await tess.uses("ask-about-this", await pointed_at(window_day, POSSIBLE))
    assert (wording.WHAT_TO_DO in window(tess), "Mrs A. Example" in listed(tess)) == (True, True)
    await tess.submits(wording.ACTIONS[Action.INVOLVED])
    assert ("Dr E. Example" in listed(tess), "Mrs A. Example" in listed(tess)) == (True, False)
    await tess.submits(wording.ACTIONS[Action.TELL])
    one = await window_day.only()
    assert wording.receipt_head(one.reference, one.state) in window(tess)
    await window_day.settle()
    assert one.reference in bot_said(window_day.person("chair-of-governors"))[-1].words
    assert one.reference in bot_said(tess)[-1].words
    assert bot_said(tess, window_day.at.staff_room) == []


async def test_a_guest_who_points_at_a_message_reads_where_to_find_help(window_day: Served) -> None:
    """Nothing of the policies is shown to them."""
    gus = window_day.person("guest")
    await gus.uses("ask-about-this", await pointed_at(window_day, FRIEND))
    assert window(gus) == told.NOT_STAFF_REPLY


# ---- Raise a concern -------------------------------------------------------------------------------------------------


async def test_a_concern_is_raised_in_two_steps(window_day: Served) -> None:
    """First what happened, then who will read it; nothing is sent before that is confirmed."""
    tess, dale, safe = window_day.person("teacher"), window_day.person("dsl"), window_day.at.safe
    before = len(bot_said(dale, safe))
    await tess.uses("raise-a-concern", place=window_day.at.chat)
    assert (tess.dialog.title, wording.EMERGENCY in window(tess)) == (wording.RAISE, True)
    await tess.submits(wording.NEXT, text=UNSURE, category="child-at-risk")
    assert "Mr B. Example" in listed(tess)
    await window_day.settle()
    assert (await window_day.escalations(), len(bot_said(dale, safe))) == ([], before)
    await tess.submits(wording.ACTIONS[Action.TELL])
    one = await window_day.only()
    assert f"{wording.RECORDED} {one.reference}" in window(tess)
    await window_day.settle()
    assert one.reference in bot_said(dale, safe)[-1].summary
    assert one.reference in bot_said(tess)[-1].summary
    assert bot_said(tess, window_day.at.chat) == []


async def test_a_concern_about_a_message_begins_with_its_words(window_day: Served) -> None:
    """Whoever points at it need not type it again, can put it in their own words, and nothing is posted beneath it."""
    tess = window_day.person("teacher")
    await tess.uses("raise-a-concern", await pointed_at(window_day, UNSURE))
    assert UNSURE in window(tess)
    await tess.submits(wording.NEXT, category="child-at-risk")
    await tess.submits(wording.ACTIONS[Action.TELL])
    one = await window_day.only()
    assert [entry.text for entry in await window_day.parts.store.entries(one.id)] == [UNSURE]
    assert bot_said(tess, window_day.at.staff_room) == []


async def test_somebody_is_involved_in_what_is_raised(window_day: Served) -> None:
    """The tap in the second step lists others in its place, and only they are told."""
    tess, head = window_day.person("teacher"), window_day.person("headteacher")
    await tess.uses("raise-a-concern", place=window_day.at.chat)
    await tess.submits(wording.NEXT, text=POSSIBLE)
    assert "Mrs A. Example" in listed(tess)
    await tess.submits(wording.ACTIONS[Action.INVOLVED])
    assert ("Dr E. Example" in listed(tess), "Mrs A. Example" in listed(tess)) == (True, False)
    before = len(bot_said(head))
    await tess.submits(wording.ACTIONS[Action.TELL])
    await window_day.settle()
    assert (await window_day.only()).reference in bot_said(window_day.person("chair-of-governors"))[-1].words
    assert len(bot_said(head)) == before


async def test_a_list_that_changed_meanwhile_is_shown_anew(window_day: Served) -> None:
    """Somebody joined the channel: nothing is sent for a list that nobody saw, nor lost."""
    tess = window_day.person("teacher")
    await tess.uses("raise-a-concern", place=window_day.at.chat)
    await tess.submits(wording.NEXT, text=POSSIBLE, category="child-at-risk")
    await window_day.person("admin").adds(window_day.at.safe, window_day.user("colleague"))
    window_day.pass_by(timedelta(minutes=2))
    await tess.submits(wording.ACTIONS[Action.TELL])
    assert (told.NEW_LIST in window(tess), await window_day.escalations()) == (True, [])
    await tess.submits(wording.ACTIONS[Action.TELL])
    assert (await window_day.only()).reference in window(tess)


async def test_nothing_typed_is_said_so(window_day: Served) -> None:
    """Blanks are no concern, and nothing is recorded."""
    tess = window_day.person("teacher")
    await tess.uses("raise-a-concern", place=window_day.at.chat)
    await tess.submits(wording.NEXT, text="   ")
    assert (said.EMPTY_QUESTION in window(tess), await window_day.escalations()) == (True, [])


async def test_what_waited_too_long_in_a_dialog_is_never_said_to_be_sent(window_day: Served) -> None:
    """Whoever taps the next day reads that nobody has been told, and what to do now."""
    tess = window_day.person("teacher")
    await tess.uses("raise-a-concern", place=window_day.at.chat)
    await tess.submits(wording.NEXT, text=POSSIBLE)
    window_day.pass_by(timedelta(hours=25))
    await tess.submits(wording.ACTIONS[Action.TELL])
    assert (window(tess), await window_day.escalations()) == (told.OFFER_GONE, [])


async def test_what_a_guest_raises_reaches_the_school(window_day: Served) -> None:
    """They are shown no readers: it is passed on, marked as not from staff, and they read that."""
    gus = window_day.person("guest")
    await gus.uses("raise-a-concern", place=window_day.at.staff_room)
    await gus.submits(wording.NEXT, text=UNSURE, category="child-at-risk")
    assert (told.NOT_STAFF_TOLD in window(gus), told.NOT_STAFF_REPLY in window(gus)) == (True, True)
    await window_day.settle()
    assert told.NOT_STAFF in bot_said(window_day.person("dsl"), window_day.at.safe)[-1].words


async def test_a_dialog_between_two_others_posts_nothing_there(window_day: Served) -> None:
    """Signpost is not in their chat: it is raised from there, and the receipt stands in the own chat."""
    tess, there = window_day.person("teacher"), between_two(window_day)
    await tess.uses("raise-a-concern", await pointed_at(window_day, CERTAIN, there))
    await tess.submits(wording.NEXT, category="child-at-risk")
    await tess.submits(wording.ACTIONS[Action.TELL])
    await window_day.settle()
    assert (await window_day.only()).reference in bot_said(tess)[-1].words
    assert bot_said(tess, there) == []
    assert [one.error for one in window_day.teams.calls if there.id in one.url] == []


async def test_only_ones_own_offer_can_be_passed_on(window_day: Served) -> None:
    """A colleague who sends the id of another's offer from a dialog of their own reaches nobody."""
    tess, cole = window_day.person("teacher"), window_day.person("colleague")
    for who in (tess, cole):
        await who.uses("raise-a-concern", place=window_day.at.chat)
        await who.submits(wording.NEXT, text=POSSIBLE)
    theirs, own = (
        next(one for one in _submits(who) if one["title"] == wording.ACTIONS[Action.TELL]) for who in (tess, cole)
    )
    own["data"] |= {"r": theirs["data"]["r"], "s": theirs["data"]["s"]}
    await cole.submits(wording.ACTIONS[Action.TELL])
    assert await window_day.escalations() == []
    assert window(cole) in {told.GONE, told.OFFER_GONE}


def _submits(person: Person) -> list[dict[str, Any]]:
    return [one for part in person.dialog.card["body"] for one in part.get("actions", ())]
