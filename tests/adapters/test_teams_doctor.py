"""What `signpost doctor` says of Teams: the credentials, the address, the tenant, and what the schools name in it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from adapters.settings import Settings
from adapters.teams.tokens import Tokens
from adapters.teams_doctor import look_at_teams
from knowledge.model import Contact, Jurisdiction, Reach, Route, RouteName, School
from tests.adapters.https_world import WebServer, certificate, web_server
from tests.adapters.teams.auth_world import APP_ID, TENANT_ID
from tests.adapters.teams.test_tokens import WORDS, Entra, refusal

DSL, HEAD, ADMIN = "1b4e28ba-2fa1-41d2-883f-0016d3cca427", "head@hillside.example", "admin@hillside.example"
STAFF = "6fa459ea-ee8a-4ca4-894e-db77e160355e"
SAFE = "19:5b1c9e0a77d24f3f@thread.tacv2"
SIGNPOST = {"/api/messages": (401, ""), "/privacy": (200, "")}
BARE = Settings(None, Path("."), None, 0)
GROUPS = {"groups": (STAFF,)}
NOTHING: dict[str, Any] = dict.fromkeys(("teams_app_id", "teams_tenant_id", "teams_app_password"))


def school(
    tenant: str = TENANT_ID,
    dsl: str = DSL,
    head: str = HEAD,
    asks: Mapping[str, tuple[str, ...]] | None = GROUPS,
    **more: Any,
) -> School:
    """Return a school in Teams, as its school.yaml describes it."""
    reach = (Reach("teams", dsl), Reach("phone", "01632 960002"))
    sound = School(
        id="hillside",
        name="Hillside",
        jurisdiction=Jurisdiction.ENGLAND,
        contacts={
            "dsl": Contact("dsl", "DSL", "Mrs B.", reach),
            "headteacher": Contact("headteacher", "Headteacher", "Mr C.", (Reach("teams", head),)),
        },
        policies=(),
        routes={RouteName.CHILD: Route(("dsl", "headteacher"))},
        admins=(MappingProxyType({"teams": ADMIN}),),
        asks={"teams": asks} if asks is not None else {},
        belongs=(MappingProxyType({"teams_tenant": tenant}),),
    )
    return replace(sound, **more)


@dataclass(frozen=True, slots=True)
class Workplace:
    """A tenant in which Signpost is registered as the guide says, a web server before it, and the settings for both."""

    entra: Entra
    web: WebServer
    settings: Settings

    async def doctor(
        self, *schools: School, unread: Sequence[str] = (), **settings: Any
    ) -> tuple[list[str], list[str], list[str]]:
        """Return what is in order, what should be known, and what must be mended."""
        asked, tokens = replace(self.settings, **settings), partial(Tokens, http_client=lambda: self.entra)
        there = schools or (school(),)
        found = await asyncio.to_thread(lambda: list(look_at_teams(asked, there, unread, tokens)))
        told = [text for good, text in found if good]
        warned = [text.removeprefix("warning: ") for text in told if text.startswith("warning: ")]
        sound = [text for text in told if not text.startswith("warning: ")]
        return sound, warned, [text for good, text in found if not good]


@pytest.fixture
async def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Workplace]:
    """Return Entra, and a school's web server that leads to Signpost."""
    file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.setenv("NO_PROXY", "*")
    async with web_server(SIGNPOST, file) as server:
        ids = replace(BARE, teams_app_id=APP_ID, teams_tenant_id=TENANT_ID)
        yield Workplace(Entra(), server, replace(ids, teams_app_password=WORDS, public_url=server.url))


async def test_a_tenant_that_is_set_up_has_nothing_to_mend(work: Workplace) -> None:
    """Each step of the guide is named: where Signpost listens, what Azure must call, Entra, the tenant, the people."""
    sound, warned, wrong = await work.doctor()
    assert (warned, wrong) == ([], [])
    assert sound == [
        "Signpost listens to Teams on 127.0.0.1:3978, path /api/messages",
        f"{work.web.url} leads to Signpost; the bot's messaging endpoint in Azure must be {work.web.url}/api/messages",
        "Entra knows Signpost, and lets it act in Teams",
        "the tenant of TEAMS_TENANT_ID is that of hillside",
        "every Teams id of a person could be one; policy-admin doctor, typed in Teams, says whose they are",
    ]


