"""The program's own record for a person: earlier forecasts against what came after them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from micropen.estimation.kept_forecast import LEVELS, KeptForecast, Line, Whose
from micropen.estimation.result import Axis, ReadPoint, Record, Score
from micropen.evidence import ParameterSet, load_parameters, stream
from micropen.studies.score import interval_score

Array = NDArray[np.float64]

# Enough that the ends of a 90 % band are known to a few per cent of its width.
_DRAWS: Final = 4000
_BAND: Final = (0.05, 0.95)
# A reading that is more likely mistaken than not judges nothing.
_DOUBTED: Final = 0.5
# What a reading of each axis can be.
_RANGE: Final = {
    Axis.SIGN: (-np.inf, np.inf),
    Axis.DIARY: (0.0, 10.0),
    Axis.COUNT: (0.0, np.inf),
}


def predictive(
    kept: KeptForecast, whose: Whose, point: ReadPoint, one_off: float = 0.0
) -> Array | None:
    """Draw what a forecast expected of one reading, the reading's own error included.

    The forecast's quantiles are inverted at even levels, straight between them and flat beyond
    1 and 99 %. A number from 0 to 10 is rounded as a person rounds, to whole marks or halves, and
    some are off by a step; spots come in whole numbers, their chance is in the forecast already.
    Then the reading's error is added (normal, `ReadPoint.sd`).

    Parameters
    ----------
    kept
        The forecast.
    whose
        ``"personal"`` or ``"population"``; the same random numbers serve both.
    point
        The reading; of its value only whether it is a whole mark plays a part.
    one_off
        Probability that an answer is off by up to one step (``estimation.answer.one_off``).

    Returns
    -------
    numpy.ndarray or None
        Shape ``(draw,)``; None where the forecast says nothing on it.
    """
    line = Line(point.key, point.axis, point.zone)
    quantiles = kept.quantiles(whose, line, point.day)
    if quantiles is None:
        return None
    purpose = f"estimation.record.{point.key}.{point.axis}.{point.zone}.{point.day:.6f}"
    random = stream(kept.made.seed, purpose)
    # Levels are spread evenly and only their order is random: fewer draws then do.
    even = (np.arange(_DRAWS) + 0.5) / _DRAWS
    draws = np.interp(random.permutation(even), LEVELS, quantiles)
    error = ndtri(random.permutation(even))
    if point.axis is Axis.COUNT:
        draws = np.round(draws)
    if point.axis is Axis.DIARY:
        draws = _as_marked(draws, point, one_off, random)
    return np.asarray(np.clip(draws + point.sd * error, *_RANGE[point.axis]))


def _as_marked(
    draws: Array, point: ReadPoint, one_off: float, random: np.random.Generator
) -> Array:
    """Marks as a person gives them; a word has its range as an error instead."""
    if point.sd > 0.0:
        return draws
    step = 1.0 if float(point.value).is_integer() else 0.5
    off = random.random(draws.size) < one_off
    moved = np.where(off, random.integers(-1, 2, draws.size), 0)
    return np.asarray((np.round(draws / step) + moved) * step)


def typical_spread(kept: KeptForecast, line: Line, parameters: ParameterSet) -> float:
    """Return what a miss is measured in (``estimation.record.spread``).

    A sign without a number of its own is measured in its mean spread in the population's
    forecast, 5 to 95 %, as the sd of a normal.
    """
    name = f"estimation.record.spread.{line.axis.value}"
    for known in (f"{name}.{line.key}", name):
        if known in parameters.members:
            return parameters.value(known)
    low, high = (kept.population[line][LEVELS.index(level)] for level in _BAND)
    mean = float(np.mean(high - low)) / (2.0 * 1.6449)
    return mean if mean > 0.0 else 1.0


def score(
    kept: KeptForecast, readings: Sequence[ReadPoint], parameters: ParameterSet | None = None
) -> Score:
    """Judge one earlier forecast by the readings that came after its data.

    Parameters
    ----------
    kept
        The forecast.
    readings
        All readings and answers; those up to the last of its data, those more likely mistaken
        than not, and those it says nothing on are left out.
    parameters
        What a miss is measured in; by default those of the program.

    Returns
    -------
    Score
        NaN where no reading judges it.

    References
    ----------
    Gneiting T, Raftery AE (2007). J Am Stat Assoc 102:359, equation 43 (the interval score).
    """
    members = parameters or load_parameters()
    one_off = members.value("estimation.answer.one_off")
    inside, own, others = [], [], []
    for point in readings:
        later = point.day > kept.made.data_until_day and point.doubt <= _DOUBTED
        mine = predictive(kept, "personal", point, one_off) if later else None
        theirs = predictive(kept, "population", point, one_off) if later else None
        if mine is None or theirs is None:
            continue
        unit = typical_spread(kept, Line(point.key, point.axis, point.zone), members)
        (low, high), band = np.quantile(mine, _BAND), np.quantile(theirs, _BAND)
        inside.append(low <= point.value <= high)
        own.append(interval_score(float(low), float(high), point.value) / unit)
        others.append(interval_score(float(band[0]), float(band[1]), point.value) / unit)
    made = kept.made
    means = [float(np.mean(x)) if x else float("nan") for x in (inside, own, others)]
    return Score(made.at, made.data_until_day, len(inside), *means)


def record(scores: Sequence[Score], parameters: ParameterSet | None = None) -> Record:
    """Sum up how earlier forecasts did, in one honest paragraph.

    Parameters
    ----------
    scores
        Of every kept forecast; those that no reading judged are left out.
    parameters
        From where it is called good or bad; by default those of the program.
    """
    members = parameters or load_parameters()
    judged = tuple(sorted((s for s in scores if s.readings), key=lambda s: s.made_at))
    return Record(judged, _sentence(judged, members))


def _sentence(judged: Sequence[Score], parameters: ParameterSet) -> str:
    """The record in words."""

    def limit(name: str) -> float:
        return parameters.value(f"estimation.record.{name}")

    if not judged:
        return "No forecast for you could be judged yet: nothing was read after one was made."
    counts = np.array([s.readings for s in judged])
    # Later forecasts are judged by readings that earlier ones were judged by too.
    different = int(counts.max())
    if different < limit("few_readings"):
        many = "One reading" if different == 1 else f"Only {different} readings"
        return (
            f"{many} came after a forecast was made: too few to tell how good your forecasts are."
        )
    # Readings of one day share their light, and all of one forecast its luck.
    several = len(judged) >= limit("few_forecasts")
    coverage = float(np.average([s.coverage for s in judged], weights=counts))
    own = float(np.average([s.interval_score for s in judged], weights=counts))
    others = float(np.average([s.population_interval_score for s in judged], weights=counts))
    return " ".join(
        (
            _coverage_words(coverage, len(judged), limit("narrow_coverage"), several),
            _comparison(own, others, limit("clear_difference"), several),
            "Readings of one day go together, so take these as rough figures.",
        )
    )


def _coverage_words(coverage: float, forecasts: int, narrow: float, several: bool) -> str:
    of = "your earlier forecast" if forecasts == 1 else f"your {forecasts} earlier forecasts"
    said = f"Of what was read after {of}, {100.0 * coverage:.0f} % lay inside the 90 % band: "
    if coverage < narrow and several:
        return said + "fewer than should; the bands were too narrow, so think of them as wider."
    if coverage < narrow:
        return said + "fewer than should; the bands may be too narrow."
    if coverage > 0.97:
        return said + "about as many as should, or a few more: they were wide enough."
    return said + "about as many as should."


def _comparison(own: float, others: float, clear: float, several: bool) -> str:
    """How the person's forecasts did against what is typical."""
    gain = 1.0 - own / others if others > 0.0 else 0.0
    if abs(gain) <= clear:
        return "Your own forecasts did no better and no worse than the typical one would have."
    said = (
        f"Your own forecasts did {100.0 * abs(gain):.0f} % {'better' if gain > 0.0 else 'worse'} "
        "than the typical one would have (interval score, which rewards narrow bands that hold)"
    )
    if gain < 0.0 and several:
        return f"{said}: trust the typical band more than your own."
    return f"{said}."
