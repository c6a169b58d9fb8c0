"""Mail servers for the tests: real ones, with and without encryption and login, and ones that misbehave."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

USER, PASSWORD = "signpost", "canary-password"
_OK = "250 OK"


@dataclass
class Post:
    """A mail server's desk: what arrived, and whether it came encrypted and logged in.

    `answers` says what it answers at a step ("MAIL", "RCPT", "DATA") instead of taking it; "hang up" breaks the
    connection there.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    arrived: list[Envelope] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    def _answer(self, step: str, server: SMTP) -> str:
        answer = self.answers.get(step, _OK)
        if answer == "hang up":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return answer

    async def handle_MAIL(  # noqa: N802 - the server's own names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, mail_options: list[str]
    ) -> str:
        """Take the sender, or not."""
        answer = self._answer("MAIL", server)
        if answer == _OK:
            envelope.mail_from = address
        return answer

    async def handle_RCPT(  # noqa: N802 - the server's own names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Take the recipient, or not."""
        answer = self._answer("RCPT", server)
        if answer == _OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the mail, or not."""
        answer = self._answer("DATA", server)
        if answer == _OK:
            self.arrived.append(envelope)
            self.sessions.append(session)
        return answer


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@asynccontextmanager
async def mail_server(
    post: Post, way: str = "none", context: ssl.SSLContext | None = None, *, login: bool = False
) -> AsyncIterator[int]:
    """Run a mail server on the loopback address; yields its port. `way` is how it encrypts, as in the settings."""

    def session() -> SMTP:
        return SMTP(
            post,
            hostname="mail.example",
            tls_context=context if way == "starttls" else None,
            require_starttls=way == "starttls",
            auth_required=login,
            authenticator=_authenticate if login else None,
        )

    tls = context if way == "tls" else None
    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def scripted_server(*lines: str | None) -> AsyncIterator[int]:
    """Run a server that answers each line, or whole mail, with the next of `lines`; None: it falls silent."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            for line in lines:
                if line is None:
                    await reader.read()
                    break
                writer.write(f"{line}\r\n".encode())
                await reader.readuntil(b"\r\n.\r\n" if line.startswith("354") else b"\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


def certify(folder: Path, host: str = "127.0.0.1") -> tuple[Path, ssl.SSLContext]:
    """Make a certificate for a host; returns its file, to be trusted, and the context a server runs it with."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    return certificate, context
