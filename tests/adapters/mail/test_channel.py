"""Mail: the second way out, over real mail servers on the loopback address."""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.errors import SettingsError
from adapters.mail.channel import MailChannel, compose
from adapters.settings import Settings
from bot.escalation.errors import ChannelDownError, UndeliverableError
from bot.escalation.message import Message
from bot.escalation.model import MAIL, QUESTION, Address, Delivery, DeliveryKind, Entry, EntryKind, Escalation
from bot.escalation.ports import Channel
from bot.escalation.receipt import receipt
from bot.escalation.render import Scene, render
from knowledge.model import Contact, Jurisdiction, Reach, RouteName, School
from tests.adapters.mail.servers import PASSWORD, USER, Post, certify, mail_server, scripted_server

SETTINGS = Settings(None, Path(), None, 0, smtp_host="127.0.0.1", smtp_from="signpost@model.example", smtp_tls="none")
HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
}
OFFICE = Contact("school-office", "School office", reach=(Reach("phone", "01632 960001"),))
DUTY = replace(OFFICE, role="out-of-hours")
SCHOOL = School(
    "model", "Model", Jurisdiction.ENGLAND, {one.role: one for one in (OFFICE, DUTY)}, (), words_in_notices=True
)
CRLF = policy.compat32.clone(linesep="\r\n")
NOTICE = Message(
    key="0f3c",
    kind=DeliveryKind.NOTICE,
    address=Address(MAIL, "dsl@model.example", role="dsl"),
    school="model",
    escalation="e1",
    reference="K7-QMX4",
    urgent=True,
    title="Urgent: A child may be at risk (K7-QMX4)",
    lines=("Open the chat to read it.", "School office: 01632 960000 – day and night"),
)


def channel(port: int, way: str = "none", user: str | None = None, password: str | None = None) -> MailChannel:
    """Return mail through a server on this machine; `way` is how it is encrypted."""
    return MailChannel(
        replace(SETTINGS, smtp_port=port, smtp_tls=way, smtp_user=user, smtp_password=password),
    )


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Return what a mail server encrypts with; this machine trusts its certificate."""
    certificate, context = certify(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return context


def opened(post: Post) -> EmailMessage:
    """Return the one mail that arrived, as a mail program opens it."""
    [envelope] = post.arrived
    assert isinstance(envelope.content, bytes)
    mail = message_from_bytes(envelope.content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


async def test_a_notice_arrives_as_plain_text() -> None:
    """The title is the subject, the lines are the text, and nothing else is told."""
    post = Post()
    async with mail_server(post) as port:
        message_id = await channel(port).send(NOTICE)
    mail = opened(post)
    assert (post.arrived[0].mail_from, post.arrived[0].rcpt_tos) == ("signpost@model.example", ["dsl@model.example"])
    assert (mail["From"], mail["To"], mail["Subject"]) == ("signpost@model.example", NOTICE.address.id, NOTICE.title)
    assert mail["Message-ID"] == message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().splitlines() == list(NOTICE.lines)
    assert set(mail.keys()) - {"X-Peer", "X-MailFrom", "X-RcptTo"} == HEADERS


async def test_what_is_quoted_never_goes_into_a_mail() -> None:
    """Even a message that brings words leaves them out here."""
    post = Post()
    async with mail_server(post) as port:
        await channel(port).send(replace(NOTICE, quoted="canary words"))
    assert "canary" not in post.arrived[0].content.decode()  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", list(DeliveryKind))
@pytest.mark.parametrize("category", [QUESTION, "child-at-risk"])
async def test_a_mail_names_nobody_and_tells_nothing_of_what_was_written(kind: DeliveryKind, category: str) -> None:
    """RS-88: reference, category and whom to phone, even where a school shows words in its notices."""
    at = datetime(2026, 7, 1, 9, tzinfo=UTC)
    one = Escalation(
        "e1",
        "K7-QMX4",
        "s1",
        SCHOOL.id,
        category,
        "certain",
        True,
        RouteName.CHILD,
        "slack",
        "canary-key",
        at,
        entries=1,
    )
    entry = Entry(EntryKind.OPENING, "canary-key", "canary words", at, 1)
    delivery = Delivery("d1", one.id, SCHOOL.id, NOTICE.address, kind, True, at, at, entry=1, in_doubt=True)
    found = receipt(one, SCHOOL, "A child may be at risk", at)
    scene = Scene(one, SCHOOL, "A child may be at risk", "Canary Asker", (entry,), found, at, ((one, "Canary Asker"),))
    post = Post()
    async with mail_server(post) as port:
        await channel(port).send(render(delivery, scene))
    mail = opened(post)
    assert mail["Subject"] == "Sent again; you may have had this already: Urgent: A child may be at risk (K7-QMX4)"
    told = mail.get_content()
    assert "01632 960001" in told or category == QUESTION
    assert "canary" not in f"{mail['Subject']}{told}{mail.as_string()}".lower()


async def test_a_mail_that_is_sent_again_has_the_same_id() -> None:
    """A mail program shows the second copy as the same mail; another delivery has an id of its own."""
    post = Post()
    async with mail_server(post) as port:
        mail = channel(port)
        ids = [await mail.send(message) for message in (NOTICE, replace(NOTICE, again=True), replace(NOTICE, key="2"))]
    assert ids[0] == ids[1] != ids[2]


async def test_mail_is_encrypted_and_logged_in(trusted: ssl.SSLContext) -> None:
    """The password goes to the school's own server, and only once the way to it is encrypted."""
    post = Post()
    async with mail_server(post, "starttls", trusted, login=True) as port:
        await channel(port, "starttls", USER, PASSWORD).send(NOTICE)
    assert opened(post)["Subject"] == NOTICE.title
    assert post.sessions[0].ssl
    assert post.sessions[0].authenticated


