"""How two wordings of a passage are compared: the folding table and the digest of a locator."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

# The one printed table of the comparison. It is part of the pack format: changing a row changes every digest.
FOLDED = {
    "'": "‘’‚‛‟`´′ʼ",
    '"': "“”„″«»",
    "-": "‐‑‒–—―−",
    " ": "\u00a0\u2007\u202f\u2009",
    "": "\u200b\u200c\u200d\u2060\ufeff\u00ad",
}
_TABLE = {ord(sign): plain for plain, signs in FOLDED.items() for sign in signs}
_SIGNS = re.compile(r"^(?:(?:[·•▪‣◦●■□*§\uf0b7]|-(?=\s|$)|\d{1,3}(?:\.\d{1,3})+[.)]?|\d{1,3}[.)])\s*)+")
DIGEST_LENGTH = 12


def fold(text: str) -> str:
    """Fold a passage for comparison.

    NFC; quotation marks, apostrophes, dashes and no-break spaces folded by `FOLDED`; white space collapsed;
    leading bullet signs and `n.`, `n)`, `n.n` taken off. Case and all other punctuation count. Folding again
    changes nothing.
    """
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).translate(_TABLE))
    return _SIGNS.sub("", " ".join(plain.split()))


def digest(texts: Iterable[str]) -> str:
    """Digest the passages of one clause: the first 12 hex digits of the SHA-256 of their folded texts, a line each."""
    joined = "\n".join(fold(text) for text in texts)
    return hashlib.sha256(joined.encode()).hexdigest()[:DIGEST_LENGTH]
