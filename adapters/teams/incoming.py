"""What Teams sends, read by its shape: what does not fit is refused before anything looks at it.

The shapes are those of learn.microsoft.com: bot-framework-rest-connector-api-reference (Activity), and the Teams pages
of conversation events and channel data.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.teams.connection import Json, Spot

PERSONAL, GROUP, CHANNEL = "personal", "groupChat", "channel"
_KINDS = frozenset({PERSONAL, GROUP, CHANNEL})
_LONGEST_ID = 1024
_LONGEST_URL = 2048
_FILE = "application/vnd.microsoft.teams.file.download.info"
_OBJECT_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_AT = re.compile(r"<at\b[^<>]{0,300}>(.*?)</at>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_INSERTED = re.compile(r'<span class="inline-compose-card"[^<>]{0,300}>.*?</span>', re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>|</p>|</div>|</li>")
_QUOTED = re.compile(r'itemtype="http://schema\.skype\.com/Reply"[^<>]{0,300}?itemid="(\d{1,20})"')
# A quote in a reply repeats what was said before: that is not what they write now.
_BLOCKQUOTE = re.compile(r"<blockquote\b.*?</blockquote>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """The team and the channel that something is about, as far as Teams names them."""

    team: str | None = None
    group: str | None = None
    channel: str | None = None
    channel_type: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """An activity that fits.

    `user` is the Entra object id of whoever acts, or their Teams id where they have none: then they are nobody's staff.
    `member` is their Teams id. `recipient` is Signpost's own id there. `added` and `removed` are Teams ids.
    """

    type: str
    id: str
    tenant: str
    user: str
    member: str
    name: str
    spot: Spot
    kind: str
    recipient: str
    place: Place = field(default_factory=Place)
    invoke: str = ""
    text: str = ""
    value: Json = field(default_factory=dict)
    action: str = ""
    event: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    reply_to: str | None = None
    quoted: str | None = None
    has_files: bool = False
    has_object_id: bool = True

    @property
    def is_own(self) -> bool:
        """Whether Signpost itself, or another bot, is who acts."""
        return self.member.startswith("28:")


def is_id(value: object) -> bool:
    """Tell whether something can be an id of Teams' or of ours: a short line of printable ASCII."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_ID and value.isascii() and value.isprintable()


def is_object_id(value: object) -> bool:
    """Tell whether something can be an Entra object id."""
    return isinstance(value, str) and _OBJECT_ID.fullmatch(value) is not None


def tenant_of(activity: Json) -> str | None:
    """Return the tenant that an activity is of; None where it names none, or two."""
    named = (_in(activity, "channelData", "tenant", "id"), _in(activity, "conversation", "tenantId"))
    found = {str(one).lower() for one in named if one is not None}
    only = found.pop() if len(found) == 1 else None
    return only if is_object_id(only) else None


def read(activity: Json) -> Incoming | None:
    """Read an activity; None for one that does not fit."""
    tenant, sender, recipient = tenant_of(activity), _part(activity, "from"), _part(activity, "recipient")
    conversation, kind = _part(activity, "conversation"), activity.get("type")
    if tenant is None or not all(is_id(one) for one in (kind, conversation.get("id"), recipient.get("id"))):
        return None
    place = _place(activity)
    url = activity.get("serviceUrl")
    given, id_ = sender.get("aadObjectId"), activity.get("id")
    if not isinstance(url, str) or len(url) > _LONGEST_URL or place is None or not is_id(sender.get("id")):
        return None
    if (given is not None and not is_object_id(given)) or (id_ is not None and not is_id(id_)):
        return None
    found = Incoming(
        type=str(kind),
        id=str(id_ or ""),
        tenant=tenant,
        user=str(given).lower() if given else str(sender["id"]),
        member=str(sender["id"]),
        name=_name(sender.get("name")),
        spot=Spot(url.rstrip("/"), str(conversation["id"])),
        kind=_kind(conversation),
        recipient=str(recipient["id"]),
        place=place,
        has_object_id=given is not None,
    )
    return _with_details(found, activity)


