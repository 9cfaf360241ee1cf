"""Synthetic courses: the tests of observation do not lean on how healing works signs out."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.evidence import Grade, load_parameters
from micropen.healing.course import CourseOrigin, build_course
from micropen.observation import View
from micropen.signs import SIGNS
from micropen.treatment import People, Treatment

DAYS = np.array([0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 14.0, 30.0, 60.0])


def make_people(draws, phototype=2.0):
    ones = np.ones(draws)
    return People(
        age_years=40.0 * ones,
        male=0.5 * ones,
        phototype=phototype * ones,
        acne_proneness=0.5 * ones,
        sensitivity=0.5 * ones,
        sun_exposure=0.5 * ones,
        melasma=0.0 * ones,
        anticoagulants=0.0 * ones,
        herpes=0.0 * ones,
        active_acne=0.0 * ones,
    )


def silent(parameters):
    """The program's parameters without spread, and with observers who neither lean nor slip."""
    typical = parameters.without_spread()
    names = ("lean_sd", "slip_sd", "use_sd", "person_sd", "slip_grades", "slip_share", "reading_sd")
    mute = {p.name: 0.0 for p in typical.group("observation") if p.name.endswith(names)}
    return typical.with_values(mute)


@cache
def _sessions(days):
    """Sessions of a pen on these days."""
    first = date(2026, 5, 8)
    setting = {"device": "SkinPen Precision", "face": {"needle_length_mm": 1.0, "passes": 4}}
    table = [{"date": first + timedelta(days=int(day)), **setting} for day in days]
    person = {"age_years": 40, "sex": "female", "phototype": 2}
    return Treatment.from_dict({"person": person, "session": table}).sessions


def make_view(signs, draws=4, days=DAYS, starts=(0.0,), parameters=None, **more):
    """A view of signs given as numbers, ``(day,)`` or ``(draw, day)`` arrays; the rest are zero."""
    values = {
        name: np.ascontiguousarray(
            np.broadcast_to(
                np.broadcast_to(np.asarray(signs.get(name, 0.0)), (draws, days.size))[:, None, :],
                (draws, len(ZONES), days.size),
            ),
            dtype=np.float32,
        )
        for name in SIGNS
    }
    origin = CourseOrigin("test", "", "", 0, draws, tuple(starts), Grade.D, ())
    phototype = more.pop("phototype", 2.0)
    more.setdefault("sessions", _sessions(starts))
    return View(
        course=build_course(values, days, origin, 0.0),
        people=make_people(draws, phototype),
        zones=more.pop("zones", ("cheek_left", "cheek_right")),
        parameters=parameters if parameters is not None else silent(load_parameters()),
        **more,
    )


@pytest.fixture(scope="session")
def view():
    return make_view


@pytest.fixture(scope="session")
def quiet():
    """Parameters of observers who neither lean nor slip."""
    return silent(load_parameters())
