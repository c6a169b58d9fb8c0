"""The real Web API client meets what it would meet at Slack: the same answers, the same refusals."""

import json
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_fake import EVERY_SCOPE, REGISTERED, SlackFake, Workspace
from tests.slack_fake.bolt_app import modal
from tests.slack_fake.refusing import refusal, refused
from tests.slack_fake.tokens import LIFETIME

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "words"}}


def without(*scopes: str) -> tuple[str, ...]:
    """Return every scope but some."""
    return tuple(scope for scope in EVERY_SCOPE if scope not in scopes)


async def test_a_token_says_whose_it_is(school: Workspace, client: AsyncWebClient) -> None:
    """auth.test names the team and the bot."""
    answer = await client.auth_test()
    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == (school.id, school.bot.id, school.bot.bot_id)
    assert "chat:write" in answer.headers["x-oauth-scopes"]


async def test_a_message_is_posted_changed_and_deleted(school: Workspace, client: AsyncWebClient) -> None:
    """What the bot wrote can be changed and taken away; text alone takes the blocks away."""
    metadata = {"event_type": "case", "event_payload": {"id": "1"}}
    posted = await client.chat_postMessage(channel="C0STAFF", text="one", blocks=[SECTION], metadata=metadata)
    message = school.messages("C0STAFF")[0]
    assert (message.text, message.metadata, message.bot_id) == ("one", metadata, school.bot.bot_id)
    assert message.blocks[0]["block_id"]
    await client.chat_update(channel="C0STAFF", ts=posted["ts"], text="two", blocks=[SECTION])
    assert (message.text, message.edits, message.edited) == ("two", 1, None)
    await client.chat_update(channel="C0STAFF", ts=posted["ts"], text="three")
    assert (message.blocks, message.edited is None) == ([], False)
    long = client.chat_update(channel="C0STAFF", ts=posted["ts"], text="\u2013" * 1334)
    assert await refused(long) == "msg_too_long"
    await client.chat_delete(channel="C0STAFF", ts=posted["ts"])
    assert (school.messages("C0STAFF"), school.channels["C0STAFF"].deleted) == ([], [message])
    gone = client.chat_update(channel="C0STAFF", ts=posted["ts"], text="four")
    assert await refused(gone) == "message_not_found"


async def test_replies_stand_in_their_thread(school: Workspace, client: AsyncWebClient) -> None:
    """A reply to a reply goes to the thread's first message; a thread that is not there cannot be replied to."""
    first = await client.chat_postMessage(channel="C0STAFF", text="one")
    reply = await client.chat_postMessage(
        channel="C0STAFF", text="two", thread_ts=first["ts"], reply_broadcast=True, blocks=[SECTION]
    )
    deeper = await client.chat_postMessage(channel="C0STAFF", text="three", thread_ts=reply["ts"])
    assert deeper["message"]["thread_ts"] == first["ts"]
    assert school.messages("C0STAFF")[1].reply_broadcast
    nowhere = client.chat_postMessage(channel="C0STAFF", text="four", thread_ts="1.000001")
    assert await refused(nowhere) == "cannot_reply_to_message"


async def test_a_persons_id_stands_for_their_direct_message(school: Workspace, client: AsyncWebClient) -> None:
    """The bot writes to people, not to bots, strangers to the workspace or people who have left."""
    school.add_user("U0LEFT", "lee", deleted=True)
    posted = await client.chat_postMessage(channel="U0TEACHER", text="hello")
    opened = await client.conversations_open(users=["U0TEACHER"])
    assert posted["channel"] == opened["channel"]["id"] == school.dm("U0TEACHER").id
    assert await refused(client.chat_postMessage(channel=school.bot.id, text="x")) == "cannot_dm_bot"
    assert await refused(client.conversations_open(users=school.bot.id)) == "cannot_dm_bot"
    assert await refused(client.conversations_open(users="U0NOBODY")) == "user_not_found"
    assert await refused(client.conversations_open(users="U0LEFT")) == "user_disabled"


async def test_channels_refuse_by_slacks_rules(school: Workspace, client: AsyncWebClient) -> None:
    """A private channel without the bot looks as if it were not there."""
    school.add_channel("C0OTHER", "other", "U0DSL", with_bot=False)
    school.add_channel("C0HIDDEN", "hidden", "U0DSL", is_private=True, with_bot=False)
    school.add_channel("C0OLD", "old", is_archived=True)
    assert await refused(client.chat_postMessage(channel="C0OTHER", text="x")) == "not_in_channel"
    assert await refused(client.chat_postMessage(channel="C0HIDDEN", text="x")) == "channel_not_found"
    assert await refused(client.conversations_info(channel="C0HIDDEN")) == "channel_not_found"
    assert await refused(client.chat_postMessage(channel="C0OLD", text="x")) == "is_archived"
    assert await refused(client.chat_postMessage(channel="C0NONE", text="x")) == "channel_not_found"
    outsider = client.chat_postEphemeral(channel="C0SAFE", user="U0TEACHER", text="x")
    assert await refused(outsider) == "user_not_in_channel"


