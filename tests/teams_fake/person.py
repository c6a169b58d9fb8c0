"""Somebody who uses Teams: all that they do goes to the app as Teams would send it."""

from tests.teams_fake.extension import Extension
from tests.teams_fake.organising import Organising
from tests.teams_fake.tapping import Tapping


class Person(Tapping, Extension, Organising):
    """One user in one tenant, who writes, taps, searches and puts things in order."""
