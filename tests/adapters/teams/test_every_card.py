"""Everything that Signpost can show in Teams, whatever the lengths and whatever the words try (RS-38, RS-39)."""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat import wording
from adapters.teams import notes, views
from adapters.teams.answers import render_answer, render_clause
from adapters.teams.cards import render_card, render_receipt
from adapters.teams.connection import Json
from adapters.teams.offers import render_offer
from adapters.teams.rendered import Rendered
from bot import wording as said
from bot.escalation.desk import Opened, Said
from bot.escalation.message import Act
from bot.escalation.model import DeliveryKind
from bot.escalation.receipt import receipt
from bot.types import Action, Option, Outcome, Reply
from knowledge.model import Clause, Contact, Party, Policy, Reach, School, Stance
from tests.adapters.slack.payloads import catalogue, schools
from tests.adapters.teams.payloads import (
    HOSTILE,
    as_shown,
    check,
    check_card,
    check_dialog,
    every_card,
    hostile_words,
    long_words,
    read,
    squeezed,
    together,
    written,
)
from tests.adapters.teams.replies import ANSWER, CONCERN, OFFER, shown, with_clause
from tests.adapters.teams.samples import DIALOGS, OPENING, listed
from tests.adapters.teams.test_cards import QUESTION
from tests.bot.builders import FRIENDS
from tests.bot.escalation.builders import MINUTE, SCHOOL, waiting
from tests.escalation_fakes import MONDAY
from tests.teams_fake.cards import walk

CARDS = every_card()
EDGES = (0, 1, 2_999, 3_000, 3_001, 12_000, 14_000, 100_000)


def reply_of(one: str, two: str, outcome: Outcome = Outcome.ANSWER) -> Reply:
    """Return a reply in which everything that a pack or a person can word is one of two texts."""
    clause = Clause("c", one, two, one, Stance.MAY_IF, only_if=two, applies_to=(Party.PUPIL,), quote=one)
    policy = Policy("p", two, (clause,), version=one, issued=two)
    contact = Contact("r", two, one, (Reach("phone", two), Reach("teams", one)), example=True)
    return Reply(
        id="r",
        school="s",
        question=one,
        outcome=outcome,
        confidence=0.5,
        message=two,
        verdict=said.verdict(clause),
        advice=(one, two) if outcome is Outcome.CONCERN else (),
        clauses=(shown(clause, policy),) * 3,
        tension=one,
        contacts=(contact,) * 3,
        options=tuple(Option(f"clause:{number}", two, ()) for number in range(4)),
        escalation=replace(OFFER, says=one, readers=(contact,) * 3) if outcome is Outcome.CONCERN else None,
        notices=(one, two),
        actions=tuple(Action),
    )


# ---- One of each -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CARDS)
def test_one_of_each_is_a_card_that_teams_takes(name: str) -> None:
    """Every kind of card keeps every rule: elements, limits, labels, buttons, and nobody's words in markdown."""
    (check_dialog if name in DIALOGS else check_card)(CARDS[name])


def test_the_samples_are_of_everything_that_can_be_tapped() -> None:
    """Whoever looks at the samples has seen every button and every field there is."""
    verbs = {
        one.get("verb") or one.get("data", {}).get("do")
        for card in CARDS.values()
        for one in walk(card)
        if str(one.get("type")).startswith("Action.")
    }
    acts = {f"desk:{act}" for act in Act if act is not Act.ANSWER} | {"asker:answer"}
    replies = {f"reply:{action}" for action in Action} | {"reply:choose", "raise:tell", "raise:involved"}
    forms = {"desk:send-reply", "desk:pass-on", "desk:resolve-as", "desk:back", "asker:send"}
    assert acts | replies | forms | {"raise:describe", "school:choose"} <= verbs
    assert any("refresh" in card for card in CARDS.values())
    assert CARDS.keys() >= DIALOGS.keys()


