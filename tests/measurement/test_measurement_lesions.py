"""Lesions: found against the baseline, alone, sized, counted and followed."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.evidence import load_parameters
from micropen.measurement.alignment import Alignment
from micropen.measurement.lesions import (
    FoundLesion,
    Phase,
    PhotoLesions,
    lesion_phases,
    lesions_of_photo,
    misplacement_mm,
    new_lesions,
    track,
)
from micropen.measurement.lesions.contrast_map import SkinMeans, spot_contrast_at
from micropen.measurement.lesions.counting import counts
from micropen.measurement.lesions.spot_shape import full_width, roundness
from micropen.measurement.light import LightChange
from micropen.measurement.methods.lesions_new import LESION_COUNT_NEW
from micropen.measurement.methods.lesions_single import LESION_COUNT_SINGLE
from micropen.measurement.pair import Pair

PARAMETERS = load_parameters()
PX_PER_MM = 5.0
CHEEK, NOSE = ZONES.index("cheek_left"), ZONES.index("nose")
BLOOD = np.array([0.30, 1.0, 1.03])
SHADOW = np.ones(3)


class _Portrait:
    px_per_mm = PX_PER_MM
    sharpness_px = 0.7


class _View:
    """What the methods ask of a view, without a face."""

    def __init__(self, linear, labels):
        self.linear, self.labels = linear, labels
        self.px_per_mm, self.portrait = PX_PER_MM, _Portrait()


def skin(seed, size=300):
    """Even skin with a little noise, ``(size, size, 3)``."""
    noise = np.random.default_rng(seed).normal(0.0, 0.01, (size, size, 3))
    return (np.array([0.55, 0.33, 0.27]) * np.exp(noise)).astype(np.float32)


def spot(linear, x, y, diameter_mm, density, colour=BLOOD):
    """Darken a round Gaussian spot of this full width at half contrast."""
    rows, columns = np.indices(linear.shape[:2])
    width = diameter_mm * PX_PER_MM
    profile = np.exp(-4.0 * np.log(2.0) * ((rows - y) ** 2 + (columns - x) ** 2) / width**2)
    return (linear * np.exp(-density * profile[..., None] * colour)).astype(np.float32)


def pair_of(before, after, error_mm=0.1):
    height, width = before.shape[:2]
    labels = np.full((height, width), CHEEK, np.int8)
    labels[:, : width // 2] = NOSE
    ones = np.ones((height, width), np.float32)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    place = np.stack([columns, rows], -1)
    alignment = Alignment(place, error_mm * ones, ones, dict.fromkeys(ZONES, error_mm))
    light = LightChange(np.zeros_like(before), np.zeros((13, 3, 3)), "same", controlled=True)
    views = _View(before, labels), _View(after, labels)
    return Pair(*views, alignment, light, after, ones, 50.0)


def sure(found):
    return [f for f in found if f.probability >= 0.5]


def test_a_spot_of_gaussian_profile_reads_its_own_peak():
    field = np.log(spot(np.ones((121, 121, 3), np.float32), 60, 60, 4.0, -0.2, np.ones(3)))[..., 0]
    read = SkinMeans(np.ones((121, 121), np.float32)).spot_contrast(field.astype(np.float32), 20.0)
    assert read[60, 60] == pytest.approx(0.2, rel=0.03)


def test_one_place_reads_what_the_map_reads():
    rng = np.random.default_rng(3)
    field = rng.normal(0.0, 1.0, (161, 161, 3)).astype(np.float32)
    skin = (rng.random((161, 161)) > 0.3).astype(np.float32)
    once = spot_contrast_at(field, skin, 80, 78, 14.0)
    planes = [np.ascontiguousarray(field[..., c]) for c in range(3)]
    maps = [SkinMeans(skin).spot_contrast(plane, 14.0)[78, 80] for plane in planes]
    assert once == pytest.approx(maps, abs=2e-3)


def test_a_wide_mean_on_a_smaller_picture_is_the_mean():
    rng = np.random.default_rng(4)
    field = np.abs(rng.normal(0.0, 1.0, (300, 260))).astype(np.float32)
    field[:, 130:] *= 3.0
    read = SkinMeans(np.ones_like(field)).mean(field, 30.0)
    exact = cv2.GaussianBlur(field, (0, 0), 30.0)
    assert np.abs(read / exact - 1.0).max() < 0.02


def test_full_width_is_that_of_the_spot():
    field = -np.log(spot(np.ones((121, 121, 3), np.float32), 60, 60, 3.0, 0.2, np.ones(3)))[..., 0]
    width, sd = full_width(field, 60.0, 60.0, 15.0, PX_PER_MM)
    assert abs(width - 3.0) < 0.25
    assert 0.0 < sd < 0.5


def test_a_ridge_is_not_round():
    rows, columns = np.indices((101, 101))
    ridge = np.exp(-((columns - 50) ** 2) / 50.0).astype(np.float32)
    dome = np.exp(-((columns - 50) ** 2 + (rows - 50) ** 2) / 50.0).astype(np.float32)
    assert abs(roundness(ridge, 50, 50, 12.0)) < 0.02
    assert roundness(dome, 50, 50, 12.0) == pytest.approx(1.0, abs=0.02)


def test_new_papules_are_found_where_they_are():
    before, after = skin(1), skin(2)
    for x, y in ((80, 90), (210, 200)):
        after = spot(after, x, y, 3.0, 0.3)
    found = sure(new_lesions(pair_of(before, after)))
    assert len(found) == 2
    for lesion, (x, y) in zip(sorted(found, key=lambda f: f.x_px), ((80, 90), (210, 200)),
                              strict=True):  # fmt: skip
        assert np.hypot(lesion.x_px - x, lesion.y_px - y) < 0.4 * PX_PER_MM
        assert abs(lesion.diameter_mm - 3.0) < 0.6
    assert {f.zone for f in found} == {"nose", "cheek_left"}


def test_a_lasting_mark_that_lies_aside_is_not_new():
    before = spot(skin(1), 150, 150, 3.0, 0.3)
    aside = spot(skin(2), 153, 151, 3.0, 0.3)
    assert not sure(new_lesions(pair_of(before, aside, error_mm=0.5)))
    assert len(sure(lesions_of_photo(aside, pair_of(before, aside)))) == 1


def test_shadows_and_pale_spots_are_no_lesions():
    before, after = skin(1), skin(2)
    shadow = spot(after, 80, 90, 3.0, 0.3, SHADOW)
    pale = spot(after, 80, 90, 3.0, -0.3)
    assert not sure(new_lesions(pair_of(before, shadow)))
    assert not sure(new_lesions(pair_of(before, pale)))


def test_unchanged_skin_has_no_new_lesions():
    assert not any(sure(new_lesions(pair_of(skin(s), skin(s + 50)))) for s in range(5))


def test_even_redness_over_the_face_is_no_lesion():
    red = (skin(2) * np.exp(-0.3 * BLOOD)).astype(np.float32)
    assert not sure(new_lesions(pair_of(skin(1), red)))


def test_the_method_counts_per_zone_and_hands_the_finds_over():
    after = spot(spot(skin(2), 80, 90, 3.0, 0.3), 60, 220, 3.5, 0.3)
    reading = LESION_COUNT_NEW.read(pair_of(skin(1), after))
    nose, cheek = reading.zones["nose"], reading.zones["cheek_left"]
    assert nose.change == 2.0
    assert nose.change > 1.96 * nose.no_change_sd
    assert cheek.change == 0.0
    assert 0.0 < cheek.no_change_sd <= nose.no_change_sd
    assert len(reading.sightings) >= 2
    assert "bare" in reading.zones["chin"].reason


def test_single_photographs_are_compared_by_their_counts():
    before = spot(skin(1), 220, 100, 3.0, 0.4)
    reading = LESION_COUNT_SINGLE.read(pair_of(before, spot(skin(2), 80, 90, 3.0, 0.4)))
    assert reading.zones["nose"].value == 1.0
    assert reading.zones["nose"].change == 1.0
    assert reading.zones["cheek_left"].change == -1.0


def test_what_cannot_be_counted_says_why():
    pair = pair_of(skin(1), skin(2), error_mm=3.0)
    assert "pose" in LESION_COUNT_NEW.read(pair).zones["nose"].reason
    dark = replace(pair, ita_deg=-70.0)
    assert "polarised" in LESION_COUNT_NEW.read(dark).zones["nose"].reason
    pair.later.portrait.px_per_mm = 1.5
    assert "come closer" in LESION_COUNT_NEW.read(pair).zones["nose"].reason


def test_misplacement_follows_the_alignment_within_limits():
    reach = [misplacement_mm(pair_of(skin(1), skin(1), e), PARAMETERS) for e in (0.0, 0.5, 9.0)]
    assert reach == sorted(reach)
    assert reach[0] == PARAMETERS.value("measurement.lesions.least_misplacement_mm")
    assert reach[2] == PARAMETERS.value("measurement.lesions.most_misplacement_mm")


def lesion(x, y, probability=0.95, contrast=1.0):
    return FoundLesion("nose", x, y, 3.0, 0.2, contrast, 0.15, 9.0 * probability, probability)


def test_doubtful_spots_widen_the_error_but_do_not_count():
    number, sd, none = counts([lesion(1, 1), lesion(50, 50, 0.4)], PARAMETERS)["nose"]
    plain = counts([lesion(1, 1)], PARAMETERS)["nose"]
    assert number == plain[0] == 1
    assert sd > plain[1]
    assert none > plain[2]


def test_a_lesion_keeps_its_number_and_takes_doubtful_sightings():
    photos = [
        PhotoLesions("2.jpg", 2.0, (lesion(100, 100), lesion(200, 100))),
        PhotoLesions("3.jpg", 3.0, (lesion(203, 101), lesion(101, 99), lesion(50, 50))),
        PhotoLesions("4.jpg", 4.0, (lesion(102, 101, 0.2), lesion(300, 300, 0.2))),
    ]
    sightings = track(photos, PX_PER_MM, 1.0)
    at = {(s.photo, round(s.x_px)): s.lesion for s in sightings}
    assert at["2.jpg", 100] == at["3.jpg", 101] == at["4.jpg", 102]
    assert at["2.jpg", 200] == at["3.jpg", 203]
    assert ("4.jpg", 300) not in at
    assert sorted({s.lesion for s in sightings}) == [1, 2, 3]


def test_matching_minds_the_sum_not_the_first_come():
    first = PhotoLesions("1.jpg", 1.0, (lesion(100, 100), lesion(108, 100)))
    second = PhotoLesions("2.jpg", 2.0, (lesion(104.5, 100), lesion(112, 100)))
    numbers = {(s.photo, s.x_px): s.lesion for s in track([first, second], PX_PER_MM, 1.0)}
    assert numbers["2.jpg", 104.5] == numbers["1.jpg", 100]
    assert numbers["2.jpg", 112] == numbers["1.jpg", 108]


def test_phases_tell_the_course_of_a_lesion():
    courses = [("1", 0.5), ("2", 1.0), ("3", 1.05), ("4", 0.6)]
    photos = [PhotoLesions(n, float(n), (lesion(9, 9, contrast=c),)) for n, c in courses]
    sightings = track([*photos, PhotoLesions("5", 5.0, ())], PX_PER_MM, 1.0)
    phases = lesion_phases(sightings, ["0", "1", "2", "3", "4", "5"])[1]
    assert list(phases.values()) == [
        Phase.APPEARING, Phase.GROWING, Phase.STEADY, Phase.FADING, Phase.GONE,
    ]  # fmt: skip
    assert "0" not in phases


def test_the_same_pair_gives_the_same_finds():
    pair = pair_of(skin(1), spot(skin(2), 80, 90, 3.0, 0.3))
    assert new_lesions(pair) == new_lesions(pair)
