"""What there is to say of a school's routes and of those they tell, on whichever platform. Pure."""

from collections.abc import Iterator, Sequence

from adapters.chat import admin_wording as says
from adapters.chat.admin_wording import Platform
from adapters.chat.reports import Finding, RouteLook
from bot.escalation.register import Register
from knowledge.model import RouteName


def route_findings(platform: Platform, routes: Sequence[RouteLook]) -> Iterator[Finding]:
    """Say which channels are not used, and why."""
    set_up = {route.name: route for route in routes if route.people}
    if RouteName.CHILD not in set_up:
        yield Finding(says.NO_CHILD_ROUTE, says.MEND_CHILD_ROUTE)
    for route in set_up.values():
        if route.place is None:
            continue
        if route.fault:
            yield Finding(says.place_at_fault(route.name, route.fault), says.mend_channel(platform, route.fault))
        else:
            yield Finding(says.place_fine(route.name))
    question = set_up.get(RouteName.QUESTION)
    concerns = {route.place for route in set_up.values() if route.name != RouteName.QUESTION}
    if question and question.place and question.place in concerns:
        yield Finding(says.shared_place(platform), says.MEND_SHARED)


def unreachable(platform: Platform, register: Register) -> Iterator[Finding]:
    """Name those of a route who have no id on the platform, so that they cannot be told directly."""
    school = register.school
    for role in dict.fromkeys(role for route in school.routes.values() for role in route.people):
        contact = school.contact(role)
        if register.book.address(contact) is None and not contact.has_left(register.today):
            yield Finding(says.holder_without_id(platform, contact.title), says.mend_holder(platform, role))
