"""Makes the folder in which somebody starts their own school."""

from pathlib import Path

from knowledge.errors import KnowledgeError
from knowledge.schema_files import write_schemas

_SCHOOL = """\
# yaml-language-server: $schema=../../schemas/school.json
# Who your school is and whom staff should ask. Lines that start with # are notes; Signpost does not read them.
name: "{name}"
aliases: []
jurisdiction: england            # england, wales, scotland or northern-ireland
contacts:
  headteacher:
    name:                        # leave empty and Signpost says "your headteacher"
    reach: []                    # for example: [{{kind: phone, value: 01632 960001}}]
    deputy: deputy-head
  deputy-head:
    name:
  dsl:
    name:
    deputy: deputy-dsl
    synonyms: [safeguarding lead]
  deputy-dsl:
    name:
  chair-of-governors:
    name:
"""

_POLICY = """\
# yaml-language-server: $schema=../../../schemas/policy.json
# One file a policy. Put the policy's own document beside it with: signpost --knowledge {root} kb attach {id} FILE
# Then `signpost --knowledge {root} kb coverage {id}` lists the passages that still need a clause,
# each with the locator line to paste.
title: Social media policy
version:                         # as your document prints it
issued:                          # 2026-09 or 2026-09-01
approved_by:
owner:
review_due:
applies_to: [staff, governor, volunteer]
clauses:
  - id: friends-pupils
    section: Personal conduct
    says: Don't be friends with, or message, any pupil on social media.
    act: being friends with or messaging a pupil on social media
    stance: must-not             # must-not, must, should-not, should, may-if (with only_if), may, info
    topics: [friend-pupil, message-pupil]
    contacts: [headteacher]
    asked:
      - "kid in my class added me on insta, ok to accept?"
      - "Do I have to turn down a friend request from one of my pupils?"
"""

_QUESTIONS = """\
# yaml-language-server: $schema=../../schemas/questions.json
# Questions and the clauses they must find. They are asked on every reload; a change that breaks one is not taken.
- {q: "a boy in my form wants to follow me on instagram", finds: [friends-pupils], outcome: answer}
"""


def new_school(root: Path, school_id: str) -> list[Path]:
    """Write a first pack for a school into `root`, with schemas for the editor; return the files.

    Raises KnowledgeError where the school is there already: nothing is ever overwritten.
    """
    folder = root / "schools" / school_id
    if folder.exists():
        raise KnowledgeError(f"{folder} is there already. Choose another id, or edit the files in it.")
    (folder / "policies").mkdir(parents=True)
    files = {
        folder / "school.yaml": _SCHOOL.format(name=school_id.replace("-", " ").title()),
        folder / "policies" / "social-media.yaml": _POLICY.format(root=root, id=school_id),
        folder / "questions.yaml": _QUESTIONS,
    }
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    return [*files, *write_schemas(root / "schemas")]
