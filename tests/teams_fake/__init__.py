"""A stateful fake of Microsoft Teams, the Bot Connector and Entra: what really talks to them talks to it, over TLS.

What stands in for what: a `Tenant` is a school's Microsoft 365, a `Team` and its `Channel`s, a group chat and a
personal chat are `Place`s, a `Person` is somebody using Teams there. It speaks Activity JSON and REST, and knows no
SDK. It refuses what Teams refuses. README.md lists what only a real tenant can show.
"""

from tests.teams_fake.cards import Found
from tests.teams_fake.clock import TeamsClock
from tests.teams_fake.delivery import Answer, Endpoint
from tests.teams_fake.entra import METADATA
from tests.teams_fake.errors import ImpossibleError, RefusedError
from tests.teams_fake.fake import REGISTERED, TeamsFake
from tests.teams_fake.faults import Held, Moment
from tests.teams_fake.keys import Claims, KeyRing, SigningKey
from tests.teams_fake.network import HttpClient, Network
from tests.teams_fake.people import User, guid
from tests.teams_fake.person import Person
from tests.teams_fake.places import Channel, Message, Place, Team
from tests.teams_fake.seen import Seen, buttons_of, words_of
from tests.teams_fake.somebody import Dialog
from tests.teams_fake.tenant import Tenant
from tests.teams_fake.world import App, Asked, World

__all__ = [
    "METADATA",
    "REGISTERED",
    "Answer",
    "App",
    "Asked",
    "Channel",
    "Claims",
    "Dialog",
    "Endpoint",
    "Found",
    "Held",
    "HttpClient",
    "ImpossibleError",
    "KeyRing",
    "Message",
    "Moment",
    "Network",
    "Person",
    "Place",
    "RefusedError",
    "Seen",
    "SigningKey",
    "Team",
    "TeamsClock",
    "TeamsFake",
    "Tenant",
    "User",
    "World",
    "buttons_of",
    "guid",
    "words_of",
]
