"""Every sentence and label of the home tab and of /policy-admin that Slack alone shows."""

from collections.abc import Sequence

# The home tab.
TOPICS = "What the policies say"
PICK_TOPIC = "Pick a topic"
CONTACTS = "Your people"
RAISED = "What you have raised"
DESK = "Waiting for you"
KNOWLEDGE = "Knowledge you look after"
ASK_ME = "Ask me anything about your school’s policies: write to me under Messages, or type /policy and your question."
TOPIC_GONE = "Your school’s policies say nothing about this any more. Open the home tab again."
NOT_STAFF_THERE = "You are not known here as one of that school’s staff, so I cannot answer you for it."

# /policy-admin.
NOT_ADMIN = "This command is for those who look after Signpost at your school."
STATUS = "Status"
CHECK = "Check"
RELOAD = "Reload"
ROUTES = "Routes"
DOCTOR = "Doctor"
HELP = "What you can type"
HELP_LINES = (
    "/policy-admin status: which policies are in force, which reviews are overdue, and what waits to be delivered.",
    "/policy-admin check: what is wrong with the school’s files as they are now. Nothing is changed.",
    "/policy-admin reload: take the files as they are now. If anything is wrong, the last good version stays.",
    "/policy-admin routes: who is told of what, and in which channel.",
    "/policy-admin routes bind child: typed inside a private channel, sends that route’s messages there from now on. "
    "The routes are child, staff, head and question.",
    "/policy-admin routes unbind child: sends them there no more.",
    "/policy-admin doctor: what is wrong with Slack for this school, and how to mend it.",
    "If you look after several schools, put the school’s id at the end: /policy-admin status hillside.",
)
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
NO_FAULTS = "There is nothing to mend. Nothing was changed: type /policy-admin reload to take the files as they are."
LAST_GOOD = "The change was not taken. The last good version stays in force."
NOT_TRIED = (
    "The files could not be read, so nothing has changed. Look whether the knowledge folder is there, then try again."
)
PACK_GONE = "The school’s folder is not there any more."
IN_ORDER = "In order"
ALL_IN_ORDER = "Everything that was looked at is in order."
NO_PLACE = "Place: no channel; each person is told by direct message"
NOBODY_SET = "Not set: nobody is told"

NOBODY_OF_THE_ROUTE = (
    "Nobody whom this route tells is in this channel, as far as school.yaml names their Slack ids. Invite one of them "
    "first, then bind it again."
)
BIND_INSIDE = "Type this inside the private channel itself, not in a direct message."
BIND_WHICH = "Name the route: child, staff, head or question. For example: /policy-admin routes bind child"
QUESTION_APART = (
    "Questions about policies and concerns about people must not share a channel. Use another private channel for one "
    "of them."
)
GATE_UNKNOWN = "Slack does not say just now who can read the channel"
TRY_AGAIN = "Try again in a minute."
MEND_CHANNEL = (
    "Make a private channel that is this school’s alone, type /invite @Signpost in it, then /policy-admin routes bind "
    "with the name of the route."
)
MEND_INSTALLED = "Install the app in the workspace again, and give Signpost the new token."
MEND_SCOPES = "Make the app anew from `signpost slack manifest`, or add them by hand; then install it again."
SCOPES_FINE = "Signpost may do in Slack all that it needs."
MEND_INSTALL = "Install Signpost there, or take the workspace out of belongs in the school.yaml."
NO_CHILD_ROUTE = "Nobody is told of a child at risk."
MEND_CHILD_ROUTE = "Add a route child to the school.yaml, with the people to tell in order."
SHARED_PLACE = "Policy questions would go to the channel for concerns. They go to people by direct message instead."
MEND_SHARED = "Bind the route question to another private channel, or take its place out of the school.yaml."


def more_rules(count: int) -> str:
    """Say that there are more rules than fit."""
    return f"And {count} more. Ask me about them: write to me under Messages."


def ask_first(who: str) -> str:
    """Say whom to ask where rules pull apart."""
    return f"Ask {who}."


def in_force(version: str, since: str | None) -> str:
    """Say which version of the files is in force."""
    return f"Version {version or '-'}" + (f", in force since {since}." if since else ", in force.")


def reloaded(at: str) -> str:
    """Say that the last reload was taken."""
    return f"Last reload: {at}, taken."


def not_reloaded(at: str) -> str:
    """Say that the last reload was refused."""
    return f"The change of {at} was not taken; the last good version stays in force:"


def more_faults(count: int) -> str:
    """Say that more is wrong."""
    return f"And {count} more: type /policy-admin check."


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


def courier(open_now: int, waiting: int) -> str:
    """Say how many escalations are open."""
    return f"{'1 escalation is' if open_now == 1 else f'{open_now} escalations are'} open, {waiting} not taken yet."


def undelivered(count: int, oldest_minutes: int) -> str:
    """Say how many urgent ones have reached nobody."""
    if not count:
        return "Every urgent one has reached somebody."
    return f"{count} urgent and not delivered yet, the oldest for {oldest_minutes} min. Phone the people of the route."


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


