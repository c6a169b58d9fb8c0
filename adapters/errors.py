"""Everything that can go wrong at the edges, in one tree; each text is fit to show to an admin.

AdapterError
├── EncoderError     the sentence encoder cannot be used; Signpost then works by keywords
├── SettingsError    a setting is wrong; says where, what was found and what was expected
├── ControlError     the running server cannot be reached, or there is none
└── PortBusyError    another program listens on the port
"""


class AdapterError(Exception):
    """The root of what goes wrong at the edges."""


class EncoderError(AdapterError):
    """The sentence encoder cannot be used."""


class SettingsError(AdapterError):
    """A setting is wrong."""


class ControlError(AdapterError):
    """The running server cannot be reached."""


class PortBusyError(AdapterError):
    """Another program listens on the port. `choose` names the option or setting with which to take another one."""

    def __init__(self, port: int, choose: str) -> None:
        """Say what to do about it."""
        super().__init__(
            f"Port {port} is in use by another program. Stop that program, or choose another port: {choose}{port + 1}."
        )
