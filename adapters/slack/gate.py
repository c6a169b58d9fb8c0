"""The gate before a private channel: what is sent there must be read by nobody outside the school (RS-14).

Whether a channel is private is never told from its id: a private channel gets another letter once it is shared.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from adapters.chat.cache import Lately
from adapters.slack.calls import translated
from adapters.slack.workspaces import Workspaces
from bot.escalation.errors import UndeliverableError

_KEEP = timedelta(minutes=10)
_PAGE = 200
_MOST_PAGES = 50
_FAULTS: Mapping[str, str] = {
    "is_archived": "the channel is archived",
    "is_ext_shared": "the channel is shared with another organisation",
    "is_pending_ext_shared": "the channel is about to be shared with another organisation",
    "is_org_shared": "the channel is shared with other workspaces",
    "is_shared": "the channel is shared with another workspace",
}
# The fields of docs.slack.dev, reference/objects/conversation-object. One that is missing counts as a fault.
_NOT_PRIVATE = "the channel is not private: everybody in the workspace can read it"
_NO_MEMBER = "Signpost is not in the channel: invite it there with /invite"

_AGAIN = "install the app again, and give Signpost the new token"
_REFUSED = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
_CODES: Mapping[str, str] = {
    "channel_not_found": _NO_MEMBER,
    "not_in_channel": _NO_MEMBER,
    "missing_scope": "Signpost’s token lacks the scope groups:read, so that it cannot find out who reads the channel: "
    "install the app again with the scopes of `signpost slack manifest`",
}


class Gate:
    """Looks at a channel at most every ten minutes. `now` tells the time."""

    def __init__(self, workspaces: Workspaces, now: Callable[[], datetime]) -> None:
        self._workspaces = workspaces
        self._faults: Lately[tuple[str, str], str | None] = Lately(_KEEP, now)
        self._members: Lately[tuple[str, str], frozenset[str]] = Lately(timedelta(minutes=1), now)

    async def fault(self, team: str, channel: str) -> str | None:
        """Say what keeps a channel from being told of anything; None where nothing does.

        Raises ChannelDownError and ThrottledError where that cannot be found out.
        """
        return await self._faults.get((team, channel), lambda: self._fault(team, channel))

    async def check(self, team: str, channel: str) -> None:
        """Raise UndeliverableError where a channel must not be told; see `fault` for the rest."""
        fault = await self.fault(team, channel)
        if fault:
            raise UndeliverableError(fault)

    async def members(self, team: str, channel: str) -> frozenset[str]:
        """Return who reads a channel, Signpost itself apart. Raises EscalationError where that cannot be found out."""
        return await self._members.get((team, channel), lambda: self._listed(team, channel))

    def knows(self, team: str, channel: str) -> bool:
        """Tell whether `fault` says it without asking Slack."""
        return self._faults.knows((team, channel))

    def forget(self, team: str, channel: str) -> None:
        """Look anew next time."""
        self._faults.forget((team, channel))
        self._members.forget((team, channel))

    async def _fault(self, team: str, channel: str) -> str | None:
        try:
            with translated(), _as_public():
                found = await self._workspaces.client(team).conversations_info(channel=channel)
        except _PublicError:
            return _NOT_PRIVATE
        except UndeliverableError as error:
            code = str(error)
            return f"Slack refuses Signpost’s token ({code}): {_AGAIN}" if code in _REFUSED else _CODES.get(code, code)
        return fault_of(found.get("channel") or {})

    async def _listed(self, team: str, channel: str) -> frozenset[str]:
        workspace, found, cursor = self._workspaces.workspace(team), set[str](), ""
        for _ in range(_MOST_PAGES):
            with translated():
                page = await self._workspaces.client(team).conversations_members(
                    channel=channel, limit=_PAGE, cursor=cursor
                )
            found.update(user for user in page.get("members") or () if isinstance(user, str))
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return frozenset(found - {workspace.bot_user if workspace else ""})
        raise UndeliverableError("too many people read the channel")


class _PublicError(Exception):
    """Slack would have to let Signpost read public channels for this one: it is public."""


@contextmanager
def _as_public() -> Iterator[None]:
    try:
        yield
    except SlackApiError as error:
        if error.response.get("error") == "missing_scope" and "channels:read" in str(error.response.get("needed")):
            raise _PublicError from None
        raise


def fault_of(channel: Mapping[str, Any]) -> str | None:
    """Say what keeps a channel, as Slack describes it, from being told of anything; None where nothing does."""
    if channel.get("is_private") is not True:
        return _NOT_PRIVATE
    for flag, fault in _FAULTS.items():
        if channel.get(flag) is not False:
            return fault
    return None if channel.get("is_member") is True else _NO_MEMBER
