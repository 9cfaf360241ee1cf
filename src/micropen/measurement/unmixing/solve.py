"""From a zone's change of optical density to blood and melanin, with every error on its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.measurement.unmixing.directions import LN_10, BloodColour

FloatArray = NDArray[np.float64]

_ROUNDS: Final = 3  # the error of the colour of blood grows with the blood that it is used to find
_ANY_BLOOD: Final = 3.0  # prior sd of the green density of blood: none
BLOOD: Final = "colour of blood"


@dataclass(frozen=True, eq=False)
class Estimate:
    """One chromophore's change of green optical density (log10) in every zone.

    Parameters
    ----------
    value
        ``(zone,)``.
    no_change_sd, change_sd
        ``(zone,)``: error had it not changed; error of this change.
    errors
        Parts of `no_change_sd`, each ``(zone,)``.
    gain
        ``(zone, 3)``: weights of the optical densities that gave the value.
    """

    value: FloatArray
    no_change_sd: FloatArray
    change_sd: FloatArray
    errors: Mapping[str, FloatArray]
    gain: FloatArray = field(repr=False)


def solve(
    density: FloatArray,
    covariances: Mapping[str, FloatArray],
    blood: BloodColour,
    melanin_density: FloatArray,
    melanin_sd: float,
    dilution_sd: FloatArray,
) -> tuple[Estimate, Estimate]:
    """Split changes of optical density into blood and melanin (Bayesian least squares).

    Parameters
    ----------
    density
        ``(zone, 3)`` change of optical density (log10) of the diffuse light; NaN without skin.
    covariances
        Name to ``(zone, 3, 3)``: errors of `density` from each source, same unit squared.
    blood
        Colour of added blood and its uncertainty.
    melanin_density
        ``(3,)`` optical density per unit of ln(melanin).
    melanin_sd
        Prior sd of the change of ln(melanin).
    dilution_sd
        ``(zone,)`` relative error from the unknown surface reflection.

    Returns
    -------
    blood, melanin : Estimate
        In green optical density.
    """
    pigment = melanin_density / melanin_density[1]
    prior = np.array([_ANY_BLOOD, melanin_sd * melanin_density[1]])
    directions = np.stack([blood.density, pigment], 1)
    zones = len(density)
    gains, posterior = np.full((zones, 2, 3), np.nan), np.full((zones, 2), np.nan)
    values = np.full((zones, 2), np.nan)
    total = np.sum(list(covariances.values()), axis=0)
    for zone in np.flatnonzero(np.isfinite(density).all(1)):
        amount = float(density[zone, 1])
        for _ in range(_ROUNDS):
            noise = total[zone] + amount**2 * blood.covariance
            inverse = np.linalg.inv(noise)
            information = directions.T @ inverse @ directions + np.diag(prior**-2)
            spread = np.linalg.inv(information)
            gains[zone] = spread @ directions.T @ inverse
            values[zone] = gains[zone] @ density[zone]
            amount = float(values[zone, 0])
        posterior[zone] = np.sqrt(np.diag(spread))
    parts = dict(covariances)
    tint = values[:, 0, None, None] ** 2 * blood.covariance
    estimates = []
    for k in range(2):
        # Blood that changed must not be called pigment; blood itself is judged against no blood.
        named = parts if k == 0 else {**parts, BLOOD: tint}
        errors = {name: _sd(gains[:, k], c) for name, c in named.items()}
        still = np.sqrt(np.sum([e**2 for e in errors.values()], axis=0))
        # Under a large change of blood pigment is unsure even where it did not change.
        still = np.maximum(still, posterior[:, k]) if k else still
        spread_of = np.maximum(still, posterior[:, k])
        change = np.hypot(spread_of, dilution_sd * np.abs(values[:, k]))
        estimates.append(Estimate(values[:, k], still, change, errors, gains[:, k]))
    return estimates[0], estimates[1]


def _sd(gain: FloatArray, covariance: FloatArray) -> FloatArray:
    return np.asarray(np.sqrt(np.maximum(np.einsum("zi,zij,zj->z", gain, covariance, gain), 0.0)))


def of_densities(covariance_of_ln: FloatArray) -> FloatArray:
    """Covariance of optical densities (log10) from one of natural logarithms."""
    return covariance_of_ln / LN_10**2
