"""What a test makes go wrong at Slack's side: limits, faults, hanging calls, broken connections."""

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_fake import Moment, SlackFake, Workspace
from tests.slack_fake.refusing import refusal, refused


async def test_a_channel_takes_one_message_a_second(slack: SlackFake, client: AsyncWebClient) -> None:
    """By the fake's clock, and each channel for itself."""
    slack.pace()
    await client.chat_postMessage(channel="C0STAFF", text="one")
    answer = await refusal(client.chat_postMessage(channel="C0STAFF", text="two"))
    assert (answer.status_code, answer["error"], answer.headers["Retry-After"]) == (429, "ratelimited", "1")
    await client.chat_postMessage(channel="C0SAFE", text="elsewhere")
    slack.clock.pass_by(0.9)
    assert await refused(client.chat_postMessage(channel="C0STAFF", text="two")) == "ratelimited"
    slack.clock.pass_by(0.1)
    await client.chat_postMessage(channel="C0STAFF", text="two")


async def test_a_channel_is_throttled_on_demand(slack: SlackFake, school: Workspace, client: AsyncWebClient) -> None:
    """So many times, with any Retry-After, even one that is no number."""
    slack.throttle("C0STAFF", 2, "soon")
    for _ in range(2):
        answer = await refusal(client.chat_postMessage(channel="C0STAFF", text="x"))
        assert answer.headers["Retry-After"] == "soon"
    await client.chat_postMessage(channel="C0STAFF", text="x")
    assert len(school.messages("C0STAFF")) == 1


async def test_a_method_fails_so_many_times(slack: SlackFake, client: AsyncWebClient) -> None:
    """With an error, a limit or a server error; and only for one channel where that is asked."""
    slack.faults.fail("chat.postMessage", "is_archived", channel="C0SAFE")
    slack.faults.limit("users.info", 30)
    slack.faults.crash("team.info")
    await client.chat_postMessage(channel="C0STAFF", text="x")
    assert await refused(client.chat_postMessage(channel="C0SAFE", text="x")) == "is_archived"
    await client.chat_postMessage(channel="C0SAFE", text="x")
    assert (await refusal(client.users_info(user="U0DSL"))).headers["Retry-After"] == "30"
    with pytest.raises(SlackApiError) as caught:
        await client.team_info()
    assert caught.value.response.status_code == 500
    assert (await client.team_info())["ok"]
    assert [call.error for call in slack.calls_of("team.info")] == ["http 500", None]


async def test_a_call_hangs_until_it_is_released(slack: SlackFake, school: Workspace, client: AsyncWebClient) -> None:
    """While it hangs nothing is done; afterwards it is done as usual."""
    held = slack.faults.hang("chat.postMessage")
    posting = asyncio.create_task(client.chat_postMessage(channel="C0STAFF", text="x"))
    await held.arrived()
    assert (posting.done(), school.messages("C0STAFF")) == (False, [])
    held.release()
    assert (await posting)["ok"]
    assert len(school.messages("C0STAFF")) == 1


@pytest.mark.parametrize(("moment", "posted"), [(Moment.BEFORE, 0), (Moment.AFTER, 1)])
async def test_a_connection_breaks_before_or_after_the_work(
    slack: SlackFake, school: Workspace, client: AsyncWebClient, moment: Moment, posted: int
) -> None:
    """The app cannot tell whether its message arrived; the test can."""
    client.retry_handlers = []
    slack.faults.drop("chat.postMessage", moment)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel="C0STAFF", text="x")
    assert len(school.messages("C0STAFF")) == posted


async def test_the_real_clients_own_retry_posts_twice(
    slack: SlackFake, school: Workspace, client: AsyncWebClient
) -> None:
    """When a connection breaks after the work, the client's own handler, here without its pause, posts again."""
    client.retry_handlers = [AsyncConnectionErrorRetryHandler(1, FixedValueRetryIntervalCalculator(0))]
    slack.faults.drop("chat.postMessage", Moment.AFTER)
    await client.chat_postMessage(channel="C0STAFF", text="x")
    assert len(school.messages("C0STAFF")) == 2
