"""The keys with which the Bot Service signs what it sends to the app, and the tokens it makes with them."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

Json = dict[str, Any]
ISSUER = "https://api.botframework.com"
ENDORSEMENTS = ("msteams",)
_DIGESTS: dict[str, hashes.HashAlgorithm] = {"RS256": hashes.SHA256(), "RS384": hashes.SHA384()}


@dataclass(slots=True, eq=False)
class SigningKey:
    """A key. Only published ones are found at the address of the keys."""

    kid: str
    private: rsa.RSAPrivateKey
    endorsements: tuple[str, ...] = ENDORSEMENTS
    published: bool = True

    def as_jwk(self) -> Json:
        """Return the public half as the Bot Service publishes it."""
        numbers = self.private.public_key().public_numbers()
        public = {"kty": "RSA", "use": "sig", "kid": self.kid, "x5t": self.kid}
        public |= {"n": _number(numbers.n), "e": _number(numbers.e)}
        return {**public, "endorsements": list(self.endorsements)}


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says. The defaults are right; `replace` makes one of them wrong.

    `signed_by` is another key than the ring's current one, `kid` another name for it than its own. None leaves a
    claim out.
    """

    service_url: str | None
    audience: str | None
    issuer: str | None = ISSUER
    expires_in: float | None = 3600
    starts_in: float | None = -60
    algorithm: str = "RS256"
    kid: str | None = ""
    signed_by: SigningKey | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


class KeyRing:
    """Every key of the Bot Service. `now` is the clock of the tokens: the real one, by which the app checks them."""

    def __init__(self, *, now: Callable[[], float] = time.time) -> None:
        """Begin with two published keys."""
        self.now = now
        self._numbers: Iterator[int] = count(1)
        self.keys: list[SigningKey] = []
        self.current = self.add()
        self.add()

    def add(self, *, published: bool = True, endorsements: tuple[str, ...] = ENDORSEMENTS) -> SigningKey:
        """Make a further key; nothing is signed with it yet."""
        number = next(self._numbers)
        key = SigningKey(f"key-{number}", _private(number), endorsements, published)
        self.keys.append(key)
        return key

    def rotate(self) -> SigningKey:
        """Sign with a new key from now on; those that are published stay published."""
        self.current = self.add()
        return self.current

    def withdraw(self, key: SigningKey) -> None:
        """Publish a key no longer."""
        key.published = False

    def stranger(self) -> SigningKey:
        """Return a key that the Bot Service does not know, under the name of its current one."""
        return SigningKey(self.current.kid, _private(0))

    def jwks(self) -> Json:
        """Return the published keys."""
        return {"keys": [key.as_jwk() for key in self.keys if key.published]}

    def token(self, claims: Claims) -> str:
        """Sign a token."""
        key = claims.signed_by or self.current
        kid = key.kid if claims.kid == "" else claims.kid
        header = {"alg": claims.algorithm, "kid": kid, "typ": "JWT", "x5t": kid}
        now = self.now()
        said = {
            "serviceurl": claims.service_url,
            "nbf": None if claims.starts_in is None else int(now + claims.starts_in),
            "exp": None if claims.expires_in is None else int(now + claims.expires_in),
            "iss": claims.issuer,
            "aud": claims.audience,
            **claims.more,
        }
        parts = (_without_none(header), _without_none(said))
        signed = b".".join(_base64(json.dumps(part).encode()) for part in parts)
        return (signed + b"." + _base64(_signature(claims.algorithm, key.private, signed))).decode()


@cache
def _private(number: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def _signature(algorithm: str, key: rsa.RSAPrivateKey, signed: bytes) -> bytes:
    if algorithm == "none":
        return b""
    if algorithm == "HS256":  # the old trick: the public key, which everybody has, as the shared secret
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return hmac.new(public, signed, hashlib.sha256).digest()
    return key.sign(signed, padding.PKCS1v15(), _DIGESTS[algorithm])


def _without_none(said: Mapping[str, Any]) -> Json:
    return {name: value for name, value in said.items() if value is not None}


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _number(value: int) -> str:
    return _base64(value.to_bytes((value.bit_length() + 7) // 8, "big")).decode()
