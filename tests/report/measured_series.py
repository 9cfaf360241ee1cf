"""A measured series from known changes, for the tests of its page: the bundled portrait altered."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image

from micropen.measurement.method import Method
from micropen.measurement.result import (
    Canvas,
    LesionSighting,
    PhotoRecord,
    Pictures,
    Row,
    SeriesMeasurement,
    Verdict,
)
from micropen.report.measurement import ForecastBand

NAN = float("nan")
SESSION = datetime(2026, 6, 5, 9, 30)
ZONES = ("forehead", "cheek_left", "cheek_right", "chin")
DAYS = {"before.png": -1.0, "day 1.png": 1.0, "day 4.png": 4.0}
SIZE = (240, 320)
HAIR = "Hair covers most of it; tie the hair back"
# ln(1.5): half as much blood again.
HALF_MORE = float(np.log(1.5))


def method(sign: str, better: str, *, main: bool = True) -> Method:
    """A method that only names itself."""
    return Method(
        f"{sign}_reading", sign, "1", sign, f"How {sign} is read.", better,
        ("micropen-findings",), (), main, read=lambda pair: None,
    )  # fmt: skip


METHODS = {
    m.name: m
    for m in (method("erythema", "lower"), method("pigment", "lower"), method("gloss", "higher"))
}


def row(photo: str, sign: str, zone: str, change: float, error: float, reason: str = "") -> Row:
    """A reading whose verdict follows from its numbers."""
    least = 1.96 * error
    verdict = Verdict.NO_CHANGE if error < 0.1 else Verdict.CANNOT_TELL
    if abs(change) > least:
        verdict = Verdict.INCREASED if change > 0.0 else Verdict.DECREASED
    if reason:
        change, error, least, verdict = NAN, NAN, NAN, Verdict.CANNOT_TELL
    day = DAYS[photo]
    return Row(
        photo, SESSION + timedelta(days=day), day, zone, sign, f"{sign}_reading", "1", NAN, NAN,
        "not measurable" if reason else "measured", reason, change, error, least, verdict,
    )  # fmt: skip


def rows() -> list[Row]:
    """Redness up on both cheeks and gone by day 4 on the left one; pigment unsure; gloss hidden."""
    found = []
    for zone in ZONES:
        cheek = zone.startswith("cheek")
        found.append(row("day 1.png", "erythema", zone, 2.0 * HALF_MORE if cheek else 0.01, 0.05))
        late = {"cheek_left": 0.02, "cheek_right": HALF_MORE}.get(zone, 0.0)
        found.append(row("day 4.png", "erythema", zone, late, 0.05))
        for photo in ("day 1.png", "day 4.png"):
            found.append(row(photo, "pigment", zone, 0.05, 0.2))
            found.append(row(photo, "gloss", zone, 0.0, 0.05, HAIR if zone == "forehead" else ""))
    return found


def encoded(picture: np.ndarray, kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, kind)
    return buffer.getvalue()


def pictures(portrait: Path) -> tuple[Pictures, ...]:
    """The portrait, redder by day 1, and evened."""
    with Image.open(portrait) as image:
        before = np.asarray(image.convert("RGB").resize(SIZE), np.float64)
    found = []
    for photo, red in zip(DAYS, (1.0, 0.8, 0.95), strict=True):
        shown = (before * (1.0, red, red)).astype(np.uint8)
        overlay = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
        overlay[150:220, 40:110] = (138, 0, 96, 200)
        evened = shown if red == 1.0 else np.roll(shown, 1, axis=2)
        maps = {} if red == 1.0 else {"erythema": encoded(overlay, "PNG")}
        found.append(Pictures(photo, encoded(shown, "JPEG"), encoded(evened, "JPEG"), maps))
    return tuple(found)


def sighting(number: int, photo: str, x: float) -> LesionSighting:
    return LesionSighting(
        number, photo, DAYS[photo], "cheek_left", x, 200.0, x / 2, 100.0, 3.0, 0.3, 0.2, 0.9
    )


def measured(portrait: Path) -> SeriesMeasurement:
    """The whole series, with a photograph that was refused and an awkward name."""
    photos = [
        PhotoRecord(
            photo, SESSION + timedelta(days=day), "file name", day, "", True,
            is_baseline=day < 0.0, colour_reference="untreated skin",
            alignment_error_mm=dict.fromkeys(ZONES, 0.4), px_per_mm=2.0,
        )
        for photo, day in DAYS.items()
    ]  # fmt: skip
    photos[2] = replace(photos[2], zone_reasons={"forehead": HAIR})
    photos.append(
        PhotoRecord(
            "ümlaut <script>alert(1)</script>.png", None, "", NAN, "", False,
            ("No face was found </script>.",),
        )
    )  # fmt: skip
    box = ((30.0, 140.0), (110.0, 140.0), (110.0, 230.0), (30.0, 230.0))
    other = tuple((240.0 - x, y) for x, y in box)
    canvas = Canvas(*SIZE, 2.0, {"cheek_right": (box,), "cheek_left": (other,)})
    lesions = (
        sighting(1, "day 1.png", 150.0),
        sighting(1, "day 4.png", 150.0),
        sighting(2, "day 4.png", 180.0),
        sighting(3, "day 1.png", 190.0),
    )
    return SeriesMeasurement(
        tuple(photos), tuple(rows()), lesions, pictures(portrait), "before.png", canvas=canvas
    )


def band() -> ForecastBand:
    days = np.linspace(0.0, 10.0, 21)
    middle = HALF_MORE * np.exp(-days / 3.0)
    return ForecastBand("erythema", "cheek_right", days, 0.5 * middle, middle, 2.0 * middle)
