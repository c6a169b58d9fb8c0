"""Short messages of Signpost's own: a sentence, or the question which school somebody is asking for."""

from collections.abc import Sequence

from adapters.chat import wording
from adapters.slack import limits
from adapters.slack import wording as in_slack
from adapters.slack.blocks import actions, heading, option, select, small, value, words
from adapters.slack.fitting import Room, options_within
from adapters.slack.mrkdwn import cut
from adapters.slack.rendered import Rendered
from knowledge.model import School

CHOOSE_SCHOOL = "school:choose"
_ROOM = Room(limits.OPTIONS, 9_000, limits.size)


def note(text: str) -> Rendered:
    """Return a sentence as a message."""
    return Rendered(cut(text, limits.NOTIFICATION), tuple(words(text)))


def which_school(schools: Sequence[School], pending: str, *, are_all: bool = True) -> Rendered:
    """Ask which school somebody asks for. `pending` is the id of the question that waits for it.

    `are_all=False`: one that is not listed may be theirs, and cannot be asked just now.
    """
    named = [option(school.name, value(s=school.id, r=pending)) for school in schools]
    options = options_within(named, _ROOM)
    more = small(in_slack.MORE_SCHOOLS) if len(options) < len(named) else []
    chosen = select(options, hint=wording.PICK_SCHOOL) | {"action_id": CHOOSE_SCHOOL}
    missing = [] if are_all else words(wording.SCHOOL_MISSING)
    safety = words(wording.SCHOOL_SAFETY)
    blocks = [heading(wording.WHICH_SCHOOL_DO_YOU_ASK_FOR), *safety, *missing, *actions([chosen]), *more]
    return Rendered(wording.WHICH_SCHOOL_DO_YOU_ASK_FOR, tuple(blocks))
