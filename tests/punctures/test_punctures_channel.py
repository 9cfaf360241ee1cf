"""Closed forms of the tapered channel and of overlap."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from micropen.evidence import stream
from micropen.punctures import (
    breached_fraction,
    depth_nodes,
    layer_profile_mm2,
    layer_volume_mm3,
    mean_depth_mm,
    over_nodes,
    overlap_factor,
    surface_area_mm2,
)

EDGES = (0.0, 0.06, 0.26, 1.3)
depths = st.floats(0.0, 3.0)
diameters = st.floats(0.05, 0.4)
tapers = st.floats(0.2, 2.0)
recoils = st.floats(0.2, 1.0)


def test_a_cone_has_a_third_of_its_cylinder():
    """A needle in up to its taper: volume = base area x depth / 3."""
    depth, diameter, taper, recoil = 1.2, 0.25, 1.5, 0.5
    base = surface_area_mm2(depth, diameter, taper, recoil)
    assert base == pytest.approx(math.pi / 4 * (0.25 * 0.8 * 0.5) ** 2)
    volume = layer_volume_mm3(depth, 0.0, 10.0, diameter, taper, recoil=recoil)
    assert volume == pytest.approx(base * depth / 3)


def test_beyond_the_taper_a_cylinder_is_added():
    whole = layer_volume_mm3(2.0, 0.0, 10.0, 0.25, 1.5, recoil=1.0)
    area = math.pi / 4 * 0.25**2
    assert whole == pytest.approx(area * (1.5 / 3 + 0.5))
    assert surface_area_mm2(2.0, 0.25, 1.5, 1.0) == pytest.approx(area)


def test_a_frustum_between_two_depths():
    """Layer from 0.2 to 0.6 mm under a cone 1 mm deep: a frustum of radii 0.8 and 0.4 r."""
    radius = 0.1
    top, bottom = radius * 0.8, radius * 0.4
    frustum = math.pi * 0.4 / 3 * (top**2 + top * bottom + bottom**2)
    volume = layer_volume_mm3(1.0, 0.2, 0.6, 2 * radius, 1.0, recoil=1.0)
    assert volume == pytest.approx(frustum)


@settings(deadline=None)
@given(depths, diameters, tapers, recoils)
def test_layers_add_up_to_the_whole_channel(depth, diameter, taper, recoil):
    parts = sum(
        layer_volume_mm3(depth, top, bottom, diameter, taper, recoil=recoil)
        for top, bottom in pairwise((*EDGES, 10.0))
    )
    whole = layer_volume_mm3(depth, 0.0, 10.0, diameter, taper, recoil=recoil)
    assert parts == pytest.approx(float(whole), rel=1e-9, abs=1e-15)
    assert whole <= surface_area_mm2(depth, diameter, taper, recoil) * depth + 1e-15


@settings(deadline=None)
@given(depths, diameters, tapers)
def test_volume_and_profile_against_quadrature(depth, diameter, taper):
    def width(u):
        return diameter * min(1.0, max(depth - u, 0.0) / taper)

    top, bottom = 0.06, 0.26
    corners = [x for x in (depth, depth - taper) if top < x < bottom]
    volume, _ = quad(lambda u: math.pi / 4 * width(u) ** 2, top, bottom, points=corners or None)
    profile, _ = quad(width, top, bottom, points=corners or None)
    found = layer_volume_mm3(depth, top, bottom, diameter, taper, recoil=1.0)
    assert found == pytest.approx(volume, rel=1e-6, abs=1e-12)
    found = layer_profile_mm2(depth, top, bottom, diameter, taper)
    assert found == pytest.approx(profile, rel=1e-6, abs=1e-12)


def test_a_needle_that_does_not_reach_leaves_nothing():
    assert layer_volume_mm3(0.2, 0.26, 1.3, 0.25, 1.5, recoil=0.5) == 0.0
    assert layer_profile_mm2(0.2, 0.26, 1.3, 0.25, 1.5) == 0.0


def test_poisson_overlap_against_random_discs():
    """Discs thrown at random on a torus cover 1 - exp(-density x area) of it."""
    random = stream(7, "test overlap")
    radius, count, side = 0.6, 60, 10.0
    points = random.uniform(0, side, (1000, 1, 2))
    rounds, covered = 40, 0
    for _ in range(rounds):
        centres = random.uniform(0, side, (1, random.poisson(count), 2))
        gap = np.abs(points - centres)
        gap = np.minimum(gap, side - gap)
        covered += int((np.hypot(*gap.transpose(2, 0, 1)) < radius).any(axis=1).sum())
    # The side is 10 mm, so a count per torus is a density per cm².
    expected = breached_fraction(count, math.pi * radius**2)
    assert covered / (rounds * 1000) == pytest.approx(float(expected), abs=0.02)


@settings(deadline=None)
@given(st.floats(0, 5000), st.floats(0, 0.2))
def test_breach_stays_below_one_and_below_the_sum_of_areas(density, area):
    fraction = breached_fraction(density, area)
    total = density * area / 100
    assert 0 <= fraction <= min(1.0, total + 1e-12)
    assert overlap_factor(density, area) * total == pytest.approx(float(fraction), abs=1e-12)


def test_two_sessions_of_holes_multiply_what_is_left():
    first, second = breached_fraction(200, 0.01), breached_fraction(300, 0.01)
    both = breached_fraction(500, 0.01)
    assert 1 - both == pytest.approx((1 - first) * (1 - second))


def test_sparse_holes_do_not_overlap():
    assert overlap_factor(0.0, 0.01) == 1.0
    assert overlap_factor(1.0, 1e-6) == pytest.approx(1.0)


@settings(deadline=None)
@given(st.floats(0.1, 2.0), st.floats(0.0, 0.3))
def test_nodes_have_the_moments_of_the_normal_distribution(mean, spread):
    nodes = depth_nodes(mean, spread)
    assert over_nodes(nodes) == pytest.approx(mean)
    sd = mean * spread
    assert over_nodes(nodes**2) == pytest.approx(mean**2 + sd**2)
    assert over_nodes(nodes**3) == pytest.approx(mean**3 + 3 * mean * sd**2)


def test_depth_is_length_times_fraction():
    depth = mean_depth_mm(np.array([[0.0, 1.0, 2.0]]), np.full((4, 1), 0.95))
    assert depth.shape == (4, 3)
    assert np.allclose(depth[0], [0.0, 0.95, 1.9])
