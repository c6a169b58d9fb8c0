"""Which addresses anything is sent to (RS-33): those of the Bot Connector, by their exact names, and nothing else."""

import re
from collections.abc import Collection
from ipaddress import ip_address

from bot.escalation.errors import UndeliverableError

# learn.microsoft.com, bot-service-resources-faq-security: hosts of the connector. Not *.trafficmanager.net, where
# anybody can register a name. Government clouds have names of their own, which the settings add.
_HOSTS = frozenset({"smba.trafficmanager.net"})
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_BENEATH = ".botframework.com"
_SEGMENT = r"/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*"
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+|\[[0-9a-f:]+\])(?::(?P<port>[0-9]{1,5}))?"
    rf"(?P<path>(?:{_SEGMENT})*)/?"
)
_LONGEST = 512


class ServiceUrls:
    """The list of hosts. `extra` names further ones exactly; `loopback` admits this machine, for development."""

    def __init__(self, extra: Collection[str] = (), *, loopback: bool = False) -> None:
        unfit = [host for host in extra if not is_host_name(host)]
        if unfit:
            raise ValueError(f"this is no host name such as smba.example.com: {unfit[0]!r}")
        self._hosts = _HOSTS | {host.lower() for host in extra}
        self._loopback = loopback

    def check(self, url: object) -> str:
        """Return the address as it is used, without a slash at its end.

        Raises UndeliverableError where nothing may be sent to it, with a text for an operator.
        """
        found = _ADDRESS.fullmatch(url) if isinstance(url, str) and len(url) <= _LONGEST else None
        if found is None:
            raise UndeliverableError("the service address that Teams gave cannot be read as one")
        scheme, host, port, path = found["scheme"], found["host"].lower(), found["port"], found["path"]
        if self._loopback and is_loopback(host):
            return f"{scheme}://{host}{f':{port}' if port else ''}{path}"
        if scheme == "https" and port in (None, "443") and self._is_listed(host):
            return f"https://{host}{path}"
        raise UndeliverableError(
            f"{scheme}://{host} is no service address of Teams; hosts of a government cloud are named in"
            " teams_service_hosts"
        )

    def _is_listed(self, host: str) -> bool:
        return host in self._hosts or (host.endswith(_BENEATH) and is_host_name(host))


def is_host_name(text: str) -> bool:
    """Tell whether a text is the full name of a host: no address, no wildcard, no port."""
    return bool(_NAME.fullmatch(text.lower())) and text.isascii() and not text.rpartition(".")[2].isdigit()


def is_loopback(host: str) -> bool:
    """Tell whether a host, in the form it has in an address, is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
