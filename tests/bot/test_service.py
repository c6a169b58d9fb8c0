"""The one service: which utterances it refuses, what it keeps of the others, and that no word of them leaks."""

import logging
import traceback
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot import wording
from bot.errors import BotError, QuestionError, UnknownSchoolError
from bot.escalation import wording as told
from bot.escalation.authority import Standing
from bot.escalation.errors import RefusedError
from bot.service import Service
from bot.types import Action, Asker, Outcome, Reply, Utterance
from bot.view import SchoolView
from tests.bot.builders import FRIENDS, SAFETY_LINE, SCHOOL, decider, shown, view
from tests.bot.escalation.staffroom import PUPIL, TEACHER, NoRoomLeft, Staffroom, asker
from tests.fakes import FixedClock

CANARY = "zanzibarcanary"


class OneSchool:
    """Knowledge of the tiny school alone."""

    def view(self, school: str) -> SchoolView:
        """Return the school. Raises KeyError for any other."""
        return {SCHOOL.id: view()}[school]

    def schools(self) -> Sequence[str]:
        """List the school."""
        return [SCHOOL.id]


async def _answer(text: str, school: str = SCHOOL.id) -> Reply:
    return await Service(OneSchool(), decider(), FixedClock()).answer(Utterance("u1", school, text))


async def test_a_question_is_answered_at_the_clocks_date() -> None:
    """The service gives the utterance and today's date to the decider."""
    reply = await _answer("can i bring my own phone to school")
    assert reply.outcome is Outcome.ANSWER
    assert "was due for review in February 2021" in reply.notices[0]


async def test_the_reply_belongs_to_its_utterance() -> None:
    """Id, school and question come back as they were sent."""
    reply = await _answer("can i accept a friend request from a pupil")
    assert (reply.id, reply.school, shown(reply)) == ("u1", SCHOOL.id, [FRIENDS.id])
    assert reply.question == "can i accept a friend request from a pupil"


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\u00a0"])
async def test_an_empty_question_is_refused(text: str) -> None:
    """Nothing but space is no question."""
    with pytest.raises(QuestionError, match="The question is empty"):
        await _answer(text)


async def test_an_overlong_question_is_refused_with_its_length() -> None:
    """2,000 characters are read, 2,001 are not; space around does not count."""
    assert (await _answer("  " + "a" * 2_000 + "  ")).outcome is Outcome.NO_MATCH
    with pytest.raises(QuestionError, match="2,001 characters; at most 2,000"):
        await _answer("a" * 2_001)


async def test_the_refusal_of_an_overlong_text_says_whom_to_tell() -> None:
    """Nobody has read it, and a child at risk may be in it."""
    with pytest.raises(QuestionError) as refused:
        await _answer("a" * 2_001)
    assert str(refused.value).endswith(SAFETY_LINE)


async def test_a_long_text_that_begins_with_a_concern_is_taken_as_far_as_it_is_read() -> None:
    """The advice comes, the words are what was read, and the writer is told that there was more."""
    reply = await _answer(f"  a boy has a knife {'and so on ' * 400}")
    assert (reply.outcome, reply.escalation and reply.escalation.category) == (Outcome.CONCERN, "immediate-danger")
    assert reply.notices[0] == wording.only_the_beginning(2_000)
    assert (len(reply.question), reply.question[:17]) == (2_000, "a boy has a knife")


async def test_a_concern_behind_what_is_read_is_refused_with_whom_to_tell() -> None:
    """What nobody reads is not taken for anything."""
    with pytest.raises(QuestionError) as refused:
        await _answer(f"{'and so on ' * 210} a boy has a knife")
    assert SAFETY_LINE in str(refused.value)


@pytest.mark.parametrize("text", ["can a pupil \ud83d phone", "\udc00", "frend \ud800"])
async def test_half_characters_are_read_as_question_marks(text: str) -> None:
    """JSON can carry half an emoji, which nothing can encode or print: it is answered all the same."""
    reply = await _answer(text)
    assert reply.question == text.encode("utf-8", "replace").decode()
    assert "?" in reply.question


