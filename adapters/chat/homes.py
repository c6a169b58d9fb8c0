"""What is asked of a platform about its homes (a Slack workspace, a Teams tenant) and the channels in them."""

from collections.abc import Sequence
from typing import Protocol

from adapters.chat.belonging import Belongs


class Homes(Belongs, Protocol):
    """The homes in which Signpost is installed."""

    def homes(self) -> Sequence[str]:
        """List them."""
        ...

    def homes_of(self, school: str) -> Sequence[str]:
        """List those of a school; none for one that is not served."""
        ...


class Gate(Protocol):
    """Looks at the channels that routes name, and remembers for a while what it has seen."""

    async def fault(self, home: str, place: str, /) -> str | None:
        """Say what keeps a channel from being told of anything; None where nothing does.

        Raises EscalationError where that cannot be found out.
        """
        ...

    async def members(self, home: str, place: str, /) -> frozenset[str]:
        """Return who reads a channel. Raises EscalationError where that cannot be found out."""
        ...

    def knows(self, home: str, place: str, /) -> bool:
        """Tell whether `fault` says it without asking the platform."""
        ...

    def forget(self, home: str, place: str, /) -> None:
        """Look anew next time."""
        ...
