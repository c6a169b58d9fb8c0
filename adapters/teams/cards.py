"""Messages about an escalation as Teams shows them: cards for those who are told, and receipts for the asker."""

from collections.abc import Sequence

from adapters.chat import wording
from adapters.chat.fitting import items_that_fit
from adapters.chat.messages import (
    LONGEST_LINE,
    act_label,
    hints,
    is_alarming,
    is_of_several,
    notification,
    told_first,
    who_has_it,
    words_of,
)
from adapters.chat.messages import cut as shortened
from adapters.chat.messages import title as title_of
from adapters.teams import limits
from adapters.teams import wording as in_teams
from adapters.teams.connection import Json
from adapters.teams.contacts import people
from adapters.teams.elements import (
    CAREFUL,
    LARGE,
    STRONG,
    URGENT,
    cut,
    execute,
    faint,
    heading,
    opens,
    panel,
    rows,
    written,
)
from adapters.teams.elements import quote as set_apart
from adapters.teams.fitting import lines_within
from adapters.teams.packing import Cover, length_of, room_in
from adapters.teams.rendered import Rendered
from bot.escalation import wording as told
from bot.escalation.desk import Listed
from bot.escalation.message import Act, Message
from bot.escalation.model import Address, DeliveryKind
from bot.escalation.receipt import Receipt

REFRESH = "card:refresh"
# What one person reads or writes there must not vanish when the card is edited for everybody.
_IN_A_DIALOG = frozenset({Act.OPEN, Act.REPLY, Act.ANSWER})
# Of a receipt: what must be done now and whom to phone keep their place.
_STORY = 6_000
_NUMBERS = 1_500
_FOR_THE_REFRESH = 300


def render_card(message: Message, refresh_for: Sequence[str] = ()) -> Rendered:
    """Return a message as one card, since it is edited in place. The words that it quotes stand there whole.

    `refresh_for` are the Teams ids of those for whom Teams fetches it anew when they look at it.
    """
    named = title_of(message)
    cover = Cover(notification(message), speak=named)
    above = _head(message, named)
    now, story = told_first(message)
    if now:
        above += panel(CAREFUL, [*written(now[0], STRONG), *lines_within(now[1:], _NUMBERS, LONGEST_LINE)])
    quoted = set_apart(words_of(message))
    below = _beneath(message)
    room = room_in(cover) - length_of([*above, *quoted, *below])
    body = [*above, *lines_within(story, room, LONGEST_LINE), *quoted, *below]
    left = room_in(cover) - length_of(body)
    return cover.over(body, _refresh(message.escalation, refresh_for, left))


def desk_card(listed: Listed, refresh_for: Sequence[str] = (), *, quoted: str | None = None) -> Rendered:
    """Return the card of an escalation as the desk lists it, in answer to a tap.

    `quoted` are the words that stand on the card, where they may.
    """
    one = listed.escalation
    message = Message(
        key="",
        kind=DeliveryKind.UPDATE,
        address=Address("teams", "", "place"),
        school=one.school,
        escalation=one.id,
        reference=one.reference,
        urgent=one.urgent,
        title=told.notice_title(listed.title, one.reference, urgent=one.urgent),
        lines=listed.lines,
        quoted=quoted,
        acts=listed.acts,
    )
    return render_card(message, refresh_for)


def render_receipt(receipt: Receipt, refresh_for: Sequence[str] = ()) -> Rendered:
    """Return the asker's receipt as it stands now: the state, its story, and whom to phone while nobody has seen it.

    `refresh_for`: see `render_card`.
    """
    cover = Cover(wording.receipt_head(receipt.reference, receipt.state))
    body = [*receipt_elements(receipt), *buttons((Act.ANSWER,), receipt.id)]
    return cover.over(body, _refresh(receipt.id, refresh_for, room_in(cover) - length_of(body)))


def receipt_elements(receipt: Receipt) -> list[Json]:
    """Return a receipt without its buttons; what the asker must do now comes before its story."""
    story = [*written(shortened(receipt.title)), *lines_within(receipt.lines, _STORY, LONGEST_LINE)]
    if receipt.warning:
        first = is_alarming(receipt)
        warning = [*written(shortened(receipt.warning), STRONG), *people(receipt.phone)]
        story = [*panel(CAREFUL, warning), *story] if first else [*story, *warning]
    return [*written(wording.receipt_head(receipt.reference, receipt.state), LARGE), *story]


def buttons(acts: Sequence[Act], escalation: str, *, stale: bool = False) -> list[Json]:
    """Return the buttons of an escalation. `stale`: taking it says that it is still with whoever took it."""
    return rows(_button(act, escalation, stale=stale) for act in dict.fromkeys(acts))


def _button(act: Act, escalation: str, *, stale: bool) -> Json:
    label, whose = act_label(act, stale=stale), "asker" if act is Act.ANSWER else "desk"
    button = opens if act in _IN_A_DIALOG else execute
    return button(label, f"{whose}:{act}", main=act is Act.OPEN, e=escalation)


def _head(message: Message, named: str) -> list[Json]:
    """Return the title, and whether somebody has it; what is urgent and has nobody stands out."""
    has_it = who_has_it(message)
    above = [*written(cut(named, limits.TITLE), LARGE), *(heading(has_it) if has_it else [])]
    if message.urgent and (has_it == wording.NOT_TAKEN or message.kind is DeliveryKind.CHASE):
        above = panel(URGENT, above)
    is_cut = limits.units(named) > limits.TITLE
    return [*above, *(faint(wording.reference(message.reference)) if is_cut else [])]


def _beneath(message: Message) -> list[Json]:
    """Return the buttons. Those of one question beneath a list of several would leave open which they are about."""
    if is_of_several(message):
        return faint(in_teams.SEVERAL_WAIT)
    below = buttons(message.acts, message.escalation, stale=message.kind is DeliveryKind.STALE)
    return [*below, *faint(*hints(message))]


def _refresh(escalation: str, people_there: Sequence[str], room: int) -> Json | None:
    """Return for whom the card is fetched anew: as many as Teams takes, and as there is room for."""
    kept = items_that_fit(
        people_there[: limits.REFRESHED], room - _FOR_THE_REFRESH, lambda one: limits.units(one) + len('"", ')
    )
    action = {"type": "Action.Execute", "title": in_teams.REFRESH, "verb": REFRESH, "data": {"e": escalation}}
    return {"action": action, "userIds": kept} if kept else None
