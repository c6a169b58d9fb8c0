"""The Bot Connector: what it does for the bot, and what it refuses in Teams' own words."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.teams_fake import REGISTERED, TeamsFake, guid
from tests.teams_fake.conftest import School
from tests.teams_fake.places import Place
from tests.teams_fake.posting import utf16
from tests.teams_fake.small_bot import SmallBot, address_of, card_message, card_of, text
from tests.teams_fake.world import ROSTER_CONSENT

HELLO = {"type": "message", "text": "Hello"}


def for_channel(channel: Place, **more: Any) -> dict[str, Any]:
    """Return what begins a thread in a channel."""
    return {"isGroup": True, "channelData": {"channel": {"id": channel.id}}, "activity": HELLO, **more}


def for_person(member: str, tenant: str, **more: Any) -> dict[str, Any]:
    """Return what begins a personal chat."""
    return {"isGroup": False, "members": [{"id": member}], "tenantId": tenant, **more}


async def test_a_message_is_posted_changed_and_deleted(school: School, bot: SmallBot) -> None:
    """Everybody in the chat reads what stands there; somebody's own view of a card goes when the card is changed."""
    message_id = await bot.shows(school.chat, card_of(text("one")))
    message = school.tess.reads(school.chat)[0]
    message.message.views[school.tess.user.id] = [card_of(text("hers"))]
    assert (school.tess.sees(message).words, school.dan.sees(message).words) == ("hers", "one")
    path = f"{address_of(school.chat)}/activities/{message_id}"
    assert (await bot.call("PUT", path, card_message(card_of(text("two"))))).status == 200
    assert (school.tess.sees(message).words, message.message.edits) == ("two", 1)
    assert (await bot.call("DELETE", path)).status == 200
    assert school.tess.reads(school.chat) == []
    assert (await bot.call("PUT", path, HELLO)).code == "ActivityNotFoundInConversation"


async def test_the_bot_changes_only_what_it_wrote(school: School, bot: SmallBot) -> None:
    """What a person wrote stays as it is."""
    await school.tess.writes("mine")
    said = school.tess.reads()[0]
    assert (await bot.call("PUT", f"{address_of(said.place)}/activities/{said.id}", HELLO)).status == 403
    assert school.tess.reads()[0].text == "mine"


async def test_a_thread_begins_in_a_channel_and_goes_on(school: School, bot: SmallBot) -> None:
    """What is posted to the thread's own conversation stands beneath; what names only the channel begins another."""
    begun = await bot.call("POST", "v3/conversations", for_channel(school.staff_room))
    root = begun.body["activityId"]
    assert (begun.status, begun.body["id"]) == (201, f"{school.staff_room.id};messageid={root}")
    await bot.says(begun.body["id"], "beneath")
    await bot.says(school.staff_room, "another", beneath=root)
    await bot.says(school.staff_room, "a third")
    assert [(one.text, one.root == root) for one in school.tess.reads(school.staff_room)] == [
        ("Hello", True),
        ("beneath", True),
        ("another", False),
        ("a third", False),
    ]
    assert (await bot.says(f"{school.staff_room.id};messageid=1", "lost")).code == "ConversationNotFound"


async def test_a_personal_chat_begins_by_either_id(school: School, bot: SmallBot) -> None:
    """It is the same chat whoever began it, and whichever id was named."""
    ids = (school.tess.user.id, school.tess.user.teams_id)
    begun = [await bot.call("POST", "v3/conversations", for_person(one, school.tenant.id)) for one in ids]
    assert [one.body for one in begun] == [{"id": school.tess.chat.id}] * 2
    await bot.says(begun[0].body["id"], "Seen.")
    assert school.tess.reads()[-1].is_from_bot


async def test_nobody_is_written_to_who_has_nothing_to_do_with_the_app(
    teams: TeamsFake, school: School, bot: SmallBot
) -> None:
    """Their own installation, or a team that has the app, lets the bot write; taking it out ends that."""
    stranger = school.tenant.add_user("Stella Stranger")
    asked = for_person(stranger.id, school.tenant.id)
    assert (await bot.call("POST", "v3/conversations", asked)).code == "ForbiddenOperationException"
    school.team.members.append(stranger)
    assert (await bot.call("POST", "v3/conversations", asked)).status == 201
    person = teams.person(stranger)
    await person.installs()
    await person.uninstalls()
    assert (await bot.says(person.chat, "Hello")).code == "BotNotInConversationRoster"
    unknown = for_person(guid("nobody"), school.tenant.id)
    assert (await bot.call("POST", "v3/conversations", unknown)).code == "BadArgument"


