"""A school on Slack: the real server's Slack side over a real store, and the fake that stands for Slack itself."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

from adapters.bootstrap import PolicyIndexes, Signpost
from adapters.escalating import Escalating, escalating
from adapters.reloading import Reloader
from adapters.settings import Settings
from adapters.slack.manifest import REQUEST_PATH, SCOPES
from adapters.slack_wiring import SlackSide, slack_side
from knowledge.library import Library
from knowledge.loader import SHIPPED, KnowledgeFolder
from tests.escalation_fakes import TickingClock
from tests.scenario.school_day import SchoolDay
from tests.slack_fake import Message, Person, SignedHttp, SlackFake, View, Workspace
from tests.slack_fake.elements import interactive
from tests.slack_fake.methods import METHODS

TEAM = "T0MODEL"
HEAD, DSL, DEPUTY, CHAIR, DEPUTY_HEAD = "U0HEAD", "U0DSL", "U0DEPUTY", "U0CHAIR", "U0DEPHEAD"
TEACHER, COLLEAGUE, ADMIN = "U0TEACHER", "U0COLL", "U0ADMIN"
GUEST, STRANGER = "U0GUEST", "U0STRANGER"
SAFE, STAFF_ROOM = "C0SAFE", "C0STAFF"
SECOND_ROOM = "C0SECOND"
_HOLDERS = {
    "headteacher": HEAD,
    "dsl": DSL,
    "deputy-dsl": DEPUTY,
    "chair-of-governors": CHAIR,
    "deputy-head": DEPUTY_HEAD,
}
_SECOND = timedelta(seconds=1)
_PATIENCE_S = 10

School = dict[str, Any]


def _as_it_is(school: School) -> None:
    """Leave a school as it is."""


def write_pack(root: Path, change: Callable[[School], None] = _as_it_is, *, school: str = "model") -> Path:
    """Write the model school as a school on Slack, under a name of its own; returns the knowledge folder."""
    folder = root / "knowledge"
    shutil.copytree(SHIPPED / "schools" / "model", folder / "schools" / school)
    path = folder / "schools" / school / "school.yaml"
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    for role, user in _HOLDERS.items():
        written["contacts"][role]["reach"].append({"kind": "slack", "value": user})
    written["routes"]["child"]["place"] = {"slack": SAFE}
    written["belongs"] = [{"slack_team": TEAM}]
    written["admins"] = [{"slack": ADMIN}]
    change(written)
    path.write_text(yaml.safe_dump(written, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


def over(signpost: Signpost, knowledge: Path) -> Signpost:
    """Return Signpost over another knowledge folder, with the encoder and the catalogue that are there already."""
    catalogue, folder = signpost.shared.catalogue, KnowledgeFolder(knowledge)
    topics = frozenset(topic.id for topic in catalogue.topics)
    categories = frozenset(kind.id for kind in catalogue.concerns)
    library = Library(folder, topics, PolicyIndexes(signpost.shared).view_of, lambda _school, _view: (), categories)
    library.load()
    service = replace(signpost.service, knowledge=library)
    return replace(signpost, library=library, service=service, settings=replace(signpost.settings, knowledge=knowledge))


def furnish(slack: SlackFake) -> Workspace:
    """Put the school's people and channels into Slack."""
    team = slack.workspace(TEAM, "Model Primary")
    names = {TEACHER: "Tess Teacher", COLLEAGUE: "Cole Colleague", ADMIN: "Ada Admin", HEAD: "Mrs Head"}
    names |= {DSL: "Mr Dale", DEPUTY: "Ms Ford", CHAIR: "Dr Chair", DEPUTY_HEAD: "Mr Wood"}
    for user, name in names.items():
        team.add_user(user, name)
    team.add_user(GUEST, "Gus Guest", is_restricted=True)
    team.add_user(STRANGER, "Stella Stranger", team_id="T0ELSE", is_stranger=True)
    team.add_channel(STAFF_ROOM, "staff-room", *names, GUEST, STRANGER)
    team.add_channel(SAFE, "safeguarding", DSL, DEPUTY, HEAD, is_private=True)
    return team


