"""Forecasts of given persons, and the bands that are drawn of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.case import QUESTIONS
from micropen.estimation.kept_forecast import Line
from micropen.estimation.likelihood import Seen
from micropen.estimation.likelihood.answers import AnswerError, AnswerTerm, mark_of
from micropen.estimation.likelihood.counts import LUCK, SHARE, log_luck
from micropen.estimation.likelihood.photographs import PhotoError, gain_name
from micropen.estimation.posterior import Posterior
from micropen.estimation.prediction import Predictor
from micropen.estimation.problem import Problem
from micropen.estimation.result import FACE, Axis, Band, ReadPoint
from micropen.evidence import stream

Array = NDArray[np.float64]

# What photographs can follow; all other signs are felt, counted or not seen.
PHOTOGRAPHED: Final = ("erythema", "scaling", "pigment", "gloss", "relief")
_QUANTILES: Final = (0.05, 0.5, 0.95)
_MOST_OF_THE_FACE: Final = 0.6


def personal(posterior: Posterior, horizon: float, draws: int) -> Seen:
    """Forecast this person over all their sessions.

    Parameters
    ----------
    posterior
        What is believed of them.
    horizon
        Days since the first session.
    draws
        How many possible persons, equally likely.
    """
    return _foreseen(posterior.problem, posterior.persons(draws), horizon, posterior.seed)


def population(problem: Problem, horizon: float, draws: int, seed: int = 0) -> Seen:
    """Forecast people like this one, of whom nothing was seen yet; as `personal`."""
    random = stream(seed, "estimation.population")
    values = random.standard_normal((draws, problem.unknowns.count))
    return _foreseen(problem, values, horizon, seed)


def _foreseen(problem: Problem, values: Array, horizon: float, seed: int) -> Seen:
    predictor = Predictor.whole(problem.treatment, problem.members, horizon, seed)
    parameters = problem.unknowns.parameter_set(values)
    course = predictor.course(parameters, values.shape[0])
    return Seen(course, parameters, _own_normals(problem, values, seed), problem.shares)


def _own_normals(problem: Problem, values: Array, seed: int) -> dict[str, Array]:
    """Scale use of each person; of questions that were never answered, as anybody's."""
    known = problem.unknowns.own_normals(values)
    needed = {name for question in QUESTIONS for name in _term(problem, question).own}
    needed |= {LUCK, *(gain_name(sign) for sign in PHOTOGRAPHED)}
    random = stream(seed, "estimation.unasked")
    fresh: dict[str, Array] = {
        name: np.asarray(random.standard_normal(values.shape[0])) for name in sorted(needed)
    }
    return {**fresh, **known}


def _term(problem: Problem, question: str) -> AnswerTerm:
    error = AnswerError.of(question, problem.members)
    usual = dict(problem.readings.usual).get(question)
    return AnswerTerm(question, (), problem.treatment.person, usual, error)


def curves(problem: Problem, seen: Seen, seed: int = 0) -> dict[Line, Array]:
    """Draws of what readings and answers would show, every one without mistakes.

    Parameters
    ----------
    problem
        Whose forecast it is.
    seen
        From `personal` or `population`.
    seed
        Of what is random about a single answer or count.

    Returns
    -------
    dict
        Signs by zone and face as photographs read them, answers as they are marked (slips
        included), spots as they are counted; each ``(draw, day)``.
    """
    found = dict(_sign_curves(problem, seen))
    for question in QUESTIONS:
        random = stream(seed, f"estimation.slips.{question}")
        found[Line(question, Axis.DIARY, FACE)] = _marks(_term(problem, question), seen, random)
    random = stream(seed, "estimation.counts")
    found[Line("lesions", Axis.COUNT, FACE)] = _counted(seen, random)
    return found


def bands(drawn: Mapping[Line, Array], days: Array) -> tuple[Band, ...]:
    """Reduce draws of `curves` to 5, 50 and 95 %."""
    found = []
    for line, values in drawn.items():
        low, median, high = np.quantile(values, _QUANTILES, axis=0)
        found.append(Band(line.key, line.axis, line.zone, days, low, median, high))
    return tuple(found)


def face_points(points: Sequence[ReadPoint], shares: Array) -> tuple[ReadPoint, ...]:
    """Sum readings of zones up to the treated face, photograph by photograph, for drawing.

    Parameters
    ----------
    points
        Readings of single zones.
    shares
        Share of each zone in the treated area, shape ``(zone,)``.

    Returns
    -------
    tuple of ReadPoint
        Mean over the zones that could be measured, where these are most of the treated area. The
        errors of zones are taken as shared: light and camera are most of them.
    """
    groups: dict[tuple[str, str], list[ReadPoint]] = {}
    for point in points:
        if point.axis is Axis.SIGN and point.zone in ZONES and shares[ZONES.index(point.zone)]:
            groups.setdefault((point.source, point.key), []).append(point)
    found = []
    for group in groups.values():
        weights = np.array([shares[ZONES.index(point.zone)] for point in group])
        if weights.sum() > _MOST_OF_THE_FACE:
            value, sd, doubt = (
                float(np.average([getattr(p, name) for p in group], weights=weights))
                for name in ("value", "sd", "doubt")
            )
            found.append(replace(group[0], zone=FACE, value=value, sd=sd, doubt=doubt))
    return tuple(found)


def _sign_curves(problem: Problem, seen: Seen) -> Iterator[tuple[Line, Array]]:
    for sign in PHOTOGRAPHED:
        error = PhotoError.of(sign, problem.members)
        gain = np.exp(error.gain_sd * seen.own[gain_name(sign)])[:, None]
        yield Line(sign, Axis.SIGN, FACE), gain * seen.face(sign)
        for k in np.flatnonzero(seen.shares):
            values = seen.course.dataset[sign].values[:, k].astype(np.float64)
            yield Line(sign, Axis.SIGN, ZONES[k]), gain * values


def _marks(term: AnswerTerm, seen: Seen, random: np.random.Generator) -> Array:
    drives = term.drives(seen, seen.days)
    return mark_of(drives + term.error.slip_sd * random.standard_normal(drives.shape))


def _counted(seen: Seen, random: np.random.Generator) -> Array:
    share = np.clip(seen.parameters.sample(SHARE, seen.draws, 0), 0.0, 1.0)[:, None]
    came = np.exp(log_luck(seen))[:, None] * np.maximum(seen.totals("lesions"), 0.0)
    return np.asarray(random.poisson(share * came), dtype=np.float64)
