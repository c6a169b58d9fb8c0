"""Everything that Signpost can show in Slack, whatever the lengths and whatever the words try (RS-11 to RS-13)."""

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat import wording
from adapters.slack import home, modals
from adapters.slack.answers import render_answer
from adapters.slack.cards import render_card, render_receipt
from adapters.slack.notes import note, which_school
from adapters.slack.offers import render_offer
from bot import wording as said
from bot.escalation import wording as told
from bot.escalation.message import Act
from bot.escalation.model import DeliveryKind
from bot.escalation.receipt import receipt
from bot.types import ShownClause
from knowledge.model import Contact, Tension
from tests.adapters.slack.home_world import SCHOOL
from tests.adapters.slack.payloads import HOSTILE, check, check_view, hostile_words, long_words, read, shown, written
from tests.adapters.slack.replies import ANSWER, CONCERN, OFFER, with_clause
from tests.adapters.slack.test_cards import QUESTION
from tests.bot.builders import AT_BREAK, CATALOGUE, CONDUCT, FRIENDS, ON_SITE, PHONES
from tests.bot.escalation.builders import MINUTE, waiting
from tests.bot.escalation.builders import SCHOOL as DESK_SCHOOL
from tests.escalation_fakes import MONDAY

EDGES = (0, 1, 2_999, 3_000, 3_001, 12_000, 100_000)
_NUMBER = re.compile(r"\d+ of \d+")


def squeezed(text: str) -> str:
    """Return a text without the places where it may be split."""
    return "".join(text.split())


def together(messages: Sequence[Any]) -> str:
    """Return what is read in some messages, put together: neither their numbers nor where they may be split count."""
    texts = [text for message in messages for text in shown(message.blocks)]
    return squeezed("".join(text for text in texts if not _NUMBER.fullmatch(text)))


