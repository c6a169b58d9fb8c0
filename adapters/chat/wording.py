"""Every sentence and label that all chat platforms show alike; what is said to the asker itself comes with the reply.

The first of them stand in the web try-out too, word for word, so that every platform says the same.
"""

from collections.abc import Mapping
from datetime import date

from bot.escalation import wording as told
from bot.escalation.message import Act
from bot.escalation.model import Resolution, State
from bot.types import Action

WHAT_TO_DO = "What to do now"
EMERGENCY = "If anyone is in danger now, phone 999."
NO_RULE = "No rule found"
IN_SHORT = "In short"
IN_PLAIN_WORDS = "In plain words"
SECTION = "Section"
POLICY = "Policy"
VERSION = "Version"
ISSUED = "Issued"
PULL_APART = "Two rules pull apart"
READ_TOO = "Read this too"
ALSO = "Also relevant"
WHO_TO_ASK = "Who to ask"
WHO_TO_TELL = "Who to tell"
PHONE = "Phone"
E_MAIL = "E-mail"
IN_PERSON = "In person"
WHO_WILL_READ = "Who will read it"
WHO_CAN_READ = "Who can read it"
NOBODY_TOLD = "Nobody has been told"
NOBODY_ELSE = "Nobody else can be told from here"
APART = "Speak to nobody who may be involved, even where this card names them."
PASSED_ON = "Passed on"
RECORDED = "Recorded"
NOT_TAKEN = "Nobody has it yet"
TAKEN = "Somebody has it"
RESOLVED = "Resolved"
WHAT_WAS_WRITTEN = "What was written"
OPENING = "One moment: it is being opened."
OPENING_IS_NOTED = (
    "Opening shows the words. It is noted, and the person who raised it reads that your role has seen it."
)
TO_ANSWER = "To answer them, tap Reply: what you write beneath this card does not reach them."
STILL_WITH_ME = "It is still with me"
YOUR_REPLY = "Your reply to the person who raised it"
SEND_REPLY = "Send the reply"
TO_WHOM = "Pass it on to"
HAND_ON = "Pass it on"
WHAT_CAME = "What came of it"
RESOLVE_IT = "Resolve it"
YOUR_MESSAGE = "Your message"
SEND = "Send"
POINTED_AT = "(A message by somebody else, at which I point:)"
NO_NAMES = "Leave out children’s names."
ACTIONS: Mapping[Action, str] = {
    Action.TELL: "Tell them now",
    Action.INVOLVED: "One of these people is involved",
    Action.ASK_A_PERSON: "Ask a person",
    Action.HELPED: "Helped",
    Action.NOT_MEANT: "Not what I meant",
}
ACTS: Mapping[Act, str] = {
    Act.OPEN: "Open",
    Act.ACKNOWLEDGE: "Take it",
    Act.ASSIGN: "Pass on",
    Act.REPLY: "Reply",
    Act.RESOLVE: "Resolve",
    Act.REOPEN: "Reopen",
    Act.ANSWER: "Add something",
}
_ARRIVED = frozenset({State.DELIVERED, State.ACKNOWLEDGED, State.RESOLVED})
RULE_ITSELF = "The policy’s own words"
URGENT = "Urgent"
NEWS = "Signpost has answered you."
NEWS_OF_A_CONCERN = "Signpost has answered you. Open it now."
RAISE = "Raise a concern"
WHAT_HAPPENED = "What happened"
WHAT_HAPPENED_HINT = f"Write it in your own words. {NO_NAMES}"
WHAT_KIND = "What it is about"
NOT_SURE = "I am not sure"
WHICH_SCHOOL = "Your school"
PICK_SCHOOL = "Pick your school"
NEXT = "Next"
CLOSE = "Close"
CANCEL = "Cancel"
NEXT_YOU_SEE = "Next you see what to do now, and who will read it."
NOBODY_ELSE_HERE = "There is nobody else here to whom it can be passed on."
WHICH_SCHOOL_DO_YOU_ASK_FOR = "Which school are you asking for?"
SCHOOL_SAFETY = (
    "I remember it, and answer what you asked. If a child may be at risk, do not wait for this: tell whoever leads "
    "on safeguarding in your school, in person, now. In danger: phone 999."
)
CANNOT_ANSWER = (
    "I cannot answer just now: your school’s policies cannot be read, and nothing has been passed on. If a child may "
    "be at risk, tell whoever leads on safeguarding in your school, in person, now. In danger: phone 999. Whoever "
    "looks after Signpost must mend this; please let them know."
)
SCHOOL_AWAY = (
    "I cannot open or change this just now: the school’s policies cannot be read. What was passed on before stays so. "
    "If it cannot wait, speak to your colleagues in person or by phone. Whoever looks after Signpost must mend this; "
    "please let them know."
)
QUESTION_GONE = (
    "I no longer have what you asked before, and nobody has been told of it. Please write it again. If a child may be "
    "at risk, do not wait for me: tell whoever leads on safeguarding in your school, in person, now. In danger: phone "
    "999."
)
SCHOOL_MISSING = (
    "If your school is not listed, I cannot answer for it just now: its policies cannot be read. Please pick no other, "
    "and let whoever looks after Signpost know."
)
INVOLVED_BELOW = "You have said that one of the people named here is involved. What can be done now stands below."
LIST_BELOW = "Who would read this has changed. The list as it stands is below; nobody has been told yet."
COMMAND_FAILED = "That did not work, for a fault of Signpost’s own. It is in the server’s log; nothing has changed."
WORKING = "Looking; the answer follows in a moment."
NOT_DONE = "That was not done"
ADDED = "It has been added, and is on its way to whoever has it."
NO_FILES = (
    "I never open files or pictures. If one shows a child at risk, do not share, copy or save it: tell whoever leads "
    "on safeguarding in your school, in person, now."
)


def part(number: int, of: int) -> str:
    """Number the messages of an answer that needs several."""
    return f"{number} of {of}"


def more_lines(count: int) -> str:
    """Say that a list goes on."""
    return f"And {count} more."


def left_out(count: int) -> str:
    """Say that pieces of a long thread are not shown."""
    return f"{'1 message' if count == 1 else f'{count} messages'} in between not shown here."


def day(written: str | None) -> str | None:
    """Say "2026-09-01" as "1 September 2026", and "2026-09" as "September 2026"."""
    try:
        year, month, *rest = map(int, (written or "").split("-"))
        found = date(year, month, *(rest or [1]))
    except (ValueError, TypeError):
        return written
    return f"{found.day} {found:%B %Y}" if rest else f"{found:%B %Y}"


def news_of(reference: str, what: str | None = None) -> str:
    """Tell the asker that there is news of what they raised; `what` is what they must know at once."""
    return f"{reference}: {what}" if what else f"News of {reference}"


def receipt_head(reference: str, state: str) -> str:
    """Head a receipt: nothing is called passed on before it has arrived."""
    return f"{PASSED_ON if state in _ARRIVED else RECORDED} {reference}".strip()


def reference(named: str) -> str:
    """Say which one it is."""
    return f"Reference {named}"


def resolution(what: Resolution) -> str:
    """Offer what came of an escalation."""
    said = told.resolution(what)
    return f"{said[:1].upper()}{said[1:]}"


def handed_on(named: str) -> str:
    """Say, where an offer stood, that it has been taken."""
    return f"You have passed this on. Where it stands is said below, under {named}."


def school_chosen(named: str) -> str:
    """Say which school somebody asks for from now on."""
    return f"From now on I answer for {named}. Ask me anything about its policies."
