"""A reply as people read it in Slack."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat import wording
from adapters.chat.replies import may_be_shared
from adapters.slack import wording as in_slack
from adapters.slack.answers import render_answer
from bot import wording as said
from bot.types import Action, Option, Outcome, Reply, ShownClause
from knowledge.model import Clause, Contact, Document, Party, Policy, Reach, Stance
from tests.adapters.slack.payloads import (
    MENTION,
    catalogue,
    check,
    elements,
    hostile_words,
    long_words,
    read,
    schools,
    shown,
    taps,
    written,
)
from tests.adapters.slack.replies import ANSWER, CONCERN, DSL, HEAD, OFFER, QUOTED, with_clause
from tests.bot.builders import AT_BREAK, CONDUCT, FRIENDS, ON_SITE, PARENTS, PHONE_TENSION, PHONES, decide

# ---- Answers ---------------------------------------------------------------------------------------------------------


def test_an_answer_says_verdict_clause_source_and_whom_to_ask() -> None:
    """Somebody who asks reads all that an answer is made of, in one message."""
    (message,) = render_answer(ANSWER)
    check(message)
    assert message.text == "Not allowed: being friends with a pupil on social media"
    assert shown(message.blocks)[0] == message.text
    assert message.blocks[0]["type"] == "header"
    for text in (said.ANSWER, FRIENDS.quote, "Section: Contact with pupils", "Policy: Conduct Policy", "Version: 2.1"):
        assert text in shown(message.blocks)
    assert "Issued: January 2026" in shown(message.blocks)
    assert "Mrs A. Hill, Headteacher\nPhone: 01632 960001" in shown(message.blocks)


def test_people_are_mentioned_by_the_id_in_the_register_alone() -> None:
    """A mention is made of a Slack id; nobody else is mentioned, whatever they are called."""
    named = replace(HEAD, name="<@U0EVIL>", reach=(*HEAD.reach, Reach("teams", "U0OTHER")))
    (message,) = render_answer(replace(ANSWER, contacts=(named, replace(DSL, name="U0EVIL"))))
    check(message)
    assert MENTION.findall(json.dumps(message.blocks)) == ["<@U0HEAD>"]


def test_everybody_is_named_however_many_there_are() -> None:
    """A list of people longer than a message goes on in the next one."""
    many = [replace(HEAD, name=f"Person {number:03}", reach=HEAD.reach * 12) for number in range(120)]
    messages = render_answer(replace(ANSWER, contacts=tuple(many)))
    check(messages)
    assert len(messages) > 1
    assert all(f"{contact.name}, Headteacher" in read(messages) for contact in many)
    bare = render_answer(replace(ANSWER, contacts=tuple(replace(one, reach=()) for one in many)))
    check(bare)
    assert len(bare) == 3


def test_plain_words_are_labelled_where_there_is_no_document() -> None:
    """Nobody takes our words for the policy's own."""
    (message,) = render_answer(with_clause(PARENTS))
    assert written(message.blocks, wording.IN_PLAIN_WORDS) == PARENTS.says
    assert said.PLAIN_WORDS in shown(message.blocks)
    assert wording.RULE_ITSELF not in shown(message.blocks)


def test_a_document_that_is_attached_is_not_called_missing() -> None:
    """A clause without a quote of a policy with its document is plain words, and no more is said of it."""
    attached = replace(CONDUCT, document=Document("conduct.docx", ()))
    assert said.PLAIN_WORDS not in read(render_answer(with_clause(PARENTS, attached)))


@pytest.mark.parametrize(
    ("issued", "words"),
    [
        ("2026-09-01", "Issued: 1 September 2026"),
        ("2026-09", "Issued: September 2026"),
        ("2026-13", "Issued: 2026-13"),
        ("last year", "Issued: last year"),
    ],
)
def test_dates_are_said_in_words(issued: str, words: str) -> None:
    """A date reads as people say it; one that is none stays as it stands."""
    assert words in read(render_answer(with_clause(FRIENDS, replace(CONDUCT, issued=issued))))


def test_a_policy_without_version_and_date_says_nothing_of_them() -> None:
    """What a policy does not say of itself is not made up."""
    found = read(render_answer(with_clause(FRIENDS, replace(CONDUCT, version=None, issued=None))))
    assert "Version" not in found
    assert "Issued" not in found


