"""A real bolt app lives in the fake, over HTTP and in Socket Mode: what people do reaches it, and its answers show."""

import pytest

from tests.slack_fake import ImpossibleError, SlackFake, Workspace
from tests.slack_fake.bolt_app import BoltApp


async def test_a_direct_message_is_answered_in_the_same_conversation(
    slack: SlackFake, school: Workspace, app: BoltApp
) -> None:
    """A person writes to the bot, the app hears it as Slack says it, and the person reads the answer."""
    tess = slack.person("U0TEACHER")
    heard = await tess.says_in_dm("can R&D <3 this, <@U0DSL>?")
    event = heard.sent.payload["event"]
    assert heard.acked
    assert (event["channel_type"], event["text"]) == ("im", "can R&amp;D &lt;3 this, <@U0DSL>?")
    assert [message.user for message in tess.reads()] == ["U0TEACHER", school.bot.id]
    assert tess.reads()[-1].blocks[0]["text"]["text"] == "You asked: can R&amp;D &lt;3 this, <@U0DSL>?"


async def test_a_thread_is_kept(slack: SlackFake, app: BoltApp) -> None:
    """What is asked in a thread is answered in it."""
    tess = slack.person("U0TEACHER")
    await tess.says_in_dm("first")
    await tess.says_in_dm("and then?", thread_ts=tess.reads()[0].ts)
    assert [message.thread_ts for message in tess.reads()] == [None, None, tess.reads()[0].ts, tess.reads()[0].ts]


async def test_a_mention_is_answered_to_one_person(slack: SlackFake, school: Workspace, app: BoltApp) -> None:
    """An answer that only the asker sees is not seen by the others in the channel."""
    tess, dan = slack.person("U0TEACHER"), slack.person("U0DSL")
    sent = await tess.mentions("C0STAFF", "may I?")
    assert [answer.sent.payload["event"]["type"] for answer in sent] == ["app_mention"]
    assert (len(tess.reads("C0STAFF")), len(dan.reads("C0STAFF"))) == (2, 1)
    assert tess.reads("C0STAFF")[-1].ephemeral_to == "U0TEACHER"


async def test_a_mention_comes_twice_where_the_app_reads_the_channel(slack: SlackFake, app: BoltApp) -> None:
    """An app that is subscribed to channel messages gets a mention as both events, with one time stamp."""
    slack.subscriptions.add("message.channels")
    sent = await slack.person("U0TEACHER").mentions("C0STAFF", "may I?")
    assert app.kinds() == ["app_mention", "message"]
    assert len({answer.sent.payload["event"]["ts"] for answer in sent}) == 1
    assert len({answer.sent.payload["event_id"] for answer in sent}) == 2


async def test_a_command_is_answered_by_its_acknowledgement(slack: SlackFake, app: BoltApp) -> None:
    """The body of the acknowledgement is shown to the person alone, buttons and all."""
    tess = slack.person("U0TEACHER")
    answer = await tess.slash("/policy", "phones", "C0STAFF")
    assert answer.status == 200
    assert tess.reads("C0STAFF")[-1].blocks[1]["elements"][0]["action_id"] == "tell"
    assert slack.person("U0DSL").reads("C0STAFF") == []
    await tess.slash("/policy", "plain", "C0STAFF")
    assert tess.reads("C0STAFF")[-1].text == "Just words"


async def test_a_command_can_be_answered_later(slack: SlackFake, app: BoltApp) -> None:
    """A response URL puts an answer into the channel."""
    await slack.person("U0TEACHER").slash("/policy", "later", "C0STAFF")
    assert [message.text for message in slack.person("U0DSL").reads("C0STAFF")] == ["Here it is"]


async def test_an_acknowledgement_that_slack_cannot_show_is_noted(slack: SlackFake, app: BoltApp) -> None:
    """Bad blocks in an acknowledgement show nothing, and the test can see why."""
    tess = slack.person("U0TEACHER")
    await tess.slash("/policy", "bad")
    assert [(one.where, one.error) for one in slack.world.refusals] == [("slash command", "invalid_blocks")]
    assert tess.reads() == []


