"""Small knowledge folders on disk, for tests that edit them as an admin would."""

import os
from pathlib import Path

from knowledge.documents.folding import digest

TOPICS = frozenset({"friend-pupil", "phone-in-class"})
FRIENDS = "Staff must not be friends with pupils on social media."
PHONES = "Staff must keep their phones out of sight in class."
DOCUMENT = f"# Personal conduct\n\n{FRIENDS}\n\n{PHONES}\n"
SCHOOL = "name: Hillside School\njurisdiction: england\ncontacts:\n  headteacher:\n    name: Mrs A. Example\n"
POLICY = f"""\
title: Conduct policy
clauses:
  - id: friends-pupils
    section: Personal conduct
    says: Don't be friends with a pupil on social media.
    act: being friends with a pupil on social media
    stance: must-not
    topics: [friend-pupil]
    asked: ["can i accept a friend request from a pupil"]
    locator: {{passages: [2], digest: "{digest([FRIENDS])}"}}
  - id: phones-class
    section: Personal conduct
    says: Keep your phone out of sight in class.
    act: keeping your phone out of sight in class
    stance: must
    topics: [phone-in-class]
    asked: ["may i keep my phone on my desk in a lesson"]
    locator: {{passages: [3], digest: "{digest([PHONES])}"}}
"""
QUESTIONS = '- {q: "can i accept a friend request from a pupil", finds: [friends-pupils]}\n'


def write_school(root: Path, school_id: str = "hillside", document: str | None = DOCUMENT) -> Path:
    """Write a school of two clauses with its document; return the school's folder."""
    folder = root / "schools" / school_id
    (folder / "policies").mkdir(parents=True)
    (folder / "school.yaml").write_text(SCHOOL, encoding="utf-8")
    (folder / "questions.yaml").write_text(QUESTIONS, encoding="utf-8")
    (folder / "policies" / "conduct.yaml").write_text(POLICY, encoding="utf-8")
    if document is not None:
        (folder / "policies" / "conduct.md").write_text(document, encoding="utf-8")
    return folder


def edit(path: Path, old: str, new: str) -> int:
    """Replace the first `old` in a file, whole or not at all; return the line on which `new` stands."""
    text = path.read_text(encoding="utf-8")
    start = text.index(old)
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text[:start] + new + text[start + len(old) :], encoding="utf-8")
    os.replace(beside, path)
    return text.count("\n", 0, start) + 1
