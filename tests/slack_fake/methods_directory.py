"""Who and what is in a workspace: auth.test, users, user groups, team, bots, conversations."""

from typing import Any

from tests.slack_fake.call import Call
from tests.slack_fake.errors import RefusedError
from tests.slack_fake.people import UserGroup

LISTED = {"public_channel": "channel", "private_channel": "group", "im": "im"}


def auth_test(call: Call) -> dict[str, Any]:
    """Say whose token it is."""
    if call.token.kind == "app":
        return {"app_name": "Signpost", "app_id": call.world.app.id}
    team = call.workspace
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": team.bot.name,
        "team_id": team.id,
        "user_id": team.bot.id,
        "bot_id": team.bot.bot_id,
        "is_enterprise_install": False,
    }


def auth_revoke(call: Call) -> dict[str, Any]:
    """Revoke the token it is called with."""
    if not call.flag("test"):
        call.token.revoked = True
    return {"revoked": not call.flag("test")}


def team_info(call: Call) -> dict[str, Any]:
    """Show the team."""
    team = call.workspace
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": {}}}


def users_info(call: Call) -> dict[str, Any]:
    """Show one user."""
    return {"user": call.user().as_json()}


def users_list(call: Call) -> dict[str, Any]:
    """List the users."""
    page, more = call.page(list(call.workspace.users.values()))
    return {"members": [user.as_json() for user in page], "cache_ts": int(call.world.clock.time()), **more}


def bots_info(call: Call) -> dict[str, Any]:
    """Show one bot."""
    wanted = call.text("bot")
    bot = next((one for one in call.workspace.users.values() if wanted and one.bot_id == wanted), None)
    if bot is None:
        raise RefusedError("bot_not_found")
    app_id = call.world.app.id if bot is call.workspace.bot else "AOTHER"
    shown = {"id": bot.bot_id, "deleted": bot.deleted, "name": bot.name, "user_id": bot.id, "app_id": app_id}
    return {"bot": {**shown, "updated": 0, "icons": {}}}


def usergroups_list(call: Call) -> dict[str, Any]:
    """List the user groups."""
    with_users, with_count = call.flag("include_users"), call.flag("include_count")
    groups = [one for one in call.workspace.groups.values() if not one.disabled or call.flag("include_disabled")]
    return {"usergroups": [one.as_json(with_users=with_users, with_count=with_count) for one in groups]}


def usergroups_users_list(call: Call) -> dict[str, Any]:
    """List who is in a user group."""
    group: UserGroup | None = call.workspace.groups.get(call.needed("usergroup", "no_such_subteam"))
    if group is None:
        raise RefusedError("no_such_subteam")
    if group.disabled and not call.flag("include_disabled"):
        raise RefusedError("subteam_disabled")
    return {"users": list(group.users)}


def conversations_info(call: Call) -> dict[str, Any]:
    """Show one conversation."""
    channel = call.readable()
    return {"channel": channel.as_json(call.workspace.bot.id, with_count=call.flag("include_num_members"))}


def conversations_open(call: Call) -> dict[str, Any]:
    """Open the direct message with somebody."""
    if call.text("channel"):
        channel = call.channel()
        if not channel.is_im:
            raise RefusedError("method_not_supported_for_channel_type")
    else:
        names = call.needed("users", "users_list_not_supplied").split(",")
        if len(names) > 1:
            raise RefusedError("too_many_users")
        user = call.workspace.users.get(names[0])
        if user is None:
            raise RefusedError("user_not_found")
        channel = call.dm_with(user)
    full = channel.as_json(call.workspace.bot.id)
    return {"channel": full if call.flag("return_im") else {"id": channel.id}}


def conversations_members(call: Call) -> dict[str, Any]:
    """List who is in a conversation."""
    page, more = call.page(call.readable().members)
    return {"members": page, **more}


def conversations_replies(call: Call) -> dict[str, Any]:
    """List a thread, its first message included. Bolt asks for it when an app says something in a thread of a DM."""
    channel = call.readable("channel", "history")
    if call.workspace.bot.id not in channel.members:
        raise RefusedError("not_in_channel")
    ts = call.needed("ts", "thread_not_found")
    if channel.message(ts) is None:
        raise RefusedError("thread_not_found")
    thread = [one for one in channel.messages if ts in (one.ts, one.thread_ts) and one.ephemeral_to is None]
    page, more = call.page(thread)
    shown = [one.as_json() for one in page]
    if not call.flag("include_all_metadata"):
        shown = [{name: value for name, value in one.items() if name != "metadata"} for one in shown]
    return {"messages": shown, "has_more": bool(more["response_metadata"]["next_cursor"]), **more}


def conversations_list(call: Call) -> dict[str, Any]:
    """List the conversations that the bot can see."""
    kinds = [LISTED.get(name.strip()) for name in (call.text("types") or "public_channel").split(",")]
    if None in kinds:
        raise RefusedError("invalid_types")
    for kind in kinds:
        call.may({"im": "im:read", "group": "groups:read"}.get(str(kind), "channels:read"))
    bot = call.workspace.bot.id
    seen = [one for one in call.workspace.channels.values() if one.kind in kinds]
    seen = [one for one in seen if one.kind == "channel" or bot in one.members]
    shown = [one for one in seen if not (one.is_archived and call.flag("exclude_archived"))]
    page, more = call.page(shown)
    return {"channels": [one.as_json(bot, with_count=True) for one in page], **more}
