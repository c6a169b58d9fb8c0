"""The guide for Teams says what the code does: its settings, commands, sentences, and what the app asks for."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zipfile import ZipFile

import pytest

from adapters.bootstrap import Signpost
from adapters.chat.admin_wording import NOT_ADMIN, help_lines, no_such_route
from adapters.findings import Finding
from adapters.settings import Settings, load_settings
from adapters.teams import gate_wording
from adapters.teams.admin_words import TEAMS
from adapters.teams.manifest import PERMISSIONS, PRIVACY_PATH, REQUEST_PATH, manifest, publisher_at
from adapters.teams.tokens import Tokens
from adapters.teams_doctor import look_at_teams
from bot.types import Outcome, Utterance
from knowledge.model import Contact, Jurisdiction, Reach, Route, RouteName, School
from knowledge.scaffold import new_school
from tests.adapters.cli.conftest import Console
from tests.adapters.teams.test_tokens import Entra, refusal
from tests.deploy.files import text_of
from tests.deploy.test_guides import section
from tests.fakes import TODAY, signpost_over

GUIDE = "teams/README.md"
ID, TENANT = "1b4e28ba-2fa1-41d2-883f-0016d3cca427", "6fa459ea-ee8a-4ca4-894e-db77e160355e"
BARE = Settings(None, Path(), None, 0)
PASSWORD = "a~b"  # noqa: S105 - nobody's
ADDRESS = "https://signpost.hillside.example/api/messages"  # with the path in it, so that nobody looks it up
WHOLE = replace(BARE, teams_app_id=ID, teams_tenant_id=TENANT, teams_app_password=PASSWORD, public_url=ADDRESS)
REFUSALS = (7000215, 7000222, 700016, 7000229, 7000112, 90002, 900023, 50999)


def plain() -> str:
    """Return the guide on one line, without the signs of Markdown for bold."""
    return " ".join(text_of(GUIDE).replace("**", "").split())


def rows(heading: str) -> list[str]:
    """Return the first column of the table that stands under a line of the guide."""
    [table] = re.findall(rf"^{heading}\n\n\|[^\n]+\n\|---[^\n]*\n(.*?)\n\n", text_of(GUIDE), re.MULTILINE | re.DOTALL)
    return [line.split(" | ")[0].removeprefix("| ").strip() for line in table.splitlines()]


def school(dsl: str = "6b7b3b2a-2c4b-4175-8582-41c9e685c1b5") -> School:
    """Return a school of the tenant, whose DSL has this id in Teams."""
    return School(
        id="hillside",
        name="Hillside",
        jurisdiction=Jurisdiction.ENGLAND,
        contacts={"dsl": Contact("dsl", "DSL", "Mrs B.", (Reach("teams", dsl),))},
        policies=(),
        routes={RouteName.CHILD: Route(("dsl",))},
        asks={"teams": {"groups": (ID,)}},
        belongs=(MappingProxyType({"teams_tenant": TENANT}),),
    )


def found(settings: Settings, *schools: School, refusing: int | None = None) -> Iterator[Finding]:
    """Return what doctor finds of settings and schools, where Entra refuses with this number or gives a token."""
    entra = Entra(refusing=refusal(refusing) if refusing else None)

    def tokens(app_id: str, secret: str, tenant: str) -> Tokens:
        return Tokens(app_id, secret, TENANT, http_client=lambda: entra)

    yield from look_at_teams(settings, schools, (), tokens)


def wrong_settings() -> Sequence[Settings]:
    """Return settings that do not fit together, each in its own way."""
    changes: list[dict[str, Any]] = [
        {"teams_app_password": None},
        {"teams_app_id": "signpost"},
        {"teams_tenant_id": ID},
        {"teams_app_password": ID},
        {"teams_app_password": "a b"},
        {"public_url": None},
        {"public_url": "http://127.0.0.1:3978"},
        {"teams_unauthenticated": True},
    ]
    return [replace(WHOLE, **change) for change in changes]


def wrong_schools() -> Sequence[Sequence[School]]:
    """Return schools whose files name what cannot be, each in its own way."""
    sound = school()
    elsewhere = replace(sound, id="valley", belongs=(MappingProxyType({"teams_tenant": ID}),))
    return [
        [elsewhere],
        [sound, elsewhere],
        [replace(sound, asks={})],
        [replace(sound, asks={"teams": {"groups": ("staff",)}})],
        [school("DSL")],
        [school("x_y.example#EXT#@hillside.example")],
        [school(ID.upper())],
        [replace(sound, routes={RouteName.STAFF: Route(("chair-of-governors",))})],
    ]


def said_by_doctor() -> list[str]:
    """Return what doctor says of Teams wherever something is wrong; what is in order needs no explaining."""
    findings = [
        *(finding for settings in wrong_settings() for finding in found(settings, school())),
        *(finding for schools in wrong_schools() for finding in found(WHOLE, *schools)),
        *found(BARE, school()),
        *(finding for number in REFUSALS for finding in found(WHOLE, school(), refusing=number)),
    ]
    return list(dict.fromkeys(text for good, text in findings if not good or text.startswith("warning: ")))


def test_the_guide_explains_what_doctor_says() -> None:
    """Each sentence in the guide is one that doctor says, and none that it says of Teams is left out."""
    sentences = [
        row
        for row in rows("What `signpost doctor` says of Teams:")
        if row not in ("can be read by everybody on this computer", "could not be seen to lead to Signpost")
    ]
    said = said_by_doctor()
    assert [sentence for sentence in sentences if not any(sentence in line for line in said)] == []
    assert [line for line in said if not any(sentence in line for sentence in sentences)] == []


def test_the_guide_explains_what_the_gate_says() -> None:
    """Every reason for which a channel is told of nothing stands in the guide, as far as its first sentence goes."""
    faults = [value for name, value in vars(gate_wording).items() if name.isupper()]
    explained = [row.strip('"') for row in rows("What Signpost says of a channel that it does not post in:")]
    assert len(explained) == len(faults)
    assert all(any(fault.startswith(sentence) for sentence in explained) for fault in faults)


def test_the_guide_explains_what_admins_read() -> None:
    """Whoever is not yet an admin, or has no route yet, finds the sentence in the guide."""
    assert f'| "{NOT_ADMIN}" |' in text_of(GUIDE)
    assert any(row.strip('"') in no_such_route("child") for row in rows("## When something goes wrong"))


def test_the_commands_are_typed_as_signpost_takes_them() -> None:
    """Each `policy-admin` of the guide is one that the help of the command lists."""
    typed = set(re.findall(r"`(?:@Signpost )?(policy-admin [a-z ]+)`", text_of(GUIDE)))
    listed = "\n".join(help_lines(TEAMS))
    assert typed
    assert all(f"{command}:" in listed for command in typed)
    assert "policy-admin routes bind child confirm" in typed


def test_the_guide_names_what_the_app_asks_for() -> None:
    """Who decides about the app reads each permission with its reason, and that there is no other."""
    text = plain()
    app = manifest(ID, publisher_at("https://signpost.hillside.example"), "0.1.0")
    assert all(f"`{name}`" in text and reason in text for name, reason in PERMISSIONS.items())
    assert all(f"`{name}`" in text for name in app["permissions"])
    [extension] = app["composeExtensions"]
    assert all(command["title"] in text for command in extension["commands"])


def test_the_web_server_passes_on_what_signpost_serves_and_nothing_else() -> None:
    """The Caddyfile of the guide has the two paths, and the listener's port."""
    paths = re.findall(r"^        reverse_proxy (\S+) 127\.0\.0\.1:3978$", text_of(GUIDE), re.MULTILINE)
    assert paths == [REQUEST_PATH, PRIVACY_PATH]
    assert text_of(GUIDE).count(f"https://signpost.hillside.example{REQUEST_PATH}") == 2  # curl, and the endpoint
    assert BARE.listen_port == 3978