@dataclass(frozen=True, slots=True, repr=False)  # what a task holds is written out time and again
class Served(SchoolDay):
    """A running server: Slack as the school sees it, and the parts behind it."""

    slack: SlackFake
    team: Workspace
    parts: Escalating
    side: SlackSide
    signpost: Signpost
    clock: TickingClock

    def person(self, user: str) -> Person:
        """Be somebody of the school."""
        return self.slack.person(user, self.team)

    def pass_by(self, time: timedelta) -> None:
        """Let time pass at the school and in Slack."""
        self.clock.move(time)
        self.slack.clock.pass_by(time.total_seconds())

    def goes_down(self) -> None:
        """Let every call of the Web API fail until Slack `is_back`."""
        for method in METHODS:
            self.slack.faults.crash(method, 1_000)

    def is_back(self) -> None:
        """Let Slack answer again."""
        self.slack.faults.clear()


@asynccontextmanager
async def slack_of(clock: TickingClock) -> AsyncIterator[SlackFake]:
    """Run Slack, with the school in it; its clock shows what the school's does."""
    async with SlackFake() as slack:
        slack.clock.at = clock.now().timestamp()
        furnish(slack)
        yield slack


@asynccontextmanager
async def served(
    signpost: Signpost, state: Path, clock: TickingClock, *, mode: str, known: SlackFake | None = None
) -> AsyncIterator[Served]:
    """Serve the school in a mode ("http" or "socket"), over the store in `state`; `clock` is the school's.

    `known` is the Slack that is there already where a server is started again.
    """
    async with AsyncExitStack() as stack:
        slack = known
        if slack is None:
            slack = await stack.enter_async_context(slack_of(clock))
        team = slack.world.workspaces[TEAM]
        settings = _settings(signpost.settings, slack, state, slack.install(team, tuple(SCOPES)).access.value, mode)
        there = replace(signpost, settings=settings)
        parts = await stack.enter_async_context(escalating(there, clock))
        reloader = Reloader(there)
        stack.callback(reloader.close)
        side = await stack.enter_async_context(slack_side(there, parts, parts.places, reloader))
        assert side is not None
        if side.door:
            stack.push_async_callback(slack.delivery.close)
            await _listen(side, slack, stack)
        else:
            slack.delivery = slack.sockets
            await slack.sockets.connected(2)
        yield Served(slack, team, parts, side, there, clock)


async def _listen(side: SlackSide, slack: SlackFake, stack: AsyncExitStack) -> None:
    app = web.Application(client_max_size=1024 * 1024)
    assert side.door is not None
    side.door.add_to(app.router)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}{REQUEST_PATH}"
    slack.delivery = SignedHttp(address, slack.world.app.signing_secret, now=slack.clock.time)
    stack.push_async_callback(slack.delivery.close)


def _settings(settings: Settings, slack: SlackFake, state: Path, token: str, mode: str) -> Settings:
    return replace(
        settings,
        state=state,
        slack_api_url=slack.url,
        slack_bot_token=token,
        slack_app_token=slack.app_token if mode == "socket" else None,
        slack_signing_secret=slack.world.app.signing_secret,
    )


# ---- What stands there -----------------------------------------------------------------------------------------------


def words_of(shown: Message | View) -> str:
    """Return everything that can be read in a message or a view, notification included, as people typed it."""
    found: list[str] = [shown.text] if isinstance(shown, Message) else []
    _collect(shown.blocks, found)
    if isinstance(shown, View):
        _collect([shown.content.get(name) for name in ("title", "submit", "close")], found)
    return "\n".join(found).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _collect(part: Any, found: list[str]) -> None:
    if isinstance(part, list):
        for one in part:
            _collect(one, found)
    elif isinstance(part, dict):
        if isinstance(part.get("text"), str):
            found.append(part["text"])
        for name, one in part.items():
            if name != "value":
                _collect(one, found)


def buttons_of(shown: Message | View) -> list[str]:
    """Return the action ids of everything that can be tapped or chosen in a message or a view."""
    return [found.action_id for found in interactive(shown.blocks)]


def bot_said(person: Person, channel: str | None = None) -> list[Message]:
    """Return what Signpost wrote where somebody can read it: in their direct message, where no channel is named."""
    return [one for one in person.reads(channel) if one.user == person.workspace.bot.id]


def choices_of(shown: Message) -> dict[str, str]:
    """Return what can be chosen in a message, by its label."""
    options = [
        option for block in shown.blocks for one in block.get("elements", ()) for option in one.get("options", ())
    ]
    return {option["text"]["text"]: option["value"] for option in options}