async def test_without_teams_nothing_is_said() -> None:
    """A school on Slack, or only trying out, need not read of Teams."""
    assert list(look_at_teams(BARE, [replace(school("-"), belongs=())])) == []


# ---- The credentials -------------------------------------------------------------------------------------------------


async def test_settings_that_do_not_fit_together_are_mended_first(work: Workplace) -> None:
    """RS-30: what keeps Signpost from starting is told, and nobody is asked with half of the credentials."""
    sound, warned, [fault] = await work.doctor(teams_app_password=None)
    assert (sound, warned) == ([], [])
    assert fault.startswith("TEAMS_APP_PASSWORD is not set, but Teams is set up")
    assert (work.entra.asked, work.web.asked) == ([], [])


async def test_credentials_that_do_not_reach_signpost_are_missed(work: Workplace) -> None:
    """In a new terminal nothing is exported: a school that belongs to a tenant is not left in silence."""
    sound, _, [fault] = await work.doctor(**NOTHING)
    assert sound == []
    assert fault.startswith("school hillside: it belongs to a tenant of Teams, but no credentials reach Signpost")


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (
            7000215,
            "Microsoft refuses TEAMS_APP_PASSWORD: it is not the Value of a client secret; make a new client secret",
        ),
        (7000222, "TEAMS_APP_PASSWORD has expired: make a new client secret"),
        (90002, "Microsoft knows no tenant with this TEAMS_TENANT_ID"),
    ],
)
async def test_what_entra_refuses_says_how_to_mend_it(number: int, told: str, work: Workplace) -> None:
    """The secret that was sent is not repeated; the rest is looked at all the same."""
    work.entra.refusing = refusal(number)
    sound, _, [fault] = await work.doctor()
    assert fault.startswith(f"Entra refuses Signpost: {told}")
    assert WORDS not in fault
    assert "the tenant of TEAMS_TENANT_ID is that of hillside" in sound


@pytest.mark.parametrize("silence", [ConnectionError("no route to host"), refusal(50999)])
async def test_an_entra_that_gives_nothing_is_no_wrong_password(silence: Any, work: Workplace) -> None:
    """A firewall is not mended by another password."""
    work.entra.refusing = silence
    _, _, [fault] = await work.doctor()
    assert fault.startswith("Microsoft gives Signpost no token for Teams")
    assert "reaches login.microsoftonline.com on port 443, and try again" in fault


# ---- The address -----------------------------------------------------------------------------------------------------


async def test_an_address_that_does_not_lead_to_signpost_is_warned_of(work: Workplace) -> None:
    """It is looked at from here, which is not outside: whoever set it up knows better."""
    work.web.answers["/api/messages"] = (502, "")
    _, [warning], wrong = await work.doctor()
    assert warning.startswith(f"{work.web.url} could not be seen to lead to Signpost: your web server answers, but not")
    assert wrong == []


@pytest.mark.parametrize(
    ("address", "told"),
    [(None, "public_url is not set"), ("http://127.0.0.1:3978", "public_url does not begin with https://")],
)
async def test_an_address_that_teams_never_calls_is_warned_of(address: str | None, told: str, work: Workplace) -> None:
    """Nothing is asked of it."""
    _, [warning], wrong = await work.doctor(public_url=address)
    assert warning.startswith(told)
    assert (wrong, work.web.asked) == ([], [])


async def test_a_path_in_the_address_is_mended(work: Workplace) -> None:
    """Who copied the endpoint from Azure has Signpost's own path in it."""
    _, _, [fault] = await work.doctor(public_url=f"{work.web.url}/api/messages")
    assert fault.startswith("public_url has the path in it, which Signpost adds itself")


