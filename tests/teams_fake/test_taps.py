"""What people tap on cards, what goes to the bot with it, and what they see afterwards."""

from typing import Any

import pytest

from tests.teams_fake import Answer, ImpossibleError, TeamsFake
from tests.teams_fake.conftest import School
from tests.teams_fake.small_bot import (
    SmallBot,
    address_of,
    button,
    card_answer,
    card_message,
    card_of,
    text,
    words_answer,
)

REPLY = {
    "type": "Input.Text",
    "id": "text",
    "label": "Your reply",
    "isRequired": True,
    "errorMessage": "Write it",
    "isMultiline": True,
    "maxLength": 20,
}
ROLE = {
    "type": "Input.ChoiceSet",
    "id": "role",
    "label": "To whom",
    "choices": [{"title": "Headteacher", "value": "head"}, {"title": "Deputy", "value": "deputy"}],
}


async def test_a_tap_shows_a_card_to_one_person_alone(school: School, bot: SmallBot) -> None:
    """The data of the button and the field go to the bot; its card is what the person sees from then on."""
    school.safe.members.append(school.tess.user)
    await bot.shows(school.safe, card_of(text("A concern"), REPLY, actions=[button("Reply", "desk:reply", e="1")]))
    card = school.dan.reads(school.safe)[0]
    bot.next_answers.append(card_answer(card_of(text("Sent"), actions=[button("Back", "desk:back", e="1")])))
    answer = await school.dan.taps(card, "desk:reply", text="Well done")
    assert (answer.status, bot.last["type"], bot.last["name"]) == (200, "invoke", "adaptiveCard/action")
    assert bot.last["value"] == {
        "action": {
            "type": "Action.Execute",
            "title": "Reply",
            "id": "",
            "verb": "desk:reply",
            "data": {"e": "1", "text": "Well done"},
        },
        "trigger": "manual",
    }
    assert (bot.last["replyToId"], bot.last["from"]["aadObjectId"]) == (card.id, school.dan.user.id)
    assert bot.last["conversation"]["id"] == f"{school.safe.id};messageid={card.id}"
    assert (school.dan.sees(card).words, school.dan.sees(card).is_own) == ("Sent\nBack", True)
    assert school.tess.sees(card).words == "A concern\nYour reply\nReply"
    bot.next_answers.append(words_answer("Done"))
    await school.dan.taps(card, "Back")
    assert school.dan.toasts == ["Done"]


async def test_only_what_is_on_the_card_now_can_be_tapped(school: School, bot: SmallBot) -> None:
    """A button that was there before is not, nor is one that is greyed out, nor a field that does not exist."""
    message_id = await bot.shows(school.chat, card_of(actions=[button("One", "one")]))
    card = school.tess.reads(school.chat)[0]
    grey = {**button("Grey", "grey"), "isEnabled": False}
    path = f"{address_of(school.chat)}/activities/{message_id}"
    await bot.call("PUT", path, card_message(card_of(actions=[button("Two", "two"), grey])))
    for what, inputs in (("one", {}), ("grey", {}), ("two", {"text": "x"})):
        with pytest.raises(ImpossibleError):
            await school.tess.taps(card, what, **inputs)
    assert bot.heard == []
    await bot.call("DELETE", path)
    with pytest.raises(ImpossibleError, match="not there any more"):
        await school.tess.taps(card, "two")


async def test_one_of_several_like_buttons_is_tapped(school: School, bot: SmallBot) -> None:
    """By its words, or by its number."""
    options = [button("First", "reply:choose", c="1"), button("Second", "reply:choose", c="2")]
    await bot.shows(school.tess.chat, card_of(actions=options))
    card = school.tess.reads()[0]
    bot.next_answers.extend([words_answer("."), words_answer(".")])
    await school.tess.taps(card, "reply:choose", "Second")
    await school.tess.taps(card, "reply:choose", 0)
    assert [one["value"]["action"]["data"]["c"] for one in bot.heard] == ["2", "1"]
    with pytest.raises(ImpossibleError):
        await school.tess.taps(card, "reply:choose", 2)


@pytest.mark.parametrize(
    ("inputs", "why"),
    [
        ({}, "must be filled in: Write it"),
        ({"text": "x" * 21}, "takes 20 characters"),
        ({"text": "x", "role": "nobody"}, "offers"),
        ({"text": "x", "role": ["head", "deputy"]}, "one choice"),
        ({"text": "x", "name": "y"}, "no field"),
    ],
)
async def test_teams_client_lets_nobody_send_what_the_fields_do_not_take(
    school: School, bot: SmallBot, inputs: dict[str, Any], why: str
) -> None:
    """Required, too long, no such choice: nothing goes to the bot."""
    await bot.shows(school.chat, card_of(REPLY, ROLE, actions=[button("Send", "send")]))
    with pytest.raises(ImpossibleError, match=why):
        await school.tess.taps(school.tess.reads(school.chat)[0], "send", **inputs)
    assert bot.heard == []


