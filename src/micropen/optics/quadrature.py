"""Directions of light inside tissue: nodes, weights, Fresnel reflection, phase function."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import NDArray

from micropen.errors import MicropenError

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Quadrature:
    """Discrete directions of one hemisphere, and how they scatter into each other.

    Parameters
    ----------
    cosines
        Shape ``(n,)``, ascending cosines of the angle to the inward normal; the last is 1.
    weights
        Shape ``(n,)``; they integrate over the cosine from 0 to 1.
    internal_reflection
        Shape ``(n,)``, unpolarised Fresnel reflection at the tissue-air boundary from inside.
    normal_reflection
        Fresnel reflection of a normal beam, the surface reflection r0.
    forward, backward
        Shape ``(n, n)``, delta-M scaled, azimuth-averaged phase function between directions of the
        same and of the opposite hemisphere; its mean over the sphere is 1.
    forward_peak
        Share of the scattering that delta-M treats as not scattered at all.
    """

    cosines: FloatArray
    weights: FloatArray
    internal_reflection: FloatArray
    normal_reflection: float
    forward: FloatArray
    backward: FloatArray
    forward_peak: float


def quadrature(nodes: int, refractive_index: float, anisotropy: float) -> Quadrature:
    """Choose directions for a medium bounded by air.

    Half of the nodes are Gauss points between grazing and the critical angle (all light there is
    reflected back), half are Radau points from there to the normal, so that the jump of the
    Fresnel reflection falls between two panels and the normal is itself a node.

    Parameters
    ----------
    nodes
        Even number of nodes, at least 4. Twelve give reflectances within about 4e-4, sixteen
        within about 2e-4 of the limit for skin.
    refractive_index
        Of the tissue relative to air, at least 1.
    anisotropy
        Mean cosine of the Henyey-Greenstein phase function, in ``[0, 1)``.

    Returns
    -------
    Quadrature
        Nodes with all operators that depend on direction only.

    Raises
    ------
    MicropenError
        If a value lies outside its range.
    """
    if nodes < 4 or nodes % 2 or refractive_index < 1.0 or not 0.0 <= anisotropy < 1.0:
        raise MicropenError(
            f"Transport needs an even number of nodes >= 4 (given {nodes}), a refractive index "
            f">= 1 (given {refractive_index}) and an anisotropy in [0, 1) (given {anisotropy})."
        )
    if refractive_index == 1.0:
        cosines, weights = _radau(nodes, 0.0, 1.0)
    else:
        critical = float(np.sqrt(1.0 - refractive_index**-2))
        below = _gauss(nodes // 2, 0.0, critical)
        above = _radau(nodes // 2, critical, 1.0)
        cosines = np.concatenate([below[0], above[0]])
        weights = np.concatenate([below[1], above[1]])
    forward, backward, peak = _phase_function(cosines, anisotropy)
    return Quadrature(
        cosines=cosines,
        weights=weights,
        internal_reflection=internal_reflection(cosines, refractive_index),
        normal_reflection=((refractive_index - 1.0) / (refractive_index + 1.0)) ** 2,
        forward=forward,
        backward=backward,
        forward_peak=peak,
    )


def internal_reflection(cosines: FloatArray, refractive_index: float) -> FloatArray:
    """Return the unpolarised Fresnel reflection from inside a medium to air.

    Parameters
    ----------
    cosines
        Cosines of the angle of incidence inside, in ``(0, 1]``; any shape.
    refractive_index
        Of the medium relative to air.

    Returns
    -------
    numpy.ndarray
        Same shape; 1 beyond the critical angle.
    """
    sine_outside = refractive_index * np.sqrt(np.maximum(0.0, 1.0 - cosines**2))
    cosine_outside = np.sqrt(np.maximum(0.0, 1.0 - sine_outside**2))
    s = (refractive_index * cosines - cosine_outside) / (
        refractive_index * cosines + cosine_outside
    )
    p = (refractive_index * cosine_outside - cosines) / (
        refractive_index * cosine_outside + cosines
    )
    return np.where(sine_outside >= 1.0, 1.0, 0.5 * (s**2 + p**2))


def _gauss(count: int, low: float, high: float) -> tuple[FloatArray, FloatArray]:
    nodes, weights = legendre.leggauss(count)
    half = 0.5 * (high - low)
    return half * nodes + 0.5 * (high + low), half * weights


def _radau(count: int, low: float, high: float) -> tuple[FloatArray, FloatArray]:
    """Radau rule that includes the upper end: roots of P(n-1) - P(n), which vanishes at 1."""
    difference = np.zeros(count + 1)
    difference[count - 1], difference[count] = 1.0, -1.0
    nodes = np.sort(legendre.legroots(difference).real)
    nodes[-1] = 1.0
    last = np.zeros(count)
    last[-1] = 1.0
    weights = (1.0 + nodes) / (count * legendre.legval(nodes, last)) ** 2
    half = 0.5 * (high - low)
    return half * nodes + 0.5 * (high + low), half * weights


def _phase_function(cosines: FloatArray, anisotropy: float) -> tuple[FloatArray, FloatArray, float]:
    """Delta-M Henyey-Greenstein: moments g^l, the part beyond the last moment sent forward."""
    count = cosines.size
    peak = anisotropy**count
    orders = np.arange(count)
    moments = (2 * orders + 1) * (anisotropy**orders - peak) / (1.0 - peak)
    polynomials = legendre.legvander(cosines, count - 1)
    forward = (polynomials * moments) @ polynomials.T
    backward = (polynomials * moments * (-1.0) ** orders) @ polynomials.T
    return np.asarray(forward), np.asarray(backward), float(peak)
