"""/policy-admin: what admins do in Slack."""

from dataclasses import dataclass

from adapters.chat import admin as chat
from adapters.slack.admin_views import render_report
from adapters.slack.asking import Where
from adapters.slack.rendered import Rendered


@dataclass(frozen=True, slots=True)
class Administering:
    """Answers /policy-admin."""

    chat: chat.Administering

    async def command(self, where: Where, text: str) -> Rendered:
        """Answer a command; whatever it comes to is said."""
        return render_report(await self.chat.command(where, text))
