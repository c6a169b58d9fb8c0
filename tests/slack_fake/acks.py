"""What Slack does with the app's answer to a command or to a submitted modal."""

from typing import Any

from tests.slack_fake.delivery import Answer
from tests.slack_fake.errors import RefusedError
from tests.slack_fake.methods_views import checked_view
from tests.slack_fake.places import Channel
from tests.slack_fake.posting import content_of
from tests.slack_fake.responding import say
from tests.slack_fake.views import View
from tests.slack_fake.workspace import Workspace
from tests.slack_fake.world import Refusal, World


def apply_command(world: World, workspace: Workspace, channel: Channel, user: str, answer: Answer) -> None:
    """Show the answer to a slash command, where the app gave one."""
    if not answer.acked or not answer.body:
        return
    body: dict[str, Any] = answer.body if isinstance(answer.body, dict) else {"text": answer.body}
    try:
        content = content_of(body.get("text"), body.get("blocks"))
    except RefusedError as refused:
        world.refusals.append(_refusal("slash command", refused))
        return
    say(workspace, channel, user, content, body)


def apply_submission(world: World, workspace: Workspace, view: View, answer: Answer) -> None:
    """Close, change or keep a modal as the app's answer says. Without a good answer it stays open."""
    if not answer.acked:
        return
    body: dict[str, Any] = answer.body if isinstance(answer.body, dict) else {}
    try:
        _follow(workspace, view, body)
    except RefusedError as refused:
        world.refusals.append(_refusal("view_submission", refused))


def _follow(workspace: Workspace, view: View, body: dict[str, Any]) -> None:
    views = workspace.views
    match body.get("response_action"):
        case None:
            views.close(view)
        case "clear":
            views.clear(view.user)
        case "update":
            views.change(view, checked_view(body.get("view"), "modal"))
        case "push":
            views.push(view.user, checked_view(body.get("view"), "modal"))
        case "errors":
            view.errors = _errors(view, body.get("errors"))
        case other:
            raise RefusedError("invalid_response_action", given=other)


def _errors(view: View, errors: Any) -> dict[str, str]:
    fields = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= fields:
        raise RefusedError("invalid_errors")
    return {str(name): str(words) for name, words in errors.items()}


def _refusal(where: str, refused: RefusedError) -> Refusal:
    return Refusal(where, refused.error, list(refused.more.get("errors", [])))
