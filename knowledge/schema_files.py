"""The JSON Schemas that editors complete and check with, written from the shapes."""

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from knowledge.schema import FILES, QuestionShape

FOLDER = Path(__file__).parent / "schemas"


def json_schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of every kind of file, by name."""
    schemas = {name: TypeAdapter(shape).json_schema(by_alias=True) for name, shape in FILES.items()}
    schemas["questions"] = TypeAdapter(list[QuestionShape]).json_schema()
    return {name: {"$schema": "https://json-schema.org/draft/2020-12/schema", **schemas[name]} for name in schemas}


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema into a folder as <name>.json; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, schema in json_schemas().items():
        path = folder / f"{name}.json"
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    write_schemas(FOLDER)