def test_two_rules_that_pull_apart_are_both_shown() -> None:
    """Under a tension both sides are read, with what it is about between them."""
    both = (ShownClause(AT_BREAK, PHONES, 0.9), ShownClause(ON_SITE, PHONES, 0.8))
    reply = replace(ANSWER, clauses=both, tension=PHONE_TENSION.says, verdict=said.verdict(AT_BREAK, ask_first=True))
    (message,) = render_answer(reply)
    check(message)
    texts = shown(message.blocks)
    order = [AT_BREAK.says, f"*{wording.PULL_APART}*", PHONE_TENSION.says, f"*{wording.READ_TOO}*", ON_SITE.says]
    assert [texts.index(text) for text in order] == sorted(texts.index(text) for text in order)
    assert texts[0].startswith("Ask first: ")


def test_further_rules_stand_under_a_heading_of_their_own() -> None:
    """A second and a third clause are called also relevant."""
    found = read(render_answer(replace(ANSWER, clauses=(QUOTED, *with_clause(PARENTS).clauses))))
    assert found.index(FRIENDS.says) < found.index(wording.ALSO) < found.index(PARENTS.says)


def test_a_long_verdict_is_read_whole() -> None:
    """A verdict too long for a header stands there whole all the same; its notification is cut."""
    clause = replace(FRIENDS, act="being friends with a pupil " * 20)
    (message,) = render_answer(with_clause(clause))
    check(message)
    assert shown(message.blocks)[0] == said.verdict(clause)


def test_the_notice_about_a_child_at_risk_comes_before_any_rule() -> None:
    """In case it is about somebody at risk, that is read first, and a late review after the rule."""
    line, late = said.safety_line(DSL.title), said.review_overdue(CONDUCT, "May 2020")
    reply = replace(ANSWER, notices=(line, late), contacts=(DSL, HEAD))
    texts = shown(render_answer(reply)[0].blocks)
    assert texts[0] == line
    assert texts.index(late) > texts.index(FRIENDS.says)
    assert [texts.count(line), texts.count(late)] == [1, 1]


def test_people_who_are_made_up_are_called_so() -> None:
    """The model school's people are marked as examples, and nobody else is."""
    assert said.EXAMPLE_REGISTER in read(render_answer(replace(ANSWER, contacts=(replace(HEAD, example=True),))))
    assert said.EXAMPLE_REGISTER not in read(render_answer(ANSWER))


def test_only_what_can_be_tapped_is_offered() -> None:
    """The buttons are those of the reply, and each knows which reply it stands beneath."""
    (message,) = render_answer(ANSWER)
    assert taps([message]) == {
        "reply:helped": "Helped",
        "reply:not-meant": "Not what I meant",
        "reply:ask-a-person": "Ask a person",
    }
    assert {one["value"] for one in elements(message.blocks)} == {'{"r":"r1","s":null}'}
    assert taps(render_answer(replace(ANSWER, actions=()))) == {}


def test_what_was_meant_can_be_tapped() -> None:
    """A question that could mean several things offers each of them, under an id of its own."""
    options = (Option("clause:a", "Being friends", ("a",)), Option("clause:b", "Sending messages", ("b",)))
    reply = replace(ANSWER, outcome=Outcome.CLARIFY, message=said.CLARIFY, verdict=None, clauses=(), options=options)
    (message,) = render_answer(reply)
    check(message)
    assert message.text == said.CLARIFY
    found = [one for one in elements(message.blocks) if one["action_id"].startswith("reply:choose:")]
    assert [(one["action_id"], one["text"]["text"], one["value"]) for one in found] == [
        ("reply:choose:0", "Being friends", '{"r":"r1","c":"clause:a"}'),
        ("reply:choose:1", "Sending messages", '{"r":"r1","c":"clause:b"}'),
    ]


