"""One person's posterior: seconds, effective draws per second, and the ratio to NUTS on the same.

Run: ``python benchmarks/estimation.py`` (a minute without, some minutes with the ``bench`` extra,
whose nutpie samples the same posterior). One person, eleven zones, about thirty readings; the
subspace of the personal directions that the data speak about, all others held. Seconds are of the
processor; a fixed piece of arithmetic timed in the same run is the floor to compare machines by.
"""

from __future__ import annotations

import importlib.util
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from arviz_stats.base import array_stats
from numpy.typing import NDArray

from micropen.estimation.fit import fit, stand_in
from micropen.estimation.importance import smoothed
from micropen.estimation.map_estimate import map_estimate
from micropen.estimation.problem import Problem
from micropen.estimation.proposal import DEGREES_OF_FREEDOM, Proposal
from micropen.evidence import load_parameters, stream

sys.path.append(str(Path(__file__).parents[1] / "validation"))

from simulated_people import DESIGNS, Looks, draw_treatment, simulate_person

Array = NDArray[np.float64]
T = TypeVar("T")

FEW = Looks(
    photo_days=(1.0, 2.0), answer_days=(1.3, 2.3, 3.3), signs=("erythema",),
    questions=("redness", "peeling"), counts=False,
)  # fmt: skip
PERSON = 2  # of the first with eleven zones
WANTED = 400.0
CHAINS, TUNE, DRAWS = 4, 100, 500
_STEP = 0.05


@dataclass(frozen=True, eq=False)
class Subspace:
    """The posterior of the directions, whitened by the stand-in, all else held at its centre."""

    problem: Problem
    proposal: Proposal

    @property
    def size(self) -> int:
        """How many directions."""
        return int(self.proposal.centre.size)

    def values(self, white: Array) -> Array:
        """Persons of whitened coordinates, shape ``(draw, direction)``."""
        inside = self.proposal.centre + white @ self.proposal.root.T
        return self.proposal.outside + inside @ self.proposal.directions.T

    def log_density(self, white: Array) -> Array:
        """Up to a constant, shape ``(draw,)``."""
        return self.problem.log_posterior(self.values(white))

    def with_slope(self, point: Array) -> tuple[float, Array]:
        """Central differences of all directions in one batch."""
        moves = _STEP * np.eye(self.size)
        batch = np.concatenate([point[None], point + moves, point - moves])
        heights = self.log_density(batch)
        ahead, behind = heights[1 : self.size + 1], heights[self.size + 1 :]
        return float(heights[0]), (ahead - behind) / (2.0 * _STEP)


@dataclass(frozen=True)
class Sampled:
    """What a sampler found: means and sds of the directions, their errors, and at which cost."""

    mean: Array
    mean_error: Array
    sd: Array
    sd_error: Array
    effective: float
    seconds: float


def main() -> int:
    members = load_parameters()
    treatment = draw_treatment(stream(0, f"treatment {PERSON}"))
    random = stream(0, "benchmark")
    person = simulate_person(treatment, FEW, members, random, mistakes=False)
    problem = person.problem
    map_estimate(problem)  # compiles
    floor = _fastest(_arithmetic)
    print(f"{len(treatment.zones)} zones, {person.readings.count} readings, floor {floor:.4f} s")
    climbs = 1e3 * np.array([_climb(number) for number in range(9)])
    middle = float(np.median(climbs))
    print(
        f"most probable person of nine: median {middle:.0f} ms "
        f"({climbs.min():.0f} to {climbs.max():.0f}) = {1e-3 * middle / floor:.1f} x floor"
    )
    _whole(problem, floor)
    more = simulate_person(treatment, DESIGNS["both"], members, random, mistakes=False)
    _whole(more.problem, floor)
    space = Subspace(problem, stand_in(problem, map_estimate(problem)))
    ours = _by_weights(space)
    _print("importance sampling", ours, floor)
    if importlib.util.find_spec("nutpie") is None:
        print("nutpie is not installed: pip install micropen[bench] to compare with NUTS")
        return 0
    theirs = _by_nuts(space)
    _print("NUTS (nutpie)", theirs, floor)
    _compare(ours, theirs)
    return 0


def _climb(number: int) -> float:
    """Seconds to the most probable person of a person like the one above."""
    treatment = draw_treatment(stream(0, f"treatment {number}"))
    random = stream(0, f"benchmark {number}")
    person = simulate_person(treatment, FEW, load_parameters(), random, mistakes=False)
    return _fastest(lambda: map_estimate(person.problem))


def _whole(problem: Problem, floor: float) -> None:
    """The posterior of all unknowns, as the program finds it."""
    seconds, posterior = _timed(lambda: fit(problem, 0))
    found = posterior.summary
    print(
        f"{sum(len(term.zones) for term in problem.terms)} readings, {problem.unknowns.count} "
        f"unknowns: {found.method}, {found.diagnostics['ess_bulk']:.0f} effective draws, "
        f"{seconds:.2f} s = {seconds / floor:.0f} x floor"
    )


