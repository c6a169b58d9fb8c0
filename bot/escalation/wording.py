"""Every sentence Signpost says about an escalation; plain English, reading age about 12."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.escalation.hours import LONDON
from bot.escalation.model import Resolution
from bot.escalation.routing import Reason
from bot.wording import contact_name
from knowledge.model import Contact

SOON = timedelta(seconds=30)  # until then "on its way" is the truth; after it, that nobody has been reached

LONGEST_REPLY = 2_000
QUESTION_TITLE = "A policy question"
SOMEBODY = "Somebody"
NAME_ERASED = "somebody whose name has been erased"

RESOLVED_ALREADY = "It is resolved already. Reopen it if there is more to do."
NOT_RESOLVED = "It is open, so there is nothing to reopen."
NOT_YOURS = (
    "You cannot open or change this one. If a child may be at risk, tell whoever leads on safeguarding in your school."
)
PERHAPS_YOURS = (
    "Signpost cannot see just now whether this one is for you. Try again in a minute. If a child may be at risk, "
    "do not wait: tell whoever leads on safeguarding in your school."
)
GONE = "That is no longer here. If it matters, ask again, or speak to the person yourself."
OFFER_GONE = (
    "That is no longer here. Nobody has been told by this tap: write it again, and pass it on from there. If a child "
    "may be at risk, do not wait: tell whoever leads on safeguarding in your school, in person, now."
)
EMPTY_REPLY = "Type what you want to say first."
ASKER_GONE = "Whoever wrote this cannot be reached through Signpost. Speak to them yourself."
NOBODY_THERE = "That role has nobody who can be reached here. Pick another."
CHANGED_MEANWHILE = "Somebody changed this a moment ago. Look at it again, then decide."

NOT_RECORDED = (
    "This could not be recorded, so nobody has been told. Do not rely on Signpost now: phone or go and tell the person "
    "named here yourself."
)
NOT_SET_UP = "Signpost cannot pass this on: the school has not said who should be told. Tell the person below yourself."
CANNOT_CHECK = (
    "Signpost cannot be sure who would read this, so it will not pass it on. Phone the person below yourself."
)
NOBODY_LEFT = (
    "There is nobody left in the school to whom Signpost may pass this on. Phone one of the people below, or "
    "children's social care at your council. Anyone may do that."
)
NO_QUESTION_ROUTE = (
    "Your school has not said who answers questions here. Ask the person named in the reply, or the headteacher."
)
NOT_A_QUESTION = (
    "Somebody may be at risk here, so this does not go where questions go. Pass it on with the button for that, or "
    "tell the person named in the reply yourself."
)
OFFERED = "Nobody has been told yet. You can pass it on with one tap; you see first who will read it."
SENT_BEFORE = (
    "It was sent before. Whoever has been told of it can read it. Signpost tells nobody else of those who were named "
    "then."
)
SENT_AND_OPEN = "It was sent before. The people named then can read it, or may still be told."
IS_FOR_PLACE = "It is for those in your school who answer questions here."
GONE_BEFORE = f"{SENT_BEFORE} You can pass it on to these as well."
READERS_CHANGED = (
    "Nobody has been told yet: who would read this has changed since you looked. Ask again to see the list as it "
    "stands."
)
NEW_LIST = "Who would read this has changed since you looked. This is the list as it stands now."
RECORDED = "It is recorded and on its way. Tell the person yourself as well, in person or by phone."
QUESTION_RECORDED = "It is recorded and on its way."
PASSED_ON_BEFORE = (
    "It was passed on before, and has been delivered. Nobody has it in hand yet: tell the person yourself as well, in "
    "person or by phone."
)
TAKEN_BEFORE = "It was passed on before, and somebody has taken it."
RESOLVED_BEFORE = (
    "It was passed on before, and has been resolved. If it is not over, speak to the person yourself, in person or by "
    "phone."
)
NOT_DELIVERED = "It has not reached anybody yet. Tell the person yourself now, in person or by phone."
QUESTION_NOT_DELIVERED = "It has not reached anybody yet. If it cannot wait, ask somebody in person or by phone."
NOT_SEEN = "Nobody has seen it yet. Do not wait: phone now, or go and tell the person yourself."
NOT_TAKEN = "Nobody has taken it since it was opened again or passed on. Do not wait: phone now."
OPEN_AGAIN = "It is open again, and nobody has it yet. If it cannot wait, phone now or tell the person yourself."
NO_RECORD = "This is not the school's record. Log it in your school's own safeguarding system as well."
OPEN_IT = "Open it to read what was written. Take it, so that the others know that somebody has it."
TAKE_IT = "Nobody has taken it yet."
TAKE_IT_UNLESS_TAKEN = "If nobody has taken it since: open it, and take it, so that the others know it."
STILL_YOURS = (
    "Nothing has happened here since it was taken. If it is still with you, say so; otherwise reply, pass it on or "
    "resolve it."
)
NOT_STAFF = "The person who wrote is not known here as a member of staff."
NOT_STAFF_REPLY = (
    "Thank you for writing. I can only answer the school's staff. If something is wrong or somebody is hurting you, "
    "you have done well to say so. Tell an adult you trust now: a teacher, someone at home, a school nurse. Childline "
    "is free, day and night: 0800 1111. You can also text SHOUT to 85258. If somebody is in danger now, phone 999."
)
NOT_CHECKED = (
    "I cannot check just now that you are one of the school's staff, so I cannot answer from its policies. Ask again "
    "in a few minutes. If a child may be at risk, do not wait: tell whoever leads on safeguarding in your school, in "
    "person, now. If somebody is in danger, phone 999."
)
FOR_OTHERS = (
    "This was not added: it sounds as if someone may be at risk, and that is for others than those who read this. Send "
    "it to me as a new message, or choose “Raise a concern”; you see first who will read it."
)
NOT_STAFF_TITLE = "What you told the school"
NOT_STAFF_TOLD = "An adult at the school whose job it is to keep people safe is being told what you wrote."
NOT_STAFF_LOST = (
    "What you wrote could not be passed on, so nobody at the school knows of it yet. Please tell an adult you trust "
    "now, or phone one of these numbers."
)
NOT_STAFF_WAITS = (
    "An adult at the school whose job it is to keep people safe will be told what you wrote, on the next school "
    "morning. If it cannot wait, phone one of these numbers now."
)
PURGED = "What was written has been erased, as the school's time for keeping it is over."
MAIL_LINE = (
    "Signpost could not reach you in the chat. Open the chat to read it. This mail holds nothing of what was written."
)
AGAIN = "Sent again; you may have had this already"
HELPED = "Good. Thank you for saying so."
ASKED_A_PERSON = "Your question has been handed on, with your name and your words. Its receipt says whom it is for."

NOBODY_REACHABLE = (
    "Signpost knows nobody in this chat to whom it could pass this on. Phone or go and tell the person below yourself."
)

_NO_ROUTE = {
    Reason.NOT_SET: NOT_SET_UP,
    Reason.NOBODY_LEFT: NOBODY_LEFT,
    Reason.CANNOT_CHECK: CANNOT_CHECK,
    Reason.NOBODY_REACHABLE: NOBODY_REACHABLE,
}
_RESOLUTIONS = {
    Resolution.HANDLED: "dealt with in school",
    Resolution.REFERRED: "passed to an outside body",
    Resolution.ANSWERED: "answered",
    Resolution.NO_ACTION: "no further action",
    Resolution.BY_MISTAKE: "opened by mistake",
}


def clock(at: datetime, now: datetime) -> str:
    """Say a time: "10:42" today, "Mon 23 Nov, 07:45" on another day; as the clock in school shows it."""
    local, today = at.astimezone(LONDON), now.astimezone(LONDON).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


def no_route(reason: Reason) -> str:
    """Say why nobody can be told."""
    return _NO_ROUTE[reason]


def told_nobody(reason: Reason, phone: Sequence[Contact]) -> str:
    """Say why nobody can be told, and whom to phone instead."""
    numbers = [
        f"{contact_name(contact)}: {', '.join(reach.value for reach in contact.reach if reach.kind == 'phone')}"
        for contact in phone
        if any(reach.kind == "phone" for reach in contact.reach)
    ]
    return " ".join([no_route(reason), *(f"{number}." for number in numbers)])


def offered(unnamed: int | None, *, waits: bool, sent: bool) -> str:
    """Say what passing it on would do. `unnamed` counts those who read the channel and are not listed."""
    morning = "It would be delivered on the next school morning. If it cannot wait, phone now." if waits else ""
    return " ".join(filter(None, (GONE_BEFORE if sent else OFFERED, others_read(unnamed, "will"), morning)))


def recorded_at_once(unnamed: int | None) -> str:
    """Say what is true of what was sent at once. `unnamed` counts those who read the channel and are not listed."""
    return " ".join(filter(None, (RECORDED, others_read(unnamed, "can"))))


def others_read(unnamed: int | None, verb: str) -> str:
    """Say that others than those who are listed read the channel; nothing where nobody else does."""
    if unnamed is None:
        return "Others may read it too: Signpost cannot see who is in their channel."
    others = "1 other person" if unnamed == 1 else f"{unnamed} others"
    return f"{others} in their channel, not listed here, {verb} read it too." if unnamed else ""


def resolution(what: Resolution) -> str:
    """Say what came of an escalation."""
    return _RESOLUTIONS[what]


def taken_already(title: str | None) -> str:
    """Say who has it."""
    return f"It has been taken already, by the {title or 'person on duty'}. Speak to them."


def reply_too_long(length: int) -> str:
    """Say that a reply is too long."""
    return f"That has {length:,} characters; at most {LONGEST_REPLY:,} fit. Shorten it."


def notice_title(category: str, reference: str, *, urgent: bool) -> str:
    """Head a notice."""
    return f"{'Urgent: ' if urgent else ''}{category} ({reference})"


def chase_title(category: str, reference: str, at: str) -> str:
    """Head a reminder that nobody had it, in words that stay true once somebody has."""
    return f"Nobody had taken it by {at}: {category} ({reference})"


def stale_title(category: str, reference: str) -> str:
    """Head the question whether somebody still has it."""
    return f"Is this still with you? {category} ({reference})"


def digest_title(count: int) -> str:
    """Head the day's digest."""
    return "1 question is waiting for an answer" if count == 1 else f"{count} questions are waiting for an answer"


