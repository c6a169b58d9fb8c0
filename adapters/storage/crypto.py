"""The data key: it seals words and names, makes pseudonyms and guards the log. Whoever lacks it reads none of them."""

import base64
import binascii
import hashlib
import hmac
import os
import stat
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from adapters.errors import SettingsError
from bot.escalation.errors import StoreError

_KEY_BYTES = 32
_PSEUDONYM_LENGTH = 20
_HOW_TO_MAKE_ONE = (
    'python -c "import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())" makes a good one'
)


class KeyedPseudonyms:
    """Pseudonyms that only the holder of the data key can make."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def key(self, text: str) -> str:
        """Return the 20 characters that stand for a text such as "slack:U1"."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:_PSEUDONYM_LENGTH]


class DataKey:
    """A secret of 32 bytes, and the keys derived from it: one each for words, pseudonyms and the log."""

    def __init__(self, secret: bytes) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(_derived(secret, "words")))
        self.pseudonyms = KeyedPseudonyms(_derived(secret, "pseudonyms"))
        self.audit = _derived(secret, "audit")
        self.fingerprint = _derived(secret, "fingerprint").hex()[:_PSEUDONYM_LENGTH]

    @classmethod
    def parse(cls, text: str) -> "DataKey":
        """Read a key as it stands in a setting: 32 bytes in URL-safe base64. Raises SettingsError."""
        return cls(_secret(text, "SIGNPOST_DATA_KEY"))

    @classmethod
    def kept_in(cls, path: Path) -> "DataKey":
        """Read the key kept in a file, or make one there that only its owner can read. Raises SettingsError."""
        try:
            if not path.exists():
                _make(path)
            mode = stat.S_IMODE(path.stat().st_mode)
            text = path.read_text(encoding="ascii", errors="replace")
        except OSError as error:
            raise SettingsError(f"{path}: the data key cannot be read or made ({error.strerror})") from None
        if mode & 0o077:
            raise SettingsError(f"{path}: others can read the data key (mode {mode:o}); mend it with: chmod 600 {path}")
        return cls(_secret(text, str(path)))

    def seal(self, text: str) -> str:
        """Encrypt a text."""
        return self._fernet.encrypt(text.encode("utf-8", "surrogatepass")).decode()

    def unseal(self, token: str) -> str:
        """Decrypt a text. Raises StoreError where it was damaged, or sealed with another key."""
        try:
            return self._fernet.decrypt(token.encode()).decode("utf-8", "surrogatepass")
        except InvalidToken:
            raise StoreError("a sealed text cannot be opened: damaged, or sealed with another data key") from None


def _secret(text: str, where: str) -> bytes:
    try:
        secret = base64.b64decode(text.strip().encode(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != _KEY_BYTES:
        raise SettingsError(f"{where}: not a data key (32 bytes in URL-safe base64 expected); {_HOW_TO_MAKE_ONE}")
    return secret


def _derived(secret: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=f"signpost {purpose}".encode()).derive(secret)


def _make(path: Path) -> None:
    """Write a new key beside its place and link it in: whoever comes second finds a whole key, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(base64.urlsafe_b64encode(os.urandom(_KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink(missing_ok=True)
