"""The model school as a school on the web, on Slack and on Teams: one pack, and the same people everywhere."""

from collections.abc import Callable
from pathlib import Path

from tests.scenario import slack_world, teams_world
from tests.scenario.slack_world import School

ROLES = ("headteacher", "dsl", "deputy-dsl", "chair-of-governors", "deputy-head")
# Told of lost data besides; the worlds of Slack and of Teams do not have them by themselves.
ALSO = {"dpo": ("U0DPO", "Ms Files"), "it-support": ("U0IT", "Mx Tech")}
CHILD_PLACE = "safeguarding"  # an inbox of the try-out
TWO = ("Model Primary School", "Second Primary School")


def write_everywhere(root: Path, change: Callable[[School], None] | None = None, *, school: str = "model") -> Path:
    """Write the school with everybody's id on every platform; returns the knowledge folder."""

    def everywhere(written: School) -> None:
        for role, contact in written["contacts"].items():
            if role in ALSO:
                contact["reach"].append({"kind": "slack", "value": ALSO[role][0]})
            if role in ROLES or role in ALSO:
                contact["reach"].append({"kind": "teams", "value": teams_world.user_id(role)})
        written["routes"]["child"]["place"]["web"] = CHILD_PLACE
        written["belongs"].append({"teams_tenant": teams_world.TENANT})
        written["admins"].append({"teams": teams_world.user_id("admin")})
        if change is not None:
            change(written)

    return slack_world.write_pack(root, everywhere, school=school)


def write_two(root: Path) -> Path:
    """Write two schools that share a home; at the second, others are told. Returns the knowledge folder."""

    def second(written: School) -> None:
        written["name"] = TWO[1]
        written["contacts"]["dsl"]["name"] = "Mr S. Second"
        written["routes"]["child"] = {"people": ["chair-of-governors", "headteacher"]}

    write_everywhere(root)
    return write_everywhere(root, second, school="second")
