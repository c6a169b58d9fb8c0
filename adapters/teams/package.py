"""The app package that an admin uploads: the manifest and the icons in one file, the same bytes each time."""

import io
import json
import re
from importlib import resources
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from adapters.teams.connection import Json
from adapters.teams.manifest import COLOR_ICON, OUTLINE_ICON

MANIFEST_FILE = "manifest.json"
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file can name
_READABLE_FILE = 0o100644 << 16
_UNIX = 3
_THREE_NUMBERS = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


def app_version(version: str) -> str:
    """Return the version of Signpost as Teams takes one: three numbers; "0.2.0.dev3" becomes "0.2.0"."""
    found = _THREE_NUMBERS.match(version)
    return found[0] if found else "0.0.1"


def is_app_version(version: str) -> bool:
    """Tell whether Teams takes a text as the version of an app."""
    return _THREE_NUMBERS.fullmatch(version) is not None


def app_package(manifest: Json) -> bytes:
    """Return the package. Nothing is packed smaller, since every zlib does that in its own way."""
    icons = resources.files("adapters.teams.icons")
    files = {
        MANIFEST_FILE: (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode(),
        **{name: icons.joinpath(name).read_bytes() for name in (COLOR_ICON, OUTLINE_ICON)},
    }
    written = io.BytesIO()
    with ZipFile(written, "w", ZIP_STORED) as package:
        for name, content in files.items():
            about = ZipInfo(name, _BEGINNING)
            about.create_system, about.external_attr = _UNIX, _READABLE_FILE
            package.writestr(about, content)
    return written.getvalue()
