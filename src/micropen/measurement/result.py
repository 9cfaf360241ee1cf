"""What came out of a series: photographs, readings, lesions, pictures for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What may be said of a change."""

    INCREASED = "increased"
    DECREASED = "decreased"
    NO_CHANGE = "no change"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of readings: a method's reading of one zone on one photograph.

    Parameters
    ----------
    photo
        File name, without folders.
    taken_at
        When it was taken; None where nothing says so.
    day
        Days since the last session before the last photograph (negative before it) where a session
        is known, else since the baseline.
    zone, sign, method, unit
        Names as in `micropen.anatomy.zones`, `micropen.signs` and the methods.
    value, sd
        State on this photograph and its standard deviation; NaN where only changes are known.
    status, reason
        ``"measured"`` or ``"not measurable"``, and why.
    change, change_sd
        Against the baseline.
    smallest_real_change
        |change| above which two photographs differ by more than their error, at 95 %.
    verdict
        One of `Verdict`.
    """

    photo: str
    taken_at: datetime | None
    day: float
    zone: str
    sign: str
    method: str
    unit: str
    value: float
    sd: float
    status: str
    reason: str
    change: float
    change_sd: float
    smallest_real_change: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class PhotoRecord:
    """One photograph of the series and what became of it.

    Parameters
    ----------
    name
        File name, without folders.
    taken_at, dated_by
        When, and how that is known: ``"EXIF"``, ``"file name"``, ``"series file"``, ``""``.
    day
        As in `Row`; NaN where unknown.
    state
        As told: ``"clean"``, ``"makeup"``, ...; empty where nobody said.
    usable
        Whether it was measured.
    reasons
        Why not, as sentences a person can act on.
    warnings
        What is less sure, as sentences.
    zone_reasons
        Zone to why it was not measured here; only zones that were not.
    is_baseline
        Whether all others are compared with it.
    colour_reference
        What colours rest on: ``"chart"``, ``"untreated skin"``, ...
    chart_residual_de00
        Mean residual colour difference of the chart after correction; NaN without a chart.
    alignment_error_mm
        Zone to estimated error, mm.
    px_per_mm
        Resolution of the photograph.
    """

    name: str
    taken_at: datetime | None
    dated_by: str
    day: float
    state: str
    usable: bool
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    zone_reasons: Mapping[str, str] = field(default_factory=dict)
    is_baseline: bool = False
    colour_reference: str = ""
    chart_residual_de00: float = float("nan")
    alignment_error_mm: Mapping[str, float] = field(default_factory=dict)
    px_per_mm: float = float("nan")


@dataclass(frozen=True, slots=True)
class LesionSighting:
    """One lesion on one photograph.

    Parameters
    ----------
    lesion
        Number of the lesion through the series, from 1.
    photo, day
        Where it was seen.
    zone
        Zone that holds its centre.
    x_px, y_px
        Centre on the baseline's view, px; ``x_mm``, ``y_mm`` the same in mm.
    diameter_mm, diameter_sd_mm
        Full width at half contrast.
    contrast
        Peak redness over its surroundings, ln units of erythema.
    probability
        That it is a lesion and no artefact, 0-1.
    phase
        What it does: ``"appearing"``, else by its contrast against the sighting before
        ``"growing"``, ``"steady"`` or ``"fading"``.
    """

    lesion: int
    photo: str
    day: float
    zone: str
    x_px: float
    y_px: float
    x_mm: float
    y_mm: float
    diameter_mm: float
    diameter_sd_mm: float
    contrast: float
    probability: float
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures of one photograph for the page.

    Parameters
    ----------
    photo
        File name.
    aligned
        JPEG of the photograph laid over the baseline's view, light as it was.
    evened
        JPEG of the same with light and camera taken out; equals `aligned` for the baseline.
    overlays
        Sign to PNG with transparency on the baseline's view.
    """

    photo: str
    aligned: bytes
    evened: bytes
    overlays: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Canvas:
    """The baseline's view, which pictures, lesions and zones are drawn on.

    Parameters
    ----------
    width_px, height_px
        Size of the view, px; pictures may be smaller.
    px_per_mm
        Resolution of the view.
    outlines
        Zone to closed polygons of ``(x, y)`` in px of the view.
    """

    width_px: int
    height_px: int
    px_per_mm: float
    outlines: Mapping[str, tuple[tuple[tuple[float, float], ...], ...]]


@dataclass(frozen=True, eq=False)
class SeriesMeasurement:
    """Everything that was found in a series.

    Parameters
    ----------
    photos
        Every photograph that was given, by time.
    rows
        Every reading.
    lesions
        Every sighting of a lesion.
    pictures
        One entry per photograph that was measured.
    baseline
        File name of the baseline.
    repeats
        Groups of file names taken as repeats of one moment.
    notes
        Sentences on the whole series.
    canvas
        What the pictures are drawn on; None where there are no pictures.
    session
        Time of the session that days count from; None where they count from the baseline, or from
        a session whose date nobody told.
    """

    photos: tuple[PhotoRecord, ...]
    rows: tuple[Row, ...]
    lesions: tuple[LesionSighting, ...]
    pictures: tuple[Pictures, ...]
    baseline: str
    repeats: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    canvas: Canvas | None = None
    session: datetime | None = None