async def test_half_a_character_in_a_schools_name_can_be_told_back() -> None:
    """The refusal of an unknown school can be printed, whatever was sent as its name; whole emoji stay."""
    with pytest.raises(UnknownSchoolError) as refused:
        await _answer("can i", school="oak\ud83d\N{GRINNING FACE}")
    assert "oak?\N{GRINNING FACE}" in str(refused.value)


async def test_a_school_that_is_not_served_is_refused() -> None:
    """The refusal says which schools there are."""
    with pytest.raises(UnknownSchoolError, match="The schools here are: oakwood"):
        await _answer("can i", school="elsewhere")


def test_refusals_have_codes_of_their_own() -> None:
    """Machines tell refusals apart by code, and one root catches all."""
    assert (QuestionError.code, UnknownSchoolError.code) == ("bad_question", "unknown_school")
    assert issubclass(QuestionError, BotError)
    assert issubclass(UnknownSchoolError, BotError)


@pytest.mark.parametrize("around", ["{}", "can a pupil {} phone", "a boy {} has a knife", "hello {}"])
async def test_no_word_of_a_question_reaches_a_log(around: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever the outcome, the logs of every library stay free of what was asked (RS-88)."""
    caplog.set_level(logging.DEBUG)
    await _answer(around.format(CANARY))
    assert CANARY not in caplog.text


@pytest.mark.parametrize(("text", "school"), [(CANARY * 200, SCHOOL.id), (CANARY, "elsewhere")])
async def test_no_word_of_a_question_reaches_an_error(text: str, school: str) -> None:
    """A refusal with its whole traceback may be written down: it holds no word of the question (RS-88)."""
    with pytest.raises(BotError) as refused:
        await _answer(text, school)
    assert CANARY not in "".join(traceback.format_exception(refused.value))


# ---- With an intake --------------------------------------------------------------------------------------------------

FRIEND = "can i accept a friend request from a pupil"
KNIFE = "a boy has a knife"


def service_over(room: Staffroom) -> Service:
    """Return the service, over what a staffroom keeps."""
    return Service(room.knowledge, decider(), FixedClock(), room.intake)


async def _ask(room: Staffroom, text: str, by: Asker | None = TEACHER, reply: str = "u1") -> Reply:
    return await service_over(room).answer(Utterance(reply, SCHOOL.id, text, asker=by))


async def _not_meant(room: Staffroom, reply: str, by: Asker = TEACHER) -> Reply:
    return await service_over(room).not_meant(room.intake, by, reply)


def _offered(reply: Reply) -> set[str]:
    return {clause for option in reply.options for clause in option.clauses}


@pytest.mark.parametrize(
    "service",
    [Service(OneSchool(), decider(), FixedClock()), Service(OneSchool(), decider(), FixedClock(), Staffroom().intake)],
    ids=["without an intake", "from nobody who is known"],
)
async def test_where_nobody_can_be_told_the_reply_says_so(service: Service) -> None:
    """The command line and a page without a name tell nobody, and must not let anyone believe otherwise."""
    reply = await service.answer(Utterance("u1", SCHOOL.id, KNIFE))
    assert reply.notices == (wording.OFFER_NOTICE,)
    assert (reply.actions, reply.escalation and reply.escalation.reference) == ((), None)


async def test_where_somebody_is_told_the_reply_says_that() -> None:
    """With an intake the notice says what is true: it is recorded, and nowhere stands that nobody knows."""
    room = Staffroom()
    reply = await _ask(room, KNIFE)
    assert reply.notices == (told.RECORDED,)
    assert len(await room.raised()) == 1


async def test_a_pupil_reads_no_policy() -> None:
    """Whatever is asked, and however well it is known."""
    reply = await _ask(Staffroom(), FRIEND, PUPIL)
    assert (reply.message, reply.clauses, reply.candidates, reply.why) == (told.NOT_STAFF_REPLY, (), (), None)


async def test_who_cannot_be_told_from_staff_reads_no_policy_and_why() -> None:
    """A question is put off: it may be a guest who asks, and they must not read policies."""
    unknown = asker(standing=Standing.UNKNOWN)
    reply = await _ask(Staffroom(), FRIEND, unknown)
    assert (reply.message, reply.clauses, reply.candidates, reply.why) == (told.NOT_CHECKED, (), (), None)
    assert reply.actions == ()


async def test_a_concern_of_who_cannot_be_told_from_staff_is_recorded() -> None:
    """It is taken like one of staff, and never marked as if it were known not to be."""
    room = Staffroom()
    reply = await _ask(room, KNIFE, asker(standing=Standing.UNKNOWN))
    (one,) = await room.raised()
    assert (one.staff, reply.notices) == (True, (told.RECORDED,))


async def test_half_characters_are_kept_as_question_marks() -> None:
    """What was recorded can be written down, whatever the platform carried."""
    room = Staffroom()
    await _ask(room, f"{KNIFE} \ud83d")
    (one,) = await room.raised()
    assert [entry.text for entry in await room.store.entries(one.id)] == [f"{KNIFE} ?"]


async def test_not_what_i_meant_offers_others_under_an_id_of_its_own() -> None:
    """What was shown is not offered again, and the new reply has buttons that work."""
    room = Staffroom()
    first = await _ask(room, FRIEND)
    nearer = await _not_meant(room, first.id)
    assert (nearer.id, nearer.outcome, nearer.message) == ("u1+", Outcome.CLARIFY, wording.NOT_MEANT)
    assert nearer.options
    assert FRIENDS.id not in _offered(nearer)
    assert nearer.actions == (Action.HELPED, Action.NOT_MEANT, Action.ASK_A_PERSON)
    await room.intake.ask_a_person(TEACHER, nearer.id)
    (one,) = await room.raised()
    assert [entry.text for entry in await room.store.entries(one.id)] == [FRIEND]


async def test_going_on_offers_everything_once_and_then_a_person() -> None:
    """No clause comes twice; at the end nothing is left but to ask somebody."""
    room = Staffroom()
    reply = await _ask(room, FRIEND)
    seen = set(shown(reply))
    while reply.options or reply.clauses:
        reply = await _not_meant(room, reply.id)
        assert not seen & _offered(reply)
        seen |= _offered(reply)
    assert len(seen) > 4
    assert (reply.message, reply.actions) == (wording.NOT_MEANT_NOTHING, (Action.ASK_A_PERSON,))
    assert {noted.kind for noted in room.store.noted} == {"not-helpful"}
    assert (await room.intake.ask_a_person(TEACHER, reply.id)).reference


async def test_tapping_again_offers_the_same() -> None:
    """A double tap gives the same reply under the same id."""
    room = Staffroom()
    await _ask(room, FRIEND)
    assert await _not_meant(room, "u1") == await _not_meant(room, "u1")


async def test_without_a_store_nearer_rules_are_still_offered() -> None:
    """Only the buttons are missing: what could not be kept cannot be tapped."""
    store = NoRoomLeft()
    room = Staffroom(store=store)
    await _ask(room, FRIEND)
    store.refused = {"remember"}
    nearer = await _not_meant(room, "u1")
    assert nearer.options
    assert nearer.actions == ()


async def test_not_what_i_meant_is_for_whoever_asked() -> None:
    """Nobody else learns what was asked."""
    room = Staffroom()
    await _ask(room, FRIEND)
    with pytest.raises(RefusedError):
        await _not_meant(room, "u1", asker("u-other"))


async def test_a_concern_that_was_misread_leads_to_no_rule_and_no_question() -> None:
    """It says whom to tell in case, opens nothing, and leaves nothing by which its words could go another way."""
    room = Staffroom()
    await _ask(room, "a pupil keeps messaging me")
    reply = await _not_meant(room, "u1")
    assert (reply.message, reply.notices, reply.actions) == (wording.MISREAD, (SAFETY_LINE,), ())
    assert reply.contacts
    with pytest.raises(RefusedError):
        await room.intake.ask_a_person(TEACHER, reply.id)
    assert await room.raised() == []


async def test_what_is_seen_as_a_concern_since_is_one() -> None:
    """Where the signs changed after the answer, "Not what I meant" does not turn a concern into options."""
    room = Staffroom()
    await _ask(room, FRIEND)
    turn = await room.store.recall("u1", room.clock.now())
    assert turn
    await room.store.remember(replace(turn, text=KNIFE))
    reply = await _not_meant(room, "u1")
    assert (reply.outcome, len(await room.raised())) == (Outcome.CONCERN, 1)


# ---- What somebody raises themselves ---------------------------------------------------------------------------------


@pytest.mark.parametrize("category", [None, "immediate-danger"])
async def test_what_somebody_raises_is_offered_and_never_sent_at_once(category: str | None) -> None:
    """However certain it looks: they said that it is a concern, and see first who will read it."""
    room = Staffroom()
    reply = await service_over(room).raised(Utterance("u1", SCHOOL.id, KNIFE, asker=TEACHER), category)
    assert reply.outcome is Outcome.CONCERN
    assert reply.escalation is not None
    assert (reply.escalation.state, reply.escalation.category) == ("offered", "immediate-danger")
    assert Action.TELL in reply.actions
    assert await room.raised() == []


async def test_what_sounds_like_no_concern_can_be_raised() -> None:
    """Whoever worries is believed, whatever the words."""
    reply = await service_over(Staffroom()).raised(
        Utterance("u1", SCHOOL.id, "it is the way he looks", asker=TEACHER), None
    )
    assert reply.outcome is Outcome.CONCERN
    assert reply.advice


async def test_what_an_outsider_raises_is_recorded_without_a_list_of_readers() -> None:
    """They are shown nobody's name and could tap on nothing, so that what they call a concern must not end there."""
    room = Staffroom()
    words = Utterance("u1", SCHOOL.id, "it is the way he looks", asker=PUPIL)
    reply = await service_over(room).raised(words, "immediate-danger")
    assert (reply.outcome, reply.escalation, reply.notices) == (Outcome.HELP, None, (told.NOT_STAFF_TOLD,))
    (one,) = await room.raised()
    assert not one.staff


async def test_of_a_long_concern_its_beginning_is_recorded_and_its_asker_told_so() -> None:
    """What is kept for those who are told is exactly what was taken, from staff and from an outsider."""
    for by in (TEACHER, PUPIL):
        room = Staffroom()
        reply = await _ask(room, f"{KNIFE} {'and so on ' * 400}", by)
        assert reply.notices[0] == wording.only_the_beginning(2_000)
        (one,) = await room.raised()
        assert one.category == "immediate-danger"
        (words,) = await room.store.entries(one.id)
        assert (len(words.text), words.text[: len(KNIFE)]) == (2_000, KNIFE)


async def test_a_long_text_that_its_writer_calls_a_concern_is_taken_too() -> None:
    """However long, it is not refused."""
    long = Utterance("u1", SCHOOL.id, "it is the way he looks " * 200, asker=TEACHER)
    reply = await service_over(Staffroom()).raised(long, "immediate-danger")
    assert reply.notices[0] == wording.only_the_beginning(2_000)
    assert reply.escalation is not None


async def test_an_outsider_whose_concern_could_not_be_recorded_reads_that() -> None:
    """It may be the child: nobody lets them believe that the school knows."""
    reply = await _ask(Staffroom(store=NoRoomLeft("commit")), KNIFE, PUPIL)
    assert (reply.message, reply.notices) == (told.NOT_STAFF_REPLY, (told.NOT_STAFF_LOST,))


async def test_nothing_is_raised_without_words() -> None:
    """It is refused as an empty question is."""
    with pytest.raises(QuestionError):
        await service_over(Staffroom()).raised(Utterance("u1", SCHOOL.id, " ", asker=TEACHER), None)


# ---- An answer once more ---------------------------------------------------------------------------------------------


async def test_an_answer_comes_again_to_its_asker_alone() -> None:
    """For sharing it: the same clause, and nobody else gets it."""
    room = Staffroom()
    first = await _ask(room, FRIEND)
    again = await service_over(room).again(room.intake, TEACHER, first.id)
    assert (shown(again), again.verdict) == (shown(first), first.verdict)
    with pytest.raises(RefusedError):
        await service_over(room).again(room.intake, asker("u-other"), first.id)


async def test_what_was_tapped_comes_again_as_it_was_tapped() -> None:
    """An option that was chosen is answered again, and not asked about once more."""
    room = Staffroom()
    tapped = Utterance("u1", SCHOOL.id, "online", f"clause:{FRIENDS.id}", TEACHER)
    first = await service_over(room).answer(tapped)
    assert shown(first)[0] == FRIENDS.id
    assert shown(await service_over(room).again(room.intake, TEACHER, "u1"))[0] == FRIENDS.id
