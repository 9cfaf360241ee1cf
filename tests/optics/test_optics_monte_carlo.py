"""Transport against an independent Monte Carlo, which shares no line with it."""

import math

import numba
import numpy as np
import pytest

from micropen.evidence import load_parameters, stream
from micropen.optics.adding_doubling import AddingDoubling
from micropen.optics.skin import skin_layers
from micropen.optics.spectra import WAVELENGTHS_NM

ENDLESS_MM = 1e4


@numba.njit(cache=False)
def inner_reflection(cosine, refractive_index):
    sine = refractive_index * math.sqrt(max(0.0, 1.0 - cosine * cosine))
    if sine >= 1.0:
        return 1.0
    inside, outside = math.asin(sine / refractive_index), math.asin(sine)
    if inside < 1e-6:
        return ((refractive_index - 1.0) / (refractive_index + 1.0)) ** 2
    difference, total = inside - outside, inside + outside
    return 0.5 * (
        (math.sin(difference) / math.sin(total)) ** 2
        + (math.tan(difference) / math.tan(total)) ** 2
    )


@numba.njit(cache=False)
def new_cosine(cosine, anisotropy, random):
    turn = 2.0 * random.random() - 1.0
    if anisotropy > 0.0:
        part = (1.0 - anisotropy**2) / (1.0 + anisotropy * turn)
        turn = (1.0 + anisotropy**2 - part * part) / (2.0 * anisotropy)
    azimuth = 2.0 * math.pi * random.random()
    across = math.sqrt(max(0.0, (1.0 - turn * turn) * (1.0 - cosine * cosine)))
    return min(1.0, max(-1.0, cosine * turn + across * math.cos(azimuth)))


@numba.njit(cache=False)
def photon(absorption, scattering, depth, anisotropy, refractive_index, random):
    """Follow one photon that entered; return the weight that left at the top and at the bottom."""
    weight, z, cosine, layer = 1.0, 0.0, 1.0, 0
    up, down = 0.0, 0.0
    path = -math.log(1.0 - random.random())
    while weight > 0.0:
        extinction = absorption[layer] + scattering[layer]
        border = depth[layer + 1] if cosine > 0.0 else depth[layer]
        to_border = (border - z) / cosine if cosine != 0.0 else 1e30
        if path < to_border * extinction:
            z += cosine * path / extinction
            weight *= scattering[layer] / extinction
            cosine = new_cosine(cosine, anisotropy, random)
            path = -math.log(1.0 - random.random())
        else:
            path -= to_border * extinction
            z = border
            next_layer = layer + (1 if cosine > 0.0 else -1)
            if 0 <= next_layer < absorption.size:
                layer = next_layer
                continue
            kept = inner_reflection(abs(cosine), refractive_index)
            if cosine < 0.0:
                up += weight * (1.0 - kept)
            else:
                down += weight * (1.0 - kept)
            weight *= kept
            cosine = -cosine
        if weight < 1e-3:
            weight = weight * 10.0 if random.random() < 0.1 else 0.0
    return up, down


@numba.njit(cache=False)
def monte_carlo(absorption, scattering, depth, anisotropy, refractive_index, photons, random):
    """Mean and standard error of reflected and transmitted light, of what entered."""
    sums = np.zeros(4)
    for _ in range(photons):
        up, down = photon(absorption, scattering, depth, anisotropy, refractive_index, random)
        sums += np.array([up, up * up, down, down * down])
    sums /= photons
    return (
        sums[0],
        math.sqrt(max(sums[1] - sums[0] ** 2, 0.0) / photons),
        sums[2],
        math.sqrt(max(sums[3] - sums[2] ** 2, 0.0) / photons),
    )


def test_slab_agrees_with_monte_carlo():
    found = monte_carlo(
        np.array([1.0]),
        np.array([9.0]),
        np.array([0.0, 0.2]),
        0.75,
        1.0,
        100_000,
        stream(1, "slab"),
    )
    reflectance, transmittance = AddingDoubling(16, 1.0, 0.75).slab(1.0, 9.0, 0.2)
    assert abs(reflectance - found[0]) < 3.5 * found[1]
    assert abs(transmittance - found[2]) < 3.5 * found[3]
    assert found[1] < 1e-3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("melanin", "blood", "saturation"),
    [(0.02, 0.01, 0.75), (0.12, 0.02, 0.75), (0.02, 0.06, 0.95)],
    ids=["light", "brown", "flushed"],
)
def test_skin_agrees_with_monte_carlo(melanin, blood, saturation):
    parameters = load_parameters()
    anisotropy = parameters.value("optics.scattering.anisotropy")
    solver = AddingDoubling(16, parameters.value("optics.tissue.refractive_index"), anisotropy)
    layers = skin_layers(melanin, blood, saturation)
    scores = []
    for wavelength in (420.0, 545.0, 580.0, 620.0):
        band = int(np.flatnonzero(wavelength == WAVELENGTHS_NM)[0])
        absorption = np.array(
            [layers.epidermis_absorption[0, band], layers.dermis_absorption[0, band]]
        )
        scattering = np.full(2, layers.scattering[band])
        depth = np.array([0.0, layers.epidermis_thickness_mm, ENDLESS_MM])
        mean, error, *_ = monte_carlo(
            absorption, scattering, depth, anisotropy, 1.4, 60_000, stream(int(wavelength), "skin")
        )
        expected = solver.two_layers(
            [[absorption[0]]], scattering[0], depth[1], [[absorption[1]]], scattering[1]
        )[0, 0, 0] / (1.0 - solver.surface_reflection)
        scores.append((expected - mean) / error)
        assert error < 1.5e-3
    assert np.abs(scores).max() < 3.5, scores
    assert abs(np.mean(scores)) < 1.75, scores  # no bias over four wavelengths (3.5 / sqrt 4)
