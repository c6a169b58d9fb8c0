"""Reads a Dockerfile: its instructions in order."""

import json
import re

from tests.deploy.files import text_of

Instruction = tuple[str, str]


def instructions() -> list[Instruction]:
    """Return each instruction of the Dockerfile with what follows it, lines joined."""
    joined = re.sub(r"\\\n\s*", " ", text_of("docker/Dockerfile"))
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines]


def stages() -> list[list[Instruction]]:
    """Return the instructions of each stage, FROM first."""
    found: list[list[Instruction]] = []
    for instruction in instructions():
        if instruction[0] == "FROM":
            found.append([])
        found[-1].append(instruction)
    return found


def exec_form(text: str) -> list[str]:
    """Return the words of a command in exec form."""
    words: list[str] = json.loads(text[text.index("[") :])
    return words


def in_image(name: str) -> str:
    """Return what the last stage says for an instruction that it gives once."""
    [text] = [text for kind, text in stages()[-1] if kind == name]
    return text
