"""Who hears that a route goes to another channel now."""

from dataclasses import replace
from types import MappingProxyType

from bot.escalation.errors import UndeliverableError
from knowledge.model import Reach, Route, RouteName
from tests.adapters.chat.admin_world import ADMIN, DSL, HEAD, HOME, SAFE, SCHOOL, AdminWorld


async def test_whoever_is_refused_keeps_nobody_else_from_hearing() -> None:
    """Neither a person nor a channel that is gone stops the rest."""
    world = AdminWorld()
    world.post.refuses = {DSL: UndeliverableError("gone")}
    await world.bindings.announcing.moved(HOME, ADMIN, SCHOOL, RouteName.CHILD, SAFE)
    assert ([user for user, _ in world.post.told], [place for place, _ in world.post.posted]) == ([HEAD], [SAFE])


async def test_where_there_was_no_channel_only_people_are_told() -> None:
    """And whoever holds two roles of the route is told once."""
    both = replace(SCHOOL.contact("deputy-dsl"), reach=(Reach("teams", DSL),))
    route = Route(("dsl", "deputy-dsl", "headteacher"))
    school = replace(
        SCHOOL,
        contacts=MappingProxyType({**SCHOOL.contacts, "deputy-dsl": both}),
        routes=MappingProxyType({RouteName.CHILD: route}),
    )
    world = AdminWorld(school)
    await world.bindings.announcing.moved(HOME, ADMIN, school, RouteName.CHILD, None)
    assert ([user for user, _ in world.post.told], world.post.posted) == ([DSL, HEAD], [])


async def test_binding_the_same_channel_once_more_announces_nothing() -> None:
    """Nothing has moved, so nobody is told that something has."""
    world = AdminWorld()
    world.gate.readers[SAFE] = frozenset({DSL, HEAD, ADMIN})
    await world.types(ADMIN, "routes bind child", SAFE)
    assert (world.post.told, world.post.posted) == ([], [])
