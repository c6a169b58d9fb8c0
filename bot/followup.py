"""Follow-ups: "and at lunch?" means something only together with what was asked before it."""

from bot.matching.text import words

# How a question begins that goes on from another; longer ones say by themselves what they are about.
_BEGINNINGS = tuple(
    tuple(start.split())
    for start in (
        "and",
        "but",
        "or",
        "what about",
        "how about",
        "what if",
        "even",
        "also",
        "ok and",
        "ok but",
        "ok so",
        "so",
        "then",
        "does that",
        "is that",
    )
)
_LONGEST = 10


def goes_on(text: str) -> bool:
    """Tell whether a text may go on from the question before it: short, and begun as people begin such ones."""
    tokens = tuple(words(text))
    return 0 < len(tokens) <= _LONGEST and any(tokens[: len(start)] == start for start in _BEGINNINGS)
