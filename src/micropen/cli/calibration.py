"""Run a calibration or a sensitivity study with progress, and print what came out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import typer
from rich.console import Console
from rich.table import Table

from micropen.calibration.headlines import HEADLINES
from micropen.cli.progress import with_progress
from micropen.workflows.calibrate import FITTED, CalibrateAnswer, CalibrateRequest, calibrate
from micropen.workflows.sensitivity import (
    MOST_SHOWN,
    SensitivityAnswer,
    SensitivityRequest,
    sensitivity,
)

_PIPE_WIDTH: Final = 200


def run_calibrate(output: Path | None, studies: list[Path], seed: int, as_json: bool) -> None:
    """Fit the free parameters to the studies."""
    request = CalibrateRequest(output, tuple(studies), seed)
    answer = with_progress(lambda report: calibrate(request, report), spinner=True)
    if as_json:
        typer.echo(json.dumps(answer.record(), indent=2, ensure_ascii=False))
    else:
        _print_calibration(answer)


def run_sensitivity(
    output: Path | None, draws: int, seed: int, parameters: Path | None, as_json: bool
) -> None:
    """Estimate Sobol indices of the headlines."""
    request = SensitivityRequest(output, draws, seed, parameters)
    answer = with_progress(lambda report: sensitivity(request, report), spinner=True)
    if as_json:
        typer.echo(json.dumps(answer.record(), indent=2, ensure_ascii=False))
    else:
        _print_sensitivity(answer)


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(width=_PIPE_WIDTH, highlight=False)


def _print_calibration(answer: CalibrateAnswer) -> None:
    console = _console()
    table = Table(title=f"Fitted set {answer.fitted.version}", title_justify="left")
    for name in ("number", "prior (sd)", "fitted (sd)", "shrinkage", "moved by", "sharper by"):
        table.add_column(name, overflow="fold")
    for row in answer.numbers:
        table.add_row(
            row.free.label,
            f"{row.free.prior_value:.3g} ({row.free.prior_sd:.2g})",
            f"{row.value:.3g} ({row.sd:.2g})",
            f"{100.0 * row.shrinkage:.0f} %",
            ", ".join(f"{i.study} {i.shift:+.1f}" for i in row.moved_by[:3]) or "-",
            row.gain.what if row.gain else "-",
        )
    console.print(table)
    before, after = answer.misfits
    console.print(
        f"{len(answer.findings)} findings; misfit {before:.2f} before, {after:.2f} after (root "
        f"mean square of weighted residuals); {answer.simulations} studies simulated"
    )
    for left in answer.left:
        console.print(f"not used: {left.finding}: {left.reason}", style="yellow", markup=False)
    if answer.folder is not None:
        place = answer.folder.resolve()
        console.print(f"Set: {place / FITTED}", markup=False, soft_wrap=True)


def _print_sensitivity(answer: SensitivityAnswer) -> None:
    console, rows = _console(), answer.rows()
    for output, headline in enumerate(HEADLINES):
        indices = answer.indices
        console.print(
            f"\n{headline.question}: {indices.mean[output]:.3g} (sd {indices.sd[output]:.2g}) "
            f"{headline.unit}; not known {100.0 * indices.not_known[output]:.0f} %, people "
            f"differ {100.0 * indices.people[output]:.0f} %",
            markup=False,
        )
        own = [row for row in rows if row["headline"] == headline.key][:MOST_SHOWN]
        for row in own:
            console.print(
                f"  {row['total']:5.2f}  (alone {row['first']:5.2f})  {row['parameter']}, "
                f"{row['source']}",
                markup=False,
            )
    if answer.folder is not None:
        console.print(f"\nReport: {answer.folder.resolve() / 'sensitivity.html'}", soft_wrap=True)
