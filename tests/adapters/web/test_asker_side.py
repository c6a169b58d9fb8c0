"""What somebody who asks can do: pass on, ask a person, read what became of it, answer."""

import pytest

from bot.escalation import wording
from tests.adapters.web.playing import CONTACT, DANGER, QUESTION, Playing
from tests.adapters.web.visitor import Visitor, error_of


async def test_a_certain_concern_is_recorded_and_delivered(visitor: Visitor) -> None:
    """A certain and urgent concern is recorded at once; its receipt says so, and soon that it was delivered."""
    card = await visitor.ask(DANGER)
    assert (card["outcome"], card["escalation"]["state"]) == ("concern", "recorded")
    assert card["escalation"]["says"] == wording.RECORDED
    (receipt,) = await visitor.receipts()
    assert receipt["reference"] == card["escalation"]["reference"]
    assert receipt["state"] == "delivered"
    assert receipt["lines"] == ["Recorded, 10:40.", "Delivered, 10:40."]


async def test_an_offered_concern_names_its_readers_and_tells_nobody(visitor: Visitor) -> None:
    """Before anything is sent the card lists who will read it, by name and role."""
    card = await visitor.ask(CONTACT)
    offer = card["escalation"]
    assert (offer["state"], offer["id"], offer["says"]) == ("offered", None, wording.OFFERED)
    assert [reader["called"] for reader in offer["readers"]] == [
        "Mr B. Example, Designated Safeguarding Lead",
        "Ms C. Example, Deputy Designated Safeguarding Lead",
    ]
    assert card["actions"] == ["tell", "involved", "not-meant"]
    assert await visitor.receipts() == []
    assert await visitor.cards() == []


async def test_a_tap_passes_it_on(visitor: Visitor) -> None:
    """Telling them records it once, however often it is tapped."""
    reply = (await visitor.ask(CONTACT))["id"]
    first = await visitor.tap(reply, "tell")
    second = await visitor.tap(reply, "tell")
    assert (first["state"], first["id"]) == ("recorded", second["id"])
    assert [card["id"] for card in await visitor.cards()] == [first["id"]]


async def test_somebody_involved_means_another_route(visitor: Visitor) -> None:
    """Where one of the readers is involved, none of them is offered again, and none of them is told."""
    reply = (await visitor.ask(CONTACT))["id"]
    moved = await visitor.tap(reply, "involved")
    assert [reader["role"] for reader in moved["escalation"]["readers"]] == ["headteacher"]
    assert moved["actions"][:2] == ["tell", "involved"]
    await visitor.tap(reply, "tell")
    assert await visitor.cards("dsl") == []
    assert len(await visitor.cards("headteacher")) == 1


async def test_a_tap_counts_for_the_list_that_was_seen(visitor: Visitor) -> None:
    """A second tap on the same list does not move on again, and a list that has changed is not told."""
    card = await visitor.ask(CONTACT)
    seal = card["escalation"]["seal"]
    moved = await visitor.tap(card["id"], "involved", seal=seal)
    again = await visitor.tap(card["id"], "involved", seal=seal)
    assert moved["escalation"]["readers"] == again["escalation"]["readers"]
    body = {**visitor.me, "seal": seal}
    told = await error_of(await visitor.client.post(f"/api/replies/{card['id']}/tell", json=body), 400)
    assert told["message"] == wording.READERS_CHANGED
    assert (await visitor.tap(card["id"], "tell", seal=moved["escalation"]["seal"]))["state"] == "recorded"


async def test_somebody_involved_can_be_named_after_sending(visitor: Visitor) -> None:
    """What was sent at once can be passed on to others too, where one of its readers is involved."""
    card = await visitor.ask(DANGER)
    assert card["actions"] == ["involved"]
    moved = await visitor.tap(card["id"], "involved")
    assert moved["escalation"]["says"] == wording.GONE_BEFORE
    assert (await visitor.tap(card["id"], "tell"))["id"] != card["escalation"]["id"]
    assert len(await visitor.cards("headteacher")) == 1


async def test_where_nobody_is_left_it_says_whom_to_phone(visitor: Visitor) -> None:
    """Once every route is used up the card says so, offers nothing, and names whom to phone."""
    reply = (await visitor.ask(CONTACT))["id"]
    for _ in range(2):
        await visitor.tap(reply, "involved")
    ended = await visitor.tap(reply, "involved")
    assert ended["escalation"]["problem"] == wording.NOBODY_LEFT
    assert "tell" not in ended["actions"]
    assert "01632 960020" in str(ended["contacts"])


