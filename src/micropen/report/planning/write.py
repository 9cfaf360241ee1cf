"""Write the page of a plan into a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from micropen.planning.result import Planned
from micropen.report.planning.page import render_planning
from micropen.report.self_contained import write_page

PAGE: Final = "plan.html"


def write_planning(
    folder: Path, planned: Planned, *, data_files: Mapping[str, str] | None = None
) -> Path:
    """Write ``plan.html``; an earlier one is replaced in one step, or stays on failure.

    Parameters
    ----------
    folder
        An existing folder.
    planned, data_files
        As `micropen.report.planning.page.render_planning` takes them.

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    OutputError
        Where it cannot be written.
    """
    return write_page(folder, PAGE, render_planning(planned, data_files=data_files))
