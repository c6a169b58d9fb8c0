"""A small real bolt app, to show that the fake does what bolt expects of Slack."""

from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

PING_SECONDS = 0.2
BUTTONS = [
    {"type": "button", "action_id": "tell", "text": {"type": "plain_text", "text": "Tell the DSL"}, "value": "r1"},
    {"type": "button", "action_id": "helped", "text": {"type": "plain_text", "text": "Helped"}, "value": "r1"},
]
MENU = {
    "type": "static_select",
    "action_id": "pick",
    "options": [{"text": {"type": "plain_text", "text": word}, "value": word} for word in ("phones", "photos")],
}


def answer(question: str) -> list[dict[str, Any]]:
    """Return an answer with two buttons and a menu."""
    words = {"type": "section", "text": {"type": "mrkdwn", "text": f"You asked: {question}"}, "accessory": MENU}
    return [words, {"type": "actions", "elements": BUTTONS}]


def modal(title: str, callback_id: str = "concern") -> dict[str, Any]:
    """Return a modal with one field."""
    field = {
        "type": "input",
        "block_id": "words",
        "label": {"type": "plain_text", "text": "What happened?"},
        "element": {"type": "plain_text_input", "action_id": "typed", "multiline": True},
    }
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "notify_on_close": True,
        "blocks": [field],
    }


class BoltApp:
    """The app, and what it heard."""

    def __init__(self, client: AsyncWebClient, signing_secret: str) -> None:
        """Register the listeners."""
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.app = AsyncApp(client=client, signing_secret=signing_secret, process_before_response=True)
        self.app.use(self._note)
        self.app.event("message")(self._message)
        self.app.event("app_mention")(self._mention)
        self.app.event("app_home_opened")(self._home)
        self.app.event("app_context_changed")(self._ignore)
        self.app.command("/policy")(self._command)
        self.app.action("tell")(self._tell)
        self.app.action("helped")(self._helped)
        self.app.action("pick")(self._ignore)
        self.app.shortcut("raise")(self._tell)
        self.app.shortcut("ask-about")(self._ask_about)
        self.app.view("concern")(self._submitted)
        self.app.view_closed("concern")(self._ignore)

    def kinds(self) -> list[str]:
        """List what was heard, by kind."""
        return [kind for kind, _ in self.heard]

    async def _note(self, body: dict[str, Any], next: Any) -> None:  # noqa: A002 - bolt passes it by this name
        event = body.get("event", {})
        kind = event.get("type") or body.get("type") or body["command"]
        self.heard.append((kind, body))
        await next()

    async def _ignore(self, ack: Any) -> None:
        await ack()

    async def _message(self, event: dict[str, Any], say: Any) -> None:
        if not event.get("subtype") and not event.get("bot_id"):
            await say(text="An answer", blocks=answer(event["text"]), thread_ts=event.get("thread_ts"))

    async def _mention(self, event: dict[str, Any], client: AsyncWebClient) -> None:
        place = {"channel": event["channel"], "user": event["user"]}
        await client.chat_postEphemeral(**place, text="An answer", blocks=answer(event["text"]))

    async def _home(self, event: dict[str, Any], client: AsyncWebClient) -> None:
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": answer("home")})

    async def _command(self, ack: Any, command: dict[str, Any], respond: Any) -> None:
        match command["text"]:
            case "later":
                await ack()
                await respond(text="Here it is", response_type="in_channel")
            case "plain":
                await ack("Just words")
            case "bad":
                await ack(text="x", blocks=[{"type": "nonsense"}])
            case question:
                await ack(text="An answer", blocks=answer(question))

    async def _tell(self, ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal("Tell the DSL"))
        await ack()

    async def _helped(self, ack: Any, respond: Any) -> None:
        await respond(text="Glad to hear it", replace_original=True)
        await ack()

    async def _ask_about(self, ack: Any, shortcut: dict[str, Any], respond: Any) -> None:
        await respond(text=f"About: {shortcut['message']['text']}", response_type="ephemeral")
        await ack()

    async def _submitted(self, ack: Any, view: dict[str, Any]) -> None:
        words = view["state"]["values"]["words"]["typed"]["value"]
        answers: dict[str, dict[str, Any]] = {
            "wrong": {"response_action": "errors", "errors": {"words": "Say more"}},
            "more": {"response_action": "push", "view": modal("One more thing")},
            "other": {"response_action": "update", "view": modal("Another modal")},
            "enough": {"response_action": "clear"},
        }
        await ack(**answers.get(words, {}))


class HttpRun:
    """The app behind an HTTP server."""

    def __init__(self, bolt: BoltApp) -> None:
        """Take the app."""
        self._bolt = bolt
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Listen, and return the address."""
        server = web.Application()
        server.router.add_post("/slack/events", self._events)
        self._runner = web.AppRunner(server, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/slack/events"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()

    async def _events(self, request: web.Request) -> web.Response:
        return await to_aiohttp_response(await self._bolt.app.async_dispatch(await to_bolt_request(request)))


def by_socket(bolt: BoltApp, app_token: str) -> AsyncSocketModeHandler:
    """Return the handler that connects the app in Socket Mode."""
    return AsyncSocketModeHandler(bolt.app, app_token, ping_interval=PING_SECONDS)
