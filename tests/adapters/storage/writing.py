"""A process that writes escalations until it is killed, and says of each that it is written."""

import asyncio
import sys
from itertools import count
from uuid import uuid4

from adapters.storage.store import open_store
from tests.adapters.storage.conftest import KEY
from tests.contract.values import delivery, opening, step


async def main(url: str) -> None:
    """Open an escalation, deliver it, print its id; for ever."""
    store = await open_store(url, KEY)
    run = uuid4().hex
    for n in count():
        name = f"{run}-{n}"
        first = await store.commit(opening(name, text="words", deliveries=(delivery(name, of=name),)))
        written = await store.commit(step(first, "delivered"))
        print(written.id, flush=True)  # noqa: T201 - the confirmation


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
