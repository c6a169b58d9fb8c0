"""The time in the fake's Teams."""

from datetime import UTC, datetime

MONDAY = datetime(2026, 11, 23, 10, 40, tzinfo=UTC).timestamp()


class TeamsClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: float = MONDAY) -> None:
        """Set it."""
        self.at = at

    def time(self) -> float:
        """Return the time it is set to, in seconds since 1970."""
        return self.at

    def now(self) -> datetime:
        """Return the time it is set to."""
        return datetime.fromtimestamp(self.at, UTC)

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.at += seconds