async def test_mail_is_encrypted_from_the_first_byte(trusted: ssl.SSLContext) -> None:
    """A server that speaks nothing but TLS is spoken to in TLS."""
    post = Post()
    async with mail_server(post, "tls", trusted) as port:
        await channel(port, "tls").send(NOTICE)
    assert opened(post)["Subject"] == NOTICE.title


async def test_nothing_is_sent_where_the_server_does_not_encrypt() -> None:
    """Encryption that is required is never given up on."""
    post = Post()
    async with mail_server(post) as port:
        with pytest.raises(ChannelDownError, match="does not offer what the settings require"):
            await channel(port, "starttls").send(NOTICE)
    assert not post.arrived


@pytest.mark.parametrize("way", ["starttls", "tls"])
async def test_nothing_is_sent_to_a_server_that_nobody_vouches_for(way: str, tmp_path: Path) -> None:
    """Somebody else's machine in the place of the mail server gets neither mail nor password."""
    _, context = certify(tmp_path)
    post = Post()
    async with mail_server(post, way, context) as port:
        with pytest.raises(ChannelDownError, match="SSLCertVerificationError") as down:
            await channel(port, way).send(NOTICE)
    assert not down.value.in_doubt
    assert not post.arrived


async def test_a_certificate_for_another_server_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trusted certificate counts only for the host it names."""
    certificate, context = certify(tmp_path, "127.0.0.9")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with mail_server(Post(), "starttls", context) as port:
        with pytest.raises(ChannelDownError, match="SSLCertVerificationError"):
            await channel(port, "starttls").send(NOTICE)


async def test_a_wrong_password_is_a_fault_that_may_pass(trusted: ssl.SSLContext) -> None:
    """The courier keeps trying while an operator mends the password, which no error repeats."""
    async with mail_server(Post(), "starttls", trusted, login=True) as port:
        mail = channel(port, "starttls", USER, "canary-wrong")
        with pytest.raises(ChannelDownError, match=r"refused \(535\)") as down:
            await mail.send(NOTICE)
    assert "canary" not in repr(down.value)
    assert down.value.__cause__ is None


@pytest.mark.parametrize(
    ("answers", "expected", "in_doubt"),
    [
        ({"MAIL": "451 later"}, "the mail server refused (451)", False),
        ({"MAIL": "550 not you"}, "the mail server refused (550)", False),
        ({"MAIL": "hang up"}, "the mail server closed the connection", False),
        ({"RCPT": "450 canary: come back"}, "the mail server refused (450)", False),
        ({"RCPT": "421 closing"}, "the mail server refused (421)", False),
        ({"RCPT": "hang up"}, "the mail server closed the connection", False),
        ({"DATA": "452 no room"}, "the mail server refused (452)", False),
        ({"DATA": "hang up"}, "the mail server closed the connection", True),
        ({"DATA": "399 what"}, "the mail server refused (399)", True),
    ],
)
async def test_what_may_pass_is_tried_again(answers: Mapping[str, str], expected: str, in_doubt: bool) -> None:
    """The courier learns that the server is down, and whether the mail may have arrived all the same."""
    async with mail_server(Post(answers)) as port:
        with pytest.raises(ChannelDownError) as down:
            await channel(port).send(NOTICE)
    assert (str(down.value), down.value.in_doubt) == (expected, in_doubt)


@pytest.mark.parametrize(
    "answers", [{"RCPT": "550 canary: no such user"}, {"RCPT": "552 canary: full"}, {"DATA": "554 canary: spam"}]
)
async def test_an_address_that_is_refused_for_good_is_undeliverable(answers: Mapping[str, str]) -> None:
    """The courier goes on to somebody else; the server's own words are not passed on."""
    async with mail_server(Post(answers)) as port:
        with pytest.raises(UndeliverableError, match=r"refuses this address or mail \(55[024]\)") as refused:
            await channel(port).send(NOTICE)
    assert "canary" not in str(refused.value)


