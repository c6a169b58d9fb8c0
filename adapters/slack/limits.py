"""What Slack takes (RS-13), as far as what is sent must be made to fit.

The numbers are those of slack_sdk 3.47 (models/blocks, models/views) where it has them, else of docs.slack.dev
(reference/block-kit, reference/views). The total of a message is documented nowhere: Slack refuses with
`msg_blocks_too_long` from about 13,200 characters on (slackapi/bolt-js#2509); what it counts is not known, so that
everything is counted here (slackapi/bolt-js#2867) and less is sent.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.slack.mrkdwn import units

BLOCKS_IN_MESSAGE = 50
BLOCKS_IN_VIEW = 100
MESSAGE_TOTAL = 12_000
NOTIFICATION = 300  # ours: a lock screen shows less; Slack takes 40,000
TEXT = 3_000
FIELDS = 10
HEADER = 150
CONTEXT_ELEMENTS = 10
BUTTON = 75
BUTTON_SEEN = 30  # a phone shows about this much of it: docs.slack.dev, reference/block-kit, button
LABEL = 2_000
OPTION = 75
OPTIONS = 100
RADIO_OPTIONS = 10
PLACEHOLDER = 150
VIEW_TITLE = 24


def size(payload: Any) -> int:
    """Return how long a payload is as JSON, every sign of it counted once."""
    if isinstance(payload, str):
        return units(payload) + 2
    if isinstance(payload, Mapping):
        return 2 + sum(size(key) + size(value) + 2 for key, value in payload.items())
    if isinstance(payload, Sequence):
        return 2 + sum(size(one) + 1 for one in payload)
    return len(str(payload))


def sent_as(payload: Any) -> int:
    """Return how many bytes of JSON the SDK makes of a payload."""
    return len(json.dumps(payload))
