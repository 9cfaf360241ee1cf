"""Light transport in layered tissue by adding-doubling.

A thin layer is solved by the diamond scheme, doubled to its full thickness, then layers and
boundaries are added. Radiances are vectors over the directions of one hemisphere; reflection and
transmission are matrices that act on them. Lengths in mm, coefficients in mm⁻¹.

Sources: van de Hulst, *Multiple Light Scattering* (1980); Prahl, van Gemert and Welch, *Appl.
Opt.* 32, 559 (1993); Wiscombe, *J. Atmos. Sci.* 34, 1408 (1977), for delta-M.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from micropen.compiled import njit
from micropen.optics.quadrature import Quadrature, quadrature

FloatArray = NDArray[np.float64]

# A layer counts as semi-infinite once no element of its transmission exceeds this.
_OPAQUE: Final = 1e-7
_MOST_DOUBLINGS: Final = 60


@njit
def _multiply(a: FloatArray, b: FloatArray, out: FloatArray) -> None:
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            out[i, j] = 0.0
        for k in range(b.shape[0]):
            factor = a[i, k]
            for j in range(b.shape[1]):
                out[i, j] += factor * b[k, j]


@njit
def _solve(a: FloatArray, b: FloatArray) -> None:
    # Gaussian elimination in place; transport matrices are diagonally dominant, so no pivoting.
    n, m = a.shape[0], b.shape[1]
    for i in range(n):
        scale = 1.0 / a[i, i]
        for j in range(i + 1, n):
            a[i, j] *= scale
        for j in range(m):
            b[i, j] *= scale
        for row in range(i + 1, n):
            factor = a[row, i]
            for j in range(i + 1, n):
                a[row, j] -= factor * a[i, j]
            for j in range(m):
                b[row, j] -= factor * b[i, j]
    for i in range(n - 1, 0, -1):
        for row in range(i):
            factor = a[i - 1 - row, i]
            for j in range(m):
                b[i - 1 - row, j] -= factor * b[i, j]


@njit
def _thin_layer(
    albedo: float,
    thickness: float,
    nodes: FloatArray,
    phases: FloatArray,
    reflection: FloatArray,
    transmission: FloatArray,
) -> None:
    cosines, weights, n = nodes[0], nodes[1], nodes.shape[1]
    total, spread = np.empty((n, n)), np.empty((n, n))
    right_total, right_spread = np.empty((n, n)), np.empty((n, n))
    for i in range(n):
        step = 0.5 * thickness / cosines[i]
        for j in range(n):
            one = 1.0 if i == j else 0.0
            loss = step * (one - 0.5 * albedo * phases[0, i, j] * weights[j])
            turn = step * 0.5 * albedo * phases[1, i, j] * weights[j]
            total[i, j] = one + loss - turn
            right_total[i, j] = one - loss + turn
            spread[i, j] = one + loss + turn
            right_spread[i, j] = one - loss - turn
    _solve(total, right_total)  # transmission + reflection
    _solve(spread, right_spread)  # transmission - reflection
    for i in range(n):
        for j in range(n):
            reflection[i, j] = 0.5 * (right_total[i, j] - right_spread[i, j])
            transmission[i, j] = 0.5 * (right_total[i, j] + right_spread[i, j])


@njit
def _double(
    reflection: FloatArray,
    transmission: FloatArray,
    work: FloatArray,
    between: FloatArray,
    below: FloatArray,
) -> None:
    n = reflection.shape[0]
    _multiply(reflection, reflection, work)
    for i in range(n):
        for j in range(n):
            work[i, j] = (1.0 if i == j else 0.0) - work[i, j]
            between[i, j] = transmission[i, j]
    _solve(work, between)  # light between the two halves, all bounces
    _multiply(reflection, between, below)
    _multiply(transmission, below, work)
    _multiply(transmission, between, below)
    for i in range(n):
        for j in range(n):
            reflection[i, j] += work[i, j]
            transmission[i, j] = below[i, j]


@njit
def _layer(
    albedo: float,
    thickness: float,
    peak: float,
    nodes: FloatArray,
    phases: FloatArray,
    reflection: FloatArray,
    transmission: FloatArray,
) -> None:
    # A negative thickness stands for a semi-infinite layer (fast arithmetic knows no infinity).
    # Delta-M: the forward peak of the phase function counts as light that went straight on.
    reduced_albedo = albedo * (1.0 - peak) / (1.0 - albedo * peak)
    reduced_thickness = (1.0 - albedo * peak) * thickness
    n = nodes.shape[1]
    endless = thickness < 0.0
    start, doublings = 0.5 * nodes[0, 0], 0
    if not endless:
        start_limit, start = start, reduced_thickness
        while start > start_limit:
            start *= 0.5
            doublings += 1
    _thin_layer(reduced_albedo, start, nodes, phases, reflection, transmission)
    work, between, below = np.empty((n, n)), np.empty((n, n)), np.empty((n, n))
    for count in range(_MOST_DOUBLINGS):
        if endless:
            if np.max(np.abs(transmission)) < _OPAQUE:
                break
        elif count >= doublings:
            break
        _double(reflection, transmission, work, between, below)


@njit
def _cover(
    reflection: FloatArray, transmission: FloatArray, nodes: FloatArray, surface: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, float]:
    """Boundary + upper layer, seen from below: its reflection, the light it lets in and out.

    Returns the reflection matrix towards below; the radiance that reaches below from a unit normal
    beam inside the boundary; how much flux one unit of upward radiance sends out; the flux that
    leaves without ever passing below.
    """
    n = nodes.shape[1]
    bounce, inner = np.empty((n, n)), np.empty((n, n + 1))
    for i in range(n):
        for j in range(n):
            bounce[i, j] = (1.0 if i == j else 0.0) - reflection[i, j] * surface[j]
            inner[i, j] = transmission[i, j]
        inner[i, n] = reflection[i, n - 1] / (2.0 * nodes[0, n - 1] * nodes[1, n - 1])
    _solve(bounce, inner)  # upward radiance under the boundary
    from_below, source = np.empty((n, n)), np.empty(n)
    for i in range(n):
        source[i] = transmission[i, n - 1] / (2.0 * nodes[0, n - 1] * nodes[1, n - 1])
        for j in range(n):
            from_below[i, j] = reflection[i, j]
        for k in range(n):
            factor = transmission[i, k] * surface[k]
            source[i] += factor * inner[k, n]
            for j in range(n):
                from_below[i, j] += factor * inner[k, j]
    escape, direct = np.zeros(n), 0.0
    for i in range(n):
        out = 2.0 * nodes[0, i] * nodes[1, i] * (1.0 - surface[i])
        direct += out * inner[i, n]
        for j in range(n):
            escape[j] += out * inner[i, j]
    return from_below, source, escape, direct


@njit
def _light_below(from_below: FloatArray, source: FloatArray, floor: FloatArray) -> FloatArray:
    """Upward radiance at the floor under a cover, all bounces between the two counted."""
    n = source.size
    bounce, rise = np.empty((n, n)), np.empty((n, 1))
    _multiply(floor, from_below, bounce)
    for i in range(n):
        rise[i, 0] = 0.0
        for j in range(n):
            rise[i, 0] += floor[i, j] * source[j]
            bounce[i, j] = (1.0 if i == j else 0.0) - bounce[i, j]
    _solve(bounce, rise)
    return rise


@njit
def _slab(
    albedo: float,
    thickness: float,
    peak: float,
    nodes: FloatArray,
    phases: FloatArray,
    surface: FloatArray,
) -> tuple[float, float]:
    n = nodes.shape[1]
    reflection, transmission, floor = np.empty((n, n)), np.empty((n, n)), np.zeros((n, n))
    _layer(albedo, thickness, peak, nodes, phases, reflection, transmission)
    from_below, source, escape, direct = _cover(reflection, transmission, nodes, surface)
    for i in range(n):
        floor[i, i] = surface[i]
    rise = _light_below(from_below, source, floor)
    transmitted = 0.0
    for i in range(n):
        direct += escape[i] * rise[i, 0]
        fall = source[i]
        for j in range(n):
            fall += from_below[i, j] * rise[j, 0]
        transmitted += 2.0 * nodes[0, i] * nodes[1, i] * (1.0 - surface[i]) * fall
    return direct, transmitted


@njit
def _stack(
    upper_albedo: FloatArray,
    upper_thickness: FloatArray,
    lower_albedo: FloatArray,
    peak: float,
    nodes: FloatArray,
    phases: FloatArray,
    surface: FloatArray,
    out: FloatArray,
) -> None:
    # Every upper layer over every lower one; each is solved once. All arrays end in wavelength.
    n = nodes.shape[1]
    uppers, lowers, bands = upper_albedo.shape[0], lower_albedo.shape[0], upper_albedo.shape[1]
    floors = np.empty((lowers, n, n))
    reflection, transmission = np.empty((n, n)), np.empty((n, n))
    for band in range(bands):
        for lower in range(lowers):
            _layer(
                lower_albedo[lower, band], -1.0, peak, nodes, phases, floors[lower], transmission
            )
        for upper in range(uppers):
            _layer(
                upper_albedo[upper, band],
                upper_thickness[upper, band],
                peak,
                nodes,
                phases,
                reflection,
                transmission,
            )
            from_below, source, escape, direct = _cover(reflection, transmission, nodes, surface)
            for lower in range(lowers):
                rise = _light_below(from_below, source, floors[lower])
                total = direct
                for i in range(n):
                    total += escape[i] * rise[i, 0]
                out[upper, lower, band] = total


class AddingDoubling:
    """Solver for plane layers of one refractive index and one anisotropy.

    Parameters
    ----------
    nodes
        Even number of directions in a hemisphere: 16 as reference, 12 for tables.
    refractive_index
        Of the tissue relative to air.
    anisotropy
        Mean cosine of scattering (Henyey-Greenstein).
    """

    def __init__(
        self, nodes: int = 16, refractive_index: float = 1.4, anisotropy: float = 0.8
    ) -> None:
        self.directions: Quadrature = quadrature(nodes, refractive_index, anisotropy)
        self.anisotropy = anisotropy
        self._nodes = np.stack([self.directions.cosines, self.directions.weights])
        self._phases = np.stack([self.directions.forward, self.directions.backward])

    @property
    def surface_reflection(self) -> float:
        """Fresnel reflection r0 of a normal beam, which never enters the tissue."""
        return self.directions.normal_reflection

    def slab(self, absorption: float, scattering: float, thickness: float) -> tuple[float, float]:
        """Solve one slab in air under a normal beam.

        Parameters
        ----------
        absorption, scattering
            Coefficients in mm⁻¹ (scattering not reduced); their sum must be positive.
        thickness
            In mm; ``inf`` for a semi-infinite medium.

        Returns
        -------
        tuple of float
            Total reflectance (surface reflection included) and total transmittance.
        """
        extinction = absorption + scattering
        diffuse, transmitted = _slab(
            scattering / extinction,
            extinction * thickness if math.isfinite(thickness) else -1.0,
            self.directions.forward_peak,
            self._nodes,
            self._phases,
            self.directions.internal_reflection,
        )
        entering = 1.0 - self.surface_reflection
        return self.surface_reflection + entering * diffuse, entering * transmitted

    def two_layers(
        self,
        upper_absorption: ArrayLike,
        upper_scattering: ArrayLike,
        upper_thickness: ArrayLike,
        lower_absorption: ArrayLike,
        lower_scattering: ArrayLike,
    ) -> FloatArray:
        """Diffuse reflectance of every upper layer over every semi-infinite lower one.

        Parameters
        ----------
        upper_absorption, upper_scattering, upper_thickness
            mm⁻¹, mm⁻¹ and mm, broadcast to shape ``(upper, wavelength)``.
        lower_absorption, lower_scattering
            mm⁻¹, broadcast to shape ``(lower, wavelength)``.

        Returns
        -------
        numpy.ndarray
            Shape ``(upper, lower, wavelength)``: the light of a normal beam that comes back from
            *inside* the tissue; the surface reflection r0 is left out.
        """
        absorption, scattering, thickness = np.broadcast_arrays(
            *np.atleast_2d(upper_absorption, upper_scattering, upper_thickness)
        )
        below_absorption, below_scattering = np.broadcast_arrays(
            *np.atleast_2d(lower_absorption, lower_scattering)
        )
        extinction = absorption + scattering
        out = np.empty((absorption.shape[0], below_absorption.shape[0], absorption.shape[1]))
        _stack(
            np.ascontiguousarray(scattering / extinction, dtype=np.float64),
            np.ascontiguousarray(extinction * thickness, dtype=np.float64),
            np.ascontiguousarray(
                below_scattering / (below_absorption + below_scattering), dtype=np.float64
            ),
            self.directions.forward_peak,
            self._nodes,
            self._phases,
            self.directions.internal_reflection,
            out,
        )
        return out * (1.0 - self.surface_reflection)