async def test_a_server_that_is_not_there_is_down() -> None:
    """Nothing was delivered, and it is tried again."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(ChannelDownError, match="ConnectionRefusedError") as down:
        await channel(port).send(NOTICE)
    assert not down.value.in_doubt


async def test_a_host_that_cannot_be_a_host_is_down() -> None:
    """A mistyped name does no worse than a server that is down."""
    with pytest.raises(ChannelDownError, match="no mail server"):
        await MailChannel(replace(SETTINGS, smtp_host="a..b", smtp_tls="starttls")).send(NOTICE)


_TALK = ("220 hello", "250 mail.example", "250 sender", "250 recipient")


@pytest.mark.parametrize(
    ("lines", "in_doubt"),
    [
        ((None,), False),
        (("220 hello", None), False),
        ((*_TALK, None), True),
        ((*_TALK, "354 go on", None), True),
        ((*_TALK, "354 go on", "taken, I think"), True),
        (("not a mail server",), False),
        ((*_TALK, "500 no data"), None),
        (_TALK, True),
    ],
)
async def test_a_server_that_falls_silent_is_not_waited_for(
    lines: tuple[str | None, ...], in_doubt: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given up on in time, and what had been begun is in doubt."""
    monkeypatch.setattr("adapters.mail.channel._STEP_TIMEOUT_S", 0.5)
    async with scripted_server(*lines) as port:
        with pytest.raises((ChannelDownError, UndeliverableError)) as down:
            await channel(port).send(NOTICE)
    assert getattr(down.value, "in_doubt", None) is in_doubt


