"""The composition root: what is served after a start, and with which parts."""

import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from adapters.bootstrap import SchoolClock, Signpost, assemble, default_school, socket_path
from adapters.encoder.cache import CachedEncoder
from adapters.errors import EncoderError
from adapters.settings import Settings
from bot.ports import Encoder
from bot.types import Outcome, Utterance
from knowledge.errors import PackError
from knowledge.faults import Severity
from knowledge.loader import SHIPPED, KnowledgeFolder
from tests.fakes import CountingEncoder, signpost_over
from tests.packs import edit, write_school

QUESTION = "can i accept a friend request from a pupil"


def missing_encoder() -> Encoder:
    """Find no encoder."""
    raise EncoderError("the sentence encoder is not installed")


@dataclass(frozen=True, slots=True)
class FirstStart:
    """A first start over one school: its settings, what it encoded, and the progress it told."""

    settings: Settings
    encoder: CountingEncoder
    steps: list[tuple[int, int]]


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """Start once, in a state folder that is not there yet."""
    root = tmp_path_factory.mktemp("start")
    write_school(root / "ours")
    start = FirstStart(Settings(root / "ours", root / "deep" / "state", None, 0), CountingEncoder(), [])
    assemble(start.settings, lambda done, total: start.steps.append((done, total)), lambda: start.encoder)
    return start


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """Return a knowledge folder with one school."""
    write_school(tmp_path / "ours")
    return tmp_path / "ours"


def test_every_shipped_school_is_served(signpost: Signpost) -> None:
    """A fresh install serves all it ships, by the sentence encoder."""
    assert signpost.library.schools() == KnowledgeFolder(SHIPPED).school_ids()
    assert signpost.encoder_fault is None


def test_the_state_folder_is_its_owners_alone(first_start: FirstStart) -> None:
    """What Signpost keeps is not for others on the machine."""
    assert first_start.settings.state.stat().st_mode & 0o777 == 0o700


def test_progress_is_told_while_texts_are_learnt(first_start: FirstStart) -> None:
    """A first start shows how far it is, up to the end."""
    assert any(0 < done < total for done, total in first_start.steps)
    assert first_start.steps[-1][0] == first_start.steps[-1][1]


def test_a_second_start_learns_nothing(first_start: FirstStart) -> None:
    """What was learnt once is kept, so that later starts are quick; only the question set is asked."""
    second = CountingEncoder()
    assemble(first_start.settings, load_encoder=lambda: second)
    assert len(first_start.encoder.encoded) > 1_000
    assert second.encoded == [QUESTION]


async def test_without_the_sentence_encoder_signpost_works_by_keywords(first_start: FirstStart) -> None:
    """A missing encoder is told, and answers come all the same."""
    signpost = assemble(first_start.settings, load_encoder=missing_encoder)
    reply = await signpost.service.answer(Utterance("1", "hillside", QUESTION))
    assert signpost.encoder_fault == "the sentence encoder is not installed"
    assert reply.candidates[0].clause.id == "friends-pupils"


def test_a_catalogue_with_faults_stops_the_start(ours: Path, tmp_path: Path) -> None:
    """Without its catalogue Signpost would miss concerns, so it does not start."""
    (ours / "catalogue").mkdir()
    (ours / "catalogue" / "lexicon.yaml").write_text("lexicon: 3\n", encoding="utf-8")
    with pytest.raises(PackError, match=r"catalogue/lexicon\.yaml:1"):
        assemble(Settings(ours, tmp_path / "state", None, 0), load_encoder=missing_encoder)


def test_a_first_start_with_a_broken_school_serves_the_others(ours: Path, tmp_path: Path, signpost: Signpost) -> None:
    """One school's mistake is no other school's outage (RS-66)."""
    edit(write_school(ours, "valley") / "school.yaml", "england", "france")
    write_school(ours, "ridge")
    assert signpost_over(ours, signpost, tmp_path).library.schools() == ["hillside", "ridge"]


def test_a_question_set_that_fails_at_the_start_is_told_and_the_school_served(
    ours: Path, tmp_path: Path, signpost: Signpost
) -> None:
    """With no last good version to keep, a sound pack is served and its failing question named with its line."""
    edit(ours / "schools" / "hillside" / "questions.yaml", "[friends-pupils]", "[phones-class]")
    library = signpost_over(ours, signpost, tmp_path).library
    assert library.schools() == ["hillside"]
    (fault,) = [fault for fault in library.states()[0].faults if "questions.yaml" in fault.file]
    assert (fault.line, fault.severity) == (1, Severity.WARNING)


def test_schools_that_share_a_policy_share_its_index(ours: Path, tmp_path: Path, signpost: Signpost) -> None:
    """A trust of many schools costs hardly more memory than one of them; a school's own change is its own."""
    for name in ("valley", "ridge"):
        write_school(ours, name)
    edit(ours / "schools" / "ridge" / "policies" / "conduct.yaml", "says: Don't", "says: Never")
    library = signpost_over(ours, signpost, tmp_path).library
    hill, ridge, valley = (library.view(name).index.policies[0] for name in ("hillside", "ridge", "valley"))
    assert hill is valley
    assert (hill.clauses[0].says[:5], ridge.clauses[0].says[:5]) == ("Don't", "Never")


async def test_an_attached_document_is_quoted_after_a_reload(small: Signpost, hillside: Path) -> None:
    """The same clauses with a document are not taken for those without."""
    policies = hillside.parent / "valley" / "policies"
    shutil.copy(hillside / "policies" / "conduct.md", policies)
    await small.library.reload(["valley"], None)
    reply = await small.service.answer(Utterance("1", "valley", QUESTION))
    assert reply.clauses[0].clause.quote == "Staff must not be friends with pupils on social media."


async def test_the_whole_answers_from_the_document(small: Signpost) -> None:
    """From the files to the reply: the school's own words, quoted."""
    reply = await small.service.answer(Utterance("1", "hillside", QUESTION))
    assert reply.outcome is Outcome.ANSWER
    assert reply.clauses[0].clause.quote == "Staff must not be friends with pupils on social media."


def test_the_model_school_is_asked_where_none_is_named(signpost: Signpost) -> None:
    """A fresh install answers without naming a school."""
    assert default_school(signpost) == "model"


def test_the_only_school_is_asked_where_none_is_named(ours: Path, tmp_path: Path, signpost: Signpost) -> None:
    """A folder with one school needs no naming."""
    assert default_school(signpost_over(ours, signpost, tmp_path)) == "hillside"


def test_of_several_schools_none_is_guessed(small: Signpost) -> None:
    """Wrong is worse than asking back: with several schools one must be named."""
    assert default_school(small) is None


def test_the_default_school_of_the_settings_is_asked(small: Signpost) -> None:
    """The settings decide among several schools."""
    assert default_school(replace(small, settings=replace(small.settings, default_school="valley"))) == "valley"


def test_the_encoder_behind_the_cache_is_named() -> None:
    """Vectors are told apart by the weights that made them."""
    cached = CachedEncoder(CountingEncoder("other/2"), Path("nowhere"), lambda done, total: None)
    assert cached.identity() == "other/2"


def test_the_clock_tells_the_local_date() -> None:
    """Review dates are judged by the date at the school."""
    before = datetime.now().astimezone().date()
    assert before <= SchoolClock().today() <= datetime.now().astimezone().date()


def test_the_socket_lies_in_the_state_folder() -> None:
    """Server and command line meet where the settings say."""
    assert socket_path(Path("state")) == Path("state/signpost.sock")
