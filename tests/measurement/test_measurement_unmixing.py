"""Unmixing on faces made from known blood, melanin and shine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, cast

import cv2
import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.evidence import load_parameters
from micropen.measurement.alignment import Alignment
from micropen.measurement.face_view import FaceView
from micropen.measurement.light import LightChange
from micropen.measurement.methods.erythema_blood import BLOOD_LOG_RGB
from micropen.measurement.methods.erythema_lab_a import LAB_A
from micropen.measurement.methods.erythema_optical_density import GREEN_OPTICAL_DENSITY
from micropen.measurement.methods.gloss_highlights import GLOSS_HIGHLIGHTS, SHINE
from micropen.measurement.methods.pigment_melanin import MELANIN_LOG_RGB, MELANIN_OPTICAL_DENSITY
from micropen.measurement.pair import Pair
from micropen.measurement.unmixing import unmix
from micropen.measurement.unmixing.directions import PersonSkin
from micropen.measurement.unmixing.noise import turned_mm
from micropen.optics import skin_colour

PX_PER_MM = 3.0
SIDE = 240
FIRST = (0, 8)  # forehead and right cheek: left and right half
BLOOD, SATURATION = 0.022, 0.75
METHODS = (
    BLOOD_LOG_RGB,
    GREEN_OPTICAL_DENSITY,
    LAB_A,
    MELANIN_LOG_RGB,
    MELANIN_OPTICAL_DENSITY,
    GLOSS_HIGHLIGHTS,
    SHINE,
)


def noise(rng, sd_mm):
    field = cv2.GaussianBlur(rng.standard_normal((SIDE, SIDE)), (0, 0), sd_mm * PX_PER_MM)
    return (field - field.mean()) / field.std()


@dataclass
class Face:
    """A patch of skin with two zones, half shaded, with pores, spots of shine and mottled blood."""

    ita_deg: float = 50.0

    def __post_init__(self):
        rng = np.random.default_rng(5)
        self.skin = PersonSkin.of_tone(self.ita_deg, load_parameters())
        exposure = 0.45 / float(self.skin.rgb[0])
        self.light = exposure * (1.0 + 0.2 * noise(rng, 15.0) + 0.03 * noise(rng, 0.5))
        glints = np.clip(noise(rng, 0.6) - 1.0, 0.0, None)
        self.surface = exposure * (0.021 + 0.06 * glints)
        self.mottle = np.exp(0.25 * noise(rng, 3.0))
        self.grain = [rng.standard_normal((SIDE, SIDE, 3)) for _ in range(4)]

    def shown(self, blood=0.0, melanin=0.0, gloss=0.0, saturation=0.9, shot=0):
        """Linear sRGB with added blood (over resting), ln melanin and gloss changed."""
        added = BLOOD * blood * self.mottle
        total = BLOOD + added
        mixed = (SATURATION * BLOOD + saturation * added) / total
        inside = np.exp(skin_colour().log_rgb(self.skin.melanin * np.exp(melanin), total, mixed))
        clean = self.light[..., None] * inside + (1.0 + gloss) * self.surface[..., None]
        return np.asarray(clean * (1.0 + 0.005 * self.grain[shot]), np.float32)

    def pair(self, after, *, stated=True, **changes):
        labels = np.full((SIDE, SIDE), FIRST[0], np.int8)
        labels[:, SIDE // 2 :] = FIRST[1]
        ones = np.ones((SIDE, SIDE), np.float32)
        maps = SimpleNamespace(
            reliable=False,
            anchor=SimpleNamespace(melanin=self.skin.melanin, blood=BLOOD),
            saturation=SATURATION,
            resting_blood=BLOOD,
        )
        portrait = SimpleNamespace(stated_ita_deg=self.ita_deg if stated else None, skin=maps)
        view = FaceView(
            cast(Any, portrait),
            self.shown(),
            np.full((SIDE, SIDE), 200, np.uint8),
            np.zeros((478, 2), np.float32),
            PX_PER_MM,
            1.0,
            (0, 0),
        )
        view.__dict__.update(labels=labels, skin=ones)
        rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
        alignment = Alignment(
            np.stack([columns, rows], -1), 0.05 * ones, ones, dict.fromkeys(ZONES, 0.05)
        )
        light = LightChange(
            np.zeros((SIDE, SIDE, 3), np.float32), np.zeros((len(ZONES), 3, 3)), "same", True
        )
        whole = Pair(view, replace(view, linear=after), alignment, light, after, ones, self.ita_deg)
        whole.later.__dict__.update(labels=labels, skin=ones)
        return replace(whole, **changes)


@pytest.fixture(scope="module")
def fair():
    return Face()


def changes(method, pair):
    found = method.read(pair).zones
    return np.array([found[ZONES[zone]].change for zone in FIRST])


def expected_erythema(face, blood):
    halves = [face.mottle[:, : SIDE // 2].mean(), face.mottle[:, SIDE // 2 :].mean()]
    return np.log1p(blood * np.array(halves))


@pytest.mark.parametrize("blood", [0.3, 1.0, 2.0])
@pytest.mark.parametrize("ita_deg", [55.0, 20.0])
def test_added_blood_comes_back_in_the_unit_of_the_forecast(ita_deg, blood):
    face = Face(ita_deg)
    read = changes(BLOOD_LOG_RGB, face.pair(face.shown(blood, shot=1)))
    assert read == pytest.approx(expected_erythema(face, blood), rel=0.12)


def test_green_density_is_that_of_the_light_from_below_the_shine(fair):
    after = fair.shown(1.0, shot=1)
    read = changes(GREEN_OPTICAL_DENSITY, fair.pair(after))
    inside = (fair.shown() - fair.surface[..., None])[..., 1]
    later = (after - fair.surface[..., None])[..., 1]
    plain = np.log10(inside.mean() / later.mean())
    diluted = np.log10(fair.shown()[..., 1].mean() / after[..., 1].mean())
    assert diluted < 0.93 * plain
    assert read.mean() == pytest.approx(plain, rel=0.06)


def test_the_colour_of_blood_is_learned_from_its_pattern(fair):
    pair = fair.pair(fair.shown(1.0, shot=1))
    learned = unmix(pair).blood_colour
    logs = skin_colour().log_rgb(fair.skin.melanin, [BLOOD, 2.0 * BLOOD], [0.75, 0.825])
    true = (logs[0] - logs[1]) / (logs[0] - logs[1])[1]
    assert learned.density == pytest.approx(true, abs=0.06)
    assert np.diag(learned.covariance)[2] < 0.2 * 0.25**2


@pytest.mark.parametrize("melanin", [-0.15, 0.15])
def test_melanin_comes_back_and_is_not_called_blood(fair, melanin):
    pair = fair.pair(fair.shown(melanin=melanin, shot=1))
    assert changes(MELANIN_LOG_RGB, pair) == pytest.approx(np.full(2, melanin), rel=0.3)
    assert np.abs(changes(BLOOD_LOG_RGB, pair)).max() < 0.05


def test_strong_redness_is_not_called_pigment(fair):
    pair = fair.pair(fair.shown(2.0, shot=1))
    assert np.abs(changes(MELANIN_OPTICAL_DENSITY, pair)).max() < 0.003


def test_gloss_grows_and_is_called_neither_blood_nor_melanin(fair):
    pair = fair.pair(fair.shown(gloss=0.4, shot=1))
    read = changes(GLOSS_HIGHLIGHTS, pair)
    # This face has no texture of colour among its glints; the part that is allowed for it is too
    # much here.
    texture = load_parameters().value("measurement.unmixing.highlight_texture") * fair.skin.rgb[1]
    assert read == pytest.approx(np.full(2, 0.4 * (1.0 + texture)), rel=0.15)
    assert np.abs(changes(GREEN_OPTICAL_DENSITY, pair)).max() < 0.008
    assert changes(SHINE, pair).min() > 0.0


def test_redness_is_not_called_gloss(fair):
    pair = fair.pair(fair.shown(1.0, shot=1))
    assert np.abs(changes(GLOSS_HIGHLIGHTS, pair)).max() < 0.12


def test_repeats_show_no_change_beyond_their_error(fair):
    for shot in (1, 2, 3):
        pair = fair.pair(fair.shown(shot=shot))
        for method in METHODS:
            for zone in FIRST:
                reading = method.read(pair).zones[ZONES[zone]]
                assert abs(reading.change) < 3.0 * reading.no_change_sd
                assert reading.change_sd >= reading.no_change_sd > 0.0
                parts = np.sqrt(sum(part**2 for part in reading.errors.values()))
                assert reading.no_change_sd == pytest.approx(parts)


def test_flakes_are_not_called_a_loss_of_blood(fair):
    rng = np.random.default_rng(1)
    flakes = np.zeros((SIDE, SIDE), np.float32)
    for x, y in rng.integers(4, SIDE - 4, (250, 2)):
        cv2.circle(flakes, (int(x), int(y)), 2, 0.55, -1)
    bare = fair.shown(0.2, shot=1)
    white = 0.75 * fair.light[..., None]
    flaky = np.asarray(bare * (1 - flakes[..., None]) + white * flakes[..., None], np.float32)
    plain = np.log10(bare[..., 1].mean() / flaky[..., 1].mean())
    read = changes(GREEN_OPTICAL_DENSITY, fair.pair(flaky))
    undisturbed = changes(GREEN_OPTICAL_DENSITY, fair.pair(bare))
    assert plain < -0.01
    assert np.abs(read - undisturbed).max() < 0.25 * abs(plain)


def test_redness_of_dark_skin_is_not_lost_to_the_veil():
    face = Face(-35.0)
    read = changes(GREEN_OPTICAL_DENSITY, face.pair(face.shown(1.0, shot=1)))
    inside = (face.shown() - face.surface[..., None])[..., 1].mean()
    later = (face.shown(1.0, shot=1) - face.surface[..., None])[..., 1].mean()
    diluted = np.log10(face.shown()[..., 1].mean() / face.shown(1.0, shot=1)[..., 1].mean())
    true = np.log10(inside / later)
    assert diluted < 0.75 * true
    assert read.mean() == pytest.approx(true, rel=0.2)


def test_a_tone_read_from_the_photograph_is_less_sure(fair):
    after = fair.shown(1.0, shot=1)
    told, read = unmix(fair.pair(after)), unmix(fair.pair(after, stated=False))
    assert read.dilution_sd[0] > 1.3 * told.dilution_sd[0]


def test_an_error_of_the_light_reaches_the_reading(fair):
    after = fair.shown(0.3, shot=1)
    unsure = LightChange(
        np.zeros((SIDE, SIDE, 3), np.float32),
        np.tile(np.diag([1e-4, 4e-4, 1e-4]), (len(ZONES), 1, 1)),
        "neck",
        True,
    )
    sure, shaky = (
        GREEN_OPTICAL_DENSITY.read(p).zones[ZONES[0]]
        for p in (fair.pair(after), fair.pair(after, light=unsure))
    )
    assert sure.errors["light"] == 0.0
    assert 0.003 < shaky.errors["light"] < 0.03
    assert shaky.no_change_sd > sure.no_change_sd


def test_a_turned_face_is_told_from_one_that_moved_in_the_picture(fair):
    pair = fair.pair(fair.shown())
    rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    moved = np.stack([1.02 * columns - 0.05 * rows + 7, 1.02 * rows + 0.05 * columns - 3], -1)
    turned = moved + np.stack([0.0005 * (columns - 120) ** 2, 0 * rows], -1)

    def measured(place):
        return turned_mm(replace(pair, alignment=replace(pair.alignment, place=place)))

    assert measured(moved.astype(np.float32)) < 0.01
    curve = 0.0005 * (np.arange(SIDE) - 120.0) ** 2
    assert measured(turned.astype(np.float32)) == pytest.approx(
        float((curve - np.polyval(np.polyfit(np.arange(SIDE), curve, 1), np.arange(SIDE))).std())
        / PX_PER_MM,
        rel=0.1,
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ita_deg": -65.0}, "cross-polarised"),
        ({"usable": np.zeros((SIDE, SIDE), np.float32)}, "bare skin"),
    ],
)
def test_what_cannot_be_measured_says_why(fair, changed, words):
    found = BLOOD_LOG_RGB.read(fair.pair(fair.shown(0.5, shot=1), **changed)).zones
    reading = found[ZONES[0]]
    assert reading.status == "not measurable"
    assert words in reading.reason
    assert np.isnan(reading.change)


def test_uncontrolled_light_is_refused_on_brown_skin_only(fair):
    def read(face):
        pair = face.pair(face.shown(0.5, shot=1))
        return BLOOD_LOG_RGB.read(replace(pair, light=replace(pair.light, controlled=False))).zones[
            ZONES[0]
        ]

    assert read(fair).status == "measured"
    assert "camera and lamp" in read(Face(-20.0)).reason


@pytest.mark.parametrize(("ita_deg", "refused"), [(10.0, True), (30.0, False)])
def test_dark_skin_of_unstated_tone_is_refused_until_it_is_stated(ita_deg, refused):
    face = Face(ita_deg)
    zone = ZONES[FIRST[0]]
    unstated = BLOOD_LOG_RGB.read(face.pair(face.shown(0.5), stated=False)).zones[zone]
    assert ("state the phototype" in unstated.reason) is refused
    assert not BLOOD_LOG_RGB.read(face.pair(face.shown(0.5))).zones[zone].reason


def test_overexposed_zones_are_refused(fair):
    pair = fair.pair(fair.shown(0.5, shot=1))
    full = pair.baseline.fullest.copy()
    full[:, : SIDE // 4 + 5] = 255
    baseline = replace(pair.baseline, fullest=full)
    baseline.__dict__.update(labels=pair.labels, skin=pair.baseline.skin)
    found = BLOOD_LOG_RGB.read(replace(pair, baseline=baseline)).zones
    assert "overexposed" in found[ZONES[FIRST[0]]].reason
    assert found[ZONES[FIRST[1]]].status == "measured"


def test_coarse_photographs_have_no_gloss(fair):
    pair = fair.pair(fair.shown(gloss=0.4, shot=1))
    later = replace(pair.later, px_per_mm=1.0)
    reading = GLOSS_HIGHLIGHTS.read(replace(pair, later=later)).zones[ZONES[0]]
    assert "pixels per mm" in reading.reason


def test_a_pair_is_taken_apart_once(fair):
    pair = fair.pair(fair.shown(0.5, shot=1))
    assert unmix(pair) is unmix(pair)


def test_overlays_lie_on_the_view_and_average_to_the_reading(fair):
    pair = fair.pair(fair.shown(1.0, shot=1))
    reading = GREEN_OPTICAL_DENSITY.read(pair)
    assert reading.overlay.shape == (SIDE, SIDE)
    assert reading.overlay.dtype == np.float32
    left = float(reading.overlay[:, : SIDE // 2].mean())
    assert left == pytest.approx(reading.zones[ZONES[0]].change, rel=0.1)
