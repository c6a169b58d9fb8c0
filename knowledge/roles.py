"""The roles every school knows, and what they are called where."""

from knowledge.model import Contact, Jurisdiction

TITLES = {
    "headteacher": "Headteacher",
    "deputy-head": "Deputy headteacher",
    "dsl": "Designated Safeguarding Lead (DSL)",
    "deputy-dsl": "Deputy Designated Safeguarding Lead",
    "chair-of-governors": "Chair of governors",
    "safeguarding-governor": "Safeguarding governor",
    "lado": "Local authority designated officer (LADO)",
    "dpo": "Data protection officer (DPO)",
    "line-manager": "Line manager",
    "online-safety-lead": "Online safety lead",
    "it-support": "IT support",
    "hr": "Human resources (HR)",
    "school-office": "School office",
    "slt": "Senior leadership team",
    "police": "Police",
    "union": "Trade union",
    "out-of-hours": "Out-of-hours duty team (children's social care)",
}

# The local authority designated officer is England's; nobody elsewhere may be sent to one.
_ENGLAND_ALONE = frozenset({"lado"})
# What others call the person England calls the DSL.
_LOCAL_TITLES = {
    Jurisdiction.NORTHERN_IRELAND: {"dsl": "Designated Teacher", "deputy-dsl": "Deputy Designated Teacher"},
    Jurisdiction.SCOTLAND: {
        "dsl": "Child Protection Coordinator",
        "deputy-dsl": "Deputy Child Protection Coordinator",
        # Council schools have no governors: the council stands where England has the chair.
        "chair-of-governors": "Council education service (independent school: chair of the board)",
    },
    Jurisdiction.WALES: {"dsl": "Designated Safeguarding Person (DSP)", "deputy-dsl": "Deputy DSP"},
}


def title_of(role: str, jurisdiction: Jurisdiction) -> str:
    """Return what a role is called in a jurisdiction; a role of the school's own is spelt out from its id."""
    local = _LOCAL_TITLES.get(jurisdiction, {})
    return local.get(role) or TITLES.get(role) or role.replace("-", " ").capitalize()


def unnamed_contacts(jurisdiction: Jurisdiction) -> dict[str, Contact]:
    """Return a contact without a holder for every standard role that a jurisdiction has."""
    absent = set() if jurisdiction is Jurisdiction.ENGLAND else _ENGLAND_ALONE
    return {role: Contact(role, title_of(role, jurisdiction)) for role in TITLES if role not in absent}
