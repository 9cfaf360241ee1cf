"""Make a case folder; ask the day's questions, or take them as flags, and write a check-in."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import typer
from rich.console import Console

from micropen.case import QUESTIONS, WARNING_SIGNS, CheckIn
from micropen.errors import CaseError
from micropen.workflows.case_folder import (
    Recorded,
    make_case,
    occasion_of,
    problem_with,
    record_check_in,
    warnings_in,
)

_INTERRUPTED: Final = 130
_ASKED: Final[Mapping[str, str]] = {
    **{name: question.asked for name, question in QUESTIONS.items()},
    "breakouts": "How many spots are on the treated face (a number)?",
    "makeup": "Do you wear makeup (yes, no)?",
    "sun": "Sun on the face since last time (none, little, much)?",
    "products": "What did you put on your skin?",
    "warning_signs": "Any of these now?",
    "note": "Anything else?",
}


def run_case_new(folder: Path, treatment: Path | None, date: str) -> None:
    """Make a case folder and say what to do with it."""
    make_case(folder, treatment, date, datetime.now())
    typer.echo(f"Made the case {folder}. Next:")
    if treatment is None:
        typer.echo(f"  change {folder / 'treatment.toml'} to what was done (it holds an example)")
    typer.echo(f"  put photographs into {folder / 'photos'}, those from before the session too")
    typer.echo(f"  micropen checkin {folder}")


def run_check_in(folder: Path, answers: Mapping[str, str | None], when: str) -> None:
    """Write the answers given, or ask for them."""
    now = datetime.now()
    console = Console(highlight=False)
    occasion = occasion_of(folder, when, now)
    cells = {column: text for column, text in answers.items() if text is not None}
    if not cells:
        if not sys.stdin.isatty():
            raise CaseError(
                "No answer was given, and there is no terminal to ask at; give answers as flags, "
                "such as --redness 4 --pain mild."
            )
        console.print(f"{occasion.words}.", markup=False)
        cells = _ask_all(console)
        if not any(cells.values()):
            console.print("Nothing was answered, and so nothing was written.")
            return
    _print(record_check_in(folder, occasion, cells, now), console)


def _ask_all(console: Console) -> dict[str, str]:
    console.print(
        "Answer from 0 (none) to 10, or in words: none, a little, moderate, quite, strong, "
        "extreme. Enter skips a question."
    )
    cells = {}
    try:
        for column, asked in _ASKED.items():
            cells[column] = _ask(column, asked)
            # Not only at the end: the person may stop here.
            if column == "warning_signs":
                _warn(warnings_in(column, cells[column]), console)
    except (typer.Abort, KeyboardInterrupt):
        console.print()
        raise typer.Exit(_INTERRUPTED) from None
    console.print()
    return cells


def _ask(column: str, asked: str) -> str:
    """Ask until the answer can be understood; empty if it was skipped."""
    if column == "warning_signs":
        for name, phrase in WARNING_SIGNS.items():
            typer.echo(f"  {name}: {phrase}")
    while True:
        answer: str = typer.prompt(asked, default="", show_default=False, prompt_suffix=" ")
        problem = problem_with(column, answer)
        if not problem:
            return answer.strip()
        typer.echo(f"  {problem}")


def _warn(warnings: tuple[str, ...], console: Console) -> None:
    for warning in warnings:
        console.print(warning, style="bold red", markup=False, soft_wrap=True)


def _print(recorded: Recorded, console: Console) -> None:
    console.print(f"{recorded.occasion.words}.", markup=False)
    console.print(
        f"Written to line {recorded.check_in.line} of {recorded.file}:",
        markup=False,
        soft_wrap=True,
    )
    rows = _rows(recorded.check_in)
    width = max(map(len, rows))
    for name, text in rows.items():
        console.print(f"  {name:<{width}}  {text}", markup=False, soft_wrap=True)
    _warn(recorded.warnings, console)
    for note in recorded.notes:
        console.print(f"note: {note}", style="yellow", markup=False, soft_wrap=True)


def _rows(check_in: CheckIn) -> dict[str, str]:
    rows = {"when": f"{check_in.when:%Y-%m-%d %H:%M}"}
    for name, answer in check_in.scores.items():
        low, high = f"{answer.low:g}", f"{answer.high:g}"
        span = low if low == high else f"{low} to {high}"
        is_number = span == low and answer.written[:1].isdigit()
        rows[name] = span if is_number else f"{answer.written} ({span})"
    if check_in.breakouts is not None:
        rows["breakouts"] = str(check_in.breakouts)
    if check_in.makeup is not None:
        rows["makeup"] = "yes" if check_in.makeup else "no"
    rows["sun"] = check_in.sun
    rows["products"] = check_in.products
    rows["warning signs"] = "; ".join(WARNING_SIGNS[s] for s in check_in.warning_signs)
    rows["note"] = check_in.note
    return {name: " ".join(text.split()) for name, text in rows.items() if text.strip()}
