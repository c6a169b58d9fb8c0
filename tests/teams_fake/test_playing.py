"""What people write, as the bot hears of it and as others read it."""

import pytest

from tests.teams_fake import ImpossibleError, TeamsFake, guid
from tests.teams_fake.conftest import School
from tests.teams_fake.small_bot import SmallBot, card_of, text


async def test_somebody_writes_to_the_bot_and_reads_its_answer(school: School, bot: SmallBot) -> None:
    """A personal chat: who wrote what in which tenant, and the bot's answer beneath."""
    answer = await school.tess.writes("Can I be friends with a pupil's mum?")
    assert answer.status == 200
    assert (bot.last["type"], bot.last["text"]) == ("message", "Can I be friends with a pupil's mum?")
    assert bot.last["from"] == school.tess.user.as_sender()
    assert bot.last["recipient"] == {"id": f"28:{bot.fake.app_id}", "name": "Signpost"}
    assert bot.last["conversation"] == {
        "conversationType": "personal",
        "tenantId": school.tenant.id,
        "id": school.tess.chat.id,
    }
    assert bot.last["channelData"] == {"tenant": {"id": school.tenant.id}}
    assert bot.last["attachments"][0]["content"] == "<p>Can I be friends with a pupil&#x27;s mum?</p>"
    claims = await bot.check(bot.tokens[-1])
    assert claims["serviceurl"] == bot.last["serviceUrl"] == school.tenant.service_url
    assert (await bot.says(bot.last["conversation"]["id"], "Ask first.")).status == 201
    assert [one.text for one in school.tess.reads()] == ["Can I be friends with a pupil's mum?", "Ask first."]


async def test_ids_of_messages_are_the_time_in_milliseconds(teams: TeamsFake, school: School, bot: SmallBot) -> None:
    """In the fake's own time, and never the same twice."""
    for _ in range(2):
        await school.tess.writes("x")
    teams.clock.pass_by(60)
    await school.tess.writes("y")
    first, second, third = (int(one["id"]) for one in bot.heard)
    assert (second - first, third - first) == (1, 60_000)
    assert [one["timestamp"] for one in bot.heard[1:]] == ["2026-11-23T10:40:00.000Z", "2026-11-23T10:41:00.000Z"]


async def test_in_a_channel_the_bot_hears_what_mentions_it(school: School, bot: SmallBot) -> None:
    """And only that; where it was said, and in which thread."""
    quiet = await school.dan.writes_in(school.staff_room, "Lunch?", mention=False)
    assert (quiet.lost, bot.heard) == ("the app is not told of it", [])
    await school.tess.writes_in(school.staff_room, "What about phones?")
    assert bot.last["text"] == "<at>Signpost</at> What about phones?"
    assert bot.last["entities"][0]["mentioned"]["id"] == bot.last["recipient"]["id"]
    root = bot.last["id"]
    assert bot.last["conversation"] == {
        "isGroup": True,
        "conversationType": "channel",
        "tenantId": school.tenant.id,
        "id": f"{school.staff_room.id};messageid={root}",
    }
    assert bot.last["channelData"] == {
        "teamsChannelId": school.staff_room.id,
        "teamsTeamId": school.team.id,
        "channel": {"id": school.staff_room.id},
        "team": {"id": school.team.id},
        "tenant": {"id": school.tenant.id},
    }
    await school.dan.writes_in(school.staff_room, "and tablets?", beneath=school.dan.reads(school.staff_room)[-1])
    assert bot.last["conversation"]["id"] == f"{school.staff_room.id};messageid={root}"
    assert bot.last["id"] != root
    assert len(school.staff_room.thread(root)) == 2


async def test_in_a_group_chat_there_are_no_threads(school: School, bot: SmallBot) -> None:
    """The bot hears what mentions it, in one conversation."""
    await school.tess.writes_in(school.chat, "Signpost?")
    assert bot.last["conversation"]["id"] == school.chat.id
    assert (bot.last["conversation"]["conversationType"], bot.last["conversation"]["isGroup"]) == ("groupChat", True)
    with pytest.raises(ImpossibleError, match="threads"):
        await school.tess.writes_in(school.chat, "x", beneath=school.tess.reads(school.chat)[0])


async def test_a_private_channel_says_what_it_is(school: School, bot: SmallBot) -> None:
    """And is seen by its own members alone."""
    await school.dan.writes_in(school.safe, "x")
    assert bot.last["channelData"]["channel"] == {"id": school.safe.id, "type": "private"}
    with pytest.raises(ImpossibleError, match="cannot see"):
        school.tess.reads(school.safe)
    with pytest.raises(ImpossibleError, match="cannot see"):
        await school.tess.writes_in(school.safe, "x")