async def test_a_farewell_that_is_not_answered_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail was taken; how the server says goodbye does not matter."""
    monkeypatch.setattr("adapters.mail.channel._FAREWELL_TIMEOUT_S", 0.1)
    async with scripted_server(*_TALK, "354 go on", "250 taken", None) as port:
        assert await channel(port).send(NOTICE)


async def test_several_mails_go_at_once() -> None:
    """A mail does not wait for another to another address."""
    post = Post()
    async with mail_server(post) as port:
        mail = channel(port)
        await asyncio.gather(*(mail.send(replace(NOTICE, key=str(number))) for number in range(8)))
    assert len(post.arrived) == 8


@pytest.mark.parametrize("address", ["", "dsl", "a@b\r\nRCPT TO:<c@d>", "a b@c", "a@b,c@d", "<a@b>", "é@b.example"])
async def test_what_is_no_mail_address_is_undeliverable(address: str) -> None:
    """Nothing but one plain address is ever sent to the server."""
    with pytest.raises(UndeliverableError, match="not a mail address"):
        await channel(1).send(replace(NOTICE, address=Address(MAIL, address)))


def shown(text: str) -> str:
    """Return a text as one line that can be printed."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


@given(
    title=st.text(),
    lines=st.lists(st.text(), max_size=3),
    name=st.from_regex(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}", fullmatch=True),
)
def test_no_title_and_no_line_can_forge_a_header(title: str, lines: list[str], name: str) -> None:
    """Whatever a title, a line or an address holds, a mail has its own headers and its own recipient."""
    address = f"{name}@model.example"
    message = replace(NOTICE, title=title, lines=tuple(lines), address=Address(MAIL, address))
    sent = compose(message, "signpost@model.example").as_bytes(policy=CRLF)
    read = message_from_bytes(sent, policy=policy.compat32)
    assert set(read.keys()) == HEADERS
    assert len(read.keys()) == len(HEADERS)
    assert read["To"].strip() == address
    assert str(make_header(decode_header(read["Subject"]))).split() == shown(title)[:200].split()
    body = read.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().split() == [word for line in lines for word in shown(line).split()]
    assert not read.is_multipart()
    assert all(len(line) <= 998 for line in sent.split(b"\r\n"))
    assert b"\n" not in sent.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "title",
    [
        "Urgent\r\nBcc: all@x.example",
        "Urgent\nTo: a@b\n\nbody",
        "a\x0bb\x0cc\x1cd\x85e\u2028Bcc: x",
        "=?utf-8?q?=0ABcc:x?=",
        "\ud800",
    ],
)
def test_a_hostile_title_stays_one_line(title: str) -> None:
    """Line breaks of every kind become spaces."""
    mail = compose(replace(NOTICE, title=title), "signpost@model.example")
    read = message_from_bytes(mail.as_bytes(policy=CRLF), policy=policy.compat32)
    assert set(read.keys()) == HEADERS
    assert read.get_all("To") == [NOTICE.address.id]


def test_a_contact_is_reached_at_the_mail_address_of_the_register() -> None:
    """Who has none is not reached by mail."""
    mail: Channel = channel(1)
    phone = Reach("phone", "01632 960001")
    assert (
        mail.address(Contact("dsl", "DSL", reach=(phone, Reach("email", " a@b.example "), Reach("email", "c@d"))))
        == "a@b.example"
    )
    assert mail.address(Contact("dsl", "DSL", reach=(phone, Reach("slack", "U1")))) is None


async def test_nobody_knows_who_reads_a_mailbox() -> None:
    """So no concern is ever posted to one as to a place."""
    mail: Channel = channel(1)
    assert (mail.platform, mail.pace) == ("mail", 1.0)
    assert await mail.members("model", "office@model.example") is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            replace(SETTINGS, smtp_host="mail.model.example"),
            "smtp_tls is none, but mail.model.example is another computer",
        ),
        (replace(SETTINGS, smtp_user="office"), "only one of SIGNPOST_SMTP_USER and SIGNPOST_SMTP_PASSWORD is set"),
        (replace(SETTINGS, smtp_from=None), "smtp_from is not"),
        (replace(SETTINGS, smtp_host=None, smtp_from=None), "smtp_host is not set"),
    ],
)
def test_mail_that_is_set_up_by_half_or_unsafely_is_refused(given: Settings, told: str) -> None:
    """Better no mail, said plainly, than mail that is open to be read."""
    with pytest.raises(SettingsError, match=told):
        MailChannel(given)
