"""Dialogs and the message extension: how they open, what is sent from them, and what comes back."""

from typing import Any

import pytest

from tests.teams_fake import ImpossibleError, TeamsFake
from tests.teams_fake.conftest import School
from tests.teams_fake.small_bot import SmallBot, button, card_of, text

CARD = "application/vnd.microsoft.card.adaptive"
WORDS = {"type": "Input.Text", "id": "text", "label": "What happened", "isRequired": True, "errorMessage": "Say it"}


def submit(title: str, **data: Any) -> dict[str, Any]:
    """Return a button of a dialog."""
    return {"type": "Action.Submit", "title": title, "data": data}


def dialog(card: dict[str, Any], title: str = "Signpost") -> dict[str, Any]:
    """Return an answer that shows a dialog."""
    return {"task": {"type": "continue", "value": {"title": title, "card": {"contentType": CARD, "content": card}}}}


def results(*attachments: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with results."""
    return {"composeExtension": {"type": "result", "attachmentLayout": "list", "attachments": list(attachments)}}


def clause(words: str, tap: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return one result."""
    content: dict[str, Any] = {"title": words, **({"tap": {"type": "invoke", "value": tap}} if tap else {})}
    preview = {"contentType": "application/vnd.microsoft.card.thumbnail", "content": content}
    return {"contentType": CARD, "content": card_of(text(words)), "preview": preview}


async def test_a_command_opens_a_dialog_and_sends_what_is_filled_in(school: School, bot: SmallBot) -> None:
    """The command and its context go along each time; another dialog can follow, then words."""
    bot.next_answers.append(dialog(card_of(WORDS, actions=[submit("Send", do="raise:describe")]), "Raise a concern"))
    await school.tess.uses("raise-a-concern")
    assert bot.last["name"] == "composeExtension/fetchTask"
    assert (bot.last["value"]["commandId"], bot.last["value"]["commandContext"]) == ("raise-a-concern", "compose")
    assert (school.tess.dialog.title, school.tess.has_dialog) == ("Raise a concern", True)
    with pytest.raises(ImpossibleError, match="Say it"):
        await school.tess.submits()
    bot.next_answers.append(dialog(card_of(text("Who"), actions=[submit("Tell", do="a"), submit("Not them", do="b")])))
    await school.tess.submits(text="A bruise")
    assert bot.last["name"] == "composeExtension/submitAction"
    assert bot.last["value"]["data"] == {"do": "raise:describe", "text": "A bruise"}
    assert bot.last["value"]["commandId"] == "raise-a-concern"
    with pytest.raises(ImpossibleError, match="which one"):
        await school.tess.submits()
    bot.next_answers.append({"task": {"type": "message", "value": "They have been told."}})
    await school.tess.submits("Tell")
    assert (school.tess.toasts, school.tess.has_dialog) == (["They have been told."], False)


async def test_a_command_on_a_message_gets_the_message(school: School, bot: SmallBot) -> None:
    """Who wrote it, and what, as markup; in a channel also where."""
    await school.dan.writes_in(school.staff_room, "Can <b>I</b> keep it?", mention=False)
    message = school.tess.reads(school.staff_room)[0]
    bot.next_answers.append(dialog(card_of(text("An answer"))))
    await school.tess.uses("ask-about-this", message)
    payload = bot.last["value"]["messagePayload"]
    assert (bot.last["value"]["commandContext"], payload["id"]) == ("message", message.id)
    assert payload["from"]["user"]["id"] == school.dan.user.id
    assert payload["body"] == {"contentType": "html", "content": "<p>Can &lt;b&gt;I&lt;/b&gt; keep it?</p>"}
    assert bot.last["conversation"]["id"] == f"{school.staff_room.id};messageid={message.id}"
    school.tess.closes()
    assert not school.tess.has_dialog


async def test_a_dialog_closes_where_nothing_is_answered(teams: TeamsFake, school: School, bot: SmallBot) -> None:
    """To what is sent from it; to open with nothing is wrong."""
    bot.next_answers.append(dialog(card_of(actions=[submit("Done")])))
    await school.tess.uses("x")
    await school.tess.submits()
    assert (school.tess.has_dialog, teams.world.refusals) == (False, [])
    await school.tess.uses("x")
    assert [one.where for one in teams.world.refusals] == ["composeExtension/submitAction"]


@pytest.mark.parametrize(
    "wrong",
    [
        500,
        {"task": {"type": "continue", "value": {"title": "x", "url": "https://evil.example"}}},
        dialog({"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "Nothing"}]}),
        dialog(card_of(actions=[button("Open", "open")])),
        {"composeExtension": {"type": "botMessagePreview"}},
        {"task": "x"},
    ],
)
async def test_a_dialog_that_teams_could_not_show_is_noted(
    teams: TeamsFake, school: School, bot: SmallBot, wrong: Any
) -> None:
    """A page, a wrong card, a button that does nothing in dialogs, or nothing known."""
    bot.next_answers.append(wrong)
    await school.tess.uses("x")
    assert (school.tess.has_dialog, len(teams.world.refusals)) == (False, 1)


async def test_a_button_of_a_card_opens_a_dialog(school: School, bot: SmallBot) -> None:
    """What is filled in goes to the bot under another name than that of the message extension."""
    fetch = {"type": "Action.Submit", "title": "Reply", "data": {"e": "1", "msteams": {"type": "task/fetch"}}}
    await bot.shows(school.safe, card_of(actions=[fetch]))
    bot.next_answers.append(dialog(card_of(WORDS, actions=[submit("Send", e="1")])))
    await school.dan.taps(school.dan.reads(school.safe)[0], "Reply")
    assert (bot.last["name"], bot.last["value"]["data"]["e"]) == ("task/fetch", "1")
    await school.dan.submits(text="Thank you")
    assert (bot.last["name"], bot.last["value"]["data"]) == ("task/submit", {"e": "1", "text": "Thank you"})


async def test_a_search_gives_results_to_put_into_a_message(school: School, bot: SmallBot) -> None:
    """What is picked waits in the compose box until it is posted, anywhere."""
    bot.next_answers.append(results(clause("No photos"), clause("Two adults")))
    found = await school.tess.searches("photos", place=school.staff_room)
    assert bot.last["name"] == "composeExtension/query"
    assert bot.last["value"] == {
        "commandId": "find-clause",
        "parameters": [{"name": "question", "value": "photos"}],
        "queryOptions": {"skip": 0, "count": 25},
    }
    assert bot.last["conversation"]["id"] == school.staff_room.id
    await school.tess.picks(found[0])
    assert await school.tess.posts_draft(school.staff_room, "see this")
    posted = school.dan.reads(school.staff_room)[-1]
    assert (posted.text, posted.words) == ("see this", "see this\nNo photos")
    with pytest.raises(ImpossibleError, match="nothing"):
        await school.tess.posts_draft()


async def test_a_result_can_ask_the_bot_for_the_whole(school: School, bot: SmallBot) -> None:
    """Then what is inserted is what the bot answers to the pick."""
    bot.next_answers.extend([results(clause("short", {"r": "1"})), results(clause("the whole clause"))])
    found = await school.tess.searches("x")
    await school.tess.picks(found[0])
    assert (bot.last["name"], bot.last["value"]) == ("composeExtension/selectItem", {"r": "1"})
    await school.tess.posts_draft()
    assert school.tess.reads()[-1].words == "the whole clause"
    assert bot.last["attachments"][0]["contentType"] == CARD


async def test_a_search_can_have_nothing_but_words(teams: TeamsFake, school: School, bot: SmallBot) -> None:
    """Words are shown; a card without a preview, a wrong one, or no result at all are noted."""
    bot.next_answers.append({"composeExtension": {"type": "message", "text": "Nothing found."}})
    assert await school.tess.searches("x") == []
    assert school.tess.toasts == ["Nothing found."]
    hidden = {"contentType": CARD, "content": card_of(text("x"))}
    wrong = {**clause("x"), "content": card_of({"type": "TextBlock"})}
    bot.next_answers.extend([results(hidden), results(wrong), 200])
    for _ in range(3):
        assert await school.tess.searches("") == []
    assert len(teams.world.refusals) == 3
    assert bot.last["value"]["parameters"] == [{"name": "initialRun", "value": "true"}]


async def test_whoever_does_not_have_the_app_has_no_message_extension(teams: TeamsFake, school: School) -> None:
    """Neither of their own nor in the team."""
    stranger = teams.person(school.tenant.add_user("Stella Stranger"))
    with pytest.raises(ImpossibleError, match="does not have the app"):
        await stranger.searches("x")
