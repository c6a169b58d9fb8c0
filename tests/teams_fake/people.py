"""The people of a tenant."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

Role = Literal["user", "guest"]


def guid(name: str) -> str:
    """Return an id as Entra gives them, always the same for a name."""
    return str(uuid5(NAMESPACE_URL, f"https://teams.example/{name}"))


def token_of(*words: str, length: int = 24) -> str:
    """Return letters and digits, always the same for the same words."""
    digest = hashlib.sha256("\0".join(words).encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")[:length]


@dataclass(slots=True)
class User:
    """Somebody with an account: `id` is their Entra object id, `teams_id` the name that one bot knows them by."""

    id: str
    teams_id: str
    name: str
    tenant_id: str
    upn: str
    email: str
    role: Role = "user"
    has_blocked: bool = False

    @property
    def given_name(self) -> str:
        """Return the first of their names."""
        return self.name.partition(" ")[0]

    @property
    def surname(self) -> str:
        """Return the last of their names."""
        return self.name.rpartition(" ")[2] if " " in self.name else ""

    def as_sender(self) -> dict[str, Any]:
        """Return them as an activity names its sender."""
        return {"id": self.teams_id, "name": self.name, "aadObjectId": self.id}

    def as_member(self, id_name: str = "aadObjectId") -> dict[str, Any]:
        """Return them as the roster lists them; the older list calls the Entra id `objectId`."""
        return {
            "id": self.teams_id,
            "name": self.name,
            id_name: self.id,
            "givenName": self.given_name,
            "surname": self.surname,
            "email": self.email,
            "userPrincipalName": self.upn,
            "tenantId": self.tenant_id,
            "userRole": self.role,
        }
