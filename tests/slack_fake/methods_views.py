"""views.* and assistant.threads.*."""

from typing import Any

from tests.slack_fake.block_rules import view_faults
from tests.slack_fake.call import Call
from tests.slack_fake.errors import RefusedError, invalid
from tests.slack_fake.workspace import Prompts, Status

MOST_PROMPTS = 4


def checked_view(view: Any, kind: str) -> dict[str, Any]:
    """Return a view that Slack takes. Refuses everything else, as invalid arguments."""
    faults = view_faults(view)
    if not faults and view["type"] != kind:
        faults = [f"must be of type {kind} [json-pointer:/view/type]"]
    if faults:
        raise invalid("invalid_arguments", faults)
    return dict(view)


def views_open(call: Call) -> dict[str, Any]:
    """Open a modal."""
    view = _view(call, "modal")
    trigger = call.world.tickets.exchange(call.needed("trigger_id"), call.workspace.id)
    return {"view": call.workspace.views.open(trigger.user, view).as_json()}


def views_push(call: Call) -> dict[str, Any]:
    """Lay a modal on the open one."""
    view = _view(call, "modal")
    trigger = call.world.tickets.exchange(call.needed("trigger_id"), call.workspace.id)
    if not trigger.from_view:
        raise RefusedError("invalid_trigger_id")
    return {"view": call.workspace.views.push(trigger.user, view).as_json()}


def views_update(call: Call) -> dict[str, Any]:
    """Change an open modal, or a Home."""
    found = call.workspace.views.find(call.text("view_id"), call.text("external_id"))
    call.workspace.views.change(found, _view(call, found.content["type"]), call.text("hash"))
    return {"view": found.as_json()}


def views_publish(call: Call) -> dict[str, Any]:
    """Show somebody their Home."""
    view = _view(call, "home")
    return {"view": call.workspace.views.publish(call.user("user_id").id, view, call.text("hash")).as_json()}


def set_status(call: Call) -> dict[str, Any]:
    """Show that the app is working; an empty status takes it away."""
    channel, thread_ts = call.channel("channel_id"), call.needed("thread_ts", "invalid_thread_ts")
    if channel.message(thread_ts) is None:
        raise RefusedError("invalid_thread_ts")
    words = call.text("status") or ""
    call.workspace.statuses.append(Status(channel.id, thread_ts, words))
    call.workspace.showing[channel.id, thread_ts] = words
    if not words:
        del call.workspace.showing[channel.id, thread_ts]
    return {}


def set_prompts(call: Call) -> dict[str, Any]:
    """Offer up to four suggestions."""
    channel = call.channel("channel_id")
    prompts = call.parsed("prompts", "invalid_arguments")
    fine = isinstance(prompts, list) and 0 < len(prompts) <= MOST_PROMPTS
    if not fine or not all(isinstance(one, dict) and one.get("title") and one.get("message") for one in prompts):
        raise RefusedError("invalid_arguments")
    call.workspace.prompts.append(Prompts(channel.id, call.text("thread_ts"), call.text("title"), prompts))
    return {}


def set_title(call: Call) -> dict[str, Any]:
    """Name a thread."""
    channel = call.channel("channel_id")
    call.workspace.titles[channel.id, call.needed("thread_ts")] = call.needed("title")
    return {}


def _view(call: Call, kind: str) -> dict[str, Any]:
    return checked_view(call.parsed("view", "invalid_arguments"), kind)
