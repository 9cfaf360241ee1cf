"""What the fit does not move number by number is learned with the rest, by linear conditioning.

A few dozen numbers are free; some hundred others (vessels per area, thickness of the dermis, what
an observer notices) are uncertain too, and move the same findings. They are not noise: they are
the same in all rows and studies. So after the free numbers have been fitted, every uncertain
number that a study reads becomes free as well, with slopes from a regression over virtual trials
in which they all vary at once, and one joint step of Gauss and Newton gives the posterior of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from math import hypot, sqrt
from multiprocessing import get_context
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.calibration.fit import Fit, laplace
from micropen.calibration.free import Array, FreeNumber, FreeSpace, kept_names
from micropen.calibration.problem import Problem, Progress
from micropen.calibration.simulated import SimulatedStudy
from micropen.calibration.target import Target, transformed
from micropen.evidence import Parameter, ParameterSet, Quantity, stream
from micropen.observation import scale
from micropen.studies import Study
from micropen.studies.prediction import predict
from micropen.studies.trial import simulate

# Virtual trials of a regression on some hundred numbers, and people in each.
_WORLDS: Final = 1000
_PEOPLE: Final = 12
# A slope below so many standard errors may be chance, and counts as none.
_CLEAR: Final = 4.0
# Trials of a study's own size, for the error that goes with chance and raters alone.
_TRIALS_FOR_ERROR: Final = 80
_UNCERTAIN: Final = ", uncertainty"
_SIMULATED: Final = ("anatomy.", "punctures.", "healing.", "observation.", "treatment.")
# As in `fit`.
_FARTHEST: Final = 4.0
_SHORTER: Final = (1.0, 0.5, 0.25)


@dataclass
class _Recorder:
    """Draws normals as the parameters do, and keeps those of the uncertainties, block by block."""

    kept: dict[int, dict[str, Array]] = field(default_factory=dict)

    def __call__(self, seed: int, purpose: str, count: int) -> Array:
        normal = stream(seed, purpose).standard_normal(count)
        if purpose.endswith(_UNCERTAIN):
            self.kept.setdefault(seed, {})[purpose.removesuffix(_UNCERTAIN)] = normal
        return normal

    def matrix(self, names: Sequence[str], worlds: int) -> Array:
        """Normals of each world, shape ``(world, name)``; zero where a block did not ask."""
        blocks = []
        for asked in self.kept.values():
            count = max(values.size for values in asked.values())
            # The rehearsal plays one world, which is no trial.
            if count > 1:
                blocks.append(
                    np.stack([asked.get(name, np.zeros(count)) for name in names], axis=1)
                )
        whole = np.concatenate(blocks)
        if whole.shape[0] != worlds:
            raise RuntimeError(f"{whole.shape[0]} worlds were drawn, {worlds} were seen")
        return whole


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """How the findings of one study answer to what is not free.

    Parameters
    ----------
    slopes
        On each finding's scale of comparison per prior sd, shape ``(finding, name)``.
    errors
        Sd of each finding at the study's own size with every typical value known.
    """

    slopes: Array
    errors: Array


def _of_size(study: SimulatedStudy, people: int | None) -> Study:
    """The study with its own numbers of people, or so many at most."""
    sizes = [f.n if people is None else min(f.n, people) for f in study.findings]
    findings = [replace(f, n=n) for f, n in zip(study.findings, sizes, strict=True)]
    return replace(study.study, findings=tuple(findings))


def _samples(study: SimulatedStudy, resized: Study, parameters: ParameterSet, trials: int) -> Array:
    """Every finding's statistic on its scale of comparison, shape ``(trial, finding)``."""
    seen = simulate(resized, parameters, trials=trials, seed=study.seed)
    columns = []
    for finding, target in zip(resized.findings, study.targets, strict=True):
        sample = predict(finding, scale(finding.scale), seen, seed=study.seed).sample
        columns.append([transformed(target.transform, float(v), target.n) for v in sample])
    return np.array(columns, dtype=np.float64).T


