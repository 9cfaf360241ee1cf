"""Skin colour at run time: a baked table, read both ways."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from micropen.compiled import njit
from micropen.optics.spline import cell_of, slope_weights, spline_coefficients, value_weights

FloatArray = NDArray[np.float64]
MapArray = NDArray[np.float32]
IndexArray = NDArray[np.int64]
Pair = tuple[float, float]
# ln(R/G), ln(G/B), then the slope of each per node of melanin and of blood: u_m, u_b, v_m, v_b.
Chromaticity = tuple[float, float, float, float, float, float]

TABLE_FILE: Final = "skin_colour.npz"

# Newton's method on the chromaticity: inside the gamut one or two steps from the baked seed are
# enough; the rest serves points at its border.
_MOST_STEPS: Final = 10
_CONVERGED: Final = 2e-7
# A step that leaves more than this of the distance has overshot, or stands at the gamut's border.
_PROGRESS: Final = 0.95
# A chromaticity farther than this (log ratio, 0.01 %) from what the model can show is outside it.
_INSIDE: Final = 1e-4
# Longest Newton step, in table nodes.
_LONGEST_STEP: Final = 8.0
# After a step this short (in nodes) that ends inside the table, what is left is second order: below
# 1e-4 of melanin and blood in 99 % of the gamut, 1e-3 at worst. One more step costs a third more.
_SHORT_STEP: Final = 0.2
# Halving an overshot step ends here.
_CLOSE: Final = 0.02
_TINY: Final = 1e-9
# Saturation is refined once to this many sheets, then interpolated linearly (error below 5e-5).
_SHEETS: Final = 31


@njit
def _colour(sheet: FloatArray, row: float, column: float) -> tuple[float, float, float]:
    # Sums in scalars, not in an array: they stay in registers.
    i, x = cell_of(row, sheet.shape[0] - 2)
    j, y = cell_of(column, sheet.shape[1] - 2)
    rows, columns = value_weights(x), value_weights(y)
    red, green, blue = 0.0, 0.0, 0.0
    for r in range(4):
        for c in range(4):
            weight = rows[r] * columns[c]
            red += weight * sheet[i + r, j + c, 0]
            green += weight * sheet[i + r, j + c, 1]
            blue += weight * sheet[i + r, j + c, 2]
    return red, green, blue


@njit
def _forward(
    sheets: FloatArray,
    melanin: MapArray,
    blood: MapArray,
    cell: IndexArray,
    place: FloatArray,
    origin: Pair,
    step: Pair,
    out: MapArray,
) -> None:
    wide = int(cell.size > 1)
    last_row, last_column = sheets.shape[1] - 3.0, sheets.shape[2] - 3.0
    for pixel in range(melanin.size):
        row = (np.log(max(melanin[pixel], _TINY)) - origin[0]) / step[0]
        column = (np.log(max(blood[pixel], _TINY)) - origin[1]) / step[1]
        row, column = min(max(row, 0.0), last_row), min(max(column, 0.0), last_column)
        here, share = cell[wide * pixel], place[wide * pixel]
        red, green, blue = _colour(sheets[here], row, column)
        if share > 0.0:
            second = _colour(sheets[here + 1], row, column)
            red += share * (second[0] - red)
            green += share * (second[1] - green)
            blue += share * (second[2] - blue)
        out[pixel, 0], out[pixel, 1], out[pixel, 2] = red, green, blue


@njit
def _sheet_chromaticity(sheet: FloatArray, row: float, column: float) -> Chromaticity:
    """Return ln(R/G), ln(G/B), and the slopes of both per node of melanin and of blood."""
    i, x = cell_of(row, sheet.shape[0] - 2)
    j, y = cell_of(column, sheet.shape[1] - 2)
    rows, columns = value_weights(x), value_weights(y)
    row_slopes, column_slopes = slope_weights(x), slope_weights(y)
    u, v, u_row, v_row, u_column, v_column = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for r in range(4):
        a, b, a_column, b_column = 0.0, 0.0, 0.0, 0.0
        for c in range(4):
            first, second = sheet[i + r, j + c, 0], sheet[i + r, j + c, 1]
            a += columns[c] * first
            b += columns[c] * second
            a_column += column_slopes[c] * first
            b_column += column_slopes[c] * second
        u += rows[r] * a
        v += rows[r] * b
        u_row += row_slopes[r] * a
        v_row += row_slopes[r] * b
        u_column += rows[r] * a_column
        v_column += rows[r] * b_column
    return u, v, u_row, u_column, v_row, v_column


@njit
def _chromaticity(
    sheets: FloatArray, cell: int, place: float, row: float, column: float
) -> Chromaticity:
    low = _sheet_chromaticity(sheets[cell], row, column)
    if place <= 0.0:
        return low
    high = _sheet_chromaticity(sheets[cell + 1], row, column)
    return (
        low[0] + place * (high[0] - low[0]),
        low[1] + place * (high[1] - low[1]),
        low[2] + place * (high[2] - low[2]),
        low[3] + place * (high[3] - low[3]),
        low[4] + place * (high[4] - low[4]),
        low[5] + place * (high[5] - low[5]),
    )


@njit
def _clamped_step(
    jacobian: tuple[float, float, float, float], residual: Pair, place: Pair, low: Pair, high: Pair
) -> Pair:
    """Newton step in two unknowns; at a border, the least-squares step along it."""
    a, b, c, d = jacobian
    determinant = a * d - b * c
    if abs(determinant) < 1e-9:
        determinant = 1e-9
    first = (d * residual[0] - b * residual[1]) / determinant
    second = (a * residual[1] - c * residual[0]) / determinant
    longest = max(abs(first), abs(second))
    if longest > _LONGEST_STEP:
        first *= _LONGEST_STEP / longest
        second *= _LONGEST_STEP / longest
    row, column = place[0] + first, place[1] + second
    if row < low[0] or row > high[0]:
        row = min(max(row, low[0]), high[0])
        left = (
            residual[0] - a * (row - place[0]),
            residual[1] - c * (row - place[0]),
        )
        column = place[1] + (b * left[0] + d * left[1]) / (b * b + d * d + 1e-12)
    elif column < low[1] or column > high[1]:
        column = min(max(column, low[1]), high[1])
        left = (
            residual[0] - b * (column - place[1]),
            residual[1] - d * (column - place[1]),
        )
        row = place[0] + (a * left[0] + c * left[1]) / (a * a + c * c + 1e-12)
    return min(max(row, low[0]), high[0]), min(max(column, low[1]), high[1])


@njit
def _newton(
    sheets: FloatArray, cell: int, place: float, target: Pair, start: Pair, high: Pair
) -> tuple[float, float, float]:
    """Return row, column and the distance that is left, from `start`."""
    best_row, best_column, best = start[0], start[1], 1e30
    row, column = start
    for _ in range(_MOST_STEPS):
        model = _chromaticity(sheets, cell, place, row, column)
        residual = (target[0] - model[0], target[1] - model[1])
        distance = abs(residual[0]) + abs(residual[1])
        if distance >= _PROGRESS * best:
            row, column = 0.5 * (row + best_row), 0.5 * (column + best_column)
            if abs(row - best_row) + abs(column - best_column) < _CLOSE:
                break
            continue
        best_row, best_column, best = row, column, distance
        if distance < _CONVERGED:
            break
        row, column = _clamped_step(model[2:], residual, (row, column), (0.0, 0.0), high)
        within = 0.0 < row < high[0] and 0.0 < column < high[1]
        if within and abs(row - best_row) + abs(column - best_column) < _SHORT_STEP:
            return row, column, 0.0
    return best_row, best_column, best


@njit
def _start(seeds: MapArray, frame: FloatArray, target: Pair) -> Pair:
    """Start of the inversion, interpolated between the four seeds around a chromaticity."""
    side = seeds.shape[0]
    p = min(max((target[0] - frame[0]) / frame[1], 0.0), side - 1.0)
    q = min(max((target[1] - frame[2]) / frame[3], 0.0), side - 1.0)
    i, x = cell_of(p, side)
    j, y = cell_of(q, side)
    near, far = (1.0 - x) * (1.0 - y), x * y
    low, high = x * (1.0 - y), (1.0 - x) * y
    first, second, third, fourth = (
        seeds[i, j],
        seeds[i + 1, j],
        seeds[i, j + 1],
        seeds[i + 1, j + 1],
    )
    return (
        near * first[0] + low * second[0] + high * third[0] + far * fourth[0],
        near * first[1] + low * second[1] + high * third[1] + far * fourth[1],
    )


@njit
def _inverse(
    sheets: FloatArray,
    seeds: MapArray,
    frame: FloatArray,
    log_rg: MapArray,
    log_gb: MapArray,
    cell: IndexArray,
    place: FloatArray,
    nearest: IndexArray,
    origin: Pair,
    step: Pair,
    high: Pair,
    out: MapArray,
    inside: NDArray[np.bool_],
) -> None:
    wide = int(cell.size > 1)
    for pixel in range(log_rg.size):
        where = wide * pixel
        target = (float(log_rg[pixel]), float(log_gb[pixel]))
        start = _start(seeds[nearest[where]], frame[nearest[where]], target)
        row, column, distance = _newton(sheets, cell[where], place[where], target, start, high)
        out[0, pixel] = np.exp(origin[0] + step[0] * row)
        out[1, pixel] = np.exp(origin[1] + step[1] * column)
        inside[pixel] = distance < _INSIDE


@dataclass(frozen=True, slots=True)
class TableAxes:
    """Axes of the baked table.

    Parameters
    ----------
    melanin
        Melanosome fractions, evenly spaced in their logarithm.
    blood
        Blood fractions, evenly spaced in their logarithm.
    saturation
        Oxygen saturations, evenly spaced.
    """

    melanin: FloatArray
    blood: FloatArray
    saturation: FloatArray

    @property
    def origin(self) -> tuple[float, float]:
        """Logarithms of the first melanin and the first blood."""
        return float(np.log(self.melanin[0])), float(np.log(self.blood[0]))

    @property
    def step(self) -> tuple[float, float]:
        """Step of ln(melanin) and of ln(blood) between nodes."""
        return (
            float(np.log(self.melanin[-1] / self.melanin[0]) / (self.melanin.size - 1)),
            float(np.log(self.blood[-1] / self.blood[0]) / (self.blood.size - 1)),
        )


@dataclass(frozen=True, slots=True)
class _Saturations:
    """Where each pixel's saturation stands: sheet below, place above it, nearest seed raster."""

    cell: IndexArray
    place: FloatArray
    nearest_seeds: IndexArray


