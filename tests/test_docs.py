"""The documents for people say what the code does."""

import json
import re
from pathlib import Path

import pytest

from adapters.running import EXAMPLES
from adapters.settings import SETTINGS
from knowledge.documents.folding import digest, fold

ROOT = Path(__file__).parent.parent

if not (ROOT / "README.md").is_file():
    pytest.skip("the checkout is not here (the wheel is under test)", allow_module_level=True)

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLE_FILE = (ROOT / "signpost.example.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [setting.name for setting in SETTINGS])
def test_every_setting_is_in_the_readme_and_the_example_file(name: str) -> None:
    """A setting that cannot be found in the docs does not exist for an admin."""
    setting = next(setting for setting in SETTINGS if setting.name == name)
    assert f"| `{name}` | `{setting.env}` |" in README
    assert (f"# {name}:" in EXAMPLE_FILE) is not setting.secret  # a secret in that file would be refused
    assert setting.env in EXAMPLE_FILE
    assert setting.help in EXAMPLE_FILE


def test_the_readme_names_no_setting_that_does_not_exist() -> None:
    """A setting that was taken away leaves the docs as well."""
    assert set(re.findall(r"SIGNPOST_[A-Z_]+", README)) <= {setting.env for setting in SETTINGS}


def test_the_digest_vector_of_the_docs_holds() -> None:
    """Other tools compute digests from the vector in CONTRIBUTING.md."""
    printed, folded, expected = re.findall(r"^    (?:folds to   |digest     )?(.+)$", _vector(), re.MULTILINE)
    assert fold(printed) == folded
    assert digest([printed]) == expected


def _vector() -> str:
    start = CONTRIBUTING.index("Test vector:")
    return CONTRIBUTING[start : CONTRIBUTING.index("Changing how", start)]


def test_every_relative_link_of_the_readme_leads_somewhere() -> None:
    """Links and pictures of the README are there."""
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_make_target_of_the_docs_exists() -> None:
    """The commands people are told to run are in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    told = set(re.findall(r"^    make ([a-z0-9-]+)", README + CONTRIBUTING, re.MULTILINE))
    assert told
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in told)


def test_the_try_out_offers_five_examples() -> None:
    """A newcomer can tap one of five questions."""
    assert len(set(EXAMPLES)) == 5


def test_locks_name_no_host_and_hash_everything() -> None:
    """Lock files carry hashes and no address of a package index."""
    for lock in sorted((ROOT / "deploy" / "locks").glob("*.txt")):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert text.count("==") <= text.count("--hash=sha256:")


def test_the_schemas_are_json() -> None:
    """Editors can read every committed schema."""
    for path in (ROOT / "knowledge" / "schemas").glob("*.json"):
        assert json.loads(path.read_text(encoding="utf-8"))["$schema"].startswith("https://json-schema.org")
