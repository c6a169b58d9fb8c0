"""Reads rows one by one, so that one that was damaged does not keep the others from being read."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy import RowMapping

from adapters.storage.crypto import DataKey
from adapters.storage.rows import delivery_of, escalation_of
from bot.escalation.errors import StoreError
from bot.escalation.model import Delivery, Escalation

_LOG = logging.getLogger("signpost.store")
_REMIND_AFTER_S = 3600
_MOST = 1_000  # what is known to be told is bounded; beyond it a row may be told of once more

Read = TypeVar("Read")


class RowReader:
    """Opens rows with the data key. What cannot be read is left out of lists, and the log says so once an hour."""

    def __init__(self, data_key: DataKey) -> None:
        self.data_key = data_key
        self._told: dict[str, float] = {}

    def escalation(self, row: RowMapping) -> Escalation:
        """Return the escalation of a row. Raises StoreError where it cannot be read."""
        return escalation_of(row, self.data_key)

    def delivery(self, row: RowMapping) -> Delivery:
        """Return the delivery of a row. Raises StoreError where it cannot be read."""
        return delivery_of(row, self.data_key)

    def escalations(self, rows: Iterable[RowMapping]) -> list[Escalation]:
        """Return the escalations that can be read."""
        return self._all(rows, self.escalation, "escalation")

    def deliveries(self, rows: Iterable[RowMapping]) -> list[Delivery]:
        """Return the deliveries that can be read."""
        return self._all(rows, self.delivery, "delivery")

    def _all(self, rows: Iterable[RowMapping], read: Callable[[RowMapping], Read], what: str) -> list[Read]:
        found = []
        for row in rows:
            try:
                found.append(read(row))
            except StoreError:
                self._tell(f"{what} {row['id']}")
        return found

    def _tell(self, what: str) -> None:
        now = time.monotonic()
        if now - self._told.get(what, -_REMIND_AFTER_S) < _REMIND_AFTER_S:
            return
        if len(self._told) >= _MOST:
            self._told.clear()
        self._told[what] = now
        _LOG.error("The database holds a row that cannot be read, and it is passed over: %s [damaged-row]", what)
