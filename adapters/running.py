"""The running server: the web try-out, the courier, the control socket and the watch over the packs."""

import asyncio
import errno
import gc
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from adapters.beside import beside
from adapters.bootstrap import Signpost, default_school, socket_path
from adapters.control import control_app, start_control
from adapters.errors import PortBusyError
from adapters.escalating import Escalating, delivering, escalating
from adapters.listening import listening
from adapters.reloading import Reloader
from adapters.slack_wiring import slack_side
from adapters.teams_wiring import teams_side
from adapters.web.app import SchoolCard, create_app
from bot.view import SchoolView
from knowledge.faults import errors_of
from knowledge.library import SchoolState
from knowledge.loader import KnowledgeFolder

_HOST = "127.0.0.1"
EXAMPLES = (
    "can I friend a parent?",
    "kid in my class followed me on insta, what now?",
    "Is it ok to keep my phone in my pocket while I teach?",
    "I had an awful day, may I moan about it online without names?",
    "Who approved this policy and is it still in date?",
)


@dataclass(frozen=True, slots=True)
class WebDirectory:
    """The schools as the try-out lists them."""

    signpost: Signpost

    def cards(self) -> Sequence[SchoolCard]:
        """List the schools that are served, by id."""
        return [self._card(state) for state in self.signpost.library.states() if state.view is not None]

    def default(self) -> str:
        """Return the school that is picked at first."""
        served = self.signpost.library.schools()
        named = default_school(self.signpost)
        return named if named in served else next(iter(served), "")

    def _card(self, state: SchoolState[SchoolView]) -> SchoolCard:
        school = state.school
        policies = school.policies if school else ()
        bare = [policy for policy in policies if policy.document is None]
        quotes = not bare
        folder = self.signpost.library.folder
        policy_id = (bare or list(policies))[0].id if policies else ""
        edit = _relative(folder.schools / state.id / "policies" / f"{policy_id}.yaml")
        fault = next(iter(errors_of(state.faults)), None)
        return SchoolCard(
            id=state.id,
            name=school.name if school else state.id,
            quotes=quotes,
            attach=None if quotes else attach_line(folder, state.id, policy_id if len(policies) > 1 else None),
            edit=edit,
            status=None if state.ok else str(fault or ""),
        )


def attach_line(folder: KnowledgeFolder, school: str, policy: str | None = None) -> str:
    """Return the exact command that attaches a school's document; `policy` where the school has several."""
    program = Path(sys.argv[0])
    command = _relative(program) if program.name == "signpost" else "signpost"
    shipped = folder == KnowledgeFolder()
    where = "" if shipped else f" --knowledge {shlex.quote(_relative(folder.root))}"
    which = f" --policy {policy}" if policy else ""
    return f"{command}{where} kb attach {school} YOUR-POLICY.docx{which}"


def _relative(path: Path) -> str:
    with suppress(ValueError):
        return str(path.resolve().relative_to(Path.cwd()))
    return str(path)


async def run_server(signpost: Signpost, on_ready: Callable[[int | None], None]) -> None:
    """Serve Slack and Teams where they are set up, else the web try-out, until SIGINT or SIGTERM.

    `on_ready` is called with the port of the try-out, or None. Raises PortBusyError where a port is taken, and
    SettingsError where Slack refuses its token.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with AsyncExitStack() as stack:
        reloader = Reloader(signpost)
        stack.callback(reloader.close)
        parts = await stack.enter_async_context(escalating(signpost))
        slack = await stack.enter_async_context(slack_side(signpost, parts, parts.places, reloader))
        teams = await stack.enter_async_context(teams_side(signpost, parts, reloader))
        await stack.enter_async_context(delivering(parts))
        if slack or teams:
            await stack.enter_async_context(listening(signpost.settings, parts, slack, teams))
        port = None if slack or teams else await _listen(signpost, parts, stack)
        control = await start_control(
            control_app(signpost, reloader, parts.report), socket_path(signpost.settings.state)
        )
        stack.push_async_callback(control.cleanup)
        await stack.enter_async_context(beside(reloader.keep_up()))
        # What has been read stays: looking through all of it for garbage would hold everybody up for 200 ms.
        gc.freeze()
        on_ready(port)
        await stop.wait()


async def _listen(signpost: Signpost, parts: Escalating, stack: AsyncExitStack) -> int:
    app = create_app(
        parts.service,
        WebDirectory(signpost),
        examples=EXAMPLES,
        intake=parts.intake,
        desk=parts.desk,
        channel=parts.web,
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, _HOST, signpost.settings.port).start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortBusyError(signpost.settings.port, "--port ") from error
        raise
    port: int = runner.addresses[0][1]
    return port