async def test_a_channel_shows_the_flags_of_the_gate(school: Workspace, client: AsyncWebClient) -> None:
    """conversations.info shows what decides whether a concern may be posted."""
    shown = (await client.conversations_info(channel="C0SAFE", include_num_members=True))["channel"]
    assert (shown["is_private"], shown["is_member"], shown["num_members"]) == (True, True, 2)
    for flag in ("is_ext_shared", "is_shared", "is_org_shared", "is_pending_ext_shared", "is_archived"):
        assert shown[flag] is False
        setattr(school.channels["C0SAFE"], flag, True)
        assert (await client.conversations_info(channel="C0SAFE"))["channel"][flag] is True


async def test_long_lists_come_in_pages(school: Workspace, client: AsyncWebClient) -> None:
    """Members are listed page by page."""
    members = [f"U{number:05}" for number in range(5)]
    school.add_channel("C0BIG", "big", *members)
    seen: list[str] = []
    cursor = ""
    while True:
        page = await client.conversations_members(channel="C0BIG", limit=2, cursor=cursor)
        seen += page["members"]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert seen == [*members, school.bot.id]
    assert await refused(client.conversations_members(channel="C0BIG", cursor="?")) == "invalid_cursor"


async def test_people_and_groups_are_looked_up(school: Workspace, client: AsyncWebClient) -> None:
    """Guests can be told from staff, and user groups name their members."""
    school.add_user("U0GUEST", "gus", is_ultra_restricted=True)
    school.add_user("U0PARTNER", "pat", is_stranger=True, team_id="T0OTHER")
    school.add_group("S0STAFF", "staff", "U0TEACHER")
    guest, partner = await client.users_info(user="U0GUEST"), await client.users_info(user="U0PARTNER")
    assert (guest["user"]["is_ultra_restricted"], partner["user"]["is_stranger"]) == (True, True)
    assert partner["user"]["team_id"] == "T0OTHER"
    assert (await client.usergroups_users_list(usergroup="S0STAFF"))["users"] == ["U0TEACHER"]
    assert (await client.usergroups_list(include_users=True))["usergroups"][0]["users"] == ["U0TEACHER"]
    assert len((await client.users_list(limit=3))["members"]) == 3
    assert (await client.team_info())["team"]["domain"] == "model-primary"
    assert (await client.bots_info(bot=school.bot.bot_id or ""))["bot"]["user_id"] == school.bot.id
    assert await refused(client.users_info(user="U0NOBODY")) == "user_not_found"
    assert await refused(client.usergroups_users_list(usergroup="S0NONE")) == "no_such_subteam"
    private = await client.conversations_list(types="private_channel")
    assert [one["id"] for one in private["channels"]] == ["C0SAFE"]


async def test_tokens_that_do_not_hold_are_refused(slack: SlackFake, school: Workspace, client: AsyncWebClient) -> None:
    """Each way of losing a token has its own word."""

    def with_token(token: str | None) -> AsyncWebClient:
        return AsyncWebClient(token=token, base_url=slack.url)

    assert await refused(with_token(None).auth_test()) == "not_authed"
    assert await refused(with_token("xoxb-made-up").auth_test()) == "invalid_auth"
    assert await refused(with_token(slack.app_token).users_list()) == "not_allowed_token_type"
    school.active = False
    assert await refused(client.auth_test()) == "account_inactive"
    school.active = True
    await client.auth_revoke()
    assert await refused(client.auth_test()) == "token_revoked"


@pytest.mark.parametrize("verb", ["GET", "POST"])
async def test_a_missing_scope_is_named(slack: SlackFake, school: Workspace, verb: str) -> None:
    """A token can only do what its scopes say."""
    token = slack.install(school, without("chat:write", "groups:read", "users:read")).access.value
    client = AsyncWebClient(token=token, base_url=slack.url)
    answer = await refusal(client.chat_postMessage(channel="C0STAFF", text="x"))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")
    private = client.api_call("conversations.info", http_verb=verb, params={"channel": "C0SAFE"})
    assert (await refusal(private))["needed"] == "groups:read"
    assert (await client.conversations_info(channel="C0STAFF"))["ok"]


