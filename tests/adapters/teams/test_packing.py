"""Putting what is to be shown into as few messages as Teams takes (RS-38)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.teams.elements import execute, rows, written
from adapters.teams.limits import MESSAGE, ON_THE_WAY, size
from adapters.teams.packing import Cover, length_of, packed, room_in
from tests.adapters.teams.payloads import as_shown, check, hostile_words, long_words, read, squeezed, together

COVER = Cover("Not allowed: x")


def test_what_fits_is_one_message_without_a_number() -> None:
    """Nobody reads that something is one of one."""
    (message,) = packed(COVER, [written("a"), [], written("b")])
    check(message)
    assert read([message]) == "a\nb"
    assert message.text == "Not allowed: x"


def test_each_of_several_messages_says_which_it_is() -> None:
    """On the card and on the lock screen."""
    messages = packed(COVER, [written("word " * 4_000)])
    check(messages)
    assert len(messages) == 2
    for number, message in enumerate(messages, 1):
        assert read([message]).startswith(f"{number} of 2\n")
        assert message.text == f"Not allowed: x ({number} of 2)"


def test_a_part_stays_together_where_it_can() -> None:
    """Buttons are never torn from the list that they belong to for want of a little room."""
    button = rows([execute("Tell them now", "reply:tell", r="r1")])
    messages = packed(COVER, [written("x " * 4_500), [*written("y " * 2_000), *button]])
    check(messages)
    assert [("y" in read([one]), "ActionSet" in str(one.card)) for one in messages] == [(False, False), (True, True)]


def test_a_message_is_filled_to_the_brim_and_no_further() -> None:
    """What Teams would take is not split, and what it would not take is."""
    room = room_in(COVER)
    assert size(COVER.over([]).activity) + room == MESSAGE - ON_THE_WAY
    one = written("x" * 2_900)
    count = (room - 160) // length_of(one)
    assert len(packed(COVER, [one] * count)) == 1
    assert len(packed(COVER, [one] * (count + 1))) == 2


@given(st.lists(long_words() | hostile_words, max_size=5), hostile_words)
@settings(max_examples=30, deadline=None)
def test_nothing_is_left_out_and_nothing_doubled(parts: list[str], bell: str) -> None:
    """Whatever the parts hold and however long they are, they are read once, in their order."""
    messages = packed(Cover(f"x {bell}"), [written(part) for part in parts])
    check(messages)
    assert together(message.card for message in messages) == squeezed("".join(map(as_shown, parts)))
