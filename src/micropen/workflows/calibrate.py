"""Fit the free population parameters to the studies marked for fitting; say what was learned."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from micropen._version import __version__
from micropen.calibration.conditioning import condition, telling
from micropen.calibration.design import Gain, candidate_studies, expected_gains
from micropen.calibration.fit import Fit, fit
from micropen.calibration.free import FreeSpace, free_space
from micropen.calibration.page import calibration_page
from micropen.calibration.parameter_file import fitted_set, write_fitted_set
from micropen.calibration.posterior import Excursion, excursions
from micropen.calibration.problem import Problem
from micropen.calibration.simulated import Left, SimulatedStudy, simulated_study
from micropen.calibration.summary import FindingRow, NumberRow, finding_rows, misfit, number_rows
from micropen.errors import MicropenError
from micropen.evidence import FittedSet, prior_parameters
from micropen.report.folder import PROGRAM, PROVENANCE, check_place, file_digests, new_folder
from micropen.studies import Study, load_studies

Progress = Callable[[str, float], None]

FITTED: Final = "fitted.toml"
PAGE: Final = "calibration.html"
_DIRECTIONS: Final = 5


@dataclass(frozen=True, slots=True)
class CalibrateRequest:
    """What to fit, and where to put the answer.

    Parameters
    ----------
    output
        Folder for the set and the report; None writes nothing.
    studies
        Folders of further study files; only findings of role ``fit`` count.
    seed
        Of the simulated people.
    only
        Of the free numbers fit these only; None for all. Other uncertain numbers join at the end.
    processes
        In which studies are simulated; the numbers do not depend on it.
    designs
        Whether to look for what would tell more.
    """

    output: Path | None = None
    studies: tuple[Path, ...] = ()
    seed: int = 0
    only: tuple[str, ...] | None = None
    processes: int = os.cpu_count() or 1
    designs: bool = True


@dataclass(frozen=True, eq=False)
class CalibrateAnswer:
    """What came out.

    Parameters
    ----------
    fitted
        The parameter set.
    numbers, findings
        Rows of the report.
    left
        Findings that could not be used, and why.
    excursions
        How far the true posterior is from the normal that is reported.
    cost, prior_cost
        Minus the logarithm of the posterior density after and before, up to the same constant.
    simulations
        Studies simulated on the way.
    folder
        Where it was written.
    """

    fitted: FittedSet
    numbers: tuple[NumberRow, ...]
    findings: tuple[FindingRow, ...]
    left: tuple[Left, ...]
    excursions: tuple[Excursion, ...]
    cost: float
    prior_cost: float
    simulations: int
    folder: Path | None

    @property
    def misfits(self) -> tuple[float, float]:
        """Root mean square of the weighted residuals, before and after."""
        return (
            misfit([row.prior_residual for row in self.findings]),
            misfit([row.residual for row in self.findings]),
        )

    def record(self) -> Mapping[str, object]:
        """Everything, ready for JSON."""
        before, after = self.misfits
        labels = [row.free.label for row in self.numbers]
        return {
            "version": self.fitted.version,
            "program": self.fitted.program,
            "seed": self.fitted.seed,
            "prior_digest": self.fitted.prior_digest,
            "studies_digest": self.fitted.studies_digest,
            "prior_cost": self.prior_cost,
            "cost": self.cost,
            "prior_misfit": before,
            "misfit": after,
            "numbers": [row.record() for row in self.numbers],
            "findings": [row.record() for row in self.findings],
            "left_out": {left.finding: left.reason for left in self.left},
            "laplace_check": [
                {
                    "direction": labels[walk.direction],
                    "steps": list(walk.steps),
                    "costs": list(walk.costs),
                    "normal": [0.5 * step**2 for step in walk.steps],
                }
                for walk in self.excursions
            ],
        }


def calibrate(request: CalibrateRequest, progress: Progress | None = None) -> CalibrateAnswer:
    """Fit, and write the set and its report.

    Parameters
    ----------
    request
        Inputs, output and seed. The same inputs and seed give the same bytes.
    progress
        Called with stage and share done.

    Raises
    ------
    MicropenError
        If there is nothing to fit to, or the output cannot be written.
    """
    if request.output is not None:
        check_place(request.output.expanduser())
    space = free_space(prior_parameters(), request.only)
    studies = load_studies(request.studies).studies if space.size else ()
    prepared, left = _prepare(studies, space, request.seed, progress)
    if not prepared:
        raise MicropenError(
            "There is nothing to fit: no free parameter, or no study with a finding of role fit "
            "that can be simulated."
        )
    problem = Problem(space, prepared, progress)
    with problem.in_processes(request.processes):
        first = fit(problem)
        walks = excursions(problem, first, _DIRECTIONS)
    gains = _gains(request, space, first, progress)
    joint, whole = condition(problem, first, prepared, request.processes)
    told, found = telling(joint.space, whole, space.size)
    gains += [None] * (told.size - space.size)
    answer = CalibrateAnswer(
        fitted=fitted_set(told, found, joint.targets, request.seed),
        numbers=tuple(number_rows(told, found, joint.targets, gains)),
        findings=tuple(finding_rows(found, joint.targets)),
        left=tuple(left),
        excursions=tuple(walks),
        cost=found.cost,
        prior_cost=found.prior_cost,
        simulations=whole.evaluations,
        folder=request.output,
    )
    if request.output is not None:
        _write(request.output.expanduser(), answer, found)
    return answer


def _gains(
    request: CalibrateRequest, space: FreeSpace, found: Fit, progress: Progress | None
) -> list[Gain | None]:
    if not request.designs:
        return [None] * space.size
    candidates = candidate_studies()
    return expected_gains(space, found, candidates, request.seed, progress, request.processes)


def _prepare(
    studies: Sequence[Study], space: FreeSpace, seed: int, progress: Progress | None
) -> tuple[list[SimulatedStudy], list[Left]]:
    prepared: list[SimulatedStudy] = []
    left: list[Left] = []
    for index, study in enumerate(studies):
        simulated, unused = simulated_study(study, space, seed)
        left += unused
        if simulated is not None:
            prepared.append(simulated)
        if progress is not None:
            progress("studies", (index + 1) / len(studies))
    return prepared, left


def _table(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({key: _cell(value) for key, value in row.items()})


def _cell(value: object) -> object:
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {number:+.2f}" for key, number in value.items())
    return f"{value:.6g}" if isinstance(value, float) else value


def _write(place: Path, answer: CalibrateAnswer, found: Fit) -> None:
    with new_folder(place) as work:
        write_fitted_set(answer.fitted, work / FITTED)
        text = json.dumps(answer.record(), indent=2, ensure_ascii=False) + "\n"
        (work / "calibration.json").write_text(text, encoding="utf-8")
        _table(work / "parameters.csv", [row.record() for row in answer.numbers])
        _table(work / "findings.csv", [row.record() for row in answer.findings])
        page = calibration_page(
            answer.fitted, answer.numbers, answer.findings, answer.left, found.covariance
        )
        (work / PAGE).write_text(page, encoding="utf-8")
        seal(work, {"set": answer.fitted.version, "seed": answer.fitted.seed})


def seal(work: Path, settings: Mapping[str, object]) -> None:
    """Write the record by which the program knows its own folder again, last of all."""
    record = {
        "program": PROGRAM,
        "version": __version__,
        **settings,
        "files": file_digests(work),
    }
    (work / PROVENANCE).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
