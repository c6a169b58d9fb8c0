"""What is kept of a question that found no answer: the words that are surely harmless, and no others."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.text import words
from bot.redaction import MARK, redact, vocabulary
from knowledge.loader import KnowledgeFolder, load_catalogue
from knowledge.model import Catalogue, Synonyms, Topic

KNOWN = frozenset(
    """a and am are at by call called can cant class dad did dsl for friend from grace harvest he her hes hit hope
    house i id ill im in is ive lads me mr mrs mum mums my no not number of on or parent pe phone plate post pupil
    pupils said school see she ta teacher text that the they to was what will with year""".split()
)

# The names most given to pupils and staff; in small letters a few of them could be taken for words.
COMMON_NAMES = """aaliyah aaron abigail adam aisha alex alfie ali alice amelia amir amy andrew anna archie arthur ava
    ben beth bob callum carol charlie chloe chris connor daisy dan dave david dylan ella ellie emily emma ethan eva evie
    fatima finley freddie george georgia grace hannah harry harvey henry hope ibrahim isaac isabella isla jack jacob
    james jasmine jayden jess joe john josh julie kai karen kate keith kian lacey layla leah leo lewis liam lily lola
    louise lucas lucy luke maisie maria mark mary mason maryam max megan mia mohammed muhammad nathan noah oliver olivia
    oscar owen paul peter phoebe poppy rachel reece riley rob rose ruby ryan sam samuel sarah sean sophia sophie steve
    sue summer susan theo thomas tom toby tyler yusuf zac zara zoe brown clarke davies evans green harris hughes
    jackson johnson jones khan king martin patel roberts robinson smith taylor thompson walker ward watson williams
    wilson wood wright""".split()


def redacted(text: str) -> str:
    """Return a text redacted by a small vocabulary that holds names as well."""
    return redact(text, KNOWN.__contains__)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        # what everybody writes stays as it was written
        ("can a TA phone my mum", "can a TA phone my mum"),
        ("Can't I text the pupils' mums? I'm not called.", "Can't I text the pupils' mums? I'm not called."),
        (
            "He’s in PE. I’ve called, and I'll text/phone the mum",
            "He’s in PE. I’ve called, and I'll text/phone the mum",
        ),
        ("", ""),
        # names of people
        ("Jayden in my class hit me", "[…] in my class hit me"),
        ("grace and jayden hit me", "grace and […] hit me"),
        ("my friend Grace hit me", "my friend […] hit me"),
        ("Grace hit me", "[…] hit me"),
        ("The mum of Will and Hope", "The mum of […] and […]"),
        ("Will I text the parent", "[…] I text the parent"),
        ("GRACE hit me", "[…] hit me"),
        ("Jayden Lee-Smith's dad, Tom, said no", "[…] dad, […], said no"),
        ("called will by the teacher", "called […] by the teacher"),
        ("mrs. hope and Mr Harvest", "mrs. […] and […]"),
        ("the dad of J. Smith said no", "the dad of […] said no"),
        ("A pupil hit pupil A", "A pupil hit pupil […]"),
        ("SHAUN hit me. Harvest hit her", "[…] hit me. Harvest hit her"),
        ("(Jayden) hit “Tom”", "([…]) hit “[…]”"),
        ("lads/jayden/mums", "[…]"),
        ("Zoë and 李雷", "[…] and […]"),
        ("Jay\u200bden 🙂 hit me", "[…] hit me"),
        # contact details
        ("text me at jo.smith@hillside.sch.uk, not by post", "text me at […], not by post"),
        ("phone 07700 900123 or +44 (0)7700 900 123.", "phone […] or […]."),
        ("see https://hillside.sch.uk/a?b=c or www.hillside.uk", "see […] or […]"),
        ("text @grace_h or @ grace", "text […] or […]"),
        ("post to SW1A 1AA", "post to […]"),
        ("the plate is AB12 CAR or SEE 123D", "the plate is […] or […]"),
        # numbers
        ("the year 6 class, 3b, ²/½ and ٣", "the year […] class, […], […] and […]"),
        ("on 3/4/2025 at 4pm", "on […] at […]"),
        # one mark for a run, and a mark stays a mark
        ("Ava Lee 3b 07700 900123", "[…]"),
        ("the […] of […], […]", "the […] of […], […]"),
    ],
)
def test_only_what_is_surely_harmless_is_kept(text: str, kept: str) -> None:
    """RS-88: people, contact details and numbers go, also where they look like words that are known."""
    assert redacted(text) == kept


def test_a_capital_after_a_full_stop_begins_a_sentence_and_one_after_an_abbreviation_does_not() -> None:
    """A sentence may begin with a capital; what follows an initial or "e.g." is a name."""
    assert redacted("He hit me. Harvest is on. e.g. Harvest") == "He hit me. Harvest is on. […]"


_FRAGMENTS = st.one_of(
    st.sampled_from(sorted(KNOWN)),
    st.sampled_from(sorted(KNOWN)).map(str.upper),
    st.sampled_from(sorted(KNOWN)).map(str.capitalize),
    st.sampled_from(
        "Jayden O'Neil I I'm can't e.g. J. 6b SW1A AB12 @ grace's http://a.b […] […]. (0)7 .. … — “ ’".split()
    ),
    st.text(max_size=6),
)
_TEXTS = st.lists(st.tuples(_FRAGMENTS, st.sampled_from([" ", " ", " ", "", "-", ".", ". ", ", ", "/", "\n"]))).map(
    lambda pairs: "".join(fragment + gap for fragment, gap in pairs)
)


@given(_TEXTS)
def test_no_number_and_no_unknown_word_ever_survives(text: str) -> None:
    """RS-88, whatever was written: what is left is known words and the marks between them."""
    kept = redacted(text).replace(MARK, " ")
    assert not any(letter.isnumeric() for letter in kept)
    assert set(words(kept)) <= KNOWN
    assert kept.isascii() or not any(letter.isalnum() for letter in kept if not letter.isascii())


@given(_TEXTS)
def test_no_capital_survives_inside_a_sentence(text: str) -> None:
    """A known word with a capital may be a name; only "I" and short abbreviations are not."""
    one_sentence = text.replace(".", " ").replace("?", " ").replace("!", " ")
    bare = [chunk.strip("\"'“”‘’(),;:…–—-/&+") for chunk in redacted(one_sentence).split()]
    for word in [word for word in bare if word][1:]:
        assert word.islower() or not word.isalpha() or word == "I" or (word.isupper() and len(word) <= 5)


@given(_TEXTS)
def test_what_was_redacted_once_stays_as_it_is(text: str) -> None:
    """A second pass finds nothing more."""
    assert redacted(redacted(text)) == redacted(text)


@given(_TEXTS)
def test_with_nothing_known_nothing_is_kept(text: str) -> None:
    """The list is one of what to keep: an empty one keeps no letter."""
    assert not any(letter.isalnum() for letter in redact(text, lambda _word: False))


def _spoken() -> Iterator[Topic]:
    yield Topic("a", "Phones", "Using a phone.", ("can jayden phone his mum", "Ask Harvest. My DSL said no"))
    yield Topic(
        "b", "Phones again", "Phones.", ("can i phone", "phone Harvest", "the DSL said seven will phone mark q")
    )


def test_the_vocabulary_is_what_several_questions_have_in_common() -> None:
    """What one example tells of one person stays out; so do names, numbers, and words only ever met with a capital."""
    catalogue = Catalogue(tuple(_spoken()), ("seven will mark q",), (Synonyms("facebook", ("fb", "The Gram")),))
    assert vocabulary(catalogue) == {"can", "phone", "dsl", "said", "will", "facebook", "fb"}


@pytest.fixture(scope="module")
def shipped() -> frozenset[str]:
    """Return the vocabulary of the shipped catalogue."""
    return vocabulary(load_catalogue(KnowledgeFolder()))


def test_the_shipped_vocabulary_holds_no_common_name(shipped: frozenset[str]) -> None:
    """A pupil's or a colleague's name goes, even typed in small letters."""
    assert sorted(shipped & set(COMMON_NAMES)) == []


def test_the_shipped_vocabulary_keeps_a_plain_question_readable(shipped: frozenset[str]) -> None:
    """What is left is worth reading: the question stays, its people go."""
    text = "Can I accept a friend request from Jayden's mum? sarah in 4B said the DSL doesn't like it"
    kept = "Can I accept a friend request from […] mum? […] in […] said the DSL doesn't like it"
    assert redact(text, shipped.__contains__) == kept
