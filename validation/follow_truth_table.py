"""Forecasts of followed cases against the truth put in and against later readings, as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from truth_case import AFTER
from truth_photos import ZONES, true_change, truths_of

from micropen.estimation.kept_forecast import KeptForecast
from micropen.estimation.record import predictive
from micropen.estimation.result import FACE, Axis, Band, Followed, ReadPoint
from micropen.measurement.methods import METHODS
from micropen.measurement.result import SeriesMeasurement
from micropen.studies.score import interval_score

SIGNS = ("erythema", "scaling", "gloss", "pigment")
DAYS = ("day03", "day04", "day05", "day14")
BREAKOUTS = "lesions"


@dataclass(frozen=True)
class Compared:
    """A forecast of one sign in one zone on one day, against the truth.

    Parameters
    ----------
    series, step, sign, zone, day
        What it is; `step` says which photographs were known.
    truth
        What was put in.
    own, anybody
        5, 50 and 95 % of the person's and of the population's forecast.
    """

    series: str
    step: str
    sign: str
    zone: str
    day: str
    truth: float
    own: tuple[float, float, float]
    anybody: tuple[float, float, float]


@dataclass(frozen=True)
class Judged:
    """A forecast of one later reading, its error included; `Compared` says the rest."""

    series: str
    step: str
    sign: str
    value: float
    own: tuple[float, float, float]
    anybody: tuple[float, float, float]


def resting_blood(folder: Path, measured: SeriesMeasurement) -> dict[str, float]:
    """Green optical density of each zone's resting blood, by what the program reads on day 0.

    Redness is read as ln(1 + added blood / resting blood). The truth tells the added blood of its
    own zones; how much rests there, and how much of its zone the program's zone covers (of the
    forehead about half), it does not tell: both are taken from the photograph of day 0, where
    redness is largest.
    """
    truth = truths_of(folder)["day00"]
    tone = float(truth["tone_ITA"])
    main = next(m.name for m in METHODS if m.main and m.sign == "erythema")
    read = {r.zone: r.change for r in measured.rows if (r.photo, r.method) == ("day00.jpg", main)}
    return {
        zone: true_change(truth, "erythema_optical_density", zone, tone) / np.expm1(read[ours])
        for zone, (_, ours) in ZONES.items()
    }


def compared(
    folder: Path, step: str, followed: Followed, today: float, resting: Mapping[str, float]
) -> list[Compared]:
    """Set both forecasts of later days beside the truth of a series."""
    truths = truths_of(folder)
    tone = float(truths["pre"]["tone_ITA"])
    found = []
    for state in (s for s in DAYS if s in truths and AFTER[s] > today):
        day = AFTER[state]
        for sign in SIGNS:
            for zone, (_, ours) in ZONES.items():
                truth = true_change(truths[state], sign, zone, tone)
                if sign == "erythema":
                    added = true_change(truths[state], "erythema_optical_density", zone, tone)
                    truth = float(np.log1p(added / resting[zone]))
                bands = _at(followed, sign, Axis.SIGN, ours, day)
                found.append(Compared(folder.name, step, sign, ours, state, truth, *bands))
        spots = float(sum(bool(s["visible"]) for s in truths[state]["lesions"]))
        bands = _at(followed, BREAKOUTS, Axis.COUNT, FACE, day)
        found.append(Compared(folder.name, step, BREAKOUTS, FACE, state, spots, *bands))
    return found


def _at(
    followed: Followed, key: str, axis: Axis, zone: str, day: float
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    def read(bands: Sequence[Band]) -> tuple[float, float, float]:
        band = next(b for b in bands if (b.key, b.axis, b.zone) == (key, axis, zone))
        low, median, high = (
            float(np.interp(day, band.days, curve)) for curve in (band.low, band.median, band.high)
        )
        return low, median, high

    return read(followed.personal), read(followed.population)


def judged(
    series: str, step: str, forecast: KeptForecast, points: Sequence[ReadPoint]
) -> list[Judged]:
    """Set a kept forecast beside every reading that came later."""
    found = []
    for point in (p for p in points if p.day > forecast.made.data_until_day):
        drawn = [predictive(forecast, whose, point) for whose in ("personal", "population")]
        if any(d is None for d in drawn):
            continue
        own, anybody = (tuple(np.quantile(d, (0.05, 0.5, 0.95))) for d in drawn)
        found.append(Judged(series, step, point.key, point.value, own, anybody))  # type: ignore[arg-type]
    return found


Either = Compared | Judged


def _value(each: Either) -> float:
    return each.truth if isinstance(each, Compared) else each.value


def _error(rows: Sequence[Either], whose: str) -> float:
    return float(np.mean([abs(getattr(r, whose)[1] - _value(r)) for r in rows]))


def _score(rows: Sequence[Either], whose: str) -> float:
    return float(np.mean([
        interval_score(getattr(r, whose)[0], getattr(r, whose)[2], _value(r)) for r in rows
    ]))  # fmt: skip


def _covered(rows: Sequence[Either], whose: str) -> float:
    inside = [getattr(r, whose)[0] <= _value(r) <= getattr(r, whose)[2] for r in rows]
    return float(np.mean(inside))


def _mean(rows: Sequence[Compared], of: Callable[[Compared], float]) -> float:
    return float(np.mean([of(r) for r in rows]))


def _steps(rows: Iterable[Either]) -> list[str]:
    return list(dict.fromkeys(r.step for r in rows))


def truth_lines(rows: Sequence[Compared]) -> Iterable[str]:
    """By sign and day: truth, and medians with their mean error over zones, step by step."""
    steps = _steps(rows)
    yield "mean over zones: median of the forecast, in brackets its mean error"
    head = "".join(f"{step:>18}" for step in ("anybody", *steps))
    yield f"{'':<18}{'truth':>8}{head}"
    for sign in dict.fromkeys(r.sign for r in rows):
        for day in DAYS:
            chosen = [r for r in rows if r.sign == sign and r.day == day]
            if not chosen:
                continue
            first = [r for r in chosen if r.step == steps[0]]
            cells = [_cell(first, "anybody")]
            cells += [_cell([r for r in chosen if r.step == step], "own") for step in steps]
            truth = _mean(first, lambda r: r.truth)
            yield f"{sign:<12}{day:<6}{truth:>+8.3f}" + "".join(f"{c:>18}" for c in cells)


def _cell(rows: Sequence[Compared], whose: str) -> str:
    return f"{_mean(rows, lambda r: getattr(r, whose)[1]):+.3f} ({_error(rows, whose):.3f})"


def summary_lines(truths: Sequence[Compared], readings: Sequence[Judged]) -> Iterable[str]:
    """Error, interval score and coverage by sign and step, over all series."""
    yield "against the truth put in, days 3, 4, 5, 14"
    yield from _table(truths)
    yield from _nearer_lines(truths)
    yield "against later readings, their own error included, all later days"
    yield from _table(readings)


def _table(rows: Sequence[Either]) -> Iterable[str]:
    yield (
        f"{'':<10}{'known':<10}{'n':>5}{'error':>9}{'anybody':>9}{'ratio':>7}"
        f"{'score':>9}{'anybody':>9}{'ratio':>7}{'held':>7}{'anybody':>9}"
    )
    for sign in dict.fromkeys(r.sign for r in rows):
        for step in _steps(rows):
            chosen = [r for r in rows if r.sign == sign and r.step == step]
            if chosen:
                yield f"{sign:<10}{step:<10}{len(chosen):>5}{_figures(chosen)}"


def _figures(rows: Sequence[Either]) -> str:
    error, errors = _error(rows, "own"), _error(rows, "anybody")
    score, scores = _score(rows, "own"), _score(rows, "anybody")
    return (
        f"{error:>9.4f}{errors:>9.4f}{error / errors:>7.2f}"
        f"{score:>9.4f}{scores:>9.4f}{score / scores:>7.2f}"
        f"{_covered(rows, 'own'):>7.0%}{_covered(rows, 'anybody'):>9.0%}"
    )


def _nearer_lines(rows: Sequence[Compared]) -> Iterable[str]:
    """How far the mean over zones is from the truth, by sign, day and step, over the series."""
    steps = _steps(rows)
    yield "distance of the mean over zones from the truth, over all series"
    head = "".join(f"{step:>11}" for step in ("anybody", *steps))
    yield f"{'':<18}{head}{'zones held':>12}{'anybody':>9}"
    for sign in dict.fromkeys(r.sign for r in rows):
        for day in DAYS:
            chosen = [r for r in rows if (r.sign, r.day) == (sign, day)]
            first = [r for r in chosen if r.step == steps[0]]
            far = [_distance(first, "anybody")]
            far += [_distance([r for r in chosen if r.step == step], "own") for step in steps]
            last = [r for r in chosen if r.step == steps[-1]]
            held = f"{_covered(last, 'own'):>12.0%}{_covered(last, 'anybody'):>9.0%}"
            yield f"{sign:<12}{day:<6}{''.join(f'{each:>11.4f}' for each in far)}{held}"


def _distance(rows: Sequence[Compared], whose: str) -> float:
    """Mean over series of the distance of the mean over zones."""
    gaps = []
    for series in dict.fromkeys(r.series for r in rows):
        own = [r for r in rows if r.series == series]
        gaps.append(abs(_mean(own, lambda r: getattr(r, whose)[1] - r.truth)))
    return float(np.mean(gaps))
