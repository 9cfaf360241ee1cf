"""What would tell more: which observation, of a list, would sharpen a number most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files

import numpy as np

from micropen.calibration.fit import Fit
from micropen.calibration.free import FreeSpace
from micropen.calibration.problem import Problem, Progress
from micropen.calibration.simulated import SimulatedStudy, simulated_study
from micropen.studies import Study, read_study

# An observation must take away this share of what is left of a number's sd to be worth naming.
_WORTH = 0.05


@dataclass(frozen=True, slots=True)
class Gain:
    """What one observation would do to one number.

    Parameters
    ----------
    what
        The observation in words.
    sd
        Expected posterior sd with it.
    """

    what: str
    sd: float


def candidate_studies() -> list[Study]:
    """Return studies that nobody has done: sign x day x scale x people.

    They stand in ``evidence/data/calibration/designs`` in the format of a study; their values are
    placeholders and are not read.
    """
    folder = files("micropen.evidence") / "data" / "calibration" / "designs"
    with as_file(folder) as place:
        return [read_study(path) for path in sorted(place.glob("*.toml"))]


def expected_gains(
    space: FreeSpace,
    fit: Fit,
    candidates: Sequence[Study],
    seed: int,
    progress: Progress | None = None,
    processes: int = 1,
) -> list[Gain | None]:
    """Return for each number the candidate that would sharpen it most; None where none would.

    Linearised: a new study adds the squared slopes of its predictions, over its errors, to the
    precision of the fit. Its result does not matter to that, only its design.

    Parameters
    ----------
    space, fit
        What is free, and what the fit left of it.
    candidates
        Studies, see `candidate_studies`.
    seed
        Of the simulated people.
    progress
        Called with the stage and the share of it that is done.
    processes
        See `Problem.in_processes`.
    """
    prepared: list[SimulatedStudy] = []
    titles: list[str] = []
    for study in candidates:
        simulated, _ = simulated_study(study, space, seed, role=None)
        if simulated is not None:
            prepared.append(simulated)
            titles.append(study.title)
    problem = Problem(space, prepared, progress)
    with problem.in_processes(processes):
        slopes = problem.prediction_slopes(fit.point, "what would tell more")
    owner = np.array([target.study for target in problem.targets])
    best: list[Gain | None] = [None] * space.size
    left = fit.standard_deviations * (1.0 - _WORTH)
    for simulated, title in zip(prepared, titles, strict=True):
        own = slopes[owner == simulated.study.key]
        sharper = np.sqrt(np.diag(np.linalg.inv(fit.precision + own.T @ own)))
        for index in np.flatnonzero(sharper < left):
            left[index] = sharper[index]
            best[index] = Gain(title, float(sharper[index]))
    return best
