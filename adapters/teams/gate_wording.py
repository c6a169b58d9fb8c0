"""Why a channel is told of nothing, as its admins read it: each goes on from "This channel cannot be used: "."""

NOT_IN_TEAM = "Signpost is not in it: add Signpost to its team, and to the channel itself where that is private"
READERS_UNKNOWN = "Teams does not say who reads it"
STRANGERS_READ = "a guest, or somebody of another organisation, can read it: take them out of it"
NOT_CONFIRMED = (
    "it is no private channel, so everybody in its team reads it. If the team is private, and only those are in it who "
    "may open what is raised, type in it: @Signpost policy-admin routes bind child confirm (or another route’s name)"
)
OTHERS_READ = (
    "somebody reads it who was not in its team when an admin confirmed who does. Take them out of the team, or type "
    "in it: @Signpost policy-admin routes bind child confirm (or another route’s name)"
)
