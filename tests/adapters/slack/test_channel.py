"""Slack as a way to reach people: what arrives where, and what each of Slack's refusals comes to (RS-9, RS-15)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest

from adapters.slack.rendered import Rendered
from bot.escalation.errors import ChannelDownError, ThrottledError, UndeliverableError
from bot.escalation.message import Act, Message
from bot.escalation.model import Address, DeliveryKind
from tests.adapters.slack.home_world import DSL, HEAD, SAFE, SCHOOL, STAFF_ROOM, TEAM, HomeWorld, home_world
from tests.slack_fake import Message as Posted
from tests.slack_fake import Moment, Workspace

OTHER, ELSEWHERE = "T0OTHER", "C0ELSE"
POST = "chat.postMessage"
BOTH = replace(SCHOOL, belongs=(MappingProxyType({"slack_team": TEAM}), MappingProxyType({"slack_team": OTHER})))


def card(to: str = SAFE, **changes: Any) -> Message:
    """Return a card to a place, or a message to a person."""
    kind = "place" if to.startswith("C") else "person"
    message = Message(
        key="delivery-1",
        kind=DeliveryKind.NOTICE,
        address=Address("slack", to, kind),
        school=SCHOOL.id,
        escalation="e1",
        reference="K7-0001",
        urgent=True,
        title="A concern about a child",
        lines=("It was raised at 10:00.",),
        acts=(Act.OPEN, Act.ACKNOWLEDGE),
    )
    return replace(message, **changes)


def posted(world: HomeWorld, channel: str = SAFE) -> list[Posted]:
    """Return what Signpost has posted in a channel."""
    return world.team.said_by_bot(channel)


@pytest.fixture
async def both() -> AsyncIterator[HomeWorld]:
    """Run two workspaces of one school; the DSL and the private channel are in the second alone."""
    async with home_world(BOTH) as world:
        other = world.slack.workspace(OTHER, "Other Trust")
        other.add_user("U1DSL", "dora")
        other.add_channel(ELSEWHERE, "safeguarding", "U1DSL", is_private=True)
        await world.workspaces.enter(world.slack.install(other).access.value)
        yield world


def other(world: HomeWorld) -> Workspace:
    """Return the second workspace."""
    return world.slack.world.workspaces[OTHER]


# ---- What arrives ----------------------------------------------------------------------------------------------------


async def test_a_place_gets_the_card(oakwood: HomeWorld) -> None:
    """The id that comes back is channel and stamp: it is edited and answered by it."""
    sent = await oakwood.channel.send(card())
    (found,) = posted(oakwood)
    assert sent == f"{SAFE}:{found.ts}"
    assert found.text == "Urgent: A concern about a child"
    assert found.thread_ts is None


async def test_a_person_gets_it_by_direct_message(oakwood: HomeWorld) -> None:
    """The conversation is opened once a day."""
    direct = oakwood.team.dm(DSL).id
    for _ in range(2):
        await oakwood.channel.send(card(DSL))
    assert len(posted(oakwood, direct)) == 2
    assert len(oakwood.slack.calls_of("conversations.open")) == 1
    oakwood.clock.move(timedelta(days=1))
    await oakwood.channel.send(card(DSL))
    assert len(oakwood.slack.calls_of("conversations.open")) == 2


async def test_it_carries_the_key_it_is_known_by(oakwood: HomeWorld) -> None:
    """A repeat can be told by it, and says that it is one."""
    await oakwood.channel.send(card())
    await oakwood.channel.send(card(again=True))
    carried = [found.metadata for found in posted(oakwood)]
    assert carried == [
        {"event_type": "signpost_delivery", "event_payload": {"key": "delivery-1", "again": again}}
        for again in (False, True)
    ]


async def test_nothing_in_it_is_looked_up_or_unfolded(oakwood: HomeWorld) -> None:
    """Neither links nor names are made of what stands there (RS-11)."""
    sent = await oakwood.channel.send(card())
    await oakwood.channel.send(card(replaces=sent))
    for method in (POST, "chat.update"):
        (call,) = oakwood.slack.calls_of(method)
        given = {name: str(call.args[name]).lower() for name in ("unfurl_links", "unfurl_media", "link_names", "parse")}
        assert {name: value in {"0", "false", "none"} for name, value in given.items()} == dict.fromkeys(given, True)


async def test_a_card_is_edited_in_place(oakwood: HomeWorld) -> None:
    """Nothing new is posted, and its id stays."""
    sent = await oakwood.channel.send(card())
    again = await oakwood.channel.send(card(replaces=sent, title="Somebody has it"))
    (found,) = posted(oakwood)
    assert (again, found.text, found.edits) == (sent, "Urgent: Somebody has it", 1)


async def test_what_belongs_to_a_card_stands_beneath_it(oakwood: HomeWorld) -> None:
    """In its thread, unheard by those who do not look."""
    sent = await oakwood.channel.send(card())
    await oakwood.channel.send(card(beneath=sent, kind=DeliveryKind.NOTICE))
    first, beneath = posted(oakwood)
    assert (beneath.thread_ts, beneath.reply_broadcast) == (first.ts, False)


@pytest.mark.parametrize("kind", list(DeliveryKind))
async def test_what_must_be_noticed_shows_in_the_channel_too(oakwood: HomeWorld, kind: DeliveryKind) -> None:
    """A thread rings for nobody: a chase, what lies idle, and an answer of the asker are shown in the channel."""
    sent = await oakwood.channel.send(card())
    await oakwood.channel.send(card(beneath=sent, kind=kind))
    calls = {DeliveryKind.CHASE, DeliveryKind.STALE, DeliveryKind.ANSWER}
    assert posted(oakwood)[-1].reply_broadcast is (kind in calls)


async def test_a_reply_can_be_posted_at_once(oakwood: HomeWorld) -> None:
    """Beside the courier, for whoever waits: in the thread where they wrote."""
    first = await oakwood.channel.post(TEAM, STAFF_ROOM, Rendered("An answer", ()))
    stamp = first.partition(":")[2]
    await oakwood.channel.post(TEAM, STAFF_ROOM, Rendered("Another", ()), thread_ts=stamp)
    assert [(found.text, found.thread_ts) for found in posted(oakwood, STAFF_ROOM)] == [
        ("An answer", None),
        ("Another", stamp),
    ]


# ---- Who reads it ----------------------------------------------------------------------------------------------------


async def test_a_contact_is_known_by_their_member_id(oakwood: HomeWorld) -> None:
    """Whom the register gives none cannot be reached here."""
    contacts = SCHOOL.contacts.values()
    known = {contact.role: oakwood.channel.address(contact) for contact in contacts}
    assert (known["dsl"], known["headteacher"]) == (DSL, HEAD)
    assert {address for role, address in known.items() if role not in {"dsl", "headteacher"}} <= {None}


async def test_the_readers_of_a_channel_are_known(oakwood: HomeWorld) -> None:
    """Of one that passes the gate, in a workspace of the school."""
    assert await oakwood.channel.members(SCHOOL.id, SAFE) == frozenset({DSL, HEAD})


@pytest.mark.parametrize("place", [STAFF_ROOM, "C0NOWHERE"])
async def test_the_readers_of_what_does_not_pass_the_gate_are_not_known(oakwood: HomeWorld, place: str) -> None:
    """Nobody can say who reads a channel that is open to all."""
    assert await oakwood.channel.members(SCHOOL.id, place) is None


async def test_that_slack_does_not_answer_is_no_word_against_a_place(oakwood: HomeWorld) -> None:
    """Who reads it is to be asked again; a school that is in no workspace has no place at all."""
    oakwood.slack.faults.crash("conversations.members")
    with pytest.raises(ChannelDownError):
        await oakwood.channel.members(SCHOOL.id, SAFE)
    oakwood.slack.faults.limit("conversations.info", 5)
    oakwood.gate.forget(TEAM, SAFE)
    with pytest.raises(ChannelDownError):
        await oakwood.channel.members(SCHOOL.id, SAFE)
    assert await oakwood.channel.members("elm", SAFE) is None


async def test_until_slack_has_said_whose_the_token_is_messages_wait(oakwood: HomeWorld) -> None:
    """Where it is down as Signpost starts nothing is called undeliverable."""
    oakwood.workspaces.leave(TEAM)
    oakwood.workspaces.expects_more = True
    with pytest.raises(ChannelDownError):
        await oakwood.channel.send(card())
    with pytest.raises(ChannelDownError):
        await oakwood.channel.members(SCHOOL.id, SAFE)
    oakwood.workspaces.expects_more = False
    with pytest.raises(UndeliverableError):
        await oakwood.channel.send(card())


# ---- The gate --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "flag", ["is_ext_shared", "is_shared", "is_org_shared", "is_pending_ext_shared", "is_archived"]
)
async def test_a_channel_that_others_could_read_gets_nothing(oakwood: HomeWorld, flag: str) -> None:
    """Nothing is even tried: the fallback is told instead."""
    setattr(oakwood.team.channels[SAFE], flag, True)
    with pytest.raises(UndeliverableError):
        await oakwood.channel.send(card())
    assert oakwood.slack.calls_of(POST) == []


async def test_an_edit_passes_the_gate_as_well(oakwood: HomeWorld) -> None:
    """What stood there when the channel was closed is not renewed once it is open."""
    sent = await oakwood.channel.send(card())
    oakwood.team.channels[SAFE].is_ext_shared = True
    oakwood.gate.forget(TEAM, SAFE)
    with pytest.raises(UndeliverableError):
        await oakwood.channel.send(card(replaces=sent))
    assert oakwood.slack.calls_of("chat.update") == []


# ---- What Slack refuses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", ["channel_not_found", "not_in_channel", "is_archived", "account_inactive", "token_revoked", "msg_too_long"]
)
async def test_what_is_refused_for_good_goes_to_the_fallback(oakwood: HomeWorld, code: str) -> None:
    """It is tried once, and named by Slack's own code (RS-15)."""
    oakwood.slack.faults.fail(POST, code, 5)
    with pytest.raises(UndeliverableError, match=code):
        await oakwood.channel.send(card())
    assert len(oakwood.slack.calls_of(POST)) == 1


