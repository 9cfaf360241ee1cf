"""People for the tests of the alerts: readings of forecasts, with the errors of photo and answer.

Predictive draws are those of a person whose older readings are known: rows of the population's
forecast, drawn anew by how well they explain these readings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from micropen.estimation.alerts import AlertContext
from micropen.estimation.predictive import Predictive
from micropen.estimation.result import FACE, Axis, ReadPoint
from micropen.evidence import load_parameters
from micropen.healing.forecast import forecast
from micropen.treatment import Treatment

FOUNDING = Path(__file__).parents[2] / "src/micropen/workflows/data/demo/founding_case.toml"
CHECKS = (0.3, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 9.0, 12.0)
PHOTOGRAPHS = (0.4, 2.1, 4.1, 7.1, 12.1)

# Drive of an answer per unit of the sign, and of its slip.
_DRIVE = {"redness": 1.3, "swelling": 1.0, "pain": 0.25, "itching": 1.2, "peeling": 3.0}
_SIGN = {
    "redness": "erythema",
    "swelling": "swelling",
    "pain": "pain",
    "itching": "barrier_defect",
    "peeling": "scaling",
}
_SLIP = 0.25
_LIGHT, _OWN = 0.03, 0.05


@cache
def treatment() -> Treatment:
    return Treatment.read(FOUNDING)


@cache
def population(draws=1500, seed=3):
    """Signs of the face and of zones on every day of a look, shape (draw, day[, zone])."""
    course = forecast(treatment(), days=14.0, draws=draws, seed=seed)
    data = course.dataset.sel(zone=list(course.treated))
    return course.treated, course.days, {name: data[name].values for name in data.data_vars}


def _at(days, values, day):
    """Straight between reported days; values (draw, zone, day) to (draw, zone)."""
    after = int(np.clip(np.searchsorted(days, day, side="right"), 1, days.size - 1))
    share = (day - days[after - 1]) / (days[after] - days[after - 1])
    return (1.0 - share) * values[..., after - 1] + share * values[..., after]


def points(checks: Sequence[float] = CHECKS, photographs: Sequence[float] = PHOTOGRAPHS):
    """Every answer and reading of a course."""
    zones = population()[0]
    made = [
        ReadPoint(question, Axis.DIARY, FACE, day, 0.0, 0.0, "check-in")
        for day in checks
        for question in _SIGN
    ]
    made += [ReadPoint("lesions", Axis.COUNT, FACE, d, 0.0, 0.0, "check-in") for d in checks]
    made += [
        ReadPoint(sign, Axis.SIGN, zone, day, 0.0, 0.05, f"photo-{day:g}.jpg")
        for day in photographs
        for sign in ("erythema", "pigment")
        for zone in zones
    ]
    return tuple(sorted(made, key=lambda p: p.day))


@cache
def expected(course: tuple[ReadPoint, ...], seed=3):
    """What every draw of the population means by each point, before its error: (draw, point)."""
    zones, days, signs = population(seed=seed)
    columns = []
    for point in course:
        if point.axis is Axis.DIARY:
            columns.append(
                _DRIVE[point.key] * _at(days, signs[_SIGN[point.key]], point.day).mean(1)
            )
        elif point.axis is Axis.COUNT:
            columns.append(_at(days, signs["lesions"], point.day).sum(1))
        else:
            columns.append(_at(days, signs[point.key], point.day)[:, zones.index(point.zone)])
    return np.stack(columns, axis=1)


def with_errors(course, meant, random):
    """Readings of what is meant, shape as `meant`."""
    read = np.array(meant, dtype=float)
    lights = {p.source + p.key: random.standard_normal(read.shape[0]) for p in course}
    for column, point in enumerate(course):
        normal = random.standard_normal(read.shape[0])
        if point.axis is Axis.DIARY:
            drive = np.maximum(read[:, column], 1e-6) * np.exp(_SLIP * normal)
            read[:, column] = np.round(-10.0 * np.expm1(-drive))
        elif point.axis is Axis.COUNT:
            read[:, column] = random.poisson(np.maximum(read[:, column], 0.0))
        else:
            read[:, column] += _LIGHT * lights[point.source + point.key] + _OWN * normal
    return read


def _log_weight(course, meant, values, known):
    """How well every draw explains what is known, shape (draw,); tempered to keep some draws."""
    weight = np.zeros(meant.shape[0])
    for column in np.flatnonzero(known):
        point, value = course[column], values[column]
        if point.axis is Axis.DIARY:
            mark = -10.0 * np.expm1(-np.maximum(meant[:, column], 0.0))
            weight -= 0.5 * ((value - mark) / (0.8 + 0.2 * mark)) ** 2
        elif point.axis is Axis.COUNT:
            rate = np.maximum(meant[:, column], 1e-3)
            weight += value * np.log(rate) - rate
        else:
            weight -= 0.5 * ((value - meant[:, column]) / 0.2) ** 2
    return weight


@dataclass(frozen=True)
class Person:
    """A simulated person: what they are told to mean, and what they wrote down."""

    course: tuple[ReadPoint, ...]
    values: np.ndarray

    def reads(self, change) -> Person:
        """The same with some readings changed: ``change(point, value)``."""
        pairs = zip(self.course, self.values, strict=True)
        return replace(self, values=np.array([change(p, v) for p, v in pairs]))

    def context(self, new, until=None, draws=1000, seed=0, doubts=None, **more) -> AlertContext:
        """What the alerts see when the points for which ``new(point)`` holds have just come."""
        last = max(p.day for p in self.course if new(p)) if until is None else until
        kept = [i for i, p in enumerate(self.course) if p.day <= last]
        course = tuple(self.course[i] for i in kept)
        values = self.values[kept]
        is_new = np.array([new(p) for p in course])
        random = np.random.default_rng(seed)
        meant = expected(self.course)[:, kept]
        weight = _log_weight(course, meant, values, ~is_new)
        # As evidence piles up few draws would be left; a person keeps at least 100 to speak of.
        share = np.exp(weight - weight.max())
        while share.sum() ** 2 / (share**2).sum() < 100.0:
            weight = 0.8 * weight
            share = np.exp(weight - weight.max())
        rows = random.choice(meant.shape[0], size=draws, p=share / share.sum())
        predicted = with_errors(course, meant[rows], random)
        doubt = doubts or (lambda _: 0.0)
        seen = tuple(
            replace(p, value=float(v), doubt=doubt(p)) for p, v in zip(course, values, strict=True)
        )
        return AlertContext(
            treatment=more.pop("treatment", treatment()),
            predictive=Predictive(seen, predicted, is_new),
            parameters=load_parameters(),
            **more,
        )


def person(number=0, checks=CHECKS, photographs=PHOTOGRAPHS) -> Person:
    """Return one person of the population, by number; the same every time."""
    course = points(checks, photographs)
    meant = expected(course, seed=4)[number][None]
    return Person(course, with_errors(course, meant, np.random.default_rng(number))[0])
