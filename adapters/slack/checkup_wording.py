"""Every sentence about how Signpost is set up in Slack that no other platform needs."""

from collections.abc import Sequence

MEND_INSTALLED = "Install the app in the workspace again, and give Signpost the new token."
MEND_SCOPES = "Make the app anew from `signpost slack manifest`, or add them by hand; then install it again."
SCOPES_FINE = "Signpost may do in Slack all that it needs."
MEND_GROUP = "Write the id of another group under asks in the school.yaml, or open the group again in Slack."


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