async def test_whoever_lets_everybody_in_is_warned_loudly(work: Workplace) -> None:
    """RS-30: trying out without authentication is nothing for real people; nobody outside is asked."""
    sound, warned, wrong = await work.doctor(school("any"), teams_unauthenticated=True, public_url=None, **NOTHING)
    assert warned[0].startswith(
        "teams.dangerously_allow_unauthenticated is true: WHOEVER REACHES 127.0.0.1, PORT 3978,"
    )
    assert (len(sound), wrong, work.web.asked, work.entra.asked) == (1, [], [], [])


# ---- The tenant ------------------------------------------------------------------------------------------------------


async def test_every_school_of_a_tenant_is_named(work: Workplace) -> None:
    """A trust sees that none of its schools was forgotten."""
    sound, _, _ = await work.doctor(school(), replace(school(), id="valley"))
    assert "the tenant of TEAMS_TENANT_ID is that of hillside, valley" in sound


async def test_a_tenant_without_a_school_says_what_to_write(work: Workplace) -> None:
    """The line for school.yaml stands there, ready to copy, with the wrong id that it takes the place of."""
    _, _, [fault] = await work.doctor(school(STAFF))
    line = f"write `belongs: [{{teams_tenant: {TENANT_ID}}}]` into your school.yaml, in place of {STAFF}"
    assert fault == f"no school belongs to the tenant of TEAMS_TENANT_ID; {line}"


async def test_a_school_that_cannot_be_read_is_mended_first(work: Workplace) -> None:
    """What stands in a broken school.yaml already is not asked for a second time."""
    _, _, [fault] = await work.doctor(replace(school("-"), belongs=()), unread=["valley"])
    assert fault.endswith("mend valley first, whose school.yaml may say so")


async def test_a_second_tenant_is_not_served(work: Workplace) -> None:
    """Signpost answers one tenant: a school of another, or a slip in the id, is told."""
    others = [replace(school(STAFF), id="valley"), replace(school(TENANT_ID.upper()), id="oakwood")]
    _, _, wrong = await work.doctor(school(), *others)
    assert wrong == [
        f"school valley: it belongs to the tenant {STAFF}, and Signpost answers {TENANT_ID} alone; mend what is wrong",
        f"school oakwood: the tenant under belongs has capital letters; write {TENANT_ID}",
    ]


async def test_a_team_without_its_tenant_is_told(work: Workplace) -> None:
    """A team's id alone lets nobody in."""
    apart = replace(school("-"), id="valley", belongs=(MappingProxyType({"teams_team": STAFF}),))
    _, _, [fault] = await work.doctor(school(), apart)
    assert fault.startswith("school valley: belongs names a team and no tenant; add {teams_tenant: ")


# ---- People and places -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("Mrs B.", "is neither an object id nor a user principal name"),
        ("29:1abcDEF", "is neither an object id nor a user principal name"),
        ("b_elsewhere.example#EXT#@hillside.example", "is a guest from another organisation"),
        (DSL.upper(), "has capital letters, and Entra writes none"),
    ],
)
async def test_an_id_that_is_nobodys_is_told_with_the_role(wrong: str, told: str, work: Workplace) -> None:
    """Whoever copied the wrong thing reads whose it is, and where the right one stands."""
    _, _, [fault] = await work.doctor(school(dsl=wrong))
    assert fault.startswith(f"hillside, DSL: {wrong} {told}; in the Entra admin centre, open the person under Users")
    assert fault.endswith("under contacts, dsl, as {kind: teams, value: THE-ID}")


async def test_admins_and_askers_are_looked_at_too(work: Workplace) -> None:
    """Every place in a school.yaml that takes a person is one to slip in."""
    slipped = school(asks={"people": ("anna",)}, admins=(MappingProxyType({"teams": "ben"}),))
    _, _, wrong = await work.doctor(slipped)
    assert [fault.partition(" is neither")[0] for fault in wrong] == ["hillside, admins: ben", "hillside, asks: anna"]


