"""Run a validation with progress on the terminal, and print its answer."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from micropen.cli.progress import with_progress
from micropen.report.validation import Validation, record
from micropen.report.validation.forest import ROLE_WORDS
from micropen.studies.account import Statement
from micropen.studies.validation_row import Row
from micropen.workflows.validate import ValidationAnswer, ValidationRequest, validate

MALFORMED: Final = 2
NOT_SIMULATED: Final = 3
# A pipe has no width of its own; wide enough that no cell of ours is cut.
_PIPE_WIDTH: Final = 200
# In a narrower terminal a table of words breaks every word.
_TABLES_FROM: Final = 130


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
    answer = with_progress(lambda report: validate(request, report))
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


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(width=_PIPE_WIDTH, highlight=False)


def _print(answer: ValidationAnswer) -> None:
    console, validation = _console(), answer.validation
    narrow = console.width < _TABLES_FROM
    if validation.rows:
        console.print(_list(validation.rows) if narrow else _table(validation.rows))
    console.print(_overall_table(validation))
    console.print(_founding_list(validation) if narrow else _founding_case(validation))
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


def _band(row: Row) -> str:
    """Median and 5 to 95 % of a prediction, safe as markup."""
    expected = row.prediction
    return (
        f"{row.number(expected.median)} \\[{row.number(expected.low)} to "
        f"{row.number(expected.high)}]"
    )


def _verdict(row: Row) -> str:
    chance = row.prediction.probability
    verdict = row.verdict if math.isnan(chance) else f"{row.verdict} ({chance:.0%})"
    return verdict if row.score.inside else f"[red]{verdict}[/red]"


def _published(row: Row) -> str:
    return row.published + (f" ({row.spread})" if row.spread else "")


def _list(rows: tuple[Row, ...]) -> str:
    """The rows for a narrow terminal: two lines each, under the name of their study."""
    lines = ["Published rows and predictions \\[5-95 %]"]
    study = ""
    for row in rows:
        if row.study.key != study:
            study = row.study.key
            lines.append(f"\n[bold]{escape(study)}[/bold]")
        role = ROLE_WORDS[row.finding.role.value]
        what = f"{row.what} (n {row.finding.n}, {role}, grade {row.finding.grade.value})"
        lines.append(f"  {escape(what)}")
        lines.append(
            f"    published {escape(_published(row))}; predicted {_band(row)}: {_verdict(row)}"
        )
    return "\n".join(lines) + "\n"


def _table(rows: tuple[Row, ...]) -> Table:
    table = Table(title="Published rows and predictions", title_justify="left")
    for name in ("study", "row", "what"):
        table.add_column(name, overflow="fold")
    for name in ("n", "published", "predicted [5-95]"):
        table.add_column(name, justify="right", overflow="fold")
    for name in ("verdict", "role", "grade"):
        table.add_column(name)
    for row in rows:
        table.add_row(
            row.study.key,
            row.finding.key.split(".", 1)[-1],
            row.what,
            str(row.finding.n),
            _published(row),
            _band(row),
            _verdict(row),
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


def _quantiles(statement: Statement) -> str:
    """Median and 5 to 95 % of a sign of the founding case, safe as markup."""
    unit = " d" if statement.unit == "d" else ""
    low, middle, high = (
        "never" if math.isinf(x) else f"{x:.2g}"
        for x in (
            statement.predicted_low,
            statement.predicted_median,
            statement.predicted_high,
        )
    )
    return f"{middle} \\[{low} to {high}]{unit}"


def _says(statement: Statement) -> str:
    return "compatible" if statement.inside else "[red]contradicted[/red]"


def _founding_list(validation: Validation) -> str:
    """The founding case for a narrow terminal: two lines a sentence."""
    lines = ["Founding case, sign by sign (n = 1, a check)"]
    for s in validation.founding_case.statements:
        lines.append(f"  {escape(s.moment)}: {escape(s.words)}")
        lines.append(f"    model {_quantiles(s)}; {s.probability:.0%} would say so: {_says(s)}")
    return "\n".join(lines) + "\n"


def _founding_case(validation: Validation) -> Table:
    table = Table(title="Founding case, sign by sign (n = 1, a check)", title_justify="left")
    for name in ("moment", "account", "held to"):
        table.add_column(name, overflow="fold")
    table.add_column("model: median [5-95]", justify="right")
    table.add_column("would say so", justify="right")
    table.add_column("verdict")
    for s in validation.founding_case.statements:
        table.add_row(
            s.moment,
            s.words,
            s.criterion,
            _quantiles(s),
            f"{s.probability:.0%}",
            _says(s),
        )
    return table
