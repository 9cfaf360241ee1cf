"""What the page's scripts draw: pictures, outlines, lesions, courses."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from micropen.evidence import load_parameters
from micropen.measurement.method import MEASURED
from micropen.measurement.pictures import LESS, MORE, overlay_scale
from micropen.measurement.result import Canvas, LesionSighting, Row, SeriesMeasurement, Verdict
from micropen.report.images import data_uri
from micropen.report.measurement.band import ForecastBand, Values
from micropen.report.measurement.shown import Shown
from micropen.report.measurement.words import VERDICT_WORDS, photo_labels, zone_title
from micropen.report.words import Vocabulary
from micropen.signs import SIGNS

Json = dict[str, Any]


def page_data(
    measurement: SeriesMeasurement, methods: Mapping[str, Shown], bands: Sequence[ForecastBand]
) -> Json:
    """Collect what the scripts read; numbers as shown, so that they only draw.

    Parameters
    ----------
    measurement
        The series.
    methods
        Those that occur in it.
    bands
        Forecasts, in the signs' units.
    """
    main = [shown for shown in methods.values() if shown.main]
    return {
        "canvas": _canvas(measurement.canvas),
        "photos": _photos(measurement),
        "zones": {z: zone_title(z) for z in dict.fromkeys(r.zone for r in measurement.rows)},
        "signs": [_sign(shown) for shown in main],
        "series": _series(measurement, main),
        "bands": _bands(bands, main),
        "lesions": [_lesion(seen) for seen in measurement.lesions],
    }


def _canvas(canvas: Canvas | None) -> Json | None:
    if canvas is None:
        return None
    return {
        "width": canvas.width_px,
        "height": canvas.height_px,
        "mm": round(canvas.px_per_mm, 3),
        "outlines": {
            zone: "".join("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in p) + "Z" for p in polygons)
            for zone, polygons in canvas.outlines.items()
        },
    }


def _photos(measurement: SeriesMeasurement) -> list[Json]:
    """Photographs with pictures; the picture as it was stands in the document itself."""
    labels = photo_labels(measurement.photos)
    pictures = {p.photo: p for p in measurement.pictures}
    return [
        {
            "name": photo.name,
            "label": labels[photo.name],
            "day": _finite(photo.day),
            "baseline": photo.is_baseline,
            "evened": ""
            if pictures[photo.name].evened == pictures[photo.name].aligned
            else data_uri(pictures[photo.name].evened, "jpeg"),
            "overlays": {s: data_uri(p, "png") for s, p in pictures[photo.name].overlays.items()},
        }
        for photo in measurement.photos
        if photo.name in pictures
    ]


def _sign(shown: Shown) -> Json:
    full = overlay_scale(shown.sign).full
    return {
        "key": shown.sign,
        "method": shown.method,
        "title": shown.title,
        "what": shown.what,
        "first": shown.first,
        "unit": shown.unit,
        "least": _least(shown),
        "more": shown.number(shown.convert(full)),
        "less": shown.number(shown.convert(-full)),
        "moreColours": [list(c) for c in MORE],
        "lessColours": [list(c) for c in LESS],
    }


def _least(shown: Shown) -> float:
    """Smallest change that a person has a word for, shown; a tenth of its map's scale for others.

    No axis is shorter, so that nothing looks like much that is not.
    """
    if shown.sign in SIGNS:
        words = Vocabulary.from_parameters(load_parameters())
        return shown.convert(words.limit(shown.sign, "slight"))
    return 0.1 * abs(shown.convert(overlay_scale(shown.sign).full))


def _series(measurement: SeriesMeasurement, main: Sequence[Shown]) -> Json:
    """Zone to sign to points, in the order of the photographs."""
    by_method = {shown.method: shown for shown in main}
    days = {photo.name: photo.day for photo in measurement.photos}
    order = {photo.name: k for k, photo in enumerate(measurement.photos)}
    found: Json = {}
    for row in sorted(measurement.rows, key=lambda r: order.get(r.photo, -1)):
        if row.method in by_method and row.photo != measurement.baseline:
            shown = by_method[row.method]
            points = found.setdefault(row.zone, {}).setdefault(shown.sign, [])
            points.append(_point(row, shown, days.get(row.photo, math.nan)))
    return found


def _point(row: Row, shown: Shown, day: float) -> Json:
    measured = row.status == MEASURED and math.isfinite(row.change)
    if not measured:
        words = row.reason or "not measured"
        return {"photo": row.photo, "day": _finite(day), "kind": "none", "words": words}
    low, middle, high = shown.interval(row)
    real = [shown.convert(end) for end in (-row.smallest_real_change, row.smallest_real_change)]
    kinds = {Verdict.NO_CHANGE: "same", Verdict.CANNOT_TELL: "unsure"}
    return {
        "photo": row.photo,
        "day": _finite(day),
        "kind": kinds.get(row.verdict, "real"),
        "at": _finite(middle),
        "low": _finite(low),
        "high": _finite(high),
        "real": [_finite(end) for end in real],
        "words": (
            f"{shown.number(middle)} ({shown.span(low, high)}): {VERDICT_WORDS[row.verdict]}"
        ),
    }


def _bands(bands: Sequence[ForecastBand], main: Sequence[Shown]) -> Json:
    by_sign = {shown.sign: shown for shown in main}
    found: Json = {}
    for band in bands:
        if band.sign in by_sign:
            turn = by_sign[band.sign].convert
            found.setdefault(band.zone, {})[band.sign] = [
                [round(float(day), 4) for day in band.days],
                *(_line(turn, line) for line in (band.low, band.median, band.high)),
            ]
    return found


def _line(turn: Callable[[float], float], values: Values) -> list[float | None]:
    return [_finite(turn(float(value))) for value in values]


def _lesion(seen: LesionSighting) -> Json:
    return {
        "number": seen.lesion,
        "photo": seen.photo,
        "zone": zone_title(seen.zone),
        "x": round(seen.x_px, 1),
        "y": round(seen.y_px, 1),
        "size": round(seen.diameter_mm, 2),
        "sure": round(seen.probability, 2),
    }


def _finite(value: float) -> float | None:
    return float(np.round(value, 4)) if math.isfinite(value) else None
