"""What Teams takes (RS-38), as far as what is sent must be made to fit.

The documentation has named 28 KB, 40 KB and 100 KB for a message over the years, counted in UTF-16, two bytes a unit;
what is larger comes back as `MessageSizeTooBig`. The least of them is kept to. What is counted is JSON as it is written
by Python, with every sign of it.
"""

import json
from typing import Any

MESSAGE = 14_000  # units: 28 KB
ON_THE_WAY = 1_200  # ids, addresses and names that are added to a message before it is sent
NOTIFICATION = 300  # ours: a lock screen shows less
TEXT = 3_000  # ours: a longer text goes on in a block of its own, so that a message can end between the two
TITLE = 300  # ours
BUTTON = 75  # ours
ROW = 30  # letters on the buttons that a phone shows side by side, each with its rim counted as _RIM letters
RIM = 4
BUTTONS_IN_ROW = 6  # of more, Teams hides some: observed by many, documented nowhere
OPTION_ON_BUTTON = 24
CHOICES_TO_SEARCH = 12  # ours: longer lists are searched by typing
REFRESHED = 60  # learn.microsoft.com, universal actions for Adaptive Cards: user-specific views


def units(text: str) -> int:
    """Return the length of a text in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def size(payload: Any) -> int:
    """Return how long a payload is as JSON, in UTF-16 units."""
    return units(json.dumps(payload, ensure_ascii=False))