def which_school(schools: Sequence[str]) -> str:
    """Ask for the school that is meant."""
    return f"Which school? Put its id at the end of the command. You look after: {', '.join(schools)}."


def of_school(what: str, school: str) -> str:
    """Head a report."""
    return f"{what}: {school}"


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


def not_inside(roles: Sequence[str]) -> str:
    """Name those of a route who do not read its channel."""
    return f"Not in this channel, as far as Signpost knows their Slack ids: {', '.join(roles)}."


def unbound(name: str) -> str:
    """Say that a route goes to that channel no more."""
    return f"The route {name} is no longer bound to a channel here. Only a place in the school.yaml counts now."


def moved(route: str, school: str, by: str) -> str:
    """Tell the people of a route, and its channel until now, that it goes elsewhere."""
    return (
        f"{by} has changed, with /policy-admin routes, to which channel the route “{route}” of {school} goes. Whoever "
        "reads that channel can open what is raised. If you did not expect this, speak to them now. Admins see every "
        "channel with /policy-admin routes."
    )


def not_bound(name: str) -> str:
    """Say that there is nothing to take away."""
    return f"The route {name} was not bound in Slack. If it has a channel, that stands in the school.yaml."


def no_such_route(name: str) -> str:
    """Say that the school has not set a route."""
    return f"The school.yaml has no route {name}, so nobody would be told. Add it there with its people, then reload."


def refused(fault: str) -> str:
    """Say why a channel cannot be used."""
    return f"This channel cannot be used: {fault}."


def mend_channel(fault: str) -> str:
    """Say how to mend the channel of a route; where the fault says so itself, only what comes after."""
    if fault == GATE_UNKNOWN:
        return TRY_AGAIN
    says_so_itself = "/invite" in fault or "install the app again" in fault
    return "Then look again." if says_so_itself else MEND_CHANNEL


def token_fine(team: str) -> str:
    """Say that the token works."""
    return f"Signpost’s token works in the workspace {team}."


def token_refused(team: str, code: str) -> str:
    """Say that the token does not work."""
    return f"Slack refuses Signpost’s token for the workspace {team} ({code})."


def workspace_silent(team: str) -> str:
    """Say that a workspace could not be looked at."""
    return f"Slack does not answer for the workspace {team} just now."


def scopes_missing(scopes: Sequence[str]) -> str:
    """Name the scopes that are missing."""
    return f"Signpost’s token lacks these scopes: {', '.join(scopes)}."


def not_installed(team: str) -> str:
    """Say that a workspace of the school is not known."""
    return f"Signpost is not installed in the workspace {team}, which the school.yaml names."


def place_fine(name: str) -> str:
    """Say that the channel of a route is fine."""
    return f"The channel of the route {name} can be used."


def place_at_fault(name: str, fault: str) -> str:
    """Say that the channel of a route is not told."""
    return f"The channel of the route {name} is not used: {fault}."


def holder_fine(title: str) -> str:
    """Say that the holder of a role is there."""
    return f"{title}: found in the workspace."


def holder_missing(title: str) -> str:
    """Say that nobody has the member id of a role."""
    return f"{title}: nobody in the workspace has the Slack id of the school.yaml."


def holder_gone(title: str) -> str:
    """Say that the account of a role's holder is closed."""
    return f"{title}: the account with that Slack id has been closed."


def holder_bot(title: str) -> str:
    """Say that the member id of a role is a bot's."""
    return f"{title}: that Slack id belongs to an app, not to a person."


def holder_unknown(title: str) -> str:
    """Say that the holder of a role could not be looked up."""
    return f"{title}: could not be looked up just now."


def holder_without_id(title: str) -> str:
    """Say that a role on a route cannot be reached in Slack."""
    return f"{title}: is on a route, but has no Slack id, so Signpost cannot tell them directly."


def mend_holder(role: str) -> str:
    """Say how to give a role its member id."""
    return (
        f"In Slack, open their profile, choose Copy member ID, and write it into the school.yaml under contacts, "
        f"{role}, "
        "as {kind: slack, value: THE-ID}. Then type /policy-admin reload."
    )


def group_fine(group: str) -> str:
    """Say that a user group is there."""
    return f"The user group {group} is there."


def group_missing(group: str) -> str:
    """Say that a user group is not there, or closed."""
    return f"The user group {group} is not there, or has been closed, so it lets nobody ask."


def group_empty(group: str) -> str:
    """Say that nobody is in a user group."""
    return f"The user group {group} is empty, so it lets nobody ask."


def group_unknown(group: str) -> str:
    """Say that a user group could not be looked up."""
    return f"The user group {group} could not be looked up just now."


MEND_GROUP = "Write the id of another group under asks in the school.yaml, or open the group again in Slack."


def _counted(warnings: int) -> str:
    return "1 warning" if warnings == 1 else f"{warnings} warnings"
