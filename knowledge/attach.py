"""Puts a school's own document beside its policy file, so that answers quote it."""

import os
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path

from knowledge.documents.reader import SUFFIXES, read_document
from knowledge.errors import DocumentError
from knowledge.loader import KnowledgeFolder
from knowledge.locators import nearest, resolve
from knowledge.model import Clause, Document, Passage, Policy, School


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A clause whose wording is not in the document, and the passage most like it."""

    clause: Clause
    nearest: Passage | None


@dataclass(frozen=True, slots=True)
class Attached:
    """What came of attaching: where the document lies, how many clauses it quotes, and which it does not.

    `bare` counts the clauses that have no locator yet, and so no quote.
    """

    school: str
    policy: str
    path: Path
    quoted: int
    unmatched: tuple[Unmatched, ...]
    bare: int = 0


def attach(folder: KnowledgeFolder, school: School, document: Path, policy_id: str | None) -> Attached:
    """Copy a document beside its policy file and resolve every locator against it.

    `policy_id` may be None where the school has one policy. Raises DocumentError where the document cannot be read,
    the policy is unknown or not clear, or the folder is an installed package.
    """
    refuse_installed(folder)
    policy = _policy(school, policy_id)
    content = _read(document)
    parsed = read_document(document.name, content)
    target = _place(folder, school, policy) / f"{policy.id}{document.suffix.lower()}"
    _write(target, content)
    for suffix in SUFFIXES:
        other = target.with_suffix(suffix)
        if other != target:
            other.unlink(missing_ok=True)
    return _outcome(school, policy, parsed, target)


def refuse_installed(folder: KnowledgeFolder) -> None:
    """Raise DocumentError where the folder lies in an installed package, whose files an update would overwrite."""
    installed = {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}
    if any(folder.root.resolve().is_relative_to(place) for place in installed):
        raise DocumentError(
            "Documents are not put into the installed program, where an update would lose them. "
            "Make a folder of your own with `signpost kb new DIR ID` and name it with --knowledge DIR."
        )


def documents_in(folder: Path) -> list[Path]:
    """List the documents of a folder whose file names are school ids. Raises DocumentError where it is no folder."""
    if not folder.is_dir():
        raise DocumentError(f"{folder} is not a folder.")
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)


def _policy(school: School, policy_id: str | None) -> Policy:
    known = {policy.id: policy for policy in school.policies}
    if policy_id is None and len(known) == 1:
        return next(iter(known.values()))
    if policy_id in known:
        return known[policy_id]
    there = ", ".join(sorted(known))
    if not known:
        raise DocumentError(f"{school.id} has no policy yet. Write policies/<id>.yaml first.")
    asked = f'has no policy "{policy_id}"' if policy_id else "has more than one policy; name one with --policy"
    raise DocumentError(f"{school.id} {asked}. Its policies are: {there}.")


def _place(folder: KnowledgeFolder, school: School, policy: Policy) -> Path:
    """Return the folder the policy file lies in; a document anywhere else would never be read."""
    place = folder.schools / school.id / "policies"
    if not any((place / f"{policy.id}{suffix}").is_file() for suffix in (".yaml", ".yml")):
        raise DocumentError(
            f'The policy "{policy.id}" of {school.id} comes from the trust. '
            "Put its document beside its file in trust/policies/."
        )
    return place


def _read(document: Path) -> bytes:
    try:
        return document.read_bytes()
    except OSError as error:
        raise DocumentError(f"{document} cannot be read: {error.strerror}.") from error


def _write(target: Path, content: bytes) -> None:
    """Write whole or not at all, so that a running server never reads half a document."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".attach-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(target)


def _outcome(school: School, policy: Policy, document: Document, target: Path) -> Attached:
    located = [clause for clause in policy.clauses if clause.locator]
    unmatched = [
        Unmatched(clause, nearest(document, clause.says))
        for clause in located
        if clause.locator and not resolve(document, clause.locator, clause.says).passages
    ]
    # The clause about the policy itself has no locator and needs none.
    bare = len(policy.clauses) - len(located) - 1
    return Attached(school.id, policy.id, target, len(located) - len(unmatched), tuple(unmatched), bare)
