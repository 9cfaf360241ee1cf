"""Quantiles of many draws without keeping them: counts in narrow bins around each quantile.

A pilot of the same population says, for each cell (zone and day), between which values each
wanted quantile lies (five standard errors of its rank to either side). Every further draw is
counted: below that bracket, or in one of its equal bins, or above. A quantile is read off by
interpolation inside its bin. Counts are whole numbers: their order does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.compiled import compiled
from micropen.healing.process import Array

# Bins of one bracket. A bracket of a pilot of 640 draws holds at most a fifth of all draws.
BINS: Final = 64
_BRACKET_SDS: Final = 5.0

Rows = NDArray[np.float32]


# Sums may be added in another order, but always in the same one.
_FAST: Final = {"contract", "nsz", "reassoc", "nnan"}


@compiled(fastmath=_FAST, error_model="numpy")
def _overview(own: Array, threshold: float) -> tuple[float, float, float, float]:
    """Sum, number above the threshold, smallest and largest."""
    total, above, least, most = 0.0, 0.0, own[0], own[0]
    for value in own:
        total += value
        above += 1.0 if value > threshold else 0.0
        least = value if value < least else least
        most = value if value > most else most
    return total, above, least, most


@compiled(fastmath=_FAST, error_model="numpy")
def _bin_numbers(own: Array, start: float, per_bin: float, numbers: NDArray[np.int32]) -> None:
    """Number of each value's bin: 0 below the bracket, then its bins, then one above."""
    for i in range(own.size):
        position = (own[i] - start) * per_bin + 1.0
        position = position if position > 0.0 else 0.0
        numbers[i] = np.int32(position if position < BINS + 1.0 else BINS + 1.0)


@compiled(error_model="numpy")
def _count(
    values: Rows,
    threshold: float,
    low: Array,
    scale: Array,
    counts: NDArray[np.uint32],
    extremes: Array,
    sums: Array,
) -> None:
    """Count ``values`` of shape ``(day, draw x zone)`` into cells; see `CellCounts`."""
    zones = low.shape[0]
    draws = values.shape[1] // zones
    own, numbers = np.empty(draws), np.empty(draws, dtype=np.int32)
    # Two tables in turn: neighbouring draws often fall into one bin, and would wait for it.
    even, odd = np.empty(BINS + 2, dtype=np.uint32), np.empty(BINS + 2, dtype=np.uint32)
    for day in range(values.shape[0]):
        for zone in range(zones):
            for draw in range(draws):
                own[draw] = values[day, draw * zones + zone]
            total, above, least, most = _overview(own, threshold)
            sums[zone, day, 0] += total
            sums[zone, day, 1] += above
            extremes[zone, day, 0] = min(extremes[zone, day, 0], least)
            extremes[zone, day, 1] = max(extremes[zone, day, 1], most)
            for q in range(low.shape[2]):
                _bin_numbers(own, low[zone, day, q], scale[zone, day, q], numbers)
                even[:], odd[:] = 0, 0
                for draw in range(0, draws - 1, 2):
                    even[numbers[draw]] += np.uint32(1)
                    odd[numbers[draw + 1]] += np.uint32(1)
                if draws % 2:
                    even[numbers[draws - 1]] += np.uint32(1)
                for number in range(BINS + 2):
                    counts[zone, day, q, number] += even[number] + odd[number]


class CellCounts:
    """Running counts of one sign.

    Parameters
    ----------
    pilot
        Draws of the same population, shape ``(draw, zone, day)``.
    quantiles
        Wanted, each between 0 and 1.
    threshold
        Draws above it are counted as well.
    """

    def __init__(self, pilot: Rows, quantiles: Sequence[float], threshold: float) -> None:
        draws, *cells = pilot.shape
        self.quantiles = np.asarray(quantiles, dtype=np.float64)
        self.threshold = threshold
        q = self.quantiles
        margin = _BRACKET_SDS * np.sqrt(q * (1.0 - q) / draws) + 1.0 / draws
        ordered = np.sort(pilot, axis=0).astype(np.float64)
        first = np.clip(np.floor((q - margin) * draws), 0, draws - 1).astype(np.int64)
        last = np.clip(np.ceil((q + margin) * draws), 0, draws - 1).astype(np.int64)
        # A bracket of equal values still needs room for that value.
        self.low = np.ascontiguousarray(np.moveaxis(ordered[first], 0, -1))
        high = np.nextafter(np.moveaxis(ordered[last], 0, -1).astype(np.float32), np.inf)
        self.width = (high.astype(np.float64) - self.low) / BINS
        self.counts = np.zeros((*cells, q.size, BINS + 2), dtype=np.uint32)
        self.extremes = np.stack([np.full(cells, np.inf), np.full(cells, -np.inf)], axis=-1)
        self.sums = np.zeros((*cells, 2))
        self.draws = 0

    def add(self, values: Rows) -> None:
        """Count draws of shape ``(day, draw x zone)``; releases the interpreter lock."""
        if values.shape[1] == 0:
            return
        _count(
            values, self.threshold, self.low, 1.0 / self.width,
            self.counts, self.extremes, self.sums,
        )  # fmt: skip
        self.draws += values.shape[1] // self.low.shape[0]

    @property
    def mean(self) -> Array:
        """Mean, shape ``(zone, day)``."""
        return self.sums[..., 0] / self.draws

    @property
    def share_above(self) -> Array:
        """Share of draws above the threshold, shape ``(zone, day)``."""
        return self.sums[..., 1] / self.draws

    def values(self) -> tuple[Array, Array]:
        """Return the quantiles and how many draws share their bins.

        Returns
        -------
        values, share
            Both of shape ``(quantile, zone, day)``. The quantile's rank is wrong by less than
            the share of draws in its bin, unless these are all of one value.
        """
        rank = self.quantiles * (self.draws - 1) + 0.5
        upto = np.cumsum(self.counts, axis=-1, dtype=np.int64)
        number = np.minimum((upto < rank[:, None]).sum(axis=-1), BINS + 1)[..., None]
        held = np.take_along_axis(self.counts, number, axis=-1)[..., 0].astype(np.float64)
        before = np.take_along_axis(upto, number, axis=-1)[..., 0] - held
        part = np.clip((rank - before) / np.maximum(held, 1.0), 0.0, 1.0)
        # Below and above the bracket lie the smallest and the largest draw.
        least, most = self.extremes[..., :1], self.extremes[..., 1:]
        inner = self.low[..., None] + self.width[..., None] * np.arange(BINS + 1)
        shape = (*inner.shape[:-1], 1)
        least, most = (
            np.broadcast_to(least[..., None], shape),
            np.broadcast_to(most[..., None], shape),
        )
        edges = np.concatenate([np.minimum(least, inner[..., :1]), inner, most], axis=-1)
        start = np.take_along_axis(edges, number, axis=-1)[..., 0]
        end = np.take_along_axis(edges, number + 1, axis=-1)[..., 0]
        # Never beyond what was seen: a bin may be wider than its draws.
        found = np.clip(start + part * (end - start), least[..., 0], most[..., 0])
        # Each quantile has bins of its own: those of a few draws could cross by a part of a bin.
        order = np.argsort(self.quantiles)
        found[..., order] = np.maximum.accumulate(found[..., order], axis=-1)
        return np.moveaxis(found, -1, 0), np.moveaxis(held / self.draws, -1, 0)
