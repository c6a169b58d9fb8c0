"""The inboxes of the try-out, and the pages that listen to them."""

import asyncio
from dataclasses import replace
from types import MappingProxyType

import pytest

from adapters.web.channel import HEARTBEAT_S, Heard, Listener, WebChannel
from bot.escalation.message import Message
from bot.escalation.model import Address, DeliveryKind
from knowledge.model import Contact, Reach, Route, RouteName
from tests.adapters.web.playing import PLAYED, Pauses, Playing, TwoSchools


def message(inbox: str, key: str = "d1", replaces: str | None = None) -> Message:
    """Return a message to an inbox."""
    address = Address("web", inbox)
    return Message(
        key, DeliveryKind.NOTICE, address, "oakwood", "e1", "K7-0001", True, "Urgent", ("A line.",), replaces=replaces
    )


def test_it_is_called_web_and_paces_nobody() -> None:
    """The channel of the page needs no pauses between two messages."""
    channel = WebChannel(TwoSchools())
    assert (channel.platform, channel.pace) == ("web", 0.0)


@pytest.mark.parametrize(
    ("contact", "inbox"),
    [
        (Contact("dsl", "DSL", "Mr B. Example"), "dsl"),
        (Contact("dsl", "DSL", None, (Reach("phone", "01632 960002"),)), "dsl"),
        (Contact("dsl", "DSL", "Mr B. Example", (Reach("web", "b-example"),)), "b-example"),
        (Contact("dsl", "DSL"), None),
    ],
)
def test_an_inbox_is_the_holders_own_or_that_of_the_role(contact: Contact, inbox: str | None) -> None:
    """A role that somebody holds has an inbox, called as the school says or like the role; an empty one has none."""
    assert WebChannel(TwoSchools()).address(contact) == inbox


async def test_a_place_is_read_by_those_on_its_route() -> None:
    """Who reads a place is everybody on the routes that name it, and unknown for a place that none names."""
    channel = WebChannel(TwoSchools())
    assert await channel.members("model", "safeguarding") == frozenset({"dsl", "deputy-dsl"})
    assert await channel.members("model", "elsewhere") is None


async def test_a_place_of_two_routes_is_read_by_both() -> None:
    """Two routes that share a place share its readers; a role without a holder reads nothing."""
    routes = {
        RouteName.CHILD: Route(("dsl", "lado"), {"web": "both"}),
        RouteName.STAFF: Route(("headteacher",), {"web": "both"}),
    }
    channel = WebChannel(TwoSchools(replace(PLAYED, routes=MappingProxyType(routes))))
    assert await channel.members("model", "both") == frozenset({"dsl", "headteacher"})


async def test_somebody_reads_their_own_inbox_and_their_places() -> None:
    """The inboxes of a role are its own and the places it is a member of; a school has them all."""
    channel = WebChannel(TwoSchools())
    assert await channel.inboxes(PLAYED, "dsl") == {"dsl", "safeguarding"}
    assert await channel.inboxes(PLAYED, "headteacher") == {"headteacher"}
    assert channel.all_inboxes(PLAYED) >= {"dsl", "deputy-dsl", "headteacher", "chair-of-governors", "safeguarding"}


async def test_the_same_message_gets_the_same_id() -> None:
    """A message that is sent twice is one, and an edited one keeps its id."""
    channel = WebChannel(TwoSchools())
    assert await channel.send(message("dsl")) == await channel.send(message("dsl")) == "d1"
    assert await channel.send(message("dsl", "d2", replaces="d1")) == "d1"


async def test_only_pages_that_show_the_inbox_are_told(playing: Playing) -> None:
    """A message is heard where its inbox is shown, and nowhere else."""
    with (
        playing.channel.listening(frozenset({"dsl"})) as shown,
        playing.channel.listening(frozenset({"headteacher"})) as other,
    ):
        await playing.channel.send(message("dsl"))
        assert await shown.next() is Heard.CHANGED
        playing.pauses.end_one()
        assert await other.next() is Heard.NOTHING


async def test_a_page_that_has_gone_is_told_nothing(playing: Playing) -> None:
    """Once a page is closed nothing is kept for it."""
    with playing.channel.listening(frozenset({"dsl"})) as page:
        pass
    await playing.channel.send(message("dsl"))
    playing.pauses.end_one()
    assert await page.next() is Heard.NOTHING


async def test_a_page_that_does_not_listen_holds_up_nobody(playing: Playing) -> None:
    """However much is sent to a page that reads nothing, sending goes on, and the page hears of it later."""
    with playing.channel.listening(frozenset({"dsl"})) as page:
        for number in range(100):
            await playing.channel.send(message("dsl", f"d{number}"))
        assert await page.next() is Heard.CHANGED


async def test_a_quiet_page_hears_a_heartbeat_every_15_seconds() -> None:
    """Where nothing changes, the page hears after 15 seconds that nothing did."""
    pauses = Pauses()
    page = Listener(frozenset({"dsl"}), pauses)
    waiting = asyncio.create_task(page.next())
    pauses.end_one()
    assert await waiting is Heard.NOTHING
    assert pauses.asked == [HEARTBEAT_S] == [15.0]


async def test_what_comes_during_a_heartbeat_is_not_lost() -> None:
    """A change that comes while the heartbeat falls due is heard next."""
    pauses = Pauses()
    page = Listener(frozenset({"dsl"}), pauses)
    pauses.end_one()
    assert await page.next() is Heard.NOTHING
    page.tell(Heard.CHANGED)
    assert await page.next() is Heard.CHANGED


async def test_closing_lets_every_page_go(playing: Playing) -> None:
    """When the server stops, the next thing a page hears is the end, whatever else was waiting for it."""
    with playing.channel.listening(frozenset({"dsl"})) as page:
        for number in range(100):
            await playing.channel.send(message("dsl", f"d{number}"))
        playing.channel.close()
        assert await page.next() is Heard.END
