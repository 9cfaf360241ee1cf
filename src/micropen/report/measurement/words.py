"""How photographs, zones and changes are called on the page of a measurement."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from micropen.anatomy import ZONES
from micropen.measurement.result import PhotoRecord, Verdict
from micropen.report.display import ZONE_LABELS
from micropen.report.words import joined

_SIDES: Final = ("left", "right")
_PAIRS: Final = {
    "temple": "both temples",
    "periorbital": "around both eyes",
    "cheek": "both cheeks",
    "jaw": "both sides of the jaw",
}
_ALONE: Final = {
    "forehead": "the forehead",
    "glabella": "between the brows",
    "temple_left": "the left temple",
    "temple_right": "the right temple",
    "periorbital_left": "around the left eye",
    "periorbital_right": "around the right eye",
    "nose": "the nose",
    "cheek_left": "the left cheek",
    "cheek_right": "the right cheek",
    "upper_lip": "the upper lip",
    "chin": "the chin",
    "jaw_left": "the left side of the jaw",
    "jaw_right": "the right side of the jaw",
}
# More names than this make nobody wiser: their number is said instead.
_MANY: Final = 6

VERDICT_WORDS: Final = {
    Verdict.INCREASED: "more",
    Verdict.DECREASED: "less",
    Verdict.NO_CHANGE: "no change",
    Verdict.CANNOT_TELL: "cannot tell",
}

REFERENCE_WORDS: Final = {
    "chart": "colour chart in the photograph",
    "untreated skin": "skin that was not treated",
}


def zone_title(zone: str) -> str:
    """The zone as a heading: ``"Left cheek"``."""
    return "Whole face" if zone == "face" else ZONE_LABELS.get(zone, zone.replace("_", " "))


def _place(zones: Sequence[str]) -> list[str]:
    """Names of zones, both sides of one kind together, in the order of the face."""
    names: list[str] = []
    for zone in dict.fromkeys((*(z for z in ZONES if z in zones), *zones)):
        stem, _, side = zone.rpartition("_")
        both = stem in _PAIRS and side in _SIDES and all(f"{stem}_{s}" in zones for s in _SIDES)
        name = _PAIRS[stem] if both else _ALONE.get(zone, zone_title(zone).lower())
        if name not in names:
            names.append(name)
    return names


def where(zones: Iterable[str], of: int) -> str:
    """``"on the nose and both cheeks"``, or how many where a list would be long.

    Parameters
    ----------
    zones
        The zones meant.
    of
        How many zones were looked at.
    """
    given = list(dict.fromkeys(zones))
    if len(given) == of and of > 2:
        return "on all parts of the face"
    names = _place(given)
    if len(names) > _MANY:
        return f"on {len(given)} of {of} parts of the face"
    # "around" and "between" take no "on".
    on = [n for n in names if not n.startswith(("around", "between"))]
    rest = [n for n in names if n not in on]
    return joined([*([f"on {joined(on)}"] if on else []), *rest])


def photo_labels(photos: Sequence[PhotoRecord]) -> dict[str, str]:
    """Name of each photograph for a choice: day and date, and the file where these are equal."""
    labels = {photo.name: _label(photo) for photo in photos}
    often = Counter(labels.values())
    return {
        name: label if often[label] == 1 else f"{label} · {name}" for name, label in labels.items()
    }


def _label(photo: PhotoRecord) -> str:
    if math.isnan(photo.day):
        when = date_of(photo) or photo.name
        return f"Baseline · {when}" if photo.is_baseline else when
    day = f"Day {photo.day:.0f}".replace("-", "−")
    named = "" if photo.taken_at is None else f" · {_short_date(photo)}"
    return f"{'Baseline' if photo.is_baseline else day}{named}"


def _short_date(photo: PhotoRecord) -> str:
    taken = photo.taken_at
    return "" if taken is None else f"{taken:%a} {taken.day} {taken:%b}"


def date_of(photo: PhotoRecord) -> str:
    """``"Friday 12 June 2026"``, else ``"day 3"``; empty where nothing says when it was taken."""
    taken = photo.taken_at
    if taken is not None:
        return f"{taken:%A} {taken.day} {taken:%B %Y}"
    return "" if math.isnan(photo.day) else f"day {photo.day:.0f}".replace("-", "−")


def moment_of(photo: PhotoRecord) -> str:
    """``"of Friday 12 June 2026"``, else the file's name: follows ``"the photograph"``."""
    when = date_of(photo)
    return f"of {when}" if when else photo.name