async def test_one_id_for_two_people_is_warned_of_without_their_names(work: Workplace) -> None:
    """One of them would never be told; the name of neither stands in the journal."""
    _, [warning], wrong = await work.doctor(school(dsl=HEAD.upper()))
    assert (
        warning
        == "hillside: DSL and Headteacher have the same Teams id and different names; mend the one that is wrong"
    )
    assert wrong == []


async def test_one_person_may_hold_two_roles(work: Workplace) -> None:
    """In a small school the head is the DSL."""
    both = school(head=DSL)
    contacts = {role: replace(one, name="Mrs B.") for role, one in both.contacts.items()}
    _, warned, wrong = await work.doctor(replace(both, contacts=contacts))
    assert (warned, wrong) == ([], [])


async def test_pupils_who_could_ask_are_warned_of(work: Workplace) -> None:
    """Pupils are in the same tenant: a school that does not say who its staff are lets them ask."""
    _, [warning], wrong = await work.doctor(school(asks=None))
    assert warning.startswith(
        "hillside: everybody with an account in the tenant may ask, and pupils have one; write `asks:"
    )
    assert "{teams: {groups: [ID-OF-A-TEAM]}}`" in warning
    assert wrong == []


async def test_askers_that_teams_does_not_know_are_told(work: Workplace) -> None:
    """The name of a team is not its id, and Slack's user groups are not Teams'."""
    _, _, wrong = await work.doctor(school(asks={"user_groups": ("S0STAFF",), "groups": ("All staff", SAFE)}))
    assert wrong[0].startswith("hillside: Teams knows no user_groups; write `groups` or `people`")
    assert wrong[1].startswith("hillside, asks: All staff is no id of a team; in Teams, open the team's menu")
    assert len(wrong) == 2


async def test_a_team_that_is_named_by_its_name_is_told(work: Workplace) -> None:
    """A team under belongs goes by its id as well."""
    belongs = (MappingProxyType({"teams_tenant": TENANT_ID}), MappingProxyType({"teams_team": "All staff"}))
    _, _, [fault] = await work.doctor(school(belongs=belongs))
    assert fault.startswith("hillside, belongs: All staff is no id of a team")


@pytest.mark.parametrize(("place", "is_known"), [(SAFE, True), ("Safeguarding", False), (STAFF, False)])
async def test_a_channel_goes_by_its_id(place: str, is_known: bool, work: Workplace) -> None:
    """Who wrote the name of a channel learns that it is bound in the channel itself."""
    routes = {RouteName.CHILD: Route(("dsl",), MappingProxyType({"teams": place}))}
    _, _, wrong = await work.doctor(school(routes=routes))
    told = (
        f"hillside: {place} is no id of a channel; take it out, and type @Signpost policy-admin routes bind child in a "
    )
    assert wrong == ([] if is_known else [f"{told}private channel"])


async def test_a_route_that_reaches_nobody_in_teams_is_warned_of(work: Workplace) -> None:
    """A route without a place, whose people have telephones alone; with a place it is in order."""
    phones = {"dsl": Contact("dsl", "DSL", "Mrs B.", (Reach("phone", "01632 960002"),))}
    silent = school(contacts=phones, routes={RouteName.CHILD: Route(("dsl",))})
    _, [warning], wrong = await work.doctor(silent)
    assert warning.startswith("hillside: the school.yaml names nobody of the route child in Teams; write a Teams id")
    assert wrong == []
    placed = replace(silent, routes={RouteName.CHILD: Route(("dsl",), MappingProxyType({"teams": SAFE}))})
    assert (await work.doctor(placed))[1:] == ([], [])


async def test_a_school_of_another_platform_is_not_looked_at(work: Workplace) -> None:
    """A trust may have one school on Slack: its people need no Teams ids."""
    apart = replace(
        school("-", dsl="nobody", asks=None), id="valley", belongs=(MappingProxyType({"slack_team": "T0"}),)
    )
    _, warned, wrong = await work.doctor(school(), apart)
    assert (warned, wrong) == ([], [])
