"""Run a validation with progress on the terminal, and print its answer."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from micropen.report.validation import Validation, record
from micropen.report.validation.forest import ROLE_WORDS
from micropen.studies.validation_row import Row
from micropen.workflows.validate import ValidationAnswer, ValidationRequest, validate

MALFORMED: Final = 2
NOT_SIMULATED: Final = 3
# A pipe has no width of its own; wide enough that no cell of ours is cut.
_PIPE_WIDTH: Final = 200


def run_validation(
    folders: list[Path],
    output: Path | None,
    trials: int,
    seed: int,
    only_given: bool,
    parameter_file: Path | None,
    as_json: bool,
) -> int:
    """Validate, print, and return the exit code: 2 a malformed file, 3 one not simulated."""
    request = ValidationRequest(tuple(folders), output, trials, seed, only_given, parameter_file)
    answer = _with_progress(lambda report: validate(request, report))
    if as_json:
        found = record(answer.validation)
        if answer.page is not None:
            found["page"] = str(answer.page.resolve())
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        _print(answer)
    if answer.malformed:
        return MALFORMED
    return NOT_SIMULATED if answer.not_simulated else 0


def _with_progress(
    job: Callable[[Callable[[str, float], None]], ValidationAnswer],
) -> ValidationAnswer:
    """Run a job with one bar a stage, on the error stream so that JSON stays clean."""
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    tasks: dict[str, int] = {}

    def report(stage: str, share: float) -> None:
        if stage not in tasks:
            tasks[stage] = bars.add_task(stage, total=1.0)
        bars.update(tasks[stage], completed=share)  # type: ignore[arg-type]

    with bars:
        return job(report)


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(width=_PIPE_WIDTH, highlight=False)


def _print(answer: ValidationAnswer) -> None:
    console, validation = _console(), answer.validation
    if validation.rows:
        console.print(_table(validation.rows))
    console.print(_overall_table(validation))
    console.print(_founding_case(validation))
    for problem in validation.not_used:
        console.print(f"  not used: {problem.sentence}", style="yellow", markup=False)
    made = validation.provenance
    console.print(
        f"  {made.parameter_set}; {made.trials} trials per study, seed {made.seed}; "
        f"{answer.seconds:.0f} s",
        style="dim",
        markup=False,
    )
    if answer.page is not None:
        console.print(f"Page: {answer.page.resolve()}", markup=False, soft_wrap=True)


def _table(rows: tuple[Row, ...]) -> Table:
    table = Table(title="Published rows and predictions", title_justify="left")
    for name in ("study", "row", "what"):
        table.add_column(name, overflow="fold")
    for name in ("n", "published", "predicted [5-95]"):
        table.add_column(name, justify="right", overflow="fold")
    for name in ("verdict", "role", "grade"):
        table.add_column(name)
    for row in rows:
        expected = row.prediction
        band = (
            f"{row.number(expected.median)} \\[{row.number(expected.low)} to "
            f"{row.number(expected.high)}]"
        )
        chance = expected.probability
        verdict = row.verdict if math.isnan(chance) else f"{row.verdict} ({chance:.0%})"
        table.add_row(
            row.study.key,
            row.finding.key.split(".", 1)[-1],
            row.what,
            str(row.finding.n),
            row.published + (f" ({row.spread})" if row.spread else ""),
            band,
            verdict if row.score.inside else f"[red]{verdict}[/red]",
            ROLE_WORDS[row.finding.role.value],
            row.finding.grade.value,
        )
    return table


def _share(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.0%}"


def _overall_table(validation: Validation) -> Table:
    table = Table(title="Overall (90 % of rows should agree)", title_justify="left")
    table.add_column("")
    for name in ("agree", "share", "one study, one vote", "in 50 % band", "bounds", "score"):
        table.add_column(name, justify="right")
    table.add_column("before calibration", justify="right")
    for role, verdicts in validation.verdicts.items():
        m, compared = verdicts.model, verdicts.comparison
        if not m.rows:
            continue
        before = ""
        if compared is not None and compared.rows:
            before = f"{compared.baseline:.2f}, ratio {compared.ratio:.2f}"
        by_study = _share(m.by_study)
        if not math.isnan(m.by_study_low):
            by_study += f" ({_share(m.by_study_low)} to {_share(m.by_study_high)})"
        table.add_row(
            ROLE_WORDS[role],
            f"{m.inside} of {m.rows}",
            f"{_share(m.share)} ({_share(m.share_low)} to {_share(m.share_high)})",
            f"{by_study}, n {m.studies}",
            _share(m.half_share),
            f"{verdicts.bounds_compatible} of {verdicts.bounds}",
            "-" if math.isnan(m.interval) else f"{m.interval:.2f}",
            before,
        )
    return table


def _founding_case(validation: Validation) -> Table:
    table = Table(title="Founding case, sign by sign (n = 1, a check)", title_justify="left")
    for name in ("moment", "account", "held to"):
        table.add_column(name, overflow="fold")
    table.add_column("model: median [5-95]", justify="right")
    table.add_column("would say so", justify="right")
    table.add_column("verdict")
    for s in validation.founding_case.statements:
        unit = " d" if s.unit == "d" else ""
        low, middle, high = (
            "never" if math.isinf(x) else f"{x:.2g}"
            for x in (s.predicted_low, s.predicted_median, s.predicted_high)
        )
        verdict = "compatible" if s.inside else "[red]contradicted[/red]"
        table.add_row(
            s.moment,
            s.words,
            s.criterion,
            f"{middle} \\[{low} to {high}]{unit}",
            f"{s.probability:.0%}",
            verdict,
        )
    return table
