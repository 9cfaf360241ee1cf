"""The treated zones as one: what another person sees of the face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import zone_record
from micropen.evidence import ParameterSet

if TYPE_CHECKING:
    import xarray as xr

FACE: Final = "face"
"""Key of the whole treated area, beside the thirteen zones."""

# A count adds up over the face; everything else is an average over the treated zones.
_SUMMED: Final = frozenset({"lesions"})


def course_days(course: xr.Dataset) -> NDArray[np.float64]:
    """Day grid of a course, shape ``(day,)``."""
    return np.asarray(course["day"].values, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class TreatedArea:
    """The treated zones as one: what another person sees of the face.

    Parameters
    ----------
    zones
        Names of the treated zones.
    shares
        Their share of the treated area, shape ``(zone,)``, summing to 1.
    """

    zones: tuple[str, ...]
    shares: NDArray[np.float64]

    @classmethod
    def of(cls, zones: Sequence[str], parameters: ParameterSet) -> TreatedArea:
        """Weigh zones by their area (``anatomy``)."""
        areas = np.array([zone_record(zone, parameters).area_cm2 for zone in zones])
        return cls(tuple(zones), areas / areas.sum())

    def combine(self, sign: str, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Reduce the second-last axis, the zones: sum what is counted, average the rest."""
        if sign in _SUMMED:
            return np.asarray(values.sum(axis=-2), dtype=np.float64)
        return np.asarray(np.einsum("...zd,z->...d", values, self.shares), dtype=np.float64)

    def values(self, course: xr.Dataset, sign: str) -> NDArray[np.float64]:
        """All draws of one sign in the treated zones, shape ``(draw, zone, day)``."""
        array = course[sign].sel(zone=list(self.zones)).transpose("draw", "zone", "day")
        return np.asarray(array.values, dtype=np.float64)

    def draws(self, course: xr.Dataset, sign: str) -> NDArray[np.float64]:
        """All draws of one sign over the treated area, shape ``(draw, day)``."""
        return self.combine(sign, self.values(course, sign))
