"""The Bot Connector: what the app can do in conversations, by its REST interface.

The operations are those of learn.microsoft.com, bot-framework-rest-connector-api-reference, and Teams' own.
"""

from typing import Any

from aiohttp import web

from tests.teams_fake.errors import Json, refused, unauthorised
from tests.teams_fake.places import Channel, Message, Place, Team
from tests.teams_fake.posting import checked, post, reachable, replace, writable
from tests.teams_fake.service import Call, Done, Service
from tests.teams_fake.tenant import Tenant
from tests.teams_fake.tickets import Tickets
from tests.teams_fake.world import ROSTER_CONSENT, World

_ROOT = "/{service:.+}/v3/conversations"
_ONE = _ROOT + "/{conversation}"
_SMALLEST_PAGE = 50


class Connector:
    """Answers the app's requests about conversations and teams."""

    def __init__(self, world: World, tickets: Tickets) -> None:
        """Serve a world."""
        self._world = world
        self._tickets = tickets

    def add_to(self, server: web.Application, service: Service) -> None:
        """Add the routes."""
        router = server.router
        router.add_post(_ROOT, service.handler("begin", self._begin))
        router.add_post(_ONE + "/activities", service.handler("send", self._send))
        router.add_post(_ONE + "/activities/{activity}", service.handler("send", self._send))
        router.add_put(_ONE + "/activities/{activity}", service.handler("update", self._update))
        router.add_delete(_ONE + "/activities/{activity}", service.handler("delete", self._delete))
        router.add_get(_ONE + "/members", service.handler("members", self._members))
        router.add_get(_ONE + "/pagedmembers", service.handler("members", self._page))
        router.add_get(_ONE + "/members/{member}", service.handler("member", self._member))
        router.add_get("/{service:.+}/v3/teams/{team}", service.handler("team", self._team))
        router.add_get("/{service:.+}/v3/teams/{team}/conversations", service.handler("channels", self._channels))

    def _tenant(self, call: Call) -> Tenant:
        self._tickets.check(call.token)
        tenant = self._world.tenant_at(call.path["service"])
        if tenant is None:
            raise refused("ConversationNotFound")
        if tenant.id != self._world.app.tenant_id:  # a single-tenant app is registered nowhere else
            raise unauthorised()
        return tenant

    def _begin(self, call: Call) -> Done:
        tenant = self._tenant(call)
        if bool(call.body.get("isGroup")) is not bool(_channel_in(call.body)):
            raise refused("BadSyntax", "Incorrect conversation creation parameters")
        activity = call.body.get("activity")
        if activity is not None:
            checked(self._world, _object(activity), call.text)
        if _channel_in(call.body):
            return self._new_thread(tenant, call.body, activity)
        chat = self._chat(tenant, call.body)
        made = post(self._world, chat, activity) if activity else None
        return Done({"id": chat.id, **({"activityId": made.id} if made else {})}, 201)

    def _new_thread(self, tenant: Tenant, asked: Json, activity: Json | None) -> Done:
        if activity is None:
            raise refused("BadSyntax", "Incorrect conversation creation parameters")
        channel = writable(self._world, tenant, _channel_in(asked))
        if not isinstance(channel, Channel):
            raise refused("BadSyntax", "Incorrect conversation creation parameters")
        message = post(self._world, channel, activity)
        if message is None:
            raise refused("BadSyntax", "A conversation does not begin with typing.")
        return Done({"id": f"{channel.id};messageid={message.id}", "activityId": message.id}, 201)

    def _chat(self, tenant: Tenant, asked: Json) -> Place:
        named = asked.get("members")
        data = asked.get("channelData") or {}
        said = asked.get("tenantId") or (data.get("tenant") or {}).get("id")
        if not isinstance(named, list) or len(named) != 1 or said != tenant.id:
            raise refused("BadSyntax", "Incorrect conversation creation parameters")
        user = tenant.user(str(_object(named[0]).get("id")))
        if user is None:
            raise refused("BadArgument", "Invalid user identity in provided tenant")
        chat = tenant.chat_with_bot(user)
        if not reachable(tenant, chat):
            raise refused("ForbiddenOperationException", "The bot is not installed in user's personal scope")
        return writable(self._world, tenant, chat.id)

    def _send(self, call: Call) -> Done:
        tenant = self._tenant(call)
        place_id, root = _spot(call)
        place = writable(self._world, tenant, place_id)
        activity = checked(self._world, call.body, call.text)
        if place.kind == "channel":
            root = self._root(place, root)
        message = post(self._world, place, activity, root)
        return Done({"id": message.id if message else self._world.new_event_id()}, 201)

    def _root(self, place: Place, named: str) -> str:
        """Return the thread that a conversation names; the activity that is answered does not say it."""
        above = place.message(named) if named else None
        if named and above is None:
            raise refused("ConversationNotFound")
        return above.root if above else ""

    def _update(self, call: Call) -> Done:
        message = self._own(call)
        replace(message, checked(self._world, call.body, call.text))
        return Done({"id": message.id})

    def _delete(self, call: Call) -> Done:
        self._own(call).deleted = True
        return Done()

    def _own(self, call: Call) -> Message:
        place = writable(self._world, self._tenant(call), _spot(call)[0])
        message = place.message(call.path["activity"])
        if message is None:
            raise refused("ActivityNotFoundInConversation")
        if message.sender is not None:
            raise refused("ForbiddenOperationException", "The bot did not write this message.")
        return message

    def _roster(self, call: Call) -> Place:
        place = writable(self._world, self._tenant(call), _spot(call)[0])
        has_own = isinstance(place, Channel) and place.type != "standard"
        if has_own and ROSTER_CONSENT not in self._world.app.consents:
            raise refused("ForbiddenOperationException", f"The app lacks the permission {ROSTER_CONSENT}.")
        return place

    def _members(self, call: Call) -> Done:
        return Done([one.as_member("objectId") for one in self._roster(call).roster])

    def _page(self, call: Call) -> Done:
        everybody = self._roster(call).roster
        asked, token = (
            call.query.get("pageSize") or str(self._world.page),
            call.query.get("continuationToken") or "page-0",
        )
        if not asked.isdecimal() or not token.removeprefix("page-").isdecimal():
            raise refused("BadSyntax", "The page size or the continuation token is malformed.")
        size = min(max(int(asked), _SMALLEST_PAGE), self._world.biggest_page)
        start = int(token.removeprefix("page-"))
        page: Json = {"members": [one.as_member() for one in everybody[start : start + size]]}
        return Done(page | ({"continuationToken": f"page-{start + size}"} if start + size < len(everybody) else {}))

    def _member(self, call: Call) -> Done:
        wanted = call.path["member"]
        for one in self._roster(call).roster:
            if wanted in (one.id, one.teams_id):
                return Done(one.as_member())
        raise refused("MemberNotFoundInConversation")

    def _team(self, call: Call) -> Done:
        return Done(self._known(call).as_details())

    def _channels(self, call: Call) -> Done:
        team = self._known(call)
        there = (one for one in team.channels.values() if not one.deleted and (one.type == "standard" or one.works))
        return Done({"conversations": [one.as_info() for one in there]})

    def _known(self, call: Call) -> Team:
        team = self._tenant(call).teams.get(call.path["team"])
        if team is None or team.deleted:
            raise refused("ConversationNotFound")
        if not team.has_app:
            raise refused("BotNotInConversationRoster")
        return team


def _spot(call: Call) -> tuple[str, str]:
    place_id, _, root = call.path["conversation"].partition(";messageid=")
    return place_id, root


def _channel_in(asked: Json) -> str:
    data = asked.get("channelData")
    channel = data.get("channel") if isinstance(data, dict) else None
    return str(channel.get("id") or "") if isinstance(channel, dict) else ""


def _object(value: Any) -> Json:
    if not isinstance(value, dict):
        raise refused("BadSyntax", "The request is malformed.")
    return value