def _by_weights(space: Subspace) -> Sampled:
    """Importance sampling with the Student-t of the proposal, until enough draws count."""
    random, nu = stream(0, "benchmark.weights"), DEGREES_OF_FREEDOM
    begin, drawn, logs = time.process_time(), [], []
    first = None
    while True:
        normal = random.standard_normal((300, space.size))
        white = normal / np.sqrt(random.chisquare(nu, (300, 1)) / nu)
        density = -0.5 * (nu + space.size) * np.log1p((white**2).sum(axis=1) / nu)
        drawn.append(white)
        logs.append(space.log_density(white) - density)
        found = smoothed(np.concatenate(drawn), np.concatenate(logs))
        if found.effective >= WANTED and first is None:
            first = time.process_time() - begin
        # Ten times as many, so that the comparison is not one of our own noise.
        if found.effective >= 10.0 * WANTED:
            break
    assert first is not None
    print(f"{WANTED:.0f} effective draws after {first:.2f} s, k = {found.pareto_k:.2f}")
    seconds, weights = time.process_time() - begin, found.weights
    mean = weights @ found.values
    square = (found.values - mean) ** 2
    sd = np.sqrt(weights @ square)
    mean_error = np.sqrt(weights**2 @ square)
    sd_error = np.sqrt(weights**2 @ (square - sd**2) ** 2) / (2.0 * sd)
    return Sampled(mean, mean_error, sd, sd_error, found.effective, seconds)


def _by_nuts(space: Subspace) -> Sampled:
    """NUTS through nutpie's interface for Python functions; its gradients are our differences."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import nutpie  # noqa: PLC0415  (only in the extra ``bench``)
        from nutpie.compiled_pyfunc import from_pyfunc  # noqa: PLC0415

    model = from_pyfunc(
        space.size,
        lambda: space.with_slope,
        lambda *_: lambda point: {"white": np.asarray(point, np.float64)},
        [np.dtype("float64")],
        [(space.size,)],
        ["white"],
        make_initial_point_fn=lambda seed: (
            0.5 * np.random.default_rng(seed).standard_normal(space.size)
        ),
    )
    begin = time.process_time()
    trace = nutpie.sample(
        model, draws=DRAWS, tune=TUNE, chains=CHAINS, cores=1, seed=1, progress_bar=False
    )
    seconds = time.process_time() - begin
    draws = np.asarray(trace.posterior["white"])
    mean, sd = draws.mean(axis=(0, 1)), draws.std(axis=(0, 1))
    square = (draws - mean) ** 2
    effective = _effective(draws)
    sd_error = square.std(axis=(0, 1)) / np.sqrt(_effective(square)) / (2.0 * sd)
    mean_error = sd / np.sqrt(effective)
    return Sampled(mean, mean_error, sd, sd_error, float(effective.min()), seconds)


def _effective(draws: Array) -> Array:
    """Effective number of draws ``(chain, draw, direction)``, of each direction."""
    each = range(draws.shape[2])
    return np.array([array_stats.ess(draws[:, :, i], chain_axis=0, draw_axis=1) for i in each])


def _print(name: str, found: Sampled, floor: float) -> None:
    rate = found.effective / found.seconds
    print(
        f"{name:<20} {found.mean.size} directions: {found.effective:.0f} effective in "
        f"{found.seconds:.1f} s = {rate:.1f} a second ({rate * floor:.2f} a floor)"
    )


def _compare(ours: Sampled, theirs: Sampled) -> None:
    ratio = (ours.effective / ours.seconds) / (theirs.effective / theirs.seconds)
    means = np.abs(ours.mean - theirs.mean)
    sds = np.abs(ours.sd - theirs.sd)
    errors = np.hypot(ours.mean_error, theirs.mean_error), np.hypot(ours.sd_error, theirs.sd_error)
    print(
        f"effective draws a second, ours / NUTS: {ratio:.0f}\n"
        f"means differ by at most {(means / theirs.sd).max():.3f} sd, "
        f"{(means / errors[0]).max():.1f} "
        f"Monte Carlo errors\nsds differ by at most {(sds / theirs.sd).max():.1%}, "
        f"{(sds / errors[1]).max():.1f} Monte Carlo errors"
    )


def _arithmetic() -> None:
    np.exp(np.linspace(-1.0, 1.0, 1_000_000)).sum()


def _fastest(job: Callable[[], object], times: int = 7) -> float:
    return min(_timed(job)[0] for _ in range(times))


def _timed(job: Callable[[], T]) -> tuple[float, T]:
    begin = time.process_time()
    result = job()
    return time.process_time() - begin, result


if __name__ == "__main__":
    raise SystemExit(main())
