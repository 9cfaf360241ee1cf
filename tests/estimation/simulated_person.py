"""People who are simulated by the program itself, so that the truth about them is known."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from made_up_courses import treatment

from micropen.anatomy import ZONES
from micropen.estimation.likelihood import Seen
from micropen.estimation.likelihood.term import face_shares
from micropen.estimation.problem import Problem
from micropen.estimation.readings import PhotoReading, Readings, ScoredAnswer, SpotCount
from micropen.evidence import Grade, load_parameters
from micropen.healing.course import Course, CourseOrigin
from micropen.treatment import Person, Treatment

TREATED = ("cheek_left", "cheek_right", "forehead")
LOOKED_AT = (0.2, 1.0, 2.0, 3.0, 5.0, 7.0)


def asked(days: tuple[float, ...] = LOOKED_AT, first: float = 0.0) -> Readings:
    """What will be looked at; the numbers come from `read`."""
    days = tuple(first + day for day in days)
    return Readings(
        tuple(
            PhotoReading(f"day {day:g}.jpg", day, zone, sign, 0.0, 0.04)
            for day in days
            for sign in ("erythema", "scaling")
            for zone in TREATED
        ),
        tuple(
            ScoredAnswer(question, day, 0.0, 0.0)
            for day in days
            for question in ("redness", "pain", "peeling")
        ),
        tuple(SpotCount(day, 0.0) for day in days),
    )


def read(problem: Problem, person: np.ndarray, wanted: Readings, seed: int = 0) -> Readings:
    """What a person, given as standard normals, shows and answers."""
    random = np.random.default_rng(seed)
    predictions = problem.predictions(person[None])
    drawn = [t.replica(p, random)[0] for t, p in zip(problem.terms, predictions, strict=True)]
    numbers = {}
    for term, values in zip(problem.terms, drawn, strict=True):
        for point, value in zip(term.points, values, strict=True):
            numbers[point.source, point.key, point.zone, point.day] = float(value)
    face = lambda key, day: numbers["check-in", key, "face", day]  # noqa: E731
    return Readings(
        tuple(
            replace(r, change=numbers[r.photo, r.sign, r.zone, r.day]) for r in wanted.photographs
        ),
        tuple(
            replace(a, low=face(a.question, a.day), high=face(a.question, a.day))
            for a in wanted.answers
        ),
        tuple(replace(c, count=face("lesions", c.day)) for c in wanted.counts),
    )


@dataclass(frozen=True)
class Simulated:
    """A person, their treatment and what was read of them."""

    treatment: Treatment
    person: np.ndarray
    readings: Readings
    problem: Problem


def simulated(session_days=(0.0, 28.0), seed: int = 3, wanted: Readings | None = None) -> Simulated:
    """Draw a person from the population and look at them."""
    plan, parameters = treatment(session_days), load_parameters()
    wanted = wanted or asked()
    problem = Problem.of(plan, wanted, parameters)
    person = np.random.default_rng(seed).standard_normal(problem.unknowns.count)
    readings = read(problem, person, wanted, seed)
    return Simulated(plan, person, readings, Problem.of(plan, readings, parameters))


def seen(days, own=None, parameters=None, treated=TREATED, **signs: np.ndarray) -> Seen:
    """Signs of given values, each of shape (draw, zone, day) or what broadcasts to it."""
    draws = max(np.shape(value)[0] for value in signs.values())
    shape = (draws, len(ZONES), len(days))
    stacked = {
        name: (("draw", "zone", "day"), np.broadcast_to(value, shape).astype(np.float32))
        for name, value in signs.items()
    }
    data = xr.Dataset(stacked, {"zone": list(ZONES), "day": np.asarray(days, float)})
    origin = CourseOrigin("made up", "0" * 16, "0", 0, draws, (0.0,), Grade.D, ("assumed",))
    parameters = parameters or load_parameters().without_spread()
    return Seen(Course(data, origin), parameters, own or {}, face_shares(treated, parameters))


def someone() -> Person:
    """The person of the made-up treatments."""
    return treatment().person
