"""Modals and App Homes: what each person has open."""

import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.slack_fake.elements import kept_values, settled
from tests.slack_fake.errors import RefusedError

DEEPEST = 3
LARGEST = 250_000
PLAIN_FIELDS = ("title", "submit", "close")


@dataclass(slots=True)
class View:
    """A modal or a Home as one person sees it; `content` is what the app sent, `values` what was filled in."""

    id: str
    user: str
    team_id: str
    app_id: str
    bot_id: str
    content: dict[str, Any]
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """Return the blocks."""
        blocks: list[dict[str, Any]] = self.content["blocks"]
        return blocks

    @property
    def callback_id(self) -> str:
        """Return the callback id."""
        return str(self.content.get("callback_id", ""))

    @property
    def external_id(self) -> str:
        """Return the id the app gave it, or nothing."""
        return str(self.content.get("external_id", ""))

    @property
    def private_metadata(self) -> str:
        """Return what the app wrote for itself."""
        return str(self.content.get("private_metadata", ""))

    def as_json(self) -> dict[str, Any]:
        """Return the view as Slack shows it to the app."""
        return {
            "id": self.id,
            "team_id": self.team_id,
            "type": self.content["type"],
            "blocks": self.blocks,
            "private_metadata": self.private_metadata,
            "callback_id": self.callback_id,
            "state": {"values": self.values},
            "hash": self.hash,
            **{name: self.content.get(name) for name in PLAIN_FIELDS},
            "clear_on_close": bool(self.content.get("clear_on_close")),
            "notify_on_close": bool(self.content.get("notify_on_close")),
            "previous_view_id": self.previous_view_id,
            "root_view_id": self.root_view_id,
            "external_id": self.external_id,
            "app_id": self.app_id,
            "app_installed_team_id": self.team_id,
            "bot_id": self.bot_id,
        }


class Views:
    """Every view of one workspace: a stack of modals and one Home a person."""

    def __init__(self, team_id: str, app_id: str, bot_id: str) -> None:
        """Begin with nothing open."""
        self._ids = (team_id, app_id, bot_id)
        self._numbers = count(1)
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.opened: list[View] = []

    def open(self, user: str, content: dict[str, Any]) -> View:
        """Open a modal in place of whatever the person had open."""
        view = self._new(user, content)
        self.stacks[user] = [view]
        return view

    def push(self, user: str, content: dict[str, Any]) -> View:
        """Lay a modal on top of the one that is open."""
        stack = self.stacks.get(user, [])
        if not stack:
            raise RefusedError("not_found")
        if len(stack) >= DEEPEST:
            raise RefusedError("push_limit_reached")
        view = self._new(user, content)
        view.root_view_id, view.previous_view_id = stack[0].id, stack[-1].id
        stack.append(view)
        return view

    def publish(self, user: str, content: dict[str, Any], given_hash: str | None = None) -> View:
        """Show a person their Home."""
        existing = self.homes.get(user)
        if existing is None:
            self.homes[user] = self._new(user, content)
        else:
            self.change(existing, content, given_hash)
        return self.homes[user]

    def change(self, view: View, content: dict[str, Any], given_hash: str | None = None) -> None:
        """Replace what a view shows; what was filled in stays where its field stays."""
        if given_hash is not None and given_hash != view.hash:
            raise RefusedError("hash_conflict")
        self._check(content, view)
        number = next(self._numbers)
        view.content = content | {"blocks": settled(content["blocks"], f"v{number}")}
        view.hash = f"{number}.hash"
        view.values, view.errors = kept_values(view.blocks, view.values), {}

    def find(self, view_id: str | None = None, external_id: str | None = None) -> View:
        """Return a view that somebody has open. Refuses when nobody has."""
        shown = [*self.homes.values(), *(view for stack in self.stacks.values() for view in stack)]
        for view in shown:
            if view_id == view.id or (external_id and external_id == view.external_id):
                return view
        raise RefusedError("not_found")

    def top(self, user: str) -> View | None:
        """Return the modal a person looks at."""
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def close(self, view: View) -> None:
        """Close one modal, and whatever lies on it."""
        stack = self.stacks.get(view.user, [])
        self.stacks[view.user] = stack[: stack.index(view)] if view in stack else stack

    def clear(self, user: str) -> None:
        """Close every modal of a person."""
        self.stacks[user] = []

    def _new(self, user: str, content: dict[str, Any]) -> View:
        self._check(content, None)
        team_id, app_id, bot_id = self._ids
        number = next(self._numbers)
        name = f"V{number:08}"
        shown = content | {"blocks": settled(content["blocks"], f"v{number}")}
        view = View(name, user, team_id, app_id, bot_id, shown, f"{number}.hash", name)
        view.values = kept_values(view.blocks, {})
        self.opened.append(view)
        return view

    def _check(self, content: dict[str, Any], own: View | None) -> None:
        if len(json.dumps(content)) > LARGEST:
            raise RefusedError("view_too_large")
        external = content.get("external_id")
        shown = [*self.homes.values(), *(view for stack in self.stacks.values() for view in stack)]
        if external and any(view.external_id == external and view is not own for view in shown):
            raise RefusedError("duplicate_external_id")
