"""What the bot needs of the world outside, in its own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from bot.view import SchoolView

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into vectors, so that texts of like meaning lie close together."""

    def identity(self) -> str:
        """Name the encoder and its weights; vectors of one identity may be compared, others not."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of unit length for each text, float32, shape (texts, dimensions)."""
        ...


class Knowledge(Protocol):
    """The knowledge in force: the schools that can be asked, each as one consistent version."""

    def view(self, school: str) -> SchoolView:
        """Return a school and its index, of one version. Raises KeyError for a school that is not served."""
        ...

    def schools(self) -> Sequence[str]:
        """List the ids of the schools that can be asked."""
        ...


class Clock(Protocol):
    """Today's date."""

    def today(self) -> date:
        """Return the date at the school."""
        ...
