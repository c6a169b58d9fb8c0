"""What is done with teams, channels, chats and the app itself, as the bot hears of it."""

from dataclasses import replace
from typing import Any

from tests.teams_fake import TeamsFake
from tests.teams_fake.conftest import School
from tests.teams_fake.small_bot import SmallBot
from tests.teams_fake.world import ROSTER_CONSENT


def told(bot: SmallBot) -> list[tuple[str, Any]]:
    """Return what the bot heard: the kind, and Teams' word for the event or the action."""
    return [(one["type"], one.get("action") or one["channelData"].get("eventType")) for one in bot.heard]


async def test_the_app_is_installed_for_somebody_and_taken_out(teams: TeamsFake, school: School, bot: SmallBot) -> None:
    """The bot and the person come into a chat; taking it out is an event of its own."""
    nia = teams.person(school.tenant.add_user("Nia New"))
    await nia.installs()
    assert told(bot) == [("installationUpdate", "add"), ("conversationUpdate", None)]
    added = [one["id"] for one in bot.last["membersAdded"]]
    assert added == [bot.last["recipient"]["id"], nia.user.teams_id]
    assert bot.last["conversation"]["id"] == nia.chat.id
    assert "name" not in bot.last["from"]
    await bot.says(nia.chat, "Welcome")
    await nia.uninstalls()
    assert (told(bot)[2:], bot.last["from"]["aadObjectId"]) == ([("installationUpdate", "remove")], nia.user.id)
    assert (await bot.says(nia.chat, "Still there?")).status == 403


async def test_the_app_is_put_into_a_team_and_taken_out(school: School, bot: SmallBot) -> None:
    """With the team's name and group; its private channels lose it too."""
    team = school.tenant.add_team("Governors", school.dan.user)
    await school.dan.installs(team)
    assert told(bot) == [("installationUpdate", "add"), ("conversationUpdate", "teamMemberAdded")]
    assert bot.last["membersAdded"] == [{"id": bot.last["recipient"]["id"]}]
    assert bot.last["channelData"]["team"] == {"aadGroupId": team.aad_group_id, "name": "Governors", "id": team.id}
    assert bot.heard[0]["channelData"]["settings"] == {"selectedChannel": {"id": team.id}}
    await school.dan.uninstalls(school.team)
    assert told(bot)[2:] == [("installationUpdate", "remove"), ("conversationUpdate", "teamMemberRemoved")]
    assert (school.safe.works, school.staff_room.works) == (False, False)


async def test_the_app_is_added_to_a_private_channel(school: School, bot: SmallBot) -> None:
    """The only word of it is that the bot is a member now."""
    school.safe.has_app = False
    await school.dan.installs(school.safe)
    assert told(bot) == [("conversationUpdate", "channelMemberAdded")]
    assert bot.last["conversation"]["id"] == school.safe.id
    channel = {"id": school.safe.id, "name": "Safeguarding", "type": "private"}
    assert bot.last["channelData"]["channel"] == channel
    await school.dan.uninstalls(school.safe)
    assert told(bot)[1:] == [("conversationUpdate", "channelMemberRemoved")]
    assert (await bot.says(school.safe, "x")).code == "BotNotInConversationRoster"


async def test_people_come_and_go(school: School, bot: SmallBot) -> None:
    """In a team, a private channel and a group chat; who leaves the team leaves its private channels."""
    nia = school.tenant.add_user("Nia New")
    for where, event in ((school.team, "team"), (school.safe, "channel"), (school.chat, "team")):
        await school.dan.adds(where, nia)
        assert told(bot)[-1] == ("conversationUpdate", f"{event}MemberAdded")
        assert bot.last["membersAdded"] == [{"id": nia.teams_id, "aadObjectId": nia.id}]
    await school.dan.removes(school.team, nia)
    assert told(bot)[-1] == ("conversationUpdate", "teamMemberRemoved")
    assert (nia in school.safe.members, nia in school.chat.members) == (False, True)


async def test_without_consent_the_bot_does_not_hear_who_joins_a_private_channel(
    teams: TeamsFake, school: School, bot: SmallBot
) -> None:
    """As it may not see the roster either."""
    teams.world.app = replace(teams.world.app, consents=teams.world.app.consents - {ROSTER_CONSENT})
    answer = await school.dan.adds(school.safe, school.tess.user)
    assert (answer.lost, bot.heard) == ("the app is not told of it", [])
    assert school.tess.reads(school.safe) == []


async def test_channels_are_made_renamed_deleted_and_brought_back(school: School, bot: SmallBot) -> None:
    """The events come from the team's own conversation, and name the channel."""
    club, _ = await school.dan.creates_channel(school.team, "Chess")
    await school.dan.renames(club, "Chess club")
    await school.dan.deletes_channel(club)
    assert bot.last["conversation"]["id"] == school.team.id
    assert bot.last["channelData"]["channel"] == {"id": club.id, "name": "Chess club", "type": "standard"}
    assert (await bot.says(club, "x")).code == "ConversationNotFound"
    await school.dan.restores_channel(club)
    assert (await bot.says(club, "x")).status == 201
    _, quiet = await school.dan.creates_channel(school.team, "Secret", school.dan.user, kind="private")
    assert quiet.lost == "the app is not told of it"
    assert [event for _, event in told(bot)] == [
        "channelCreated",
        "channelRenamed",
        "channelDeleted",
        "channelRestored",
    ]


async def test_teams_and_chats_are_renamed_and_teams_deleted(school: School, bot: SmallBot) -> None:
    """What is deleted is not found any more."""
    await school.dan.renames(school.team, "All staff")
    assert bot.last["channelData"]["team"]["name"] == "All staff"
    assert "channel" not in bot.last["channelData"]
    await school.dan.renames(school.chat, "Year 5")
    assert bot.last["topicName"] == "Year 5"
    await school.dan.deletes_team(school.team)
    assert told(bot)[-1] == ("conversationUpdate", "teamDeleted")
    assert (await bot.says(school.staff_room, "x")).code == "ConversationNotFound"
    assert (await bot.call("GET", f"v3/teams/{school.team.id}")).code == "ConversationNotFound"


async def test_somebody_of_another_school_shares_a_channel(teams: TeamsFake, school: School, bot: SmallBot) -> None:
    """They are in the channel's roster with their own tenant, and write in the school's."""
    other = teams.tenant("Another school", "other")
    school.tenant.add_user("Olu Other", home=other.id)
    guest = teams.person(next(one for one in school.tenant.users.values() if one.name == "Olu Other"))
    shared = school.tenant.add_channel(school.team, "Cluster", guest.user, school.dan.user, kind="shared")
    teams.install(shared)
    await guest.writes_in(shared, "hello")
    assert bot.last["channelData"]["tenant"]["id"] == school.tenant.id
    assert bot.last["channelData"]["channel"]["type"] == "shared"
    listed = await bot.call("GET", f"v3/conversations/{shared.id}/pagedmembers")
    assert [one["tenantId"] for one in listed.body["members"]] == ["other", school.tenant.id]
