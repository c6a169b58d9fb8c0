"""Tells a greeting, a thank-you or a call for help with Signpost itself from a question."""

from collections.abc import Sequence

_GREETINGS = frozenset(
    """hi hello hey hiya yo morning afternoon evening good thanks thank you ta cheers ok okay great lovely brilliant
    bye goodbye help signpost there all everyone please and so much very many""".split()
)
_OPENERS = frozenset(
    "hi hello hey hiya yo morning afternoon evening thanks thank ta cheers bye goodbye help ok okay".split()
)
_ABOUT_US = frozenset(
    {
        "what can you do",
        "what do you do",
        "how do you work",
        "how does this work",
        "how do i use this",
        "who are you",
        "what are you",
        "what is this",
        "what can i ask",
        "what can i ask you",
        "what is signpost",
        "can you help me",
        "can you help",
        "i need help",
    }
)


def is_smalltalk(tokens: Sequence[str]) -> bool:
    """Tell whether a message is only a greeting, thanks, or a question about Signpost itself."""
    if not tokens:
        return False
    if " ".join(tokens) in _ABOUT_US:
        return True
    return any(token in _OPENERS for token in tokens) and all(token in _GREETINGS for token in tokens)
