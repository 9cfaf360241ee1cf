"""The page of a measured series: one HTML file with everything inside and nothing fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from markupsafe import Markup

from micropen._version import __version__
from micropen.evidence import load_parameters
from micropen.measurement.method import Method
from micropen.measurement.methods import METHODS
from micropen.measurement.result import SeriesMeasurement
from micropen.report.display import GRADE_MEANINGS
from micropen.report.images import data_uri
from micropen.report.measurement.band import ForecastBand
from micropen.report.measurement.leaning import leanings
from micropen.report.measurement.page_data import page_data
from micropen.report.measurement.shown import shown_methods
from micropen.report.measurement.summary import summarise
from micropen.report.measurement.tables import change_rows, glance, lesion_tracks, photo_cards
from micropen.report.measurement.words import date_of, photo_labels, zone_title
from micropen.report.self_contained import (
    environment,
    house_style,
    policy,
    resource,
    script_data,
)
from micropen.report.words import tied

_PACKAGE: Final = "micropen.report.measurement"
_SCRIPTS: Final = ("plane.js", "viewer.js", "marks.js", "trends.js", "table.js", "measurement.js")
# The size of a page without pictures.
_NO_CANVAS: Final = (3, 4)


def render_measurement(
    measurement: SeriesMeasurement,
    bands: Sequence[ForecastBand] = (),
    session: datetime | None = None,
    *,
    methods: Mapping[str, Method] | None = None,
    data_files: Mapping[str, str] | None = None,
) -> str:
    """Render the page.

    Parameters
    ----------
    measurement
        What was found; every text in it is escaped.
    bands
        What a forecast said, drawn behind the trends.
    session
        When the (last) session was: days count from it. None: they count from the baseline.
    methods
        Method name to method; the program's own where none are given.
    data_files
        File name to what it holds, for files that lie beside the page.

    Returns
    -------
    str
        HTML with a content security policy that forbids every request.
    """
    known = methods if methods is not None else {m.name: m for m in METHODS}
    shown = shown_methods(measurement, known)
    labels = photo_labels(measurement.photos)
    summary = summarise(measurement, shown)
    latest = summary.latest.name if summary.latest else ""
    changes = change_rows(measurement, shown)
    canvas = measurement.canvas
    width, height = (canvas.width_px, canvas.height_px) if canvas else _NO_CANVAS
    size = f":root{{--w:{width};--h:{height}}}\n"
    style = house_style() + resource(_PACKAGE, "measurement.css") + size
    script = '"use strict";\n' + "\n".join(resource(_PACKAGE, name) for name in _SCRIPTS)
    templates = environment(_PACKAGE)
    templates.filters.update(zone=zone_title, date=date_of, tied=tied, sure=sure)
    return templates.get_template("measurement.html.j2").render(
        measurement=measurement,
        summary=summary,
        methods=list(shown.values()),
        leanings=leanings(shown, known, load_parameters()),
        grades=GRADE_MEANINGS,
        labels=labels,
        pictures={p.photo: data_uri(p.aligned, "jpeg") for p in measurement.pictures},
        size=(width, height),
        changes=changes,
        glances={photo: glance(rows, shown) for photo, rows in changes.items()},
        cards=photo_cards(measurement.photos),
        tracks=lesion_tracks(measurement.lesions, labels),
        zones=list(dict.fromkeys(row.zone for row in measurement.rows)),
        bands=bool(bands),
        from_baseline=any(p.is_baseline and p.day == 0.0 for p in measurement.photos),
        session=session,
        data_files=data_files or {},
        data=script_data({**page_data(measurement, shown, bands), "latest": latest}),
        version=__version__,
        style=Markup(style),
        script=Markup(script),
        policy=policy(style, script),
    )


def sure(probability: float) -> str:
    """A probability in per cent; never 100 %, for nothing seen on a photograph is certain."""
    return "> 99 %" if probability > 0.99 else f"{100.0 * probability:.0f} %"
