"""What a session did to the skin: the record that healing starts from."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy.zones import ZONES


@dataclass(frozen=True, slots=True)
class Wound:
    """The punctures of one session, per draw and zone.

    Every array is float64 of shape ``(draw, zone)`` over all zones of `ZONES`, zero where the
    zone was not treated.

    Parameters
    ----------
    day
        Days since the first session.
    puncture_density_cm2
        Punctures per cm² that pierced the skin.
    mean_depth_mm
        Mean depth that the needles reached.
    breached_area_fraction
        Share of the surface that is open, overlap counted once (0-1).
    epidermal_wound_volume_mm3_cm2, papillary_wound_volume_mm3_cm2, reticular_wound_volume_mm3_cm2
        Volume of channel left in each layer, mm³ per cm² of skin.
    vascular_injury
        Vessels cut, relative to the reference session (1 = SkinPen Precision, 1.0 mm, four
        passes, cheek).
    bleeding_density_cm2
        Points per cm² that bleed visibly.
    pain_during_vas
        Pain while being needled, visual analogue scale 0-10.
    pain_after_vas
        Stinging in the first hours afterwards, 0-10.
    depth_widening
        Extra sd of ln(response) for depths beyond the evidence; zero inside it. The dose
        quantities are not widened: whoever turns them into a response widens that.
    """

    day: float
    puncture_density_cm2: NDArray[np.float64]
    mean_depth_mm: NDArray[np.float64]
    breached_area_fraction: NDArray[np.float64]
    epidermal_wound_volume_mm3_cm2: NDArray[np.float64]
    papillary_wound_volume_mm3_cm2: NDArray[np.float64]
    reticular_wound_volume_mm3_cm2: NDArray[np.float64]
    vascular_injury: NDArray[np.float64]
    bleeding_density_cm2: NDArray[np.float64]
    pain_during_vas: NDArray[np.float64]
    pain_after_vas: NDArray[np.float64]
    depth_widening: NDArray[np.float64]

    def __post_init__(self) -> None:
        shape = (self.draws, len(ZONES))
        for name, array in self.arrays().items():
            if array.shape != shape:
                raise ValueError(f"Wound.{name} has shape {array.shape}; expected {shape}.")

    @property
    def draws(self) -> int:
        """Number of draws."""
        return int(self.puncture_density_cm2.shape[0])

    @property
    def dermal_wound_volume_mm3_cm2(self) -> NDArray[np.float64]:
        """Papillary and reticular wound volume together, mm³ per cm², shape (draw, zone)."""
        return self.papillary_wound_volume_mm3_cm2 + self.reticular_wound_volume_mm3_cm2

    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """Every (draw, zone) array by its name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "day"}
