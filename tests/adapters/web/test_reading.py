"""What a request brings, and who asks."""

import pytest

from adapters.web.reading import Fields, FieldsError, asker_of
from bot import wording
from bot.escalation.authority import Standing


def test_an_asker_is_made_of_what_the_page_says() -> None:
    """The page's own id, the name that was typed and the standing that was chosen make the asker."""
    asker = asker_of(Fields({"who": "3f2a9c51-77de", "name": "Ms T.", "standing": "outsider"}))
    assert (asker.person.platform, asker.person.id, asker.person.name) == ("web", "asker:3f2a9c51-77de", "Ms T.")
    assert (asker.conversation, asker.standing) == ("3f2a9c51-77de", Standing.OUTSIDER)


def test_an_asker_is_staff_called_you_where_nothing_else_is_said() -> None:
    """Without name and standing it is a member of staff, called "You"."""
    asker = asker_of(Fields({"who": "3f2a9c51-77de"}))
    assert (asker.person.name, asker.standing) == (wording.TRYOUT_NAME, Standing.STAFF)


def test_a_long_name_is_cut_and_half_characters_are_mended() -> None:
    """A name fits on a card, and can always be written down."""
    asker = asker_of(Fields({"who": "3f2a9c51-77de", "name": "\ud800" + "n" * 100}))
    assert asker.person.name == "?" + "n" * 59


@pytest.mark.parametrize("who", ["", "short", "a" * 65, "with space", "../../etc", "dsl:one:two", "naïve-name"])
def test_no_asker_is_called_otherwise(who: str) -> None:
    """An id is letters, digits and hyphens, 8 to 64 of them."""
    with pytest.raises(FieldsError):
        asker_of(Fields({"who": who}))


def test_a_standing_is_one_of_two() -> None:
    """Nobody is anything but staff or an outsider."""
    with pytest.raises(FieldsError, match="standing"):
        asker_of(Fields({"who": "3f2a9c51-77de", "standing": "admin"}))


def test_a_missing_text_is_named() -> None:
    """Whatever is missing, or no text, is named."""
    for values in ({}, {"text": 3}, {"text": None}):
        with pytest.raises(FieldsError, match='"text"'):
            Fields(values).text("text")
