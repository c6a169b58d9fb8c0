"""What roles are called, and where."""

import pytest

from knowledge.model import Jurisdiction
from knowledge.roles import TITLES, title_of, unnamed_contacts


@pytest.mark.parametrize(
    ("jurisdiction", "title"),
    [
        (Jurisdiction.ENGLAND, "Designated Safeguarding Lead (DSL)"),
        (Jurisdiction.WALES, "Designated Safeguarding Person (DSP)"),
        (Jurisdiction.SCOTLAND, "Child Protection Coordinator"),
        (Jurisdiction.NORTHERN_IRELAND, "Designated Teacher"),
    ],
)
def test_dsl_has_the_name_of_the_country(jurisdiction: Jurisdiction, title: str) -> None:
    """The role that England calls DSL has its own name in Wales, Scotland and Northern Ireland."""
    assert title_of("dsl", jurisdiction) == title


def test_other_roles_are_called_the_same_everywhere() -> None:
    """A headteacher is a headteacher in all four."""
    assert {title_of("headteacher", jurisdiction) for jurisdiction in Jurisdiction} == {"Headteacher"}


def test_role_of_the_schools_own_is_spelt_out() -> None:
    """A role no table knows is called by its id, as words."""
    assert title_of("pool-lead", Jurisdiction.ENGLAND) == "Pool lead"


def test_every_standard_role_has_a_contact_without_a_holder() -> None:
    """Until a school says more, every role its jurisdiction has is there and nobody holds it; the LADO is England's."""
    contacts = unnamed_contacts(Jurisdiction.WALES)
    assert set(contacts) == set(TITLES) - {"lado"}
    assert {contact.name for contact in contacts.values()} == {None}
    assert contacts["dsl"].title == "Designated Safeguarding Person (DSP)"
