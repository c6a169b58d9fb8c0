"""Domain values as rows, and rows as domain values."""

import json
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from adapters.storage.crypto import DataKey
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


def escalation_row(escalation: Escalation) -> Row:
    """Return an escalation as a row."""
    return {
        **_plain(escalation),
        "route": escalation.route.value,
        "state": escalation.state.value,
        "resolution": escalation.resolution and escalation.resolution.value,
        "told": [asdict(address) for address in escalation.told],
        "cards": [asdict(card) for card in escalation.cards],
        "seen": [{"role": sight.role, "at": sight.at.isoformat()} for sight in escalation.seen],
    }


def escalation_of(row: RowMapping) -> Escalation:
    """Return the escalation of a row."""
    values = {
        **row,
        "route": RouteName(row["route"]),
        "state": State(row["state"]),
        "resolution": row["resolution"] and Resolution(row["resolution"]),
        "excluded": tuple(row["excluded"]),
        "told": tuple(Address(**address) for address in row["told"]),
        "cards": tuple(Card(Address(**card["address"]), card["message_id"]) for card in row["cards"]),
        "seen": tuple(Sight(sight["role"], datetime.fromisoformat(sight["at"])) for sight in row["seen"]),
    }
    return Escalation(**values)


def delivery_row(delivery: Delivery) -> Row:
    """Return a delivery as a row."""
    return {
        **_plain(delivery),
        "lane": delivery.address.lane,
        "address": asdict(delivery.address),
        "kind": delivery.kind.value,
        "state": delivery.state.value,
    }


def delivery_of(row: RowMapping) -> Delivery:
    """Return the delivery of a row."""
    values = {
        **row,
        "address": Address(**row["address"]),
        "kind": DeliveryKind(row["kind"]),
        "state": DeliveryState(row["state"]),
    }
    del values["lane"]
    return Delivery(**values)


def entry_row(escalation: str, entry: Entry, data_key: DataKey) -> Row:
    """Return an entry of a thread as a row, its words sealed."""
    row = {**_plain(entry), "escalation": escalation, "kind": entry.kind.value, "words": data_key.seal(entry.text)}
    del row["text"]
    return row


def entry_of(row: RowMapping, data_key: DataKey) -> Entry:
    """Return the entry of a row, its words opened."""
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


def _plain(value: Escalation | Delivery | Entry | Turn) -> Row:
    """Return the fields by name, as they are."""
    return {field.name: getattr(value, field.name) for field in fields(value)}
