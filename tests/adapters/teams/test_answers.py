"""A reply as people read it in Teams."""

from dataclasses import replace

import pytest

from adapters.chat import wording
from adapters.teams import wording as in_teams
from adapters.teams.answers import render_answer, render_clause
from bot import wording as said
from bot.types import Option, Outcome
from knowledge.model import Document
from tests.adapters.teams.payloads import (
    buttons,
    check,
    read,
    taps,
    texts,
    written,
)
from tests.adapters.teams.replies import ANSWER, CONCERN, DSL, HEAD, QUOTED, shown, with_clause
from tests.adapters.teams.samples import CLARIFY, HELP, LONG_QUOTE, NO_MATCH, TENSION
from tests.bot.builders import AT_BREAK, CONDUCT, FRIENDS, ON_SITE, PARENTS, PHONE_TENSION, decide
from tests.teams_fake.cards import walk


def test_an_answer_says_verdict_clause_source_and_whom_to_ask() -> None:
    """Somebody who asks reads all that an answer is made of, in one message, the verdict first."""
    (message,) = render_answer(ANSWER)
    check(message)
    assert message.text == "Not allowed: being friends with a pupil on social media"
    assert texts(message.card)[0] == message.text
    for text in (said.ANSWER, FRIENDS.quote, "Mrs A. Hill, Headteacher", "Phone: 01632 960001"):
        assert text in texts(message.card)
    source = "Section: Contact with pupils · Policy: Conduct Policy · Version: 2.1 · Issued: January 2026"
    assert source in texts(message.card)


def test_ids_on_chat_platforms_are_no_way_to_reach_anybody() -> None:
    """Nobody reads an id, and nobody is mentioned: a mention rings."""
    (message,) = render_answer(ANSWER)
    assert "U0HEAD" not in str(message.activity)
    assert "head@oak.example" not in str(message.activity)
    assert "entities" not in str(message.activity)


def test_everybody_is_named_however_many_there_are() -> None:
    """A list of people longer than a message goes on in the next one."""
    many = [replace(HEAD, name=f"Person {number:03}", reach=HEAD.reach * 12) for number in range(120)]
    messages = render_answer(replace(ANSWER, contacts=tuple(many)))
    check(messages)
    assert len(messages) > 1
    assert all(f"{contact.name}, Headteacher" in read(messages) for contact in many)


def test_plain_words_are_labelled_where_there_is_no_document() -> None:
    """Nobody takes our words for the policy's own, and a document that is there is not called missing."""
    (message,) = render_answer(with_clause(PARENTS))
    assert written([message.card], wording.IN_PLAIN_WORDS).startswith(PARENTS.says)
    assert said.PLAIN_WORDS in texts(message.card)
    assert wording.RULE_ITSELF not in texts(message.card)
    attached = replace(CONDUCT, document=Document("conduct.docx", ()))
    assert said.PLAIN_WORDS not in read(render_answer(with_clause(PARENTS, attached)))


def test_the_words_of_a_policy_are_set_apart() -> None:
    """The quote stands on a ground of its own with its line breaks, and our own words beneath it do not."""
    quote = "You must not:\nshare pictures & films of pupils"
    (message,) = render_answer(with_clause(replace(FRIENDS, quote=quote)))
    check(message)
    (apart,) = [one for one in message.card["body"] if one["type"] == "Container"]
    assert apart["style"] == "emphasis"
    assert "".join(run["text"] for run in apart["items"][0]["inlines"]) == quote
    assert FRIENDS.says not in str(apart)


def test_two_rules_that_pull_apart_are_both_shown() -> None:
    """Under a tension both sides are read, with what it is about between them."""
    (message,) = render_answer(TENSION)
    check(message)
    found = texts(message.card)
    order = [AT_BREAK.says, wording.PULL_APART, PHONE_TENSION.says, wording.READ_TOO, ON_SITE.says]
    assert [found.index(text) for text in order] == sorted(found.index(text) for text in order)
    assert found[0].startswith("Ask first: ")


def test_further_rules_stand_under_a_heading_of_their_own() -> None:
    """A second and a third clause are called also relevant."""
    found = read(render_answer(replace(ANSWER, clauses=(QUOTED, shown(PARENTS)))))
    assert found.index(FRIENDS.says) < found.index(wording.ALSO) < found.index(PARENTS.says)


def test_the_notice_about_a_child_at_risk_comes_before_any_rule() -> None:
    """In case it is about somebody at risk, that is read first, and a late review after the rule."""
    line, late = said.safety_line(DSL.title), said.review_overdue(CONDUCT, "May 2020")
    (message,) = render_answer(replace(ANSWER, notices=(line, late), contacts=(DSL, HEAD)))
    check(message)
    found = texts(message.card)
    assert found[0] == line
    assert message.card["speak"] == line
    assert message.card["body"][0]["style"] == "warning"
    assert found.index(late) > found.index(FRIENDS.says)
    assert [found.count(line), found.count(late)] == [1, 1]


def test_people_who_are_made_up_are_called_so() -> None:
    """The model school's people are marked as examples, and nobody else is."""
    assert said.EXAMPLE_REGISTER in read(render_answer(replace(ANSWER, contacts=(replace(HEAD, example=True),))))
    assert said.EXAMPLE_REGISTER not in read(render_answer(ANSWER))


