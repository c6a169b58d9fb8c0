"""How admins speak of Microsoft Teams."""

from adapters.chat.admin_wording import Platform

TEAMS = Platform(
    id="teams",
    name="Teams",
    home="tenant",
    command="policy-admin",
    inside="@Signpost policy-admin",
    direct="your own chat with Signpost",
    directly="in their own chat with Signpost",
    an_id="Teams id",
    find_id="Write the name they sign in to Teams with, or the object id that Microsoft Entra shows of them,",
    make_channel="Make a private channel that is this school’s alone, add Signpost to its team and to the channel, "
    "then type",
    mends_itself=("routes bind", "add Signpost"),
    confirming="the same for a standard channel, where Teams does not say whether others may join the team. With that "
    "word you say that the team is private, and that everybody in it may open what is sent there.",
)
