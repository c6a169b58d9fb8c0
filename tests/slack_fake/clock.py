"""The time in the fake's Slack."""

from datetime import UTC, datetime

MONDAY = datetime(2026, 11, 23, 10, 40, tzinfo=UTC).timestamp()


class SlackClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: float = MONDAY) -> None:
        """Set it."""
        self.at = at

    def time(self) -> float:
        """Return the time it is set to, in seconds since 1970."""
        return self.at

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.at += seconds