def test_options_that_a_phone_would_cut_stand_whole_beside_a_button() -> None:
    """Nobody taps on half a sentence, nothing is said twice, and a screen reader names each button by its text."""
    long = "Being in touch online with a pupil of your own family, once the headteacher knows of it"
    options = (Option("clause:a", long, ("a",)), Option("clause:b", "Sending messages", ("b",)))
    (message,) = render_answer(replace(ANSWER, outcome=Outcome.CLARIFY, options=options, clauses=(), verdict=None))
    check(message)
    found = {block["text"]["text"]: block["accessory"] for block in message.blocks if "accessory" in block}
    assert list(found) == [long, "Sending messages"]
    assert {one["text"]["text"] for one in found.values()} == {in_slack.THIS_ONE}
    assert [one["action_id"] for one in found.values()] == ["reply:choose:0", "reply:choose:1"]
    assert found["Sending messages"]["accessibility_label"] == "Sending messages"


def test_the_words_of_a_policy_are_set_apart() -> None:
    """The quote looks like one, line by line, and our own words beneath it do not."""
    quote = "You must not:\nshare pictures & films of pupils"
    (message,) = render_answer(with_clause(replace(FRIENDS, quote=quote)))
    check(message)
    texts = [block["text"] for block in message.blocks if block["type"] == "section"]
    marked = {"type": "mrkdwn", "text": "> You must not:\n> share pictures &amp; films of pupils", "verbatim": True}
    assert marked in texts
    assert {"type": "plain_text", "text": FRIENDS.says, "emoji": False} in texts


@pytest.mark.parametrize("sign", ["*never*", "_never_", "~never~", "`never`", "see :no_entry: here", "<@U1>", "> a"])
def test_a_quote_never_changes_the_words_in_it(sign: str) -> None:
    """Where a sign of the clause could be read as markup it stands in plain text, word for word."""
    (message,) = render_answer(with_clause(replace(FRIENDS, quote=f"Staff {sign} share")))
    (text,) = [block["text"] for block in message.blocks if "Staff" in str(block)]
    assert text["type"] == "plain_text"


def test_where_no_rule_was_found_that_is_the_headline() -> None:
    """No rule found is said first, then whom to ask."""
    reply = replace(ANSWER, outcome=Outcome.NO_MATCH, message=said.NO_MATCH, verdict=None, clauses=())
    (message,) = render_answer(reply)
    assert shown(message.blocks)[:2] == [wording.NO_RULE, said.NO_MATCH]
    assert message.text == said.NO_MATCH


def test_a_greeting_is_answered() -> None:
    """Small talk gets an answer without buttons, and nothing of it on a lock screen."""
    (message,) = render_answer(decide("hello"))
    check(message)
    assert message.text == wording.NEWS
    assert taps([message]) == {}


# ---- Sharing ---------------------------------------------------------------------------------------------------------


def test_the_channel_reads_the_rule_and_nothing_of_whoever_asked() -> None:
    """What is shared has no question, no names, no ways to reach people and no buttons."""
    reply = replace(ANSWER, notices=(said.review_overdue(CONDUCT, "May 2020"),))
    (message,) = render_answer(reply, private=False)
    check(message)
    found = read([message])
    assert FRIENDS.quote
    for text in (said.verdict(FRIENDS), FRIENDS.quote, "Policy: Conduct Policy", "• Headteacher"):
        assert text in found
    for text in (ANSWER.question, "Hill", "01632", "U0HEAD", "May 2020"):
        assert text not in found
    assert shown(message.blocks)[-2:] == [f"*{wording.WHO_TO_ASK}*", "• Headteacher"]
    assert taps([message]) == {}


def test_sharing_is_offered_only_where_it_can_be_done() -> None:
    """The button stands beneath an answer that was asked for in a channel, and carries only the reply's id."""
    assert "reply:share" not in taps(render_answer(ANSWER))
    (message,) = render_answer(ANSWER, sharable=True)
    assert taps([message])["reply:share"] == in_slack.SHARE
    assert elements(message.blocks)[-1]["value"] == '{"r":"r1"}'


@pytest.mark.parametrize(
    "reply",
    [
        CONCERN,
        replace(ANSWER, escalation=OFFER),
        replace(ANSWER, advice=("Tell the DSL.",)),
        replace(ANSWER, notices=(said.safety_line(DSL.title),)),
        replace(ANSWER, outcome=Outcome.NO_MATCH, clauses=(), verdict=None),
        replace(ANSWER, outcome=Outcome.HELP),
    ],
    ids=["a concern", "an offer", "advice", "perhaps a concern", "no rule", "small talk"],
)
def test_nothing_that_may_be_about_somebody_is_shared(reply: Reply) -> None:
    """A concern, or what may be one, never goes to a channel, not even when somebody forges the tap."""
    assert not may_be_shared(reply)
    assert render_answer(reply, private=False) == ()
    assert "reply:share" not in taps(render_answer(reply, sharable=True))