@pytest.mark.parametrize(
    "wrong",
    [
        {"isGroup": True, "members": [{"id": "29:1"}]},
        {"isGroup": False, "members": []},
        {"members": [{"id": "29:1"}], "tenantId": "another"},
        {"isGroup": True, "channelData": {"channel": {"id": "19:x"}}},
        {"isGroup": False, "channelData": {"channel": {"id": "19:x"}}, "activity": HELLO},
    ],
)
async def test_a_conversation_needs_its_parameters(school: School, bot: SmallBot, wrong: dict[str, Any]) -> None:
    """No group chats, no chats with nobody or in another tenant, no thread without its first message."""
    assert (await bot.call("POST", "v3/conversations", wrong)).code == "BadSyntax"


async def test_places_refuse_a_bot_that_may_not_write_there(teams: TeamsFake, school: School, bot: SmallBot) -> None:
    """Not installed, not there, blocked by the person, or by the tenant's admin."""
    parents = school.tenant.add_team("Parents", school.tess.user)
    assert (await bot.says(parents.general, "x")).code == "BotNotInConversationRoster"
    assert (await bot.says("19:nowhere@thread.tacv2", "x")).code == "ConversationNotFound"
    school.tess.user.has_blocked = True
    assert (await bot.says(school.tess.chat, "x")).code == "ConversationBlockedByUser"
    school.tenant.app_is_allowed = False
    assert (await bot.says(school.chat, "x")).code == "BotDisabledByAdmin"
    assert [one.error for one in teams.calls_of("send")] == [
        "BotNotInConversationRoster",
        "ConversationNotFound",
        "ConversationBlockedByUser",
        "BotDisabledByAdmin",
    ]


async def test_a_private_channel_needs_the_app_added_there(school: School, bot: SmallBot) -> None:
    """The team's installation does not reach it; a standard channel needs no more."""
    school.safe.has_app = False
    assert (await bot.says(school.staff_room, "x")).status == 201
    assert (await bot.says(school.safe, "x")).code == "BotNotInConversationRoster"
    listed = await bot.call("GET", f"v3/teams/{school.team.id}/conversations")
    assert school.safe.id not in {one["id"] for one in listed.body["conversations"]}


async def test_a_team_and_its_channels_are_described(school: School, bot: SmallBot) -> None:
    """With the id of its group, and what sort each channel is; the General channel has no name."""
    team = await bot.call("GET", f"v3/teams/{school.team.id}")
    assert (team.body["name"], team.body["aadGroupId"]) == ("Staff", school.team.aad_group_id)
    listed = await bot.call("GET", f"v3/teams/{school.team.id}/conversations")
    assert listed.body["conversations"] == [
        {"id": school.team.id, "type": "standard"},
        {"id": school.staff_room.id, "name": "Staff room", "type": "standard"},
        {"id": school.safe.id, "name": "Safeguarding", "type": "private"},
    ]
    school.team.has_app = False
    assert (await bot.call("GET", f"v3/teams/{school.team.id}")).code == "BotNotInConversationRoster"


async def test_members_are_listed_page_by_page(teams: TeamsFake, school: School, bot: SmallBot) -> None:
    """Every member once, in pages of at least fifty and at most what Teams allows."""
    school.team.members += [school.tenant.add_user(f"Teacher {number}") for number in range(120)]
    path = f"{address_of(school.staff_room)}/pagedmembers?pageSize=5"
    found: list[str] = []
    sizes, token = [], ""
    while True:
        page = (await bot.call("GET", f"{path}&continuationToken={token}")).body
        sizes.append(len(page["members"]))
        found += [one["aadObjectId"] for one in page["members"]]
        token = page.get("continuationToken")
        if not token:
            break
    assert sizes == [50, 50, 22]
    assert found == [one.id for one in school.team.members]
    assert (await bot.call("GET", f"{path}&continuationToken=page-x")).code == "BadSyntax"
    teams.world.biggest_page = 100
    whole = await bot.call("GET", f"{address_of(school.staff_room)}/pagedmembers?pageSize=500")
    assert len(whole.body["members"]) == 100


