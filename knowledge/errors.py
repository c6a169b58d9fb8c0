"""Everything that can go wrong with knowledge, in one tree.

KnowledgeError
├── PackError            a pack has faults and cannot be served; carries them all
└── DocumentError        a document cannot be read or attached
"""

from collections.abc import Sequence

from knowledge.faults import Fault


class KnowledgeError(Exception):
    """The root of all faults of knowledge; its text is fit to show to an admin."""


class PackError(KnowledgeError):
    """A pack has faults and cannot be served."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep every fault, in file order."""
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class DocumentError(KnowledgeError):
    """A document cannot be read or attached; the text says why and what to do."""
