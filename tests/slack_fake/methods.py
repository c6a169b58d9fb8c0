"""The Web API: every method the fake knows, the scopes it asks for, and the one way in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from tests.slack_fake import methods_chat as chat
from tests.slack_fake import methods_directory as directory
from tests.slack_fake import methods_views as views
from tests.slack_fake.call import Call
from tests.slack_fake.errors import RefusedError
from tests.slack_fake.methods_apps import connections_open, oauth_access
from tests.slack_fake.tokens import Token
from tests.slack_fake.world import World

NOBODY = Token("", "app", ())


@dataclass(frozen=True, slots=True)
class Method:
    """How a method is run. `scopes` are those of which one is enough; `by` says whose token it takes."""

    run: Callable[[Call], dict[str, Any]]
    scopes: tuple[str, ...] = ()
    by: Literal["bot", "app", "either", "nobody"] = "bot"


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "auth.test": Method(directory.auth_test, by="either"),
        "auth.revoke": Method(directory.auth_revoke),
        "bots.info": Method(directory.bots_info, ("users:read",)),
        "team.info": Method(directory.team_info, ("team:read",)),
        "users.info": Method(directory.users_info, ("users:read",)),
        "users.list": Method(directory.users_list, ("users:read",)),
        "usergroups.list": Method(directory.usergroups_list, ("usergroups:read",)),
        "usergroups.users.list": Method(directory.usergroups_users_list, ("usergroups:read",)),
        "conversations.info": Method(directory.conversations_info),
        "conversations.open": Method(directory.conversations_open, ("im:write",)),
        "conversations.members": Method(directory.conversations_members),
        "conversations.replies": Method(directory.conversations_replies),
        "conversations.list": Method(directory.conversations_list),
        "chat.postMessage": Method(chat.post_message, ("chat:write",)),
        "chat.postEphemeral": Method(chat.post_ephemeral, ("chat:write",)),
        "chat.update": Method(chat.update, ("chat:write",)),
        "chat.delete": Method(chat.delete, ("chat:write",)),
        "reactions.add": Method(chat.add_reaction, ("reactions:write",)),
        "views.open": Method(views.views_open),
        "views.push": Method(views.views_push),
        "views.update": Method(views.views_update),
        "views.publish": Method(views.views_publish),
        "assistant.threads.setStatus": Method(views.set_status, ("chat:write", "assistant:write")),
        "assistant.threads.setSuggestedPrompts": Method(views.set_prompts, ("assistant:write",)),
        "assistant.threads.setTitle": Method(views.set_title, ("assistant:write",)),
        "apps.connections.open": Method(connections_open, ("connections:write",), by="app"),
        "oauth.v2.access": Method(oauth_access, by="nobody"),
    }
)


def run(world: World, name: str, args: dict[str, Any], token: str | None) -> dict[str, Any]:
    """Do what a call asks. Refuses what Slack would refuse."""
    method = METHODS.get(name)
    if method is None:
        raise RefusedError("unknown_method", req_method=name)
    if method.by == "nobody":
        return {"ok": True} | method.run(Call(world, name, args, NOBODY))
    holder = world.tokens.check(token)
    if method.by not in ("either", holder.kind):
        raise RefusedError("not_allowed_token_type")
    if holder.kind == "bot" and not world.workspaces[holder.team_id].active:
        raise RefusedError("account_inactive")
    call = Call(world, name, args, holder)
    call.may(*method.scopes)
    return {"ok": True} | method.run(call)
