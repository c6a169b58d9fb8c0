"""Calls of Slack's Web API, with what can go wrong put into the words of escalating."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.escalation.errors import ChannelDownError, ThrottledError, UndeliverableError

# What Slack refuses at any time; the first five are those of RS-15. Names from docs.slack.dev: chat.postMessage,
# chat.postEphemeral, oauth.v2.access.
PERMANENT = frozenset(
    """channel_not_found not_in_channel is_archived account_inactive token_revoked user_not_found
    user_disabled users_not_found user_not_visible users_list_not_supplied invalid_users cannot_dm_bot
    invalid_auth not_authed token_expired not_allowed_token_type missing_scope no_permission
    restricted_action restricted_action_read_only_channel restricted_action_thread_only_channel
    restricted_action_non_threadable_channel team_access_not_granted access_denied ekm_access_denied
    org_login_required team_not_found invalid_blocks invalid_blocks_format msg_too_long msg_blocks_too_long
    no_text message_not_found cant_update_message edit_window_closed is_inactive messages_tab_disabled
    method_not_supported_for_channel_type user_not_in_channel no_such_subteam subteam_disabled
    invalid_refresh_token invalid_code code_already_used bad_client_secret invalid_client_id bad_redirect_uri""".split()
)
_UNREADABLE_RETRY_S = 30.0
_LONGEST_RETRY_S = 600.0


@contextmanager
def translated() -> Iterator[None]:
    """Turn Slack's errors into ThrottledError, ChannelDownError and UndeliverableError, named by Slack's own code.

    A call that broke off once it was under way may have done its work: that ChannelDownError is `in_doubt`.
    """
    try:
        yield
    except SlackApiError as error:
        raise _of_api(error) from None  # its text holds what Slack answered, which may hold what was sent
    except aiohttp.ClientConnectorError as error:
        raise ChannelDownError(f"Slack cannot be reached ({type(error).__name__})") from None
    except (TimeoutError, aiohttp.ClientError, OSError, SlackClientError, ValueError) as error:
        raise ChannelDownError(f"Slack does not answer ({type(error).__name__})", in_doubt=True) from None


def _of_api(error: SlackApiError) -> ThrottledError | ChannelDownError | UndeliverableError:
    answer = error.response
    status, code = int(getattr(answer, "status_code", 0) or 0), _code(answer)
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        return ThrottledError(_retry_after(getattr(answer, "headers", {})))
    if code in PERMANENT:
        return UndeliverableError(code)
    return ChannelDownError(f"Slack fails ({code or status})", in_doubt=status >= 500)


def _code(answer: object) -> str:
    data = getattr(answer, "data", answer)
    code = data.get("error") if isinstance(data, Mapping) else None
    return code if isinstance(code, str) else ""


def _retry_after(headers: Mapping[str, str]) -> float:
    """Return the seconds to wait; Slack's number may be missing or unreadable (elementary-data#303)."""
    given = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    value = given[0] if isinstance(given, list) and given else given
    if not str(value).isascii() or not str(value).isdigit():
        return _UNREADABLE_RETRY_S
    return min(max(float(value), 1.0), _LONGEST_RETRY_S)
