"""The film: days worth showing, frames rendered when looked at, progress."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from micropen.errors import MicropenError
from micropen.rendering import film_days, render


def test_default_days_are_fine_in_the_first_week(course):
    days = film_days(course)
    assert days[0] == pytest.approx(7 / 24, abs=1e-3)  # 10:00 to 17:00
    assert {1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 14.0, 30.0, 60.0} <= set(days)
    assert list(days) == sorted(set(days))
    assert days[-1] <= course.days[-1]


def test_later_sessions_are_shown_in_detail_too(course):
    origin = dataclasses.replace(course.origin, session_days=(0.0, 28.0))
    days = film_days(dataclasses.replace(course, origin=origin))
    assert {27.0, 28.3, 29.0, 30.0, 31.0} <= set(days)


@pytest.mark.parametrize(("hour", "later"), [(8, 9 / 24), (14, 3 / 24), (20, 2 / 24)])
def test_the_first_picture_is_of_the_same_evening(course, hour, later):
    session = course.treatment.sessions[0].model_copy(update={"time_of_day": dt.time(hour)})
    treatment = course.treatment.model_copy(update={"sessions": (session,)})
    days = film_days(dataclasses.replace(course, treatment=treatment))
    assert days[0] == pytest.approx(later, abs=1e-3)


def test_frames_are_rendered_when_looked_at(portrait, course):
    film = render(portrait, course, days=[3, 0.3], scenarios=("expected", "worst"))
    assert film.days == (0.3, 3.0)
    assert list(film.frames) == [
        ("expected", 0.3), ("expected", 3.0), ("worst", 0.3), ("worst", 3.0),
    ]  # fmt: skip
    assert len(film.frames) == 4
    one, two = film.frames["expected", 0.3], film.frames["worst", 0.3]
    assert one.shape == portrait.photo.encoded.shape
    assert not np.array_equal(one, two)
    with pytest.raises(KeyError):
        film.frames["expected", 9.0]


def test_streaming_reports_progress(portrait, course):
    shares = []
    film = render(portrait, course, days=[0.3, 1.0, 60.0])
    seen = {key: picture.shape for key, picture in film.stream(shares.append)}
    assert list(seen) == [("expected", 0.3), ("expected", 1.0), ("expected", 60.0)]
    assert shares == pytest.approx([1 / 3, 2 / 3, 1.0])


@pytest.mark.parametrize("days", [[61.0], [-1.0], [float("nan")]])
def test_days_outside_the_course_are_refused(portrait, course, days):
    with pytest.raises(MicropenError, match="course covers day 0 to 60"):
        render(portrait, course, days=days)


def test_an_empty_film_is_refused(portrait, course):
    with pytest.raises(MicropenError, match="nothing to render"):
        render(portrait, course, days=[])
    with pytest.raises(MicropenError, match="nothing to render"):
        render(portrait, course, scenarios=())
