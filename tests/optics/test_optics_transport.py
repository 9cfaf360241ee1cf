"""Transport against published tables, conservation laws and its own limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micropen.errors import MicropenError
from micropen.optics.adding_doubling import AddingDoubling
from micropen.optics.quadrature import internal_reflection, quadrature

# van de Hulst (1980), quoted by Wang, Jacques and Zheng (1995): n = 1, g = .75, albedo .9, tau 2.
VAN_DE_HULST = (0.09739, 0.66096)
# Giovanelli (1955), as quoted there: semi-infinite, n = 1.5, isotropic, albedo .9.
GIOVANELLI = 0.2600


def test_slab_equals_van_de_hulst():
    reflectance, transmittance = AddingDoubling(16, 1.0, 0.75).slab(1.0, 9.0, 0.2)
    assert reflectance == pytest.approx(VAN_DE_HULST[0], abs=3e-5)
    assert transmittance == pytest.approx(VAN_DE_HULST[1], abs=1e-5)


def test_half_space_equals_giovanelli():
    reflectance, transmittance = AddingDoubling(16, 1.5, 0.0).slab(1.0, 9.0, np.inf)
    assert reflectance == pytest.approx(GIOVANELLI, abs=2e-4)
    assert transmittance < 1e-6


@pytest.mark.parametrize("nodes", [4, 8, 16])
@pytest.mark.parametrize("refractive_index", [1.0, 1.4])
def test_no_light_is_lost_without_absorption(nodes, refractive_index):
    reflectance, transmittance = AddingDoubling(nodes, refractive_index, 0.8).slab(0.0, 10.0, 3.0)
    assert reflectance + transmittance == pytest.approx(1.0, abs=1e-10)


def test_clear_slab_shows_only_its_two_surfaces():
    solver = AddingDoubling(16, 1.5, 0.0)
    surface = solver.surface_reflection
    reflectance, transmittance = solver.slab(0.3, 1e-9, 1.0)
    inside = np.exp(-0.3)
    expected = (1.0 - surface) ** 2 * inside / (1.0 - (surface * inside) ** 2)
    assert transmittance == pytest.approx(expected, rel=1e-3)
    assert reflectance == pytest.approx(surface + surface * inside * expected, rel=1e-3)


def test_two_equal_layers_are_one():
    solver = AddingDoubling(16, 1.4, 0.8)
    layered = solver.two_layers([[0.5]], [[30.0]], 0.06, [[0.5]], [[30.0]])
    whole = solver.slab(0.5, 30.0, np.inf)[0]
    assert layered[0, 0, 0] + solver.surface_reflection == pytest.approx(whole, abs=1e-7)


def test_a_layer_without_thickness_is_no_layer():
    solver = AddingDoubling(12, 1.4, 0.8)
    without = solver.two_layers([[9.0]], [[30.0]], 1e-9, [[0.5]], [[30.0]])[0, 0, 0]
    assert without + solver.surface_reflection == pytest.approx(
        solver.slab(0.5, 30.0, np.inf)[0], abs=1e-6
    )


def test_a_deep_slab_is_a_half_space():
    solver = AddingDoubling(16, 1.4, 0.8)
    assert solver.slab(1.0, 30.0, 20.0)[0] == pytest.approx(
        solver.slab(1.0, 30.0, np.inf)[0], abs=1e-9
    )


def test_the_stack_is_every_upper_over_every_lower():
    solver = AddingDoubling(8, 1.4, 0.8)
    upper, lower = np.array([[0.2, 0.4], [2.0, 3.0]]), np.array([[0.1, 0.3], [1.0, 0.7]])
    together = solver.two_layers(upper, 30.0, 0.06, lower, 30.0)
    for i in range(2):
        for j in range(2):
            alone = solver.two_layers(upper[i : i + 1], 30.0, 0.06, lower[j : j + 1], 30.0)
            np.testing.assert_allclose(together[i, j], alone[0, 0], rtol=1e-12)


def test_sixteen_nodes_are_enough_for_skin():
    upper = [[0.3, 3.0, 15.0]]
    lower = [[0.05, 0.5, 3.0]]
    reference = AddingDoubling(48).two_layers(upper, 34.5, 0.06, lower, 34.5)
    for nodes, limit in ((4, 1e-2), (8, 2.5e-3), (12, 7e-4), (16, 4e-4)):
        found = AddingDoubling(nodes).two_layers(upper, 34.5, 0.06, lower, 34.5)
        assert np.abs(found - reference).max() < limit


@settings(max_examples=40, deadline=None)
@given(
    absorption=st.floats(1e-3, 20.0),
    scattering=st.floats(0.1, 60.0),
    thickness=st.floats(1e-3, 5.0),
    anisotropy=st.floats(0.0, 0.9),
)
def test_light_is_never_made_and_more_absorber_reflects_less(
    absorption, scattering, thickness, anisotropy
):
    solver = AddingDoubling(8, 1.4, anisotropy)
    reflectance, transmittance = solver.slab(absorption, scattering, thickness)
    darker = solver.slab(1.5 * absorption, scattering, thickness)
    assert reflectance > 0.0
    assert transmittance >= -1e-9
    assert reflectance + transmittance < 1.0
    assert darker[0] < reflectance + 1e-12
    assert darker[1] < transmittance + 1e-12


@pytest.mark.parametrize("refractive_index", [1.0, 1.33, 1.5])
def test_nodes_integrate_the_hemisphere(refractive_index):
    directions = quadrature(16, refractive_index, 0.8)
    assert directions.weights.sum() == pytest.approx(1.0, abs=1e-12)
    assert (2.0 * directions.cosines * directions.weights).sum() == pytest.approx(1.0, abs=1e-12)
    assert directions.cosines[-1] == 1.0
    assert np.all(np.diff(directions.cosines) > 0.0)


def test_the_phase_function_keeps_all_light():
    directions = quadrature(16, 1.4, 0.8)
    scattered = (directions.forward + directions.backward) @ directions.weights / 2.0
    np.testing.assert_allclose(scattered, 1.0, atol=1e-10)


def test_fresnel_reflection_of_water_and_beyond_the_critical_angle():
    assert internal_reflection(np.array([1.0]), 1.5)[0] == pytest.approx(0.04)
    critical = np.sqrt(1.0 - 1.0 / 1.4**2)
    assert np.all(internal_reflection(np.array([0.1, critical - 1e-6]), 1.4) == 1.0)
    assert internal_reflection(np.array([0.3]), 1.0)[0] == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize(
    ("nodes", "refractive_index", "anisotropy"),
    [(7, 1.4, 0.8), (2, 1.4, 0.8), (16, 0.9, 0.8), (16, 1.4, 1.0), (16, 1.4, -0.1)],
)
def test_impossible_settings_are_refused(nodes, refractive_index, anisotropy):
    with pytest.raises(MicropenError, match="even number of nodes"):
        AddingDoubling(nodes, refractive_index, anisotropy)
