"""The pane that plays the school's private channel: what each role finds, and what it can do."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot import wording as said
from bot.escalation import wording
from bot.escalation.model import Change, DeliveryKind, Escalation
from bot.escalation.settling import aside
from tests.adapters.web.conftest import served
from tests.adapters.web.playing import CONTACT, DANGER, PLAYED, QUESTION, Playing
from tests.adapters.web.visitor import Visitor, body_of, error_of
from tests.store_fake import MemoryStore

REPLY = "I am on my way."


async def refused(visitor: Visitor, escalation: str, act: str, **body: str) -> Mapping[str, Any]:
    """Try something that must be refused, and return the error."""
    body = {"school": "model", "role": "dsl", **body}
    return await error_of(await visitor.client.post(f"/api/desk/{escalation}/{act}", json=body), 400)


async def test_roles_are_those_of_the_routes(visitor: Visitor) -> None:
    """Who can be played is everybody on a route, in its order; a school without routes has nobody to play."""
    listed = {school["id"]: school["roles"] for school in (await visitor.get("/api/schools"))["schools"]}
    assert [role["role"] for role in listed["model"]] == ["dsl", "deputy-dsl", "headteacher", "chair-of-governors"]
    assert listed["hill"] == []


async def test_a_card_says_what_it_is_and_not_what_was_written(visitor: Visitor) -> None:
    """A notice carries category, school, who and when, and what can be done; the words are nowhere in it."""
    await visitor.raise_danger()
    desk = await visitor.desk()
    (card,) = desk["cards"]
    assert (card["title"], card["urgent"], card["state"]) == ("Someone is in danger now", True, "delivered")
    assert card["lines"][:2] == ["Model Primary School", "Raised by You, 10:40."]
    assert card["acts"] == ["open", "acknowledge", "assign", "reply", "resolve"]
    assert [other["role"] for other in card["others"]] == ["deputy-dsl"]
    assert (card["opened"], card["quoted"]) == (False, None)
    assert "knife" not in str(desk)


async def test_opening_shows_the_words_and_is_noted(visitor: Visitor) -> None:
    """The words appear on opening, and the asker reads whose role has seen them."""
    raised = await visitor.raise_danger()
    opened = await visitor.act(raised, "open")
    assert [(entry["by"], entry["text"]) for entry in opened["thread"]] == [("You", DANGER)]
    assert opened["card"]["opened"]
    (receipt,) = await visitor.receipts()
    assert receipt["lines"][-1] == "Seen by the Designated Safeguarding Lead, 10:40."


async def test_a_school_can_have_the_words_on_the_card() -> None:
    """Where a school has said so, the notice itself shows the words, as that of a question always does."""
    playing = Playing(replace(PLAYED, words_in_notices=True))
    async with TestClient(served(playing, playing.service)) as client:
        visitor = Visitor(client, playing)
        await visitor.raise_danger()
        assert [card["quoted"] for card in await visitor.cards()] == [DANGER]


async def test_everybody_in_the_place_has_the_card_and_nobody_else(visitor: Visitor) -> None:
    """A card in a place is on the desk of each of its members, and of nobody beside them."""
    await visitor.raise_danger()
    assert len(await visitor.cards("deputy-dsl")) == 1
    assert await visitor.cards("headteacher") == []
    assert await visitor.cards("chair-of-governors") == []


async def test_taking_it_ends_the_buttons_for_taking(visitor: Visitor) -> None:
    """Who takes it is named to the others, who can no longer take it."""
    raised = await visitor.raise_danger()
    taken = (await visitor.act(raised, "acknowledge"))["card"]
    assert taken["state"] == "acknowledged"
    assert "acknowledge" not in taken["acts"]
    (card,) = await visitor.cards("deputy-dsl")
    assert any(line.startswith("Taken by the Designated Safeguarding Lead") for line in card["lines"])
    error = await refused(visitor, raised, "acknowledge", role="deputy-dsl")
    assert error["code"] == "refused"


async def test_passing_on_tells_the_other_in_person(visitor: Visitor, playing: Playing) -> None:
    """What is passed on waits for whoever it went to, and stands on their desk."""
    raised = await visitor.raise_danger()
    passed = (await visitor.act(raised, "pass-on", to="deputy-dsl"))["card"]
    assert passed["state"] == "delivered"
    told = await playing.store.deliveries(raised)
    assert "deputy-dsl" in [sent.address.id for sent in told]
    (card,) = await visitor.cards("deputy-dsl")
    assert any("Passed on to the Deputy" in line for line in card["lines"])


async def test_it_can_be_passed_on_to_its_own_people_alone(visitor: Visitor) -> None:
    """Nobody beside the route can be picked."""
    raised = await visitor.raise_danger()
    assert (await refused(visitor, raised, "pass-on", to="headteacher"))["message"] == wording.NOBODY_THERE


async def test_a_reply_comes_back_to_whoever_wrote_it(visitor: Visitor, playing: Playing) -> None:
    """Replying takes it, and shows the reply alone: to read the rest it must be opened."""
    raised = await visitor.raise_danger()
    replied = await visitor.act(raised, "reply", text=REPLY)
    assert replied["card"]["state"] == "acknowledged"
    assert (replied["said"]["text"], replied["said"]["title"]) == (REPLY, "Designated Safeguarding Lead")
    assert "knife" not in str(replied)
    kinds = [logged.event.kind for logged in await playing.store.events(raised)]
    assert "words-opened" not in kinds


async def test_the_others_read_who_has_answered(visitor: Visitor) -> None:
    """After the deputy's reply the lead's card says so, and the asker's receipt; neither shows a word of it."""
    raised = await visitor.raise_danger()
    await visitor.act(raised, "acknowledge")
    await visitor.act(raised, "reply", role="deputy-dsl", text=REPLY)
    (card,) = await visitor.cards()
    assert [line for line in card["lines"] if line.startswith("Answered")] == [
        "Answered by the Deputy Designated Safeguarding Lead, 10:40."
    ]
    assert REPLY not in str(card)


