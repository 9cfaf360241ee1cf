"""Whether a chart that was found may be trusted, and if not, what to do about it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.measurement.chart.correction import ColourCorrection
from micropen.measurement.chart.find import Chart, ChartFault, ChartProblem
from micropen.measurement.chart.placement import PATCHES
from micropen.measurement.chart.reference import (
    COLUMNS,
    ROWS,
    chart_colours,
    lab_d50_from_linear,
)

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# The neutral patches and those as light as them: where shadow shows before shine does.
_LIT: Final = 30.0
# Patches on the smaller side of a shadow's edge, and how much better than a plane it must explain.
_LEAST_SIDE: Final = 4
_BETTER: Final = 0.5
# A camera's own colour vision leaves errors too: odd is what differs by so many middle ones.
_ODD: Final = 4.0
_MOST_ODD: Final = 2.0

_PLACES: Final = PATCHES - PATCHES.mean(axis=0)


def usable_patches(chart: Chart) -> BoolArray:
    """Patches that a correction may rest on.

    Left out: clipped, cut off, and patches whose published colour lies outside sRGB where the
    photograph, being sRGB, had to clip it (cyan).

    Returns
    -------
    numpy.ndarray
        ``(24,)`` bool.
    """
    reference = chart_colours(chart.edition).linear
    white = chart.samples.colours.max()
    at_floor = (reference < 0.0) & (chart.samples.colours < 0.01 * white)
    return np.asarray(~(chart.samples.clipped | chart.samples.outside | at_floor.any(axis=1)))


def problem_before(chart: Chart, parameters: ParameterSet) -> ChartProblem | None:
    """Return what rules a chart out before any correction: size, sharpness, exposure."""
    samples = chart.samples
    least_pitch = parameters.value("measurement.chart.least_pitch_px")
    largest_leak = parameters.value("measurement.chart.largest_leak")
    least_white = parameters.value("measurement.chart.least_white")
    most_lost = int(parameters.value("measurement.chart.most_lost_patches"))
    lost = int(samples.clipped.sum())
    rules = (
        (
            samples.pitch < least_pitch,
            ChartFault.TOO_SMALL,
            f"The chart is too small: its patches are {samples.pitch:.0f} px apart, needed are "
            f"{least_pitch:.0f}; come nearer or use a larger chart.",
        ),
        (
            samples.leak > largest_leak,
            ChartFault.BLURRED,
            "The chart is blurred: neighbouring patches run into each other; hold it in the plane "
            "of the face and focus.",
        ),
        (
            int(samples.outside.sum()) > most_lost,
            ChartFault.CUT_OFF,
            f"The picture's edge cuts off {samples.outside.sum()} patches of the chart; show it "
            "whole.",
        ),
        (
            lost > most_lost,
            ChartFault.CLIPPED,
            f"{lost} patches of the chart are overexposed (at most {most_lost} may be); expose "
            "less.",
        ),
        (
            float(samples.colours.max()) < least_white,
            ChartFault.TOO_DARK,
            f"The chart is too dark: its lightest patch reaches {samples.colours.max():.2f} of the "
            f"range (needed {least_white:.2f}); expose more.",
        ),
    )
    return _first(rules, chart)


def problem_after(
    chart: Chart, correction: ColourCorrection, usable: BoolArray, parameters: ParameterSet
) -> ChartProblem | None:
    """Return what the correction shows to be wrong: shadow, shine, colours that do not fit."""
    largest_range = parameters.value("measurement.chart.largest_light_range")
    step = parameters.value("measurement.chart.shadow_step")
    most_lost = int(parameters.value("measurement.chart.most_lost_patches"))
    largest = parameters.value("measurement.chart.largest_residual_de00")
    across, down = correction.light_slope
    light_range = abs(across) * (COLUMNS - 1) + abs(down) * (ROWS - 1)
    odd = odd_patches(chart, correction, step)
    edge = shadow_edge(light_on_patches(chart, correction), usable & lit_patches(chart))
    rules = (
        (
            int(odd.sum()) > most_lost,
            ChartFault.UNEVEN_LIGHT,
            f"Shadow or shine lies across the chart: {odd.sum()} patches are lighter or darker "
            f"than their neighbours allow ({_named(chart, odd)}); take it out of the shadow and "
            "turn it until it does not shine.",
        ),
        (
            edge > step,
            ChartFault.UNEVEN_LIGHT,
            f"A shadow lies across the chart: one part has {1.0 - np.exp(-edge):.0%} less light "
            "than the other; hold it where nothing shades it.",
        ),
        (
            light_range > largest_range,
            ChartFault.UNEVEN_LIGHT,
            f"Light falls off by {1.0 - np.exp(-light_range):.0%} across the chart (allowed "
            f"{1.0 - np.exp(-largest_range):.0%}); turn it to the light like the face, out of "
            "shadows.",
        ),
        (
            correction.mean_difference > largest,
            ChartFault.INCONSISTENT,
            f"The chart's colours do not fit together (mean difference "
            f"{correction.mean_difference:.1f} after correction, allowed {largest:.1f}); is it a "
            "faded chart, one of another make, mixed light, or an edited picture?",
        ),
    )
    return _first(rules, chart)


def light_on_patches(chart: Chart, correction: ColourCorrection) -> FloatArray:
    """Return ln(light) on every patch against the mean, ``(24,)``: what lightness shows."""
    after = correction.apply(chart.samples.colours)
    reference = chart_colours(chart.edition)
    lightness = lab_d50_from_linear(np.asarray(after, np.float64))[:, 0]
    return np.asarray(3.0 * np.log((lightness + 16.0) / (reference.lab[:, 0] + 16.0)))


def lit_patches(chart: Chart) -> BoolArray:
    """Patches light enough that their lightness tells of light and not of shine."""
    return np.asarray(chart_colours(chart.edition).lab[:, 0] > _LIT)


def shadow_edge(light: FloatArray, considered: BoolArray) -> float:
    """Size of a step of light across the chart; 0 where a smooth slope explains it as well.

    Parameters
    ----------
    light
        ``(24,)`` ln(light) on the patches.
    considered
        ``(24,)`` patches that count.

    Returns
    -------
    float
        Difference of ln(light) of the two sides of the straight edge that explains most, if it
        leaves less than half of what a plane leaves.
    """
    places, values = _PLACES[considered], light[considered]
    smooth = np.column_stack([places, np.ones(len(places))])
    left = values - smooth @ np.linalg.lstsq(smooth, values, rcond=None)[0]
    plane = float(left @ left)
    best, size = np.inf, 0.0
    for angle in np.radians(np.arange(0.0, 180.0, 15.0)):
        along = places @ (np.cos(angle), np.sin(angle))
        for offset in np.unique(along)[:-1]:
            beyond = along > offset + 1e-6
            if min(beyond.sum(), (~beyond).sum()) < _LEAST_SIDE:
                continue
            first, second = values[beyond], values[~beyond]
            rest = first.var() * len(first) + second.var() * len(second)
            if rest < best:
                best, size = float(rest), abs(float(first.mean() - second.mean()))
    return size if best < _BETTER * plane else 0.0


def odd_patches(chart: Chart, correction: ColourCorrection, step: float) -> BoolArray:
    """Patches that are lighter or darker than the rest, or uneven in themselves.

    Parameters
    ----------
    chart
        The chart as photographed.
    correction
        Fitted to it.
    step
        Allowed difference of ln(luminance), and allowed relative range within a patch.

    Returns
    -------
    numpy.ndarray
        ``(24,)`` bool; the darkest patches, where shine outweighs colour, are only judged by
        lightness in CIELAB.
    """
    reference = chart_colours(chart.edition)
    light = _PLACES @ np.array(correction.light_slope)
    even = correction.apply(chart.samples.colours / np.exp(light)[:, None])
    lightness = lab_d50_from_linear(np.asarray(even, np.float64))[:, 0]
    lit = lit_patches(chart)
    # In the cube root's range d ln Y = 3 dL / (L + 16).
    off = 3.0 * np.abs(lightness - reference.lab[:, 0]) / (reference.lab[:, 0] + 16.0)
    uneven = chart.samples.unevenness > np.maximum(step, 4.0 * np.median(chart.samples.unevenness))
    considered = ~(chart.samples.clipped | chart.samples.outside)
    middle = float(np.median(off[considered & lit])) if (considered & lit).any() else 0.0
    allowed = float(np.clip(_ODD * middle, step, _MOST_ODD * step))
    return np.asarray(considered & ((off > np.where(lit, allowed, 3.0 * step)) | (lit & uneven)))


def _named(chart: Chart, mask: BoolArray) -> str:
    names = chart_colours(chart.edition).names
    shown = [names[index] for index in np.flatnonzero(mask)[:4]]
    return ", ".join(shown) + (", ..." if mask.sum() > len(shown) else "")


def _first(rules: tuple[tuple[bool, ChartFault, str], ...], chart: Chart) -> ChartProblem | None:
    for broken, fault, reason in rules:
        if broken:
            return ChartProblem(fault, reason, chart.corners)
    return None
