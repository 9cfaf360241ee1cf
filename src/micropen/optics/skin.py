"""The skin model: pigmented epidermis over blood-filled, semi-infinite dermis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from micropen.evidence import ParameterSet, load_parameters
from micropen.optics.adding_doubling import AddingDoubling
from micropen.optics.chromophores import (
    baseline_absorption,
    melanosome_absorption,
    reduced_scattering,
    vessel_packing,
    whole_blood_absorption,
)
from micropen.optics.colour import reflectance_to_rgb_matrix
from micropen.optics.spectra import WAVELENGTHS_NM

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SkinLayers:
    """Optical coefficients of skin on the program's wavelengths.

    Parameters
    ----------
    epidermis_absorption
        mm⁻¹, shape ``(melanin, wavelength)``.
    dermis_absorption
        mm⁻¹, shape ``(dermis, wavelength)``.
    scattering
        mm⁻¹, not reduced, shape ``(wavelength,)``; the same in both layers.
    epidermis_thickness_mm
        Thickness of the pigmented layer.
    """

    epidermis_absorption: FloatArray
    dermis_absorption: FloatArray
    scattering: FloatArray
    epidermis_thickness_mm: float


def skin_layers(
    melanin: ArrayLike,
    blood: ArrayLike,
    saturation: ArrayLike,
    parameters: ParameterSet | None = None,
) -> SkinLayers:
    """Mix chromophores into the coefficients of two layers.

    Parameters
    ----------
    melanin
        Melanosome volume fraction of the epidermis, shape ``(melanin,)``.
    blood, saturation
        Blood volume fraction of the dermis and its oxygen saturation, each ``(dermis,)``.
    parameters
        Default: the program's own.

    Returns
    -------
    SkinLayers
        Absorption by volume-weighted mixing; blood corrected for packing in vessels.
    """
    chosen = load_parameters() if parameters is None else parameters
    baseline = baseline_absorption(WAVELENGTHS_NM, chosen)
    melanin_share = np.atleast_1d(np.asarray(melanin, dtype=np.float64))[:, None]
    blood_share = np.atleast_1d(np.asarray(blood, dtype=np.float64))[:, None]
    pure = whole_blood_absorption(WAVELENGTHS_NM, np.atleast_1d(saturation), chosen)
    packed = pure * vessel_packing(pure, chosen.value("optics.vessels.radius_mm"))
    melanosome = melanosome_absorption(WAVELENGTHS_NM, chosen)
    reduced = reduced_scattering(WAVELENGTHS_NM, chosen)
    return SkinLayers(
        epidermis_absorption=melanin_share * melanosome + (1.0 - melanin_share) * baseline,
        dermis_absorption=blood_share * packed + (1.0 - blood_share) * baseline,
        scattering=reduced / (1.0 - chosen.value("optics.scattering.anisotropy")),
        epidermis_thickness_mm=chosen.value("optics.epidermis.thickness_mm"),
    )


def diffuse_reflectance(
    melanin: ArrayLike,
    blood: ArrayLike,
    saturation: ArrayLike,
    *,
    nodes: int = 16,
    parameters: ParameterSet | None = None,
) -> FloatArray:
    """Compute spectra of skin without its surface reflection.

    Parameters
    ----------
    melanin, blood, saturation
        As for `skin_layers`: every melanin is combined with every (blood, saturation) pair.
    nodes
        Directions of the transport: 16 as reference, 12 for tables.
    parameters
        Default: the program's own.

    Returns
    -------
    numpy.ndarray
        Shape ``(melanin, dermis, wavelength)``, on `WAVELENGTHS_NM`.
    """
    chosen = load_parameters() if parameters is None else parameters
    layers = skin_layers(melanin, blood, saturation, chosen)
    solver = AddingDoubling(
        nodes,
        chosen.value("optics.tissue.refractive_index"),
        chosen.value("optics.scattering.anisotropy"),
    )
    return solver.two_layers(
        layers.epidermis_absorption,
        layers.scattering,
        layers.epidermis_thickness_mm,
        layers.dermis_absorption,
        layers.scattering,
    )


def diffuse_rgb(
    melanin: ArrayLike,
    blood: ArrayLike,
    saturation: ArrayLike,
    *,
    nodes: int = 16,
    parameters: ParameterSet | None = None,
) -> FloatArray:
    """Linear sRGB of skin without its surface reflection, shape ``(melanin, dermis, 3)``.

    Arguments as for `diffuse_reflectance`. Relative to a perfect white under D65.
    """
    spectra = diffuse_reflectance(melanin, blood, saturation, nodes=nodes, parameters=parameters)
    return np.asarray(spectra @ reflectance_to_rgb_matrix())
