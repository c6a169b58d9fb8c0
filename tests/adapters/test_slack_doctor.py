"""What `signpost doctor` says of Slack: the tokens, whose workspace it is, and what the schools name in it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from adapters.settings import Settings
from adapters.slack.gate import fault_of
from adapters.slack.manifest import SCOPES
from adapters.slack_doctor import look_at_slack
from knowledge.model import Contact, Jurisdiction, Reach, Route, RouteName, School
from tests.slack_fake import SlackFake, Workspace

TEAM, DSL, ADMIN, SAFE = "T0HILLSIDE", "U0DSL", "U0ADMIN", "C0SAFE"
BARE = Settings(None, Path("."), None, 0)


def school(member: str = DSL, admin: str = ADMIN, team: str = TEAM, place: str | None = None) -> School:
    """Return a school on Slack, as its school.yaml describes it."""
    return School(
        id="hillside",
        name="Hillside",
        jurisdiction=Jurisdiction.ENGLAND,
        contacts={"dsl": Contact("dsl", "DSL", reach=(Reach("slack", member), Reach("phone", "01632 960002")))},
        policies=(),
        routes={RouteName.CHILD: Route(("dsl",), MappingProxyType({"slack": place}) if place else None)},
        admins=(MappingProxyType({"slack": admin}),),
        belongs=(MappingProxyType({"slack_team": team}),),
    )


@dataclass(frozen=True, slots=True)
class Workplace:
    """A workspace in which Signpost is installed as the guide says, and the settings that go with it."""

    slack: SlackFake
    team: Workspace
    settings: Settings

    async def doctor(
        self, *schools: School, unread: Sequence[str] = (), **settings: Any
    ) -> tuple[list[str], list[str]]:
        """Return what is in order, and what must be mended."""
        asked = replace(self.settings, **settings)
        found = await asyncio.to_thread(lambda: list(look_at_slack(asked, schools or (school(),), unread)))
        return [text for good, text in found if good], [text for good, text in found if not good]


@pytest.fixture
async def work() -> AsyncIterator[Workplace]:
    """Run a Slack with a school's people in it; the token may do what the manifest asks for, and no more."""
    async with SlackFake() as slack:
        team = slack.workspace(TEAM, "Hillside")
        team.add_user(DSL, "Mrs B")
        team.add_user(ADMIN, "Ada")
        token = slack.install(team, tuple(SCOPES)).access.value
        settings = replace(BARE, slack_api_url=slack.url, slack_bot_token=token, slack_app_token=slack.app_token)
        yield Workplace(slack, team, settings)


async def test_a_workspace_that_is_set_up_is_named(work: Workplace) -> None:
    """The workspace, its school, that Socket Mode can connect, and that the people are there."""
    good, wrong = await work.doctor()
    assert wrong == []
    assert "Hillside (T0HILLSIDE), which is that of hillside" in good[0]
    assert good[1:] == [
        "Socket Mode can connect",
        "everybody whom the school.yaml names by a Slack id is in the workspace",
    ]


async def test_every_school_of_a_workspace_is_named(work: Workplace) -> None:
    """A trust with one workspace sees that none of its schools was forgotten."""
    good, _ = await work.doctor(school(), replace(school(), id="valley"))
    assert good[0].endswith("which is that of hillside, valley")


async def test_a_workspace_without_a_school_says_what_to_write(work: Workplace) -> None:
    """The line for school.yaml stands there, ready to copy, with the wrong id that it takes the place of."""
    _, [text] = await work.doctor(school(team="T0HILSIDE"))
    assert text.endswith("write `belongs: [{slack_team: T0HILLSIDE}]` into your school.yaml, in place of T0HILSIDE")


async def test_a_school_that_cannot_be_read_is_mended_first(work: Workplace) -> None:
    """What stands in a broken school.yaml already is not asked for a second time."""
    _, [text] = await work.doctor(replace(school(), belongs=()), unread=["valley"])
    assert text.endswith("no school belongs to it; mend valley first, whose school.yaml may say so")


async def test_a_token_that_slack_refuses_says_where_the_right_one_is(work: Workplace) -> None:
    """Each token names its own page."""
    _, [text] = await work.doctor(slack_bot_token="xoxb-0-0-wrong")  # noqa: S106
    assert "(invalid_auth); copy the Bot User OAuth Token anew" in text
    _, [text] = await work.doctor(slack_app_token="xapp-1-A0-0-wrong")  # noqa: S106
    assert "(invalid_auth); make a new app-level token with the scope connections:write" in text


async def test_a_slack_that_cannot_be_reached_is_no_wrong_token(work: Workplace) -> None:
    """A firewall is not mended by another token."""
    _, wrong = await work.doctor(slack_api_url="http://127.0.0.1:9/api/")
    assert len(wrong) == 2
    assert all("Slack cannot be reached" in text and "try again" in text for text in wrong)


async def test_tokens_that_do_not_reach_signpost_are_missed(work: Workplace) -> None:
    """In a new terminal nothing is exported: a school that belongs to Slack is not left to the try-out in silence."""
    good, [text] = await work.doctor(slack_bot_token=None, slack_app_token=None)
    assert good == []
    assert text.startswith("school hillside: it belongs to a Slack workspace, but no token reaches Signpost")
    assert "set SLACK_BOT_TOKEN_FILE and SLACK_APP_TOKEN_FILE" in text


async def test_a_token_with_too_few_scopes_says_which(work: Workplace) -> None:
    """An app that was made by hand, without the manifest, lacks something."""
    some = tuple(scope for scope in SCOPES if scope != "im:write")
    _, [text] = await work.doctor(slack_bot_token=work.slack.install(work.team, some).access.value)
    assert text.startswith("Signpost’s token lacks these scopes: im:write. Make the app anew from")