async def test_a_reply_quotes_a_message(school: School, bot: SmallBot) -> None:
    """The quote is in the markup, with the id of what was quoted; the text is the reply alone."""
    await bot.says(school.tess.chat, "Which school?")
    asked = school.tess.reads()[-1]
    await school.tess.writes("The first", quotes=asked)
    assert bot.last["text"] == "The first"
    markup = bot.last["attachments"][-1]["content"]
    assert f'itemtype="http://schema.skype.com/Reply" itemid="{asked.id}"' in markup
    assert "Which school?" in markup


async def test_messages_are_changed_taken_back_and_reacted_to(school: School, bot: SmallBot) -> None:
    """The bot hears of each, with Teams' own words for it."""
    await school.tess.writes("frist")
    said = school.tess.reads()[0]
    await school.tess.edits(said, "first")
    assert (bot.last["type"], bot.last["id"], bot.last["text"]) == ("messageUpdate", said.id, "first")
    assert bot.last["channelData"]["eventType"] == "editMessage"
    assert [one.text for one in school.tess.reads()] == ["first"]
    await school.tess.takes_back(said)
    assert (bot.last["type"], bot.last["channelData"]["eventType"]) == ("messageDelete", "softDeleteMessage")
    assert ("text" in bot.last, school.tess.reads()) == (False, [])
    await bot.says(school.tess.chat, "answer")
    await school.tess.reacts(school.tess.reads()[0])
    assert (bot.last["type"], bot.last["reactionsAdded"]) == ("messageReaction", [{"type": "like"}])
    assert (bot.last["replyToId"], "name" in bot.last["from"]) == (school.tess.reads()[0].id, False)
    await school.tess.reacts(school.tess.reads()[0], removes=True)
    assert bot.last["reactionsRemoved"] == [{"type": "like"}]


async def test_nobody_changes_what_another_wrote(school: School, bot: SmallBot) -> None:
    """Neither the bot's words nor a colleague's."""
    await school.tess.writes_in(school.chat, "hers")
    for change in (
        school.dan.edits(school.dan.reads(school.chat)[0], "x"),
        school.dan.takes_back(school.chat.messages[0]),
    ):
        with pytest.raises(ImpossibleError, match="did not write"):
            await change


async def test_changes_that_do_not_concern_the_bot_are_not_told(school: School, bot: SmallBot) -> None:
    """What it was not told of, and reactions to what it did not write."""
    await school.tess.writes_in(school.chat, "lunch", mention=False)
    said = school.tess.reads(school.chat)[0]
    for answer in (await school.tess.edits(said, "tea"), await school.dan.reacts(said)):
        assert answer.lost == "the app is not told of it"
    assert bot.heard == []


async def test_a_file_is_sent(teams: TeamsFake, school: School, bot: SmallBot) -> None:
    """The bot gets its address, with a key to it, which leads nowhere here."""
    await school.tess.sends_file("photo.jpg", "look")
    file = bot.last["attachments"][0]
    assert file["contentType"] == "application/vnd.microsoft.teams.file.download.info"
    assert (file["name"], file["content"]["fileType"]) == ("photo.jpg", "jpg")
    assert "tempauth" in file["content"]["downloadUrl"]


async def test_whoever_has_not_installed_the_app_cannot_write_to_it(teams: TeamsFake, school: School) -> None:
    """Nor can it be mentioned where it is not."""
    stranger = teams.person(school.tenant.add_user("Stella Stranger"))
    with pytest.raises(ImpossibleError, match="not installed"):
        await stranger.writes("x")
    parents = school.tenant.add_team("Parents", school.tess.user)
    with pytest.raises(ImpossibleError, match="not there"):
        await school.tess.writes_in(parents.general, "x")


def test_people_are_found_by_their_id(teams: TeamsFake, school: School) -> None:
    """The same somebody each time, with what is in their hands."""
    assert teams.person(school.tess.user.id) is school.tess
    with pytest.raises(LookupError):
        teams.person(guid("nobody"))


async def test_what_is_read_as_markdown_can_be_told(school: School, bot: SmallBot) -> None:
    """A text block and a text of the bot are, rich text is not, and plain text is not."""
    rich = {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "**theirs**"}]}
    await bot.shows(school.tess.chat, card_of(text("*ours*"), rich))
    await bot.says(school.tess.chat, "_text_")
    await bot.says(school.tess.chat, {"type": "message", "text": "_text_", "textFormat": "plain"})
    assert [one.markdown for one in school.tess.reads()] == [["*ours*"], ["_text_"], []]
    assert school.tess.reads()[0].words == "*ours*\n**theirs**"
