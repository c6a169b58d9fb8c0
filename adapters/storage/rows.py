"""Domain values as rows, and rows as domain values."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from adapters.storage.crypto import DataKey
from adapters.storage.tables import DAMAGED
from bot.escalation.errors import StoreError
from bot.escalation.model import (
    Address,
    Card,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Entry,
    EntryKind,
    Escalation,
    Person,
    Resolution,
    Sight,
    State,
    Turn,
)
from knowledge.model import RouteName

Row = dict[str, Any]


def escalation_row(escalation: Escalation, data_key: DataKey) -> Row:
    """Return an escalation as a row; who was told, and where, stands sealed."""
    return {
        **_plain(escalation),
        "route": escalation.route.value,
        "state": escalation.state.value,
        "resolution": escalation.resolution and escalation.resolution.value,
        "excluded": json.dumps(escalation.excluded),
        "told": data_key.seal(json.dumps([asdict(address) for address in escalation.told])),
        "cards": data_key.seal(json.dumps([asdict(card) for card in escalation.cards])),
        "seen": json.dumps([{"role": sight.role, "at": sight.at.isoformat()} for sight in escalation.seen]),
    }


def escalation_of(row: RowMapping, data_key: DataKey) -> Escalation:
    """Return the escalation of a row. Raises StoreError where it cannot be read."""
    with _legible(row):
        told, cards = json.loads(data_key.unseal(row["told"])), json.loads(data_key.unseal(row["cards"]))
        values = {
            **row,
            "route": RouteName(row["route"]),
            "state": State(row["state"]),
            "resolution": row["resolution"] and Resolution(row["resolution"]),
            "excluded": tuple(json.loads(row["excluded"])),
            "told": tuple(Address(**address) for address in told),
            "cards": tuple(Card(Address(**card["address"]), card["message_id"]) for card in cards),
            "seen": tuple(
                Sight(sight["role"], datetime.fromisoformat(sight["at"])) for sight in json.loads(row["seen"])
            ),
        }
        return Escalation(**values)


def delivery_row(delivery: Delivery, data_key: DataKey) -> Row:
    """Return a delivery as a row; its address and the platform's id of the message stand sealed."""
    return {
        **_plain(delivery),
        "lane": lane_key(delivery.address.lane, data_key),
        "address": data_key.seal(json.dumps(asdict(delivery.address))),
        "kind": delivery.kind.value,
        "state": delivery.state.value,
        "message_id": delivery.message_id and data_key.seal(delivery.message_id),
    }


def delivery_of(row: RowMapping, data_key: DataKey) -> Delivery:
    """Return the delivery of a row. Raises StoreError where it cannot be read."""
    with _legible(row):
        values = {
            **row,
            "address": Address(**json.loads(data_key.unseal(row["address"]))),
            "kind": DeliveryKind(row["kind"]),
            "state": DeliveryState(row["state"]),
            "message_id": row["message_id"] and data_key.unseal(row["message_id"]),
        }
        del values["lane"]
        return Delivery(**values)


def lane_key(lane: str, data_key: DataKey) -> str:
    """Return the pseudonym of a lane; it is not the one of the person whose lane it is."""
    return data_key.pseudonyms.key(f"lane:{lane}")


def entry_row(escalation: str, entry: Entry, data_key: DataKey) -> Row:
    """Return an entry of a thread as a row, its words sealed."""
    row = {**_plain(entry), "escalation": escalation, "kind": entry.kind.value, "words": data_key.seal(entry.text)}
    del row["text"]
    return row


def entry_of(row: RowMapping, data_key: DataKey) -> Entry:
    """Return the entry of a row, its words opened. Raises StoreError where it cannot be read."""
    with _legible(row):
        values = {**row, "kind": EntryKind(row["kind"]), "text": data_key.unseal(row["words"])}
        del values["escalation"], values["words"]
        return Entry(**values)


def sealed_turn(turn: Turn, data_key: DataKey) -> str:
    """Return a turn sealed whole: what it was about and in which conversation tells as much as its words."""
    return data_key.seal(json.dumps({**_plain(turn), "at": turn.at.isoformat()}))


def turn_of(token: str, data_key: DataKey) -> Turn:
    """Return a sealed turn."""
    values = json.loads(data_key.unseal(token))
    values["at"] = datetime.fromisoformat(values["at"])
    values["clauses"] = tuple(values["clauses"])
    values["excluded"] = tuple(values["excluded"])
    return Turn(**values)


def sealed_person(person: Person, data_key: DataKey) -> str:
    """Return a person sealed whole."""
    return data_key.seal(json.dumps(asdict(person)))


def person_of(token: str, data_key: DataKey) -> Person:
    """Return a sealed person."""
    return Person(**json.loads(data_key.unseal(token)))


@contextmanager
def _legible(row: RowMapping) -> Iterator[None]:
    """Raise StoreError, in words that hold nothing of the row, where a field of it is not what it should be."""
    try:
        if DAMAGED in row.values():
            raise ValueError
        yield
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StoreError("a row cannot be read: it was damaged") from None


def _plain(value: Escalation | Delivery | Entry | Turn) -> Row:
    """Return the fields by name, as they are."""
    return {field.name: getattr(value, field.name) for field in fields(value)}
