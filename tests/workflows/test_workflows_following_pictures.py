"""Pictures for someone who is followed: which photograph, which days, how they are marked."""

from __future__ import annotations

import dataclasses
import io
from datetime import datetime

import cv2
import numpy as np
import pytest
from PIL import Image

from micropen.appearance import appearance
from micropen.healing import forecast
from micropen.portrait import Portrait
from micropen.rendering import render_frame
from micropen.report.marks import DIGITAL_SOURCE_TYPE
from micropen.treatment import Treatment
from micropen.workflows.following_pictures import days_ahead, following_pictures
from micropen.workflows.picture_canvas import choose_canvas
from micropen.workflows.untreated_beneath import untreated_beneath

START = datetime(2026, 6, 7, 10, 0)


@pytest.fixture(scope="module")
def course(founding_case_file):
    return forecast(Treatment.read(founding_case_file), days=60, draws=4, seed=5)


@pytest.fixture(scope="module")
def day_one(tmp_path_factory, demo_portrait_file, course):
    """The bundled portrait as it looks on day 1, taken for a photograph of that day."""
    portrait = Portrait.read(demo_portrait_file)
    frame = render_frame(portrait, appearance(portrait, course, 1.0))
    path = tmp_path_factory.mktemp("photos") / "day1.png"
    cv2.imwrite(str(path), frame[..., ::-1])
    return path


@pytest.fixture(scope="module")
def no_face(tmp_path_factory):
    path = tmp_path_factory.mktemp("photos") / "wall.png"
    cv2.imwrite(str(path), np.full((300, 300, 3), 128, np.uint8))
    return path


def with_sign(course, name, values):
    """The course with one sign as told at days 0, 1, 3 and 14, and nothing else."""
    dataset = course.dataset.copy(deep=True)
    for other in dataset.data_vars:
        dataset[other][:] = 0.0
    dataset[name][:] = np.interp(course.days, [0.0, 1.0, 3.0, 14.0], values)
    return dataclasses.replace(course, dataset=dataset, _quantiles={})


def test_days_ahead_begin_tomorrow_and_end_with_the_course(course):
    assert days_ahead(course, 1.3) == (2.0, 3.0, 4.0, 7.0, 14.0)
    assert days_ahead(course, 2.0) == (3.0, 4.0, 7.0, 14.0, 28.0)
    assert days_ahead(course, 40.0) == (41.0, 60.0)
    assert days_ahead(course, 60.0) == ()


def test_days_ahead_count_from_the_latest_session(course):
    origin = dataclasses.replace(course.origin, session_days=(0.0, 28.0))
    second = dataclasses.replace(course, origin=origin)
    assert days_ahead(second, 29.2) == (30.0, 31.0, 32.0, 35.0, 42.0)


@pytest.mark.parametrize(
    ("sign", "values", "latest", "words"),
    [
        ("erythema", (0.8, 0.5, 0.1, 0.0), True, "as it is now"),
        ("scaling", (0.0, 0.06, 0.03, 0.0), False, "flakes"),
        ("pinpoint_bleeding", (9.0, 5.0, 1.0, 0.0), False, "dots"),
        ("lesions", (0.0, 2.0, 1.0, 0.0), False, "spots"),
        ("gloss", (0.01, 0.01, 0.01, 0.0), False, "nothing is expected to change"),
    ],
)
def test_the_canvas_is_chosen_by_what_a_photograph_would_keep(course, sign, values, latest, words):
    chosen = choose_canvas(with_sign(course, sign, values), 1.0, [4.0, 14.0])
    assert chosen.latest == latest
    assert words in chosen.reason


def test_without_a_photograph_before_the_latest_one_is_all_there_is(course):
    flaky = with_sign(course, "scaling", (0.0, 0.06, 0.03, 0.0))
    assert choose_canvas(flaky, 1.0, [4.0], baseline=False).latest
    assert not choose_canvas(flaky, 1.0, [4.0], not_usable="It is dark.").latest
    assert not choose_canvas(flaky, -0.5, [4.0]).latest


@pytest.mark.slow
def test_pictures_are_small_marked_and_named_by_date(course, day_one, demo_portrait_file):
    shares = []
    pictures, today, note = following_pictures(
        day_one, 1.0, demo_portrait_file, course, (1.0, 4.0, 14.0, 900.0), START,
        progress=shares.append,
    )  # fmt: skip
    assert [p.label for p in pictures] == ["Thursday 11 June, day 4", "Sunday 21 June, day 14"]
    assert note.startswith("Drawn on the latest photograph.")
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    for picture in pictures:
        assert Image.open(io.BytesIO(picture.image)).height <= 900
        assert DIGITAL_SOURCE_TYPE.encode() in picture.image
    assert DIGITAL_SOURCE_TYPE.encode() not in today
    shown = [np.asarray(Image.open(io.BytesIO(b)), float) for b in (today, pictures[-1].image)]
    # Blood takes green light: what fades grows lighter in green more than in red.
    change = (shown[1] - shown[0])[: shown[0].shape[0] // 2].mean((0, 1))
    assert change[1] > change[0]
    assert change[1] > 0.5


@pytest.mark.slow
def test_photographs_that_do_not_fit_are_not_guessed_at(
    course, day_one, demo_portrait_file, monkeypatch
):
    monkeypatch.setattr("micropen.workflows.following_pictures.untreated_beneath", lambda *_: None)
    pictures, _, note = following_pictures(day_one, 1.0, demo_portrait_file, course, (14.0,))
    assert len(pictures) == 1
    assert note.startswith("Drawn on the photograph before treatment. The two photographs could")


def test_where_the_latest_cannot_be_used_the_one_before_is_drawn_on(
    course, no_face, demo_portrait_file
):
    pictures, today, note = following_pictures(no_face, 1.0, demo_portrait_file, course, (4.0,))
    assert len(pictures) == 1
    assert pictures[0].label == "Day 4"
    assert today
    assert note.startswith("Drawn on the photograph before treatment. The latest photograph cannot")


def test_without_any_photograph_or_day_there_are_no_pictures_and_a_reason(course, no_face):
    pictures, today, note = following_pictures(no_face, 1.0, None, course, (4.0,))
    assert (pictures, today) == ((), b"")
    assert "cannot be drawn on" in note
    assert following_pictures(no_face, 20.0, None, course, (4.0,))[0] == ()


@pytest.mark.slow
def test_the_untreated_face_is_found_beneath_the_same_face(day_one, demo_portrait_file):
    later, before = Portrait.read(day_one), Portrait.read(demo_portrait_file)
    calm = untreated_beneath(later, before)
    assert calm is not None
    skin = later.masks.texture > 0.5
    assert float(calm.usable[skin].mean()) > 0.7
    inside = later.grid.enlarge(later.masks.texture) > 0.7
    difference = np.abs(calm.linear - before.photo.linear)[inside]
    assert float(np.median(difference)) < 0.01