async def test_a_school_without_routes_names_a_person(visitor: Visitor) -> None:
    """Where the school has not said who is told, the card says that nobody was, and whom to tell."""
    card = await visitor.as_somebody(school="hill").ask(DANGER)
    assert card["escalation"]["says"] == wording.NOT_SET_UP
    assert "tell" not in card["actions"]
    assert "headteacher" in [contact["role"] for contact in card["contacts"]]


async def test_a_question_goes_to_people_only_when_asked(visitor: Visitor) -> None:
    """ "Ask a person" hands the question to the question route, with its words, and not to the place for concerns."""
    card = await visitor.ask(QUESTION)
    assert card["actions"] == ["helped", "not-meant", "ask-a-person"]
    assert await visitor.cards("headteacher") == []
    found = await visitor.tap(card["id"], "ask-a-person")
    assert found["message"] == wording.ASKED_A_PERSON
    assert "It is for the Headteacher." in found["lines"]
    (asked,) = await visitor.cards("headteacher")
    assert (asked["question"], asked["quoted"]) == (True, QUESTION)
    assert await visitor.cards("dsl") == []


async def test_helped_is_noted(visitor: Visitor, playing: Playing) -> None:
    """ "Helped" is thanked for and kept, without words."""
    reply = (await visitor.ask(QUESTION))["id"]
    assert await visitor.tap(reply, "helped") == {"message": wording.HELPED}
    assert [(one.kind, one.words) for one in playing.store.noted] == [("helped", None)]


async def test_not_meant_offers_something_nearer(visitor: Visitor) -> None:
    """ "Not what I meant" brings other rules to tap, and the next reply can be tapped in turn."""
    card = await visitor.ask(QUESTION)
    nearer = await visitor.tap(card["id"], "not-meant")
    assert nearer["outcome"] == "clarify"
    shown = {clause["id"] for clause in card["clauses"]}
    assert nearer["options"]
    assert not shown & {clause for option in nearer["options"] for clause in option["clauses"]}
    assert (await visitor.tap(nearer["id"], "helped"))["message"] == wording.HELPED


async def test_an_outsider_gets_a_fixed_reply_and_nothing_of_the_policies(visitor: Visitor) -> None:
    """A pupil or stranger reads whom to turn to; a question of theirs is passed to nobody."""
    card = await visitor.as_somebody(standing="outsider").ask(QUESTION)
    assert (card["outcome"], card["message"]) == ("help", wording.NOT_STAFF_REPLY)
    assert (card["clauses"], card["actions"], card["candidates"]) == ([], [], [])
    assert await visitor.receipts() == []


async def test_a_certain_concern_of_an_outsider_is_told_all_the_same(visitor: Visitor) -> None:
    """What a pupil or stranger says in danger reaches the DSL, marked as not from staff."""
    card = await visitor.as_somebody(standing="outsider").ask(DANGER)
    assert card["notices"] == [wording.NOT_STAFF_TOLD]
    (told,) = await visitor.cards("dsl")
    assert wording.NOT_STAFF in told["lines"]


async def test_the_asker_is_called_by_the_name_they_gave(visitor: Visitor) -> None:
    """Those who are told read the name that was typed, or "You" where none was."""
    await visitor.as_somebody(name="  Ms   T.\nExample ").raise_danger()
    assert "Raised by Ms T. Example, 10:40." in (await visitor.cards())[0]["lines"]
    await visitor.as_somebody(who="another-1").raise_danger()
    assert any("Raised by You, 10:40." in card["lines"] for card in await visitor.cards())


async def test_receipt_tells_the_true_state(visitor: Visitor) -> None:
    """The receipt grows line by line: recorded, delivered, seen, taken, resolved."""
    raised = await visitor.raise_danger()
    await visitor.act(raised, "open")
    await visitor.act(raised, "acknowledge")
    await visitor.act(raised, "resolve", resolution="handled")
    (receipt,) = await visitor.receipts()
    assert receipt["lines"] == [
        "Recorded, 10:40.",
        "Delivered, 10:40.",
        "Seen by the Designated Safeguarding Lead, 10:40.",
        "Taken by the Designated Safeguarding Lead, 10:40.",
        "Resolved: dealt with in school, 10:40.",
    ]


