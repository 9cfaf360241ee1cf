"""Give each lesion one number through a series, and say what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.lesions.found import FoundLesion
from micropen.measurement.result import LesionSighting

# Stands for "cannot be the same" in the assignment: above the cost of leaving two unmatched.
_FORBIDDEN: float = 1e6


class Phase(StrEnum):
    """What a lesion does on one photograph."""

    APPEARING = "appearing"
    GROWING = "growing"
    STEADY = "steady"
    FADING = "fading"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class PhotoLesions:
    """What was found on one photograph.

    Parameters
    ----------
    photo
        File name.
    day
        When.
    lesions
        From `new_lesions`, doubtful ones included.
    """

    photo: str
    day: float
    lesions: tuple[FoundLesion, ...]


@dataclass(slots=True)
class _Track:
    """One lesion while the series is read."""

    seen: list[tuple[PhotoLesions, FoundLesion]]

    @property
    def place(self) -> tuple[float, float]:
        """Where it was seen best, px: the surest sighting is placed best."""
        best = max((found for _, found in self.seen), key=lambda f: f.score)
        return best.x_px, best.y_px


def track(
    photos: Sequence[PhotoLesions],
    px_per_mm: float,
    misplacement_mm: float | None = None,
    parameters: ParameterSet | None = None,
) -> tuple[LesionSighting, ...]:
    """Follow lesions through a series on the baseline's view.

    Parameters
    ----------
    photos
        In order of time.
    px_per_mm
        Of the baseline's view.
    misplacement_mm
        How far one place may seem to have moved between two photographs by alignment, mm, by
        default ``measurement.lesions.most_misplacement_mm``; the gate adds a share of the
        lesion's diameter.
    parameters
        ``measurement.lesions.*``.

    Returns
    -------
    tuple of LesionSighting
        Numbered from 1 in the order of appearance. A lesion must have been sure
        (``measurement.lesions.counted_probability``) on one photograph; doubtful sightings at its
        place on others then count as it.
    """
    chosen = parameters or load_parameters()
    share = chosen.value("measurement.lesions.gate_diameter_share")
    moved = (
        chosen.value("measurement.lesions.most_misplacement_mm")
        if misplacement_mm is None
        else misplacement_mm
    )
    tracks: list[_Track] = []
    for photo in photos:
        places = np.array([t.place for t in tracks]).reshape(-1, 2)
        partner = _assigned(places, photo.lesions, moved, share, px_per_mm)
        for index, found in enumerate(photo.lesions):
            if index in partner:
                tracks[partner[index]].seen.append((photo, found))
            else:
                tracks.append(_Track([(photo, found)]))
    counted = chosen.value("measurement.lesions.counted_probability")
    sure = [t for t in tracks if max(f.probability for _, f in t.seen) >= counted]
    return tuple(
        _sighting(number, photo, found, px_per_mm)
        for number, one in enumerate(sure, start=1)
        for photo, found in one.seen
    )


def lesion_phases(
    sightings: Sequence[LesionSighting],
    photos: Sequence[str],
    parameters: ParameterSet | None = None,
) -> Mapping[int, Mapping[str, Phase]]:
    """Say per lesion and photograph whether it appears, grows, stays, fades or is gone.

    Parameters
    ----------
    sightings
        From `track`.
    photos
        File names of all measured photographs in order of time.
    parameters
        ``measurement.lesions.phase_change``: relative change of contrast that counts.

    Returns
    -------
    Mapping
        Lesion number to photograph to phase, from its first sighting on.
    """
    least = (parameters or load_parameters()).value("measurement.lesions.phase_change")
    course: dict[int, dict[str, Phase]] = {}
    for number in sorted({s.lesion for s in sightings}):
        seen = {s.photo: s for s in sightings if s.lesion == number}
        phases: dict[str, Phase] = {}
        last: LesionSighting | None = None
        for photo in photos:
            now = seen.get(photo)
            if now is not None:
                phases[photo] = _phase(last, now, least)
                last = now
            elif last is not None:
                phases[photo] = Phase.GONE
        course[number] = phases
    return course


def _phase(last: LesionSighting | None, now: LesionSighting, least: float) -> Phase:
    if last is None:
        return Phase.APPEARING
    # Contrast alone: the width of a lesion is known far worse than its redness.
    change = np.log(max(now.contrast, 1e-6) / max(last.contrast, 1e-6))
    if abs(change) < np.log1p(least):
        return Phase.STEADY
    return Phase.GROWING if change > 0.0 else Phase.FADING


def _assigned(
    places: NDArray[np.float64],
    lesions: Sequence[FoundLesion],
    misplacement_mm: float,
    share: float,
    px_per_mm: float,
) -> dict[int, int]:
    """Match lesions of a photograph to tracks: index of the lesion to index of the track.

    The sum of squared distances, in gates, is least; nobody is matched beyond the gate.
    """
    if not len(places) or not lesions:
        return {}
    here = np.array([(f.x_px, f.y_px) for f in lesions])
    gate = np.array([misplacement_mm + share * f.diameter_mm for f in lesions]) * px_per_mm
    distance = np.linalg.norm(here[:, None] - places[None], axis=-1) / gate[:, None]
    cost = np.where(distance <= 1.0, distance**2, _FORBIDDEN)
    rows, columns = linear_sum_assignment(cost)
    return {int(r): int(c) for r, c in zip(rows, columns, strict=True) if cost[r, c] < _FORBIDDEN}


def _sighting(
    number: int, photo: PhotoLesions, found: FoundLesion, px_per_mm: float
) -> LesionSighting:
    return LesionSighting(
        lesion=number,
        photo=photo.photo,
        day=photo.day,
        zone=found.zone,
        x_px=found.x_px,
        y_px=found.y_px,
        x_mm=found.x_px / px_per_mm,
        y_mm=found.y_px / px_per_mm,
        diameter_mm=found.diameter_mm,
        diameter_sd_mm=found.diameter_sd_mm,
        contrast=found.contrast,
        probability=found.probability,
    )