def plain(markup: str) -> str:
    """Return HTML as the words that people read in it."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", markup))).replace("\N{NO-BREAK SPACE}", " ").strip()


# ---- What it is made of ----------------------------------------------------------------------------------------------


def _with_details(found: Incoming, activity: Json) -> Incoming | None:
    """Return it with what only some kinds of activity have; None where that does not fit."""
    text, value, name = activity.get("text"), activity.get("value"), activity.get("name")
    if not (text is None or isinstance(text, str)) or not (name is None or is_id(name)):
        return None
    if found.type == "invoke" and not isinstance(value, dict):
        return None
    reply_to = activity.get("replyToId")
    attachments = [one for one in _list(activity.get("attachments")) if isinstance(one, dict)]
    return replace(
        found,
        invoke=str(name or "") if found.type == "invoke" else "",
        text=_typed(activity, found.recipient) if text else "",
        value=value if isinstance(value, dict) else {},
        action=str(activity.get("action") or ""),
        event=str(_in(activity, "channelData", "eventType") or ""),
        added=tuple(_ids(activity.get("membersAdded"))),
        removed=tuple(_ids(activity.get("membersRemoved"))),
        reply_to=reply_to if isinstance(reply_to, str) and is_id(reply_to) else None,
        quoted=next(filter(None, map(_quoted, attachments)), None),
        has_files=any(_is_file(one) for one in attachments),
    )


def _typed(activity: Json, own: str) -> str:
    """Return what somebody typed: Signpost's own mention left out, other mentions as names, markup as words."""
    text = str(activity["text"])
    is_markup = activity.get("textFormat") in {"xml", "html"}
    for one in _list(activity.get("entities")):
        named = one.get("text") if isinstance(one, dict) and _part(one, "mentioned").get("id") == own else None
        text = text.replace(named, " ") if isinstance(named, str) and named else text
    text = _within("</at>", _AT, r"\1", text)
    if is_markup:
        text = plain(_within("</blockquote>", _BLOCKQUOTE, " ", _within("</span>", _INSERTED, " ", text)))
    return re.sub(r"[ \t\N{NO-BREAK SPACE}]+", " ", text.replace("&nbsp;", " ")).strip()


def _within(end: str, part: re.Pattern[str], shown: str, text: str) -> str:
    """Show something in place of each part that ends so; of one without an end nobody looks for it again and again."""
    before, found, after = text.rpartition(end)
    return part.sub(shown, before + found) + after


def _quoted(attachment: Json) -> str | None:
    """Return the id of the message that was quoted in a reply."""
    content = attachment.get("content")
    if attachment.get("contentType") != "text/html" or not isinstance(content, str):
        return None
    found = _QUOTED.search(content)
    return found[1] if found else None


def _is_file(attachment: Json) -> bool:
    kind = attachment.get("contentType")
    return isinstance(kind, str) and (kind == _FILE or kind.startswith(("image/", "video/", "audio/")))


def _place(activity: Json) -> Place | None:
    named = {
        "team": _in(activity, "channelData", "team", "id"),
        "group": _in(activity, "channelData", "team", "aadGroupId"),
        "channel": _in(activity, "channelData", "channel", "id"),
    }
    if not all(one is None or is_id(one) for one in named.values()):
        return None
    kind = _in(activity, "channelData", "channel", "type")
    return Place(**named, channel_type=kind if is_id(kind) else None)  # of an odd kind, but somebody writes there


def _kind(conversation: Mapping[str, Any]) -> str:
    kind = conversation.get("conversationType")
    # What is not known for a chat between two is treated as one that others read.
    return kind if isinstance(kind, str) and kind in _KINDS else GROUP


def _name(given: object) -> str:
    return given.strip()[:200] if isinstance(given, str) else ""


def _ids(members: object) -> Iterator[str]:
    for one in _list(members):
        if isinstance(one, dict) and is_id(one.get("id")):
            yield str(one["id"])


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = whole.get(name)
    return part if isinstance(part, dict) else {}


def _in(activity: Mapping[str, Any], *names: str) -> Any:
    """Return what stands beneath some names, one within the other; None where any of them is missing."""
    found: Any = activity
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found
