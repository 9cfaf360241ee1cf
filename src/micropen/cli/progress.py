"""Progress of a job on the terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

Answer = TypeVar("Answer")
Report = Callable[[str, float], None]
"""Called with the name of the stage and the share of it that is done."""


def with_progress(job: Callable[[Report], Answer], *, spinner: bool = False) -> Answer:
    """Run a job with one bar a stage, on the error stream so that JSON stays clean.

    Parameters
    ----------
    job
        What to run; it is given what to call as it goes on. A stage without a name is not shown.
    spinner
        Show a turning mark before each stage, for stages that stand still for long.

    Returns
    -------
    Answer
        What the job gives back.
    """
    bars = Progress(
        *([SpinnerColumn()] if spinner else []),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    tasks: dict[str, TaskID] = {}

    def report(stage: str, share: float) -> None:
        if not stage:
            return
        if stage not in tasks:
            tasks[stage] = bars.add_task(stage, total=1.0)
        bars.update(tasks[stage], completed=share)

    with bars:
        return job(report)
