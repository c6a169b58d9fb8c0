"""What people fill in and choose, what comes back through a response URL, and who they are to the app."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_fake import Answer, ImpossibleError, Message, Person, SlackFake, Workspace
from tests.slack_fake.bolt_app import MENU, modal
from tests.slack_fake.delivery import Sent

WORDS = ("one", "two")
OPTIONS = [{"text": {"type": "plain_text", "text": word}, "value": word} for word in WORDS]
FIELDS: list[tuple[dict[str, Any], Any, dict[str, Any]]] = [
    ({"type": "plain_text_input"}, "a < b", {"value": "a < b"}),
    ({"type": "users_select"}, "U0DSL", {"selected_user": "U0DSL"}),
    ({"type": "conversations_select"}, "C0SAFE", {"selected_conversation": "C0SAFE"}),
    ({"type": "multi_users_select"}, ["U0DSL"], {"selected_users": ["U0DSL"]}),
    ({"type": "datepicker"}, "2026-11-23", {"selected_date": "2026-11-23"}),
    ({"type": "radio_buttons", "options": OPTIONS}, "two", {"selected_option": OPTIONS[1]}),
    ({"type": "checkboxes", "options": OPTIONS}, ["one", "two"], {"selected_options": OPTIONS}),
    ({"type": "multi_static_select", "options": OPTIONS}, ["one"], {"selected_options": OPTIONS[:1]}),
]


class Scripted:
    """An app that gives one answer to everything."""

    def __init__(self, body: Any = None) -> None:
        """Take the answer."""
        self.body = body

    async def deliver(self, sent: Sent) -> Answer:
        """Give it."""
        return Answer(sent, 200, self.body, 0.0)

    async def close(self) -> None:
        """Have nothing to let go of."""


@pytest.fixture
def tess(slack: SlackFake, school: Workspace) -> Person:
    """Return a teacher whose app says yes to everything."""
    slack.delivery = Scripted()
    return slack.person("U0TEACHER", school)


def form(element: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a modal with one field."""
    field = {"type": "input", "block_id": "b", "label": {"type": "plain_text", "text": "L"}, **more}
    return modal("Form") | {"blocks": [field | {"element": {"action_id": "a", **element}}]}


@pytest.mark.parametrize(("element", "choice", "state"), FIELDS, ids=[element["type"] for element, _, _ in FIELDS])
async def test_every_field_comes_back_in_its_own_shape(
    tess: Person, element: dict[str, Any], choice: Any, state: dict[str, Any]
) -> None:
    """A required field must be filled in, and its state is what Slack would send."""
    view = tess.workspace.views.open(tess.user.id, form(element))
    with pytest.raises(ImpossibleError, match="not filled in"):
        await tess.submits(view)
    answer = await tess.submits(view, {"a": choice})
    assert answer.sent.payload["view"]["state"]["values"] == {"b": {"a": {"type": element["type"], **state}}}


@pytest.mark.parametrize(
    ("element", "state"),
    [
        ({"type": "plain_text_input", "initial_value": "x"}, {"value": "x"}),
        ({"type": "users_select", "initial_user": "U0DSL"}, {"selected_user": "U0DSL"}),
        ({"type": "multi_users_select", "initial_users": ["U0DSL"]}, {"selected_users": ["U0DSL"]}),
        ({"type": "static_select", "options": OPTIONS, "initial_option": OPTIONS[0]}, {"selected_option": OPTIONS[0]}),
        ({"type": "checkboxes", "options": OPTIONS, "initial_options": OPTIONS}, {"selected_options": OPTIONS}),
    ],
)
async def test_what_the_app_filled_in_counts(tess: Person, element: dict[str, Any], state: dict[str, Any]) -> None:
    """A field with a value from the app can be submitted as it is."""
    view = tess.workspace.views.open(tess.user.id, form(element))
    answer = await tess.submits(view)
    assert answer.sent.payload["view"]["state"]["values"]["b"]["a"] == {"type": element["type"], **state}


async def test_words_that_are_too_long_are_held_back(tess: Person) -> None:
    """Slack's client keeps to the lengths of a field, and an optional field may stay empty."""
    view = tess.workspace.views.open(tess.user.id, form({"type": "plain_text_input", "max_length": 3}))
    with pytest.raises(ImpossibleError, match="not filled in"):
        await tess.submits(view, {"a": "four"})
    optional = tess.workspace.views.open(tess.user.id, form({"type": "plain_text_input"}, optional=True))
    assert (await tess.submits(optional)).acked


