"""Redaction: what may be kept of a question that found no answer (design.md, section 8; RS-88).

A list of what to keep, not of what to take out: a word stays only where it is known to be harmless. So names, contact
details and numbers go without anybody having to recognise them, and so does much that did no harm.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable

from knowledge.model import Catalogue

MARK = "[…]"
_WORD = r"[A-Za-z]+(?:['’][A-Za-z]+)?"
_WORDS = re.compile(_WORD)
_PLAIN = re.compile(rf"{_WORD}(?:(?:[-–—/&+,;:?!]|\.{{2,}}|…){_WORD})*")
_OPENS = "\"'“‘("
_CLOSES = ".,;:?!…)\"'”’–—-"
_I = re.compile(r"I(?:['’](?:m|ve|d|ll))?")
_LONGEST_ABBREVIATION = 5
_PLATE_LETTERS = 3
_SEEN_TWICE = 2

# What comes after one of these is a name, however it is written.
_BEFORE_NAMES = frozenset("mr mrs ms mx miss dr prof rev sir madam coach called named nicknamed surname @".split())

# Given names and surnames that are words as well. Those in _NEEDED are kept in small letters, as the words they are.
_NAMES = frozenset(
    """
    abbot alexa alma amber angel apple april art ash aspen august autumn baker banks barber basil bay bell berry
    bill bird bishop blossom bob bond booth bow bowman bradford brook brooke brown bud buddy bush butcher butler
    candy carol carter cash castle chance chanel charity chase cherry chip christian claude clay cliff cody cook
    cooper coral craft crystal daisy dale daley dan darling dawn day dean destiny dick dolly don dot doyle drake
    drew duke earl ed eden elm eve ever faith fern fielding finch fisher flint flora florence flower forest
    foster fox francis frank gale gardener gary gay gemini gene ginger glen gloria glover golden grace grant
    gray green grey guy harmony harry haven hazel heath heather henry herb hill holly honey hope hoy
    hunt hunter iris isis ivory ivy jack jade jasmine jay jean jenny jersey jesse jewel jimmy joy judge june
    junior justice ken kent king kit knight lacey lake lance lane laurel lea lee leo les liberty lily little
    london long lord lotus love lucky mackenzie madonna major march marina mark marks marsh martin mason mat
    matt max may melody mercy merit mickey miles miller mina mini misty moon myrtle nan nick noble noel norm
    nova oak olive opal oscar otter page paige pansy paris park parker pat patience patty pearl peg penny pepper
    perry pierce piper pope poppy porter precious price prince ray red reed rich river rob robin rock roman rose
    rosemary rowan royal ruby rusty sage sally sam sandy sarah savannah saxon scarlet scout sharp shepherd
    sherry sierra sky skye sol song spencer spring star starr stella sterling stone storm sue summer sunny tad
    taylor teddy terry thorn tia tim timothy toby tom tony tory trinity troy tuck tucker turner tyler unity van
    victor victory viola violet wade walker ward warren watt webb west white wilder will willow winter wolf wood
    woods wren york young zion
    """.split()
)
_NEEDED = frozenset("art cook day ever junior little long may page park red scout star van white will young".split())
_NUMBERS = frozenset(
    """
    zero nought two double three triple four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
    thousand
    """.split()
)
_LETTERS = frozenset("bcdefghjklmnopqrstuvwxyz")


def redact(text: str, known: Callable[[str], bool]) -> str:
    """Return a text with a mark in place of everything that is not surely harmless, one for a run.

    `known` is asked of each word in small letters and without apostrophe ("can't" is "cant"). A capital letter inside a
    sentence makes even a known word a name, except in "I" and in short abbreviations.
    """
    chunks = text.split()
    kept: list[str] = []
    inside, before = False, ""
    for number, chunk in enumerate(chunks):
        lead, core, tail = _cut(chunk)
        if not core:
            kept.append(chunk)
        else:
            beside = chunks[max(0, number - 1) : number] + chunks[number + 1 : number + 2]
            after_title = before in _BEFORE_NAMES
            if after_title or _on_a_plate(core, beside) or not _is_harmless(core, known, inside=inside):
                tail = tail.lstrip(".") if _is_abbreviated(core) else tail
                _mark(kept, "" if ")" in core else lead, tail)
            else:
                kept.append(chunk)
            inside = True
        inside = inside and not _ends_sentence(tail)
        before = _last_word(core) if tail in {"", "."} else ""
    return " ".join(kept)


def vocabulary(catalogue: Catalogue) -> frozenset[str]:
    """Return the words of a catalogue that may be kept, in small letters and without apostrophe.

    They are the words of the lexicon, and those that two topics' questions or out-of-scope examples use in common, so
    that what one example tells of one person or town stays out. Whatever is a name too is left out, and so are numbers.
    """
    texts = [text for topic in catalogue.topics for text in (topic.title, topic.description, *topic.asked)]
    used = Counter(word for text in (*texts, *catalogue.out_of_scope) for word in _harmless_words([text]))
    terms = (phrase for group in catalogue.lexicon for phrase in (group.means, *group.also, *group.kind_of))
    words = {word for word, count in used.items() if count >= _SEEN_TWICE} | _harmless_words(terms)
    return frozenset(words - (_NAMES - _NEEDED) - _NUMBERS - _LETTERS)


def _harmless_words(texts: Iterable[str]) -> set[str]:
    """Return the words that stand in small letters, and the abbreviations; never one that only ever has a capital."""
    found = (match.group() for text in texts for match in _WORDS.finditer(text))
    return {_plain(word) for word in found if word.islower() or _is_short_capitals(word)}


def _cut(chunk: str) -> tuple[str, str, str]:
    rest = chunk.lstrip(_OPENS)
    core = rest.rstrip(_CLOSES)
    return chunk[: len(chunk) - len(rest)], core, rest[len(core) :]


def _is_harmless(core: str, known: Callable[[str], bool], *, inside: bool) -> bool:
    """Tell whether all words of a chunk may stay; one that holds anything but words may not."""
    if not _PLAIN.fullmatch(core):
        return False
    for word in _WORDS.findall(core):
        if not known(_plain(word)) or (not word.islower() and not _may_have_capitals(word, inside=inside)):
            return False
        inside = True
    return True


def _may_have_capitals(word: str, *, inside: bool) -> bool:
    if _I.fullmatch(word):
        return True
    if _plain(word) in _NAMES:
        return False
    return _is_short_capitals(word) or not inside


def _is_short_capitals(word: str) -> bool:
    return word.isupper() and 2 <= len(word) <= _LONGEST_ABBREVIATION


def _on_a_plate(core: str, beside: Iterable[str]) -> bool:
    """Tell the letters of a number plate, "AB12 CAR": three capitals beside something with a number in it."""
    return core.isupper() and len(core) == _PLATE_LETTERS and any(map(_has_number, beside))


def _has_number(chunk: str) -> bool:
    return any(letter.isnumeric() for letter in chunk)


def _is_abbreviated(core: str) -> bool:
    """Tell "J" of "J. Smith" and "e.g" of "e.g.": the stop behind them ends no sentence."""
    return len(core) == 1 or "." in core


def _mark(kept: list[str], lead: str, tail: str) -> None:
    if kept and kept[-1].endswith(MARK) and not lead:
        kept[-1] += tail
    else:
        kept.append(lead + MARK + tail)


def _ends_sentence(tail: str) -> bool:
    return "?" in tail or "!" in tail or tail.count(".") == 1


def _last_word(core: str) -> str:
    words = _WORDS.findall(core)
    return _plain(words[-1]) if words else core


def _plain(word: str) -> str:
    return word.replace("'", "").replace("’", "").lower()