async def test_a_member_is_found_by_either_id(school: School, bot: SmallBot) -> None:
    """With their names, addresses, tenant and role; somebody who is not there is not found."""
    guest = school.tenant.add_user("Gus Guest", upn="gus_x#EXT#@school.example", role="guest")
    school.team.members.append(guest)
    for one in (guest.id, guest.teams_id):
        found = await bot.call("GET", f"{address_of(school.staff_room)}/members/{one}")
        assert (found.body["userRole"], found.body["givenName"], found.body["surname"]) == ("guest", "Gus", "Guest")
        assert found.body["userPrincipalName"] == "gus_x#EXT#@school.example"
    lost = await bot.call("GET", f"{address_of(school.safe)}/members/{school.tess.user.id}")
    assert lost.code == "MemberNotFoundInConversation"
    listed = await bot.call("GET", f"{address_of(school.safe)}/members")
    assert [one["objectId"] for one in listed.body] == [school.dan.user.id]


async def test_the_roster_of_a_private_channel_needs_consent(teams: TeamsFake, school: School, bot: SmallBot) -> None:
    """Without the permission in its manifest the bot may write there, and not see who reads it."""
    teams.world.app = replace(teams.world.app, consents=REGISTERED.consents - {ROSTER_CONSENT})
    assert (await bot.call("GET", f"{address_of(school.safe)}/pagedmembers")).status == 403
    assert (await bot.call("GET", f"{address_of(school.staff_room)}/pagedmembers")).status == 200
    assert (await bot.says(school.safe, "x")).status == 201


@pytest.mark.parametrize("letter", ["x", "\u2013", "\U0001f600"])
async def test_a_message_that_is_too_big_is_refused(
    teams: TeamsFake, school: School, bot: SmallBot, letter: str
) -> None:
    """Two bytes count for each letter of what was sent, whichever way it was written; exactly so many go through."""
    teams.world.biggest = 1_000
    frame = len('{"type": "message", "text": ""}')
    fits = (500 - frame) // (len(json.dumps(letter)) - 2)
    assert (await bot.says(school.chat, letter * fits)).status == 201
    big = await bot.says(school.chat, letter * (fits + 1))
    assert (big.status, big.code) == (413, "MessageSizeTooBig")
    assert len(school.tess.reads(school.chat)) == 1


def test_letters_beyond_the_basic_plane_count_twice() -> None:
    """Sizes are those of UTF-16, where an emoji is two units of two bytes."""
    assert [utf16(letter) for letter in ("x", "\u2013", "\U0001f600")] == [2, 2, 4]


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "message"},
        {"type": "trace", "text": "x"},
        {"text": "x"},
        {"type": "message", "attachments": [{"content": {}}]},
        {"type": "message", "attachments": "x"},
        card_message({"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlok", "text": "x"}]}),
    ],
)
async def test_what_teams_could_not_show_is_refused(school: School, bot: SmallBot, wrong: dict[str, Any]) -> None:
    """Nothing to read, an unknown kind, malformed attachments, a card that is wrong."""
    refused = await bot.says(school.chat, wrong)
    assert (refused.status, refused.code) == (400, "BadSyntax")
    assert school.tess.reads(school.chat) == []


async def test_typing_is_seen_and_leaves_nothing(school: School, bot: SmallBot) -> None:
    """It is counted apart from what stands there."""
    assert (await bot.says(school.tess.chat, {"type": "typing"})).status == 201
    assert (school.tess.reads(), school.tess.typing_in()) == ([], 1)


async def test_an_old_address_does_not_know_the_tenant_any_more(school: School, bot: SmallBot) -> None:
    """A tenant that is served from another region has another address; what was kept is stale."""
    await bot.says(school.chat, "one")
    stale = school.tenant.service_url
    school.tenant.moves("emea")
    assert (await bot.says(school.chat, "two")).status == 201
    async with bot.fake.network().session.get(stale + f"{address_of(school.chat)}/members", headers={}) as answer:
        assert answer.status == 401
    token = next(iter(bot.fake.tickets.issued))
    headers = {"Authorization": f"Bearer {token}"}
    async with bot.fake.network().session.get(stale + f"{address_of(school.chat)}/members", headers=headers) as answer:
        assert (await answer.json())["error"]["code"] == "ConversationNotFound"


async def test_a_button_with_submit_in_a_chat_is_taken_and_noted(
    teams: TeamsFake, school: School, bot: SmallBot
) -> None:
    """Teams takes Action.Submit there; a test can see that it was used."""
    prompt = {"type": "Action.Submit", "title": "Ask", "data": {"msteams": {"type": "imBack", "value": "Ask"}}}
    await bot.shows(school.chat, card_of(actions=[{"type": "Action.Submit", "title": "Old", "data": {}}, prompt]))
    assert teams.world.submits == ["Old"]