def test_only_what_can_be_tapped_is_offered() -> None:
    """The buttons are those of the reply, and each knows which reply it stands beneath and nothing else."""
    (message,) = render_answer(ANSWER)
    assert taps(message.card) == {
        "reply:helped": "Helped",
        "reply:not-meant": "Not what I meant",
        "reply:ask-a-person": "Ask a person",
    }
    assert [one["data"] for one in buttons(message.card)] == [{"r": "r1"}] * 3
    (bare,) = render_answer(replace(ANSWER, actions=()))
    assert taps(bare.card) == {}


def test_once_something_was_tapped_that_stands_in_place_of_the_buttons() -> None:
    """Whoever has said that it helped is not asked again, and still reads the rule."""
    (message,) = render_answer(ANSWER, settled="Good.")
    check(message)
    assert taps(message.card) == {}
    assert texts(message.card)[-1] == "Good."
    assert FRIENDS.quote in texts(message.card)


def test_the_school_is_named_where_several_share_a_tenant() -> None:
    """Nobody takes the rule of another school for that of their own."""
    assert in_teams.school("Oakwood School") in read(render_answer(ANSWER, school="Oakwood School"))
    assert in_teams.school("Oakwood School") in read(render_answer(CONCERN, school="Oakwood School"))


# ---- Did you mean ----------------------------------------------------------------------------------------------------


def test_what_was_meant_can_be_tapped() -> None:
    """A question that could mean several things offers each of them on a button where a phone shows all of it."""
    options = (Option("clause:a", "Being friends", ("a",)), Option("clause:b", "Sending messages", ("b",)))
    (message,) = render_answer(replace(CLARIFY, options=options))
    check(message)
    assert message.text == said.CLARIFY
    found = [(one["title"], one["data"]) for one in buttons(message.card) if one["verb"] == "reply:choose"]
    assert found == [
        ("Being friends", {"r": "r1", "c": "clause:a"}),
        ("Sending messages", {"r": "r1", "c": "clause:b"}),
    ]


def test_options_that_a_phone_would_cut_stand_whole_above_a_button() -> None:
    """Nobody taps on half a sentence, and a screen reader names each button by its text."""
    (message,) = render_answer(CLARIFY)
    check(message)
    found = [one for one in buttons(message.card) if one["verb"] == "reply:choose"]
    labels = [option.label for option in CLARIFY.options]
    assert [one["title"] for one in found] == [in_teams.THIS_ONE] * len(labels)
    assert [one["tooltip"] for one in found] == labels
    order = [texts(message.card).index(label) for label in labels]
    assert order == sorted(order)


def test_where_no_rule_was_found_that_is_the_headline() -> None:
    """No rule found is said first, then whom to ask."""
    (message,) = render_answer(NO_MATCH)
    check(message)
    assert texts(message.card)[:2] == [wording.NO_RULE, said.NO_MATCH]
    assert message.text == said.NO_MATCH


def test_a_greeting_is_answered() -> None:
    """Small talk gets an answer without buttons, and nothing of it on a lock screen."""
    (message,) = render_answer(HELP)
    check(message)
    assert message.text == wording.NEWS
    assert taps(message.card) == {}


# ---- A rule by itself ------------------------------------------------------------------------------------------------


def test_a_rule_can_stand_by_itself() -> None:
    """A clause that somebody puts into a conversation has its verdict and its source, and nothing to tap."""
    message = render_clause(QUOTED)
    check(message)
    assert texts(message.card)[0] == said.verdict(FRIENDS)
    assert FRIENDS.quote in texts(message.card)
    assert taps(message.card) == {}
    ask_first = said.verdict(FRIENDS, ask_first=True)
    assert texts(render_clause(QUOTED, ask_first).card)[0] == ask_first


def test_a_rule_too_long_to_stand_by_itself_says_so() -> None:
    """No clause is cut in the midst: our plain words stand there, and where to read all of it."""
    message = render_clause(shown(replace(FRIENDS, quote=LONG_QUOTE)))
    check(message)
    assert in_teams.TOO_LONG_TO_INSERT in read([message])
    assert FRIENDS.says in texts(message.card)
    assert LONG_QUOTE[:40] not in read([message])


# ---- Whatever is written ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_message(outcome: Outcome) -> None:
    """Whatever a reply came to, something is shown."""
    messages = render_answer(replace(ANSWER, outcome=outcome, advice=("Tell the DSL.",)))
    check(messages)
    assert said.ANSWER in read(messages)


@pytest.mark.parametrize(
    "question", ["can i accept a friend request from a pupil", "can i use my phone", "xyzzy", "he has a knife", "hi"]
)
def test_whatever_the_bot_decides_can_be_shown(question: str) -> None:
    """Every outcome of the bot is a message that Teams takes."""
    check(render_answer(decide(question)))


def test_no_button_waits_for_a_field() -> None:
    """An answer has nothing to fill in, and every kind of element in it is one that a phone shows."""
    (message,) = render_answer(ANSWER)
    kinds = {one["type"] for one in walk(message.card) if "type" in one}
    assert kinds == {
        "AdaptiveCard",
        "RichTextBlock",
        "TextRun",
        "TextBlock",
        "Container",
        "ActionSet",
        "Action.Execute",
    }
