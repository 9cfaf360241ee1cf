"""Colour correction from the chart: fitted in linear light, with the error that it leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from micropen.errors import MicropenError
from micropen.measurement.chart.colour_difference import delta_e_2000
from micropen.measurement.chart.metric import visible_difference
from micropen.measurement.chart.placement import PATCHES
from micropen.measurement.chart.reference import (
    Edition,
    chart_colours,
    lab_d50_from_linear,
)
from micropen.measurement.chart.tone_curve import STRAIGHT, ToneCurve

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# Tone curves tried: slope and bend of ln(light) against ln(photographed light), coarse, then
# finer around the best. Cameras lift the middle and press the highlights: slopes of .4 in the
# lightest patches and 1.9 in the darkest occur.
_SLOPES: Final = tuple(0.1 * step for step in range(5, 17))
_BENDS: Final = tuple(0.06 * step for step in range(-2, 6))
_FINER: Final = (0.05, 0.03)
# A patch that differs by more than this many times the middle one counts less (Huber).
_HUBER: Final = 2.0
_LEAST_MIDDLE: Final = 0.3
_ROUNDS: Final = 3
# A richer model must lower the left-out error by this factor: one model for most photographs, of
# few numbers, is steadier through a series than the best for each.
_WORTH: Final = 0.85
# Left-out error that needs no richer model: well below what is just visible side by side.
_ENOUGH: Final = 0.8
# Patches darker than this L* say nothing about uneven light: shine outweighs them.
_LIT: Final = 30.0
# Patches with all channels above this count in the scatter of logarithms, as skin has.
_ALL_CHANNELS: Final = 0.05
# Below this linear value a channel has no logarithm worth its name.
_DARKEST: Final = 1e-4


class Model(StrEnum):
    """Shape of a correction, from few numbers to many."""

    MATRIX = "3 x 3 matrix"
    CURVED = "tone curve and 3 x 3 matrix"
    CURVED_ROOTS = "tone curve and root polynomial of degree 2"


@dataclass(frozen=True, eq=False)
class ColourCorrection:
    """From a photograph's linear light to the colours the chart stands for.

    White balance and exposure are part of it: white comes out at the reflectance of white.

    Parameters
    ----------
    model
        Shape that left-out patches chose.
    curve
        Tone curve that is undone first; straight unless `model` has one.
    matrix
        ``(3, n)`` weights of the n features of `model`.
    covariance
        ``(3 n, 3 n)`` covariance of `matrix`, row by row.
    scatter
        ``(3, 3)`` covariance of ln(R), ln(G), ln(B) of left-out patches that have all three: what
        no matrix takes out (light that is uneven in the small, the camera's own colour vision).
    edition
        The make of the chart.
    differences
        ``(24,)`` CIEDE2000 of every patch after correction; NaN where it was not used.
    left_out
        ``(24,)`` the same, each patch predicted by the others.
    light_slope
        Change of ln(light) per column and per row of the chart; taken out before the fit.
    """

    model: Model
    curve: ToneCurve
    matrix: FloatArray
    covariance: FloatArray = field(repr=False)
    scatter: FloatArray = field(repr=False)
    edition: Edition
    differences: FloatArray = field(repr=False)
    left_out: FloatArray = field(repr=False)
    light_slope: tuple[float, float]

    @property
    def mean_difference(self) -> float:
        """Mean CIEDE2000 of the patches that were used."""
        return float(np.nanmean(self.differences))

    @property
    def largest_difference(self) -> float:
        """Largest CIEDE2000 of the patches that were used."""
        return float(np.nanmax(self.differences))

    @property
    def mean_left_out_difference(self) -> float:
        """Mean CIEDE2000 of patches predicted without themselves: the error of other colours."""
        return float(np.nanmean(self.left_out))

    def apply(self, linear: NDArray[np.floating]) -> NDArray[np.float32]:
        """Correct a picture or colours.

        Parameters
        ----------
        linear
            ``(..., 3)`` linear sRGB as photographed.

        Returns
        -------
        numpy.ndarray
            Same shape, float32, linear sRGB, never below 0; 1 is a perfect white in the chart's
            light.
        """
        values = np.ascontiguousarray(linear, np.float32)
        if values.shape[-1:] != (3,):
            raise MicropenError(
                f"A picture to correct has three channels last; found shape {values.shape}."
            )
        flat = _features(self.model, values.reshape(1, -1, 3), self.curve)
        corrected = cv2.transform(flat, self.matrix)
        return np.asarray(np.maximum(corrected, 0.0), np.float32).reshape(values.shape)

    def log_covariance(self, linear: ArrayLike) -> FloatArray:
        """Expected error of one corrected colour.

        Parameters
        ----------
        linear
            ``(3,)`` linear sRGB as photographed, such as the mean of a zone.

        Returns
        -------
        numpy.ndarray
            ``(3, 3)`` covariance of ln(R), ln(G), ln(B) after `apply`: of the fit, and of how far
            single patches lie off it. It holds for one photograph; what two photographs share
            (the chart's own tolerance, the camera's primaries) cancels in their difference, so
            twice this covariance bounds that of a change from above. Different light on chart and
            face is not in it.
        """
        colour = np.asarray(linear, np.float64).reshape(1, 1, 3)
        features = _features(self.model, colour, self.curve)[0, 0]
        corrected = np.maximum(self.matrix @ features, _DARKEST)
        spread = np.kron(np.eye(3), features)
        of_fit = spread @ self.covariance @ spread.T / np.outer(corrected, corrected)
        return np.asarray(of_fit + self.scatter)


@dataclass(frozen=True, eq=False)
class _Fit:
    model: Model
    curve: ToneCurve
    matrix: FloatArray
    slope: FloatArray
    covariance: FloatArray

    def predict(self, colours: FloatArray, places: FloatArray) -> FloatArray:
        even = colours / np.exp(places @ self.slope)[:, None]
        return np.asarray(_features(self.model, even, self.curve) @ self.matrix.T)


def fit_correction(
    colours: ArrayLike,
    usable: ArrayLike,
    edition: Edition,
    model: Model | None = None,
) -> ColourCorrection:
    """Fit a correction to a chart's colours, with as few numbers as left-out patches allow.

    Parameters
    ----------
    colours
        ``(24, 3)`` linear sRGB of the patches as photographed.
    usable
        ``(24,)`` false for patches that are clipped, hidden or shining.
    edition
        The make of the chart.
    model
        Shape to use, such as that of the series' first photograph; None lets left-out patches
        choose.

    Returns
    -------
    ColourCorrection
        Minimises CIEDE2000 (linearised at the published colours) with Huber weights; uneven
        light (a plane in ln) is fitted with it.

    Raises
    ------
    MicropenError
        If fewer than 12 patches are usable.
    """
    seen = np.asarray(colours, np.float64)
    mask = np.asarray(usable, bool)
    if mask.sum() < 12:
        raise MicropenError(
            f"A colour correction needs at least 12 usable patches of 24; {mask.sum()} are."
        )
    tried: list[tuple[float, _Fit, FloatArray]] = []
    for shape in (model,) if model else Model:
        fit = _fitted(shape, seen, mask, edition)
        left = _left_out(fit, seen, mask, edition)
        error = float(np.nanmean(_differences(left, edition)))
        if not tried or error < _WORTH * tried[-1][0]:
            tried.append((error, fit, left))
        if tried[-1][0] < _ENOUGH:
            break
    _, fit, left = tried[-1]
    return _finished(fit, left, seen, mask, edition)


def _finished(
    fit: _Fit, left: FloatArray, seen: FloatArray, mask: BoolArray, edition: Edition
) -> ColourCorrection:
    reference = chart_colours(edition).linear
    after = np.where(mask[:, None], np.maximum(fit.predict(seen, _places()), 0.0), np.nan)
    full = mask & (reference > _ALL_CHANNELS).all(axis=1)
    off = np.log(np.maximum(left[full], _DARKEST) / reference[full])
    return ColourCorrection(
        model=fit.model,
        curve=fit.curve,
        matrix=fit.matrix,
        covariance=fit.covariance,
        scatter=off.T @ off / max(1, len(off)),
        edition=edition,
        differences=_differences(after, edition),
        left_out=_differences(left, edition),
        light_slope=(float(fit.slope[0]), float(fit.slope[1])),
    )


def _differences(linear: FloatArray, edition: Edition) -> FloatArray:
    """CIEDE2000 ``(24,)`` from the published colours; NaN stays NaN."""
    return delta_e_2000(lab_d50_from_linear(linear), chart_colours(edition).lab)


def _places() -> FloatArray:
    """Column and row of the patches from the chart's centre."""
    return PATCHES - PATCHES.mean(axis=0)


def _features(
    model: Model, colours: NDArray[np.floating], curve: ToneCurve
) -> NDArray[np.floating]:
    """Return what the matrix multiplies: ``(..., n)``."""
    values = np.maximum(colours, 0.0)
    if model is not Model.MATRIX:
        values = curve.straighten(values)
    if model is not Model.CURVED_ROOTS:
        return values
    red, green, blue = np.moveaxis(values, -1, 0)
    roots = np.stack([np.sqrt(red * green), np.sqrt(green * blue), np.sqrt(blue * red)], -1)
    return np.concatenate([values, roots], axis=-1)


def _fitted(model: Model, seen: FloatArray, mask: BoolArray, edition: Edition) -> _Fit:
    if model is Model.MATRIX:
        return _with_curve(model, STRAIGHT, seen, mask, edition)

    coarse = _best_curve([ToneCurve(s, b) for s in _SLOPES for b in _BENDS], seen, mask, edition)
    fine = [
        ToneCurve(coarse.slope + i * _FINER[0], coarse.bend + j * _FINER[1])
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
    ]
    return _with_curve(model, _best_curve(fine, seen, mask, edition), seen, mask, edition)


def _best_curve(
    curves: list[ToneCurve], seen: FloatArray, mask: BoolArray, edition: Edition
) -> ToneCurve:
    """Curve whose 3 × 3 matrix leaves the least mean difference, all fitted at once."""
    metric = visible_difference(edition)[mask]
    target = chart_colours(edition).linear[mask]
    straight = np.array([curve.straighten(seen[mask]) for curve in curves])
    rows = metric[None, :, :, :, None] * straight[:, :, None, None, :]
    design = rows.reshape(len(curves), -1, 9)
    goal = (metric @ target[:, :, None]).reshape(-1, 1)
    across = design.transpose(0, 2, 1)
    matrices = np.linalg.solve(across @ design, across @ goal).reshape(-1, 3, 3)
    error = straight @ matrices.transpose(0, 2, 1) - target
    distance = np.linalg.norm((metric @ error[..., None])[..., 0], axis=-1)
    return curves[int(distance.mean(axis=1).argmin())]


def _with_curve(
    model: Model, curve: ToneCurve, seen: FloatArray, mask: BoolArray, edition: Edition
) -> _Fit:
    """Fit by turns: the matrix, the weights of the patches, the slope of the light."""
    reference = chart_colours(edition)
    metric = visible_difference(edition)
    slope, weights = np.zeros(2), mask.astype(np.float64)
    places = _places()
    matrix, covariance, distance = np.zeros((3, 3)), np.zeros((9, 9)), np.zeros(24)
    for _ in range(_ROUNDS):
        even = seen / np.exp(places @ slope)[:, None]
        features = np.asarray(_features(model, even, curve), np.float64)
        matrix, covariance = _solved(features, weights, edition)
        error = features @ matrix.T - reference.linear
        distance = np.linalg.norm((metric @ error[:, :, None])[:, :, 0], axis=1)
        middle = max(_LEAST_MIDDLE, float(np.median(distance[mask])))
        weights = mask * np.minimum(1.0, _HUBER * middle / np.maximum(distance, 1e-9))
        slope = slope + _more_slope(features @ matrix.T, weights, edition)
    return _Fit(model, curve, matrix, slope, covariance)


def _more_slope(predicted: FloatArray, weights: FloatArray, edition: Edition) -> FloatArray:
    """Slope of ln(light) over the chart that is left in the predicted colours."""
    reference = chart_colours(edition)
    lit = weights * (reference.lab[:, 0] > _LIT)
    luminance = np.array([0.2126, 0.7152, 0.0722])  # of linear sRGB, IEC 61966-2-1
    ratio = np.log(np.maximum(predicted @ luminance, _DARKEST) / (reference.linear @ luminance))
    design = np.column_stack([_places(), np.ones(24)]) * np.sqrt(lit)[:, None]
    return np.asarray(np.linalg.lstsq(design, ratio * np.sqrt(lit), rcond=None)[0][:2])


def _solved(
    features: FloatArray, weights: FloatArray, edition: Edition
) -> tuple[FloatArray, FloatArray]:
    """Weighted least squares in visible difference: matrix ``(3, n)`` and its covariance."""
    reference = chart_colours(edition).linear
    metric = visible_difference(edition) * np.sqrt(weights)[:, None, None]
    count = features.shape[1]
    rows = (metric[:, :, :, None] * features[:, None, None, :]).reshape(72, 3 * count)
    target = (metric @ reference[:, :, None]).reshape(72)
    # The ridge only keeps a chart without colour from failing.
    normal = rows.T @ rows
    ridge = np.eye(3 * count) * 1e-9 * np.trace(normal)
    solution = np.linalg.solve(normal + ridge, rows.T @ target)
    left = target - rows @ solution
    freedom = max(1.0, 3.0 * float((weights > 0).sum()) - 3.0 * count)
    variance = float(left @ left) / freedom
    covariance = np.asarray(variance * np.linalg.inv(normal + ridge))
    return np.asarray(solution.reshape(3, count)), covariance


def _left_out(fit: _Fit, seen: FloatArray, mask: BoolArray, edition: Edition) -> FloatArray:
    """Linear colour ``(24, 3)`` of every usable patch, predicted from the others; else NaN."""
    left = np.full((24, 3), np.nan)
    for index in np.flatnonzero(mask):
        others = mask.copy()
        others[index] = False
        part = _with_curve(fit.model, fit.curve, seen, others, edition)
        left[index] = np.maximum(part.predict(seen, _places())[index], 0.0)
    return left
