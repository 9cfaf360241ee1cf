"""Headlines: what people ask of a forecast, one number each, for the sensitivity study."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen._version import __version__
from micropen.evidence import Grade, Normals, ParameterSet
from micropen.healing.chain import default_chain
from micropen.healing.course import CourseOrigin
from micropen.healing.forecast import course_of_doses, doses_of
from micropen.healing.population import lanes
from micropen.treatment import Anaesthetic, People, Person, Session, ZoneSetting, device

Array = NDArray[np.float64]

ZONE: Final = "cheek_left"
_DEVICE: Final = "skinpen-precision"
_AGE: Final = 35.0
_SCATTER: Final = "healing.population.between_"
_HOUR: Final = 1.0 / 24.0


@dataclass(frozen=True, slots=True)
class Headline:
    """One question, and its unit."""

    key: str
    question: str
    unit: str


HEADLINES: Final = (
    Headline("redness_days", "days on which redness shows", "days"),
    Headline("redness_1h", "redness at one hour", "ln(blood ratio)"),
    Headline("flakes_day", "day of most flakes", "days"),
    Headline("flakes_height", "surface under flakes at their peak", "1"),
    Headline("glow_day_4", "glow on day 4", "1"),
    Headline("glow_day_14", "glow on day 14", "1"),
    Headline("barrier_days", "days until the barrier is closed", "days"),
    Headline("lesions_day_2", "papules of the cheek on day 2", "count"),
    Headline("pain", "pain while needled", "VAS 0-10"),
    Headline("collagen_day_180", "collagen on day 180, three monthly sessions", "1"),
    Headline("pigment_day_30", "pigment on day 30, phototype IV", "ln(melanin ratio)"),
)


@dataclass(frozen=True, slots=True)
class _Scenario:
    """What is done to whom, and on which days it is looked at."""

    session_days: tuple[float, ...]
    phototype: float
    days: tuple[float, ...]


# Eighths of a day while signs move, then halves.
_ONE: Final = _Scenario(
    (0.0,), 2.0, (0.0, _HOUR, *np.arange(0.125, 8.0, 0.125), *np.arange(8.0, 21.5, 0.5))
)
_THREE: Final = _Scenario((0.0, 30.0, 60.0), 2.0, (0.0, 30.0, 60.0, 180.0))
_DARKER: Final = _Scenario((0.0,), 4.0, (0.0, 30.0))


def _session(day: float) -> Session:
    pen = device(_DEVICE)
    return Session(
        date=datetime.date(2000, 1, 1) + datetime.timedelta(days=day),
        time_of_day=datetime.time(12),
        day=day,
        device=pen,
        anaesthetic=Anaesthetic.TOPICAL,
        zones={ZONE: ZoneSetting(needle_length_mm=1.0, passes=4.0)},
        strike_rate_hz=pen.strike_rate_hz,
        hand_speed_mm_per_s=pen.hand_speed_mm_per_s,
    )


def _signs(scenario: _Scenario, parameters: ParameterSet, draws: int) -> dict[str, Array]:
    """Every sign of the zone, shape ``(draw, day)``."""
    person = Person.model_validate({"age_years": _AGE, "phototype": scenario.phototype})
    people, chain = People.of(person, draws), default_chain()
    doses = doses_of([_session(day) for day in scenario.session_days], people, parameters, 0)
    origin = CourseOrigin(
        parameter_set=parameters.name,
        digest="",
        version=__version__,
        seed=0,
        draws=draws,
        session_days=scenario.session_days,
        lowest_grade=Grade.D,
        citations=(),
    )
    course = course_of_doses(
        doses,
        lanes(chain, people, doses, parameters, seed=0),
        np.array(scenario.days),
        origin,
        parameters,
        chain=chain,
    )
    zone = course.zones.index(ZONE)
    return {
        str(name): course.dataset[name].values[:, zone].astype(np.float64)
        for name in course.dataset.data_vars
    }


def last_above(days: Array, values: Array, limit: float) -> Array:
    """Return when each row is last at a limit from above, linear between days; 0 if never.

    Parameters
    ----------
    days
        Shape ``(day,)``, increasing.
    values
        Shape ``(draw, day)``.
    limit
        In the unit of `values`.
    """
    above = values > limit
    last = days.size - 1 - np.argmax(above[:, ::-1], axis=1)
    later, rows = np.minimum(last + 1, days.size - 1), np.arange(values.shape[0])
    drop = values[rows, last] - values[rows, later]
    share = np.where(drop > 0.0, (values[rows, last] - limit) / np.where(drop > 0, drop, 1.0), 0.0)
    when = days[last] + np.clip(share, 0.0, 1.0) * (days[later] - days[last])
    return np.where(above.any(axis=1), when, 0.0)


def peak(days: Array, values: Array) -> tuple[Array, Array]:
    """Return day and height of each row's peak, by a parabola through its highest points."""
    top = np.clip(np.argmax(values, axis=1), 1, days.size - 2)
    rows = np.arange(values.shape[0])
    before, at, after = (values[rows, top + k] for k in (-1, 0, 1))
    curve = before - 2.0 * at + after
    offset = np.where(curve < 0.0, 0.5 * (before - after) / np.where(curve < 0.0, curve, 1.0), 0.0)
    width = 0.5 * (days[top + 1] - days[top - 1])
    offset = np.clip(offset, -1.0, 1.0)
    return days[top] + width * offset, at - 0.25 * (before - after) * offset


def headlines(parameters: ParameterSet, normals: Normals, draws: int) -> dict[str, Array]:
    """Return every headline for many points of the parameters' spread.

    Parameters
    ----------
    parameters
        Parameter set; its spreads give the scale of `normals`.
    normals
        Standard normals of every purpose, see `ParameterSet`.
    draws
        How many points.

    Returns
    -------
    dict
        Key of `HEADLINES` to values of shape ``(draws,)``.
    """
    # Scatter between zones and between sessions has no parameter of its own to be an input.
    scatter = [name for name in parameters.members if name.startswith(_SCATTER)]
    still = parameters.with_values(dict.fromkeys(scatter, 0.0))
    members = replace(still, normals=normals)

    def limit(name: str) -> float:
        return parameters.value(f"healing.milestones.{name}")

    one = _signs(_ONE, members, draws)
    days = np.array(_ONE.days)
    at = {day: int(np.argmin(np.abs(days - day))) for day in (_HOUR, 2.0, 4.0, 14.0)}
    flakes_day, flakes_height = peak(days, one["scaling"])
    found: Mapping[str, Array] = {
        "redness_days": last_above(days, one["erythema"], limit("visible_redness")),
        "redness_1h": one["erythema"][:, at[_HOUR]],
        "flakes_day": flakes_day,
        "flakes_height": flakes_height,
        "glow_day_4": one["gloss"][:, at[4.0]],
        "glow_day_14": one["gloss"][:, at[14.0]],
        "barrier_days": last_above(days, one["barrier_defect"], limit("open_barrier")),
        "lesions_day_2": one["lesions"][:, at[2.0]],
        "pain": one["pain"][:, 0],
        "collagen_day_180": _signs(_THREE, members, draws)["collagen"][:, -1],
        "pigment_day_30": _signs(_DARKER, members, draws)["pigment"][:, -1],
    }
    return {headline.key: found[headline.key] for headline in HEADLINES}