async def test_unseen_for_15_minutes_says_whom_to_phone(visitor: Visitor, playing: Playing) -> None:
    """While nobody has seen an urgent concern for 15 minutes, the receipt raises the alarm, with the number."""
    await visitor.raise_danger()
    (receipt,) = await visitor.receipts()
    assert (receipt["warning"], receipt["alarm"]) == (None, False)
    await playing.wait(15)
    (receipt,) = await visitor.receipts()
    assert (receipt["warning"], receipt["alarm"]) == (wording.NOT_SEEN, True)
    assert [person["called"] for person in receipt["phone"]] == ["Front desk, School office"]


async def test_a_reply_and_an_answer_stand_in_the_thread(visitor: Visitor) -> None:
    """The asker reads who replied, in which role, and what; their answer stands behind it."""
    raised = await visitor.raise_danger()
    await visitor.act(raised, "reply", text="I am on my way.")
    thread = (await visitor.answer(raised, "He is in the hall."))["thread"]
    assert thread == (await visitor.thread(raised))["thread"]
    assert [(said["kind"], said["by"], said["title"], said["text"]) for said in thread] == [
        ("opening", "You", None, DANGER),
        ("reply", "Mr B. Example", "Designated Safeguarding Lead", "I am on my way."),
        ("answer", "You", None, "He is in the hall."),
    ]


async def test_an_empty_answer_is_refused(visitor: Visitor) -> None:
    """Nothing is not an answer."""
    raised = await visitor.raise_danger()
    body = {**visitor.me, "text": "  "}
    error = await error_of(await visitor.client.post(f"/api/escalations/{raised}/thread", json=body), 400)
    assert error == {"code": "refused", "message": wording.EMPTY_REPLY}


async def test_nobody_else_reads_a_receipt_or_a_thread(visitor: Visitor) -> None:
    """Another page sees none of it, and cannot write there; not even one that calls itself like a role."""
    raised = await visitor.raise_danger()
    for who in ("somebody-else", "chair-of-governors"):
        other = visitor.as_somebody(who=who)
        assert await other.receipts() == []
        read = await other.client.get(f"/api/escalations/{raised}/thread", params={"who": who})
        assert (await error_of(read, 400))["message"] == wording.GONE
        wrote = await other.client.post(f"/api/escalations/{raised}/thread", json={**other.me, "text": "hello"})
        assert (await error_of(wrote, 400))["message"] == wording.GONE


@pytest.mark.parametrize("action", ["tell", "involved", "ask-a-person", "helped", "not-meant"])
async def test_a_reply_of_somebody_else_cannot_be_tapped(visitor: Visitor, action: str) -> None:
    """The buttons of a reply work for whoever got it, and for nobody else."""
    reply = (await visitor.ask(CONTACT))["id"]
    other = visitor.as_somebody(who="somebody-else")
    error = await error_of(await visitor.client.post(f"/api/replies/{reply}/{action}", json=other.me), 400)
    assert error["message"] == (wording.OFFER_GONE if action in {"tell", "involved"} else wording.GONE)


async def test_what_could_not_be_recorded_is_not_said_to_be(visitor: Visitor, playing: Playing) -> None:
    """Where the store is down, a concern's card says that nobody has been told, and a tap is refused as honestly."""
    reply = (await visitor.ask(CONTACT))["id"]
    playing.store.down = True
    response = await visitor.client.post("/api/ask", json={"school": "model", "question": DANGER, **visitor.me})
    card = await response.json()
    assert card["escalation"]["says"] == card["escalation"]["problem"] == wording.NOT_RECORDED
    told = await error_of(await visitor.client.post(f"/api/replies/{reply}/tell", json=visitor.me), 503)
    assert told == {"code": "store_down", "message": wording.NOT_RECORDED}
    read = await error_of(await visitor.client.get("/api/receipts", params={"who": visitor.who}), 503)
    assert read["message"] == wording.NOT_READABLE


async def test_without_somebody_who_asks_nobody_is_told(visitor: Visitor, playing: Playing) -> None:
    """A question without `who` is answered and reaches nobody, as on the command line; the card says so."""
    card = await visitor.post("/api/ask", school="model", question=DANGER)
    assert card["escalation"]["state"] == "offered"
    assert card["escalation"]["says"] is None
    assert any(notice.startswith("Nobody has been told yet.") for notice in card["notices"])
    await playing.deliver()
    assert await visitor.cards() == []