async def test_an_answer_of_the_asker_is_shown_as_news(visitor: Visitor) -> None:
    """When the asker writes again, the card says so, and when; the words wait for opening."""
    raised = await visitor.raise_danger()
    await visitor.act(raised, "reply", text=REPLY)
    await visitor.answer(raised, "He is in the hall.")
    (card,) = await visitor.cards()
    assert (card["answered"], card["entries"]) == (wording.answered_at("10:40"), 3)
    assert "hall" not in str(card)


async def test_resolving_needs_a_category_and_no_story(visitor: Visitor) -> None:
    """It is resolved with one of five categories, and reopened where there is more to do."""
    raised = await visitor.raise_danger()
    error = await refused(visitor, raised, "resolve", resolution="I spoke to the family")
    assert error == {"code": "bad_request", "message": said.TRYOUT_RESOLUTION}
    resolved = (await visitor.act(raised, "resolve", resolution="referred"))["card"]
    assert (resolved["state"], resolved["acts"]) == ("resolved", ["open", "reopen"])
    assert (await visitor.act(raised, "reopen"))["card"]["state"] == "delivered"


async def test_urgent_ones_stand_first_and_resolved_ones_last(visitor: Visitor) -> None:
    """Open cards come before resolved ones, and urgent ones before others."""
    done = await visitor.raise_danger()
    await visitor.act(done, "resolve", resolution="by-mistake")
    calm = (await visitor.tap((await visitor.ask(CONTACT))["id"], "tell"))["id"]
    urgent = await visitor.raise_danger()
    assert [card["id"] for card in await visitor.cards()] == [urgent, calm, done]


