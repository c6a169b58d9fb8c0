"""What the shipped catalogue and packs say about concerns: safeguarding rules that no wording may break."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

import pytest
import yaml

from bot import wording
from bot.triage import SafetyFloor
from knowledge.loader import SHIPPED, KnowledgeFolder, load_catalogue
from knowledge.model import Catalogue, ConcernKind, RouteName

# A promise to keep something quiet, and not a mention of confidential matters in a rule.
PROMISE = re.compile(
    r"\b(in (strict |complete )?confidence|anonymously|between (us|you and me)|off the record"
    r"|(is|are|be|stay|stays|remain|remains|kept|treated as) (\w+ )?(confidential|anonymous|secret)"
    r"|(nobody|no one) (else )?(will|can|needs to|has to) (ever )?(know|learn|find out|be told)"
    r"|(we|i|they|dsl|headteacher) (will not|won't|will never) (tell|pass))\b",
    re.IGNORECASE,
)
INVESTIGATES = re.compile(
    r"\b(investigat\w*|look into|find out|question the|questions|interview|search|confront|get the (full )?story)\b",
    re.IGNORECASE,
)
FORBIDS = re.compile(r"\b(not|never|don't)\b", re.IGNORECASE)
ASKS_A_NAME = re.compile(
    r"\b((child|pupil|girl|boy)'s (full |first )?name|names? of (the|a|any|each) (child|pupil|girl|boy|children|pupils)"
    r"|who (it is|it was|the (child|pupil) is)|(which|what) (child|pupil|class))\b",
    re.IGNORECASE,
)
TELLS = re.compile(r"\b(tell|phone) (the )?(DSL|headteacher|chair of governors|data protection officer|999)\b")


@cache
def _catalogue() -> Catalogue:
    return load_catalogue(KnowledgeFolder(SHIPPED))


def _advice() -> Iterator[tuple[str, str]]:
    for kind in _catalogue().concerns:
        for line in kind.advice:
            yield kind.id, line
        for where, advice in kind.elsewhere.items():
            for line in advice.says:
                yield f"{kind.id} in {where}", line


def _wording() -> Iterator[tuple[str, str]]:
    for name, value in vars(wording).items():
        if name.isupper() and not name.startswith("_") and isinstance(value, str):
            yield name, value
    yield "tryout_broke", wording.tryout_broke("E1")


def _says() -> Iterator[tuple[str, str]]:
    for path in sorted(SHIPPED.rglob("schools/*/policies/*.yaml")):
        policy = yaml.safe_load(path.read_text(encoding="utf-8"))
        for clause in policy["clauses"]:
            yield clause["id"], clause["says"]
        for tension in policy.get("tensions", ()):
            yield "-".join(tension["between"]), tension["says"]


def _sentences(texts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, sentence) for name, text in texts for sentence in re.split(r"(?<=[.:;?!])\s+", text)]


def _kinds() -> tuple[ConcernKind, ...]:
    return _catalogue().concerns


@pytest.mark.parametrize(
    "text",
    [
        "This is kept strictly confidential.",
        "Your report stays anonymous.",
        "You can tell us in confidence.",
        "No one will know it was you.",
        "We will not tell your headteacher.",
        "It stays between us.",
    ],
)
def test_the_guard_knows_a_promise(text: str) -> None:
    """The pattern these tests search with finds what it must."""
    assert PROMISE.search(text)


def test_the_guard_leaves_rules_about_secrets_alone() -> None:
    """A rule against promises, or about confidential matters, is no promise."""
    for text in ("Never promise to keep it secret.", "If you know something confidential, don't post it."):
        assert not PROMISE.search(text)


def test_nothing_promises_confidentiality() -> None:
    """No sentence of Signpost and no `says` of a shipped pack promises to keep a concern quiet (RS-84)."""
    promises = [one for one in _sentences((*_advice(), *_wording(), *_says())) if PROMISE.search(one[1])]
    assert promises == []


def test_advice_never_speaks_of_confidential_or_anonymous() -> None:
    """Of a concern the words are not even used; "secret" only to say that none must be promised (RS-84)."""
    for name, sentence in _sentences((*_advice(), *_wording())):
        assert not re.search(r"confidential|anonym|private chat", sentence, re.IGNORECASE), (name, sentence)
        if "secret" in sentence:
            assert sentence.startswith("Never promise"), (name, sentence)


def test_nobody_is_asked_to_investigate() -> None:
    """Where a sentence speaks of looking into it or of questions, it is to forbid it (RS-85)."""
    asked = [one for one in _sentences(_advice()) if INVESTIGATES.search(one[1]) and not FORBIDS.search(one[1])]
    assert asked == []


def test_advice_asks_nothing() -> None:
    """Advice says what to do; it asks no who, what or why (RS-85)."""
    assert [one for one in _advice() if "?" in one[1]] == []


def test_nobody_is_asked_for_a_childs_name() -> None:
    """Neither advice nor any other sentence of Signpost wants to know which child it is (RS-85)."""
    assert [one for one in (*_advice(), *_wording()) if ASKS_A_NAME.search(one[1])] == []


@pytest.mark.parametrize("verb", ["look at", "copy", "print", "share", "store", "forward"])
def test_indecent_images_are_never_handled(verb: str) -> None:
    """The advice forbids each way of handling the picture, and asking a child to show it (RS-86)."""
    (kind,) = (kind for kind in _kinds() if kind.id == "indecent-images")
    (rule,) = (line for line in kind.advice if line.startswith("Never look at"))
    assert verb in rule
    assert "never ask a child to show it or send it" in rule.lower()


def test_indecent_images_are_never_taken_in() -> None:
    """No line asks for a picture or tells anyone to keep, attach or delete it (RS-86)."""
    (kind,) = (kind for kind in _kinds() if kind.id == "indecent-images")
    handling = re.compile(r"\b(attach|upload|screenshot|keep|save|delete|send|show)\b", re.IGNORECASE)
    asked = [one for one in _sentences([(kind.id, " ".join(kind.advice))]) if handling.search(one[1])]
    assert all(FORBIDS.search(sentence) for _, sentence in asked), asked


def test_no_category_shows_a_clause_where_the_law_might_be_contradicted() -> None:
    """Danger, risk, images and adults' conduct get advice alone."""
    quiet = {kind.id for kind in _kinds() if not kind.clauses_shown}
    assert quiet >= {"immediate-danger", "child-at-risk", "indecent-images", "adult-conduct", "head-conduct"}


