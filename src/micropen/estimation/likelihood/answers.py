"""Answers from 0 to 10 to one question.

The observation model of the question's scale (`micropen.observation`) gives what the person would
mark without a slip; a slip moves the logarithm of the drive::

    mark = 10 * (1 - exp(-exp(m))),   m = ln(-ln(1 - mark / 10)) + slip_sd * normal

and the answer is the nearest whole mark, or a word that covers several: an ordered probit. A share
of answers is off by a step either way, and a few have nothing to do with the skin (a mistyped 10).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from micropen.case import QUESTIONS
from micropen.estimation.likelihood.term import FACE_WIDE, PersonalView, Seen, Term
from micropen.estimation.readings import ScoredAnswer
from micropen.estimation.result import FACE, Axis, ReadPoint
from micropen.evidence import ParameterSet
from micropen.observation import Baseline, Scale, scale
from micropen.treatment import Person

Array = NDArray[np.float64]

TOP: Final = 10.0
# Marks so near the ends of the line that their drive would be infinite.
_LEAST, _MOST = 0.01, 9.99
_SIGNS: Final = {
    "redness": ("erythema",),
    "pain": ("pain",),
    "swelling": ("swelling",),
    "itching": ("barrier_defect", "scaling"),
    "peeling": ("scaling",),
}
# A step of the latent scale for slopes by differences.
_STEP: Final = 1e-3


def drive_of(mark: Array | float) -> Array:
    """Logarithm of the drive that gives a mark."""
    within = np.clip(np.asarray(mark, np.float64), _LEAST, _MOST)
    return np.asarray(np.log(-np.log1p(-within / TOP)))


def _edge(mark: Array) -> Array:
    """Logarithm of the drive at an edge between marks; infinite off the line."""
    inside = np.where(mark >= TOP, np.inf, drive_of(mark))
    return np.asarray(np.where(mark <= 0.0, -np.inf, inside))


def mark_of(drive: Array) -> Array:
    """Mark from 0 to 10 of a logarithm of a drive."""
    return np.asarray(-TOP * np.expm1(-np.exp(drive)))


@dataclass(frozen=True, slots=True)
class AnswerError:
    """Error model of answers.

    Parameters
    ----------
    slip_sd
        Slip of one answer, and what the forecast misses at a time, on the logarithm of the drive.
    one_off
        Probability that an answer is off by up to one step.
    mistaken
        Probability that an answer has nothing to do with the skin.
    """

    slip_sd: float
    one_off: float
    mistaken: float

    @classmethod
    def of(cls, question: str, parameters: ParameterSet) -> AnswerError:
        """Read the error model of a question."""
        slip = parameters.value("observation.subject.slip_sd")
        return cls(
            hypot(slip, parameters.value(f"estimation.answer.model_sd.{question}")),
            parameters.value("estimation.answer.one_off"),
            parameters.value("estimation.answer.mistaken"),
        )


@dataclass(frozen=True, eq=False)
class AnswerTerm(Term):
    """All answers to one question.

    Parameters
    ----------
    question
        A name of `micropen.case.QUESTIONS`.
    answers
        To it.
    person
        Whose they are.
    usual
        What the person marks without treatment; None where nobody told.
    error
        The error model.
    """

    question: str
    answers: tuple[ScoredAnswer, ...]
    person: Person
    usual: float | None
    error: AnswerError

    @property
    def scale(self) -> Scale:
        """The observation model."""
        return scale(QUESTIONS[self.question].scale)

    @property
    def own(self) -> tuple[str, ...]:
        """Use of all scales, and how this question is taken."""
        return ("subject.use", f"subject.{self.scale.name}")

    @property
    def signs(self) -> tuple[str, ...]:
        """What the scale reads."""
        return _SIGNS[self.question]

    @property
    def zones(self) -> tuple[int, ...]:
        """The face as a whole."""
        return (FACE_WIDE,) * len(self.answers)

    @property
    def points(self) -> tuple[ReadPoint, ...]:
        """On 0-10."""
        return tuple(
            ReadPoint(
                self.question, Axis.DIARY, FACE, a.day, a.middle, 0.5 * (a.high - a.low),
                "check-in", when=a.when,
            )
            for a in self.answers
        )  # fmt: skip

    def predicted(self, seen: Seen) -> Array:
        """Logarithm of the drive of each mark, ``(draw, reading)``."""
        return self.drives(seen, [a.day for a in self.answers])

    def drives(self, seen: Seen, days: Iterable[float]) -> Array:
        """Logarithm of the drive on some days, without slips, ``(draw, day)``."""
        view, observe = self.view(seen), self.scale.observe
        return np.stack([drive_of(observe(view, day)) for day in days], axis=1)

    def view(self, seen: Seen) -> PersonalView:
        """What the person sees of themselves."""
        before = {} if self.usual is None else {self.scale.name: Baseline(self.usual, 0.0)}
        return PersonalView(seen, self.person, before)

    def log_likelihood(self, predicted: Array) -> Array:
        """Sum over the answers, ``(draw,)``."""
        return np.asarray(self.single(predicted).sum(axis=1))

    def single(self, predicted: Array) -> Array:
        """Of each answer, ``(draw, reading)``."""
        return np.asarray(np.log(self._probability(predicted)))

    def slope(self, predicted: Array) -> tuple[Array, Array]:
        """As in `Term`, by differences; the information is that of the answers given."""
        moved = predicted + _STEP * np.array([[-1.0], [0.0], [1.0]])
        low, middle, high = self.single(moved)
        gradient = (high - low) / (2.0 * _STEP)
        # The curvature, and never less than what one observed step is worth.
        curvature = -(high - 2.0 * middle + low) / _STEP**2
        trust = 1.0 - self.doubt(predicted[None])[0]
        least = 0.1 * trust / self.error.slip_sd**2
        return gradient, np.diag(np.maximum(curvature, np.minimum(least, gradient**2)))

    def doubt(self, predicted: Array) -> Array:
        """Probability that an answer has nothing to do with the skin, ``(draw, reading)``."""
        mistaken = self.error.mistaken * self._share_of_all
        return np.asarray(mistaken / self._probability(predicted))

    def replica(
        self, predicted: Array, random: np.random.Generator, *, mistakes: bool = False
    ) -> Array:
        """New marks, to the step of each answer, ``(draw, reading)``; as in `Term`."""
        shape, step = predicted.shape, self._steps
        slipped = predicted + self.error.slip_sd * random.standard_normal(shape)
        off = random.random(shape) < self.error.one_off
        moved = np.where(off, random.integers(-1, 2, shape), 0)
        marks = np.clip((np.round(mark_of(slipped) / step) + moved) * step, 0.0, TOP)
        if mistakes:
            anything = step * random.integers(0, np.round(TOP / step).astype(np.int64) + 1, shape)
            marks = np.where(random.random(shape) < self.error.mistaken, anything, marks)
        return np.asarray(marks)

    @property
    def _steps(self) -> Array:
        return np.array([a.step for a in self.answers])

    @property
    def _share_of_all(self) -> Array:
        """Share of all marks that each answer stands for."""
        width = np.array([a.high - a.low for a in self.answers])
        return np.asarray((width + self._steps) / (TOP + self._steps))

    def _meant(self, predicted: Array, moved: float) -> Array:
        """Probability of each answer where the mark is so many steps off, ``(draw, reading)``."""
        lows = np.array([a.low for a in self.answers])
        highs = np.array([a.high for a in self.answers])
        # What would leave the line stays at its end: the outermost answers take it all.
        low = np.where(lows <= 0.0, -np.inf, lows - (0.5 + moved) * self._steps)
        high = np.where(highs >= TOP, np.inf, highs + (0.5 - moved) * self._steps)
        sd = self.error.slip_sd
        above, below = _edge(high), _edge(low)
        return np.asarray(ndtr((above - predicted) / sd) - ndtr((below - predicted) / sd))

    def _probability(self, predicted: Array) -> Array:
        """Of each answer, ``(draw, reading)``."""
        error = self.error
        meant = self._meant(predicted, 0.0)
        near = (meant + self._meant(predicted, 1.0) + self._meant(predicted, -1.0)) / 3.0
        right = (1.0 - error.one_off) * meant + error.one_off * near
        return np.asarray((1.0 - error.mistaken) * right + error.mistaken * self._share_of_all)
