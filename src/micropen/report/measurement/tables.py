"""Rows of the page's tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from micropen.measurement.method import MEASURED
from micropen.measurement.result import LesionSighting, PhotoRecord, Row, SeriesMeasurement, Verdict
from micropen.report.measurement.shown import Shown
from micropen.report.measurement.words import REFERENCE_WORDS, VERDICT_WORDS, zone_title
from micropen.report.words import sentence

_KEYS: Final = {
    Verdict.INCREASED: "more",
    Verdict.DECREASED: "less",
    Verdict.NO_CHANGE: "same",
    Verdict.CANNOT_TELL: "unsure",
}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One reading as the table shows it."""

    zone: str
    zone_title: str
    method: str
    title: str
    change: str
    bare: str
    interval: str
    verdict: str
    key: str
    smallest: str
    reason: str


@dataclass(frozen=True, slots=True)
class PhotoCard:
    """One photograph and what became of it."""

    record: PhotoRecord
    reference: str
    alignment: str
    zone_reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LesionTrack:
    """One lesion through the series."""

    number: int
    zone: str
    seen: tuple[str, ...]
    largest_mm: float
    surest: float


def change_rows(
    measurement: SeriesMeasurement, methods: Mapping[str, Shown]
) -> dict[str, list[ChangeRow]]:
    """Photograph to its rows, main signs first, zones in the order of the face."""
    order = {name: k for k, name in enumerate(methods)}
    found: dict[str, list[ChangeRow]] = {}
    known = [row for row in measurement.rows if row.method in methods]
    for row in sorted(known, key=lambda r: order[r.method]):
        if row.photo != measurement.baseline:
            found.setdefault(row.photo, []).append(_change_row(row, methods[row.method]))
    return found


def _change_row(row: Row, shown: Shown) -> ChangeRow:
    measured = row.status == MEASURED and math.isfinite(row.change)
    verdict = row.verdict if measured else Verdict.CANNOT_TELL
    low, middle, high = shown.interval(row) if measured else (math.nan,) * 3
    smallest = shown.convert(row.smallest_real_change) if measured else math.nan
    return ChangeRow(
        zone=row.zone,
        zone_title=zone_title(row.zone),
        method=row.method,
        title=shown.title,
        change=shown.number(middle) if measured else "–",
        bare=shown.digits(middle),
        interval=shown.span(low, high) if measured else "",
        verdict=VERDICT_WORDS[verdict] if measured else "not measurable",
        key=_KEYS[verdict],
        smallest=f"±{shown.number(smallest, signed=False)}" if math.isfinite(smallest) else "–",
        reason=sentence(row.reason),
    )


def glance(
    rows: Sequence[ChangeRow], methods: Mapping[str, Shown]
) -> list[tuple[str, str, list[ChangeRow | None]]]:
    """Zone, its title and its reading of each of the first signs."""
    first = [shown.method for shown in methods.values() if shown.first]
    found = {(row.zone, row.method): row for row in rows}
    zones = {row.zone: row.zone_title for row in rows if row.method in first}
    return [
        (zone, title, [found.get((zone, method)) for method in first])
        for zone, title in zones.items()
    ]


def photo_cards(photos: Sequence[PhotoRecord]) -> list[PhotoCard]:
    """Every photograph, with what it was measured against and what could not be measured."""
    return [
        PhotoCard(photo, _reference(photo), _alignment(photo), _zone_reasons(photo))
        for photo in photos
    ]


def _reference(photo: PhotoRecord) -> str:
    words = REFERENCE_WORDS.get(photo.colour_reference, photo.colour_reference)
    if math.isfinite(photo.chart_residual_de00):
        words += f"; colour error left: ΔE {photo.chart_residual_de00:.1f}"
    return words


def _alignment(photo: PhotoRecord) -> str:
    errors = [e for e in photo.alignment_error_mm.values() if math.isfinite(e)]
    if photo.is_baseline or not errors:
        return ""
    worst = max(photo.alignment_error_mm, key=lambda z: _or_zero(photo.alignment_error_mm[z]))
    middle = sorted(errors)[len(errors) // 2]
    return f"{middle:.1f} mm, at most {max(errors):.1f} mm ({zone_title(worst).lower()})"


def _or_zero(value: float) -> float:
    return value if math.isfinite(value) else 0.0


def _zone_reasons(photo: PhotoRecord) -> tuple[tuple[str, str], ...]:
    """Reasons with the zones that share them."""
    shared: dict[str, list[str]] = {}
    for zone, reason in photo.zone_reasons.items():
        shared.setdefault(sentence(reason), []).append(zone_title(zone))
    return tuple((", ".join(zones), reason) for reason, zones in shared.items())


def lesion_tracks(
    lesions: Sequence[LesionSighting], labels: Mapping[str, str]
) -> list[LesionTrack]:
    """Each lesion with where it was seen."""
    by_number: dict[int, list[LesionSighting]] = {}
    for seen in lesions:
        by_number.setdefault(seen.lesion, []).append(seen)
    order = {name: k for k, name in enumerate(labels)}
    return [
        LesionTrack(
            number,
            zone_title(sightings[0].zone),
            tuple(
                labels.get(s.photo, s.photo)
                for s in sorted(sightings, key=lambda s: order.get(s.photo, 0))
            ),
            max(s.diameter_mm for s in sightings),
            max(s.probability for s in sightings),
        )
        for number, sightings in sorted(by_number.items())
    ]
