"""The baked table: up to date, smooth, invertible on one branch, and ordered like skin."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micropen.evidence import load_parameters, stream
from micropen.optics import individual_typology_angle, lab, skin_colour
from micropen.optics.baking import MOST_INVERTIBLE_BLOOD, NODES, bake, colour_digest, table_axes
from micropen.optics.colour_table import TABLE_FILE
from micropen.optics.skin import diffuse_reflectance, diffuse_rgb

MELANIN = st.floats(0.003, 0.30)
BLOOD = st.floats(0.002, 0.40)
SATURATION = st.floats(0.4, 1.0)


@pytest.fixture(scope="module")
def content():
    path = files("micropen.optics") / "data" / TABLE_FILE
    with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
        return dict(archive)


@pytest.fixture(scope="module")
def samples():
    random = stream(7, "table samples")
    melanin = np.exp(random.uniform(np.log(0.003), np.log(0.30), 20_000))
    blood = np.exp(random.uniform(np.log(0.002), np.log(MOST_INVERTIBLE_BLOOD), 20_000))
    saturation = random.uniform(0.4, 1.0, 20_000)
    return melanin, blood, saturation


def chromaticity(log_rgb):
    return log_rgb[..., 0] - log_rgb[..., 1], log_rgb[..., 1] - log_rgb[..., 2]


def relative_error(found, truth):
    return np.abs(found / truth - 1.0)


def test_table_was_baked_from_these_parameters(content):
    assert str(content["made_from"]) == colour_digest(load_parameters()), (
        "optics parameters changed: run python tools/bake_skin_colour.py"
    )
    assert str(content["digest"]) == hashlib.sha256(content["log_rgb"].tobytes()).hexdigest()
    assert skin_colour().digest == str(content["digest"])


def test_the_digest_sees_a_changed_parameter():
    parameters = load_parameters()
    thicker = parameters.with_values({"optics.epidermis.thickness_mm": 0.07})
    assert colour_digest(thicker) != colour_digest(parameters)
    other = parameters.with_values({"optics.erythema.proportional_sd": 0.4})
    assert colour_digest(other) == colour_digest(parameters)


def test_random_cells_bake_again_to_the_same_values(content):
    axes = table_axes()
    random = stream(3, "table cells")
    for _ in range(12):
        i, j, k = (int(random.integers(n)) for n in content["log_rgb"].shape[:3])
        rgb = diffuse_rgb(axes.melanin[i], axes.blood[j], axes.saturation[k], nodes=NODES)
        np.testing.assert_allclose(content["log_rgb"][i, j, k], np.log(rgb[0, 0]), atol=2e-6)


@pytest.mark.slow
def test_the_whole_table_bakes_again(content, tmp_path):
    digest = bake(load_parameters(), tmp_path / "again.npz")
    with np.load(tmp_path / "again.npz", allow_pickle=False) as again:
        assert str(again["digest"]) == digest
        np.testing.assert_allclose(again["log_rgb"], content["log_rgb"], atol=2e-6)
        np.testing.assert_array_equal(again["seed_frame"].shape, content["seed_frame"].shape)


def test_between_nodes_the_table_equals_transport(samples):
    melanin, blood, saturation = (x[:60] for x in samples)
    found = skin_colour().log_rgb(melanin, blood, saturation)
    truth = [
        np.log(diffuse_rgb(m, b, s, nodes=NODES)[0, 0])
        for m, b, s in zip(melanin, blood, saturation, strict=True)
    ]
    assert np.abs(found - np.array(truth)).max() < 3e-4


def test_at_nodes_the_table_is_itself(content):
    colour = skin_colour()
    axes = colour.axes
    for k in (0, 3, 7):
        found = colour.log_rgb(axes.melanin[:, None], axes.blood[None], axes.saturation[k])
        np.testing.assert_allclose(found, content["log_rgb"][:, :, k], atol=1e-4)


@pytest.mark.parametrize("fixed", [True, False], ids=["one saturation", "saturation map"])
def test_inversion_undoes_the_table(samples, fixed):
    melanin, blood, saturation = samples
    chosen = 0.72 if fixed else saturation
    log_rgb = skin_colour().log_rgb(melanin, blood, chosen)
    found_melanin, found_blood, inside = skin_colour().invert(*chromaticity(log_rgb), chosen)
    assert inside.all()
    for error in (relative_error(found_melanin, melanin), relative_error(found_blood, blood)):
        assert np.median(error) < 2e-6
        assert np.quantile(error, 0.99) < 1.5e-4
        assert error.max() < 2e-3


def test_inversion_sees_no_shading(samples):
    melanin, blood, _ = samples
    linear = np.exp(skin_colour().log_rgb(melanin, blood, 0.75)).astype(np.float64)
    shaded = np.log(linear * np.linspace(0.05, 1.5, melanin.size)[:, None])
    found_melanin, found_blood, inside = skin_colour().invert(*chromaticity(shaded), 0.75)
    assert inside.all()
    assert np.quantile(relative_error(found_melanin, melanin), 0.99) < 1.5e-4
    assert np.quantile(relative_error(found_blood, blood), 0.99) < 1.5e-4


def test_the_chromaticity_does_not_fold_where_it_is_inverted():
    axes = table_axes()
    low_blood = axes.blood <= MOST_INVERTIBLE_BLOOD
    for saturation in np.linspace(0.4, 1.0, 13):
        log_rgb = skin_colour().log_rgb(axes.melanin[:, None], axes.blood[None], saturation)
        u, v = (np.asarray(x, dtype=np.float64) for x in chromaticity(log_rgb))
        u_melanin, u_blood = np.gradient(u, np.log(axes.melanin), np.log(axes.blood))
        v_melanin, v_blood = np.gradient(v, np.log(axes.melanin), np.log(axes.blood))
        determinant = u_melanin * v_blood - u_blood * v_melanin
        assert np.all(np.sign(determinant[:, low_blood]) == np.sign(determinant[20, 20]))


def test_impossible_chromaticities_are_told_and_clamped():
    melanin, blood, inside = skin_colour().invert(
        [0.0, 3.0, -1.0, np.nan, np.inf, 0.3], [0.0, 3.0, 0.5, 0.3, 0.3, 0.4], 0.75
    )
    assert inside.tolist() == [False, False, False, False, False, True]
    assert np.all((melanin > 0.0029) & (melanin < 0.3001))
    assert np.all((blood > 0.0019) & (blood < MOST_INVERTIBLE_BLOOD * 1.001))


@settings(max_examples=60, deadline=None)
@given(u=st.floats(-2.0, 4.0), v=st.floats(-2.0, 4.0), saturation=SATURATION)
def test_every_inversion_ends_in_the_table(u, v, saturation):
    melanin, blood, inside = skin_colour().invert(u, v, saturation)
    assert 0.0029 < melanin < 0.3001
    assert 0.0019 < blood < MOST_INVERTIBLE_BLOOD * 1.001
    if inside:
        back = chromaticity(skin_colour().log_rgb(melanin, blood, saturation))
        assert abs(back[0] - u) + abs(back[1] - v) < 2e-4


def test_shapes_broadcast_and_types_are_single_precision():
    colour = skin_colour()
    row = np.geomspace(0.01, 0.1, 5)
    found = colour.log_rgb(row[:, None], 0.02, np.linspace(0.6, 0.9, 3)[None])
    assert found.shape == (5, 3, 3)
    assert found.dtype == np.float32
    assert colour.log_rgb(0.02, 0.02, 0.7).shape == (3,)
    melanin, blood, inside = colour.invert(np.full((2, 3), 0.5), 0.4, 0.75)
    assert melanin.shape == blood.shape == inside.shape == (2, 3)
    assert melanin.dtype == blood.dtype == np.float32


def test_one_saturation_and_an_equal_map_agree(samples):
    melanin, blood, _ = samples
    one = skin_colour().log_rgb(melanin, blood, 0.83)
    many = skin_colour().log_rgb(melanin, blood, np.full(melanin.size, 0.83))
    np.testing.assert_allclose(one, many, atol=1e-6)


def test_empty_maps_stay_empty():
    colour = skin_colour()
    empty = np.empty((0, 4))
    assert colour.log_rgb(empty, empty, 0.75).shape == (0, 4, 3)
    assert colour.invert(empty, empty, empty)[2].shape == (0, 4)


def test_threads_get_the_same_answer(samples):
    melanin, blood, saturation = samples
    alone = skin_colour().log_rgb(melanin, blood, saturation)
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(skin_colour().log_rgb, melanin, blood, saturation) for _ in range(4)]
        for job in jobs:
            np.testing.assert_array_equal(job.result(), alone)


def test_beyond_the_table_its_edge_holds():
    colour = skin_colour()
    np.testing.assert_array_equal(
        colour.log_rgb([0.0, 5.0], [0.0, 5.0], 2.0), colour.log_rgb([0.003, 0.3], [0.002, 0.4], 1.0)
    )


@settings(max_examples=150, deadline=None)
@given(melanin=MELANIN, blood=BLOOD, saturation=SATURATION, factor=st.floats(1.02, 3.0))
def test_more_pigment_is_darker(melanin, blood, saturation, factor):
    """Linear sRGB blue holds some negative green, which shows only in the darkest skin."""
    colour = skin_colour()
    channels = slice(0, 3 if melanin < 0.15 else 2)
    start = colour.log_rgb(melanin, blood, saturation)
    tanned = colour.log_rgb(min(melanin * factor, 0.3), blood, saturation)
    assert np.all(tanned[channels] <= start[channels] + 1e-6)
    flushed = colour.log_rgb(melanin, min(blood * factor, 0.4), saturation)
    assert np.all(flushed[channels] <= start[channels] + 1e-6)


@settings(max_examples=30, deadline=None)
@given(melanin=MELANIN, blood=BLOOD, saturation=SATURATION, factor=st.floats(1.02, 3.0))
def test_more_pigment_reflects_less_at_every_wavelength(melanin, blood, saturation, factor):
    found = diffuse_reflectance(
        [melanin, melanin * factor], [blood, blood * factor], [saturation, saturation], nodes=8
    )
    assert np.all(np.diff(found, axis=0) < 0.0)
    assert np.all(np.diff(found, axis=1) < 0.0)


@settings(max_examples=100, deadline=None)
@given(
    melanin=st.floats(0.003, 0.2),
    blood=st.floats(0.002, 0.1),
    low=st.floats(0.4, 0.95),
    step=st.floats(0.02, 0.3),
)
def test_oxygen_makes_blood_redder(melanin, blood, low, step):
    colour = skin_colour()
    poor = colour.log_rgb(melanin, blood, low)
    rich = colour.log_rgb(melanin, blood, min(low + step, 1.0))
    assert rich[0] > poor[0]
    assert chromaticity(rich)[0] > chromaticity(poor)[0]


def test_phototypes_are_ordered_by_typology_angle():
    """Our ladder of melanin, by the limits of Chardon and Del Bino; surface reflection added."""
    ladder = np.array([0.007, 0.018, 0.03, 0.055, 0.13, 0.25])
    surface = 0.0278
    angle = individual_typology_angle(np.exp(skin_colour().log_rgb(ladder, 0.012, 0.75)) + surface)
    assert np.all(np.diff(angle) < -5.0)
    limits = [(55, 90), (41, 55), (28, 45), (10, 28), (-30, 10), (-60, -30)]
    for found, (low, high) in zip(angle, limits, strict=True):
        assert low < found < high


@pytest.mark.parametrize(
    ("saturation", "slope"), [(0.95, (-1.05, -0.8)), (0.70, (-1.4, -1.1))], ids=["fresh", "resting"]
)
def test_a_flush_is_redder_and_darker(saturation, slope):
    """Blood from .01 to .04: directions of the layered model on light skin (own findings)."""
    before, after = (
        lab(np.exp(skin_colour().log_rgb(0.015, b, saturation)) + 0.0278) for b in (0.01, 0.04)
    )
    lightness, redness, yellowness = after - before
    assert 6.0 < redness < 10.5
    assert -11.0 < lightness < -7.0
    assert slope[0] < lightness / redness < slope[1]
    assert abs(yellowness) < 2.5


def test_eight_bits_cost_what_the_documentation_says():
    """Rounding to 8-bit sRGB at the brightness of a photograph, then inverting."""
    random = stream(11, "eight bits")
    melanin = np.exp(random.uniform(np.log(0.006), np.log(0.2), 4000))
    blood = np.exp(random.uniform(np.log(0.004), np.log(0.08), 4000))
    linear = np.exp(skin_colour().log_rgb(melanin, blood, 0.75)).astype(np.float64)
    linear *= 0.6 / linear.max()
    encoded = np.where(linear < 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    for levels, most in ((255.0, 0.04), (65535.0, 0.0005)):
        rounded = np.round(encoded * levels) / levels
        decoded = np.where(rounded < 0.04045, rounded / 12.92, ((rounded + 0.055) / 1.055) ** 2.4)
        found = skin_colour().invert(*chromaticity(np.log(decoded)), 0.75)
        for error in (relative_error(found[0], melanin), relative_error(found[1], blood)):
            assert np.median(error) < most
            assert np.quantile(error, 0.95) < 5.0 * most
