"""The habits that a tool alone does not check: sizes, names, where the environment is read, what tests may use."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "knowledge", "adapters")
MAX_FILE_LINES = 400
MAX_FUNCTION_CODE_LINES = 40
VAGUE = re.compile(r"\b(util|utils|helper|helpers|manager|misc|stuff)\b")

if not (ROOT / "bot").is_dir():
    pytest.skip("the checkout is not here (the wheel is under test)", allow_module_level=True)

FILES = [path for package in (*PACKAGES, "tests") for path in sorted((ROOT / package).rglob("*.py"))]
SOURCES = [path for path in FILES if path.relative_to(ROOT).parts[0] in PACKAGES]


def _names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _code_lines(path: Path, function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()[function.lineno - 1 : function.end_lineno]
    text = "\n".join(lines)
    docstring = ast.get_docstring(function, clean=False)
    size = sum(1 for line in text.splitlines() if line.strip() and not line.strip().startswith("#"))
    return size - (sum(1 for line in docstring.splitlines() if line.strip()) if docstring else 0)


@pytest.mark.parametrize("path", FILES, ids=_names(FILES))
def test_no_file_is_longer_than_a_person_reads_in_one_go(path: Path) -> None:
    """A file has at most 400 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_FILE_LINES


@pytest.mark.parametrize("path", FILES, ids=_names(FILES))
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    """A function has at most 40 lines of code."""
    long = {function.name: _code_lines(path, function) for function in _functions(path)}
    assert {name: size for name, size in long.items() if size > MAX_FUNCTION_CODE_LINES} == {}


@pytest.mark.parametrize("path", SOURCES, ids=_names(SOURCES))
def test_only_the_settings_read_the_environment(path: Path) -> None:
    """The environment is read in one module, so that every setting can be found in one table."""
    if path.name != "settings.py":
        assert "os.environ" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SOURCES, ids=_names(SOURCES))
def test_names_say_what_things_are(path: Path) -> None:
    """No module is called a helper, a util or a manager."""
    assert not VAGUE.search(path.stem)


@pytest.mark.parametrize("path", FILES, ids=_names(FILES))
def test_tests_use_fakes_and_no_mocks(path: Path) -> None:
    """Nothing imports a mock."""
    imported = [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ImportFrom)
    ]
    assert not any(node.module == "unittest" or (node.module or "").startswith("unittest.mock") for node in imported)


def test_the_bot_never_writes_a_log() -> None:
    """The bot knows the question's text, so it must not be able to log it."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        assert "import logging" not in path.read_text(encoding="utf-8"), path


def test_every_test_says_what_it_shows() -> None:
    """Every test has a docstring."""
    silent = [
        f"{path.name}:{function.name}"
        for path in FILES
        if path.relative_to(ROOT).parts[0] == "tests"
        for function in _functions(path)
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]
    assert silent == []


def test_the_changelog_names_the_version() -> None:
    """The version of the package stands in the changelog."""
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert version
    assert f"## [{version.group(1)}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