async def test_what_is_typed_survives_a_change_of_the_view(tess: Person) -> None:
    """A field that is still there keeps its words."""
    view = tess.workspace.views.open(tess.user.id, form(MENU | {"action_id": "a"}, dispatch_action=True))
    await tess.selects(view, "a", "photos")
    tess.workspace.views.change(view, form(MENU | {"action_id": "a"}) | {"title": {"type": "plain_text", "text": "2"}})
    assert view.values["b"]["a"]["selected_option"]["value"] == "photos"
    with pytest.raises(ImpossibleError, match="until it is submitted"):
        await tess.selects(view, "a", "phones")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"response_action": "update", "view": {"type": "modal"}}, "invalid_arguments"),
        ({"response_action": "errors", "errors": {"elsewhere": "x"}}, "invalid_errors"),
        ({"response_action": "shout"}, "invalid_response_action"),
    ],
)
async def test_a_bad_answer_to_a_modal_leaves_it_open(
    slack: SlackFake, tess: Person, body: dict[str, Any], error: str
) -> None:
    """The person sees the modal still there, and the test sees why."""
    slack.delivery = Scripted(body)
    view = tess.workspace.views.open(tess.user.id, modal("One"))
    await tess.submits(view, {"typed": "x"})
    assert tess.modal is view
    assert [one.error for one in slack.world.refusals] == [error]


async def respond(answer: Answer, body: Any) -> tuple[int, str]:
    """Post to the response URL of something that was sent."""
    async with aiohttp.ClientSession() as session, session.post(answer.sent.payload["response_url"], json=body) as got:
        return got.status, await got.text()


async def tapped(tess: Person, client: AsyncWebClient) -> tuple[Message, Answer]:
    """Let the bot post a button for everybody, and tap it."""
    button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "elements": [button]}]
    await client.chat_postMessage(channel="C0STAFF", text="x", blocks=blocks)
    message = tess.reads("C0STAFF")[-1]
    return message, await tess.taps(message, "a")


async def test_a_message_for_everybody_is_replaced_only_where_that_is_asked(
    tess: Person, client: AsyncWebClient
) -> None:
    """Without it the answer is new, and for one person; it can be public, and the message can be deleted."""
    message, answer = await tapped(tess, client)
    await respond(answer, {"text": "private"})
    await respond(answer, {"text": "public", "response_type": "in_channel"})
    assert [one.ephemeral_to for one in tess.reads("C0STAFF")] == [None, "U0TEACHER", None]
    await respond(answer, {"text": "replaced", "replace_original": "true"})
    assert message.text == "replaced"
    await respond(answer, {"delete_original": True})
    assert message not in tess.reads("C0STAFF")


async def test_a_response_url_takes_no_bad_content(tess: Person, client: AsyncWebClient) -> None:
    """It says so with a status."""
    _, answer = await tapped(tess, client)
    assert (await respond(answer, {"blocks": [{"type": "nonsense"}]}))[0] == 400
    assert await respond(answer, {}) == (400, '{"ok": false, "error": "no_text"}')
    assert await respond(answer, []) == (200, '{"ok": false, "error": "json_not_object"}')


async def test_a_stranger_in_a_shared_channel_is_marked(slack: SlackFake, tess: Person) -> None:
    """Events say which team a person comes from, and that the channel is shared."""
    slack.subscriptions.add("message.channels")
    team = tess.workspace
    pat = team.add_user("U0PARTNER", "pat", is_stranger=True, team_id="T0OTHER")
    team.add_channel("C0BOTH", "both", pat.id, is_ext_shared=True)
    answer = await slack.person(pat).says("C0BOTH", "hello")
    assert answer
    payload = answer.sent.payload
    assert (payload["team_id"], payload["event"]["user_team"]) == (team.id, "T0OTHER")
    assert payload["is_ext_shared_channel"]


async def test_nothing_is_sent_that_the_app_did_not_subscribe_to(slack: SlackFake, tess: Person) -> None:
    """Words in a channel stay there; a test that counts on an event fails."""
    assert await tess.says("C0STAFF", "hello") is None
    slack.subscriptions.remove("message.im")
    with pytest.raises(ImpossibleError, match=r"not subscribed to message\.im"):
        await tess.says_in_dm("hello")