class SkinColour:
    """Colour of skin as a function of melanin, blood and oxygen saturation, and its inverse.

    Parameters
    ----------
    log_rgb_table
        Shape ``(melanin, blood, saturation, 3)``: ln of the linear sRGB diffuse reflectance
        (surface reflection removed, D65, 1 = a perfect white).
    axes
        Of the table.
    seeds
        Shape ``(saturation, side, side, 2)``: start of the inversion, in table nodes, on a raster
        of chromaticity.
    seed_frame
        Shape ``(saturation, 4)``: first value and step of ln(R/G) and of ln(G/B) of that raster.
    most_invertible_blood
        The inversion looks no further; beyond it one chromaticity may have two answers.
    digest
        SHA-256 of the table, recorded in results.

    Notes
    -----
    The table is interpolated by cubic splines; `invert` solves the same splines, so it undoes
    `log_rgb` within 1e-4 (99 % of the gamut). Both are safe to call from several threads.
    """

    def __init__(
        self,
        log_rgb_table: NDArray[np.float32],
        axes: TableAxes,
        seeds: NDArray[np.float16],
        seed_frame: FloatArray,
        most_invertible_blood: float,
        digest: str,
    ) -> None:
        self.axes = axes
        self.most_invertible_blood = most_invertible_blood
        self.digest = digest
        coefficients = spline_coefficients(np.asarray(log_rgb_table, dtype=np.float64), axes=3)
        self._sheets = _refine(np.moveaxis(coefficients, 2, 0), _SHEETS)
        self._chroma = np.ascontiguousarray(self._sheets[..., :2] - self._sheets[..., 1:])
        self._seeds = np.asarray(seeds, dtype=np.float32)
        self._seed_frame = seed_frame

    def log_rgb(self, melanin: ArrayLike, blood: ArrayLike, saturation: ArrayLike) -> MapArray:
        """Colour of skin without surface reflection.

        Parameters
        ----------
        melanin
            Melanosome volume fraction of the epidermis. Beyond the table (.003-.30) its edge holds.
        blood
            Blood volume fraction of the dermis (.002-.40), likewise.
        saturation
            Oxygen saturation (.4-1), likewise. One number is several times faster than a map.

        Returns
        -------
        numpy.ndarray
            float32, broadcast shape plus ``(3,)``: ln of linear sRGB, 0 = a perfect white.
        """
        melanin_map, blood_map = np.broadcast_arrays(
            np.asarray(melanin, dtype=np.float32), np.asarray(blood, dtype=np.float32)
        )
        if np.size(saturation) > 1:
            melanin_map, blood_map, saturation = np.broadcast_arrays(
                melanin_map, blood_map, saturation
            )
        sheets, place = self._choose(self._sheets, saturation)
        out = np.empty((*melanin_map.shape, 3), dtype=np.float32)
        _forward(
            sheets,
            np.ascontiguousarray(melanin_map).ravel(),
            np.ascontiguousarray(blood_map).ravel(),
            place.cell,
            place.place,
            self.axes.origin,
            self.axes.step,
            out.reshape(-1, 3),
        )
        return out

    def invert(
        self, log_rg: ArrayLike, log_gb: ArrayLike, saturation: ArrayLike
    ) -> tuple[MapArray, MapArray, NDArray[np.bool_]]:
        """Melanin and blood from chromaticity, which no shading changes.

        Parameters
        ----------
        log_rg, log_gb
            ln(R/G) and ln(G/B) of linear sRGB without surface reflection.
        saturation
            Assumed oxygen saturation. One number is several times faster than a map.

        Returns
        -------
        melanin, blood : numpy.ndarray
            float32, broadcast shape. A chromaticity that the model cannot show gets the nearest
            one at the edge of its range (melanin .003-.30, blood .002 to
            `most_invertible_blood`).
        inside : numpy.ndarray of bool
            False where that happened, and where the input is not finite.
        """
        rg, gb = np.broadcast_arrays(
            np.asarray(log_rg, dtype=np.float32), np.asarray(log_gb, dtype=np.float32)
        )
        if np.size(saturation) > 1:
            rg, gb, saturation = np.broadcast_arrays(rg, gb, saturation)
        sheets, place = self._choose(self._chroma, saturation)
        finite = np.isfinite(rg) & np.isfinite(gb)
        out = np.empty((2, rg.size), dtype=np.float32)
        inside = np.empty(rg.size, dtype=np.bool_)
        _inverse(
            sheets,
            self._seeds,
            self._seed_frame,
            np.where(finite, rg, np.float32(0.0)).ravel(),
            np.where(finite, gb, np.float32(0.0)).ravel(),
            place.cell,
            place.place,
            place.nearest_seeds,
            self.axes.origin,
            self.axes.step,
            (self.axes.melanin.size - 1.0, self._last_column()),
            out,
            inside,
        )
        melanin, blood = out.reshape(2, *rg.shape)
        return melanin, blood, inside.reshape(rg.shape) & finite

    def _last_column(self) -> float:
        span = np.log(self.most_invertible_blood) - self.axes.origin[1]
        return float(min(span / self.axes.step[1], self.axes.blood.size - 1.0))

    def _choose(self, sheets: FloatArray, saturation: ArrayLike) -> tuple[FloatArray, _Saturations]:
        """Place saturations between sheets; one value for all folds them to a single sheet."""
        axis = self.axes.saturation
        clipped = np.clip(np.asarray(saturation, dtype=np.float64).ravel(), axis[0], axis[-1])
        share = (clipped - axis[0]) / (axis[-1] - axis[0])
        nearest = np.rint(share * (axis.size - 1)).astype(np.int64)
        position = share * (_SHEETS - 1)
        cell = np.minimum(position.astype(np.int64), _SHEETS - 2)
        place = position - cell
        if position.size != 1:
            return sheets, _Saturations(cell, place, nearest)
        low, high = sheets[cell[0]], sheets[cell[0] + 1]
        folded = low + place[0] * (high - low)
        return folded[None], _Saturations(np.zeros(1, np.int64), np.zeros(1), nearest)


def _refine(coefficients: FloatArray, count: int) -> FloatArray:
    """Evaluate splines along their first axis at `count` evenly spaced places."""
    nodes = coefficients.shape[0] - 2
    out = np.empty((count, *coefficients.shape[1:]))
    for k, position in enumerate(np.linspace(0.0, nodes - 1.0, count)):
        cell, place = cell_of(position, nodes)
        weights = np.array(value_weights(place))
        out[k] = np.tensordot(weights, coefficients[cell : cell + 4], axes=1)
    return out


@cache
def skin_colour() -> SkinColour:
    """Return the program's skin colour table, read once from ``optics/data``.

    Returns
    -------
    SkinColour
        Baked by ``tools/bake_skin_colour.py`` from the parameters of the room ``optics``.
    """
    with (files("micropen.optics") / "data" / TABLE_FILE).open("rb") as file:
        content = np.load(file, allow_pickle=False)
        return SkinColour(
            content["log_rgb"],
            TableAxes(content["melanin"], content["blood"], content["saturation"]),
            content["seeds"],
            content["seed_frame"],
            float(content["most_invertible_blood"]),
            str(content["digest"]),
        )
