"""A concern as people read it in Teams: what to do now comes first."""

from dataclasses import replace

import pytest

from adapters.chat import wording
from adapters.teams.answers import render_answer
from adapters.teams.offers import render_offer
from bot import wording as said
from bot.escalation import wording as told
from bot.types import Action
from tests.adapters.teams.payloads import buttons, check, read, taps, texts
from tests.adapters.teams.replies import ANSWER, CONCERN, HEAD, OFFER
from tests.adapters.teams.samples import SENT, STUCK
from tests.bot.builders import FRIENDS


def test_a_concern_says_999_before_anything_else() -> None:
    """999, what to do now, that nobody has been told yet, the advice in its order, then who will read it."""
    (message,) = render_answer(replace(CONCERN, verdict=ANSWER.verdict, clauses=ANSWER.clauses))
    check(message)
    assert message.card["body"][0]["style"] == "attention"
    assert texts(message.card)[0] == message.card["speak"] == wording.EMERGENCY
    found = read([message])
    order = [
        wording.EMERGENCY,
        wording.WHAT_TO_DO,
        said.CONCERN,
        told.OFFERED,
        "1. Tell the DSL at once.",
        "2. If the child is in danger now, phone 999 first.",
        wording.WHO_WILL_READ,
        "• Mr B. Dale, Designated Safeguarding Lead\n• Mrs A. Hill, Headteacher",
        wording.WHO_TO_TELL,
        "E-mail: dsl@oak.example\nIn person: Room 4",
        said.verdict(FRIENDS),
    ]
    assert [found.index(text) for text in order] == sorted(found.index(text) for text in order)
    assert found.count(told.OFFERED) == 1


def test_a_calm_concern_does_not_call_999() -> None:
    """Where nobody is in danger, 999 is not named, and nothing is red."""
    calm = replace(CONCERN, advice=("Change your password.",), escalation=replace(OFFER, urgent=False))
    (message,) = render_answer(calm)
    assert "999" not in read([message])
    assert "attention" not in str(message.card["body"])


def test_the_notification_of_a_concern_says_nothing_of_it() -> None:
    """Whoever looks at somebody's lock screen learns nothing."""
    reply = replace(CONCERN, question="Sam told me", verdict=ANSWER.verdict, clauses=ANSWER.clauses)
    (message,) = render_answer(reply)
    assert message.text == wording.NEWS_OF_A_CONCERN
    assert "Sam told me" not in str(message.activity)


def test_telling_goes_to_the_list_that_was_seen() -> None:
    """The buttons beneath the readers carry the seal of that list, and not what I meant stands at the end."""
    (message,) = render_answer(CONCERN)
    assert [(one["verb"], one["data"]) for one in buttons(message.card)] == [
        ("reply:tell", {"r": "r1", "s": "seal-1"}),
        ("reply:involved", {"r": "r1", "s": "seal-1"}),
        ("reply:not-meant", {"r": "r1"}),
    ]
    assert [one.get("style") for one in buttons(message.card)] == ["positive", None, None]


def test_what_was_sent_at_once_says_so() -> None:
    """After sending at once its reference and who can read it are shown, and it cannot be sent again."""
    (message,) = render_answer(SENT)
    check(message)
    found = read([message])
    assert "Passed on K7-1234" in found
    assert wording.WHO_CAN_READ in found
    assert list(taps(message.card)) == ["reply:involved"]
    recorded = replace(SENT, escalation=replace(OFFER, id="e1", reference="K7-1", state="recorded", says=told.RECORDED))
    assert "Recorded K7-1" in read(render_answer(recorded))


def test_what_cannot_be_passed_on_says_so() -> None:
    """Where nobody can be told, that stands above the advice, and there is no button to tell anybody."""
    (message,) = render_answer(STUCK)
    check(message)
    found = read([message])
    assert found.index(wording.NOBODY_TOLD) < found.index(told.CANNOT_CHECK) < found.index("1. Tell the DSL")
    assert wording.WHO_WILL_READ not in found
    assert found.count(told.CANNOT_CHECK) == 1
    assert list(taps(message.card)) == ["reply:not-meant"]


def test_where_nothing_can_be_offered_nobody_has_been_told() -> None:
    """Without an asker who is known the reply says that it tells nobody, before the advice."""
    bare = replace(OFFER, says=None, readers=(), seal=None)
    found = read(render_answer(replace(CONCERN, escalation=bare, notices=(said.OFFER_NOTICE,), actions=())))
    assert found.index(said.OFFER_NOTICE) < found.index("1. Tell the DSL")
    assert found.count(said.OFFER_NOTICE) == 1


def test_an_offer_that_was_taken_is_no_offer_any_more() -> None:
    """What is true now stands where it stood; the advice stays, the list and every button are gone."""
    now = wording.handed_on("K7-1234")
    (message,) = render_answer(CONCERN, settled=now)
    check(message)
    found = read([message])
    assert found.index(wording.EMERGENCY) < found.index(now) < found.index("1. Tell the DSL")
    assert told.OFFERED not in found
    assert wording.WHO_WILL_READ not in found
    assert "E-mail: dsl@oak.example" in found
    assert taps(message.card) == {}


# ---- The next offer --------------------------------------------------------------------------------------------------


def test_the_next_offer_names_the_next_readers() -> None:
    """Once one of the readers is involved, the next list is shown with its own seal."""
    (message,) = render_offer("r1", replace(OFFER, readers=(HEAD,), seal="seal-2"))
    check(message)
    assert wording.APART in read([message])
    assert "Mr B. Dale" not in read([message])
    assert [one["data"] for one in buttons(message.card)] == [{"r": "r1", "s": "seal-2"}] * 2
    assert message.text == wording.NEWS_OF_A_CONCERN


def test_the_next_offer_is_over_once_it_was_taken() -> None:
    """Nobody can tap on a list that holds no more."""
    (message,) = render_offer("r1", OFFER, settled=wording.INVOLVED_BELOW)
    check(message)
    assert wording.INVOLVED_BELOW in texts(message.card)
    assert told.OFFERED not in read([message])
    assert taps(message.card) == {}


@pytest.mark.parametrize(("was_sent", "words"), [(False, wording.NOBODY_TOLD), (True, wording.NOBODY_ELSE)])
def test_where_no_safe_reader_is_left_somebody_is_to_be_phoned(was_sent: bool, words: str) -> None:
    """Where nobody is left, that is said with a number to phone, and there is nothing to tap."""
    offer = replace(OFFER, problem=told.NOBODY_LEFT, says=told.NOBODY_LEFT, sent=was_sent)
    (message,) = render_offer("r1", offer, (HEAD,))
    check(message)
    assert words in read([message])
    assert "Phone: 01632 960001" in read([message])
    assert Action.TELL.value not in str(taps(message.card))
    assert taps(message.card) == {}
