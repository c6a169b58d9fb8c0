"""Every sentence and label that Slack alone shows."""

SHARE = "Share with the channel"
SHARED = "It stands in the channel now, where everybody there can read it."
SHARED_ALREADY = "It has been shared here already."
BEING_SHARED = "You tapped this a moment ago. If it is not in the channel in a minute, tap again."
THIS_ONE = "This one"
SEVERAL_WAIT = "Each has a card of its own. The Home tab lists them all under “Waiting for you”."
MORE_SCHOOLS = "Yours is not in the list? The Home tab of Signpost lists every school."
LOOKING = "is looking it up"
SCHOOL_UNKNOWN = (
    "I do not know yet which school you ask for. Send me a direct message first. If a child may be at risk, tell "
    "whoever leads on safeguarding in your school, in person, now. In danger: phone 999."
)
ANSWERED_DIRECTLY = "I have answered you in a direct message, where nobody else reads it. Please open it now."
NOT_SHARED = "This answer cannot be shared here."
CANNOT_POST_HERE = "I cannot post in this channel. Invite Signpost with /invite, then share it again."
CANNOT_SHOW = (
    "Slack could not show this just now. Try again. If a child may be at risk, tell whoever leads on safeguarding in "
    "your school, in person, now. In danger: phone 999."
)
SLOW = (
    "Slack is slow just now; the answer follows. If a child may be at risk, do not wait for it: tell whoever leads on "
    "safeguarding in your school, in person, now. In danger: phone 999."
)
NOT_SENT = (
    "That was not sent to anybody. To answer the person who raised it, tap Reply on the card. To ask me something, "
    "write outside this thread."
)
