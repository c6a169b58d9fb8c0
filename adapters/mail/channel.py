"""Sends notices by mail through the school's own SMTP server, where every chat has failed. A mail never holds words."""

import asyncio
import hashlib
import smtplib
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from email.charset import QP, Charset
from email.header import Header
from email.message import Message as Mail
from email.policy import compat32
from email.utils import formatdate

from adapters.errors import SettingsError
from adapters.settings import Settings, is_mail_address, mail_faults
from bot.escalation.errors import ChannelDownError, UndeliverableError
from bot.escalation.message import Message
from bot.escalation.model import MAIL
from knowledge.model import Contact

_STEP_TIMEOUT_S = 8.0  # for each answer of the server; less than the courier waits for the whole
_FAREWELL_TIMEOUT_S = 1.0
_AT_ONCE = 4
_LONGEST_SUBJECT = 200
_LINES = compat32.clone(linesep="\r\n")
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP


class MailChannel:
    """Mail as a channel: nobody can be found in it but by an address in the register, and it has no places."""

    platform = MAIL
    pace = 1.0

    def __init__(self, settings: Settings) -> None:
        """Take the mail server from the settings. Raises SettingsError where they do not suffice or are unsafe."""
        faults = mail_faults(settings)
        if settings.smtp_host is None or settings.smtp_from is None or faults:
            raise SettingsError("; ".join(faults) or "smtp_host is not set")
        self._host: str = settings.smtp_host
        self._sender: str = settings.smtp_from
        self._settings = settings
        # Threads of its own: a mail server that hangs must not hold up what else waits for a thread.
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="mail")

    def address(self, contact: Contact) -> str | None:
        """Return a contact's first mail address; None where the register has none."""
        return next((reach.value.strip() for reach in contact.reach if reach.kind == "email"), None)

    async def members(self, school: str, place: str) -> frozenset[str] | None:
        """Return None: who reads a mailbox cannot be found out."""
        return None

    async def send(self, message: Message) -> str:
        """Send a message and return its Message-ID, the same one however often it is sent.

        Raises ChannelDownError or UndeliverableError, never with a word of the server's or of the message's.
        """
        if not is_mail_address(message.address.id):
            raise UndeliverableError("not a mail address")
        mail = compose(message, self._sender)
        await asyncio.get_running_loop().run_in_executor(self._threads, self._hand_over, mail, message.address.id)
        return str(mail["Message-ID"])

    def _hand_over(self, mail: Mail, recipient: str) -> None:
        with _connection_faults(in_doubt=False):
            server = self._connect()
        try:
            with _connection_faults(in_doubt=False):
                self._prepare(server)
                _require(server.mail(self._sender), _of_the_server)
                _require(server.rcpt(recipient), _of_the_recipient)
            # From here on the server may have taken the mail although we never hear so.
            with _connection_faults(in_doubt=True):
                _require(server.data(mail.as_bytes(policy=_LINES)), _of_the_mail)
            _part(server)
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        where = (self._host, self._settings.smtp_port)
        # The sender's domain is what we call ourselves: the name of this machine is nobody's business.
        name = self._sender.partition("@")[2]
        if self._settings.smtp_tls == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(*where, local_hostname=name, timeout=_STEP_TIMEOUT_S, context=context)
        return smtplib.SMTP(*where, local_hostname=name, timeout=_STEP_TIMEOUT_S)

    def _prepare(self, server: smtplib.SMTP) -> None:
        if self._settings.smtp_tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if self._settings.smtp_user and self._settings.smtp_password:
            server.login(self._settings.smtp_user, self._settings.smtp_password)


def compose(message: Message, sender: str) -> Mail:
    """Return a message as a mail in plain text: its title and its lines. What is quoted never goes into a mail."""
    body = "\n".join(_one_line(line) for line in message.lines) + "\n"
    mail = Mail()
    mail.set_payload(body, _UTF8)
    mail["From"] = sender
    mail["To"] = message.address.id
    # Encoded whole, whatever it holds: an encoded word inside a plain subject is decoded, and may hold a line break.
    mail["Subject"] = Header(_one_line(message.title)[:_LONGEST_SUBJECT], _UTF8, header_name="Subject").encode()
    mail["Date"] = formatdate()
    key = hashlib.sha256(message.key.encode()).hexdigest()[:40]
    mail["Message-ID"] = f"<{key}@{sender.partition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: so that no absence note answers it
    return mail


def _one_line(text: str) -> str:
    """Return a text without what could break a line or a header."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _require(reply: tuple[int, bytes], fault: Callable[[int], Exception]) -> None:
    code = reply[0]
    if not 200 <= code < 300:
        raise fault(code)


def _of_the_server(code: int, *, in_doubt: bool = False) -> Exception:
    return ChannelDownError(f"the mail server refused ({code})", in_doubt=in_doubt)


def _of_the_recipient(code: int) -> Exception:
    if 500 <= code < 600:
        return UndeliverableError(f"the mail server refuses this address or mail ({code})")
    return _of_the_server(code)


def _of_the_mail(code: int) -> Exception:
    return _of_the_recipient(code) if 400 <= code < 600 else _of_the_server(code, in_doubt=True)


@contextmanager
def _connection_faults(*, in_doubt: bool) -> Iterator[None]:
    """Tell the courier's errors from those of the connection, TLS and login: all of these may pass."""
    try:
        yield
    except smtplib.SMTPServerDisconnected:
        raise ChannelDownError("the mail server closed the connection", in_doubt=in_doubt) from None
    except smtplib.SMTPDataError as error:
        raise _of_the_recipient(error.smtp_code) from None
    except smtplib.SMTPResponseException as error:
        raise _of_the_server(error.smtp_code, in_doubt=in_doubt) from None
    except smtplib.SMTPNotSupportedError:
        raise ChannelDownError("the mail server does not offer what the settings require") from None
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise ChannelDownError(f"no mail server ({type(error).__name__})", in_doubt=in_doubt) from None


def _part(server: smtplib.SMTP) -> None:
    """Say goodbye, but briefly: the mail has been taken whether or not we are answered."""
    with suppress(smtplib.SMTPException, OSError):
        if server.sock:
            server.sock.settimeout(_FAREWELL_TIMEOUT_S)
        server.quit()
