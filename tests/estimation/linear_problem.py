"""Problems whose posterior is known in closed form, in the shape of `micropen.estimation.problem`.

The terms are real or made up, the engine is replaced by predictions that are linear (or bent by
a stated amount) in the unknowns.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from micropen.estimation.likelihood.answers import AnswerError, AnswerTerm
from micropen.estimation.likelihood.counts import CountTerm
from micropen.estimation.likelihood.term import FACE_WIDE, Term
from micropen.estimation.linearisation import linearise
from micropen.estimation.map_estimate import map_estimate
from micropen.estimation.problem import Problem
from micropen.estimation.proposal import Proposal
from micropen.estimation.readings import ScoredAnswer, SpotCount
from micropen.estimation.sites import matched_sites

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Measured(Term):
    """Independent normal readings; a share of them may come from anywhere (a flat density)."""

    values: Array
    sd: float
    flat: float = 0.0
    own: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    points: tuple[object, ...] = ()

    @property
    def zones(self) -> tuple[int, ...]:
        return (FACE_WIDE,) * self.values.size

    def predicted(self, seen: object) -> Array:
        raise NotImplementedError

    def log_likelihood(self, predicted: Array) -> Array:
        each = -0.5 * ((self.values - predicted) / self.sd) ** 2
        each -= np.log(self.sd * np.sqrt(2.0 * np.pi))
        return np.logaddexp(each, np.log(self.flat)).sum(1) if self.flat else each.sum(1)

    def slope(self, predicted: Array) -> tuple[Array, Array]:
        precision = np.eye(self.values.size) / self.sd**2
        return precision @ (self.values - predicted), precision

    def doubt(self, predicted: Array) -> Array:
        return np.zeros(predicted.shape)

    def replica(self, predicted: Array, random: np.random.Generator) -> Array:
        return predicted + self.sd * random.standard_normal(predicted.shape)


@dataclass(frozen=True)
class _Unknowns:
    """So many unknowns, none of them scatter."""

    count: int

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(f"x{i}" for i in range(self.count))

    names = parameters

    @property
    def engine_count(self) -> int:
        return self.count

    def blocks(self) -> dict[str, slice]:
        return {}


@dataclass(eq=False)
class LinearProblem:
    """``prediction = base + values A' + (values B')^2`` for all terms one after the other."""

    terms: tuple[Term, ...]
    matrix: Array
    base: Array
    bend: Array | None = None
    shares: Array = field(default_factory=lambda: np.full(13, 1.0 / 13.0))

    def __post_init__(self) -> None:
        self.unknowns = _Unknowns(self.matrix.shape[1])
        self.engine_columns = np.arange(self.matrix.shape[1])

    def predictions(self, values: Array) -> tuple[Array, ...]:
        whole = self.base + values @ self.matrix.T
        if self.bend is not None:
            whole = whole + (values @ self.bend.T) ** 2
        edges = np.cumsum([len(term.zones) for term in self.terms])[:-1]
        return tuple(np.split(whole, edges, axis=1))

    log_likelihood = Problem.log_likelihood
    log_posterior = Problem.log_posterior


def gaussian(seed: int = 0, unknowns: int = 12, readings: int = 5, sd: float = 0.5):
    """A linear-Gaussian problem, and its posterior mean, covariance and log-evidence."""
    random = np.random.default_rng(seed)
    matrix = random.standard_normal((readings, unknowns)) / np.sqrt(unknowns)
    base = random.standard_normal(readings)
    values = base + 1.5 * random.standard_normal(readings)
    problem = LinearProblem((Measured(values, sd),), matrix, base)
    marginal = matrix @ matrix.T + sd**2 * np.eye(readings)
    gain = np.linalg.solve(marginal, matrix).T
    off = values - base
    evidence = -0.5 * (
        off @ np.linalg.solve(marginal, off)
        + np.linalg.slogdet(marginal)[1]
        + readings * np.log(2.0 * np.pi)
    )
    return problem, gain @ off, np.eye(unknowns) - gain @ matrix, float(evidence)


ERROR = AnswerError(slip_sd=0.2, one_off=0.2, mistaken=0.03)


def answer_term(*marks: float, error: AnswerError = ERROR, step: float = 1.0) -> AnswerTerm:
    """Answers to the question on redness; for stubs, which never ask for a prediction."""
    answers = tuple(ScoredAnswer("redness", 1.0 + i, m, m, step) for i, m in enumerate(marks))
    return AnswerTerm("redness", answers, None, None, error)


def count_term(*counts: float, sd: float = 0.0) -> CountTerm:
    """Counts of the whole face."""
    return CountTerm(tuple(SpotCount(1.0 + i, c, sd) for i, c in enumerate(counts)), 0.05, 6.0)


def along_a_line(term: Term, base: float, slope: float) -> LinearProblem:
    """One unknown moves the predictions of all readings of a term alike."""
    size = len(term.zones)
    return LinearProblem((term,), np.full((size, 1), slope), np.full(size, base))


def moments_on_a_line(problem: LinearProblem) -> tuple[float, float]:
    """Exact posterior mean and sd of a problem with one unknown, by quadrature."""
    grid = np.linspace(-8.0, 8.0, 8001)[:, None]
    heights = problem.log_posterior(grid)
    mass = np.exp(heights - heights.max())
    mass /= mass.sum()
    mean = float(mass @ grid[:, 0])
    return mean, float(np.sqrt(mass @ (grid[:, 0] - mean) ** 2))


def proposal_of(problem, start=None) -> Proposal:
    """What draws are proposed from, about the top that a climb from the start finds."""
    top = map_estimate(problem, start).centre
    return Proposal.of(matched_sites(problem, linearise(problem, top)))
