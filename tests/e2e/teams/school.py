"""A school in Teams: its people, its places, and what Signpost and the playground are told of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

TENANT = "5c0015c0-015c-4001-8015-c0015c0015c0"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the tenant, by the id that Teams and the id that Entra knows them by."""

    teams_id: str
    name: str
    object_id: str

    @property
    def address(self) -> str:
        """Return the name they sign in with."""
        return f"{self.name.split()[-1].lower()}@model.example"


def _person(number: int, name: str) -> Person:
    return Person(f"29:person-{number}", name, f"00000000-0000-4000-8000-{number:012}")


TEACHER = _person(1, "Tess Teacher")
DSL = _person(2, "Bo Bennett")
HEAD = _person(3, "Alma Ansah")
DEPUTY_DSL = _person(4, "Cleo Carter")
DEPUTY_HEAD = _person(5, "Dev Dalton")
CHAIR = _person(6, "Edda Ellis")
OTHERS = (DSL, HEAD, DEPUTY_DSL, DEPUTY_HEAD, CHAIR)  # The playground wants five, no more and no less.

BOT_NAME = "Signpost"
PERSONAL, GROUP = "Personal Chat", "Staff room"
GENERAL, SAFEGUARDING = CHANNELS = ("Model Primary - General", "Model Primary - Safeguarding")
_TEAM_ID, _SAFEGUARDING_ID = "19:general@thread.tacv2", "19:safeguarding@thread.tacv2"

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOLDERS = {
    "headteacher": HEAD,
    "deputy-head": DEPUTY_HEAD,
    "dsl": DSL,
    "deputy-dsl": DEPUTY_DSL,
    "chair-of-governors": CHAIR,
}


def playground_settings() -> str:
    """Return the playground's settings file: one tenant, one team, one group chat."""
    return yaml.safe_dump(
        {
            "version": "0.1.1",
            "tenantId": TENANT,
            "bot": {"id": "28:signpost", "name": BOT_NAME},
            "currentUser": _in_playground(TEACHER),
            "users": [_in_playground(person) for person in OTHERS],
            "personalChat": {"id": "a:personal"},
            "groupChat": {"id": "19:staff@thread.v2", "name": GROUP},
            "team": {
                "id": _TEAM_ID,
                "name": "Model Primary",
                "aadGroupId": "00000000-0000-4000-8000-00000000000a",
                "channels": [{"id": _SAFEGUARDING_ID, "name": "Safeguarding"}],
            },
        }
    )


def _in_playground(person: Person) -> dict[str, str]:
    given, surname = person.name.split()
    return {
        "id": person.teams_id,
        "name": person.name,
        "aadObjectId": person.object_id,
        "userPrincipleName": person.address,  # Spelt so by the playground.
        "email": person.address,
        "givenName": given,
        "surname": surname,
    }


def move_into_teams(school: Path) -> None:
    """Change a copy of the model school's file: it lives in this tenant, its people and admin are reached there."""
    facts: dict[str, Any] = yaml.safe_load(school.read_text(encoding="utf-8"))
    for role, person in _HOLDERS.items():
        facts["contacts"][role]["reach"].append({"kind": "teams", "value": person.object_id})
    facts["hours"] = {"days": list(_WEEK), "from": "00:00", "to": "23:59"}  # Open at every hour a test may run at.
    facts["belongs"] = [{"teams_tenant": TENANT}]
    facts["admins"] = [{"teams": TEACHER.address}]
    school.write_text(yaml.safe_dump(facts, sort_keys=False, allow_unicode=True), encoding="utf-8")
