"""What can go wrong while escalating. Those under BotError have a text fit to show to whoever acted.

EscalationError
├── StoreError           the store cannot be read or written
├── StaleError           somebody else changed the escalation meanwhile; read it again
├── ThrottledError       the platform says to wait
├── ChannelDownError     the platform does not answer, or fails
└── UndeliverableError   the address will never take a message
RefusedError (a BotError)   the step does not fit: no right to take it, or nothing to take it on
"""

from bot.errors import BotError


class EscalationError(Exception):
    """The root of what goes wrong beneath escalating."""


class StoreError(EscalationError):
    """The store cannot be read or written."""


class StaleError(EscalationError):
    """The escalation changed since it was read."""


class ThrottledError(EscalationError):
    """The platform says to wait `retry_after` seconds; nothing was delivered."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"wait {retry_after:.0f} s")
        self.retry_after = retry_after


class ChannelDownError(EscalationError):
    """The platform does not answer. `in_doubt`: the message may have arrived all the same."""

    def __init__(self, reason: str, *, in_doubt: bool = False) -> None:
        super().__init__(reason)
        self.in_doubt = in_doubt


class UndeliverableError(EscalationError):
    """The address will never take a message: gone, archived, left, refused. The text says why, for an operator."""


class RefusedError(BotError):
    """A step was refused; the text says why, to whoever took it."""

    code = "refused"