async def test_reminders_are_shown_while_nobody_has_it(visitor: Visitor, playing: Playing) -> None:
    """The card says when those who have it were last asked again, until somebody takes it."""
    raised = await visitor.raise_danger()
    await playing.wait(5)
    (card,) = await visitor.cards()
    assert card["reminders"] == [wording.asked_again_at("10:45")]
    taken = (await visitor.act(raised, "acknowledge"))["card"]
    assert taken["reminders"] == []


async def test_one_that_was_taken_and_left_is_asked_about(visitor: Visitor, playing: Playing) -> None:
    """After four school hours without a step the card asks whether it is still theirs."""
    raised = await visitor.raise_danger()
    await visitor.act(raised, "acknowledge")
    await playing.wait(4 * 60)
    (card,) = await visitor.cards()
    assert card["reminders"] == [wording.still_yours_at("14:40")]
    assert "acknowledge" in card["acts"]
    (other,) = await visitor.cards("deputy-dsl")
    assert "acknowledge" not in other["acts"]
    kept = (await visitor.act(raised, "acknowledge"))["card"]
    assert (kept["reminders"], "acknowledge" in kept["acts"]) == ([], False)


async def test_open_questions_come_together_in_a_digest(visitor: Visitor, playing: Playing) -> None:
    """Once a day the questions that nobody has answered are listed together, as long as one is open."""
    asked = (await visitor.tap((await visitor.ask(QUESTION))["id"], "ask-a-person"))["id"]
    assert (await visitor.desk("headteacher"))["digest"] is None
    await playing.wait(24 * 60)
    digest = (await visitor.desk("headteacher"))["digest"]
    assert digest["title"] == wording.digest_title(1)
    await visitor.act(asked, "resolve", role="headteacher", resolution="answered")
    assert (await visitor.desk("headteacher"))["digest"] is None


class WatchedStore(MemoryStore):
    """Calls `looks` before it writes down that something was delivered."""

    looks: Callable[[], Awaitable[None]] | None = None

    async def commit(self, change: Change) -> Escalation:
        """Write a step, once somebody has looked."""
        if change.settled and self.looks:
            looks, self.looks = self.looks, None
            await looks()
        return await super().commit(change)


async def test_a_card_is_there_as_soon_as_the_page_is_told() -> None:
    """The page is told to look while a card is being delivered; it must find it, or it would not look again."""
    store = WatchedStore()
    playing = Playing(store=store)
    async with TestClient(served(playing, playing.service)) as client:
        visitor, seen = Visitor(client, playing), list[str]()

        async def look() -> None:
            seen.extend(card["id"] for card in await visitor.cards())

        store.looks = look
        raised = await visitor.raise_danger()
        assert seen == [raised]


async def test_a_calm_one_waits_for_the_next_school_morning(visitor: Visitor, playing: Playing) -> None:
    """Out of hours, what is not urgent is on nobody's desk until the school opens; the receipt says when."""
    await playing.wait(12 * 60)
    await visitor.tap((await visitor.ask(CONTACT))["id"], "tell")
    assert await visitor.cards() == []
    (receipt,) = await visitor.receipts()
    assert "07:45" in receipt["warning"]
    await playing.wait(10 * 60)
    assert len(await visitor.cards()) == 1


async def test_what_waits_elsewhere_is_counted(visitor: Visitor) -> None:
    """A role is shown how much waits for the others that it cannot see, until somebody there takes it."""
    reply = (await visitor.ask(CONTACT))["id"]
    await visitor.tap(reply, "involved")
    raised = (await visitor.tap(reply, "tell"))["id"]
    elsewhere = (await visitor.desk("dsl"))["elsewhere"]
    assert [(one["role"], one["waiting"]) for one in elsewhere] == [("headteacher", 1)]
    assert (await visitor.desk("headteacher"))["elsewhere"] == []
    await visitor.act(raised, "acknowledge", role="headteacher")
    assert (await visitor.desk("dsl"))["elsewhere"] == []


