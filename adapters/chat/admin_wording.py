"""Every sentence that admins read in chat. What differs from one platform to another comes from `Platform`."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Platform:
    """A chat platform, in the words of those who look after Signpost there.

    `id` is what a school.yaml calls it. `home` is what has Signpost in it: a workspace, a tenant. `command` is how the
    command is typed to Signpost itself, `inside` how inside a channel. `direct` is a conversation with Signpost alone,
    `directly` how somebody is told there. `an_id` is what a person's id is called; `find_id` says where it is found.
    `make_channel` says how to make a channel for a route. `mends_itself`: a fault of a channel that holds one of these
    says itself how to mend it. `confirming`: what an admin confirms with one more word; empty where nothing is.
    """

    id: str
    name: str
    home: str
    command: str
    inside: str
    direct: str
    directly: str
    an_id: str
    find_id: str
    make_channel: str
    mends_itself: tuple[str, ...]
    confirming: str = ""


NOT_ADMIN = "This command is for those who look after Signpost at your school."
STATUS = "Status"
CHECK = "Check"
RELOAD = "Reload"
ROUTES = "Routes"
DOCTOR = "Doctor"
HELP = "What you can type"
NOT_UNDERSTOOD = "I do not know that command."
STORE_UNREADABLE = "The store cannot be read just now, so nobody knows what waits. Look at the disk and the database."
POLICIES = "Policies"
OVERDUE = "Overdue for review"
NO_OVERDUE = "No review is overdue."
DELIVERING = "Delivering"
ALARMS = "Alarms"
NOTHING_UNANSWERED = "Every question of the last 30 days found an answer, as far as people said."
UNANSWERED_UNKNOWN = "The questions that found no answer cannot be read just now."
TO_MEND = "To mend"
WARNINGS = "Warnings"
LAST_GOOD = "The change was not taken. The last good version stays in force."
NOT_TRIED = (
    "The files could not be read, so nothing has changed. Look whether the knowledge folder is there, then try again."
)
PACK_GONE = "The school’s folder is not there any more."
IN_ORDER = "In order"
ALL_IN_ORDER = "Everything that was looked at is in order."
NOBODY_SET = "Not set: nobody is told"
QUESTION_APART = (
    "Questions about policies and concerns about people must not share a channel. Use another private channel for one "
    "of them."
)
TRY_AGAIN = "Try again in a minute."
NO_CHILD_ROUTE = "Nobody is told of a child at risk."
MEND_CHILD_ROUTE = "Add a route child to the school.yaml, with the people to tell in order."
MEND_SHARED = "Bind the route question to another private channel, or take its place out of the school.yaml."


# ---- What can be typed -----------------------------------------------------------------------------------------------


def help_lines(platform: Platform) -> Sequence[str]:
    """List what can be typed."""
    typed, inside = platform.command, platform.inside
    confirming = (f"{inside} routes bind child confirm: {platform.confirming}",) if platform.confirming else ()
    return (
        f"{typed} status: which policies are in force, which reviews are overdue, and what waits to be delivered.",
        f"{typed} check: what is wrong with the school’s files as they are now. Nothing is changed.",
        f"{typed} reload: take the files as they are now. If anything is wrong, the last good version stays.",
        f"{typed} routes: who is told of what, and in which channel.",
        f"{inside} routes bind child: typed inside a private channel, sends that route’s messages there from now on. "
        "The routes are child, staff, head and question.",
        *confirming,
        f"{typed} routes unbind child: sends them there no more.",
        f"{typed} doctor: what is wrong with {platform.name} for this school, and how to mend it.",
        f"If you look after several schools, put the school’s id at the end: {typed} status hillside.",
    )


def which_school(schools: Sequence[str]) -> str:
    """Ask for the school that is meant."""
    return f"Which school? Put its id at the end of the command. You look after: {', '.join(schools)}."


def of_school(what: str, school: str) -> str:
    """Head a report."""
    return f"{what}: {school}"


# ---- The knowledge ---------------------------------------------------------------------------------------------------


def in_force(version: str, since: str | None) -> str:
    """Say which version of the files is in force."""
    return f"Version {version or '-'}" + (f", in force since {since}." if since else ", in force.")


def reloaded(at: str) -> str:
    """Say that the last reload was taken."""
    return f"Last reload: {at}, taken."


def not_reloaded(at: str) -> str:
    """Say that the last reload was refused."""
    return f"The change of {at} was not taken; the last good version stays in force:"


def more_faults(platform: Platform, count: int) -> str:
    """Say that more is wrong."""
    return f"And {count} more: type {platform.command} check."


def policy(title: str, version: str | None, review_due: str | None) -> str:
    """List a policy."""
    facts = [f"version {version}" if version else "", f"review due {review_due}" if review_due else ""]
    return ", ".join([f"“{title}”", *filter(None, facts)])


def overdue(title: str, since: str) -> str:
    """List an overdue review."""
    return f"“{title}”, due in {since}"


def reviews_overdue(count: int) -> str:
    """Count the overdue reviews."""
    return f"{'1 review is' if count == 1 else f'{count} reviews are'} overdue:"


def unanswered(words: str, at: str) -> str:
    """List a question that found no answer; names and numbers have been taken out of its words."""
    return f"“{words}” ({at})"


def unanswered_count(count: int) -> str:
    """Count the questions that found no answer."""
    asked = "1 question" if count == 1 else f"{count} questions"
    return f"{asked} of the last 30 days found no answer, or not the one that was needed:"


def no_faults(platform: Platform) -> str:
    """Say that the files are sound."""
    take = f"type {platform.command} reload to take the files as they are"
    return f"There is nothing to mend. Nothing was changed: {take}."


def checked(errors: int, warnings: int) -> str:
    """Say what the check came to."""
    mend = f"{errors} to mend before these files can be taken" if errors else "the files can be taken"
    said = f"{mend}{f', {_counted(warnings)}' if warnings else ''}. Nothing was changed."
    return said[:1].upper() + said[1:]


def taken(version: str) -> str:
    """Say that a reload was taken."""
    return f"Taken. Version {version or '-'} is in force now."


def unchanged(version: str) -> str:
    """Say that the files have not changed."""
    return f"Nothing has changed since the last reload. Version {version or '-'} stays in force."


# ---- Delivering ------------------------------------------------------------------------------------------------------


def courier(open_now: int, waiting: int) -> str:
    """Say how many escalations are open."""
    return f"{'1 escalation is' if open_now == 1 else f'{open_now} escalations are'} open, {waiting} not taken yet."


def undelivered(count: int, oldest_minutes: int) -> str:
    """Say how many urgent ones have reached nobody."""
    if not count:
        return "Every urgent one has reached somebody."
    return f"{count} urgent and not delivered yet, the oldest for {oldest_minutes} min. Phone the people of the route."


# ---- The routes ------------------------------------------------------------------------------------------------------


def route(name: str) -> str:
    """Name a route, and what it is for."""
    return _ROUTES.get(name, name)


_ROUTES = {
    "child": "child (a child at risk)",
    "staff": "staff (an adult’s conduct, and staff themselves)",
    "head": "head (the headteacher’s conduct)",
    "question": "question (policy questions that somebody asked a person)",
}


def told_on(people: Sequence[str]) -> str:
    """List who is told, in order."""
    return f"People: {', then '.join(people)}"


def no_place(platform: Platform) -> str:
    """Say that a route has no channel."""
    return f"Place: no channel; each person is told {platform.directly}"


def place(channel: str, *, here: bool) -> str:
    """Name a channel."""
    return "this channel" if here else f"channel {channel}"


def place_ready(where: str, readers: int | None) -> str:
    """Say that a channel can be told, and how many people read it."""
    if readers is None:
        return f"Place: {where}, ready"
    return f"Place: {where}, ready; {'1 person reads' if readers == 1 else f'{readers} people read'} it"


def place_refused(where: str, fault: str) -> str:
    """Say that a channel is not told, and why."""
    return f"Place: {where}, NOT used: {fault}"


def bind_which(platform: Platform) -> str:
    """Ask for the route that is meant."""
    return f"Name the route: child, staff, head or question. For example: {platform.inside} routes bind child"


def bind_inside(platform: Platform) -> str:
    """Say where a channel is bound."""
    return f"Type this inside the private channel itself, not in {platform.direct}."


def bound(name: str, readers: int | None) -> str:
    """Say that a route goes to this channel from now on."""
    who = (
        "Everybody in it"
        if readers is None
        else "The 1 person in it"
        if readers == 1
        else f"All {readers} people in it"
    )
    return f"What the route {name} is for comes to this channel from now on. {who} can open what is sent here."


def not_inside(platform: Platform, roles: Sequence[str]) -> str:
    """Name those of a route who do not read its channel."""
    return f"Not in this channel, as far as Signpost knows their {platform.an_id}s: {', '.join(roles)}."


def nobody_of_the_route(platform: Platform) -> str:
    """Say that nobody of a route reads the channel that was to be its own."""
    return (
        f"Nobody whom this route tells is in this channel, as far as school.yaml names their {platform.an_id}s. Invite "
        "one of them first, then bind it again."
    )


def unbound(name: str) -> str:
    """Say that a route goes to that channel no more."""
    return f"The route {name} is no longer bound to a channel here. Only a place in the school.yaml counts now."


def not_bound(platform: Platform, name: str) -> str:
    """Say that there is nothing to take away."""
    return f"The route {name} was not bound in {platform.name}. If it has a channel, that stands in the school.yaml."


def no_such_route(name: str) -> str:
    """Say that the school has not set a route."""
    return f"The school.yaml has no route {name}, so nobody would be told. Add it there with its people, then reload."


def moved(platform: Platform, route_name: str, school: str, by: str) -> str:
    """Tell the people of a route, and its channel until now, that it goes elsewhere."""
    return (
        f"{by} has changed, with {platform.command} routes, to which channel the route “{route_name}” of {school} "
        "goes. Whoever reads that channel can open what is raised. If you did not expect this, speak to them now. "
        f"Admins see every channel with {platform.command} routes."
    )


def gate_unknown(platform: Platform) -> str:
    """Say that the platform does not say who reads a channel."""
    return f"{platform.name} does not say just now who can read the channel"


def refused(fault: str) -> str:
    """Say why a channel cannot be used."""
    return f"This channel cannot be used: {fault}."


def mend_channel(platform: Platform, fault: str) -> str:
    """Say how to mend the channel of a route; where the fault says so itself, only what comes after."""
    if fault == gate_unknown(platform):
        return TRY_AGAIN
    if any(part in fault for part in platform.mends_itself):
        return "Then look again."
    return f"{platform.make_channel} {platform.inside} routes bind with the name of the route."


# ---- What the doctor finds -------------------------------------------------------------------------------------------


def not_installed(platform: Platform, home: str) -> str:
    """Say that a workspace or tenant of the school is not known."""
    return f"Signpost is not installed in the {platform.home} {home}, which the school.yaml names."


def mend_install(platform: Platform) -> str:
    """Say what to do about a workspace or tenant that is not known."""
    return f"Install Signpost there, or take the {platform.home} out of belongs in the school.yaml."


def place_fine(name: str) -> str:
    """Say that the channel of a route is fine."""
    return f"The channel of the route {name} can be used."


def place_at_fault(name: str, fault: str) -> str:
    """Say that the channel of a route is not told."""
    return f"The channel of the route {name} is not used: {fault}."


def shared_place(platform: Platform) -> str:
    """Say that questions and concerns were to share a channel."""
    return f"Policy questions would go to the channel for concerns. They go to people {platform.directly} instead."


def holder_fine(platform: Platform, title: str) -> str:
    """Say that the holder of a role is there."""
    return f"{title}: found in the {platform.home}."


def holder_missing(platform: Platform, title: str) -> str:
    """Say that nobody has the id of a role."""
    return f"{title}: nobody in the {platform.home} has the {platform.an_id} of the school.yaml."


def holder_gone(platform: Platform, title: str) -> str:
    """Say that the account of a role's holder is closed."""
    return f"{title}: the account with that {platform.an_id} has been closed."


def holder_bot(platform: Platform, title: str) -> str:
    """Say that the id of a role is a bot's."""
    return f"{title}: that {platform.an_id} belongs to an app, not to a person."


def holder_unknown(title: str) -> str:
    """Say that the holder of a role could not be looked up."""
    return f"{title}: could not be looked up just now."


def holder_without_id(platform: Platform, title: str) -> str:
    """Say that a role on a route cannot be reached here."""
    return f"{title}: is on a route, but has no {platform.an_id}, so Signpost cannot tell them directly."


def mend_holder(platform: Platform, role: str) -> str:
    """Say how to give a role its id."""
    return (
        f"{platform.find_id} into the school.yaml under contacts, {role}, as {{kind: {platform.id}, value: THE-ID}}. "
        f"Then type {platform.command} reload."
    )


def _counted(warnings: int) -> str:
    return "1 warning" if warnings == 1 else f"{warnings} warnings"