# ---- Whatever is written ---------------------------------------------------------------------------------------------


@given(long_words())
@settings(max_examples=50, deadline=None)
def test_a_clause_of_any_length_is_quoted_whole(quote: str) -> None:
    """However long a clause is and whatever stands in it: word for word, in messages that Slack takes."""
    messages = render_answer(with_clause(replace(FRIENDS, quote=quote)), sharable=True)
    check(messages)
    blocks = [block for message in messages for block in message.blocks]
    assert written(blocks, wording.RULE_ITSELF) == quote
    if len(messages) > 1:
        numbers = [message.blocks[0]["elements"][0]["text"] for message in messages]
        assert numbers == [f"{number} of {len(messages)}" for number in range(1, len(messages) + 1)]
        assert all(message.text.endswith(f"({number})") for message, number in zip(messages, numbers, strict=True))
    check(render_answer(with_clause(replace(FRIENDS, quote=quote)), private=False))


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_hostile_words_anywhere_stay_words(data: st.DataObject) -> None:
    """Whatever a pack or a person writes, wherever it stands, it is shown as it was written."""
    one = data.draw(hostile_words)
    two = data.draw(hostile_words)
    clause = Clause("c", one, two, one, Stance.MAY_IF, only_if=two, applies_to=(Party.PUPIL,), quote=one)
    policy = Policy("p", two, (clause,), version=one, issued=two)
    contact = Contact("r", two, one, (Reach("phone", two), Reach("slack", one), Reach("slack", "U0HEAD")), example=True)
    offer = replace(OFFER, says=one, readers=(contact,) * 3)
    reply = Reply(
        id="r",
        school="s",
        question=one,
        outcome=data.draw(st.sampled_from(Outcome)),
        confidence=0.5,
        message=two,
        verdict=said.verdict(clause),
        advice=(one, two),
        clauses=(ShownClause(clause, policy, 0.5),) * 3,
        tension=one,
        contacts=(contact,) * 3,
        options=tuple(Option(f"clause:{number}", two, ()) for number in range(4)),
        escalation=data.draw(st.sampled_from([None, offer])),
        notices=(one, two, said.safety_line(two)),
        actions=tuple(Action),
    )
    for messages in (render_answer(reply, sharable=True), render_answer(reply, private=False)):
        check(messages)
        blocks = [block for message in messages for block in message.blocks]
        assert not messages or written(blocks, wording.RULE_ITSELF).startswith(one)


def test_every_clause_that_is_shipped_fits_one_message() -> None:
    """Every rule of every school is an answer that Slack takes, in one message."""
    for school in schools():
        for policy in school.policies:
            for clause in policy.clauses:
                messages = render_answer(replace(with_clause(clause, policy), contacts=tuple(school.contacts.values())))
                check(messages)
                assert len(messages) == 1, clause.id


def test_every_concern_that_is_shipped_fits_one_message() -> None:
    """The advice of every category in every school stands in one message."""
    for school in schools():
        for kind in (kind.at(school) for kind in catalogue().concerns):
            offer = replace(OFFER, category=kind.id, urgent=kind.urgent, readers=tuple(school.contacts.values())[:4])
            contacts = tuple(school.contact(role) for role in kind.contacts)
            messages = render_answer(replace(CONCERN, advice=kind.advice, escalation=offer, contacts=contacts))
            check(messages)
            assert len(messages) == 1, kind.id
            assert all(line in read(messages) for line in kind.advice)


@pytest.mark.parametrize(
    "question", ["can i accept a friend request from a pupil", "can i use my phone", "xyzzy", "he has a knife", "hi"]
)
def test_whatever_the_bot_decides_can_be_shown(question: str) -> None:
    """Every outcome of the bot is a message that Slack takes."""
    check(render_answer(decide(question), sharable=True))