def test_what_is_said_up_front_is_there() -> None:
    """Nobody begins without knowing what Teams needs, and that pupils are in the same tenant."""
    beginning = text_of(GUIDE).split("\n## ")[0]
    for word in ("public https address", "Azure subscription", "One tenant", "pupils"):
        assert word in beginning, word


def test_every_step_that_is_pointed_to_is_there() -> None:
    """A table that sends people to a step sends them to one that exists, and to a point of it."""
    text = text_of(GUIDE)
    steps = set(re.findall(r"^## (\d)\.", text, re.MULTILINE))
    assert steps == set("123456789")
    for step, points in re.findall(r"step (\d), points? (\d(?: and \d)?)", text):
        written = re.findall(r"^(\d)\. ", section(GUIDE, rf"{step}\."), re.MULTILINE)
        assert set(points.split(" and ")) <= set(written), (step, points)
    anchors = {
        re.sub(r"[^a-z0-9 -]", "", line.lower()).replace(" ", "-") for line in re.findall(r"^## (.+)$", text, re.M)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors


@pytest.fixture
def followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bare_environment: None) -> Path:
    """Return the folder of somebody who typed the guide word for word, up to and with step 7."""
    new_school(tmp_path / "my-schools", "hillside")
    step, later = section(GUIDE, "2. Say which school"), section(GUIDE, "7. Keep pupils out")
    settings, at_the_end, dsl = re.findall(r"(?:^    .+\n)+", step, re.MULTILINE)
    [asks] = re.findall(r"^ {7}(asks: .+\n)", later, re.MULTILINE)
    (tmp_path / "signpost.yaml").write_text(textwrap.dedent(settings), encoding="utf-8")
    file = tmp_path / "my-schools" / "schools" / "hillside" / "school.yaml"
    fresh = file.read_text(encoding="utf-8")
    role = re.search(r"^  dsl:\n(?:    .*\n)+", fresh, re.MULTILINE)
    assert role
    written = fresh.replace(role[0], textwrap.indent(textwrap.dedent(dsl), "  ")) + textwrap.dedent(at_the_end) + asks
    file.write_text(written, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_school_made_by_the_guide_can_be_asked_and_told(followed: Path, signpost: Signpost) -> None:
    """Whoever types the guide word for word has a sound school, somebody to tell, and a first answer."""
    served = signpost_over(followed / "my-schools", signpost, followed)
    [state] = served.library.states()
    assert state.view, state.faults
    one = state.view.school
    assert one.routes[RouteName.CHILD].people[0] == "dsl"
    assert Reach("teams", "6b7b3b2a-2c4b-4175-8582-41c9e685c1b5") in one.contact("dsl").reach
    assert one.asks["teams"]["groups"] == ("0f5a2c4e-6d1b-4b7e-9a57-3c1f8e2d4b60",)
    [question] = re.findall(r"^    (.+\?)$", section(GUIDE, "6. Ask"), re.MULTILINE)
    reply = served.service.decider.decide(Utterance("u1", "hillside", question), state.view, TODAY)
    assert reply.outcome is Outcome.ANSWER


def test_doctor_has_nothing_to_mend_after_the_guide(followed: Path, signpost: Signpost) -> None:
    """What the guide has people write is what doctor wants to see."""
    settings = replace(load_settings(None, {}), teams_app_password=PASSWORD, public_url=None)
    [state] = signpost_over(followed / "my-schools", signpost, followed).library.states()
    assert state.view
    findings = list(found(settings, state.view.school))
    assert [text for good, text in findings if not good] == []
    assert [text for _, text in findings if text.startswith("warning: ")] == [
        "warning: public_url is not set, and Teams reaches Signpost only from outside: set it to your https address"
    ]


def test_the_package_of_the_guide_is_written(followed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command of step 5, with the settings of step 2, writes the file that the guide names."""
    [command] = re.findall(
        r'^ +signpost (teams package --developer) "(.+)"$', section(GUIDE, "5. Upload"), re.MULTILINE
    )
    printed = Console(capsys)(*command[0].split(), command[1])
    assert (printed.code, printed.err) == (0, "")
    [name] = re.findall(r"It is called `([a-z.-]+)`", text_of(GUIDE))
    with ZipFile(followed / name) as package:
        assert package.testzip() is None
