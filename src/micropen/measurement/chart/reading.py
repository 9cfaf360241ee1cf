"""What a chart in a photograph is worth: the one call of the pipeline."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.chart.correction import ColourCorrection, Model, fit_correction
from micropen.measurement.chart.find import Chart, ChartFault, ChartProblem, find_chart
from micropen.measurement.chart.reference import Edition, chart_colours
from micropen.measurement.chart.usability import (
    odd_patches,
    problem_after,
    problem_before,
    usable_patches,
)
from micropen.portrait.photo import Photo

FloatArray = NDArray[np.float64]

# The makes differ by less than many cameras err (mean CIEDE2000 .85): the older one is believed
# only where it lowers the left-out error by this factor, to less than this difference.
_OLDER: Final = 0.85
_CLEAR: Final = 1.3


@dataclass(frozen=True, eq=False)
class ChartReading:
    """The chart of one photograph.

    Parameters
    ----------
    found
        A chart lies in the picture.
    usable
        Its correction may be applied.
    reason
        Why it is not found or not usable, as a sentence to act on; empty if all is well.
    fault
        The same as a name; None if all is well.
    corners
        ``(4, 2)`` px of the photograph, clockwise from the dark skin patch; None if not found.
    residual_de00, residual_max_de00
        Mean and largest CIEDE2000 of the patches used, after correction; NaN without one.
    left_out_de00
        Mean CIEDE2000 of patches predicted by the others.
    correction
        To apply to linear pictures of the same photograph; None unless usable.
    warnings
        What was left out, as sentences.
    """

    found: bool
    usable: bool
    reason: str
    fault: ChartFault | None
    corners: FloatArray | None = field(repr=False)
    residual_de00: float
    residual_max_de00: float
    left_out_de00: float
    correction: ColourCorrection | None = field(repr=False)
    warnings: tuple[str, ...] = ()


def chart_of(
    photo: Photo,
    corners: ArrayLike | None = None,
    like: ColourCorrection | None = None,
    parameters: ParameterSet | None = None,
) -> ChartReading:
    """Find a photograph's chart, judge it and fit the colour correction.

    Parameters
    ----------
    photo
        The photograph.
    corners
        ``(4, 2)`` given by hand, as in `find_chart`.
    like
        Correction of the series' baseline: its model and make of chart are kept, so that two
        photographs differ by their light and camera only.
    parameters
        Supplies ``measurement.chart.*``.

    Returns
    -------
    ChartReading
        With a correction only where it may be trusted.

    Raises
    ------
    MicropenError
        If `corners` are not four points in the picture.
    """
    chosen = parameters or load_parameters()
    chart = find_chart(photo, corners, chosen)
    if isinstance(chart, ChartProblem):
        return _unusable(chart, found=False)
    problem = problem_before(chart, chosen)
    if problem is not None:
        return _unusable(problem, found=True)
    chart, usable, correction = _fitted(chart, like, chosen)
    problem = problem_after(chart, correction, usable, chosen)
    if problem is not None:
        return _unusable(problem, found=True, correction=correction)
    return ChartReading(
        found=True,
        usable=True,
        reason="",
        fault=None,
        corners=chart.corners,
        residual_de00=correction.mean_difference,
        residual_max_de00=correction.largest_difference,
        left_out_de00=correction.mean_left_out_difference,
        correction=correction,
        warnings=_warnings(chart, usable),
    )


def _fitted(
    chart: Chart, like: ColourCorrection | None, parameters: ParameterSet
) -> tuple[Chart, NDArray[np.bool_], ColourCorrection]:
    """Fit for each make of the chart that may be meant; keep the one that fits better."""
    editions = (like.edition,) if like else tuple(Edition)
    model = like.model if like else None
    fits = [_fitted_as(replace(chart, edition=edition), model, parameters) for edition in editions]
    newer, *older = fits
    limit = min(_CLEAR, _OLDER * newer[2].mean_left_out_difference)
    return next((fit for fit in older if fit[2].mean_left_out_difference < limit), newer)


def _fitted_as(
    chart: Chart, model: Model | None, parameters: ParameterSet
) -> tuple[Chart, NDArray[np.bool_], ColourCorrection]:
    """Fit, leave odd patches out if they are few, and fit again."""
    usable = usable_patches(chart)
    correction = fit_correction(chart.samples.colours, usable, chart.edition, model)
    step = parameters.value("measurement.chart.shadow_step")
    odd = odd_patches(chart, correction, step) & usable
    if 0 < odd.sum() <= int(parameters.value("measurement.chart.most_lost_patches")):
        usable = usable & ~odd
        correction = fit_correction(chart.samples.colours, usable, chart.edition, model)
    return chart, usable, correction


def _warnings(chart: Chart, usable: NDArray[np.bool_]) -> tuple[str, ...]:
    names = chart_colours(chart.edition).names
    left = [names[index] for index in np.flatnonzero(~usable)]
    if not left:
        return ()
    return (f"Patches of the chart left out (clipped, hidden or shining): {', '.join(left)}.",)


def _unusable(
    problem: ChartProblem, *, found: bool, correction: ColourCorrection | None = None
) -> ChartReading:
    nan = float("nan")
    return ChartReading(
        found=found,
        usable=False,
        reason=problem.reason,
        fault=problem.fault,
        corners=problem.corners,
        residual_de00=correction.mean_difference if correction else nan,
        residual_max_de00=correction.largest_difference if correction else nan,
        left_out_de00=correction.mean_left_out_difference if correction else nan,
        correction=None,
    )