async def test_a_tap_opens_a_modal_and_its_words_are_submitted(slack: SlackFake, app: BoltApp) -> None:
    """A tap carries a trigger that opens a modal, and what is typed there reaches the app."""
    tess = slack.person("U0TEACHER")
    await tess.says_in_dm("help")
    await tess.taps(tess.reads()[-1], "tell")
    body = app.heard[-1][1]
    assert body["container"]["message_ts"] == body["message"]["ts"] == tess.reads()[-1].ts
    await tess.submits(tess.modal, {"typed": "he has a knife"})
    assert app.heard[-1][1]["view"]["state"]["values"]["words"]["typed"]["value"] == "he has a knife"
    assert not tess.has_modal


async def test_a_modal_follows_the_apps_answer(slack: SlackFake, app: BoltApp) -> None:
    """Errors keep a modal, an update changes it, a push lays one on top, and a clear closes all."""
    tess = slack.person("U0TEACHER")
    await tess.shortcut("raise")
    first = tess.modal
    await tess.submits(first, {"typed": "wrong"})
    assert (tess.modal, first.errors) == (first, {"words": "Say more"})
    await tess.submits(first, {"typed": "other"})
    assert first.content["title"]["text"] == "Another modal"
    await tess.submits(first, {"words": "more"})
    assert tess.modal.previous_view_id == first.id
    await tess.submits(tess.modal, {"typed": "enough"})
    assert not tess.has_modal


async def test_a_closed_modal_is_told_to_the_app(slack: SlackFake, app: BoltApp) -> None:
    """A view that asks for it is told to the app when it is closed."""
    tess = slack.person("U0TEACHER")
    await tess.shortcut("raise")
    await tess.closes(tess.modal)
    assert app.kinds()[-1] == "view_closed"
    assert not tess.has_modal


async def test_an_answer_is_replaced_through_the_response_url(slack: SlackFake, app: BoltApp) -> None:
    """A message that one person sees can be replaced; the app is not shown its words."""
    tess = slack.person("U0TEACHER")
    await tess.slash("/policy", "phones", "C0STAFF")
    shown = tess.reads("C0STAFF")[-1]
    await tess.taps(shown, "helped")
    assert (shown.text, shown.blocks) == ("Glad to hear it", [])
    assert app.heard[-1][1]["container"]["is_ephemeral"]
    assert "message" not in app.heard[-1][1]


async def test_a_choice_in_a_menu_reaches_the_app(slack: SlackFake, app: BoltApp) -> None:
    """A person chooses one of the options that are there, and no other."""
    tess = slack.person("U0TEACHER")
    await tess.says_in_dm("which?")
    await tess.selects(tess.reads()[-1], "pick", "photos")
    assert app.heard[-1][1]["actions"][0]["selected_option"]["value"] == "photos"
    with pytest.raises(ImpossibleError):
        await tess.selects(tess.reads()[-1], "pick", "cakes")


async def test_a_shortcut_on_a_message_carries_the_message(slack: SlackFake, app: BoltApp) -> None:
    """A person asks about what somebody else wrote."""
    tess, dan = slack.person("U0TEACHER"), slack.person("U0DSL")
    await dan.says("C0STAFF", "phones stay in the office")
    await tess.message_shortcut("ask-about", tess.reads("C0STAFF")[0])
    assert tess.reads("C0STAFF")[-1].text == "About: phones stay in the office"
    assert len(dan.reads("C0STAFF")) == 1


async def test_the_home_is_published_when_it_is_opened(slack: SlackFake, app: BoltApp) -> None:
    """The second opening shows the app the Home that was there, and its buttons can be tapped."""
    tess = slack.person("U0TEACHER")
    await tess.opens_home()
    again = await tess.opens_home()
    assert again.sent.payload["event"]["view"]["type"] == "home"
    await tess.taps(tess.home, "tell")
    assert app.heard[-1][1]["container"] == {"type": "view", "view_id": tess.home.id}
    assert tess.has_modal


