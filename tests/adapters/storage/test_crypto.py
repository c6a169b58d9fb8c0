"""The data key: where it is kept, what it refuses, what it makes."""

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.errors import SettingsError
from adapters.storage.crypto import DataKey
from bot.escalation.errors import StoreError

TEXT = base64.urlsafe_b64encode(bytes(range(224, 256))).decode()


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_is_sealed_opens_again(text: str) -> None:
    """Any text comes back, half characters included."""
    assert DataKey.parse(TEXT).unseal(DataKey.parse(f" {TEXT}\n").seal(text)) == text


def test_a_sealed_text_opens_with_its_own_key_only() -> None:
    """Another key, or a damaged text, opens nothing and says so without the text."""
    token = DataKey(b"a" * 32).seal("canary")
    assert "canary" not in token
    for other, damaged in (
        (DataKey(b"b" * 32), token),
        (DataKey(b"a" * 32), token[:-8]),
        (DataKey(b"a" * 32), "\ufffd"),
    ):
        with pytest.raises(StoreError) as caught:
            other.unseal(damaged)
        assert "canary" not in str(caught.value)


def test_pseudonyms_are_stable_and_need_the_key() -> None:
    """The same person has the same key for ever; another data key makes another one."""
    pseudonyms = DataKey(b"a" * 32).pseudonyms
    assert pseudonyms.key("slack:U1") == DataKey(b"a" * 32).pseudonyms.key("slack:U1") == "fdbc8fc4def3fb0de50a"
    assert pseudonyms.key("slack:U1") != pseudonyms.key("slack:U2")
    assert pseudonyms.key("slack:U1") != DataKey(b"b" * 32).pseudonyms.key("slack:U1")


@pytest.mark.parametrize("text", ["", "short", TEXT[:-4], TEXT + "AAAA", TEXT[:-2] + "!=", "ü" * 44])
def test_a_bad_key_is_refused_without_being_shown(text: str) -> None:
    """What is not 32 bytes in URL-safe base64 is refused; the error says how to make a good one, not what was there."""
    with pytest.raises(SettingsError, match=r"SIGNPOST_DATA_KEY: not a data key .* makes a good one") as caught:
        DataKey.parse(text)
    assert not text or text not in str(caught.value)


def test_a_missing_key_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    """The first start makes the key, mode 0600; the next one reads the same."""
    path = tmp_path / "state" / "data.key"
    made = DataKey.kept_in(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert DataKey.kept_in(path).fingerprint == made.fingerprint == DataKey.parse(path.read_text()).fingerprint
    assert list(path.parent.iterdir()) == [path]


def test_two_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    """However many make the key at the same time, all of them end with the same."""
    with ThreadPoolExecutor(8) as pool:
        keys = pool.map(DataKey.kept_in, [tmp_path / "data.key"] * 8)
    assert len({key.fingerprint for key in keys}) == 1


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """The error says how to mend it."""
    path = tmp_path / "data.key"
    DataKey.kept_in(path)
    path.chmod(0o640)
    with pytest.raises(SettingsError, match=r"others can read the data key \(mode 640\).*chmod 600"):
        DataKey.kept_in(path)


@pytest.mark.parametrize("content", [b"", b"not a key", b"\xff\xfe"])
def test_a_key_file_that_holds_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    """A key is never made over what is there: it may be a key that was damaged, and can be restored."""
    path = tmp_path / "data.key"
    path.touch(0o600)
    path.write_bytes(content)
    with pytest.raises(SettingsError, match="not a data key"):
        DataKey.kept_in(path)
    assert path.read_bytes() == content


def test_a_key_that_can_be_neither_read_nor_made_is_refused(tmp_path: Path) -> None:
    """Where a file stands in the place of the folder, the error names the path."""
    (tmp_path / "state").touch()
    with pytest.raises(SettingsError, match=r"data\.key: the data key cannot be read or made"):
        DataKey.kept_in(tmp_path / "state" / "data.key")


def test_a_key_does_not_show_itself(tmp_path: Path) -> None:
    """Neither the secret nor what is derived from it stands in what a log would print."""
    key = DataKey.parse(TEXT)
    assert TEXT not in repr(vars(key))
    assert key.audit.hex() not in repr(key)
