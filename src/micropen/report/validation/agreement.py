"""Figures of calibration: whether bands hold what they promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.stats import binom

from micropen.studies.study import Role
from micropen.studies.validation_row import Row

_FEW: Final = 60
_LEVELS: Final = np.linspace(0.0, 1.0, 41)
_SHOWN: Final = (Role.FIT, Role.HELD_OUT)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bin of the histogram: counts of both roles, and places in units of the drawing."""

    left: float
    width: float
    fit: int
    held_out: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """Where published numbers fall in the predictive distribution.

    Parameters
    ----------
    bars
        Bins from 0 to 1.
    expected
        Rows per bin if the model were right.
    low, high
        9 of 10 bins would lie between these.
    top
        Upper end of the drawing.
    """

    bars: tuple[Bar, ...]
    expected: float
    low: float
    high: float
    top: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """Share of numbers inside the central band of every size, for one role.

    Parameters
    ----------
    role, rows, studies
        Whose, how many numbers, and from how many studies; each study has one vote.
    points
        Nominal and observed share, 0 to 1.
    envelope
        Nominal share, and the 5 and 95 % of the observed one if the model were right and each
        study were one number: rather too wide.
    """

    role: str
    rows: int
    studies: int
    points: tuple[tuple[float, float], ...]
    envelope: tuple[tuple[float, float, float], ...]


def _pits(rows: Sequence[Row], role: Role) -> np.ndarray:
    found = [r.score.pit for r in rows if r.finding.role is role and np.isfinite(r.score.pit)]
    return np.array(found, dtype=np.float64)


def histogram(rows: Sequence[Row]) -> Histogram:
    """Return the histogram of the randomised probability integral transform."""
    fit, held_out = (_pits(rows, role) for role in _SHOWN)
    total = fit.size + held_out.size
    bins = 5 if total < _FEW else 10
    edges = np.linspace(0.0, 1.0, bins + 1)
    counts = [np.histogram(values, edges)[0] for values in (fit, held_out)]
    low, high = binom.ppf([0.05, 0.95], max(total, 1), 1.0 / bins)
    bars = tuple(
        Bar(float(edges[k]), 1.0 / bins, int(counts[0][k]), int(counts[1][k])) for k in range(bins)
    )
    top = max(1.0, float((counts[0] + counts[1]).max()), float(high)) * 1.15
    return Histogram(bars, total / bins, float(low), float(high), top)


def coverages(rows: Sequence[Row]) -> list[Coverage]:
    """Return the coverage of central bands of every size, for roles with any number."""
    found = []
    for role in _SHOWN:
        numbers = [r for r in rows if r.finding.role is role and np.isfinite(r.score.pit)]
        if not numbers:
            continue
        pit = _pits(rows, role)
        votes = Counter(row.study.key for row in numbers)
        weights = np.array([1.0 / votes[row.study.key] for row in numbers])
        inside = [
            float(np.average(np.abs(2.0 * pit - 1.0) <= level, weights=weights))
            for level in _LEVELS
        ]
        low, high = (binom.ppf(q, len(votes), _LEVELS) / len(votes) for q in (0.05, 0.95))
        found.append(
            Coverage(
                role.value,
                int(pit.size),
                len(votes),
                tuple(zip(_LEVELS.tolist(), inside, strict=True)),
                tuple(zip(_LEVELS.tolist(), low.tolist(), high.tolist(), strict=True)),
            )
        )
    return found
