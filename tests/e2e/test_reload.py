"""A newcomer edits a rule while the server runs, and sees in the page what came of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.page import TryOut

pytestmark = pytest.mark.e2e

FOLLOWED = 1
SAYS = "If a pupil asks you, don't say yes."
Edit = Callable[[str, str], None]


@pytest.fixture
def edit(schools: Path) -> Iterator[Edit]:
    """Return what changes words of the model school's policy; the file is put back at the end."""
    policy = schools / "model" / "policies" / "online-safety.yaml"
    before = policy.read_text(encoding="utf-8")

    def change(old: str, new: str) -> None:
        assert old in before
        policy.write_text(before.replace(old, new), encoding="utf-8")

    yield change
    policy.write_text(before, encoding="utf-8")


def test_edited_rule_is_in_the_next_answer(tryout: TryOut, edit: Edit) -> None:
    """The file that the page names is edited, and soon the rule reads as edited, without a restart."""
    tryout.tap("#about summary")
    assert tryout.words("#edit").endswith("model/policies/online-safety.yaml")
    edit(SAYS, f"{SAYS} Never, not even once.")
    tryout.until(lambda: "Never, not even once." in tryout.tap_example(FOLLOWED).text)


def test_broken_edit_is_told_and_the_answers_stay(tryout: TryOut, edit: Edit) -> None:
    """A file with a mistake in it is not taken: the page says where the mistake is, and the answers stay."""
    tryout.tap("#about summary")
    edit("stance: must-not", "stance: perhaps")
    tryout.until(lambda: _refused(tryout))
    assert "online-safety.yaml:" in tryout.words("#edit-fault")
    tryout.shoot("edit-refused-light")
    assert "Not allowed" in tryout.tap_example(FOLLOWED).text
    edit("stance: must-not", "stance: must-not")
    tryout.until(lambda: not _refused(tryout))
    assert "have been taken" in tryout.words("#edit-taken")


def _refused(tryout: TryOut) -> bool:
    """Check the last edit, and tell whether the page says that it was not taken."""
    tryout.tap("#check-edit")
    tryout.until(lambda: tryout.all("#edit-taken:not([hidden]), #edit-refused:not([hidden])"))
    return bool(tryout.all("#edit-refused:not([hidden])"))
