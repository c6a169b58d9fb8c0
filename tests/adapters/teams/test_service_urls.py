"""The addresses that anything may be sent to, and the many that it may not (RS-33)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.service_urls import ServiceUrls, is_host_name, is_loopback
from bot.escalation.errors import UndeliverableError

TEAMS = "https://smba.trafficmanager.net"
HOSTILE = [
    "http://smba.trafficmanager.net/uk/",  # no TLS
    "https://evil.trafficmanager.net/uk/",  # anybody can register there
    "https://smba.trafficmanager.net.evil.example/uk/",
    "https://smba.trafficmanager.net@evil.example/uk/",
    "https://evil.example@smba.trafficmanager.net/uk/",
    "https://user:password@smba.trafficmanager.net/uk/",
    "https://evil.example/smba.trafficmanager.net/",
    "https://evil.example\\@smba.trafficmanager.net/uk/",
    "https://smba.trafficmanager.net\\.evil.example/",
    "https://evil.example#smba.trafficmanager.net/",
    "https://smba.trafficmanager.net/uk/#fragment",
    "https://evil.example?smba.trafficmanager.net/",
    "https://smba.trafficmanager.net/uk/?to=evil.example",
    "https://smba.trafficmanager.net:8443/uk/",
    "https://smba.trafficmanager.net:0443/uk/",
    "https://smba.trafficmanager.net:/uk/",
    "https://smba.trafficmanager.net./uk/",
    "https://smba.trafficmanager.net/uk/../../evil",
    "https://smba.trafficmanager.net//evil.example/",
    "https://smba.trafficmanager.net/%2e%2e/evil",
    "https://sm\u0062a.trafficmanager.net\u3002evil.example/",  # an ideographic full stop
    "https://smbа.trafficmanager.net/uk/",  # a Cyrillic letter
    "https://ſmba.trafficmanager.net/uk/",  # a long s, which becomes an s in lower case
    "https://smba.trafficmanager.net/u\u200bk/",
    " https://smba.trafficmanager.net/uk/",
    "https://smba.trafficmanager.net/uk/\n",
    "https://smba.trafficmanager.net\r\nHost: evil.example/",
    "https://smba.trafficmanager.net\t/uk/",
    "https://botframework.com/",
    "https://evilbotframework.com/",
    "https://x.botframework.com.evil.example/",
    "https://.botframework.com/",
    "https://..botframework.com/",
    "https://-.botframework.com/",
    "https://127.0.0.1/uk/",
    "https://localhost/uk/",
    "https://[::1]/uk/",
    "https://[::ffff:127.0.0.1]/uk/",
    "https://2130706433/uk/",  # 127.0.0.1 as one number
    "https://0x7f.0.0.1/uk/",
    "https://127.1/uk/",
    "https://0.0.0.0/uk/",
    "https://10.0.0.8/uk/",
    "https://192.168.1.1/uk/",
    "https://169.254.169.254/latest/meta-data/",  # where clouds keep their secrets
    "https://[fe80::1]/uk/",
    "https://52.113.205.5/uk/",
    "file:///etc/passwd",
    "ftp://smba.trafficmanager.net/",
    "gopher://smba.trafficmanager.net/",
    "javascript:alert(1)",
    "//smba.trafficmanager.net/uk/",
    "smba.trafficmanager.net/uk/",
    "https:/smba.trafficmanager.net/uk/",
    "https:///smba.trafficmanager.net/uk/",
    "https://",
    "",
    TEAMS + "/" + "a" * 600,
]


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://smba.trafficmanager.net/uk/", "https://smba.trafficmanager.net/uk"),
        ("https://smba.trafficmanager.net/emea", "https://smba.trafficmanager.net/emea"),
        ("https://smba.trafficmanager.net", "https://smba.trafficmanager.net"),
        ("https://SMBA.TrafficManager.net/uk/", "https://smba.trafficmanager.net/uk"),
        ("https://smba.trafficmanager.net:443/uk/", "https://smba.trafficmanager.net/uk"),
        (
            "https://smba.trafficmanager.net/uk/33333333-dddd-4eee-8fff-444444444444/",
            "https://smba.trafficmanager.net/uk/33333333-dddd-4eee-8fff-444444444444",
        ),
        ("https://webchat.botframework.com/", "https://webchat.botframework.com"),
        ("https://a.b.botframework.com/x_y/z.1/", "https://a.b.botframework.com/x_y/z.1"),
    ],
)
def test_the_addresses_of_teams_are_taken(given: str, used: str) -> None:
    """With a region and a tenant in the path; the slash at the end goes."""
    assert ServiceUrls().check(given) == used


@pytest.mark.parametrize("url", HOSTILE)
def test_no_other_address_is_taken(url: str) -> None:
    """The whole address must fit, by exact names, and the refusal is for good (RS-33)."""
    with pytest.raises(UndeliverableError):
        ServiceUrls().check(url)


@pytest.mark.parametrize("value", [None, 5, TEAMS.encode(), [TEAMS], {}])
def test_what_is_no_text_is_no_address(value: object) -> None:
    """What Teams sends is JSON, so it may be anything."""
    with pytest.raises(UndeliverableError):
        ServiceUrls().check(value)


@given(st.text())
def test_whatever_follows_the_name_it_stays_that_host(tail: str) -> None:
    """An address is refused, or it still is that of Teams."""
    try:
        used = ServiceUrls().check(TEAMS + tail)
    except UndeliverableError:
        return
    assert used == TEAMS or used.startswith(f"{TEAMS}/")


def test_a_government_cloud_is_named_exactly() -> None:
    """Its host is taken in whatever case it is written; a host beneath it is another one."""
    urls = ServiceUrls(["SMBA.infra.gov.teams.microsoft.us"])
    assert urls.check("https://smba.infra.gov.teams.microsoft.us/gcch/").endswith("microsoft.us/gcch")
    with pytest.raises(UndeliverableError):
        urls.check("https://x.smba.infra.gov.teams.microsoft.us/gcch/")
    with pytest.raises(UndeliverableError):
        urls.check("http://smba.infra.gov.teams.microsoft.us/gcch/")
    with pytest.raises(UndeliverableError):
        urls.check("https://smba.infra.gov.teams.microsoft.us:8443/gcch/")


@pytest.mark.parametrize(
    "host", ["*.example.uk", "10.0.0.8", "localhost", "", "a..b", "smba.example.uk:443", "https://x.example.uk", "ſ.uk"]
)
def test_what_is_no_full_name_of_a_host_cannot_be_added(host: str) -> None:
    """No wildcard, no address, no port: a slip there would open a door."""
    assert not is_host_name(host)
    with pytest.raises(ValueError, match="no host name"):
        ServiceUrls([host])


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://127.0.0.1:56150/_connector", "http://127.0.0.1:56150/_connector"),
        ("http://localhost:56150/_connector/", "http://localhost:56150/_connector"),
        ("https://127.8.9.1/x", "https://127.8.9.1/x"),
        ("http://[::1]:3000/", "http://[::1]:3000"),
        ("https://smba.trafficmanager.net/uk/", "https://smba.trafficmanager.net/uk"),
    ],
)
def test_in_development_this_machine_is_taken_too(given: str, used: str) -> None:
    """There the connector runs beside Signpost, on a port of its own and without TLS."""
    assert ServiceUrls(loopback=True).check(given) == used


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1.evil.example/",
        "http://127.0.0.1@evil.example/",
        "http://localhost.evil.example/",
        "http://0.0.0.0/",
        "http://10.0.0.8/",
        "http://169.254.169.254/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://evil.example/",
        "http://smba.trafficmanager.net/",
        "http://[fe80::1]/",
        "http://[::]/",
    ],
)
def test_in_development_nothing_else_is_taken(url: str) -> None:
    """Not the school's network, and nothing that only looks like this machine."""
    with pytest.raises(UndeliverableError):
        ServiceUrls(loopback=True).check(url)


def test_a_refusal_says_what_to_do() -> None:
    """An operator in a government cloud reads which setting is missing."""
    with pytest.raises(UndeliverableError, match=r"https://smba\.example\.us .* teams_service_hosts"):
        ServiceUrls().check("https://smba.example.us/gcch/")


def test_this_machine_is_known_by_name_and_number() -> None:
    """Only in the forms that an address has."""
    assert is_loopback("localhost")
    assert is_loopback("[::1]")
    assert not is_loopback("")
    assert not is_loopback("example.com")
