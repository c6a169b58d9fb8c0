"""Takes what is over out of a card that stays in the conversation: an offer that was taken is no offer any more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.chat import wording
from adapters.slack.blocks import Block, words
from adapters.slack.rendered import Rendered

_OFFER = "offer"


@dataclass(frozen=True, slots=True)
class TappedCard:
    """A message of Signpost's that somebody tapped on: its ts, and its blocks as Slack has them."""

    ts: str
    blocks: Sequence[Mapping[str, Any]]


def as_offer(part: str, blocks: Iterable[Block]) -> list[Block]:
    """Mark blocks as what holds only until the offer is taken. `part` names them apart from others of their card."""
    return [block | {"block_id": f"{_OFFER}:{part}:{number}"} for number, block in enumerate(blocks)]


def settled(card: TappedCard, now: str) -> Rendered | None:
    """Return a card that says what is true now where its offer stood; None where it holds no offer."""
    marks = [number for number, block in enumerate(card.blocks) if _is_offer(block)]
    if not marks:
        return None
    kept = [dict(block) for block in card.blocks if not _is_offer(block)]
    first = marks[0]
    return Rendered(wording.NEWS_OF_A_CONCERN, (*kept[:first], *words(now), *kept[first:]))


def _is_offer(block: Mapping[str, Any]) -> bool:
    return str(block.get("block_id") or "").startswith(f"{_OFFER}:")