def question_line(reference: str, asker: str, at: str) -> str:
    """List an open question in the digest."""
    return f"{reference}, from {asker}, {at}"


def receipt_title(reference: str, state: str) -> str:
    """Head a receipt."""
    return f"{reference}: {state}"


def reply_title(title: str, reference: str) -> str:
    """Head an answer to the asker."""
    return f"{title} has answered you ({reference})"


def answer_title(reference: str) -> str:
    """Say that the asker has written again."""
    return f"The person who raised {reference} has answered"


def raised_by(name: str, at: str) -> str:
    """Say who raised it, and when."""
    return f"Raised by {name}, {at}."


def asked_by(name: str, at: str) -> str:
    """Say who asked, and when."""
    return f"Asked by {name}, {at}."


def taken_by(title: str, at: str) -> str:
    """Say who has it."""
    return f"Taken by the {title}, {at}."


def with_role(title: str) -> str:
    """Say to whom it was passed on."""
    return f"Passed on to the {title}, who has not taken it yet."


def passed_on(title: str, at: str) -> str:
    """Say to whom it was passed on, and when, in words that stay true once they have taken it."""
    return f"Passed on to the {title}, {at}."


def answered_by(title: str, at: str) -> str:
    """Say who last answered the asker, so that nobody does it twice."""
    return f"Answered by the {title}, {at}."