@pytest.mark.parametrize("user", ["U0NOBODY", "UBOT0MODEL", "U0LEFT"])
async def test_who_cannot_be_written_to_goes_to_the_fallback(oakwood: HomeWorld, user: str) -> None:
    """Somebody unknown, a bot, somebody who has left."""
    oakwood.team.add_user("U0LEFT", "lee", deleted=True)
    with pytest.raises(UndeliverableError):
        await oakwood.channel.send(card(user))


@pytest.mark.parametrize(
    ("given", "seconds"), [(7, 7.0), ("0", 1.0), ("soon", 30.0), ("", 30.0), ("-1", 30.0), ("9" * 30, 600.0)]
)
async def test_being_too_fast_waits_as_long_as_slack_says(oakwood: HomeWorld, given: int | str, seconds: float) -> None:
    """Within reason, whatever the header holds; nothing has arrived."""
    oakwood.slack.throttle(SAFE, 1, given)
    with pytest.raises(ThrottledError) as throttled:
        await oakwood.channel.send(card())
    assert (throttled.value.retry_after, posted(oakwood)) == (seconds, [])
    await oakwood.channel.send(card())
    assert len(posted(oakwood)) == 1


async def test_being_too_fast_without_a_header_waits_half_a_minute(oakwood: HomeWorld) -> None:
    """Slack may leave the number out."""
    oakwood.slack.faults.fail(POST, "ratelimited")
    with pytest.raises(ThrottledError) as throttled:
        await oakwood.channel.send(card())
    assert throttled.value.retry_after == 30.0


