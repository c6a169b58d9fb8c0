"""How admins speak of Slack."""

from adapters.chat.admin_wording import Platform
from adapters.slack.people import PLATFORM

SLACK = Platform(
    id=PLATFORM,
    name="Slack",
    home="workspace",
    command="/policy-admin",
    inside="/policy-admin",
    direct="a direct message",
    directly="by direct message",
    an_id="Slack id",
    find_id="In Slack, open their profile, choose Copy member ID, and write it",
    make_channel="Make a private channel that is this school’s alone, type /invite @Signpost in it, then",
    mends_itself=("/invite", "install the app again"),
)