@pytest.mark.parametrize("act", ["open", "acknowledge", "reply", "resolve", "reopen", "pass-on"])
async def test_a_role_that_was_not_told_can_do_nothing(visitor: Visitor, act: str) -> None:
    """Every step is refused to a role that may not see the card, and so is every step on what is not there."""
    raised = await visitor.raise_danger()
    more = {"text": "hello", "resolution": "handled", "to": "dsl"}
    for role, escalation in (("chair-of-governors", raised), ("dsl", "f" * 32)):
        error = await refused(visitor, escalation, act, role=role, **more)
        assert error["message"] == wording.NOT_YOURS


async def test_a_role_without_a_holder_cannot_be_played(visitor: Visitor) -> None:
    """Nobody can be played who is not there, and no school that is not."""
    error = await error_of(await visitor.client.get("/api/desk", params={"school": "model", "role": "dpo"}), 400)
    assert error["message"] == wording.NOBODY_THERE
    gone = await error_of(await visitor.client.get("/api/desk", params={"school": "moon", "role": "dsl"}), 400)
    assert gone["code"] == "unknown_school"


class GoneAfterwards(MemoryStore):
    """A store that can be read no more once somebody's next step has been written."""

    armed = False

    async def commit(self, change: Change) -> Escalation:
        """Write a step; where it is armed, fail from then on."""
        after = await super().commit(change)
        self.down = self.armed
        return after


@pytest.mark.parametrize(
    ("act", "more", "state"),
    [
        ("open", {}, "delivered"),
        ("acknowledge", {}, "acknowledged"),
        ("reply", {"text": REPLY}, "acknowledged"),
        ("resolve", {"resolution": "handled"}, "resolved"),
    ],
)
async def test_a_step_that_was_taken_is_never_called_one_that_failed(
    act: str, more: Mapping[str, str], state: str
) -> None:
    """Where the store fails once the step is written, the page reads that it was taken, with what it brought."""
    store = GoneAfterwards()
    playing = Playing(store=store)
    async with TestClient(served(playing, playing.service)) as client:
        raised = await Visitor(client, playing).raise_danger()
        store.armed = True
        player = {"school": "model", "role": "dsl", **more}
        shown = await body_of(await client.post(f"/api/desk/{raised}/{act}", json=player))
        assert store.down
        assert (shown["card"]["state"], shown["card"]["title"]) == (state, "Someone is in danger now")
        assert [entry["text"] for entry in shown.get("thread", ())] == ([DANGER] if act == "open" else [])
        assert shown.get("said", {"text": None})["text"] == more.get("text")


async def test_a_reply_that_never_arrived_is_told_on_the_card(visitor: Visitor, playing: Playing) -> None:
    """Whoever replied reads that the asker did not get it, and what to do instead."""
    raised = await visitor.raise_danger()
    await visitor.act(raised, "reply", text=REPLY)
    one = await playing.store.escalation(raised)
    assert one is not None
    (sent,) = [found for found in await playing.store.deliveries(raised) if found.kind is DeliveryKind.REPLY]
    await playing.store.commit(aside(one, sent, [], playing.office.moment("model")))
    (card,) = await visitor.cards()
    assert wording.reply_lost("10:40") in card["lines"]


async def test_a_desk_without_its_store_says_so(visitor: Visitor, playing: Playing) -> None:
    """Where the store is down, the desk shows nothing old, and no step is said to be taken."""
    raised = await visitor.raise_danger()
    playing.store.down = True
    player = {"school": "model", "role": "dsl"}
    read = await error_of(await visitor.client.get("/api/desk", params=player), 503)
    assert read["message"] == wording.NOT_READABLE
    opened = await error_of(await visitor.client.post(f"/api/desk/{raised}/open", json=player), 503)
    assert opened["message"] == wording.NOT_READABLE
    taken = await error_of(await visitor.client.post(f"/api/desk/{raised}/acknowledge", json=player), 503)
    assert taken["message"] == wording.NOT_WRITTEN