async def test_fields_behind_a_button_go_with_the_buttons_there(school: School, bot: SmallBot) -> None:
    """Those of the card around them go along; a button above does not send them, nor one that gathers nothing."""
    inner = card_of(ROLE, actions=[button("Pass on", "pass-on")])
    quiet = {**button("Open", "open"), "associatedInputs": "none"}
    show = {"type": "Action.ShowCard", "title": "Somebody else", "card": inner}
    await bot.shows(school.chat, card_of(REPLY, actions=[button("Send", "send"), quiet, show]))
    card = school.tess.reads(school.chat)[0]
    assert card.titles == ["Send", "Open", "Somebody else", "Pass on"]
    assert "Headteacher" in card.words
    bot.next_answers.extend([words_answer(".")] * 3)
    await school.tess.taps(card, "pass-on", text="please", role="deputy")
    await school.tess.taps(card, "send", text="please")
    await school.tess.taps(card, "open")
    assert [one["value"]["action"]["data"] for one in bot.heard] == [
        {"text": "please", "role": "deputy"},
        {"text": "please"},
        {},
    ]
    with pytest.raises(ImpossibleError, match=r"Action\.ShowCard"):
        await school.tess.taps(card, "Somebody else")


@pytest.mark.parametrize(
    "wrong",
    [
        500,
        200,
        {"statusCode": 200, "type": "application/vnd.microsoft.card.hero", "value": {}},
        {"statusCode": 400, "type": "application/vnd.microsoft.card.adaptive", "value": {}},
        card_answer({"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "Nothing"}]}),
        card_answer(card_of(text("x" * 20_000))),
    ],
)
async def test_an_answer_that_teams_could_not_show_is_noted(
    teams: TeamsFake, school: School, bot: SmallBot, wrong: Any
) -> None:
    """The card stays as it is, and the person reads that something went wrong."""
    await bot.shows(school.chat, card_of(actions=[button("Open", "open")]))
    card = school.tess.reads(school.chat)[0]
    bot.next_answers.append(wrong)
    await school.tess.taps(card, "open")
    assert (school.tess.sees(card).is_own, school.tess.toasts) == (False, ["Something went wrong. Please try again."])
    assert [one.where for one in teams.world.refusals] == ["adaptiveCard/action"]


async def test_an_error_is_shown_in_the_bots_words(teams: TeamsFake, school: School, bot: SmallBot) -> None:
    """It is an answer like another."""
    await bot.shows(school.chat, card_of(actions=[button("Open", "open")]))
    told = {"code": "Gone", "message": "That is closed."}
    bot.next_answers.append({"statusCode": 500, "type": "application/vnd.microsoft.error", "value": told})
    await school.tess.taps(school.tess.reads(school.chat)[0], "open")
    assert (school.tess.toasts, teams.world.refusals) == (["That is closed."], [])


async def test_a_card_refreshes_for_those_it_names(school: School, bot: SmallBot) -> None:
    """Teams asks for their own view when they look at it; for others it does not."""
    refresh = {"action": button("Refresh", "card:refresh", e="1"), "userIds": [school.dan.user.teams_id]}
    await bot.shows(school.chat, card_of(text("base"), refresh=refresh))
    card = school.dan.reads(school.chat)[0]
    assert (await school.tess.opens(card)).lost == "the app is not told of it"
    bot.next_answers.append(card_answer(card_of(text("his"))))
    await school.dan.opens(card)
    assert bot.last["value"]["action"]["verb"] == "card:refresh"
    assert bot.last["value"]["trigger"] == "automatic"
    assert (school.dan.sees(card).words, school.tess.sees(card).words) == ("his", "base")


async def test_a_prompt_is_said_in_the_persons_name(school: School, bot: SmallBot) -> None:
    """It stands in the chat as theirs, and the bot hears it like anything they write."""
    data = {"msteams": {"type": "imBack", "value": "Can I give a pupil a lift?"}}
    await bot.shows(school.tess.chat, card_of(actions=[{"type": "Action.Submit", "title": "A lift", "data": data}]))
    await school.tess.taps(school.tess.reads()[0], "A lift")
    assert (bot.last["type"], bot.last["text"]) == ("message", "Can I give a pupil a lift?")
    assert school.tess.reads()[-1].text == "Can I give a pupil a lift?"


async def test_other_buttons_with_submit_are_messages_without_words(school: School, bot: SmallBot) -> None:
    """What they send is the value; nothing stands in the chat; a text can go along."""
    plain = {"type": "Action.Submit", "title": "Plain", "data": {"a": 1}}
    told = {"msteams": {"type": "messageBack", "text": "hello", "value": {"b": 2}}}
    await bot.shows(school.tess.chat, card_of(actions=[plain, {**plain, "title": "Back", "data": told}]))
    card = school.tess.reads()[0]
    await school.tess.taps(card, "Plain")
    assert (bot.last["type"], bot.last["value"], bot.last["replyToId"]) == ("message", {"a": 1}, card.id)
    await school.tess.taps(card, "Back")
    assert (bot.last["text"], bot.last["value"]) == ("hello", {"b": 2})
    assert len(school.tess.reads()) == 1


async def test_a_card_of_a_colleague_is_not_tapped_through_a_wall(school: School, bot: SmallBot) -> None:
    """Whoever cannot read a channel can tap nothing there."""
    await bot.shows(school.safe, card_of(actions=[button("Open", "open")]))
    with pytest.raises(ImpossibleError, match="cannot see"):
        await school.tess.taps(school.dan.reads(school.safe)[0], "open")


async def test_a_tap_that_gets_no_answer_says_so(teams: TeamsFake, school: School, bot: SmallBot) -> None:
    """The person can try again."""
    await bot.shows(school.chat, card_of(actions=[button("Open", "open")]))
    card = school.tess.reads(school.chat)[0]
    teams.lose()
    lost: Answer = await school.tess.taps(card, "open")
    assert (lost.lost, len(school.tess.toasts)) == ("lost on the way", 1)
    bot.next_answers.append(words_answer("Here it is"))
    await school.tess.taps(card, "open")
    assert school.tess.toasts[-1] == "Here it is"