async def test_a_wrong_member_id_is_told_with_the_role(work: Workplace) -> None:
    """Whoever copied an id wrongly reads whose it is, and where the right one stands in Slack."""
    _, [text] = await work.doctor(school(member="U0DLS"))
    assert text.startswith(
        "hillside, DSL: U0DLS is nobody in this workspace. In Slack, open their profile, choose Copy"
    )
    assert "under contacts, dsl, as {kind: slack, value: THE-ID}" in text


async def test_an_app_or_a_closed_account_is_nobody_to_tell(work: Workplace) -> None:
    """A concern must reach a person who still reads it."""
    _, [text] = await work.doctor(school(member=work.team.bot.id))
    assert "is an app, not a person" in text
    work.team.users[DSL].deleted = True
    _, [text] = await work.doctor()
    assert "U0DSL is an account that has been closed" in text


async def test_an_admin_by_name_is_told(work: Workplace) -> None:
    """Admins go by member id, in school.yaml and in the settings."""
    _, wrong = await work.doctor(school(admin="@ada"), admins=("slack:U0ADA",))
    assert [text.partition(" in this")[0] for text in wrong] == [
        "hillside, admins: @ada is nobody",
        "slack:U0ADA of the settings: U0ADA is nobody",
    ]
    assert all(text.endswith("write the member id of one of your people under admins") for text in wrong)


async def test_an_admin_in_teams_is_none_of_slacks(work: Workplace) -> None:
    """A trust on both platforms names the first admins of each in one line; Slack is not asked about the others."""
    _, wrong = await work.doctor(admins=("teams:head@hillside.example", f"slack:{ADMIN}"))
    assert wrong == []
    assert {call.args["user"] for call in work.slack.calls_of("users.info")} == {DSL, ADMIN}


async def test_a_channel_that_can_be_used_is_named(work: Workplace) -> None:
    """A private channel with Signpost in it is in order."""
    work.team.add_channel(SAFE, "safe", DSL, is_private=True)
    good, wrong = await work.doctor(school(place=SAFE))
    assert wrong == []
    assert good[-1] == "hillside, C0SAFE: The channel of the route child can be used."


async def test_a_public_channel_is_told_although_signpost_may_not_look_at_one(work: Workplace) -> None:
    """Slack refuses to describe a public channel to an app that may read private ones alone: that says enough."""
    work.team.add_channel(SAFE, "everybody", DSL)
    _, [text] = await work.doctor(school(place=SAFE))
    assert text.startswith(f"hillside, C0SAFE: The channel of the route child is not used: {fault_of({})}.")


@pytest.mark.parametrize("place", [SAFE, "C0NOWHERE"])
async def test_a_channel_without_signpost_in_it_is_told(work: Workplace, place: str) -> None:
    """The line to type is named; Slack does not say whether there is such a channel."""
    work.team.add_channel(SAFE, "safe", DSL, is_private=True, with_bot=False)
    _, [text] = await work.doctor(school(place=place))
    assert "Signpost is not in it, or there is no such channel: type /invite @Signpost in it." in text


async def test_what_was_found_before_slack_had_enough_of_questions_is_told(work: Workplace) -> None:
    """A trust of many schools reads what is wrong with the first; what was not looked at is not said to be wrong."""
    work.team.add_channel(SAFE, "everybody", DSL)
    work.slack.faults.fail("users.info", "user_not_found")
    work.slack.faults.limit("users.info", 30)
    good, wrong = await work.doctor(school(place=SAFE))
    assert [text.partition(" is n")[0] for text in wrong] == [
        "hillside, DSL: U0DSL",
        "the people could not all be looked at (wait 30 s); try again",
        "hillside, C0SAFE: The channel of the route child",
    ]
    assert good[1:] == ["Socket Mode can connect"]


async def test_channels_of_which_slack_does_not_tell_are_looked_at_later(work: Workplace) -> None:
    """The people are told of all the same."""
    work.slack.faults.crash("conversations.info", 1)
    good, [text] = await work.doctor(school(place=SAFE))
    assert text.startswith("the channels could not all be looked at")
    assert good[-1].startswith("everybody")


async def test_slack_is_asked_once_about_whom_and_what_many_schools_share(work: Workplace) -> None:
    """A trust's DSL and its channel are named by each of its schools."""
    work.team.add_channel(SAFE, "safe", DSL, is_private=True)
    good, wrong = await work.doctor(*(replace(school(place=SAFE), id=f"school-{number}") for number in range(9)))
    asked = [*work.slack.calls_of("users.info"), *work.slack.calls_of("conversations.info")]
    assert (len(asked), wrong) == (3, [])
    assert len([text for text in good if "can be used" in text]) == 9


@pytest.mark.parametrize("path", ["", "/slack/events"])
def test_over_http_doctor_says_where_signpost_listens(path: str) -> None:
    """The tokens come with each installation, for /policy-admin doctor to look at; the address is looked at here."""
    http = replace(BARE, slack_signing_secret="a", slack_client_id="1.2", slack_client_secret="a")  # noqa: S106
    found = list(look_at_slack(replace(http, public_url=f"https://signpost.hillside.example{path}"), [school()]))
    assert found[-1] == (True, "Signpost listens to Slack over HTTP, on 127.0.0.1:3978")
    assert [text.partition(",")[0] for good, text in found if not good] == ["public_url has the path in it"] * bool(
        path
    )


def test_without_slack_nothing_is_said() -> None:
    """A school on Teams, or only trying out, need not read of Slack."""
    assert list(look_at_slack(BARE, [replace(school(), belongs=())])) == []
