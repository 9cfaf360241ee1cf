"""What absorbs and scatters light in skin: melanosomes, blood, bloodless tissue."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from micropen.evidence import ParameterSet
from micropen.optics.spectra import haemoglobin
from micropen.units import MM_PER_CM

FloatArray = NDArray[np.float64]

_LN_10: Final = float(np.log(10.0))
_REFERENCE_NM: Final = 500.0


def melanosome_absorption(wavelengths_nm: FloatArray, parameters: ParameterSet) -> FloatArray:
    """Absorption inside a melanosome.

    Parameters
    ----------
    wavelengths_nm
        Any shape.
    parameters
        Holding ``optics.melanosome``.

    Returns
    -------
    numpy.ndarray
        mm⁻¹, same shape. Source: Jacques (2013).
    """
    scale = parameters.value("optics.melanosome.absorption_at_500_nm_per_mm")
    power = parameters.value("optics.melanosome.absorption_power")
    return np.asarray(scale * (wavelengths_nm / _REFERENCE_NM) ** -power)


def baseline_absorption(wavelengths_nm: FloatArray, parameters: ParameterSet) -> FloatArray:
    """Absorption of skin without blood and melanin, in mm⁻¹. Source: Jacques (2013)."""
    floor = parameters.value("optics.baseline.floor_per_mm")
    rise = parameters.value("optics.baseline.rise_per_mm")
    origin = parameters.value("optics.baseline.origin_nm")
    decay = parameters.value("optics.baseline.decay_nm")
    return np.asarray(floor + rise * np.exp(-(wavelengths_nm - origin) / decay))


def whole_blood_absorption(
    wavelengths_nm: FloatArray, saturation: ArrayLike, parameters: ParameterSet
) -> FloatArray:
    """Absorption of undiluted blood.

    Parameters
    ----------
    wavelengths_nm
        Shape ``(wavelength,)``.
    saturation
        Oxygen saturation 0-1, any shape.
    parameters
        Holding ``optics.haemoglobin``.

    Returns
    -------
    numpy.ndarray
        mm⁻¹, shape of `saturation` plus ``(wavelength,)``. Source: Prahl (1999).
    """
    oxygenated, deoxygenated = haemoglobin(wavelengths_nm)
    share = np.asarray(saturation, dtype=np.float64)[..., None]
    molar = parameters.value("optics.haemoglobin.concentration_g_per_l") / parameters.value(
        "optics.haemoglobin.molar_mass_g_per_mol"
    )
    return np.asarray(
        _LN_10 * molar * (share * oxygenated + (1.0 - share) * deoxygenated) / MM_PER_CM
    )


def vessel_packing(absorption_per_mm: FloatArray, radius_mm: float) -> FloatArray:
    """Share of the absorption of blood that stays effective when it is packed in vessels.

    Parameters
    ----------
    absorption_per_mm
        Of undiluted blood.
    radius_mm
        Of the vessels. The inner part of a vessel lies in the shadow of its wall.

    Returns
    -------
    numpy.ndarray
        Factor in (0, 1], same shape: (1 - exp(-2 r mu)) / (2 r mu).
    """
    path = 2.0 * radius_mm * absorption_per_mm
    return np.asarray(-np.expm1(-path) / np.maximum(path, np.finfo(float).tiny))


def reduced_scattering(wavelengths_nm: FloatArray, parameters: ParameterSet) -> FloatArray:
    """Reduced scattering of skin, in mm⁻¹. Source: Jacques (2013), times our multiplier."""
    scale = parameters.value("optics.scattering.reduced_at_500_nm_per_mm")
    power = parameters.value("optics.scattering.power")
    multiplier = parameters.value("optics.scattering.multiplier")
    return np.asarray(multiplier * scale * (wavelengths_nm / _REFERENCE_NM) ** -power)
