"""The bundled example: the founding case on a real, freely shippable portrait."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from micropen.errors import OutputError
from micropen.workflows.forecast import ForecastAnswer, ForecastRequest, Progress, forecast_report

CREDIT: Final = "Portrait of astronaut Eileen Collins: NASA, public domain. Simulated treatment."


@contextmanager
def demo_files() -> Iterator[tuple[Path, Path]]:
    """Give the paths of the bundled portrait and treatment file."""
    folder = files("micropen.workflows") / "data" / "demo"
    with (
        as_file(folder / "portrait.png") as portrait,
        as_file(folder / "founding_case.toml") as treatment,
    ):
        yield portrait, treatment


def write_example(folder: Path) -> tuple[Path, Path]:
    """Copy the bundled portrait and treatment file into a folder, as files to start from.

    Parameters
    ----------
    folder
        Made if it is not there.

    Returns
    -------
    tuple of pathlib.Path
        The portrait and the treatment file.

    Raises
    ------
    OutputError
        If one of the files is there already, or the folder cannot be written.
    """
    wanted = (folder / "portrait.png", folder / "treatment.toml")
    there = [path.name for path in wanted if path.exists()]
    if there:
        raise OutputError(f"{folder} already holds {' and '.join(there)}; choose another folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with demo_files() as bundled:
            for source, target in zip(bundled, wanted, strict=True):
                shutil.copyfile(source, target)
    except OSError as error:
        raise OutputError(f"Cannot write to {folder}: {error.strerror or error}.") from None
    return wanted


def demo_report(
    output: Path,
    days: float = 60.0,
    draws: int = 200,
    seed: int = 0,
    progress: Progress | None = None,
) -> ForecastAnswer:
    """Run the main job on the bundled example.

    Parameters
    ----------
    output
        Folder of the report.
    days, draws, seed
        As in `micropen.workflows.forecast.ForecastRequest`.
    progress
        Called with stage and share done.
    """
    with demo_files() as (portrait, treatment):
        request = ForecastRequest(
            portrait, treatment, output, days=days, draws=draws, seed=seed, credit=CREDIT
        )
        return forecast_report(request, progress)
