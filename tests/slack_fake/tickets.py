"""What a tap or a command entitles the app to: opening a view for three seconds, answering for half an hour."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from tests.slack_fake.clock import SlackClock
from tests.slack_fake.errors import RefusedError

TRIGGER_SECONDS = 3.0
URL_SECONDS = 1800.0
URL_USES = 5


@dataclass(slots=True)
class Trigger:
    """A trigger_id: good for one view, soon."""

    id: str
    team_id: str
    user: str
    from_view: bool
    made_at: float
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Where an app may answer a command or a tap; `message_ts` is the message that was tapped."""

    path: str
    team_id: str
    user: str
    channel: str
    message_ts: str | None
    made_at: float
    uses: int = 0


@dataclass(slots=True)
class Tickets:
    """Every trigger and response URL that was handed out."""

    clock: SlackClock
    triggers: dict[str, Trigger] = field(default_factory=dict)
    urls: dict[str, ResponseUrl] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def trigger(self, team_id: str, user: str, *, from_view: bool = False) -> str:
        """Hand out a trigger."""
        name = f"{next(self._numbers)}.{team_id}.abcdef"
        self.triggers[name] = Trigger(name, team_id, user, from_view, self.clock.time())
        return name

    def exchange(self, name: str, team_id: str) -> Trigger:
        """Use up a trigger. Refuses an unknown one, one used before, and one older than three seconds."""
        trigger = self.triggers.get(name)
        if trigger is None or trigger.team_id != team_id:
            raise RefusedError("invalid_trigger_id")
        if trigger.used:
            raise RefusedError("exchanged_trigger_id")
        if self.clock.time() - trigger.made_at > TRIGGER_SECONDS:
            raise RefusedError("expired_trigger_id")
        trigger.used = True
        return trigger

    def url(self, team_id: str, user: str, channel: str, message_ts: str | None = None) -> ResponseUrl:
        """Hand out a response URL."""
        kind = "actions" if message_ts else "commands"
        path = f"/{kind}/{team_id}/{next(self._numbers)}/secret"
        self.urls[path] = ResponseUrl(path, team_id, user, channel, message_ts, self.clock.time())
        return self.urls[path]

    def use(self, path: str) -> ResponseUrl:
        """Count one use of a response URL. Refuses the sixth, and any after half an hour."""
        url = self.urls.get(path)
        if url is None:
            raise RefusedError("invalid_url", status=404)
        if self.clock.time() - url.made_at > URL_SECONDS:
            raise RefusedError("expired_url", status=404)
        if url.uses >= URL_USES:
            raise RefusedError("used_url", status=404)
        url.uses += 1
        return url
