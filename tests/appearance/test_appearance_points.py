"""Pinpoints and papules: Poisson with the sign as mean, fewer always among the more."""

from __future__ import annotations

import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.appearance.papules import (
    make_papule_layer,
    papule_layers_needed,
    papule_skin,
    visible_papules,
)
from micropen.appearance.pinpoints import (
    layers_needed,
    make_layer,
    patchiness,
    visible_pinpoints,
)
from micropen.appearance.scattering import pick_cells, sample_map
from micropen.evidence import load_parameters, stream

PARAMETERS = load_parameters()
SHAPE = (260, 220)
PX_PER_MM = 1.25
SCALE = (0.25, 0.25)


@pytest.fixture(scope="module")
def skin():
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]]
    return ((((x - 110) / 90) ** 2 + ((y - 130) / 115) ** 2) < 1).astype(np.float32)


@pytest.fixture(scope="module")
def weights():
    """Thirteen vertical bands."""
    band = np.minimum(np.arange(SHAPE[1]) * len(ZONES) // SHAPE[1], len(ZONES) - 1)
    return np.stack([np.broadcast_to(band == k, SHAPE) for k in range(13)]).astype(np.float32)


def area_cm2(skin):
    return float(skin.sum()) / (PX_PER_MM**2 * 100.0)


def pinpoints(skin, weights, density, seed, crust=0.0):
    patches = patchiness(skin, PX_PER_MM, seed, PARAMETERS)
    count = layers_needed(density)
    layers = [make_layer(patches, PX_PER_MM, seed, k, PARAMETERS) for k in range(count)]
    return visible_pinpoints(layers, density, weights, crust, 4 * PX_PER_MM, SCALE)


@pytest.mark.parametrize("density", [1.0, 4.0, 9.0, 25.0])
def test_pinpoint_density_is_the_sign(skin, weights, density):
    counts = [len(pinpoints(skin, weights, np.full(13, density), seed)) for seed in range(8)]
    expected = density * area_cm2(skin)
    # Rows make the spread wider than Poisson's, and lose their pins beyond the edge of the skin.
    assert np.mean(counts) == pytest.approx(expected, rel=0.08 + 3.0 / np.sqrt(8 * expected))


def test_pinpoints_of_a_milder_day_are_among_those_of_a_worse_one(skin, weights):
    many = pinpoints(skin, weights, np.full(13, 17.0), 1)
    few = pinpoints(skin, weights, np.full(13, 3.0), 1)
    places = set(zip(many.x.tolist(), many.y.tolist(), strict=True))
    assert 0 < len(few) < len(many)
    assert set(zip(few.x.tolist(), few.y.tolist(), strict=True)) <= places


def test_pinpoints_stay_on_skin_and_in_treated_zones(skin, weights):
    density = np.zeros(13)
    density[4] = 20.0
    points = pinpoints(skin, weights, density, 2)
    x, y = (points.x + 0.5) * SCALE[0] - 0.5, (points.y + 0.5) * SCALE[1] - 0.5
    assert len(points) > 50
    assert (sample_map(skin, x, y) > 0).all()
    assert (sample_map(weights[4], x, y) > 0).all()


def test_pinpoint_sizes_are_those_of_needles(skin, weights):
    points = pinpoints(skin, weights, np.full(13, 20.0), 3)
    diameter_mm = 2 * points.radius_px / (4 * PX_PER_MM)
    assert np.median(diameter_mm) == pytest.approx(0.28, rel=0.08)
    assert diameter_mm.min() >= 0.16 - 1e-9
    assert diameter_mm.max() <= 0.55 + 1e-9


def test_no_bleeding_no_points(skin, weights):
    assert len(pinpoints(skin, weights, np.zeros(13), 1)) == 0


def papules(skin, weights, lesions, seed, ground=None):
    ground = papule_skin(weights, skin, PX_PER_MM) if ground is None else ground
    layers = [
        make_papule_layer(ground, seed, k, PARAMETERS) for k in range(papule_layers_needed(lesions))
    ]
    return visible_papules(layers, lesions, 4 * PX_PER_MM, SCALE, PARAMETERS)


@pytest.mark.parametrize("mean", [0.3, 0.9, 2.6])
def test_papules_are_poisson_with_the_sign_as_mean(skin, weights, mean):
    lesions = np.zeros(13)
    lesions[[5, 7]] = mean
    ground = papule_skin(weights, skin, PX_PER_MM)
    counts = np.array([len(papules(skin, weights, lesions, seed, ground)) for seed in range(400)])
    assert counts.mean() == pytest.approx(2 * mean, abs=3.5 * np.sqrt(2 * mean / 400))
    assert counts.var() == pytest.approx(2 * mean, rel=0.25)


def test_papules_lie_in_their_zone(skin, weights):
    lesions = np.linspace(0.0, 6.0, 13)
    found = papules(skin, weights, lesions, 5)
    x, y = (found.x + 0.5) * SCALE[0] - 0.5, (found.y + 0.5) * SCALE[1] - 0.5
    own = np.array([sample_map(weights[z], x[i : i + 1], y[i : i + 1])[0] for i, z in
                    enumerate(found.zone)])  # fmt: skip
    assert len(found) > 10
    assert (own > 0).all()
    assert (sample_map(skin, x, y) > 0).all()


def test_a_papule_is_born_grows_fades_and_keeps_its_place(skin, weights):
    course = [0.0, 0.2, 0.8, 1.6, 1.2, 0.5, 0.0]
    days = [papules(skin, weights, np.full(13, value), 11) for value in course]
    counts = [len(day) for day in days]
    assert counts[0] == counts[-1] == 0
    assert max(counts) == counts[3]
    first = {(x, y): a for x, y, a in zip(days[2].x, days[2].y, days[2].amplitude, strict=True)}
    later = {(x, y): a for x, y, a in zip(days[3].x, days[3].y, days[3].amplitude, strict=True)}
    assert first.keys() <= later.keys()
    assert all(later[place] >= first[place] for place in first)
    assert any(later[place] > first[place] for place in first)


def test_picking_follows_the_density():
    density = np.zeros((10, 10), np.float32)
    density[2, 3], density[7, 8] = 1.0, 3.0
    x, y = pick_cells(density, 4000, stream(1, "pick"))
    cells = np.rint(np.column_stack([x, y])).astype(int)
    share = (cells == (8, 7)).all(1).mean()
    assert set(map(tuple, cells.tolist())) == {(3, 2), (8, 7)}
    assert share == pytest.approx(0.75, abs=0.03)
    assert pick_cells(np.zeros((4, 4), np.float32), 5, stream(1, "pick"))[0].size == 0