async def test_a_connection_lost_behind_the_work_leaves_it_in_doubt(oakwood: HomeWorld) -> None:
    """It stands there, and nobody knows: the next try must say that it may be a repeat."""
    oakwood.slack.faults.drop(POST, Moment.AFTER)
    with pytest.raises(ChannelDownError) as down:
        await oakwood.channel.send(card())
    assert (down.value.in_doubt, len(posted(oakwood))) == (True, 1)


async def test_a_connection_lost_before_the_work_cannot_be_told_from_that(oakwood: HomeWorld) -> None:
    """It was under way; whether it arrived is not known."""
    oakwood.slack.faults.drop(POST, Moment.BEFORE)
    with pytest.raises(ChannelDownError) as down:
        await oakwood.channel.send(card())
    assert (down.value.in_doubt, posted(oakwood)) == (True, [])


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_server_error_leaves_it_in_doubt(oakwood: HomeWorld, status: int) -> None:
    """Slack may have done it before it failed."""
    oakwood.slack.faults.crash(POST, status=status)
    with pytest.raises(ChannelDownError) as down:
        await oakwood.channel.send(card())
    assert down.value.in_doubt


async def test_where_slack_cannot_be_reached_nothing_is_in_doubt(oakwood: HomeWorld) -> None:
    """No connection, no message; only what goes out over one that was open before can be in doubt."""
    await oakwood.gate.check(TEAM, SAFE)
    await oakwood.slack.stop()
    doubts = []
    for _ in range(2):
        with pytest.raises(ChannelDownError) as down:
            await oakwood.channel.send(card())
        doubts.append(down.value.in_doubt)
    assert doubts == [True, False]


