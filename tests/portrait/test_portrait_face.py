"""Faces: found, chosen, placed alike whatever the roll."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from micropen.errors import FaceError, MicropenError
from micropen.portrait import Face, Photo, Portrait, find_faces, networks
from micropen.portrait.detector import detect
from micropen.portrait.faces import choose_face
from micropen.portrait.networks import SHA256
from micropen.portrait.pose import pose_deg


def with_codes(photo: Photo, codes: np.ndarray) -> Photo:
    return replace(photo, encoded=np.ascontiguousarray(codes))


def test_one_face_where_it_is(photo: Photo) -> None:
    (face,) = find_faces(photo)
    assert face.landmarks.shape == (478, 3)
    assert face.landmarks.dtype == np.float32
    assert face.score > 0.8
    # Eyes of the astronaut, read off the picture by hand.
    assert np.linalg.norm(face.landmarks[468, :2] - (203, 101)) < 4
    assert np.linalg.norm(face.landmarks[473, :2] - (246, 103)) < 4
    assert 38 < face.iris_distance_px < 48


def test_no_face_in_noise_and_none_invented(photo: Photo) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (300, 300, 3)).astype(np.uint8)
    assert find_faces(with_codes(photo, noise)) == []
    with pytest.raises(FaceError, match="No face"):
        Portrait.from_photo(with_codes(photo, noise))


@pytest.mark.parametrize("angle", [-40, -20, 20, 40])
def test_landmarks_do_not_depend_on_roll(photo: Photo, angle: float) -> None:
    centre = (225.0, 110.0)
    turn = cv2.getRotationMatrix2D(centre, angle, 1.0)
    turned = cv2.warpAffine(photo.encoded, turn, (512, 512), borderMode=cv2.BORDER_REPLICATE)
    before = find_faces(photo)[0].landmarks[:468, :2]
    after = find_faces(with_codes(photo, turned))[0].landmarks[:468, :2]
    expected = before @ turn[:, :2].T + turn[:, 2]
    eyes = np.linalg.norm(before[263] - before[33])
    assert np.linalg.norm(after - expected, axis=1).mean() < 0.025 * eyes


def test_padding_and_tiles_find_small_and_cropped_faces(photo: Photo) -> None:
    small = np.full((1500, 1500, 3), 128, np.uint8)
    small[900:1412, 100:612] = photo.encoded
    (found,) = detect(small)
    assert 100 < found.box[0] < 612
    assert 900 < found.box[1] < 1412
    close = np.ascontiguousarray(photo.encoded[40:190, 160:290])
    assert len(find_faces(with_codes(photo, close))) == 1


def test_two_faces_need_a_choice(photo: Photo) -> None:
    twice = with_codes(photo, np.hstack([photo.encoded, photo.encoded]))
    faces = find_faces(twice)
    assert len(faces) == 2
    assert faces[0].box[0] < 512 < faces[1].box[0]
    with pytest.raises(FaceError, match="2 faces; choose one"):
        choose_face(faces, None)
    assert choose_face(faces, 2)[0] is faces[1]
    with pytest.raises(FaceError, match="choose from 1"):
        choose_face(faces, 3)
    chosen = Portrait.from_photo(twice, face=2)
    assert chosen.masks.support[:, :512].sum() == 0


def test_a_small_bystander_is_passed_over(photo: Photo) -> None:
    face = find_faces(photo)[0]
    tiny = Face(face.landmarks * 0.2, 0.9, (0, 0, 20, 20), 0.0)
    chosen, warnings = choose_face([tiny, face], None)
    assert chosen is face
    assert "passed over" in warnings[0]


def test_pose_of_a_turned_mesh(portrait: Portrait) -> None:
    points = portrait.face.landmarks.astype(np.float64)
    yaw, pitch, roll = pose_deg(portrait.face.landmarks)
    centre = points.mean(0)
    for degrees in (15.0, -25.0):
        angle = np.radians(degrees)
        # About the vertical axis: the nose (towards -z) swings to the picture's right.
        turn = np.array(
            [[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]]
        )
        turned = ((points - centre) @ turn.T + centre).astype(np.float32)
        assert pose_deg(turned)[0] - yaw == pytest.approx(degrees, abs=1.5)
    flat = np.array([[0.9, -0.4359, 0], [0.4359, 0.9, 0], [0, 0, 1]])
    rolled = ((points - centre) @ flat.T + centre).astype(np.float32)
    assert pose_deg(rolled)[2] - roll == pytest.approx(25.84, abs=0.5)
    assert abs(pitch) < 15


def test_networks_are_the_published_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    networks.face_detector()
    monkeypatch.setitem(SHA256, "face_detector.tflite", "0" * 64)
    networks.face_detector.cache_clear()
    with pytest.raises(MicropenError, match="SHA-256"):
        networks.face_detector()
    networks.face_detector.cache_clear()


def test_upside_down_scores_lower(photo: Photo) -> None:
    # The reason why orientation is decided by the score and never by presence alone.
    down = np.ascontiguousarray(np.rot90(photo.encoded, 2))
    upright = detect(photo.encoded)[0].score
    assert all(d.score < upright - 0.03 for d in detect(down))


@pytest.mark.parametrize("series", ["b_pose", "d_pose_light_chart"])
def test_pose_and_scale_of_known_heads(truth: Path, series: str) -> None:
    errors, scales = [], []
    for name in ("pre", "day00", "day04", "rep2"):
        facts = json.loads((truth / series / f"{name}.truth.json").read_text())
        with Image.open(truth / series / f"{name}.jpg") as image:
            codes = np.asarray(image.convert("RGB"))
        photo = Photo(codes, 8, "", name, "0" * 64, "JPEG", 1)
        face = find_faces(photo)[0]
        _, pitch, roll = pose_deg(face.landmarks)
        errors += [
            pitch + facts["camera"]["head_pitch_deg"],
            roll + facts["camera"]["head_roll_deg"],
        ]
        scales.append(face.iris_distance_px / 63.0 / facts["px_per_mm_at_head_centre"])
    assert np.abs(errors).max() < 2.0
    assert np.ptp(scales) < 0.03  # within one person the scale holds
    assert np.mean(scales) == pytest.approx(
        1.0, abs=0.08
    )  # between people the iris distance varies
