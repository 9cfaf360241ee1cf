"""Spectra, chromophores and colour spaces against published numbers."""

import numpy as np
import pytest

from micropen.evidence import load_parameters
from micropen.optics import individual_typology_angle, lab
from micropen.optics.chromophores import (
    baseline_absorption,
    melanosome_absorption,
    reduced_scattering,
    vessel_packing,
    whole_blood_absorption,
)
from micropen.optics.colour import reflectance_to_rgb_matrix, rgb_to_xyz_matrix
from micropen.optics.spectra import WAVELENGTHS_NM, haemoglobin, read_table


def test_haemoglobin_table_is_prahls():
    oxygenated, deoxygenated = haemoglobin(np.array([400.0, 414.0, 500.0, 542.0, 576.0, 700.0]))
    np.testing.assert_array_equal(oxygenated, [266232, 524280, 20932.8, 53292, 55540, 290])
    np.testing.assert_array_equal(deoxygenated, [223296, 342596, 20862, 48148, 40092, 1794.28])


@pytest.mark.parametrize("isosbestic_nm", [500.0, 529.0, 545.0, 570.0, 584.0])
def test_haemoglobin_crosses_at_its_isosbestic_points(isosbestic_nm):
    oxygenated, deoxygenated = haemoglobin(np.array([isosbestic_nm]))
    assert oxygenated[0] / deoxygenated[0] == pytest.approx(1.0, abs=0.05)


def test_tables_stand_on_complete_axes():
    table = read_table("haemoglobin.csv")
    np.testing.assert_array_equal(table["wavelength_nm"], np.arange(400.0, 701.0, 2.0))
    np.testing.assert_array_equal(read_table("cie.csv")["wavelength_nm"], WAVELENGTHS_NM)
    assert read_table("cie.csv")["d65"][WAVELENGTHS_NM == 560.0] == pytest.approx(100.0)
    assert read_table("cie.csv")["y_bar"].max() == pytest.approx(1.0, abs=1e-6)


def test_coefficients_equal_the_published_formulas():
    parameters = load_parameters()
    nm = np.array([450.0, 633.0])
    np.testing.assert_allclose(
        melanosome_absorption(nm, parameters), 6.6e11 * nm**-3.33 / 10.0, rtol=1e-3
    )
    np.testing.assert_allclose(
        baseline_absorption(nm, parameters),
        (0.244 + 85.3 * np.exp(-(nm - 154.0) / 66.2)) / 10.0,
        rtol=1e-12,
    )
    multiplier = parameters.value("optics.scattering.multiplier")
    np.testing.assert_allclose(
        reduced_scattering(nm, parameters), multiplier * 4.6 * (nm / 500.0) ** -1.421, rtol=1e-12
    )


def test_blood_mixes_by_saturation():
    parameters = load_parameters()
    nm = np.array([542.0, 660.0])
    half = whole_blood_absorption(nm, 0.5, parameters)
    full, none = (whole_blood_absorption(nm, s, parameters) for s in (1.0, 0.0))
    np.testing.assert_allclose(half, 0.5 * (full + none))
    assert full[0] == pytest.approx(np.log(10.0) * 53292 * 150 / 64500 / 10.0)


def test_packing_spares_thin_and_shadows_thick_vessels():
    absorption = np.array([0.0, 1e-6, 30.0])
    factor = vessel_packing(absorption, 0.01)
    assert factor[1] == pytest.approx(1.0, abs=1e-7)
    assert factor[2] == pytest.approx((1.0 - np.exp(-0.6)) / 0.6)
    assert np.all(np.diff(vessel_packing(np.linspace(1.0, 100.0, 50), 0.01)) < 0.0)


def test_a_perfect_white_is_one():
    white = np.ones(WAVELENGTHS_NM.size) @ reflectance_to_rgb_matrix()
    np.testing.assert_allclose(white, 1.0, atol=1e-12)
    np.testing.assert_allclose(lab([1.0, 1.0, 1.0]), [100.0, 0.0, 0.0], atol=1e-3)


def test_srgb_matrix_is_the_standards():
    # IEC 61966-2-1, four decimals.
    np.testing.assert_allclose(
        rgb_to_xyz_matrix(),
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]],
        atol=6e-5,
    )


def test_lab_of_the_primaries_and_of_black():
    np.testing.assert_allclose(lab([1.0, 0.0, 0.0]), [53.24, 80.09, 67.20], atol=0.02)
    np.testing.assert_allclose(lab([0.0, 0.0, 1.0]), [32.30, 79.19, -107.86], atol=0.02)
    np.testing.assert_allclose(lab([0.0, 0.0, 0.0]), [0.0, 0.0, 0.0], atol=1e-9)


def test_typology_angle_follows_its_definition():
    colours = np.array([[0.55, 0.33, 0.24], [0.12, 0.06, 0.035]])
    values = lab(colours)
    expected = np.degrees(np.arctan2(values[:, 0] - 50.0, values[:, 2]))
    np.testing.assert_allclose(individual_typology_angle(colours), expected)
    assert individual_typology_angle(colours).shape == (2,)
    assert expected[0] > 41.0 > -30.0 > expected[1]
