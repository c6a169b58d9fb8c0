"""Which passages of a school's documents no clause covers."""

from dataclasses import dataclass

from knowledge.documents.folding import digest
from knowledge.locators import resolve, uncovered
from knowledge.model import Passage, Policy, School


@dataclass(frozen=True, slots=True)
class PolicyCoverage:
    """One policy's coverage: how many passages need a clause, and those that have none."""

    policy: str
    passages: int
    missing: tuple[Passage, ...]
    has_document: bool

    @property
    def percent(self) -> float:
        """The share of passages covered, 0 to 100."""
        covered = self.passages - len(self.missing)
        return 100.0 * covered / self.passages if self.passages else 0.0


def coverage_of(school: School) -> list[PolicyCoverage]:
    """Return the coverage of each policy of a school; one without a document has nothing to cover."""
    return [_coverage(policy) for policy in school.policies]


def paste_line(passage: Passage) -> str:
    """Return the locator of a passage, ready to paste into a clause."""
    return f'locator: {{passages: [{passage.number}], digest: "{digest([passage.text])}"}}'


def _coverage(policy: Policy) -> PolicyCoverage:
    if policy.document is None:
        return PolicyCoverage(policy.id, 0, (), has_document=False)
    covered = {
        passage.number
        for clause in policy.clauses
        if clause.locator
        for passage in resolve(policy.document, clause.locator, clause.says).passages
    }
    needed = uncovered(policy.document, ())
    missing = uncovered(policy.document, covered)
    return PolicyCoverage(policy.id, len(needed), tuple(missing), has_document=True)
