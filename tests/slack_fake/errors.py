"""How the fake says no."""

from collections.abc import Mapping
from typing import Any


class RefusedError(Exception):
    """A Web API method refuses, with Slack's own word for it."""

    def __init__(self, error: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        """Keep what the response needs."""
        super().__init__(error)
        self.error = error
        self.status = status
        self.headers = dict(headers or {})
        self.more = more

    def as_json(self) -> dict[str, Any]:
        """Return the body of the response."""
        return {"ok": False, "error": self.error, **self.more}


class ImpossibleError(Exception):
    """A test asks of a person what nobody could do in Slack: tap a button that is not there, submit half a form."""


def invalid(error: str, faults: list[str]) -> RefusedError:
    """Return a refusal of a payload that lists every fault, as Slack does."""
    listed = [f"[ERROR] {fault}" for fault in faults]
    return RefusedError(error, errors=faults, response_metadata={"messages": listed})
