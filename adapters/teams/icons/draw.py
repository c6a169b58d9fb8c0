"""Draws the two icons: a signpost, in colour on a full square, and in white on nothing.

`python -m adapters.teams.icons.draw` writes them anew. The shapes and colours are those of the try-out's icon.
"""

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

COLOR_SIZE, OUTLINE_SIZE = 192, 32
FOLDER = Path(__file__).parent
_FINER = 8  # each pixel is the mean of 8 x 8 points
_BACKGROUND, _POST, _UPPER, _LOWER = (11, 85, 99), (207, 230, 234), (255, 255, 255), (246, 198, 103)
_WHITE = (255, 255, 255)
# Convex shapes on a square of 48 units, their corners clockwise; the boards stand before the post.
_SHAPES = (
    (_POST, ((22, 7), (26, 7), (26, 42), (22, 42))),
    (_UPPER, ((11, 11), (32, 11), (39, 16.5), (32, 22), (11, 22))),
    (_LOWER, ((18, 25), (37, 25), (37, 35), (18, 35), (11, 30))),
)

_Mask = NDArray[np.bool_]
Pixels = NDArray[np.uint8]
"""Rows of pixels, each of red, green, blue and how much of it is seen."""


def color_icon() -> Pixels:
    """Return the icon in colour; Teams rounds its corners itself."""
    points = np.empty((COLOR_SIZE * _FINER, COLOR_SIZE * _FINER, 3))
    points[:] = _BACKGROUND
    for color, corners in _SHAPES:
        points[_inside(corners, COLOR_SIZE, 0, 0, COLOR_SIZE / 48)] = color
    pixels = np.full((COLOR_SIZE, COLOR_SIZE, 4), 255, dtype=np.uint8)
    pixels[:, :, :3] = np.rint(_means(points))
    return pixels


def outline_icon() -> Pixels:
    """Return the icon in white: only how much of each pixel is seen differs."""
    scale = 30 / 35  # the shapes are 35 units high; a pixel is left above and below
    seen = np.zeros((OUTLINE_SIZE * _FINER, OUTLINE_SIZE * _FINER, 1))
    for _, corners in _SHAPES:
        seen[_inside(corners, OUTLINE_SIZE, OUTLINE_SIZE / 2 - 25 * scale, 1 - 7 * scale, scale)] = 255
    pixels = np.empty((OUTLINE_SIZE, OUTLINE_SIZE, 4), dtype=np.uint8)
    pixels[:, :, :3] = _WHITE
    pixels[:, :, 3:] = np.rint(_means(seen))
    return pixels


def png(pixels: Pixels) -> bytes:
    """Return pixels as a PNG file (www.w3.org/TR/png)."""
    height, width, _ = pixels.shape
    lines = b"".join(b"\0" + line.tobytes() for line in pixels)
    header = struct.pack(">2I5B", width, height, 8, 6, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _inside(corners: tuple[tuple[float, float], ...], size: int, left: float, top: float, scale: float) -> _Mask:
    """Tell of each point whether it lies on the inner side of every edge."""
    rows, columns = (np.mgrid[: size * _FINER, : size * _FINER] + 0.5) / _FINER
    placed = [(left + x * scale, top + y * scale) for x, y in corners]
    inside: _Mask = np.ones(rows.shape, dtype=np.bool_)
    for (x1, y1), (x2, y2) in zip(placed, placed[1:] + placed[:1], strict=True):
        inside &= (x2 - x1) * (rows - y1) >= (y2 - y1) * (columns - x1)
    return inside


def _means(points: NDArray[Any]) -> NDArray[Any]:
    size = points.shape[0] // _FINER
    means: NDArray[Any] = points.reshape(size, _FINER, size, _FINER, -1).mean(axis=(1, 3))
    return means


if __name__ == "__main__":
    (FOLDER / "color.png").write_bytes(png(color_icon()))
    (FOLDER / "outline.png").write_bytes(png(outline_icon()))