# slack_sdk 3.47 itself uses what aiohttp 3.14 calls deprecated.
@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
async def test_tokens_rotate() -> None:
    """A code is good once, an access token for twelve hours, a refresh token once."""
    async with SlackFake(replace(REGISTERED, rotates=True)) as slack:
        team = slack.workspace("T0MODEL", "Model Primary")
        client = AsyncWebClient(base_url=slack.url)
        app = {"client_id": REGISTERED.client_id, "client_secret": REGISTERED.client_secret}
        code = slack.consent(team, "U0HEAD")
        got = await client.oauth_v2_access(**app, code=code)
        assert (got["team"]["id"], got["expires_in"], got["authed_user"]["id"]) == ("T0MODEL", LIFETIME, "U0HEAD")
        assert await refused(client.oauth_v2_access(**app, code=code)) == "code_already_used"
        assert await refused(client.oauth_v2_access(**app, code="x")) == "invalid_code"
        wrong = app | {"client_secret": "x"}
        assert await refused(client.oauth_v2_access(**wrong, code=code)) == "bad_client_secret"
        slack.clock.pass_by(LIFETIME)
        assert await refused(client.auth_test(token=got["access_token"])) == "token_expired"
        refresh = {"grant_type": "refresh_token", "refresh_token": got["refresh_token"]}
        renewed = await client.oauth_v2_access(**app, **refresh)
        assert (await client.auth_test(token=renewed["access_token"]))["ok"]
        assert await refused(client.oauth_v2_access(**app, **refresh)) == "invalid_refresh_token"


async def test_a_call_is_taken_in_every_form(slack: SlackFake, school: Workspace, client: AsyncWebClient) -> None:
    """GET and POST, form and JSON say the same; a method that Slack does not know is refused."""
    content = {"channel": "C0STAFF", "text": "x", "blocks": json.dumps([SECTION])}
    await client.api_call("chat.postMessage", params=content, http_verb="GET")
    await client.api_call("chat.postMessage", data=content)
    await client.api_call("chat.postMessage", json={**content, "blocks": [SECTION]})
    assert [len(message.blocks) for message in school.messages("C0STAFF")] == [1, 1, 1]
    assert [call.verb for call in slack.calls_of("chat.postMessage")] == ["GET", "POST", "POST"]
    assert await refused(client.api_call("chat.shout")) == "unknown_method"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": "no json"}, "invalid_blocks_format"),
        ({"text": "x", "metadata": {"event_type": 1}}, "invalid_metadata_format"),
        ({"text": "x", "blocks": [{"type": "markdown", "text": "x" * 7_000}] * 2}, "msg_blocks_too_long"),
    ],
)
async def test_content_that_slack_cannot_show_is_refused(
    client: AsyncWebClient, content: dict[str, Any], error: str
) -> None:
    """Nothing too long, empty or malformed becomes a message."""
    assert await refused(client.api_call("chat.postMessage", json={"channel": "C0STAFF", **content})) == error


async def test_the_bot_changes_only_what_it_wrote(slack: SlackFake, school: Workspace, client: AsyncWebClient) -> None:
    """Other people's messages can be marked, once, but not changed."""
    await slack.person("U0TEACHER").says("C0STAFF", "mine")
    ts = school.messages("C0STAFF")[0].ts
    assert await refused(client.chat_update(channel="C0STAFF", ts=ts, text="x")) == "cant_update_message"
    assert await refused(client.chat_delete(channel="C0STAFF", ts=ts)) == "cant_delete_message"
    await client.reactions_add(channel="C0STAFF", timestamp=ts, name="eyes")
    again = client.reactions_add(channel="C0STAFF", timestamp=ts, name="eyes")
    assert await refused(again) == "already_reacted"
    assert school.messages("C0STAFF")[0].reactions == {"eyes": [school.bot.id]}


async def test_a_status_ends_with_the_answer(slack: SlackFake, school: Workspace, client: AsyncWebClient) -> None:
    """Statuses, suggestions and titles are kept, and a status is shown until the bot answers."""
    place, ts = school.dm("U0TEACHER"), (await client.chat_postMessage(channel="U0TEACHER", text="hello"))["ts"]
    await client.assistant_threads_setStatus(channel_id=place.id, thread_ts=ts, status="is looking")
    assert school.showing == {(place.id, ts): "is looking"}
    await client.chat_postMessage(channel=place.id, thread_ts=ts, text="found")
    assert (school.showing, len(school.statuses)) == ({}, 1)
    prompts = [{"title": "Phones", "message": "may I use my phone?"}]
    await client.assistant_threads_setSuggestedPrompts(channel_id=place.id, prompts=prompts)
    await client.assistant_threads_setTitle(channel_id=place.id, thread_ts=ts, title="Phones")
    assert (school.prompts[0].prompts, school.titles[place.id, ts]) == (prompts, "Phones")
    many = client.assistant_threads_setSuggestedPrompts(channel_id=place.id, prompts=prompts * 5)
    assert await refused(many) == "invalid_arguments"


