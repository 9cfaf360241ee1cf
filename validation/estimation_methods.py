"""Three ways to the same posterior: weighed proposals, tempering, and brute force from the prior.

    python validation/estimation_methods.py [--draws 200000] [--people 3]

One check-in of each person is so little that draws of the whole population, weighted by how well
they explain it, are a posterior too. Prints how far the means and standard deviations of forecast
quantities lie apart, in standard deviations of the brute force.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from simulated_people import FORECAST_DAYS, Looks, draw_treatment, face_courses, simulate_person

from micropen.estimation.fit import stand_in
from micropen.estimation.importance import importance_sample
from micropen.estimation.map_estimate import map_estimate
from micropen.estimation.problem import Problem
from micropen.estimation.tempering import temper
from micropen.evidence import load_parameters, stream

Array = NDArray[np.float64]

ONE_CHECK_IN = Looks(answer_days=(1.3,))
UNKNOWNS = (
    "healing.inflammation.response",
    "healing.scaling.coverage_gain",
    "healing.lesions.proneness",
    "healing.pain.soreness_gain",
    "subject.use",
)
_BATCH = 1000


def main() -> int:
    """Print one line for each person and method."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--draws", type=int, default=200_000)
    parser.add_argument("--people", type=int, default=3)
    arguments = parser.parse_args()
    members = load_parameters()
    print(f"{'person':<8}{'method':<16}{'effective':>10}{'means off':>11}{'errors':>8}", end="")
    print(f"{'sds off':>9}{'errors':>8}")
    for number in range(arguments.people):
        treatment = draw_treatment(stream(0, f"treatment {number}"))
        person = simulate_person(treatment, ONE_CHECK_IN, members, stream(0, f"methods {number}"))
        problem = person.problem
        truth = Moments.of(_from_the_prior(problem, arguments.draws))
        print(f"{number:<8}{'from the prior':<16}{truth.effective:10.0f}")
        for name, draws in (("weighed", _weighed(problem)), ("tempered", _tempered(problem))):
            found = Moments.of(iter([draws]))
            print(f"{number:<8}{name:<16}{found.effective:10.0f}{_apart(found, truth)}")
    return 0


@dataclass(frozen=True, eq=False)
class Moments:
    """Means and standard deviations of weighted draws, and their Monte Carlo errors."""

    effective: float
    mean: Array
    mean_error: Array
    sd: Array
    sd_error: Array

    @classmethod
    def of(cls, parts: Iterator[tuple[Array, Array]]) -> Moments:
        """Of quantities and log-weights, part by part."""
        tables, logs = (list(each) for each in zip(*parts, strict=True))
        table, log = np.concatenate(tables), np.concatenate(logs)
        weights = np.exp(log - log.max())
        weights /= weights.sum()
        mean = weights @ table
        square = (table - mean) ** 2
        sd = np.sqrt(weights @ square)
        mean_error = np.sqrt(weights**2 @ square)
        sd_error = np.sqrt(weights**2 @ (square - sd**2) ** 2) / (2.0 * sd)
        return cls(float(1.0 / (weights**2).sum()), mean, mean_error, sd, sd_error)


def _apart(found: Moments, truth: Moments) -> str:
    """Largest differences, also in Monte Carlo errors."""
    means, sds = np.abs(found.mean - truth.mean), np.abs(found.sd - truth.sd)
    mean_errors = means / np.hypot(found.mean_error, truth.mean_error)
    sd_errors = sds / np.hypot(found.sd_error, truth.sd_error)
    return (
        f"{(means / truth.sd).max():11.3f}{mean_errors.max():8.1f}"
        f"{(sds / truth.sd).max():9.1%}{sd_errors.max():8.1f}"
    )


def _from_the_prior(problem: Problem, draws: int) -> Iterator[tuple[Array, Array]]:
    """Quantities and log-weights of draws of the population, batch by batch."""
    random = stream(0, "methods.prior")
    for done in range(0, draws, _BATCH):
        print(f"\r{done} of {draws}", end="\r", file=sys.stderr, flush=True)
        values = random.standard_normal((_BATCH, problem.unknowns.count))
        heights = problem.log_likelihood(problem.predictions(values))
        kept = heights > heights.max() - 30.0
        yield _quantities(problem, values[kept]), heights[kept]


def _weighed(problem: Problem) -> tuple[Array, Array]:
    proposal = stand_in(problem, map_estimate(problem))
    found = importance_sample(problem, proposal, stream(0, "methods.weighed"))
    return _quantities(problem, found.values), np.log(np.maximum(found.weights, 1e-300))


def _tempered(problem: Problem) -> tuple[Array, Array]:
    proposal = stand_in(problem, map_estimate(problem))
    found = temper(problem, proposal, stream(0, "methods.tempered"))
    return _quantities(problem, found.values), np.zeros(found.values.shape[0])


def _quantities(problem: Problem, values: Array) -> Array:
    """What is compared, shape ``(draw, quantity)``."""
    place = [problem.unknowns.names.index(name) for name in UNKNOWNS]
    faces = face_courses(problem, values)
    day = int(np.searchsorted(FORECAST_DAYS, 3.0))
    own = [faces[sign][:, day] for sign in ("erythema", "scaling", "swelling", "lesions")]
    # Logarithms: the tails of a few draws would tell of themselves alone.
    return np.concatenate([values[:, place], np.log(np.stack(own, axis=1) + 1e-3)], axis=1)


if __name__ == "__main__":
    raise SystemExit(main())