def is_for(titles: Sequence[str]) -> str:
    """Say for whom a question is; `titles` are of those who were asked in person."""
    return f"It is for {_all_of([f'the {title}' for title in titles])}." if titles else IS_FOR_PLACE


def seen_by(title: str, at: str) -> str:
    """Say who opened the words."""
    return f"Seen by the {title}, {at}."


def recorded_at(at: str) -> str:
    """Say when it was recorded."""
    return f"Recorded, {at}."


def delivered_at(at: str) -> str:
    """Say when it arrived."""
    return f"Delivered, {at}."


def due_at(at: str) -> str:
    """Say when it will be delivered."""
    return f"It will be delivered on the next school morning: {at}. If it cannot wait, speak to somebody now."


def opened_again(at: str) -> str:
    """Say when it was opened again, or the asker wrote on after it was resolved."""
    return f"Opened again, {at}."


def resolved_as(what: Resolution, at: str) -> str:
    """Say what came of it."""
    return f"Resolved: {resolution(what)}, {at}."


def asked_again_at(at: str) -> str:
    """Say when those who have the card were last asked to take it."""
    return f"Not taken yet: asked again, {at}."


def still_yours_at(at: str) -> str:
    """Say when whoever took it was last asked about it."""
    return f"Is this still with you? Asked, {at}."


def answered_at(at: str) -> str:
    """Say when the asker last wrote again."""
    return f"The person who raised it has written again, {at}."


def reply_lost(at: str) -> str:
    """Say that a reply never reached whoever it was for, and what to do instead."""
    return f"The reply of {at} did not reach the person who wrote. Speak to them in person."


def will_read(contacts: Sequence[Contact]) -> str:
    """List who will read it, before anything is sent; there must be somebody."""
    listed = _all_of([contact_name(contact) for contact in contacts])
    return f"These people will read it: {listed}." if len(contacts) > 1 else f"{listed} will read it."


def _all_of(names: Sequence[str]) -> str:
    """List names as people say it; there must be one."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


NOT_READABLE = (
    "What was recorded cannot be read just now; it is kept. Do not wait for it: if it matters, phone or speak to the "
    "person yourself."
)
NOT_WRITTEN = (
    "That could not be written down, so nothing has changed. Try again. If it is urgent, act as if Signpost were not "
    "here."
)
