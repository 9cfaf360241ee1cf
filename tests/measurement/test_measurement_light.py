"""What lamp and camera changed: told from untreated skin, with an honest error."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.evidence import load_parameters
from micropen.measurement.alignment import Alignment
from micropen.measurement.face_view import FaceView
from micropen.measurement.light import light_change
from micropen.measurement.light.cells import REFERENCE, Cells, spread
from micropen.measurement.light.describe import warn_of
from micropen.measurement.light.directions import GREY, directions
from micropen.measurement.light.light_field import LightField, fit_light_field
from micropen.measurement.light.misfit import zone_covariance
from micropen.measurement.light.reference_skin import reference_skin
from micropen.measurement.light.scene import Surroundings, surroundings
from micropen.optics import UNCONTROLLED
from micropen.optics.erythema import erythema_weights
from micropen.portrait import Portrait

PARAMETERS = load_parameters()
ITA = 50.0
REDNESS = erythema_weights(ITA, UNCONTROLLED)
SKIN = np.array([0.45, 0.26, 0.20])
CHEEK = ZONES.index("cheek_left")
TOWARD = directions(ITA)
ALL_TREATED = np.ones(len(ZONES), np.bool_)


def cells_of(change: np.ndarray, references: int, seed: int = 0, noise: float = 0.002) -> Cells:
    """Squares of 13 zones, 30 each, and of untreated skin, under one even change of light."""
    rng = np.random.default_rng(seed)
    kind = np.concatenate([np.repeat(np.arange(13), 30), np.full(references, REFERENCE)])
    count = len(kind)
    place = np.stack(np.divmod(np.arange(count), 30), -1)
    modes = np.column_stack([np.ones(count), rng.uniform(-0.5, 0.5, (count, 4))])
    maps = np.zeros((place[:, 0].max() + 1, 30, 5), np.float32)
    values = change + rng.normal(0.0, noise, (count, 3)) + rng.normal(0.0, 0.1, (count, 1))
    before = np.tile(SKIN, (count, 1))
    return Cells(kind, np.ones(count), before, values, modes, maps, place, np.zeros(count), 10)


def redness_sd(covariance: np.ndarray) -> float:
    return float(np.sqrt(REDNESS @ covariance @ REDNESS))


@pytest.fixture(scope="module")
def view(demo_portrait_file: Path) -> FaceView:
    return FaceView.of(Portrait.read(demo_portrait_file), px_per_mm=2.0)


@pytest.fixture(scope="module")
def in_place(view: FaceView) -> Alignment:
    height, width = view.shape
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    seen = np.ones((height, width), np.float32)
    return Alignment(np.stack([columns, rows], -1), 0 * seen, seen, dict.fromkeys(ZONES, 0.0))


def changed(view: FaceView, in_place: Alignment, later: np.ndarray):
    usable = np.clip(view.skin, 0.0, 1.0)
    return light_change(
        view, view.with_linear(later), later, usable, in_place, ITA, parameters=PARAMETERS
    )


def test_lamps_and_tints_lie_across_grey_and_across_each_other():
    for ita in (60.0, 20.0, -40.0):
        toward = directions(ita)
        frame = np.stack([GREY, toward.temperature, toward.tint, toward.beside_blood])
        assert frame[:3] @ frame[:3].T == pytest.approx(np.eye(3), abs=1e-9)
        assert toward.beside_blood @ toward.blood == pytest.approx(0.0, abs=1e-9)
        assert (toward.blood < 0).all()
        assert (toward.melanin < 0).all()
        assert toward.blood[1] == toward.blood.min()  # blood takes green, melanin blue
        assert toward.melanin[2] == toward.melanin.min()


def test_redness_is_nearly_blind_to_colour_temperature_but_not_to_tint():
    assert abs(REDNESS @ TOWARD.temperature) < 0.1 * abs(REDNESS @ TOWARD.tint)


def test_camera_gain_is_read_from_untreated_skin_though_all_zones_reddened():
    gain = np.array([0.06, -0.03, 0.02])
    cells = cells_of(gain, references=300)
    reddened = cells.change + 0.6 * TOWARD.blood * (cells.kind != REFERENCE)[:, None]
    light = fit_light_field(replace(cells, change=reddened), TOWARD, ALL_TREATED, PARAMETERS)
    found, covariance = light.at(np.array([1.0, 0, 0, 0, 0]))
    error = float(REDNESS @ (found - (gain - gain.mean())))
    assert abs(error) < 0.02
    assert abs(error) < 2.0 * redness_sd(covariance) < 0.12


def test_without_untreated_skin_the_error_covers_a_common_reddening():
    cells = cells_of(np.zeros(3), references=0)
    reddened = replace(cells, change=cells.change + 0.6 * TOWARD.blood)
    light = fit_light_field(reddened, TOWARD, ALL_TREATED, PARAMETERS)
    found, covariance = light.at(np.array([1.0, 0, 0, 0, 0]))
    assert abs(REDNESS @ found) < 2.0 * redness_sd(covariance)
    assert redness_sd(covariance) > 0.3


def test_zones_told_to_be_untreated_take_the_place_of_a_neck():
    cells = cells_of(np.array([0.05, -0.02, 0.0]), references=0)
    told = ALL_TREATED.copy()
    told[[0, 1, 2, 3]] = False
    free, bound = (
        fit_light_field(cells, TOWARD, treated, PARAMETERS).at(np.array([1.0, 0, 0, 0, 0]))[1]
        for treated in (ALL_TREATED, told)
    )
    assert redness_sd(bound) < 0.4 * redness_sd(free)


def test_a_red_scarf_among_untreated_skin_does_not_turn_the_light():
    cells = cells_of(np.zeros(3), references=300)
    change = cells.change.copy()
    change[-60:] += np.array([0.3, -0.3, -0.2])
    light = fit_light_field(replace(cells, change=change), TOWARD, ALL_TREATED, PARAMETERS)
    assert abs(REDNESS @ light.at(np.array([1.0, 0, 0, 0, 0]))[0]) < 0.08  # its mean is 0.9


def test_field_of_lamp_colours_is_followed():
    cells = cells_of(np.zeros(3), references=300)
    field = 0.04 * cells.modes[:, 3:4] * TOWARD.temperature
    light = fit_light_field(
        replace(cells, change=cells.change + field), TOWARD, ALL_TREATED, PARAMETERS
    )
    assert light.colour[3] @ TOWARD.temperature == pytest.approx(0.04, rel=0.2)


def test_stated_error_is_that_of_repeated_draws():
    """Reweighting and correlated patches make it careful, never careless."""
    z = []
    for seed in range(8):
        rng = np.random.default_rng(1000 + seed)
        cells = cells_of(np.zeros(3), references=200, seed=seed, noise=0.004)
        flush = rng.normal(0.0, PARAMETERS.value("measurement.light.reference_blood_sd"))
        change = cells.change + flush * TOWARD.blood * cells.reference[:, None]
        light = fit_light_field(replace(cells, change=change), TOWARD, ALL_TREATED, PARAMETERS)
        found, covariance = light.at(np.array([1.0, 0, 0, 0, 0]))
        z.append(float(REDNESS @ found) / redness_sd(covariance))
    assert 0.3 < np.sqrt(np.mean(np.square(z))) < 1.3


def test_covariance_grows_with_moved_highlights_and_shrinks_with_the_zone():
    cells = cells_of(np.zeros(3), references=100, noise=0.001)
    shine = (1 / SKIN) / (1 / SKIN).mean()
    moved = cells.change + np.random.default_rng(5).normal(0.0, 0.04, (len(cells.kind), 1)) * shine
    quiet, busy = (
        zone_covariance(replace(cells, change=c), None, TOWARD, PARAMETERS)
        for c in (cells.change, moved)
    )
    assert redness_sd(busy[CHEEK]) > 3.0 * redness_sd(quiet[CHEEK])
    # 30 squares of 5 mm are 30 / 9 patches of 15 mm, each as wrong as its highlight.
    expected = 0.04 * abs(REDNESS @ shine) / np.sqrt(30 / 9)
    assert redness_sd(busy[CHEEK]) == pytest.approx(expected, rel=0.35)
    assert np.linalg.eigvalsh(busy).min() > 0.0


def test_new_redness_does_not_widen_the_error():
    cells = cells_of(np.zeros(3), references=100)
    patchy = np.random.default_rng(2).normal(0.5, 0.3, (len(cells.kind), 1)) * TOWARD.blood
    before, after = (
        zone_covariance(replace(cells, change=c), None, TOWARD, PARAMETERS)
        for c in (cells.change, cells.change + patchy)
    )
    grey_free = REDNESS - REDNESS.mean()
    assert grey_free @ after[CHEEK] @ grey_free == pytest.approx(
        grey_free @ before[CHEEK] @ grey_free, rel=0.05
    )


@pytest.mark.parametrize(
    ("change", "spread_sd", "same"),
    [
        ((0.0, 0.0, 0.0), 0.002, True),
        ((0.004, 0.004, 0.004), 0.002, True),
        ((0.02, 0.02, 0.02), 0.002, False),
        ((0.004, -0.004, 0.0), 0.002, False),
        ((0.0, 0.0, 0.0), 0.05, False),
    ],
)
def test_only_an_unchanged_background_is_called_the_same(change, spread_sd, same):
    assert Surroundings(True, np.array(change), spread_sd).same(PARAMETERS) is same


def test_unseen_background_is_not_called_the_same():
    assert not Surroundings(False, np.full(3, np.nan), float("nan")).same(PARAMETERS)


def test_background_shows_gain_but_not_without_a_wall(view: FaceView):
    rng = np.random.default_rng(0)
    wall = rng.normal(0.3, 0.003, (*view.shape, 3)).astype(np.float32)
    gain = np.exp([0.05, 0.0, -0.02]).astype(np.float32)
    seen = surroundings(view.with_linear(wall), view.with_linear(wall * gain))
    assert seen.seen
    assert seen.change == pytest.approx([0.05, 0.0, -0.02], abs=1e-3)
    assert not seen.same(PARAMETERS)
    assert surroundings(view.with_linear(wall), view.with_linear(wall)).same(PARAMETERS)
    busy = rng.uniform(0.05, 0.9, (20, 20, 3)).astype(np.float32)
    leaves = np.kron(busy, np.ones((view.shape[0] // 20 + 1, view.shape[1] // 20 + 1, 1)))
    leaves = leaves[: view.shape[0], : view.shape[1]].astype(np.float32)
    assert not surroundings(view.with_linear(leaves), view.with_linear(leaves)).seen


def test_spread_keeps_a_constant_and_fills_what_is_far():
    place = np.array([[0, 0], [1, 1], [2, 0]])
    out = spread(place, np.ones(3), np.full((3, 2), 0.7), (40, 50), 1.5)
    assert out == pytest.approx(np.full((40, 50, 2), 0.7), abs=1e-5)
    assert spread(place[:0], np.ones(0), np.zeros((0, 1)), (4, 5), 1.5) == pytest.approx(0.0)


def test_reference_skin_leaves_out_zones_and_face(view: FaceView, in_place: Alignment):
    usable = np.clip(view.skin, 0.0, 1.0)
    found = reference_skin(view, view, usable, in_place)
    assert set(np.unique(found)) <= {0.0, 1.0}
    assert not found[view.labels >= 0].any()
    nothing = reference_skin(view, view, np.zeros_like(usable), in_place)
    assert not nothing.any()


def test_camera_gain_on_a_portrait_is_taken_out(view: FaceView, in_place: Alignment):
    gain = np.array([0.10, 0.02, -0.06])
    light = changed(view, in_place, (view.linear * np.exp(gain)).astype(np.float32))
    assert not light.controlled
    inside = (view.labels >= 0) & (view.skin > 0.5)
    found = light.log_gain[inside].mean(0)
    sd = max(redness_sd(c) for c in light.covariance)
    assert abs(REDNESS @ (found - gain)) < sd
    assert found == pytest.approx(gain, abs=0.03)


def test_same_picture_is_left_as_it_is(view: FaceView, in_place: Alignment):
    light = changed(view, in_place, view.linear)
    assert np.abs(light.log_gain).max() < 1e-3
    assert light.warning == ""
    if light.controlled:
        assert max(redness_sd(c) for c in light.covariance) < 0.05


def test_warning_names_side_and_colour():
    cells = cells_of(np.zeros(3), references=50)
    maps = np.zeros((*cells.mode_maps.shape[:2],), np.float32)
    maps[cells.place[:, 0], cells.place[:, 1]] = 0.6 * cells.modes[:, 1]
    colour = np.zeros((5, 3))
    colour[0] = 0.12 * np.array([1.0, 0.0, -1.0])
    field = LightField(colour, np.eye(10), np.stack([TOWARD.temperature, TOWARD.tint]))
    words = warn_of(cells, maps, field)
    assert words == (
        "The light came more from the right of the picture and was yellower (or the camera's white "
        "balance was) than in the baseline photograph: small changes cannot be told."
    )
    assert warn_of(cells, maps, None) == ""
