"""What every store promises of event keys, turns, feedback and single values."""

import asyncio
from collections import Counter
from dataclasses import replace

from adapters.storage.store import SqlStore
from bot.escalation.model import Feedback
from bot.escalation.ports import Claim, Kept, Store
from tests.contract.values import DAY, MINUTE, NOW, SECOND, opening, turn
from tests.store_fake import MemoryStore


async def test_of_fifty_copies_of_an_event_one_is_answered(store: Store) -> None:
    """Of 50 parallel claims of one key, one gets NEW and the others BUSY; after it is finished all get DONE."""
    claims = await asyncio.gather(*(store.claim("event", NOW) for _ in range(50)))
    assert Counter(claims) == {Claim.NEW: 1, Claim.BUSY: 49}
    await store.finish("event", NOW)
    assert await store.claim("event", NOW + 2 * DAY) is Claim.DONE
    assert await store.claim("another", NOW) is Claim.NEW


async def test_an_event_left_unanswered_can_be_claimed_again(store: Store) -> None:
    """A claim runs 30 seconds: a copy that comes after a crash is answered."""
    assert await store.claim("event", NOW) is Claim.NEW
    assert await store.claim("event", NOW + 29 * SECOND) is Claim.BUSY
    assert await store.claim("event", NOW + 30 * SECOND) is Claim.NEW
    assert await store.claim("event", NOW + 59 * SECOND) is Claim.BUSY


async def test_a_clock_set_back_does_not_leave_an_event_unanswered(store: Store) -> None:
    """A claim that ends more than 10 minutes from now was made by a clock that ran ahead: it counts as run out."""
    await store.claim("event", NOW)
    assert await store.claim("event", NOW + 30 * SECOND - 10 * MINUTE) is Claim.BUSY
    assert await store.claim("event", NOW + 29 * SECOND - 10 * MINUTE) is Claim.NEW


async def test_finishing_what_nobody_claimed_keeps_it_finished(store: Store) -> None:
    """An event that is marked answered is answered, claimed or not."""
    await store.finish("event", NOW)
    assert await store.claim("event", NOW) is Claim.DONE


async def test_a_step_marks_its_event_answered(store: Store) -> None:
    """The event key of a step is done with it."""
    await store.claim("event", NOW)
    await store.commit(replace(opening(), event_key="event"))
    assert await store.claim("event", NOW + MINUTE) is Claim.DONE


async def test_a_turn_is_recalled_for_a_day(store: Store) -> None:
    """A turn comes back as it was for a day, and then no more."""
    await store.remember(turn())
    assert await store.recall("reply", NOW) == turn()
    assert await store.recall("reply", NOW + DAY - SECOND) == turn()
    assert await store.recall("reply", NOW + DAY) is None
    assert await store.recall("another", NOW) is None


async def test_a_later_turn_of_a_reply_replaces_the_earlier(store: Store) -> None:
    """Under one reply id the last turn counts, and a day from then."""
    await store.remember(turn())
    later = replace(turn(at=NOW + MINUTE), excluded=(), clauses=(), category=None, certainty=None)
    await store.remember(later)
    assert await store.recall("reply", NOW + DAY) == later


async def test_feedback_is_kept_with_and_without_words(store: Store) -> None:
    """Any feedback can be noted, the same twice too."""
    for words in (None, "what about [a person]?", "what about [a person]?"):
        await store.note(Feedback("model", "unanswered", None, words, NOW))


async def test_questions_without_an_answer_are_listed_with_their_words(store: Store) -> None:
    """A school's own, the latest first, no more than asked for; those without words are left out."""
    asked = [Feedback("model", "unanswered", None, f"question {n}", NOW + n * MINUTE) for n in range(3)]
    for one in (*asked, Feedback("model", "helped", "friends", None, NOW), replace(asked[0], school="other")):
        await store.note(one)
    assert list(await store.feedback("model", 10)) == asked[::-1]
    assert list(await store.feedback("model", 1)) == asked[2:]


async def test_a_value_is_kept_until_it_is_replaced_or_dropped(store: SqlStore | MemoryStore) -> None:
    """Values are found by kind and key, and listed by kind."""
    kept: Kept = store.kept
    assert await kept.get("school", "somebody") is None
    await kept.put("school", "somebody", "model")
    await kept.put("school", "another", "oak")
    await kept.put("place", "somebody", "C0SAFE")
    await kept.put("school", "somebody", "elm")
    assert await kept.get("school", "somebody") == "elm"
    assert sorted(await kept.all("school")) == ["elm", "oak"]
    await kept.drop("school", "somebody")
    await kept.drop("school", "somebody")
    assert await kept.get("school", "somebody") is None
    assert await kept.get("place", "somebody") == "C0SAFE"
