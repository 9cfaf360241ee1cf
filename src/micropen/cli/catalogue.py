"""Print what the program knows, as a table for a person or JSON for a program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer
from rich.console import Console
from rich.table import Table

from micropen.workflows import catalogue

# A pipe has no width of its own; wide enough that no cell of ours is cut.
_PIPE_WIDTH: Final = 200
_LEFT_OUT_OF_TABLES: Final = frozenset(
    {"note", "log_normal", "fitted_to", "mapping", "arms", "not_seen"}
)


def _cell(value: str | float | int) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _print(rows: Sequence[catalogue.Row], title: str, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([dict(row) for row in rows], indent=2, ensure_ascii=False))
        return
    console = Console()
    if not console.is_terminal:
        console = Console(width=_PIPE_WIDTH)
    table = Table(title=title, title_justify="left", header_style="bold")
    columns = [name for name in rows[0] if name not in _LEFT_OUT_OF_TABLES]
    for name in columns:
        number = not isinstance(rows[0][name], str)
        table.add_column(name, justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row[name]) for name in columns))
    console.print(table)


_GRADES: Final = (
    "grade: A peer-reviewed or regulator, B manufacturer, C clinic or vendor, D assumed"
)


def print_devices(as_json: bool) -> None:
    """Print the devices."""
    _print(catalogue.device_rows(), f"Devices ({_GRADES})", as_json)


def print_zones(as_json: bool) -> None:
    """Print the facial zones."""
    _print(
        catalogue.zone_rows(), f"Facial zones, the subject's left and right ({_GRADES})", as_json
    )


def print_parameters(prefix: str | None, as_json: bool) -> None:
    """Print the parameters under a prefix, or all."""
    title = f"Parameters ({_GRADES}; basis: cited, fitted by `micropen calibrate`, or assumed)"
    _print(catalogue.parameter_rows(prefix), title, as_json)


def print_sources(as_json: bool) -> None:
    """Print the bibliography."""
    _print(catalogue.source_rows(), f"Sources ({_GRADES})", as_json)


def print_scales(part: str | None, as_json: bool) -> None:
    """Print the scales that a study file may name."""
    _print(
        catalogue.scale_rows(part), "Scales of study files (--json: how each is mapped)", as_json
    )


def print_studies(folders: list[Path], as_json: bool) -> None:
    """Print the studies, and those of some folders."""
    title = f"Studies ({_GRADES}; people: most behind one number)"
    _print(catalogue.study_rows(folders), title, as_json)
