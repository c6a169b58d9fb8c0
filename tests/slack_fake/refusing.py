"""How tests read a refusal that the real client raises."""

from collections.abc import Awaitable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError


async def refused(call: Awaitable[Any]) -> str:
    """Return the error with which a call is refused; fail where it is not."""
    return str((await refusal(call))["error"])


async def refusal(call: Awaitable[Any]) -> Any:
    """Return the whole response of a refused call."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response
