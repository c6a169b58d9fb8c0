"""A stateful fake of Slack: the real slack-bolt and slack_sdk talk to it over HTTP and WebSocket on loopback.

What stands in for what: a `Workspace` is a team, a `Person` is somebody using Slack there, a `Delivery` is how Slack
reaches the app. It refuses what Slack refuses. It knows no attachments, no files.*, no `markdown_text`, no Enterprise
Grid, and not how Slack renders anything: README.md lists what only a real workspace can show.
"""

from tests.slack_fake.clock import SlackClock
from tests.slack_fake.delivery import Answer, Delivery, Retry, Sent
from tests.slack_fake.errors import ImpossibleError, RefusedError
from tests.slack_fake.fake import REGISTERED, SlackFake
from tests.slack_fake.faults import Held, Moment
from tests.slack_fake.people import User, UserGroup
from tests.slack_fake.person import Person
from tests.slack_fake.places import Channel, Message
from tests.slack_fake.signed_http import SignedHttp, signature
from tests.slack_fake.socket_mode import Connection, SocketMode
from tests.slack_fake.tokens import EVERY_SCOPE
from tests.slack_fake.views import View
from tests.slack_fake.workspace import Workspace
from tests.slack_fake.world import App

__all__ = [
    "EVERY_SCOPE",
    "REGISTERED",
    "Answer",
    "App",
    "Channel",
    "Connection",
    "Delivery",
    "Held",
    "ImpossibleError",
    "Message",
    "Moment",
    "Person",
    "RefusedError",
    "Retry",
    "Sent",
    "SignedHttp",
    "SlackClock",
    "SlackFake",
    "SocketMode",
    "User",
    "UserGroup",
    "View",
    "Workspace",
    "signature",
]
