"""Writes signpost.example.yaml from the table of settings."""

from pathlib import Path

from adapters.settings_table import SETTINGS, Setting

FILE = Path(__file__).parent.parent / "signpost.example.yaml"
_HEAD = """\
# Settings of Signpost. Copy this file to signpost.yaml and take the "# " off the lines you change.
# Each setting can also be given by the environment variable in brackets, which wins over this file.
"""
_SECRETS = """\
# Secrets do not belong in this file: it is refused with one in it. Set them in the environment, or put each into a file
# that only Signpost can read, and name it in the variable with _FILE at its end, such as SIGNPOST_DATA_KEY_FILE.
"""


def example_text() -> str:
    """Return the example file: every setting with its help and its default, all of it commented out."""
    plain = [_plain(setting) for setting in SETTINGS if not setting.secret]
    secret = [f"# {setting.env}: {setting.help}\n" for setting in SETTINGS if setting.secret]
    return "\n".join([_HEAD, *plain, _SECRETS + "".join(secret)])


def _plain(setting: Setting) -> str:
    default = f"default {setting.default}" if setting.default else "no default"
    return f"# {setting.help}\n# ({setting.env}, {default})\n# {setting.name}: {setting.default or setting.example}\n"


if __name__ == "__main__":
    FILE.write_text(example_text(), encoding="utf-8")
