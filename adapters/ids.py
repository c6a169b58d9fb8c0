"""Ids that nobody can guess, and references that people can read out."""

import secrets

# No letter or digit that is easily taken for another, read out on the phone or written by hand.
_READABLE = "ACDEFHJKLMNPRTUVWXY34679"


class RandomIds:
    """Makes ids from the system's source of chance."""

    def new(self) -> str:
        """Return 32 hex digits."""
        return secrets.token_hex(16)

    def reference(self) -> str:
        """Return a short reference such as "K7-QMX4"."""
        letters = "".join(secrets.choice(_READABLE) for _ in range(6))
        return f"{letters[:2]}-{letters[2:]}"
