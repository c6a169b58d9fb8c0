"""A tenant: one organisation in Microsoft 365."""

from dataclasses import dataclass, field

from tests.teams_fake.people import Role, User, guid, token_of
from tests.teams_fake.places import Channel, ChannelType, Place, Team

HOST = "smba.trafficmanager.net"


@dataclass(slots=True, eq=False)
class Tenant:
    """An organisation with its people, teams and chats. `bot` is the app's id, for which people get their Teams ids."""

    id: str
    name: str
    domain: str
    bot: str
    region: str = "uk"
    app_is_allowed: bool = True
    users: dict[str, User] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    chats: dict[str, Place] = field(default_factory=dict)
    personal: dict[str, Place] = field(default_factory=dict)

    @property
    def service_url(self) -> str:
        """Return the address of the Bot Connector for this tenant."""
        return f"https://{HOST}/{self.region}/{self.id}/"

    def moves(self, region: str) -> None:
        """Serve the tenant from another region: the old address does not know its conversations any more."""
        self.region = region

    def add_user(self, name: str, entra_id: str = "", *, upn: str = "", role: Role = "user", home: str = "") -> User:
        """Open an account, or let in a guest; `home` is the tenant of somebody who only shares a channel."""
        user_id = entra_id or guid(f"{self.id}/{name}")
        local = name.lower().replace(" ", ".").replace("'", "")
        address = upn or f"{local}@{self.domain}"
        teams_id = f"29:1{token_of(self.bot, user_id, length=32)}"
        user = User(user_id, teams_id, name, home or self.id, address, address, role)
        self.users[user_id] = user
        return user

    def add_team(self, name: str, *members: User, thread: str = "", group: str = "") -> Team:
        """Make a team with its General channel; `group` is the id of its Microsoft 365 group."""
        team_id = thread or _thread(self.id, name, kind="tacv2")
        team = Team(team_id, group or guid(f"{self.id}/{name}/group"), name, self.id, list(members))
        self.teams[team.id] = team
        team.channels[team.id] = Channel(team.id, self.id, name="General", team=team)
        return team

    def add_channel(
        self,
        team: Team,
        name: str,
        *members: User,
        kind: ChannelType = "standard",
        thread: str = "",
    ) -> Channel:
        """Make a channel. A private or shared one has the members that are named."""
        channel_id = thread or _thread(team.id, name, kind="tacv2")
        channel = Channel(channel_id, self.id, name=name, members=list(members), team=team, type=kind)
        team.channels[channel_id] = channel
        return channel

    def add_chat(self, name: str, *members: User, thread: str = "") -> Place:
        """Begin a group chat."""
        chat = Place(thread or _thread(self.id, name, kind="v2"), self.id, "groupChat", name, list(members))
        self.chats[chat.id] = chat
        return chat

    def chat_with_bot(self, user: User) -> Place:
        """Return somebody's personal chat with the bot; it is there as soon as it is asked for."""
        if user.id not in self.personal:
            chat_id = f"a:1{token_of(self.bot, self.id, user.id, length=60)}"
            self.personal[user.id] = Place(chat_id, self.id, "personal", members=[user])
        return self.personal[user.id]

    def place(self, place_id: str) -> Place | None:
        """Return a conversation of this tenant, by its id."""
        personal = {chat.id: chat for chat in self.personal.values()}
        found = self.chats.get(place_id) or personal.get(place_id)
        channels = (team.channels.get(place_id) for team in self.teams.values() if not team.deleted)
        found = found or next((channel for channel in channels if channel), None)
        return None if found is None or found.deleted else found

    def user(self, any_id: str) -> User | None:
        """Return somebody, by their Entra or Teams id."""
        return self.users.get(any_id) or next((one for one in self.users.values() if one.teams_id == any_id), None)

    def teams_of(self, user: User) -> list[Team]:
        """Return the teams that somebody is in."""
        return [team for team in self.teams.values() if user in team.members and not team.deleted]


def _thread(*words: str, kind: str) -> str:
    return f"19:{guid('/'.join(words)).replace('-', '')}@thread.{kind}"