async def test_a_message_that_is_gone_cannot_be_edited(oakwood: HomeWorld) -> None:
    """Somebody deleted it, or the channel is archived: a new one goes to the fallback."""
    with pytest.raises(UndeliverableError, match="message_not_found"):
        await oakwood.channel.send(card(replaces=f"{SAFE}:1.000000"))


# ---- Workspaces ------------------------------------------------------------------------------------------------------


async def test_a_school_in_two_workspaces_is_reached_in_either(both: HomeWorld) -> None:
    """The channel, and the person, are looked for in the one and then in the other."""
    assert (await both.channel.send(card(ELSEWHERE))).startswith(f"{ELSEWHERE}:")
    await both.channel.send(card("U1DSL"))
    assert len(other(both).said_by_bot(other(both).dm("U1DSL").id)) == 1
    assert await both.channel.members(SCHOOL.id, ELSEWHERE) == frozenset({"U1DSL"})
    await both.channel.send(card(SAFE))
    assert len(posted(both)) == 1


async def test_what_neither_workspace_takes_is_named_as_the_first_says(both: HomeWorld) -> None:
    """One reason is enough for whoever looks into it."""
    both.slack.faults.fail(POST, "is_archived", channel=SAFE)
    with pytest.raises(UndeliverableError, match="is_archived"):
        await both.channel.send(card())


async def test_where_the_first_workspace_does_not_answer_the_second_is_not_tried(both: HomeWorld) -> None:
    """It may have arrived in the first: the courier tries again later."""
    both.slack.faults.crash(POST, channel=SAFE)
    with pytest.raises(ChannelDownError):
        await both.channel.send(card())
    assert len(both.slack.calls_of(POST)) == 1


async def test_a_message_goes_to_workspaces_of_its_school_alone(oakwood: HomeWorld) -> None:
    """A school that is in none gets nothing anywhere (RS-19)."""
    stranger = oakwood.slack.workspace(OTHER, "Other Trust")
    stranger.add_channel(ELSEWHERE, "safeguarding", is_private=True)
    await oakwood.workspaces.enter(oakwood.slack.install(stranger).access.value)
    for message in (card(ELSEWHERE), card(school="elm")):
        with pytest.raises(UndeliverableError):
            await oakwood.channel.send(message)
    assert oakwood.slack.calls_of(POST) == []