# ---- Lengths ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", ["&", '"', "a ", "é", "😀", "\u202e", "line\n", "<at>x</at> "], ids=repr)
@pytest.mark.parametrize("length", EDGES)
def test_a_clause_of_any_length_and_any_sign_comes_back_whole(length: int, seed: str) -> None:
    """At every limit the pieces put together are the clause, sign by sign."""
    quote = (seed * (length // len(seed) + 1))[:length]
    reply = with_clause(replace(FRIENDS, quote=quote or None))
    messages = render_answer(reply)
    check(messages)
    assert written((message.card for message in messages), wording.RULE_ITSELF) == quote


@given(quote=long_words(), plain=long_words())
@settings(max_examples=25, deadline=None)
def test_a_clause_and_plain_words_of_any_words_are_read_whole(quote: str, plain: str) -> None:
    """However long a clause is and whatever stands in it: word for word, in messages that Teams takes."""
    both = (shown(replace(FRIENDS, says=plain, quote=quote or None)), shown(replace(FRIENDS, says=plain, quote=None)))
    messages = render_answer(replace(ANSWER, clauses=both, tension=plain, notices=(plain,)))
    check(messages)
    cards = [message.card for message in messages]
    assert written(cards, wording.RULE_ITSELF) == as_shown(quote)
    assert together(cards).count(squeezed(as_shown(plain))) >= 4 or not squeezed(plain)
    if len(messages) > 1:
        numbers = [f"{number} of {len(messages)}" for number in range(1, len(messages) + 1)]
        assert all(read([message]).startswith(number) for message, number in zip(messages, numbers, strict=True))
        assert all(message.text.endswith(f"({number})") for message, number in zip(messages, numbers, strict=True))


@given(words=long_words())
@settings(max_examples=25, deadline=None)
def test_advice_and_offers_of_any_length_are_read_whole(words: str) -> None:
    """Nothing of what to do now is left out, in the reply and once somebody is involved."""
    offer = replace(OFFER, says=words)
    concern = replace(CONCERN, advice=(words, "phone 999"), escalation=offer)
    for messages in (render_answer(concern), render_offer("r1", offer)):
        check(messages)
        assert squeezed(as_shown(words)) in together(message.card for message in messages)


# ---- Words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: repr(words[:12]))
@pytest.mark.parametrize("outcome", Outcome)
def test_no_injection_fires_in_any_reply(words: str, outcome: Outcome) -> None:
    """What looks like a link, a mention, a picture or a macro is read as it was typed, wherever it stands."""
    reply = reply_of(words, words, outcome)
    messages: Sequence[Rendered] = (
        *render_answer(reply, school=words),
        *render_answer(reply, settled=words),
        render_clause(reply.clauses[0]),
    )
    check(messages)
    assert squeezed(as_shown(words)) in together(message.card for message in messages)
    check_dialog(views.answer_dialog(reply))


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: repr(words[:12]))
def test_no_injection_fires_at_the_desk(words: str) -> None:
    """A question, a name and a reply are read as they were typed, on the card and once it is open."""
    named = replace(QUESTION, title=words, quoted=words[:2_000], lines=(words,), reference=words[:20])
    cards = [render_card(replace(named, kind=kind), [words[:100]]) for kind in DeliveryKind]
    check(cards)
    for card in cards:
        assert squeezed(as_shown(words[:2_000])) in together([card.card])
    opened = Opened(
        replace(listed(waiting()), title=words, lines=(words,)),
        (Said(replace(OPENING.entry, text=words[:2_000]), words),),
        (Contact("dsl", words, words),),
        words,
    )
    view = views.opened_view(opened, SCHOOL, MONDAY)
    check_dialog(view)
    assert squeezed(as_shown(words[:2_000])) in together([view])


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_hostile_words_anywhere_stay_words(data: st.DataObject) -> None:
    """Whatever a pack or a person writes, wherever it stands, it is shown as it was written."""
    one, two = data.draw(hostile_words), data.draw(hostile_words)
    reply = reply_of(one, two, data.draw(st.sampled_from(Outcome)))
    messages = render_answer(reply)
    check(messages)
    cards: Sequence[Json] = [message.card for message in messages]
    assert written(cards, wording.RULE_ITSELF).startswith(as_shown(one))
    school: School = replace(SCHOOL, name=one, contacts=MappingProxyType({"r": reply.contacts[0]}))
    check(notes.which_school([school, school], "p1"))
    late = replace(
        receipt(waiting(), SCHOOL, one, MONDAY + 20 * MINUTE),
        lines=(two,) * data.draw(st.sampled_from([1, 30])),
        warning=one,
        phone=(Contact("role", two[:300], one[:300], (Reach("phone", one[:300]),)),),
    )
    check(render_receipt(late))
    check_dialog(views.receipt_view(late))


# ---- What is shipped -------------------------------------------------------------------------------------------------


def test_every_clause_that_is_shipped_fits_one_message() -> None:
    """Every rule of every school is an answer that Teams takes, in one message."""
    for school in schools():
        for policy in school.policies:
            for clause in policy.clauses:
                messages = render_answer(replace(with_clause(clause, policy), contacts=tuple(school.contacts.values())))
                check(messages)
                assert len(messages) == 1, clause.id


def test_every_concern_that_is_shipped_fits_one_message_and_one_dialog() -> None:
    """The advice of every category in every school stands in one message, and in the dialog that raises it."""
    for school in schools():
        for kind in (kind.at(school) for kind in catalogue().concerns):
            offer = replace(OFFER, category=kind.id, urgent=kind.urgent, readers=tuple(school.contacts.values())[:4])
            contacts = tuple(school.contact(role) for role in kind.contacts)
            reply = replace(CONCERN, advice=kind.advice, escalation=offer, contacts=contacts)
            messages = render_answer(reply)
            check(messages)
            assert len(messages) == 1, kind.id
            assert all(line in read(messages) for line in kind.advice)
            view = views.tell_view(reply)
            check_dialog(view)
            assert "raise:tell" in str(view)
