"""Thickness of the skin's layers, per draw and zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy.zones import ZONES, unpaired
from micropen.evidence import ParameterSet

Sex = Literal["female", "male", "unstated"]

# A papillary dermis of more than half the dermis does not exist; it only guards rare draws.
_MAX_PAPILLARY_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Layers:
    """Thickness in mm of epidermis, papillary and reticular dermis, each of shape (draw, zone)."""

    epidermis_mm: NDArray[np.float64]
    papillary_mm: NDArray[np.float64]
    reticular_mm: NDArray[np.float64]

    @property
    def dermis_mm(self) -> NDArray[np.float64]:
        """Papillary and reticular dermis together, mm."""
        return self.papillary_mm + self.reticular_mm


def per_zone(quantity: str, parameters: ParameterSet, draws: int, seed: int) -> NDArray[np.float64]:
    """Draw one anatomical quantity for every zone; both sides of a person share their draw.

    Parameters
    ----------
    quantity
        Last part of the parameter's name: ``"area"`` for ``anatomy.<zone>.area``.
    parameters
        Parameter set.
    draws, seed
        Number of draws and seed of the forecast.

    Returns
    -------
    numpy.ndarray
        Shape (draw, zone), in the parameter's unit.
    """
    names = {unpaired(z): f"anatomy.{unpaired(z)}.{quantity}" for z in ZONES}
    columns = {z: parameters.sample(name, draws, seed) for z, name in names.items()}
    return np.stack([columns[unpaired(z)] for z in ZONES], axis=1)


def layers(male: NDArray[np.float64], parameters: ParameterSet, seed: int) -> Layers:
    """Draw the thickness of the skin's layers.

    Parameters
    ----------
    male
        Per draw 0 for a woman, 1 for a man, between them where the sex is not stated; shape
        (draw,).
    parameters
        Parameter set (group ``anatomy``).
    seed
        Of the forecast.

    Returns
    -------
    Layers
        In mm, each of shape (draw, zone). Dermis: ratios of zones by ultrasound (Meng 2022),
        absolute size by histology (Chopra 2015); epidermis between Chopra 2015 and Xu 2017.
    """
    draws = male.size
    scale_dermis = parameters.sample("anatomy.dermis_scale", draws, seed)[:, None]
    scale_epidermis = parameters.sample("anatomy.epidermis_scale", draws, seed)[:, None]
    papillary = parameters.sample("anatomy.papillary_thickness", draws, seed)[:, None]
    women = per_zone("dermis_female", parameters, draws, seed)
    men = per_zone("dermis_male", parameters, draws, seed)
    dermis = scale_dermis * (women + male[:, None] * (men - women))
    epidermis = scale_epidermis * per_zone("epidermis", parameters, draws, seed)
    papillary = np.minimum(papillary, _MAX_PAPILLARY_SHARE * dermis)
    return Layers(epidermis, papillary, dermis - papillary)