def regression(normals: Array, values: Array, clear: float = _CLEAR) -> Array:
    """Return slopes of values on independent normals, those that are not clear being zero.

    Parameters
    ----------
    normals
        Shape ``(world, name)``.
    values
        Shape ``(world, finding)``.
    clear
        Standard errors that a slope must reach.

    Returns
    -------
    numpy.ndarray
        Shape ``(finding, name)``. Clear slopes are estimated again without the others.
    """
    worlds, size = normals.shape
    centred = normals - normals.mean(axis=0)
    gram = np.linalg.inv(centred.T @ centred + 1e-9 * np.eye(size))
    slopes = np.zeros((values.shape[1], size))
    for row, column in enumerate((values - values.mean(axis=0)).T):
        whole = gram @ (centred.T @ column)
        left = column - centred @ whole
        variance = float(left @ left) / max(worlds - size - 1, 1)
        chosen = np.abs(whole) > clear * np.sqrt(variance * np.diag(gram))
        if variance > 0.0 and chosen.any():
            slopes[row, chosen] = np.linalg.lstsq(centred[:, chosen], column, rcond=None)[0]
    return slopes


def response(study: SimulatedStudy, parameters: ParameterSet, names: Sequence[str]) -> Response:
    """Work out how one study answers to uncertain numbers.

    Parameters
    ----------
    study
        With its targets.
    parameters
        The free numbers known, others uncertain.
    names
        Uncertain parameters.
    """
    recorder = _Recorder()
    varied = replace(parameters, normals=recorder)
    values = _samples(study, _of_size(study, _PEOPLE), varied, _WORLDS)
    slopes = regression(recorder.matrix(names, values.shape[0]), values)
    known = parameters.without_uncertainty()
    chance = _samples(study, _of_size(study, None), known, _TRIALS_FOR_ERROR)
    return Response(slopes, chance.std(axis=0))


def _response(task: tuple[SimulatedStudy, ParameterSet, tuple[str, ...]]) -> Response:
    return response(*task)


def _what(parameter: Parameter) -> str:
    """What an uncertain number is: the first sentence of its note."""
    first = re.split(r"(?<=[a-z)])[.:;] ", parameter.note, maxsplit=1)[0].rstrip(".")
    return f"With the rest: {first}."


def uncertain_numbers(space: FreeSpace, read: Sequence[frozenset[str]]) -> tuple[FreeNumber, ...]:
    """Return the uncertain typical values that some study reads and that are not free yet."""
    taken = {n.parameter for n in space.numbers if n.quantity is Quantity.VALUE}
    wanted = frozenset().union(*read) - taken - kept_names()
    return tuple(
        FreeNumber(
            p.name,
            Quantity.VALUE,
            p.value,
            p.uncertainty_sd,
            p.log_normal,
            why=_what(p),
            rows="",
        )
        for p in space.prior
        if p.name in wanted and p.uncertainty_sd > 0.0 and p.name.startswith(_SIMULATED)
    )


def _responses(
    studies: Sequence[SimulatedStudy],
    parameters: ParameterSet,
    names: tuple[str, ...],
    processes: int,
    progress: Progress | None,
) -> Iterator[Response]:
    tasks = [(study, parameters, names) for study in studies]

    def told(answers: Iterator[Response]) -> Iterator[Response]:
        for index, answer in enumerate(answers):
            if progress is not None:
                progress("all uncertain numbers", (index + 1) / len(tasks))
            yield answer

    if processes < 2:
        yield from told(map(_response, tasks))
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from told(pool.map(_response, tasks))


def _with_errors(study: SimulatedStudy, errors: Array) -> SimulatedStudy:
    """The study with the error that goes with chance and raters alone, or what it states."""
    targets = tuple(
        replace(target, sampling_sd=max(float(error), target.published_sd))
        for target, error in zip(study.targets, errors, strict=True)
    )
    return replace(study, targets=targets)


