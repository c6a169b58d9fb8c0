"""The app package: one file with the manifest and two icons, fit for Teams, and the same bytes each time."""

import io
import json
import struct
import zlib
from zipfile import ZipFile

import numpy as np
import pytest

from adapters.teams.icons.draw import COLOR_SIZE, FOLDER, OUTLINE_SIZE, Pixels, color_icon, outline_icon, png
from adapters.teams.manifest import manifest, publisher_at
from adapters.teams.package import app_package, app_version, is_app_version

MANIFEST = manifest("1b4e28ba-2fa1-41d2-883f-0016d3cca427", publisher_at("https://signpost.hillside.example"), "0.1.0")
ICONS = pytest.mark.parametrize(
    ("name", "size", "drawn"),
    [("color.png", COLOR_SIZE, color_icon()), ("outline.png", OUTLINE_SIZE, outline_icon())],
)


def opened() -> ZipFile:
    """Return the package of a school."""
    return ZipFile(io.BytesIO(app_package(MANIFEST)))


def pixels_of(picture: bytes) -> Pixels:
    """Read a PNG whose lines are unfiltered, as its format says it: www.w3.org/TR/png."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(picture):
        [length] = struct.unpack_from(">I", picture, at)
        kind, data = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", picture, at + 8 + length) == (zlib.crc32(kind + data),)
        chunks[kind] = data
        at += 12 + length
    width, height, *rest = struct.unpack(">2I5B", chunks[b"IHDR"])
    assert rest == [8, 6, 0, 0, 0]
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), dtype=np.uint8).reshape(height, 1 + width * 4)
    assert not lines[:, 0].any()
    return lines[:, 1:].reshape(height, width, 4)


def test_it_holds_the_manifest_and_the_icons_that_the_manifest_names() -> None:
    """Teams refuses a package with a folder around them, or with a file that is named and not there."""
    with opened() as package:
        assert package.testzip() is None
        assert json.loads(package.read("manifest.json")) == MANIFEST
        assert sorted(package.namelist()) == ["color.png", "manifest.json", "outline.png"]
        assert set(MANIFEST["icons"].values()) < set(package.namelist())


def test_it_is_the_same_each_time() -> None:
    """Whoever wonders whether a package is the one that was uploaded compares two files."""
    assert app_package(MANIFEST) == app_package(json.loads(json.dumps(MANIFEST)))
    with opened() as package:
        assert {about.date_time for about in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {about.external_attr >> 16 for about in package.infolist()} == {0o100644}


@ICONS
def test_the_icons_are_those_that_are_drawn(name: str, size: int, drawn: Pixels) -> None:
    """The files were made by `python -m adapters.teams.icons.draw`, and have the sizes that Teams asks for."""
    stored = pixels_of((FOLDER / name).read_bytes())
    assert stored.shape == (size, size, 4)
    assert np.array_equal(stored, drawn)
    assert np.array_equal(pixels_of(png(drawn)), drawn)


def test_the_icon_in_colour_fills_its_square() -> None:
    """Teams cuts its corners itself; a hole in it would show as black on some phones."""
    icon = color_icon()
    assert (icon[:, :, 3] == 255).all()
    assert {tuple(corner) for corner in icon[[0, 0, -1, -1], [0, -1, 0, -1]]} == {(11, 85, 99, 255)}
    assert len(np.unique(icon.reshape(-1, 4), axis=0)) > 4


def test_the_outline_is_white_on_nothing() -> None:
    """Teams takes an outline of one colour: white, or nothing."""
    icon = outline_icon()
    assert (icon[:, :, :3] == 255).all()
    seen = icon[:, :, 3]
    assert seen[8, 16] == seen[22, 16] == 255  # the two boards
    assert seen[8, 2] == seen[22, 30] == 0
    assert not seen[0].any()
    assert not seen[-1].any()
    assert 0.3 < (seen > 0).mean() < 0.7


@pytest.mark.parametrize(
    ("version", "app"), [("0.1.0", "0.1.0"), ("1.20.3", "1.20.3"), ("0.2.0.dev3+g1", "0.2.0"), ("unknown", "0.0.1")]
)
def test_the_version_is_one_that_teams_takes(version: str, app: str) -> None:
    """Teams takes three numbers and nothing behind them."""
    assert app_version(version) == app
    assert is_app_version(app)


@pytest.mark.parametrize("version", ["", "1.0", "1.0.0.0", "v1.0.0", "01.0.0", "1.0.0-beta", "1.0.0\n"])
def test_other_versions_are_not_taken(version: str) -> None:
    """What Teams would refuse after the upload is refused before it."""
    assert not is_app_version(version)
