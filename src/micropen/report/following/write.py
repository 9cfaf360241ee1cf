"""Write the page of a followed case into a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from micropen.estimation.result import Followed
from micropen.report.following.page import render_following
from micropen.report.self_contained import write_page

PAGE: Final = "follow.html"


def write_following(
    folder: Path, followed: Followed, *, data_files: Mapping[str, str] | None = None
) -> Path:
    """Write ``follow.html``; an earlier one is replaced in one step, or stays on failure.

    Parameters
    ----------
    folder
        An existing folder.
    followed, data_files
        As `micropen.report.following.page.render_following` takes them.

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    OutputError
        Where it cannot be written.
    """
    return write_page(folder, PAGE, render_following(followed, data_files=data_files))
