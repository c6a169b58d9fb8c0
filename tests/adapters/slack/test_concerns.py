"""A concern as people read it in Slack: what to do now comes first."""

import json
from dataclasses import replace

import pytest

from adapters.chat import wording
from adapters.slack.answers import render_answer
from adapters.slack.offers import render_offer
from bot import wording as said
from bot.escalation import wording as told
from bot.types import Action
from tests.adapters.slack.payloads import (
    MENTION,
    check,
    elements,
    read,
    taps,
)
from tests.adapters.slack.replies import ANSWER, CONCERN, HEAD, OFFER
from tests.bot.builders import FRIENDS


def test_a_concern_says_first_what_to_do_now() -> None:
    """999 first, then that nobody has been told yet, then the advice in its order, then who will read it."""
    (message,) = render_answer(replace(CONCERN, verdict=ANSWER.verdict, clauses=ANSWER.clauses))
    check(message)
    found = read([message])
    order = [
        wording.WHAT_TO_DO,
        wording.EMERGENCY,
        said.CONCERN,
        told.OFFERED,
        "1. Tell the DSL at once.\n2. If the child is in danger now, phone 999 first.",
        wording.WHO_WILL_READ,
        "• Mr B. Dale, Designated Safeguarding Lead\n• Mrs A. Hill, Headteacher",
        wording.ACTIONS[Action.TELL],
        wording.WHO_TO_TELL,
        "E-mail: dsl@oak.example\nIn person: Room 4",
        said.verdict(FRIENDS),
    ]
    assert [found.index(text) for text in order] == sorted(found.index(text) for text in order)
    assert found.count(told.OFFERED) == 1


def test_a_calm_concern_does_not_call_999() -> None:
    """Where nobody is in danger, 999 is not named."""
    calm = replace(CONCERN, advice=("Change your password.",), escalation=replace(OFFER, urgent=False))
    assert "999" not in read(render_answer(calm))


def test_the_notification_of_a_concern_says_nothing_of_it() -> None:
    """Whoever looks at somebody's lock screen learns nothing."""
    reply = replace(CONCERN, question="Sam told me", verdict=ANSWER.verdict, clauses=ANSWER.clauses)
    (message,) = render_answer(reply)
    assert message.text == wording.NEWS_OF_A_CONCERN
    assert "Sam told me" not in read([message])


def test_telling_goes_to_the_list_that_was_seen() -> None:
    """The buttons beneath the readers carry the seal of that list, and not what I meant stands at the end."""
    (message,) = render_answer(CONCERN)
    found = elements(message.blocks)
    assert [(one["action_id"], one["value"]) for one in found] == [
        ("reply:tell", '{"r":"r1","s":"seal-1"}'),
        ("reply:involved", '{"r":"r1","s":"seal-1"}'),
        ("reply:not-meant", '{"r":"r1","s":null}'),
    ]


def test_readers_are_named_and_never_mentioned() -> None:
    """Listing who would read it must not ring for them."""
    (message,) = render_answer(replace(CONCERN, contacts=()))
    assert "Mrs A. Hill" in read([message])
    assert not MENTION.search(json.dumps(message.blocks))


def test_what_was_sent_at_once_says_so() -> None:
    """After sending at once its reference and who can read it are shown, and it cannot be sent again."""
    offer = replace(OFFER, id="e1", reference="K7-1234", state="recorded", says=told.RECORDED)
    reply = replace(CONCERN, escalation=offer, actions=(Action.INVOLVED,), notices=(told.RECORDED,))
    found = read(render_answer(reply))
    assert "Recorded K7-1234" in found
    assert "Passed on" not in found
    assert wording.WHO_CAN_READ in found
    assert list(taps(render_answer(reply))) == ["reply:involved"]


def test_what_cannot_be_passed_on_says_so() -> None:
    """Where nobody can be told, that stands above the advice, and there is no button to tell anybody."""
    offer = replace(OFFER, problem=told.CANNOT_CHECK, says=told.CANNOT_CHECK, readers=(HEAD,))
    reply = replace(CONCERN, escalation=offer, actions=(Action.NOT_MEANT,), notices=(told.CANNOT_CHECK,))
    found = read(render_answer(reply))
    assert found.index(wording.NOBODY_TOLD) < found.index(told.CANNOT_CHECK) < found.index("1. Tell the DSL")
    assert wording.WHO_WILL_READ not in found
    assert found.count(told.CANNOT_CHECK) == 1


def test_where_nothing_can_be_offered_nobody_has_been_told() -> None:
    """Without an asker who is known the reply says that it tells nobody, before the advice."""
    bare = replace(OFFER, says=None, readers=(), seal=None)
    found = read(render_answer(replace(CONCERN, escalation=bare, notices=(said.OFFER_NOTICE,), actions=())))
    assert found.index(said.OFFER_NOTICE) < found.index("1. Tell the DSL")
    assert found.count(said.OFFER_NOTICE) == 1


def test_the_next_offer_names_the_next_readers() -> None:
    """Once one of the readers is involved, the next list is shown with its own seal."""
    (message,) = render_offer("r1", replace(OFFER, readers=(HEAD,), seal="seal-2"))
    check(message)
    assert wording.APART in read([message])
    assert {one["value"] for one in elements(message.blocks)[:2]} == {'{"r":"r1","s":"seal-2"}'}
    assert message.text == wording.NEWS_OF_A_CONCERN


@pytest.mark.parametrize(("was_sent", "words"), [(False, wording.NOBODY_TOLD), (True, wording.NOBODY_ELSE)])
def test_where_no_safe_reader_is_left_somebody_is_to_be_phoned(was_sent: bool, words: str) -> None:
    """Where nobody is left, that is said with a number to phone, and there is nothing to tap."""
    offer = replace(OFFER, problem=told.NOBODY_LEFT, says=told.NOBODY_LEFT, sent=was_sent)
    found = render_offer("r1", offer, (HEAD,))
    check(found)
    assert words in read(found)
    assert "Phone: 01632 960001" in read(found)
    assert not {"reply:tell", "reply:involved"} & set(taps(found))
