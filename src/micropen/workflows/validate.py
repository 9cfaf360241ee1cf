"""Validation: every published row beside what the model expects the study to report."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from pathlib import Path
from threading import Event, Lock
from typing import Final

from micropen.calibration.new_study import with_discrepancy
from micropen.errors import MicropenError
from micropen.evidence import ParameterSet, load_parameters, read_parameter_set
from micropen.healing import forecast
from micropen.observation import scale
from micropen.report.folder import check_place
from micropen.report.validation import (
    NotUsed,
    Provenance,
    Validation,
    Verdicts,
    write_validation,
)
from micropen.studies import Problem, Study
from micropen.studies.account import Replay, read_statements, replay
from micropen.studies.catalogue import load_studies
from micropen.studies.prediction import Prediction, predict
from micropen.studies.score import ScoredRow, compare, overall, score
from micropen.studies.study import Claim, Finding, Role
from micropen.studies.trial import FEWEST_TRIALS, MOST_TRIALS, simulate
from micropen.studies.validation_row import Row
from micropen.treatment import Treatment

# Two studies at a time: the solver frees Python's lock, and memory holds two blocks.
_WORKERS: Final = 2
_ACCOUNT_DAYS: Final = 180.0
_ACCOUNT_DRAWS: Final = 1000

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class ValidationRequest:
    """What to validate against, and where to write.

    Parameters
    ----------
    folders
        Folders of study files besides the program's own.
    output
        Folder for the page and the data; None writes nothing.
    trials
        Virtual trials of each study, 20 to 5000.
    seed
        The same seed gives the same numbers.
    only_given
        Leave the program's own studies out.
    parameters
        A fitted set as `micropen calibrate` writes it; None takes the program's own.
    """

    folders: tuple[Path, ...] = ()
    output: Path | None = None
    trials: int = 200
    seed: int = 0
    only_given: bool = False
    parameters: Path | None = None

    def __post_init__(self) -> None:
        if not FEWEST_TRIALS <= self.trials <= MOST_TRIALS:
            raise MicropenError(
                f"--trials is {self.trials}; it must lie between {FEWEST_TRIALS} (a 5-95 % band "
                f"needs that many) and {MOST_TRIALS}."
            )
        if self.only_given and not self.folders:
            raise MicropenError("--only-given leaves nothing to do; name a folder with --studies.")


@dataclass(frozen=True, slots=True)
class ValidationAnswer:
    """What came out.

    Parameters
    ----------
    validation
        Rows, figures and what was not used.
    page
        The page; None where nothing was written.
    seconds
        Wall time.
    """

    validation: Validation
    page: Path | None
    seconds: float

    @property
    def malformed(self) -> bool:
        """Whether a file of a named folder could not be read."""
        return any(p.given and p.malformed for p in self.validation.not_used)

    @property
    def not_simulated(self) -> bool:
        """Whether a study of a named folder, or a part of it, could not be simulated."""
        return any(p.given and not p.malformed for p in self.validation.not_used)


@dataclass(frozen=True, slots=True)
class _Setting:
    """What holds for all studies of a run."""

    model: ParameterSet
    baseline: ParameterSet | None
    trials: int
    seed: int

    def predict(
        self, study: Study, parameters: ParameterSet, report: Callable[[float], None]
    ) -> dict[str, Prediction | MicropenError]:
        """Predict every finding of a study; what cannot be predicted holds its error."""
        trials = simulate(study, parameters, trials=self.trials, seed=self.seed, progress=report)
        found: dict[str, Prediction | MicropenError] = {}
        for finding in study.findings:
            try:
                found[finding.key] = predict(
                    finding,
                    scale(finding.scale),
                    trials,
                    seed=self.seed,
                    widen=lambda sample, row, on, seed: with_discrepancy(
                        sample, row, on, parameters, seed
                    ),
                )
            except MicropenError as error:
                found[finding.key] = error
        return found


def _row(
    study: Study,
    finding: Finding,
    given: bool,
    prediction: Prediction,
    baseline: Prediction | MicropenError | None,
    seed: int,
) -> Row:
    on = scale(finding.scale)
    other = None if isinstance(baseline, MicropenError) else baseline
    return Row(
        study=study,
        finding=finding,
        scale=on,
        given=given,
        prediction=prediction,
        score=score(finding, on, prediction, seed),
        baseline=other,
        baseline_score=None if other is None else score(finding, on, other, seed),
    )


def _study_rows(
    study: Study, given: bool, setting: _Setting, report: Callable[[float], None]
) -> tuple[list[Row], list[NotUsed]]:
    """Rows of one study, and what of it could not be simulated."""
    if not study.findings:
        sentence = f"{study.path}: states no [[finding]], so nothing was compared."
        return [], [NotUsed(study.key, "", sentence, given, malformed=False)]
    try:
        mine = setting.predict(study, setting.model, report)
        prior = (
            {}
            if setting.baseline is None
            else setting.predict(study, setting.baseline, lambda _: report(1.0))
        )
    except MicropenError as error:
        return [], [NotUsed(study.key, "", f"{study.path}: {error}", given, malformed=False)]
    rows, left_out = [], []
    for finding in study.findings:
        prediction = mine[finding.key]
        if isinstance(prediction, MicropenError):
            left_out.append(NotUsed(study.key, finding.arm, str(prediction), given, False))
            continue
        rows.append(_row(study, finding, given, prediction, prior.get(finding.key), setting.seed))
    return rows, left_out


class _Steps:
    """Progress of studies that are worked off beside each other."""

    def __init__(self, progress: Progress | None, studies: int) -> None:
        self._progress, self._lock = progress, Lock()
        self._shares = [0.0] * max(studies, 1)
        self._stopped = Event()

    def stop(self) -> None:
        """Let every study end at its next report: the run was interrupted, or one failed."""
        self._stopped.set()

    def report(self, index: int, share: float) -> None:
        if self._stopped.is_set():
            raise CancelledError
        with self._lock:
            self._shares[index] = share
            if self._progress is not None:
                self._progress("virtual trials", sum(self._shares) / len(self._shares))


def _all_rows(
    studies: Sequence[tuple[Study, bool]], setting: _Setting, progress: Progress | None
) -> tuple[list[Row], list[NotUsed]]:
    steps = _Steps(progress, len(studies))

    def one(index: int) -> tuple[list[Row], list[NotUsed]]:
        study, given = studies[index]
        # With a baseline the model is half the work.
        half = 1.0 if setting.baseline is None else 0.5
        found = _study_rows(study, given, setting, lambda s: steps.report(index, half * s))
        steps.report(index, 1.0)
        return found

    rows: list[Row] = []
    left_out: list[NotUsed] = []
    with ThreadPoolExecutor(_WORKERS) as pool:
        try:
            for found, problems in pool.map(one, range(len(studies))):
                rows.extend(found)
                left_out.extend(problems)
        except BaseException:
            steps.stop()
            raise
    return rows, left_out


def _founding_case(parameters: ParameterSet, seed: int) -> Replay:
    folder = files("micropen.workflows") / "data" / "demo"
    with (
        as_file(folder / "founding_case.toml") as case,
        as_file(folder / "founding_account.toml") as account,
    ):
        treatment, statements = Treatment.read(case), read_statements(account)
    course = forecast(treatment, _ACCOUNT_DAYS, _ACCOUNT_DRAWS, seed, parameters)
    return replay(statements, course, parameters)


def _verdicts(rows: Sequence[Row], seed: int) -> dict[str, Verdicts]:
    """Overall figures of the rows of each role, of bounds among them, and against the baseline."""
    found = {}
    for role in Role:
        chosen = [row for row in rows if row.finding.role is role]
        scored = [row.scored for row in chosen]
        both: list[tuple[ScoredRow, ScoredRow]] = [
            (row.scored, row.baseline_scored) for row in chosen if row.baseline_scored is not None
        ]
        model, prior = [pair[0] for pair in both], [pair[1] for pair in both]
        bounds = [row for row in chosen if row.finding.claim is not Claim.EQUALS]
        found[role.value] = Verdicts(
            model=overall(scored, seed),
            baseline=overall(prior, seed) if both else None,
            comparison=compare(model, prior, seed) if both else None,
            bounds=len(bounds),
            bounds_compatible=sum(row.score.inside for row in bounds),
        )
    return found


def _problem(problem: Problem, folders: Sequence[Path]) -> NotUsed:
    # A file that cannot be read has no arm; an arm that cannot be simulated does.
    return NotUsed(
        study=problem.study,
        arm=problem.arm,
        sentence=problem.sentence,
        given=_is_given(problem.path, folders),
        malformed=not problem.arm,
    )


def _is_given(path: Path, folders: Sequence[Path]) -> bool:
    return any(path.parent == folder for folder in folders)


def _as_seen(study: Study, fitted_to: Collection[str]) -> Study:
    """Call the rows of a named folder held out that the parameters were never fitted to."""
    if study.key in fitted_to:
        return study
    rows = tuple(
        replace(row, role=Role.HELD_OUT) if row.role is Role.FIT else row for row in study.findings
    )
    return replace(study, findings=rows)


def _parameters(request: ValidationRequest) -> ParameterSet:
    return (
        load_parameters() if request.parameters is None else read_parameter_set(request.parameters)
    )


def validate(
    request: ValidationRequest,
    progress: Progress | None = None,
    parameters: ParameterSet | None = None,
) -> ValidationAnswer:
    """Validate the model against published studies.

    Parameters
    ----------
    request
        Which studies, how many trials, where to write.
    progress
        Called with stage and share done.
    parameters
        By default the program's calibrated set. The baseline is the set before calibration.

    Returns
    -------
    ValidationAnswer
        Studies that cannot be used are named in it; the others go on.

    Raises
    ------
    MicropenError
        A folder that holds no study, or an output that cannot be written; nothing was written.
    """
    began = time.perf_counter()
    place = None if request.output is None else request.output.expanduser()
    if place is not None:
        check_place(place)
    model = parameters or _parameters(request)
    prior = load_parameters(calibrated=False)
    baseline = None if prior.digest == model.digest else prior
    catalogue = load_studies(request.folders)
    fitted_to = {key for parameter in model for key in parameter.fitted_to}
    studies = [
        (_as_seen(study, fitted_to), True)
        if _is_given(study.path, request.folders)
        else (study, False)
        for study in catalogue.studies
    ]
    problems = [_problem(problem, request.folders) for problem in catalogue.problems]
    if request.only_given:
        studies = [entry for entry in studies if entry[1]]
        problems = [problem for problem in problems if problem.given]
    setting = _Setting(model, baseline, request.trials, request.seed)
    rows, left_out = _all_rows(studies, setting, progress)
    if progress is not None:
        progress("founding case", 0.0)
    validation = Validation(
        rows=tuple(rows),
        verdicts=_verdicts(rows, request.seed),
        founding_case=_founding_case(model, request.seed),
        not_used=(*problems, *left_out),
        provenance=Provenance(
            parameter_set=model.name,
            digest=model.digest,
            baseline="" if baseline is None else baseline.name,
            trials=request.trials,
            seed=request.seed,
        ),
    )
    if progress is not None:
        progress("founding case", 1.0)
    page = None if place is None else write_validation(place, validation)
    return ValidationAnswer(validation, page, time.perf_counter() - began)
