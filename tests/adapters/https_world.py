"""A school's web server over https on this computer, with a certificate of any kind."""

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_PEM = serialization.Encoding.PEM
_DAY = timedelta(days=1)


@dataclass(slots=True)
class WebServer:
    """A web server: its address, the status and text of each path, and what was asked of it."""

    url: str
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer as it is set up to, and 404 to what it does not know."""
        self.asked.append(f"{request.method} {request.path}")
        status, text = self.answers.get(request.path, (404, ""))
        return web.Response(status=status, text=text, headers={"Location": "/elsewhere"} if status == 302 else {})


@asynccontextmanager
async def web_server(answers: Mapping[str, tuple[int, str]], certificate: Path) -> AsyncIterator[WebServer]:
    """Run a web server under the name localhost."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    found = WebServer("", dict(answers))
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", found.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        found.url = f"https://localhost:{runner.addresses[0][1]}"
        yield found
    finally:
        await runner.cleanup()


def certificate(folder: Path, host: str = "localhost", *, begins: int = -1, ends: int = 30) -> Path:
    """Write a certificate with its key, its own authority; it holds from one day to another, counted from today."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins * _DAY)
        .not_valid_after(now + ends * _DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{host}.pem"
    path.write_bytes(secret + made.public_bytes(_PEM))
    return path
