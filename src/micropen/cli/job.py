"""Run the main job with progress on the terminal, and print its answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import typer
from rich.console import Console

from micropen.cli.progress import Report, with_progress
from micropen.report import Complication
from micropen.report.complications import (
    complication_rows,
    complication_title,
    over_treatment_note,
)
from micropen.workflows.demo import demo_report, write_example
from micropen.workflows.forecast import ForecastAnswer, ForecastRequest, forecast_report


def run_forecast(
    photo: Path,
    treatment: Path,
    output: Path,
    days: float,
    draws: int,
    seed: int,
    face: int | None,
    as_json: bool,
) -> None:
    """Forecast on a given photograph."""
    request = ForecastRequest(photo, treatment, output, days, draws, seed, face)
    _show(lambda report: forecast_report(request, report), as_json)


def run_demo(output: Path, days: float, draws: int, seed: int, as_json: bool) -> None:
    """Forecast the bundled example."""
    _show(lambda report: demo_report(output, days, draws, seed, report), as_json)


def run_example(folder: Path) -> None:
    """Write the bundled files and say what to do with them."""
    portrait, treatment = write_example(folder)
    typer.echo(f"Wrote {portrait} and {treatment}. Next:")
    typer.echo(f"  micropen forecast {portrait} {treatment} -o my-report")


def _show(job: Callable[[Report], ForecastAnswer], as_json: bool) -> None:
    answer = with_progress(job, spinner=True)
    if as_json:
        typer.echo(json.dumps(_record(answer), indent=2, ensure_ascii=False))
    else:
        _print(answer)


def _print(answer: ForecastAnswer) -> None:
    console = Console(highlight=False)
    width = max(len(m.title) for m in answer.milestones)
    console.print()
    if answer.alerts:
        console.print("  Talk to a clinician before anything else:", style="bold red")
        for alert in answer.alerts:
            console.print(f"  ! {alert}", style="red", markup=False)
        console.print("  The forecast does not model this; its dates hold only once cleared.\n")
    for milestone in answer.milestones:
        console.print(f"  {milestone.title:<{width}}  [bold]{milestone.words}[/bold]")
    console.print()
    console.print("  Of 1,000 people like this one (range of what is not known):", markup=False)
    for row in complication_rows(answer.complications):
        console.print(f"    {row.shown.title}: {row.answer} ({row.band})", markup=False)
    price = over_treatment_note(answer.over_treatment)
    if price:
        console.print(f"  note: {price}", style="yellow", markup=False)
    console.print()
    for warning in answer.warnings:
        console.print(f"  note: {warning}", style="yellow", markup=False)
    console.print(
        f"  leans on evidence down to grade {answer.lowest_grade} "
        "(A peer-reviewed, B manufacturer, C clinic, D assumed); pictures are simulated"
    )
    stages = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in answer.seconds.items())
    console.print(f"  {stages}", style="dim", markup=False)
    console.print()
    console.print(f"Report: {answer.page.resolve()}", markup=False, soft_wrap=True)


def _record(answer: ForecastAnswer) -> dict[str, object]:
    return {
        "report": str(answer.page.resolve()),
        "milestones": {
            m.key: {
                "title": m.title,
                "answer": m.words,
                "day_p05": _number(m.first_day),
                "day_median": _number(m.median_day),
                "day_p95": _number(m.last_day),
                "probability": _number(m.probability),
                "basis": m.basis,
            }
            for m in answer.milestones
        },
        "complications": {line.key: _complication(line) for line in answer.complications},
        "gain_lost_to_over_treatment": {
            "median": _share(answer.over_treatment.median),
            "p05": _share(answer.over_treatment.low),
            "p95": _share(answer.over_treatment.high),
            "grade": answer.over_treatment.grade,
        },
        "alerts": list(answer.alerts),
        "warnings": list(answer.warnings),
        "lowest_evidence_grade": answer.lowest_grade,
        "seconds": {name: round(value, 3) for name, value in answer.seconds.items()},
    }


def _complication(line: Complication) -> dict[str, object]:
    return {
        "title": complication_title(line.key, line.summary),
        "probability": _share(line.probability),
        "p05": _share(line.low),
        "p95": _share(line.high),
        "with_history": _share(line.with_history),
        "grade": line.grade,
        "counts": line.counts,
        "sources": list(line.sources),
    }


def _share(value: float) -> float | None:
    """Three significant digits; a complication may be as rare as one in 10,000."""
    return None if value != value else float(f"{value:.3g}")  # noqa: PLR0124  (nan is not itself)


def _number(value: float) -> float | None:
    return None if value != value else round(value, 3)  # noqa: PLR0124  (nan is not itself)
