"""Photographs of one moment: what their scatter says about the stated errors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.method import ZoneReading

Readings = Mapping[str, Mapping[str, Mapping[str, ZoneReading]]]
"""Photograph to method to zone to reading."""

# A squared standard normal above this (|z| > 2.5, one in 80) counts only this much: one
# photograph with a moved lamp shall not decide for all.
_MOST: Final = 6.25
_MEAN_OF_CUT: Final = 0.966  # mean of min(z^2, 6.25) for a standard normal


@dataclass(frozen=True)
class RepeatFactors:
    """By how much repeats say the stated errors are too small or too large.

    Parameters
    ----------
    factors
        ``(method, zone)`` to the factor for the standard deviation of "no change".
    pairs
        Independent comparisons that stand behind them.
    """

    factors: Mapping[tuple[str, str], float] = field(default_factory=dict)
    pairs: int = 0

    def factor(self, method: str, zone: str) -> float:
        """Return the factor for one method and zone; 1 where repeats say nothing."""
        return self.factors.get((method, zone), 1.0)

    @property
    def smallest(self) -> float:
        """Smallest factor."""
        return min(self.factors.values(), default=1.0)

    @property
    def largest(self) -> float:
        """Largest factor."""
        return max(self.factors.values(), default=1.0)

    def apply(self, method: str, zone: str, reading: ZoneReading) -> ZoneReading:
        """Return the reading with the error that repeats support.

        The part of the error of a change that grows with the change stays as the method states
        it: repeats without a change cannot test it.
        """
        factor = self.factor(method, zone)
        if reading.reason or factor == 1.0:
            return reading
        null = reading.no_change_sd
        grown = max(reading.change_sd**2 - null**2, 0.0)
        return replace(
            reading,
            sd=reading.sd * factor,
            change_sd=math.sqrt(grown + (factor * null) ** 2),
            no_change_sd=null * factor,
            errors={name: sd * factor for name, sd in reading.errors.items()},
        )


def repeat_factors(
    readings: Readings,
    groups: Sequence[Sequence[str]],
    baseline: str,
    parameters: ParameterSet | None = None,
) -> RepeatFactors:
    """Compare the scatter of repeats with the stated errors, method by method and zone by zone.

    Differences of neighbouring repeats, over the error stated for such a difference, are pooled
    over the zones of a method and shrunk toward 1 as a scaled inverse chi-square prior with
    ``measurement.repeats.model_degrees`` degrees of freedom says; the zone's own differences then
    move its method's factor, with ``measurement.repeats.method_degrees``. Zones of one photograph
    share light and camera, so a photograph counts as ``measurement.repeats.zones_worth``
    independent zones and not as thirteen.

    Parameters
    ----------
    readings
        Of every photograph that was measured; the baseline itself has none.
    groups
        File names of photographs of one moment, two or more each.
    baseline
        Its file name: its change against itself is 0.
    parameters
        Supplies ``measurement.repeats.*``.
    """
    chosen = parameters or load_parameters()
    methods = list(next(iter(readings.values()), {}))
    # With fewer than two photographs in every group the loops below are empty.
    measured = [[n for n in group if n == baseline or n in readings] for group in groups]
    pairs = [pair for group in measured for pair in pairwise(group)]
    if not pairs:
        return RepeatFactors()
    factors: dict[tuple[str, str], float] = {}
    for method in methods:
        squares = _squares(readings, pairs, baseline, method)
        for zone, factor in zip(ZONES, _shrunk(squares, chosen), strict=True):
            factors[method, zone] = factor
    return RepeatFactors(factors, len(pairs))


def _squares(
    readings: Readings, pairs: Sequence[tuple[str, str]], baseline: str, method: str
) -> NDArray[np.float64]:
    """Squared standardised differences ``(pair, zone)``, NaN where one was not measurable."""
    found = np.full((len(pairs), len(ZONES)), np.nan)
    for row, (first, second) in enumerate(pairs):
        for column, zone in enumerate(ZONES):
            sides = [readings[n][method].get(zone) for n in (first, second) if n != baseline]
            if any(side is None or side.reason for side in sides):
                continue
            known = [side for side in sides if side is not None]
            # A difference of two photographs of one moment has the error of "no change" itself.
            variance = float(np.mean([side.no_change_sd**2 for side in known]))
            step = known[0].change - (known[1].change if len(known) == 2 else 0.0)
            if variance > 0.0 and math.isfinite(step):
                found[row, column] = step**2 / variance
    return found


def _shrunk(squares: NDArray[np.float64], parameters: ParameterSet) -> list[float]:
    """Factor of each zone: zone toward method, method toward the stated error."""

    def number(name: str) -> float:
        return parameters.value(f"measurement.repeats.{name}")

    cut = np.minimum(squares, _MOST) / _MEAN_OF_CUT
    seen = np.isfinite(cut)
    worth = np.minimum(seen.sum(1), number("zones_worth")).sum()
    pooled = float(cut[seen].mean()) if seen.any() else 1.0
    prior = number("model_degrees")
    method = (prior + worth * pooled) / (prior + worth)
    own = number("method_degrees")
    total = np.where(seen, cut, 0.0).sum(0)
    zones = (own * method + total) / (own + seen.sum(0))
    return [max(float(f), number("narrowest")) for f in np.sqrt(zones)]