async def test_the_agent_view_says_what_is_looked_at(slack: SlackFake, app: BoltApp) -> None:
    """Opening the conversation and looking elsewhere both carry the context."""
    tess = slack.person("U0TEACHER")
    opened = (await tess.opens_messages(beside="C0STAFF")).sent.payload["event"]
    moved = (await tess.looks_at(None)).sent.payload["event"]
    assert (opened["tab"], opened["context"]["entities"][0]["value"]) == ("messages", "C0STAFF")
    assert (moved["type"], moved["context"]) == ("app_context_changed", {})


async def test_edits_deletions_files_and_bots_are_told_as_such(
    slack: SlackFake, school: Workspace, app: BoltApp
) -> None:
    """Each comes with the marks by which an app must ignore it, and the file is not fetched."""
    tess = slack.person("U0TEACHER")
    other = school.add_user("U0OTHERBOT", "zapper", is_bot=True, bot_id="B0OTHER")
    await tess.says_in_dm("first")
    said = tess.reads()[0]
    told = [await tess.edits(said, "second"), await tess.deletes(said), await tess.shares_file("photo.jpg", "look")]
    assert [answer.sent.payload["event"]["subtype"] for answer in told if answer] == [
        "message_changed",
        "message_deleted",
        "file_share",
    ]
    school.add_channel("C0BOTS", "bots", other.id)
    slack.subscriptions.add("message.channels")
    posted = await slack.person(other).says("C0BOTS", "beep")
    assert posted
    assert posted.sent.payload["event"]["bot_id"] == "B0OTHER"
    assert len(school.said_by_bot(tess.dm.id)) == 1
    assert slack.world.fetched == []


async def test_the_bots_own_message_comes_back_and_is_not_answered(
    slack: SlackFake, school: Workspace, app: BoltApp
) -> None:
    """An app hears its own message, and bolt leaves it alone."""
    tess = slack.person("U0TEACHER")
    await tess.says_in_dm("first")
    echoed = await slack.echo(school, tess.reads()[-1])
    assert echoed
    assert echoed.acked
    assert len(tess.reads()) == 2


async def test_an_event_is_sent_again_as_the_same_event(slack: SlackFake, app: BoltApp) -> None:
    """A copy has the same event id; one that was lost can arrive as a retry only."""
    slack.lose()
    tess = slack.person("U0TEACHER")
    lost = await tess.says_in_dm("hello")
    assert (lost.acked, app.heard) == (False, [])
    again = await slack.redeliver(lost, 2, "http_timeout")
    assert again.acked
    assert app.heard[0][1]["event_id"] == lost.sent.payload["event_id"]
    copies = await slack.redeliver_at_once(lost, 5)
    assert {copy.sent.payload["event_id"] for copy in copies} == {lost.sent.payload["event_id"]}
    assert len(app.heard) == 6
    assert slack.late() == [lost]


async def test_nobody_does_what_slack_does_not_let_them(slack: SlackFake, school: Workspace, app: BoltApp) -> None:
    """Taps on what is not there, on what others see, and half-filled modals are errors of the test."""
    tess, dan = slack.person("U0TEACHER"), slack.person("U0DSL")
    await tess.says_in_dm("first")
    with pytest.raises(ImpossibleError, match="no element 'nothing'"):
        await tess.taps(tess.reads()[-1], "nothing")
    with pytest.raises(ImpossibleError, match="cannot see"):
        await dan.taps(tess.reads()[-1], "tell")
    with pytest.raises(ImpossibleError, match="no modal"):
        await tess.submits(tess.modal)
    await tess.shortcut("raise")
    with pytest.raises(ImpossibleError, match="not filled in"):
        await tess.submits(tess.modal)
    with pytest.raises(ImpossibleError, match="cannot write"):
        await tess.says("C0SAFE", "let me in")
