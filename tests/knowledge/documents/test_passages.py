"""Cutting blocks into numbered passages, with heading and lead-in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents.blocks import Block, BlockKind
from knowledge.documents.passages import cut_passages, split_sentences
from knowledge.model import PassageKind
from tests.knowledge.builders import document, led_in, seconds, texts

HEADING, PARAGRAPH, BULLET = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.BULLET


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Ask first. Then act.", ["Ask first.", "Then act."]),
        ("May I? Yes! Ask 2 people.", ["May I?", "Yes!", "Ask 2 people."]),
        ("He said “no.” Staff left.", ["He said “no.”", "Staff left."]),
        ("(See the guide.) “Friends” are people.", ["(See the guide.)", "“Friends” are people."]),
        ("Use apps, e.g. Chat or i.e. Talk, with care. Ask.", ["Use apps, e.g. Chat or i.e. Talk, with care.", "Ask."]),
        ("Sites such as blogs, wikis etc. are covered. Ask.", ["Sites such as blogs, wikis etc. are covered.", "Ask."]),
        ("Blogs, wikis etc. Staff ask.", ["Blogs, wikis etc.", "Staff ask."]),
        ("Ask Mr. Hill or Dr. B. Dale at St. Mary’s.", ["Ask Mr. Hill or Dr. B. Dale at St. Mary’s."]),
        ("See para. 4 and p. 12. Then ask.", ["See para. 4 and p. 12.", "Then ask."]),
        ("Phones stay off.Staff ask first.", ["Phones stay off.", "Staff ask first."]),
        ("Visit www.School.example or call.", ["Visit www.School.example or call."]),
        ("At 3.15 pm the gate opens. It shuts at 4.", ["At 3.15 pm the gate opens.", "It shuts at 4."]),
        ("No full stop", ["No full stop"]),
        ("   ", []),
        ("", []),
    ],
)
def test_paragraph_splits_into_its_sentences(text: str, sentences: list[str]) -> None:
    """A sentence ends where a reader would end it: abbreviations hold, a missing space does not glue."""
    assert split_sentences(text) == sentences


@given(st.text() | st.lists(st.sampled_from(["Ask.", "e.g.", "No?", "“", "”", "a", "B.", " ", "3."])).map(" ".join))
def test_splitting_loses_no_letters(text: str) -> None:
    """Whatever the text, its letters come back in order; only white space may change."""
    assert "".join("".join(split_sentences(text)).split()) == "".join(text.split())


def test_long_paragraph_of_abbreviations_is_read_quickly() -> None:
    """RS-61: the work of splitting grows with the text and not with its square."""
    assert seconds(lambda: split_sentences("e.g. A " * 20_000)) < 10


def test_passages_are_numbered_through_the_document() -> None:
    """Every block counts, headings too, and every sentence of a paragraph."""
    blocks = [Block(HEADING, "Phones"), Block(PARAGRAPH, "Ask. Then act."), Block(BULLET, "wait")]
    assert [(p.number, p.kind, p.text) for p in cut_passages(blocks)] == [
        (1, PassageKind.HEADING, "Phones"),
        (2, PassageKind.SENTENCE, "Ask."),
        (3, PassageKind.SENTENCE, "Then act."),
        (4, PassageKind.BULLET, "wait"),
    ]


BLOCKS = st.builds(
    Block,
    st.sampled_from(BlockKind),
    st.text("Ab.: ", max_size=12).map(str.strip),
    st.none() | st.just("1"),
    st.integers(0, 30),
)


@given(st.lists(BLOCKS))
def test_numbers_run_from_one_without_gaps(blocks: list[Block]) -> None:
    """Passages are numbered 1 to n, none is empty, and a lead-in always stands before what it leads in."""
    passages = cut_passages(blocks)
    assert [passage.number for passage in passages] == list(range(1, len(passages) + 1))
    assert all(passage.text for passage in passages)
    assert all(list(p.lead_in) == sorted(set(p.lead_in)) and max(p.lead_in, default=0) < p.number for p in passages)


def test_block_without_text_counts_for_nothing() -> None:
    """A bullet sign that lost its text makes no passage."""
    assert texts(cut_passages([Block(BULLET, ""), Block(PARAGRAPH, ""), Block(BULLET, "ask")])) == ["ask"]


def test_heading_and_number_are_kept_for_people() -> None:
    """A passage knows its heading, without the colon, and the printed number of itself or of its section."""
    blocks = [Block(HEADING, "Phones:", "4"), Block(PARAGRAPH, "Ask.", "4.2"), Block(BULLET, "wait")]
    assert [(p.heading, p.printed) for p in cut_passages(blocks)] == [
        ("Phones", "4"),
        ("Phones", "4.2"),
        ("Phones", "4"),
    ]


def test_repeated_numbers_are_kept_as_printed() -> None:
    """Numbers that restart are for people: every passage keeps the one it printed, and its own running number."""
    found = document("1. Staff must ask first.\n1. Staff must tell the office.\n1. Staff must wait for a reply.\n")
    assert [(p.number, p.printed) for p in found.passages] == [(1, "1"), (2, "1"), (3, "1")]


def test_lead_in_is_carried_to_every_bullet() -> None:
    """The stem that forbids goes with each item, so that none of them reads as allowed."""
    found = document("Staff must not:\n· lend a phone;\n· film a pupil.\nAsk the office first.")
    assert led_in(found) == {"lend a phone;": ["Staff must not:"], "film a pupil.": ["Staff must not:"]}


@pytest.mark.parametrize("colon", [":-", ":–", ":—", ": -"])
def test_lead_in_may_be_printed_with_a_dash(colon: str) -> None:
    """A stem that ends in a colon and a dash forbids what follows as much as one with a colon alone."""
    stem = f"Members of staff must never do any of these at work{colon}"
    assert led_in(document(f"{stem}\n· lend a phone;\n")) == {"lend a phone;": [stem]}


def test_short_stem_brings_the_sentence_before_it() -> None:
    """ "They:" alone would not say who: the sentence before it goes with it."""
    found = document(
        "Members of staff are careful people in every way.\nVisitors come and go. They:\n· must ask first;"
    )
    assert led_in(found) == {"must ask first;": ["Visitors come and go.", "They:"]}


def test_short_stem_that_stands_alone_is_carried_alone() -> None:
    """A short stem with nothing before it in its paragraph is carried as it is."""
    assert led_in(document("Staff must:\n· ask first;")) == {"ask first;": ["Staff must:"]}


def test_numbered_item_with_bullets_chains_its_lead_ins() -> None:
    """A bullet below a numbered item carries both stems, outermost first; the next item starts anew."""
    found = document(
        "Staff must not:\n1. share what is private, for example:\n· a pupil’s name;\n· a photo;\n2. lend a phone."
    )
    private = "share what is private, for example:"
    assert led_in(found) == {
        private: ["Staff must not:"],
        "a pupil’s name;": ["Staff must not:", private],
        "a photo;": ["Staff must not:", private],
        "lend a phone.": ["Staff must not:"],
    }


@pytest.mark.parametrize("kind", [BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ROW, BlockKind.CONTENTS])
def test_anything_but_a_bullet_ends_the_list(kind: BlockKind) -> None:
    """After a heading, paragraph or row the lead-in holds no more."""
    blocks = [Block(PARAGRAPH, "Staff must not:"), Block(BULLET, "lie"), Block(kind, "Other"), Block(BULLET, "ask")]
    assert [passage.lead_in for passage in cut_passages(blocks)] == [(), (1,), (), ()]


def test_bullets_that_all_end_in_a_colon_nest_only_so_deep() -> None:
    """RS-61: a list of nothing but stems keeps its chains short, however long it is."""
    found = document("".join(f"· stem {number}:\n" for number in range(3_000)))
    assert max(len(passage.lead_in) for passage in found.passages) < 12


@pytest.mark.parametrize("kind", list(BlockKind))
def test_every_kind_of_block_has_its_kind_of_passage(kind: BlockKind) -> None:
    """Headings, bullets, rows and contents lines stay what they are; a paragraph becomes sentences."""
    expected = "sentence" if kind is BlockKind.PARAGRAPH else kind.value
    assert [passage.kind for passage in cut_passages([Block(kind, "Ask first.")])] == [PassageKind(expected)]