async def test_a_trigger_is_good_for_one_view_and_three_seconds(
    slack: SlackFake, school: Workspace, client: AsyncWebClient
) -> None:
    """Unknown, used, old and other teams' triggers are refused."""
    new = slack.world.tickets.trigger
    used, old, foreign = (new(team, "U0TEACHER") for team in (school.id, school.id, "T0OTHER"))
    await client.views_open(trigger_id=used, view=modal("One"))
    assert slack.person("U0TEACHER").modal.callback_id == "concern"
    assert await refused(client.views_open(trigger_id=used, view=modal("One"))) == "exchanged_trigger_id"
    assert await refused(client.views_open(trigger_id=foreign, view=modal("One"))) == "invalid_trigger_id"
    slack.clock.pass_by(3.1)
    assert await refused(client.views_open(trigger_id=old, view=modal("One"))) == "expired_trigger_id"
    long = modal("A title of 25 characters.")
    answer = await refusal(client.views_open(trigger_id=new(school.id, "U0TEACHER"), view=long))
    assert answer["error"] == "invalid_arguments"
    assert (
        "must be less than 25 characters [json-pointer:/view/title/text]" in answer["response_metadata"]["messages"][0]
    )


async def test_views_are_updated_pushed_and_published(
    slack: SlackFake, school: Workspace, client: AsyncWebClient
) -> None:
    """A stack holds three views; an outdated hash is refused; what is closed cannot be found."""
    trigger = slack.world.tickets.trigger
    first = (await client.views_open(trigger_id=trigger(school.id, "U0TEACHER"), view=modal("One")))["view"]
    await client.views_update(view_id=first["id"], hash=first["hash"], view=modal("Two"))
    stale = client.views_update(view_id=first["id"], hash=first["hash"], view=modal("Three"))
    assert await refused(stale) == "hash_conflict"
    for _ in range(2):
        await client.views_push(trigger_id=trigger(school.id, "U0TEACHER", from_view=True), view=modal("On top"))
    fourth = client.views_push(trigger_id=trigger(school.id, "U0TEACHER", from_view=True), view=modal("Too many"))
    assert await refused(fourth) == "push_limit_reached"
    school.views.clear("U0TEACHER")
    assert await refused(client.views_update(view_id=first["id"], view=modal("Two"))) == "not_found"
    await client.views_publish(user_id="U0TEACHER", view={"type": "home", "blocks": [SECTION]})
    assert slack.person("U0TEACHER").home.blocks[0]["text"] == SECTION["text"]


async def test_teams_are_kept_apart(slack: SlackFake, client: AsyncWebClient) -> None:
    """The token of one team sees nothing of another."""
    other = slack.workspace("T0OTHER", "Other School")
    other.add_user("U0STRANGER", "sam")
    other.add_channel("C0THEIRS", "theirs")
    assert await refused(client.users_info(user="U0STRANGER")) == "user_not_found"
    assert await refused(client.chat_postMessage(channel="C0THEIRS", text="x")) == "channel_not_found"
    theirs = AsyncWebClient(token=slack.install(other).access.value, base_url=slack.url)
    assert (await theirs.chat_postMessage(channel="C0THEIRS", text="x"))["ok"]
    assert slack.person("U0STRANGER").workspace is other


async def test_a_response_url_is_good_five_times_in_half_an_hour(slack: SlackFake, school: Workspace) -> None:
    """The sixth use and any late one are refused with 404."""
    tickets = slack.world.tickets
    url, late = (tickets.url(school.id, "U0TEACHER", "C0STAFF") for _ in range(2))
    async with aiohttp.ClientSession() as session:

        async def use(path: str) -> tuple[int, str]:
            async with session.post(slack.world.root + path, json={"text": "x"}) as response:
                return response.status, await response.text()

        assert [await use(url.path) for _ in range(5)] == [(200, "ok")] * 5
        assert await use(url.path) == (404, '{"ok": false, "error": "used_url"}')
        slack.clock.pass_by(1801)
        assert await use(late.path) == (404, '{"ok": false, "error": "expired_url"}')
    assert len(school.messages("C0STAFF")) == 5
