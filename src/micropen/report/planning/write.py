"""Write the page of a plan into a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from micropen.atomic_writing import write_atomically
from micropen.planning.result import Planned
from micropen.report.planning.page import render_planning

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
    page = folder / PAGE
    text = render_planning(planned, data_files=data_files)
    write_atomically(page, lambda part: part.write_text(text, encoding="utf-8"))
    return page