def _in_weighted_sds(target: Target) -> float:
    return sqrt(target.weight) / hypot(target.sampling_sd, target.discrepancy_sd)


def _joint_slopes(fit: Fit, before: Sequence[Target], after: Sequence[Target], own: Array) -> Array:
    """Slopes of the weighted residuals on free and uncertain numbers, (finding, number)."""
    old = np.array([_in_weighted_sds(target) for target in before])
    new = np.array([_in_weighted_sds(target) for target in after])
    # A bound that is kept says nothing, to first order, of what moves it.
    active = fit.residuals != 0.0
    return np.hstack([fit.slopes * (new / old)[:, None], own * (new * active)[:, None]])


def _best(problem: Problem, point: Array, slopes: Array) -> tuple[Array, Array]:
    """One step of Gauss and Newton, shortened until it helps; the point and its predictions."""

    def cost(predicted: Array, at: Array) -> float:
        residuals = problem.misfit(predicted)
        return float(residuals @ residuals + at @ at)

    here = problem.predict(point, "joint step")
    step = -laplace(slopes) @ (slopes.T @ problem.misfit(here) + point)
    for length in _SHORTER:
        tried = np.clip(point + length * step, -_FARTHEST, _FARTHEST)
        there = problem.predict(tried, "joint step")
        if cost(there, tried) < cost(here, point):
            return tried, there
    return point, here


def condition(
    problem: Problem, fit: Fit, studies: Sequence[SimulatedStudy], processes: int = 1
) -> tuple[Problem, Fit]:
    """Let every uncertain number that a study reads be learned together with the free ones.

    Parameters
    ----------
    problem, fit
        The free numbers, fitted with all others as noise.
    studies
        Of the problem.
    processes
        In which studies are simulated; the numbers do not depend on it.

    Returns
    -------
    Problem, Fit
        In the larger space: the free numbers first, in their order, then the others.
    """
    space = problem.space
    at_mode = space.parameters(fit.point)
    others = uncertain_numbers(space, [study.reads(at_mode) for study in studies])
    names = tuple(number.parameter for number in others)
    answers = list(_responses(studies, space.at(fit.point), names, processes, problem.progress))
    sharper = [_with_errors(s, a.errors) for s, a in zip(studies, answers, strict=True)]
    larger = FreeSpace(space.prior, (*space.numbers, *others))
    joint = Problem(larger, sharper, problem.progress)
    slopes = _joint_slopes(
        fit, problem.targets, joint.targets, np.concatenate([a.slopes for a in answers])
    )
    start = np.concatenate([fit.point, np.zeros(len(others))])
    with joint.in_processes(processes):
        point, predicted = _best(joint, start, slopes)
    return joint, Fit(
        point=point,
        residuals=joint.misfit(predicted),
        prior_residuals=joint.misfit(fit.prior_predicted),
        predicted=predicted,
        prior_predicted=fit.prior_predicted,
        slopes=slopes,
        covariance=laplace(slopes),
        evaluations=fit.evaluations + joint.evaluations,
    )


def telling(space: FreeSpace, fit: Fit, listed: int, least: float = 0.02) -> tuple[FreeSpace, Fit]:
    """Leave out numbers of which nothing was learned: their priors stand.

    Parameters
    ----------
    space, fit
        The larger space.
    listed
        How many come first and are always kept.
    least
        Prior sds of a move, or share of the sd taken away, that count.
    """
    told = (np.abs(fit.point) > least) | (1.0 - fit.standard_deviations > least)
    told[:listed] = True
    kept: NDArray[np.int64] = np.flatnonzero(told)
    smaller = FreeSpace(space.prior, tuple(space.numbers[i] for i in kept))
    return smaller, replace(
        fit,
        point=fit.point[kept],
        slopes=fit.slopes[:, kept],
        covariance=fit.covariance[np.ix_(kept, kept)],
    )
