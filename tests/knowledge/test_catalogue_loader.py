"""Reading the catalogue."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.matching.text import words
from bot.triage import SafetyFloor
from knowledge.catalogue_loader import read_catalogue
from knowledge.errors import PackError
from knowledge.loader import KnowledgeFolder, load_catalogue
from knowledge.model import Catalogue, ConcernKind, RouteName, Synonyms, Topic
from knowledge.snapshot import read_folder
from tests.knowledge.builders import told, write

PHONES = "topics:\n  - {id: phones, title: Phones, description: Your phone., asked: [may i use it]}\n"
CONCERN = """\
concerns:
  - id: low-level
    title: A doubt
    route: staff
    urgent: no
    clauses_shown: yes
    contacts: [headteacher]
    advice: [Tell the headteacher.]
    source: Ours
    signs: ["{word}"]
words: {word: [doubt]}
"""


def _catalogue(folder: Path, *parts: Mapping[str, str | bytes]) -> Catalogue:
    return read_catalogue([read_folder(write(folder / f"catalogue{n}", part)) for n, part in enumerate(parts)])


def _refused(folder: Path, *parts: Mapping[str, str | bytes]) -> list[str]:
    with pytest.raises(PackError) as refused:
        _catalogue(folder, *parts)
    return told(refused.value.faults)


def test_every_kind_of_file_is_read(tmp_path: Path) -> None:
    """Topics, out-of-scope examples, lexicon, concerns and their examples stand in the catalogue."""
    files = {
        "topics/phones.yaml": PHONES,
        "out_of_scope.yaml": "out_of_scope:\n  - {kind: weather, asked: [will it rain]}\n",
        "lexicon.yaml": "lexicon:\n  - {means: phone, also: [mobile], kind_of: [device]}\n",
        "concerns.yaml": CONCERN,
        "concern_examples/doubts.yaml": "concerns: {low-level: [i have a doubt]}\nordinary: [i doubt it will rain]\n",
    }
    found = _catalogue(tmp_path, files)
    assert found.topics == (Topic("phones", "Phones", "Your phone.", ("may i use it",)),)
    assert found.out_of_scope == ("will it rain",)
    assert found.lexicon == (Synonyms("phone", ("mobile",), ("device",)),)
    assert (found.concern_examples, found.ordinary) == ({"low-level": ("i have a doubt",)}, ("i doubt it will rain",))
    assert found.sign_words == {"word": ("doubt",)}
    assert found.concerns == (
        ConcernKind(
            "low-level",
            "A doubt",
            RouteName.STAFF,
            urgent=False,
            clauses_shown=True,
            contacts=("headteacher",),
            advice=("Tell the headteacher.",),
            source="Ours",
            signs=("{word}",),
        ),
    )


def test_empty_catalogue_is_a_catalogue(tmp_path: Path) -> None:
    """A folder without files adds nothing."""
    assert _catalogue(tmp_path, {}) == Catalogue()


def test_topic_that_is_defined_again_adds_its_questions(tmp_path: Path) -> None:
    """A knowledge folder may re-title a topic; its questions join those that ship."""
    again = "topics:\n  - {id: phones, title: Mobiles, description: Mine., asked: [can i]}\n"
    found = _catalogue(tmp_path, {"topics/a.yaml": PHONES}, {"topics/b.yaml": again})
    assert found.topics == (Topic("phones", "Mobiles", "Mine.", ("may i use it", "can i")),)


def test_additions_come_behind_what_ships(tmp_path: Path) -> None:
    """Out-of-scope examples, lexicon, and examples of a concern are put one behind the other."""
    one = {
        "out_of_scope.yaml": "out_of_scope: [{kind: a, asked: [one?]}]",
        "concern_examples/adults.yaml": "concerns: {low-level: [one?]}\nordinary: [two?]\n",
    }
    other = {
        "out_of_scope.yaml": "out_of_scope: [{kind: a, asked: [two?, three?]}]",
        "concern_examples/adults.yaml": "concerns: {low-level: [three?], other: [four?]}\nordinary: []\n",
        "concern_examples/life.yaml": "concerns: {}\nordinary: [five?]\n",
    }
    found = _catalogue(tmp_path, one, other)
    assert found.out_of_scope == ("one?", "two?", "three?")
    assert found.concern_examples == {"low-level": ("one?", "three?"), "other": ("four?",)}
    assert found.ordinary == ("two?", "five?")


def test_unknown_file_is_told(tmp_path: Path) -> None:
    """A file the catalogue would never read is a fault, so that a slip in a name is not silent."""
    (fault,) = _refused(tmp_path, {"topic/phones.yaml": PHONES})
    assert fault.startswith(
        "catalogue0/topic/phones.yaml: a file the catalogue does not know. Expected: topics/*.yaml,"
    )
    assert fault.endswith("Move it away.")


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    """A read-me beside the catalogue stops nothing."""
    assert _catalogue(tmp_path, {"README.md": "# Ours", "topics/notes.txt": "x"}) == Catalogue()


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    """RS-64: without its catalogue Signpost does not start, so all faults of all folders are listed."""
    faults = _refused(
        tmp_path,
        {"topics/a.yaml": "topics: [x]\n", "lexicon.yaml": "lexicon: &a []\n"},
        {"concerns.yaml": CONCERN.replace("urgent: no", "urgent: perhaps")},
    )
    assert [fault.split(": ")[0] for fault in faults] == [
        "catalogue0/lexicon.yaml:1",
        "catalogue0/topics/a.yaml:1",
        "catalogue1/concerns.yaml:5",
    ]


def test_link_out_of_the_catalogue_is_refused(tmp_path: Path) -> None:
    """RS-68: faults of reading the folder count as much as faults of its files."""
    write(tmp_path, {"lexicon.yaml": "lexicon: []\n", "catalogue0/topics/a.yaml": PHONES})
    (tmp_path / "catalogue0" / "lexicon.yaml").symlink_to(tmp_path / "lexicon.yaml")
    assert len(_refused(tmp_path, {})) == 1


def test_shipped_catalogue_is_sound() -> None:
    """What ships is read without faults and covers topics, concerns and words."""
    found = load_catalogue(KnowledgeFolder())
    assert found.topics
    assert found.concerns
    assert found.lexicon
    assert found.out_of_scope


def test_knowledge_folder_adds_to_the_shipped_catalogue(tmp_path: Path) -> None:
    """A catalogue/ in the knowledge folder adds to what ships and takes nothing away."""
    shipped = {topic.id for topic in load_catalogue(KnowledgeFolder()).topics}
    new = PHONES.replace("id: phones", "id: our-own-pond")
    found = load_catalogue(KnowledgeFolder(write(tmp_path, {"catalogue/topics/a.yaml": new})))
    assert {topic.id for topic in found.topics} == shipped | {"our-own-pond"}


def test_words_of_one_name_are_put_one_behind_the_other(tmp_path: Path) -> None:
    """A word list that is given again grows, and loses nothing."""
    found = _catalogue(
        tmp_path, {"concerns.yaml": CONCERN}, {"concerns.yaml": "concerns: []\nwords: {word: [qualm]}\n"}
    )
    assert found.sign_words == {"word": ("doubt", "qualm")}


def test_the_safety_floor_sees_the_shipped_words_beside_a_folders_own(tmp_path: Path) -> None:
    """A knowledge folder can add words for the signs, and can take none of the shipped ones away."""
    shipped = load_catalogue(KnowledgeFolder())
    own = "".join(f"  {name}: [zebracanary]\n" for name in shipped.sign_words)
    files = {"catalogue/concerns.yaml": f"concerns: []\nwords:\n{own}"}
    found = load_catalogue(KnowledgeFolder(write(tmp_path, files)))
    told_of = words("a boy in my class told me his dad hits him")
    assert SafetyFloor(shipped).see(told_of)
    assert SafetyFloor(found).see(told_of) == SafetyFloor(shipped).see(told_of)
    assert {name: (*listed, "zebracanary") for name, listed in shipped.sign_words.items()} == found.sign_words
