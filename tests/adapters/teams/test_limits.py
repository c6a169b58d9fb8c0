"""What is counted before something is sent to Teams."""

import json

import pytest

from adapters.teams.limits import MESSAGE, ON_THE_WAY, size, units


@pytest.mark.parametrize(("text", "count"), [("", 0), ("abc", 3), ("é", 1), ("“", 1), ("😀", 2), ("a😀b", 4)])
def test_letters_are_counted_as_teams_counts_them(text: str, count: int) -> None:
    """Teams counts in UTF-16, where a letter outside the first plane takes two units (RS-38)."""
    assert units(text) == count


def test_every_sign_of_the_payload_counts() -> None:
    """What JSON adds to a text counts too: quotation marks, names, and a line break that is written as two signs."""
    assert size("a") == 3
    assert size('"') == 4
    assert size("\n") == 4
    assert size("😀") == 4
    assert size({"a": [1, "b"]}) == len('{"a": [1, "b"]}')


def test_a_message_is_28_kilobytes_with_what_is_added_on_the_way() -> None:
    """Two bytes a unit; what a sender adds to a message has its own share."""
    assert MESSAGE * 2 <= 28_000
    added = {
        "from": {"id": f"28:{'0' * 36}", "name": "Signpost"},
        "conversation": {"id": f"19:{'x' * 80}@thread.tacv2;messageid=1700000000000"},
        "recipient": {"id": f"29:{'x' * 110}"},
        "serviceUrl": f"https://smba.trafficmanager.net/uk/{'0' * 36}/",
        "replyToId": "1700000000000",
        "channelData": {"tenant": {"id": "0" * 36}},
    }
    assert len(json.dumps(added)) < ON_THE_WAY
