"""Mends what JSON and shells can carry and nothing can encode: half characters (lone surrogates)."""


def whole(text: str) -> str:
    """Put "?" for half characters."""
    return text.encode(errors="replace").decode()