# ---- Lengths ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", ["&", "<", "a ", "é", "😀", "\u202e", "line\n", "<!channel> "], ids=repr)
@pytest.mark.parametrize("length", EDGES)
def test_a_clause_of_any_length_and_any_sign_comes_back_whole(length: int, seed: str) -> None:
    """At every limit that Slack has the pieces put together are the clause, sign by sign, to the asker and to all."""
    quote = (seed * (length // len(seed) + 1))[:length]
    reply = with_clause(replace(FRIENDS, quote=quote or None))
    for messages in (render_answer(reply, sharable=True), render_answer(reply, private=False)):
        check(messages)
        blocks = [block for message in messages for block in message.blocks]
        assert written(blocks, wording.RULE_ITSELF) == quote


@given(quote=long_words(), plain=long_words())
@settings(max_examples=25, deadline=None)
def test_plain_words_and_tensions_of_any_length_are_read_whole(quote: str, plain: str) -> None:
    """What our own words say of a clause, and what pulls it apart from another, is never cut either."""
    both = (
        ShownClause(replace(AT_BREAK, says=plain, quote=quote or None), PHONES, 0.9),
        ShownClause(replace(ON_SITE, says=plain, quote=None), PHONES, 0.8),
    )
    messages = render_answer(replace(ANSWER, clauses=both, tension=plain, notices=(plain,)))
    check(messages)
    assert squeezed(plain) in together(messages)


@given(words=long_words())
@settings(max_examples=25, deadline=None)
def test_advice_and_offers_of_any_length_are_read_whole(words: str) -> None:
    """Nothing of what to do now is left out, in the reply and once somebody is involved."""
    offer = replace(OFFER, says=words)
    concern = replace(CONCERN, advice=(words, "phone 999"), escalation=offer)
    for messages in (render_answer(concern), render_offer("r1", offer)):
        check(messages)
        if words.strip():
            assert squeezed(words) in together(messages)


# ---- Words -----------------------------------------------------------------------------------------------------------


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_offers_receipts_notes_and_choices_hold_any_words(data: st.DataObject) -> None:
    """Whatever schools, people and categories are called, each is a message that Slack takes."""
    one, two = data.draw(hostile_words), data.draw(hostile_words)
    many = data.draw(st.sampled_from([1, 3, 30]))
    contact = Contact("role", two, one, example=data.draw(st.booleans()))
    offer = replace(OFFER, says=two, readers=(contact,) * many, problem=data.draw(st.sampled_from([None, "no-route"])))
    check(render_offer("r1", offer, (contact,) * many))
    schools = [replace(SCHOOL, id=f"s{number}", name=one) for number in range(many)]
    check(which_school(schools, data.draw(st.sampled_from(["", "r" * 64]))))
    check(note(two[:1_000]))  # a sentence of our own
    late = receipt(waiting(), DESK_SCHOOL, one, MONDAY + 20 * MINUTE)
    brief = replace(
        late, lines=(two[:60],) * many, warning=one[:300], phone=(Contact("role", two[:60], one[:60]),) * min(many, 3)
    )
    check(render_receipt(brief))
    check_view(modals.receipt_view(brief))


@given(one=hostile_words, kind=st.sampled_from(DeliveryKind))
@settings(max_examples=40, deadline=None)
def test_every_kind_of_card_holds_any_words(one: str, kind: DeliveryKind) -> None:
    """A question's words stand on its card as they were typed; its notification has none of them."""
    card = render_card(replace(QUESTION, kind=kind, quoted=one[:2_000], lines=(one,) * 3, acts=tuple(Act)))
    check(card)
    assert squeezed(one[:2_000]) in together([card])


@given(one=hostile_words, two=hostile_words, length=st.sampled_from([1, 40, 400]))
@settings(max_examples=30, deadline=None)
def test_a_topic_shows_rules_and_tensions_whole_or_counts_them(one: str, two: str, length: int) -> None:
    """No rule is cut in the midst, and none stands there without the one that pulls against it."""
    topic = next(topic for topic in CATALOGUE.topics if topic.id in AT_BREAK.topics)
    clauses = (replace(AT_BREAK, quote=(one * length)[:40_000], says=two), replace(ON_SITE, quote=None, says=one))
    tension = Tension((AT_BREAK.id, ON_SITE.id), two, "headteacher")
    policy = replace(PHONES, title=one, clauses=clauses, tensions=(tension,))
    view = home.topic_view(topic, replace(SCHOOL, policies=(policy,)), MONDAY)
    check_view(view)
    assert squeezed(two) in squeezed("".join(shown(view["blocks"])))


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: repr(words[:12]))
def test_no_injection_fires_anywhere(words: str) -> None:
    """What looks like a mention, a link or an alarm for all is read as it was typed, and rings for nobody (RS-11)."""
    contact = Contact("headteacher", words, words)
    people = MappingProxyType({"headteacher": contact, "dsl": replace(contact, role="dsl")})
    school = replace(SCHOOL, name=words, contacts=people)
    policy = replace(CONDUCT, title=words, version=words, issued=words)
    reply = with_clause(replace(FRIENDS, quote=words, says=words, act=words, section=words), policy)
    reply = replace(reply, verdict=said.verdict(reply.clauses[0].clause), contacts=(contact,), notices=(words,))
    messages = [
        *render_answer(reply, sharable=True),
        *render_answer(reply, private=False),
        note(words[:1_000]),
        which_school([school, school], "r1"),
        render_card(replace(QUESTION, title=words, quoted=words[:2_000], lines=(words,), reference=words[:20])),
    ]
    check(messages)
    for message in messages:
        bell = html.unescape(message.text)
        assert "<" not in message.text
        assert len(bell) <= 300
    assert squeezed(words) in together(messages)
    for view in (
        home.home_view(home.Home(MONDAY, school, [school, school])),
        modals.said_view(words, words),
        modals.reply_view("e1", words[:20]),
        modals.resolve_view("e1", words[:20]),
        modals.answer_view("e1", words[:20]),
        modals.assign_view("e1", words[:20], (contact,)),
        modals.assign_view("e1", words[:20], ()),
        modals.raise_view((), (school, school)),
    ):
        check_view(view)


def test_what_newcomers_and_outsiders_read_can_be_shown() -> None:
    """The greeting, the kind words, the home of somebody who is not staff or has not chosen yet."""
    for text in (said.help_text("Designated Safeguarding Lead"), told.NOT_STAFF_REPLY, told.GONE, told.NOT_RECORDED):
        check(note(text))
        assert squeezed(text) in together([note(text)])
    check_view(home.outsider_view())
    check_view(home.home_view(home.Home(MONDAY, None, [SCHOOL, replace(SCHOOL, id="two")])))


def test_every_text_is_escaped_once() -> None:
    """An ampersand reads as one, and what is typed as an entity reads as it was typed."""
    (message,) = render_answer(with_clause(replace(FRIENDS, quote="Tom & Jerry &amp; co <b>")))
    assert "Tom & Jerry &amp; co <b>" in read([message])
