"""The running server: what it serves, how it takes edits, and how it stops."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from adapters.bootstrap import Signpost, socket_path
from adapters.control import call_server
from adapters.errors import ControlError, PortBusyError
from adapters.running import EXAMPLES, WebDirectory, attach_line, run_server
from knowledge.loader import SHIPPED, KnowledgeFolder
from tests.fakes import listening
from tests.packs import edit

CONDUCT = "policies/conduct.yaml"
QUESTION = "can i accept a friend request from a pupil"


@asynccontextmanager
async def running(signpost: Signpost) -> AsyncIterator[str]:
    """Run the server; its address is known once it has caught up with the packs, and SIGTERM stops it."""
    ready: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        with listening("valley: version") as caught_up:
            group.create_task(run_server(signpost, ready.set_result))
            port = await ready
            await caught_up.heard()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            signal.raise_signal(signal.SIGTERM)


async def verdict(address: str) -> str:
    """Ask over HTTP, as the page does."""
    async with (
        ClientSession() as client,
        client.post(f"{address}/api/ask", json={"school": "hillside", "question": QUESTION}) as response,
    ):
        reply: dict[str, Any] = await response.json()
        return str(reply["verdict"])


async def test_an_edit_is_answered_from_without_a_restart(small: Signpost, hillside: Path) -> None:
    """Save the file, ask again: the answer has changed."""
    async with running(small) as address:
        assert (await verdict(address)).startswith("Not allowed")
        with listening("hillside: version") as taken:
            edit(hillside / CONDUCT, "stance: must-not", "stance: should-not")
            await taken.heard()
        assert (await verdict(address)).startswith("Advised against")


async def test_what_was_edited_while_signpost_started_is_taken(small: Signpost, hillside: Path) -> None:
    """No edit is lost between the reading of the packs and the beginning of the watch."""
    edit(hillside / CONDUCT, "stance: must-not", "stance: should-not")
    async with running(small) as address:
        assert (await verdict(address)).startswith("Advised against")


async def test_the_command_line_reaches_the_server(small: Signpost) -> None:
    """The control socket lies in the state folder, and answers no more once the server has stopped."""
    path = socket_path(small.settings.state)
    async with running(small):
        status = await call_server(path, "GET", "/status")
    assert [school["id"] for school in status["schools"]] == ["hillside", "valley"]
    with pytest.raises(ControlError):
        await call_server(path, "GET", "/status")


async def test_a_port_in_use_is_told(small: Signpost) -> None:
    """Another program on the port is named with the way out, and nothing is left running."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        busy = replace(small, settings=replace(small.settings, port=port))
        with pytest.raises(PortBusyError, match=f"Port {port} is in use .* --port {port + 1}"):
            await run_server(busy, lambda _: None)


def test_the_page_lists_every_school_that_is_served(small: Signpost) -> None:
    """Each school with its name, the file to edit, and how to attach its document."""
    hill, valley = WebDirectory(small).cards()
    assert (hill.id, hill.name, hill.quotes, hill.attach, hill.status) == (
        *("hillside", "Hillside School", True),
        None,
        None,
    )
    assert hill.edit.endswith("schools/hillside/policies/conduct.yaml")
    assert (valley.attach or "").endswith("kb attach valley YOUR-POLICY.docx")


async def test_the_page_tells_why_an_edit_was_not_taken(small: Signpost, hillside: Path) -> None:
    """Who tries an edit and slips reads the fault on the page."""
    line = edit(hillside / "school.yaml", "england", "france")
    await small.library.reload(None, None)
    assert (WebDirectory(small).cards()[0].status or "").startswith(f"hillside/school.yaml:{line}: ")


@pytest.mark.parametrize(("named", "picked"), [(None, "hillside"), ("valley", "valley"), ("nowhere", "hillside")])
def test_the_page_picks_a_school_that_is_served(small: Signpost, named: str | None, picked: str) -> None:
    """The default of the settings, or else the first."""
    settings = replace(small.settings, default_school=named)
    assert WebDirectory(replace(small, settings=settings)).default() == picked


def test_the_attach_line_names_the_folder_in_use() -> None:
    """The line can be copied as it is."""
    ours = attach_line(KnowledgeFolder(Path("/our schools")), "hillside")
    assert ours.endswith("--knowledge '/our schools' kb attach hillside YOUR-POLICY.docx")
    assert "--knowledge" not in attach_line(KnowledgeFolder(SHIPPED), "buckminster")


async def test_the_attach_line_names_the_policy_where_there_are_several(small: Signpost, hillside: Path) -> None:
    """With two policies the line says whose document it is, or it would be refused."""
    policies = hillside.parent / "valley" / "policies"
    (policies / "phones.yaml").write_text("title: Phone policy\nclauses: []\n", encoding="utf-8")
    await small.library.reload(None, None)
    valley = WebDirectory(small).cards()[1]
    assert (valley.attach or "").endswith("kb attach valley YOUR-POLICY.docx --policy conduct")


def test_the_examples_on_the_page_can_be_asked() -> None:
    """Every example is a question of ordinary length."""
    assert all(0 < len(example) < 100 for example in EXAMPLES)
