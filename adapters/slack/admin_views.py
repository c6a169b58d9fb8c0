"""What /policy-admin answers, as a message. Pure: nothing here asks anybody."""

from adapters.chat.reports import Report
from adapters.slack import limits
from adapters.slack.blocks import Block, header, heading
from adapters.slack.fitting import Room, lines_within
from adapters.slack.limits import size
from adapters.slack.mrkdwn import cut
from adapters.slack.notes import note
from adapters.slack.rendered import Rendered

_ROOM = limits.MESSAGE_TOTAL - 1_000  # the rest is for headings
_BLOCKS = 40


def render_report(report: Report) -> Rendered:
    """Return one message of headed lists. A short list leaves its room to the longer ones."""
    if report.is_sentence:
        return note(report.title)
    shown: dict[int, list[Block]] = {}
    left = _ROOM
    for number in sorted(range(len(report.sections)), key=lambda one: size(list(report.sections[one][1]))):
        share = Room(_BLOCKS, left // (len(report.sections) - len(shown)), size)
        shown[number] = lines_within(report.sections[number][1], share)
        left -= size(shown[number])
    blocks: list[Block] = [header(report.title)]
    for number, (title, _) in enumerate(report.sections):
        blocks += [*([heading(title)] if title else []), *shown[number]]
    return Rendered(cut(report.title, limits.NOTIFICATION), tuple(blocks))
