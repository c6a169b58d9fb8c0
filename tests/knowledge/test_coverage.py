"""Coverage: which passages of a document still need a clause."""

from pathlib import Path

from knowledge.coverage import PolicyCoverage, coverage_of, paste_line
from knowledge.loader import KnowledgeFolder, load_one
from tests.packs import DOCUMENT, PHONES, POLICY, TOPICS, edit, write_school

CONDUCT = Path("schools/hillside/policies/conduct.yaml")


def covered(root: Path) -> PolicyCoverage:
    """Return the coverage of the one policy in a folder."""
    school = load_one(KnowledgeFolder(root), "hillside", TOPICS).school
    assert school is not None
    [coverage] = coverage_of(school)
    return coverage


def test_a_policy_with_a_clause_for_every_passage_is_covered_wholly(tmp_path: Path) -> None:
    """Headings apart, every passage has its clause."""
    write_school(tmp_path)
    coverage = covered(tmp_path)
    assert (coverage.percent, coverage.passages, coverage.missing) == (100.0, 2, ())


def test_a_passage_without_a_clause_is_listed(tmp_path: Path) -> None:
    """What the document says and no clause covers is named."""
    write_school(tmp_path, document=DOCUMENT + "\nVisitors sign in.\n")
    coverage = covered(tmp_path)
    assert [passage.text for passage in coverage.missing] == ["Visitors sign in."]
    assert round(coverage.percent) == 67


def test_a_drifted_clause_covers_nothing(tmp_path: Path) -> None:
    """A passage that was reworded needs its clause looked at."""
    write_school(tmp_path, document=DOCUMENT.replace(PHONES, "Phones stay out of sight."))
    assert [passage.text for passage in covered(tmp_path).missing] == ["Phones stay out of sight."]


def test_a_pasted_line_covers_its_passage(tmp_path: Path) -> None:
    """The line that coverage prints, pasted into a clause, closes the gap."""
    write_school(tmp_path)
    start = POLICY.rindex("locator:")
    edit(tmp_path / CONDUCT, POLICY[start:], "\n")
    [missing] = covered(tmp_path).missing
    with (tmp_path / CONDUCT).open("a", encoding="utf-8") as file:
        file.write(f"    {paste_line(missing)}\n")
    assert covered(tmp_path).percent == 100.0


def test_a_policy_without_a_document_has_nothing_to_cover(tmp_path: Path) -> None:
    """Nothing can be said of a document that is not there."""
    write_school(tmp_path, document=None)
    assert covered(tmp_path) == PolicyCoverage("conduct", 0, (), has_document=False)
    assert covered(tmp_path).percent == 0.0