def test_every_category_names_a_person() -> None:
    """Each has contacts, and words that say whom to tell or phone."""
    for kind in _kinds():
        assert kind.contacts, kind.id
        assert any(TELLS.search(line) for line in kind.advice), kind.id


def test_a_child_goes_to_the_dsl_first_and_then_the_deputy() -> None:
    """Every category of the child route names the DSL and the deputy, in contacts and in words (RS-80)."""
    for kind in _kinds():
        if kind.route is RouteName.CHILD:
            assert kind.contacts[:2] == ("dsl", "deputy-dsl"), kind.id
            assert any("the DSL" in line and "in person or by phone" in line for line in kind.advice), kind.id


def test_an_adult_goes_to_the_headteacher_and_the_head_to_the_chair() -> None:
    """A worry about the headteacher names the chair and never the headteacher (RS-82)."""
    by_id = {kind.id: kind for kind in _kinds()}
    assert by_id["adult-conduct"].contacts[0] == by_id["low-level"].contacts[0] == "headteacher"
    assert by_id["head-conduct"].contacts[0] == "chair-of-governors"
    assert "headteacher" not in by_id["head-conduct"].contacts
    assert by_id["head-conduct"].route is RouteName.HEAD


def test_immediate_danger_begins_with_999() -> None:
    """The first line is the emergency number, the second the DSL (RS-81)."""
    danger = _kinds()[0]
    assert danger.id == "immediate-danger"
    assert "999 first" in danger.advice[0]
    assert "the DSL" in danger.advice[1]


def test_signpost_is_no_record() -> None:
    """Categories about a pupil send the record to the school's own safeguarding system (RS-87)."""
    for kind in _kinds():
        if kind.route is RouteName.CHILD:
            assert any("safeguarding record" in line for line in kind.advice), kind.id


def test_a_low_level_worry_is_never_played_down() -> None:
    """A nagging doubt counts, and needs no proof (RS-83)."""
    (kind,) = (kind for kind in _kinds() if kind.id == "low-level")
    assert any("Small worries count" in line for line in kind.advice)


def test_every_word_list_can_be_met() -> None:
    """Every list a sign names is there and filled, and no entry is longer than the floor reads."""
    catalogue = _catalogue()
    named = {name for kind in catalogue.concerns for sign in kind.signs for name in re.findall(r"\{(\w+)\}", sign)}
    assert [name for name in named if not catalogue.sign_words.get(name)] == []
    entries = [entry for name in named for entry in catalogue.sign_words[name]]
    assert [entry for entry in entries if not 1 <= len(entry.split()) <= 4] == []


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("he says he wants to die", "immediate-danger"),
        ("i want to die", "immediate-danger"),
        ("if i died nobody would care", "immediate-danger"),
        ("nobody would notice if i was gone", "immediate-danger"),
        ("there is no point in me being alive", "immediate-danger"),
        ("i have slit my wrists", "immediate-danger"),
        ("ah dinnae want tae live nae mair", "immediate-danger"),
        ("im gonna kill meself", "immediate-danger"),
        ("i took a load of tablets", "immediate-danger"),
        ("he said he is going to stab me", "immediate-danger"),
        ("i was threatened with a knife", "immediate-danger"),
        ("a pupil just told me her stepdad hits her", "child-at-risk"),
        ("someone is sharing a nude of a year 9 girl", "indecent-images"),
        ("one of my pupils keeps messaging me at night on insta", "pupil-contact"),
    ],
)
def test_the_shipped_floor_sees_plain_alarms(text: str, category: str) -> None:
    """Unmistakable words are seen without any matcher."""
    seen = SafetyFloor(_catalogue()).see(text.split())
    assert seen is not None
    assert seen.kind.id == category


@pytest.mark.parametrize(
    "text",
    [
        "can i hang a poster about suicide prevention week on the school page",
        "may i share the trip photos with parents",
        "this marking is killing me, can i post a joke about it",
        "do i have to log out of my account",
        "can i shoot a video for the school website",
        "i cut my finger on the guillotine",
        "my feet are killing me",
        "i dont want to go on the trip",
        "what is the point of the new form",
    ],
)
def test_the_shipped_floor_leaves_policy_questions_alone(text: str) -> None:
    """False alarms cost trust."""
    assert SafetyFloor(_catalogue()).see(text.split()) is None
