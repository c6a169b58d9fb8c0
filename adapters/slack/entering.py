"""Takes the token of the settings when Signpost starts, however long Slack does not answer."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from adapters.slack.installing import Installing
from bot.escalation.errors import ChannelDownError, EscalationError, ThrottledError, UndeliverableError

AGAIN_S = 10.0
_log = logging.getLogger("signpost.slack")


@dataclass(frozen=True, slots=True)
class Entering:
    """Takes the kept tokens, and the one of the settings where there is one."""

    installing: Installing
    own_token: str | None

    async def begin(self) -> bool:
        """Take them now; False where Slack does not answer, so that `go_on` must.

        Raises UndeliverableError where Slack refuses the token, and StoreError.
        """
        try:
            await self.installing.load(self.own_token)
        except (ChannelDownError, ThrottledError) as error:
            _log.warning("nobody in the workspace of SLACK_BOT_TOKEN is answered yet: %s; this is tried again", error)
            return False
        return True

    async def go_on(self, pause: Callable[[float], Awaitable[None]]) -> None:
        """Try again until Slack takes them; what it refuses is told once for each reason it gives.

        It goes on all the same: Slack has refused sound tokens while it was in trouble. `pause` waits so many seconds.
        """
        told = ""
        while True:
            await pause(AGAIN_S)
            try:
                await self.installing.load(self.own_token)
            except UndeliverableError as refused:
                if str(refused) != told:
                    told = str(refused)
                    _log.error(
                        "Slack refuses SLACK_BOT_TOKEN (%s), and nobody in its workspace is answered: copy the Bot "
                        'User OAuth Token anew from your app\'s page "OAuth & Permissions", and restart Signpost',
                        refused,
                    )
            except EscalationError:
                continue
            else:
                _log.info("Slack answers now")
                return
