"""The fused kernel: every smooth effect of one frame in a single pass over the pixels.

Slow maps live on the working grid and are interpolated along each grid row once, then along the
rows of pixels by start and slope. All work between reading and writing a pixel runs on a scratch
line that stays in the first-level cache, in loops short enough for the compiler to vectorise.
Cells in which nothing changes are copied before and never visited.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from micropen.compiled import compiled

Array = NDArray[np.float32]

# Slow maps, in this order.
GAIN_RED, GAIN_GREEN, GAIN_BLUE, TRACK, GLOSS, SHEEN, RELIEF = range(7)
MAPS: Final = 7
NEUTRAL: Final = np.array([1, 1, 1, 0, 1, 0, 0], dtype=np.float32)

THICKEST: Final = 2.5  # flake thickness (1 = mean) that a full byte stands for
# Pixels of one scratch line. Not a power of two: 22 lines 2048 bytes apart would share cache sets.
_LINE: Final = 528
_FEW_ROWS: Final = 2  # pixel rows per grid row up to which rows are blended before columns
_SHEEN_RELIEF: Final = 2.2  # sheen sits on the ridges of relief and spares its grooves
_SHEEN_FLOOR: Final = 0.15
_ROLL_OFF: Final = 2.5  # shine is held back where the brightest channel is above .6
_DARKEST_GAIN: Final = 0.02
# Below this many pixels starting threads costs more than they save.
_THREADS_FROM: Final = 400_000
_MOST_THREADS: Final = 4

_fast = compiled(fastmath=True, error_model="numpy")


@dataclass(frozen=True, slots=True)
class FlakePlanes:
    """Flakes of one frame, uint8 ``(H, W)`` over the window.

    Parameters
    ----------
    cover
        Flakes' thickness, 0-255 for 0-`THICKEST`; 1 is the mean thickness of a flake.
    edge
        Lit (above 128) and far (below 128) edges.
    """

    cover: NDArray[np.uint8]
    edge: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Sampling:
    """Where the pixels of a window lie on the padded grid of slow maps.

    Parameters
    ----------
    column, across
        Grid cell and place within it (0-1) of each column of pixels.
    row_start, row_step
        Grid row of pixel row ``y`` is ``row_start + row_step * y``.
    """

    column: NDArray[np.int32]
    across: Array
    row_start: float
    row_step: float

    @classmethod
    def of(cls, window: tuple[slice, slice], scale: tuple[float, float]) -> Sampling:
        """Place a window of the photograph on the grid, which is padded by one cell."""
        rows, columns = window
        x = (np.arange(columns.start, columns.stop) + 0.5) * scale[0] + 0.5
        cell = np.floor(x).astype(np.int32)
        return cls(
            cell,
            (x - cell).astype(np.float32),
            (rows.start + 0.5) * scale[1] + 0.5,
            scale[1],
        )


@_fast
def _blend_rows(maps: Any, row: Any, down: Any, cells: Any, between: Any) -> None:
    """Every slow map at `down` between two grid rows, from cell `cells[0]` to `cells[1]`."""
    for k in range(MAPS):
        above, below, out = maps[k, row], maps[k, row + 1], between[k]
        for i in range(cells[0], cells[1] + 1):
            out[i] = above[i] + (below[i] - above[i]) * down


@_fast
def _interpolate(values: Any, column: Any, across: Any, first: Any, count: Any, line: Any,
                 offset: Any) -> None:  # fmt: skip
    """One grid row at `count` pixels, into the scratch line."""
    base = offset * _LINE
    for i in range(count):
        cell = np.uint32(column[first + i])
        here = values[cell]
        line[base + i] = here + (values[cell + np.uint32(1)] - here) * across[first + i]


@_fast
def _shade(line: Any, down: Any, tint: Any, flake: Any, steps: Any, count: Any) -> None:
    """The arithmetic of all effects on one scratch line."""
    zero, one, half = np.float32(0), np.float32(1), np.float32(0.5)
    tint0, tint1, tint2 = tint[0], tint[1], tint[2]
    opacity, lit, shading, dull = flake[0], flake[1], flake[2], flake[3]
    white0, white1, white2 = flake[4], flake[5], flake[6]
    for i in range(count):
        surface, band = line[17 * _LINE + i], line[19 * _LINE + i]
        track = line[18 * _LINE + i] * (line[3 * _LINE + i] + line[10 * _LINE + i] * down)
        gloss = line[4 * _LINE + i] + line[11 * _LINE + i] * down
        sheen = line[5 * _LINE + i] + line[12 * _LINE + i] * down
        relief = one - (line[6 * _LINE + i] + line[13 * _LINE + i] * down) * band
        cover, edge = line[20 * _LINE + i], line[21 * _LINE + i]
        ridge = max(np.float32(_SHEEN_FLOOR), one + np.float32(_SHEEN_RELIEF) * band)
        # A camera rolls off before white: near it there is no room for more shine.
        brightest = max(line[14 * _LINE + i], line[15 * _LINE + i], line[16 * _LINE + i])
        room = min(one, (one - brightest) * np.float32(_ROLL_OFF))
        shine = surface * (gloss - one) * relief + sheen * ridge
        extra = surface * relief + (max(shine, zero) * room + min(shine, zero))
        floor = np.float32(_DARKEST_GAIN)
        gain0 = max(floor, line[i] + line[7 * _LINE + i] * down) * (one + track * tint0)
        gain1 = max(floor, line[_LINE + i] + line[8 * _LINE + i] * down) * (one + track * tint1)
        gain2 = max(floor, line[2 * _LINE + i] + line[9 * _LINE + i] * down) * (one + track * tint2)
        red = (line[14 * _LINE + i] - surface) * relief * gain0
        green = (line[15 * _LINE + i] - surface) * relief * gain1
        blue = (line[16 * _LINE + i] - surface) * relief * gain2
        white = opacity * cover + lit * max(edge, zero)
        keep = one - white
        shade = one + shading * edge
        # A flake scatters what bare skin would have mirrored: it dulls and never darkens.
        light = (red + extra) * white
        extra *= one - dull * min(cover, one)
        red = (red * keep + light * white0) * shade + extra
        green = (green * keep + light * white1) * shade + extra
        blue = (blue * keep + light * white2) * shade + extra
        line[14 * _LINE + i] = min(max(red, zero), one) * steps + half
        line[15 * _LINE + i] = min(max(green, zero), one) * steps + half
        line[16 * _LINE + i] = min(max(blue, zero), one) * steps + half


@_fast
def _paint_line(pixels: Any, planes: Any, flakes: Any, tables: Any, decode: Any, encode: Any,
                line: Any, down: Any, tint: Any, flake: Any, place: Any, flaky: Any,
                out: Any) -> None:  # fmt: skip
    """Read, shade and write `count` pixels of row `y` from column `first`."""
    surface, relief, track, inside = planes
    y, first, count = place
    for i in range(count):
        x = first + i
        line[14 * _LINE + i] = decode[pixels[y, x, 0]]
        line[15 * _LINE + i] = decode[pixels[y, x, 1]]
        line[16 * _LINE + i] = decode[pixels[y, x, 2]]
        line[17 * _LINE + i] = tables[0, surface[y, x]]
        line[18 * _LINE + i] = tables[1, track[y, x]]
        line[19 * _LINE + i] = tables[2, relief[y, x]]
    if flaky:
        for i in range(count):
            line[20 * _LINE + i] = tables[3, flakes[0][y, first + i]]
            line[21 * _LINE + i] = tables[4, flakes[1][y, first + i]]
    _shade(line, down, tint, flake, np.float32(encode.size - 1), count)
    for i in range(count):
        x = first + i
        if inside[y, x]:
            out[y, x, 0] = encode[np.uint32(line[14 * _LINE + i])]
            out[y, x, 1] = encode[np.uint32(line[15 * _LINE + i])]
            out[y, x, 2] = encode[np.uint32(line[16 * _LINE + i])]


@_fast
def _paint_run(pixels: Any, planes: Any, flakes: Any, tables: Any, decode: Any, encode: Any,
               maps: Any, column: Any, across: Any, rows: Any, tint: Any, flake: Any, flaky: Any,
               place: Any, exact: Any, line: Any, between: Any, out: Any) -> None:  # fmt: skip
    """Paint `count` columns from `first`, in the pixel rows that share grid row `row`.

    Three ways to the same numbers: no interpolation where the grid is the photograph's own, rows
    before columns where few pixel rows share a grid row, columns once for many rows elsewhere.
    """
    row, top, bottom, first, count = place
    once = not exact and bottom - top > _FEW_ROWS
    if once:
        for k in range(MAPS):
            _interpolate(maps[k, row], column, across, first, count, line, k)
            _interpolate(maps[k, row + 1], column, across, first, count, line, MAPS + k)
            for i in range(count):
                line[(MAPS + k) * _LINE + i] -= line[k * _LINE + i]
    for y in range(top, bottom):
        down = np.float32(rows[0] + rows[1] * y - row)
        if exact:
            start = column[first]
            for k in range(MAPS):
                values = maps[k, row]
                for i in range(count):
                    line[k * _LINE + i] = values[start + i]
        elif not once:
            cells = (column[first], column[first + count - 1] + 1)
            _blend_rows(maps, row, down, cells, between)
            for k in range(MAPS):
                _interpolate(between[k], column, across, first, count, line, k)
        if not once:
            down = np.float32(0)
        _paint_line(pixels, planes, flakes, tables, decode, encode, line, down, tint, flake,
                    (y, first, count), flaky, out)  # fmt: skip


@_fast
def _paint_rows(pixels: Any, planes: Any, flakes: Any, tables: Any, decode: Any, encode: Any,
                maps: Any, active: Any, column: Any, across: Any, rows: Any, tint: Any,
                flake: Any, flaky: Any, band: Any, out: Any) -> None:  # fmt: skip
    """Paint pixel rows `band[0]` to `band[1]`, run by run of active cells."""
    width = column.size
    exact = rows[1] == 1.0 and across[0] == 0.0 and across[width - 1] == 0.0
    line = np.zeros(22 * _LINE, np.float32)
    between = np.empty((MAPS, maps.shape[2]), np.float32)
    top = band[0]
    while top < band[1]:
        row = int(rows[0] + rows[1] * top)
        bottom = top + 1
        while bottom < band[1] and int(rows[0] + rows[1] * bottom) == row:
            bottom += 1
        x = 0
        while x < width:
            first = x
            while x < width and x - first < _LINE and active[row, column[x]]:
                x += 1
            if x > first:
                place = (row, top, bottom, first, x - first)
                _paint_run(pixels, planes, flakes, tables, decode, encode, maps, column, across,
                           rows, tint, flake, flaky, place, exact, line, between,
                           out)  # fmt: skip
            else:
                x += 1
        top = bottom


def active_cells(maps: Array, coverage: Array) -> NDArray[np.bool_]:
    """Cells of the padded grid in which any corner differs from neutral.

    Parameters
    ----------
    maps
        Padded slow maps, ``(7, h + 2, w + 2)``.
    coverage
        Padded flake coverage, ``(h + 2, w + 2)``.

    Returns
    -------
    numpy.ndarray
        ``(h + 1, w + 1)`` bool.
    """
    changed = (maps != NEUTRAL[:, None, None]).any(0) | (coverage > 0)
    return np.asarray(
        changed[:-1, :-1] | changed[1:, :-1] | changed[:-1, 1:] | changed[1:, 1:], dtype=np.bool_
    )


def paint(
    pixels: NDArray[Any],
    planes: tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8], NDArray[np.bool_]],
    flakes: FlakePlanes | None,
    tables: Array,
    transfer: tuple[Array, NDArray[Any]],
    maps: Array,
    active: NDArray[np.bool_],
    sampling: Sampling,
    tint: Array,
    flake: Array,
    out: NDArray[Any],
) -> None:
    """Paint one window of a photograph; pixels of inactive cells stay as they are in `out`.

    Parameters
    ----------
    pixels
        Encoded window, ``(H, W, 3)`` uint8 or uint16.
    planes
        Surface reflection, relief band, needle tracks (uint8 codes) and support, ``(H, W)`` each.
    flakes
        Flakes of this frame, or None.
    tables
        What the codes mean, ``(5, 256)``: surface, tracks, relief, flake cover, flake edge.
    transfer
        Decoding and encoding table.
    maps
        Padded slow maps, ``(7, h + 2, w + 2)`` float32.
    active
        From `active_cells`.
    sampling
        Where the window lies on the grid.
    tint
        Relative change of R, G, B per unit of needle-track contrast.
    flake
        Opacity, lit edge, edge shading, dulling, and paper white R, G, B.
    out
        Holds a copy of `pixels`; painted in place.
    """
    blank = planes[0][:1]
    pair = (flakes.cover, flakes.edge) if flakes is not None else (blank, blank)
    rows = (sampling.row_start, sampling.row_step)
    height = pixels.shape[0]

    def run(band: tuple[int, int]) -> None:
        _paint_rows(pixels, planes, pair, tables, *transfer, maps, active, sampling.column,
                    sampling.across, rows, tint, flake, flakes is not None, band,
                    out)  # fmt: skip

    threads = min(_MOST_THREADS, cpu_count() or 1)
    if pixels.shape[0] * pixels.shape[1] < _THREADS_FROM or threads == 1:
        run((0, height))
        return
    cuts = np.linspace(0, height, 4 * threads + 1).astype(int)
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)))
