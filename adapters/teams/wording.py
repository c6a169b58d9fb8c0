"""Every sentence and label that Teams alone shows."""

_AT_RISK = (
    "If a child may be at risk, tell whoever leads on safeguarding in your school, in person, now. "
    "In danger: phone 999."
)

BACK = "Back"
REFRESH = "Show it as it stands now"
PICK = "Pick one"
PICK_ONE = "Pick one first."
THIS_ONE = "This one"
CHOOSE = "This is my school"
EARLIER = "Earlier messages"
LATEST = "Latest messages"
YOU_CAN_ASK = "You can ask, for example"
WRONG_SCHOOL = "Is that not your school? Pick yours here, now or later."
NOT_THEIR_ANSWER = (
    "These buttons are for whoever asked, for a day. Ask me the same, here or in our own chat, and you get your own."
)
RECEIPT_IN_OWN_CHAT = "It stands in our own chat."
WELCOME = "Welcome to Signpost"
SEVERAL_WAIT = "Each has a card of its own in this conversation. To see them all, write to me: waiting"
MORE_SCHOOLS = (
    "Yours is not in the list? Let whoever looks after Signpost know: there are more schools than Teams shows."
)
TOO_LONG_HERE = "There is more than fits in this window. Ask me the same in our own chat to read all of it."
TOO_LONG_TO_INSERT = "The policy’s own words are too long to stand here. Ask Signpost to read all of them."
CARD_TOO_NEW = f"Signpost has something for you that this version of Teams cannot show. Update Teams. {_AT_RISK}"
BELOW = "See below."
ANSWERED_PRIVATELY = "I have answered you in your own chat with me. Please open it now."
ANSWER_COMES = f"Teams is slow just now; I answer you in our own chat as soon as it lets me. {_AT_RISK}"
OPEN_ME_FIRST = (
    "I cannot open a chat with you from here. Search for Signpost in Teams, open its chat, and ask me there. "
    f"{_AT_RISK}"
)
SCHOOL_UNKNOWN = f"I do not know yet which school you ask for. Write to me in our own chat first. {_AT_RISK}"
CANNOT_SHOW = f"Teams could not show this just now. Try again. {_AT_RISK}"
MY_FAULT = f"Something went wrong on my side, and I could not answer. Please try again. {_AT_RISK}"
SLOW_TAP = (
    "This takes longer than Teams waits, so I do not know yet whether it can be done. What comes of it follows in our "
    f"own chat. {_AT_RISK}"
)
NOT_SENT = (
    "That was not sent to anybody. To answer the person who raised it, tap Reply on the card. To ask me something, "
    "write to me in our own chat."
)
REPLY_SENT = "Your reply is on its way to the person who raised it. You can close this window."
PASSED_ON = "It has been passed on. The card says who has it now. You can close this window."
IS_RESOLVED = "It is resolved. Its card can open it again. You can close this window."
NOTHING_WAITS = "Nothing waits for you."
NOTHING_RAISED = "You have raised nothing that is still kept."
CALLED = "For"
ASK_IN_ONE_MESSAGE = "Write @Signpost and your question in one message: I hear nothing else here."
NOT_STAFF_WELCOME = (
    "Signpost answers the school’s staff, so I cannot answer you. If something is wrong, tell an adult you trust: a "
    "teacher, someone at home, a school nurse. Childline is free, day and night: 0800 1111. In danger now: phone 999."
)
TAKEN_ALREADY = "I have taken this tap already."
NOT_HERE = "That cannot be done here. Open Signpost’s own chat, and do it there."

# ---- The message extension -------------------------------------------------------------------------------------------

ASK_ABOUT_THIS = "Ask Signpost about this message"
FIND_A_RULE = "Find a rule"
ASK_IN_OWN_WORDS = "Ask in your own words, such as: can I friend a parent?"
NOTHING_FOUND = "No rule found. Ask me in our own chat: I can hand your question to a person."
NO_WORDS = f"There are no words in this message that I could look up. {_AT_RISK}"
TELL_SOMEBODY_INSTEAD = f"Do not look for a rule here. {_AT_RISK} Write to me in our own chat, and I will help."
READ_IT_PRIVATELY = "This is better read in our own chat: ask me there. I put nothing of it into this conversation."


def later_ones(count: int) -> str:
    """Say that the pieces of a thread that came later are on another page."""
    return f"{'1 later message' if count == 1 else f'{count} later messages'} not shown here."


def school(named: str) -> str:
    """Say for which school an answer holds."""
    return f"For {named}"


def only_school(named: str) -> str:
    """Say that there is no other school to ask for."""
    return f"I answer for {named}. No other school belongs to this Teams."


def more_of_them(count: int) -> str:
    """Say that a list goes on."""
    return f"And {count} more. They are shown once some of these are resolved."
