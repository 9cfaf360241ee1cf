"""The fit as a problem of least squares: residuals and their slopes, study by study."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from micropen.calibration.free import Array, FreeSpace
from micropen.calibration.target import Target
from micropen.evidence import ParameterSet

Progress = Callable[[str, float], None]

# A step of the slopes, in prior sds: wide, because a share of simulated people moves in steps.
_STEP: Final = 0.5
_CHUNK: Final = 4

Task = tuple[int, Array]


class Predictor(Protocol):
    """One study, simulated as it was done."""

    @property
    def targets(self) -> tuple[Target, ...]:
        """What was found."""

    def predict(self, parameters: ParameterSet) -> Array:
        """Return the predicted statistics, one per target, untransformed."""

    def reads(self, parameters: ParameterSet) -> frozenset[str]:
        """Return the names of the parameters that the prediction depends on."""


class _Worker:
    """What a process needs to predict: set once, when it starts."""

    studies: Sequence[Predictor] = ()
    space: FreeSpace | None = None


def _start(studies: Sequence[Predictor], space: FreeSpace) -> None:
    _Worker.studies, _Worker.space = studies, space


def _predict(task: Task) -> Array:
    study, point = task
    if _Worker.space is None:
        raise RuntimeError("a process was asked before it was told the studies")
    return _Worker.studies[study].predict(_Worker.space.parameters(point))


@dataclass(eq=False)
class Problem:
    """Residuals of all studies at a point of the free space.

    The simulated people are the same at every point (common random numbers), so that a difference
    between two points is the parameters' doing.

    Parameters
    ----------
    space
        What may move.
    studies
        What was found, and how it is predicted.
    progress
        Called with the stage and the share of it that is done.
    """

    space: FreeSpace
    studies: Sequence[Predictor]
    progress: Progress | None = None
    evaluations: int = 0
    _moves: NDArray[np.bool_] | None = field(default=None, repr=False)
    _pool: ProcessPoolExecutor | None = field(default=None, repr=False)

    @contextmanager
    def in_processes(self, count: int) -> Iterator[None]:
        """Predict in so many processes while this lasts; in this one for 1."""
        if count < 2 or not self.studies:
            yield
            return
        # Started afresh: a copy of this process would copy its threads' locks.
        with ProcessPoolExecutor(
            count,
            mp_context=get_context("spawn"),
            initializer=_start,
            initargs=(self.studies, self.space),
        ) as pool:
            self._pool = pool
            try:
                yield
            finally:
                self._pool = None

    @property
    def targets(self) -> tuple[Target, ...]:
        """Every finding, study by study."""
        return tuple(target for study in self.studies for target in study.targets)

    def _rows(self) -> list[slice]:
        ends = np.cumsum([len(study.targets) for study in self.studies]).tolist()
        return [slice(a, b) for a, b in zip([0, *ends[:-1]], ends, strict=True)]

    def _answers(self, tasks: Sequence[Task]) -> Iterator[Array]:
        if self._pool is not None:
            yield from self._pool.map(_predict, tasks, chunksize=_CHUNK)
            return
        for study, point in tasks:
            yield self.studies[study].predict(self.space.parameters(point))

    def _run(self, tasks: Sequence[Task], stage: str) -> list[Array]:
        """Predict study by study at given points; the order never matters."""
        answers: list[Array] = []
        for answer in self._answers(tasks):
            answers.append(answer)
            if self.progress is not None:
                self.progress(stage, len(answers) / len(tasks))
        self.evaluations += len(tasks)
        return answers

    def predict(self, point: Array, stage: str = "simulating") -> Array:
        """Return every predicted statistic at a point, untransformed, shape ``(finding,)``."""
        tasks = [(index, point) for index in range(len(self.studies))]
        return np.concatenate(self._run(tasks, stage)) if tasks else np.empty(0)

    def misfit(self, predicted: Array) -> Array:
        """Return the residuals of predicted statistics, shape ``(finding,)``."""
        return np.array(
            [
                target.residual(float(value))
                for target, value in zip(self.targets, predicted, strict=True)
            ]
        )

    def residuals(self, point: Array) -> Array:
        """Return the residuals at a point, shape ``(finding,)``."""
        return self.misfit(self.predict(point))

    def slopes(self, point: Array, stage: str = "slopes") -> Array:
        """Return the slopes of the residuals, shape ``(finding, free number)``.

        Central differences, for the numbers that a study reads at all.
        """
        return self._slopes(point, self.misfit, stage)

    def prediction_slopes(self, point: Array, stage: str) -> Array:
        """Return the slopes of the predicted statistics themselves, in sds of their error."""
        return self._slopes(point, self._in_sds, stage)

    def _in_sds(self, predicted: Array) -> Array:
        return np.array([t.scaled(float(p)) for t, p in zip(self.targets, predicted, strict=True)])

    def _feels(self, point: Array) -> NDArray[np.bool_]:
        """Which study reads which number, shape ``(study, number)``."""
        parameters = self.space.parameters(point)
        read = [study.reads(parameters) for study in self.studies]
        names = [number.parameter for number in self.space.numbers]
        return np.array([[name in own for name in names] for own in read], dtype=bool)

    def _slopes(self, point: Array, measure: Callable[[Array], Array], stage: str) -> Array:
        size, rows = self.space.size, self._rows()
        if self._moves is None:
            self._moves = self._feels(point)
        pairs = [(int(study), int(number)) for study, number in np.argwhere(self._moves)]
        tasks: list[Task] = []
        for study, number in pairs:
            step = np.zeros(size)
            step[number] = _STEP
            tasks += [(study, point + step), (study, point - step)]
        answers = self._run(tasks, stage)
        above, below = (np.zeros((len(self.targets), size)) for _ in range(2))
        for index, (study, number) in enumerate(pairs):
            above[rows[study], number] = answers[2 * index]
            below[rows[study], number] = answers[2 * index + 1]
            # What a study reads and yet stays exactly as it was is not tried again.
            self._moves[study, number] = not np.array_equal(
                answers[2 * index], answers[2 * index + 1], equal_nan=True
            )
        columns = [
            (measure(above[:, number]) - measure(below[:, number])) / (2.0 * _STEP)
            for number in range(size)
        ]
        return np.stack(columns, axis=1) if columns else np.empty((len(self.targets), 0))
