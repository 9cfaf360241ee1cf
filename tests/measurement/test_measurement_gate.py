"""The gate on the bundled portrait and on what is done to it; on the truth series where present."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.evidence import load_parameters
from micropen.measurement.gate import Seen, judge
from micropen.measurement.gate.expression import expression_findings
from micropen.measurement.gate.findings import Finding, collected
from micropen.measurement.gate.likeness import likeness_findings
from micropen.measurement.gate.mirror import opposite_points
from micropen.measurement.gate.pose import pose_findings
from micropen.measurement.gate.shape import expression, shape_difference
from micropen.measurement.gate.told_state import state_findings
from micropen.measurement.gate.worn import glasses_bar
from micropen.measurement.measured_signs import MEASURED_SIGNS
from micropen.measurement.series import State
from micropen.portrait import Photo, Portrait, read_photo
from micropen.signs import SIGNS

TRUTH = Path(os.environ.get("MICROPEN_TRUTH_PHOTOS", Path(__file__).parents[3] / "shared/photos"))
LIMITS = load_parameters()


@pytest.fixture(scope="module")
def photo(demo_portrait_file: Path) -> Photo:
    return read_photo(demo_portrait_file)


@pytest.fixture(scope="module")
def portrait(photo: Photo) -> Portrait:
    return Portrait.from_photo(photo)


@pytest.fixture(scope="module")
def baseline(portrait: Portrait) -> Seen:
    return Seen.of(portrait)


def edited(photo: Photo, picture: np.ndarray) -> Portrait:
    codes = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    return Portrait.from_photo(replace(photo, encoded=np.ascontiguousarray(codes)))


def on_zone(portrait: Portrait, zone: str) -> tuple[int, int]:
    """Middle of a zone, px of the photograph."""
    rows, columns = np.nonzero(portrait.zones.labels == ZONES.index(zone))
    x, y = portrait.grid.to_full(np.array([columns.mean(), rows.mean()]))
    return int(x), int(y)


def test_the_same_photograph_is_usable_and_alike(portrait, baseline):
    found = judge(portrait, baseline)
    assert found.usable
    assert found.likeness == pytest.approx(1.0)
    alone = judge(portrait)
    assert found.zone_reasons == alone.zone_reasons
    assert np.isnan(alone.likeness)


def test_another_light_changes_nothing(photo, baseline):
    gains = np.array([0.9, 0.8, 0.7]) * np.linspace(0.85, 1.1, photo.shape[1])[:, None]
    found = judge(edited(photo, photo.encoded * gains), baseline)
    assert found.usable
    assert found.likeness > 0.8
    assert set(found.zone_reasons) <= {"temple_left"}  # covered by hair on the baseline too


def test_a_small_picture_cannot_show_flakes_or_spots(portrait, baseline):
    assert portrait.px_per_mm < LIMITS.value("measurement.spots.least_px_per_mm")
    signs = judge(portrait, baseline).sign_reasons
    assert {"scaling", "relief", "lesions", "spot_area"} <= set(signs)
    assert "px per mm of skin" in signs["lesions"]
    assert "erythema" not in signs


def test_the_portraits_own_reasons_come_once(photo, baseline):
    found = judge(edited(photo, photo.encoded * 0.1), baseline)
    assert not found.usable
    assert len(found.reasons) == 1
    assert "too dark" in found.reasons[0]


def test_something_pale_on_a_cheek_takes_that_cheek_only(photo, portrait, baseline):
    picture = photo.encoded.astype(float)
    radius = (round(14 * portrait.px_per_mm), round(11 * portrait.px_per_mm))
    cv2.ellipse(picture, on_zone(portrait, "cheek_left"), radius, 0, 0, 360, (235, 225, 205), -1)
    found = judge(edited(photo, picture), baseline)
    assert found.usable
    assert "cheek_left" in found.zone_reasons
    assert "cheek_right" not in found.zone_reasons
    assert found.likeness > LIMITS.value("measurement.gate.good_likeness")


def test_a_mask_over_the_mouth_takes_the_lower_face(photo, portrait, baseline):
    picture = photo.encoded.astype(float)
    marks = portrait.face.landmarks
    top, bottom = int(marks[2, 1]), int(marks[152, 1])
    picture[top:bottom, int(marks[234, 0]) : int(marks[454, 0])] = (150, 180, 200)
    found = judge(edited(photo, picture), baseline)
    assert {"upper_lip", "chin"} <= set(found.zone_reasons)


def test_a_half_covered_face_is_refused(photo, portrait):
    picture = photo.encoded.astype(float)
    middle = int(portrait.face.landmarks[4, 0] + 12 * portrait.px_per_mm)
    picture[:, middle:] = (20, 40, 90)
    found = judge(edited(photo, picture))
    assert not found.usable
    assert "left side of the face is covered" in found.reasons[0]


def test_glasses_are_seen_and_a_bare_nose_is_none(photo, portrait, baseline):
    assert glasses_bar(baseline) < 0.15
    picture = photo.encoded.astype(float)
    eyes = portrait.face.landmarks[[468, 473], :2]
    mm = portrait.px_per_mm
    thick = max(2, round(2.5 * mm))
    for x, y in eyes:
        size = (round(22 * mm), round(17 * mm))
        cv2.ellipse(picture, (int(x), int(y + 3 * mm)), size, 0, 0, 360, (25, 20, 18), thick)
    inner = [(int(eyes[0, 0] + 22 * mm), int(eyes[0, 1])), (int(eyes[1, 0] - 22 * mm),
             int(eyes[1, 1]))]  # fmt: skip
    cv2.line(picture, *inner, (25, 20, 18), thick)
    found = judge(edited(photo, picture))
    assert "Glasses" in found.zone_reasons["periorbital_left"]


def test_a_mirrored_photograph_is_refused_as_mirrored(photo, baseline):
    flipped = edited(photo, photo.encoded[:, ::-1])
    found = judge(flipped, baseline)
    assert not found.usable
    assert found.reasons[0].startswith("It is mirrored against the baseline")
    assert judge(flipped, Seen.of(flipped)).usable


def test_the_mesh_knows_its_other_side(baseline):
    other = opposite_points(baseline.face)
    assert np.array_equal(other[other], np.arange(468))
    for index, opposite in ((33, 263), (61, 291), (105, 334), (4, 4), (152, 152)):
        assert other[index] == opposite


def test_a_middling_likeness_needs_an_explanation(baseline):
    def refused(score: float, seen: Seen) -> bool:
        (found,) = likeness_findings(score, (baseline, seen), LIMITS)
        return found.refuses

    assert list(likeness_findings(0.45, (baseline, baseline), LIMITS)) == []
    assert refused(0.35, baseline)  # same pose, same expression: nothing explains it
    assert not refused(0.35, turned(baseline, 15, 0))
    smiling = moved(baseline, {61: (-0.2, 0.1), 291: (0.2, 0.1)})
    assert not refused(0.35, smiling)
    assert refused(0.1, smiling)
    darker = replace(smiling, linear=baseline.linear * np.float32(0.15))
    assert abs(darker.tone_deg - baseline.tone_deg) > LIMITS.value("measurement.gate.far_tone_deg")
    assert refused(0.35, darker)


def turned(seen: Seen, yaw: float, pitch: float) -> Seen:
    quality = replace(
        seen.quality, yaw_deg=seen.quality.yaw_deg + yaw, pitch_deg=seen.quality.pitch_deg + pitch
    )
    return replace(seen, quality=quality)


@pytest.mark.parametrize(
    ("yaw", "pitch", "zone", "other"),
    [
        (15, 0, "cheek_left", "cheek_right"),
        (-15, 0, "cheek_right", "cheek_left"),
        (0, 20, "forehead", "chin"),
        (0, -14, "chin", "forehead"),
    ],
)
def test_the_side_that_turns_away_is_not_compared(baseline, yaw, pitch, zone, other):
    straight = replace(baseline, quality=replace(baseline.quality, yaw_deg=0.0, pitch_deg=0.0))
    (found,) = pose_findings(turned(straight, yaw, pitch), straight, LIMITS)
    assert zone in found.zones
    assert other not in found.zones
    assert f"{abs(yaw + pitch)}°" in found.sentence


def test_pose_is_relative_to_the_baseline(baseline):
    both = turned(baseline, 18, 0)
    assert list(pose_findings(both, both, LIMITS)) == []
    (warned,) = pose_findings(turned(baseline, 10, 0), baseline, LIMITS)
    assert warned.zones == ()
    (refused,) = pose_findings(turned(baseline, -28, 0), baseline, LIMITS)
    assert refused.refuses


def moved(seen: Seen, points: dict[int, tuple[float, float]]) -> Seen:
    """Move landmarks by shares of the distance between the eyes (picture's right, up)."""
    marks = seen.face.landmarks.copy()
    unit = seen.face.iris_distance_px
    for index, (across, up) in points.items():
        marks[index, :2] += (across * unit, -up * unit)
    return replace(seen, face=replace(seen.face, landmarks=marks))


@pytest.mark.parametrize(
    ("points", "word", "zone"),
    [
        ({61: (-0.1, 0.0), 291: (0.1, 0.0)}, "wider (a smile)", "cheek_left"),
        ({61: (0.0, 0.08), 291: (0.0, 0.08)}, "corners of the mouth are raised", "cheek_right"),
        ({14: (0.0, -0.15)}, "mouth is more open", "chin"),
        ({105: (0.0, 0.12), 334: (0.0, 0.12)}, "brows are raised", "forehead"),
        ({55: (0.04, 0.0), 285: (-0.04, 0.0)}, "drawn together", "glabella"),
        ({159: (0.0, -0.1), 386: (0.0, -0.1)}, "closed or squint", "periorbital_left"),
    ],
)
def test_an_expression_takes_the_zones_that_it_moves(baseline, points, word, zone):
    found = list(expression_findings(moved(baseline, points), baseline, LIMITS))
    assert any(word in f.sentence and zone in f.zones for f in found)
    assert list(expression_findings(baseline, baseline, LIMITS)) == []


def test_expression_and_shape_do_not_know_pose_or_size(baseline):
    turn, _ = cv2.Rodrigues(np.radians([9.0, -20.0, 30.0]))
    marks = 1.7 * baseline.face.landmarks.astype(np.float64) @ turn.T + [40.0, -5.0, 3.0]
    other = replace(baseline.face, landmarks=marks.astype(np.float32))
    assert shape_difference(baseline.face, other) == pytest.approx(0.0, abs=1e-3)
    assert expression(other) == pytest.approx(expression(baseline.face), abs=1e-4)


def test_another_shape_is_counted_in_standard_deviations(baseline):
    """Nine lengths; one off by 9 of its own sd (of a difference) makes a root mean square of 3."""
    marks = baseline.face.landmarks.astype(np.float64)
    away = marks[234] - marks[454]
    marks[234] = marks[454] + away * np.exp(9.0 * np.sqrt(2.0) * 0.018)
    other = replace(baseline.face, landmarks=marks.astype(np.float32))
    assert shape_difference(baseline.face, other) == pytest.approx(3.0, rel=1e-3)


@pytest.mark.parametrize("state", list(State))
def test_told_states_forbid_only_known_signs(state):
    known = {*SIGNS, *MEASURED_SIGNS}
    for found in state_findings(state):
        assert set(found.signs) <= known
        assert not found.refuses
    forbidden = {s for f in state_findings(state) for s in f.signs}
    assert ("erythema" in forbidden) == state.covers_colour


def test_makeup_leaves_the_photograph_in_but_no_colour(portrait, baseline):
    found = judge(portrait, baseline, State.MAKEUP)
    assert found.usable
    assert "Makeup" in found.sign_reasons["erythema"]


def test_the_first_finding_of_a_zone_is_its_reason_and_no_zone_left_is_a_refusal():
    first, second = Finding("A.", zones=("nose",)), Finding("B.", zones=("nose", "chin"))
    found = collected([first, second, Finding("W.")], (), ("V.",), 0.5)
    assert found.zone_reasons == {"nose": "A.", "chin": "B."}
    assert found.warnings == ("V.", "W.")
    assert found.usable
    refused = collected([Finding("All.", zones=ZONES)], (), (), 0.5)
    assert refused.reasons == ("No zone of the face can be measured: All.",)


def of_truth(name: str) -> Portrait:
    if not TRUTH.is_dir():
        pytest.skip("the truth photographs are not on this machine (MICROPEN_TRUTH_PHOTOS)")
    return Portrait.read(TRUTH / name)


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["b_pose", "d_pose_light_chart"])
def test_every_truth_photograph_is_usable_in_every_zone(folder):
    before = Seen.of(of_truth(f"{folder}/pre.jpg"))
    for state in ("rep1", "rep2", "day00", "day01", "day02", "day03", "day04", "day05", "day14"):
        found = judge(of_truth(f"{folder}/{state}.jpg"), before)
        assert found.usable
        assert found.zone_reasons == {}
        assert found.sign_reasons == {}
        assert found.likeness > 0.6


@pytest.mark.slow
def test_a_mirrored_truth_photograph_is_refused():
    mirrored = of_truth("b_pose/day01.jpg")
    flipped = edited(mirrored.photo, mirrored.photo.encoded.astype(np.float64)[:, ::-1])
    found = judge(flipped, of_truth("b_pose/pre.jpg"))
    assert not found.usable
    assert found.reasons[0].startswith("It is mirrored against the baseline")


@pytest.mark.slow
def test_another_person_is_noticed(portrait):
    found = judge(portrait, of_truth("a_fixed/pre.jpg"))
    assert not found.usable or any("unlike the baseline" in w for w in found.warnings)
