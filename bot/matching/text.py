"""Words: how a question and a clause are cut into the same tokens."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?", re.IGNORECASE | re.ASCII)
_STOP = frozenset(
    """a an the of to in on at by for with from and or but if is are was were be been being am do does did doing have
    has had having i me my mine we us our ours you your yours he him his she her hers it its they them their theirs
    this that these those there here what which who whom whose how when where why can could may might shall should
    will would must not no nor so than then too very just about into over under again as up down out off own s t re ve
    d ll m im ive id dont cant wont isnt arent doesnt didnt any some all get got please thanks thank hi hello""".split()
)
_stemmer = snowballstemmer.stemmer("english")


def words(text: str) -> list[str]:
    """Return the lower-case words of a text, apostrophes dropped ("don't" -> "dont")."""
    return [word.replace("'", "").lower() for word in _WORD.findall(_straight(text))]


def with_words(text: str, tokens: Sequence[str]) -> str:
    """Return a text with its words replaced by others, one for one; what is the same keeps its case and apostrophe."""
    left = iter(tokens)

    def replaced(found: re.Match[str]) -> str:
        token = next(left)
        return found.group() if found.group().replace("'", "").lower() == token else token

    return _WORD.sub(replaced, _straight(text))


def _straight(text: str) -> str:
    return text.replace("’", "'").replace("‘", "'")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the Snowball stem of a word."""
    return str(_stemmer.stemWord(word))


def stems(tokens: Iterable[str]) -> list[str]:
    """Return the stems of the telling words: those that are not stop words."""
    return [stem(token) for token in tokens if token not in _STOP]
