"""How the fake says no."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

# learn.microsoft.com, bots/how-to/conversations/conversation-messages: status code responses; the words are shortened.
REFUSALS: Mapping[str, tuple[int, str]] = {
    "BadSyntax": (400, "The request is malformed."),
    "BadArgument": (400, "An argument is wrong."),
    "BotNotRegistered": (401, "No registration found for this bot."),
    "BotNotInConversationRoster": (403, "The bot is not part of the conversation roster."),
    "BotDisabledByAdmin": (403, "The tenant admin disabled this bot."),
    "ConversationBlockedByUser": (403, "User blocked the conversation with the bot."),
    "ForbiddenOperationException": (403, "The operation is not allowed for this bot."),
    "MessageWritesBlocked": (403, "Thread is blocked from message writes."),
    "ConversationNotFound": (404, "Conversation not found."),
    "ActivityNotFoundInConversation": (404, "Activity not found in conversation."),
    "MemberNotFoundInConversation": (404, "Member not found in conversation."),
    "PreconditionFailed": (412, "Precondition failed, please try again."),
    "MessageSizeTooBig": (413, "Message size too large."),
    "Throttled": (429, "Too many requests."),
}


class RefusedError(Exception):
    """A Microsoft service refuses, in its own words."""

    def __init__(self, status: int, body: Json, headers: Mapping[str, str] | None = None) -> None:
        """Keep what the response needs."""
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.headers = dict(headers or {})

    @property
    def code(self) -> str:
        """Return the name of the refusal."""
        error = self.body.get("error")
        return str(error.get("code", "")) if isinstance(error, dict) else str(error or self.status)


class ImpossibleError(Exception):
    """A test asks of a person what nobody could do in Teams: tap a button that is not there, submit half a form."""


def refused(code: str, message: str | None = None, status: int | None = None) -> RefusedError:
    """Return the Bot Connector's refusal of that name."""
    usual, words = REFUSALS.get(code, (400, code))
    return RefusedError(status or usual, {"error": {"code": code, "message": message or words}})


def too_many(retry_after: float | str | None) -> RefusedError:
    """Return the Bot Connector's answer to too many requests; without a Retry-After where none is given."""
    error = refused("Throttled")
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return RefusedError(error.status, error.body, headers)


def unauthorised() -> RefusedError:
    """Return the Bot Connector's answer to a missing or wrong token."""
    return RefusedError(401, {"message": "Authorization has been denied for this request."})
