"""What the doctor finds in Teams, as admins read it in chat."""

MEND_SILENT = (
    "Add Signpost in Teams there and write to it once. If that tenant is another organisation’s, take it out of "
    "belongs in the school.yaml."
)
NO_TEAM = "Signpost is in no team, so it knows no channel, and whom a sign-in name belongs to only once they write."
MEND_NO_TEAM = "Add Signpost to the team of your safeguarding channel."
EVERYBODY_ASKS = "Every full member of the tenant may ask, pupils included: the school.yaml does not say who may."
MEND_EVERYBODY = (
    "Write asks: {teams: {groups: [ID]}} into the school.yaml, with the id of a team that all staff and nobody else "
    "are in, and add Signpost to that team."
)
MEND_GROUP = "Add Signpost to the team with this id, or write another id under asks in the school.yaml."
MEND_NOT_MET = "Let them write to Signpost once, or write their object id in its place."


def not_met(title: str, named: str) -> str:
    """Say that nobody has been met who signs in with a name."""
    return f"{title}: named as {named}, whom Signpost has not met yet, so it cannot tell them directly."


def tenant_known(tenant: str) -> str:
    """Say that Teams reaches Signpost."""
    return f"Signpost hears from the tenant {tenant}, and can answer there."


def group_unknown(group: str) -> str:
    """Say that a team is not known, so that nobody in it can be told for staff."""
    return f"Signpost is not in the team {group}, so it cannot tell who of it may ask: nobody of it is answered."


def group_silent(group: str) -> str:
    """Say that a team could not be looked at."""
    return f"Teams does not say just now who is in the team {group}."


def group_fine(group: str, count: int) -> str:
    """Say who may ask."""
    return f"{'1 person' if count == 1 else f'{count} people'} of the team {group} may ask."
