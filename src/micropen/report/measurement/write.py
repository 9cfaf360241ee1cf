"""Write the page of a measured series into a folder that is being made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from micropen.measurement.result import SeriesMeasurement
from micropen.report.measurement.band import ForecastBand
from micropen.report.measurement.page import render_measurement

PAGE: Final = "measurement.html"


def write_measurement(
    work: Path,
    measurement: SeriesMeasurement,
    bands: Sequence[ForecastBand] = (),
    session: datetime | None = None,
    *,
    data_files: Mapping[str, str] | None = None,
) -> Path:
    """Write ``measurement.html``.

    Parameters
    ----------
    work
        A folder that takes its place only when complete: `micropen.report.folder.new_folder`.
    measurement, bands, session, data_files
        As `micropen.report.measurement.page.render_measurement` takes them.

    Returns
    -------
    pathlib.Path
        The page.
    """
    page = work / PAGE
    text = render_measurement(measurement, bands, session, data_files=data_files)
    page.write_text(text, encoding="utf-8")
    return page
