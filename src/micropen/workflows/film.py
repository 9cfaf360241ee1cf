"""The film of a forecast, ready to be saved as a report: the Python API's last step."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import fields
from os import PathLike
from pathlib import Path

from micropen.errors import MicropenError, OutputError
from micropen.healing import SCENARIOS, Course, Scenario
from micropen.portrait import Portrait
from micropen.rendering import Film
from micropen.rendering import render as render_film
from micropen.rendering.film import Progress
from micropen.report import write_report
from micropen.workflows.content import provenance, report_content


class ForecastFilm(Film):
    """A film that can be saved as a report."""

    def save(self, place: str | PathLike[str], progress: Progress | None = None) -> Path:
        """Save the report of this film.

        Parameters
        ----------
        place
            A name ending in ``.html`` is the page alone; any other name is the whole folder with
            frames, film, data and provenance.
        progress
            Called with the share of the pictures done.

        Returns
        -------
        pathlib.Path
            The page.

        Raises
        ------
        OutputError
            If it cannot be written there, or `place` is a folder that is not an earlier report.
        MicropenError
            If the course was not made from a treatment.
        """
        treatment = self.course.treatment
        if treatment is None:
            raise MicropenError(
                "This course was made from bare doses; a report needs a course of a treatment."
            )
        text = treatment.model_dump_json()
        digest = hashlib.sha256(text.encode()).hexdigest()
        made = provenance(self.course, self.portrait, digest, {"made_with": "Python API"})
        content = report_content(self.portrait, self.course, self.frames, treatment, made)
        target = Path(place)

        def report(done: int, total: int) -> None:
            if progress is not None:
                progress(done / total)

        if target.suffix.lower() == ".html":
            return _page_alone(target, lambda place: write_report(place, content, progress=report))
        return write_report(target, content, progress=report)


def render(
    portrait: Portrait,
    course: Course,
    days: Sequence[float] | None = None,
    scenarios: Sequence[Scenario] = SCENARIOS,
) -> ForecastFilm:
    """Show a course on a face, on every day and in every scenario.

    Parameters and errors as `micropen.rendering.render`; the result can be saved as a report.
    """
    film = render_film(portrait, course, days, scenarios)
    return ForecastFilm(**{f.name: getattr(film, f.name) for f in fields(film)})


def _page_alone(target: Path, write: Callable[[Path], Path]) -> Path:
    """Write a whole report beside `target`, keep its page only."""
    if target.is_dir():
        raise OutputError(f"{target} is a folder; give the name of a file for the page.")
    try:
        with tempfile.TemporaryDirectory(prefix=".micropen-", dir=target.parent) as work:
            page = write(Path(work) / "report")
            os.replace(page, target)
    except OSError as error:
        raise OutputError(f"Cannot write {target}: {error.strerror or error}.") from None
    return target
