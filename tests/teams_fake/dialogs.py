"""Dialogs: how they open, and what is sent from them."""

from typing import Any

from tests.teams_fake.activities import invoke
from tests.teams_fake.card_rules import card_faults
from tests.teams_fake.delivery import Answer
from tests.teams_fake.errors import ImpossibleError
from tests.teams_fake.filling import pick, sent_with
from tests.teams_fake.places import Message
from tests.teams_fake.seen import buttons_of
from tests.teams_fake.somebody import Dialog, Somebody

Json = dict[str, Any]
THEME: Json = {"theme": "default"}
CARD = "application/vnd.microsoft.card.adaptive"


class Dialogs(Somebody):
    """The part of a person that looks at dialogs."""

    async def submits(self, what: str = "", which: int | str = 0, **inputs: Any) -> Answer:
        """Fill in the dialog they look at, and send it with the button that has these words, or its only one."""
        dialog = self.dialog
        found = buttons_of(dialog.card)
        sending = [one for one in found if one.kind == "Action.Submit"]
        if not what and len(sending) != 1:
            raise ImpossibleError(f"which one? there are {[one.title for one in sending]}")
        chosen = pick(sending, what, which) if what else sending[0]
        value = {**dialog.asks, "data": sent_with(chosen, inputs)}
        asked = invoke(self._actor, dialog.place, dialog.submit, value, dialog.message)
        answer = await self._post.send(asked)
        self._go_on(answer, dialog)
        return answer

    async def _opens_task(self, message: Message, data: Json) -> Answer:
        asks = {"context": dict(THEME)}
        value = {"data": {**data, "type": "task/fetch"}, **asks}
        answer = await self._post.send(invoke(self._actor, message.place, "task/fetch", value, message))
        self._go_on(answer, Dialog("", {}, message.place, "task/submit", asks, message))
        return answer

    def _go_on(self, answer: Answer, dialog: Dialog) -> None:
        """Show what the app answered: another dialog, words, something for the compose box; or close the dialog."""
        body = answer.body if isinstance(answer.body, dict) else {}
        self._dialog = None
        if not answer.acked:
            self._wrong(dialog.submit, f"http {answer.status} {answer.lost}")
        elif "task" in body:
            self._task(body["task"], dialog)
        elif "composeExtension" in body:
            self._compose(body["composeExtension"], dialog.submit)
        elif body or not dialog.card:
            self._wrong(dialog.submit, f"nothing that Teams could show: {body}")

    def _task(self, task: Any, dialog: Dialog) -> None:
        kind = task.get("type") if isinstance(task, dict) else None
        value = task.get("value") if isinstance(task, dict) else None
        if kind == "message" and isinstance(value, str):
            self.toasts.append(value)
            return
        card = value.get("card") if kind == "continue" and isinstance(value, dict) else None
        if not isinstance(card, dict) or card.get("contentType") != CARD:
            self._wrong(dialog.submit, f"no dialog with a card: {task}")
            return
        content = card.get("content")
        faults = [*card_faults(content), *_no_execute(content)]
        if faults:
            self._wrong(dialog.submit, *faults)
            return
        title = str(value.get("title", "")) if isinstance(value, dict) else ""
        self._dialog = Dialog(title, card["content"], dialog.place, dialog.submit, dialog.asks, dialog.message)

    def _compose(self, result: Any, where: str) -> list[Json]:
        """Take the attachments of a message extension's result into the compose box, and return them."""
        kind = result.get("type") if isinstance(result, dict) else None
        if kind == "message":
            self.toasts.append(str(result.get("text", "")))
            return []
        attached = result.get("attachments") if kind == "result" else None
        if not isinstance(attached, list):
            self._wrong(where, f"no result: {result}")
            return []
        faults = [fault for one in attached if one.get("contentType") == CARD for fault in card_faults(one["content"])]
        if faults:
            self._wrong(where, *faults)
            return []
        self.draft = [{name: value for name, value in one.items() if name != "preview"} for one in attached]
        return attached


def _no_execute(card: Any) -> list[str]:
    found = buttons_of(card) if isinstance(card, dict) and not card_faults(card) else []
    return [f"{one.title!r} is {one.kind}: dialogs take Action.Submit" for one in found if one.kind == "Action.Execute"]
