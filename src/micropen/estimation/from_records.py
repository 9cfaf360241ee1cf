"""From measured photographs and written check-ins to readings of one person."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from micropen.case import Answer, CheckIn
from micropen.estimation.foreseen import PHOTOGRAPHED
from micropen.estimation.readings import PhotoReading, Readings, ScoredAnswer, SpotCount
from micropen.measurement.method import MEASURED
from micropen.measurement.methods import METHODS
from micropen.measurement.result import Row, SeriesMeasurement

_DAY: Final = timedelta(days=1)
_HALF: Final = 0.5
# A photograph that claims to be surer than this has forgotten an error.
_LEAST_SD: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Records:
    """Readings, and what was left out of them.

    Parameters
    ----------
    readings
        For the estimation.
    notes
        Sentences on what was left out and why.
    """

    readings: Readings
    notes: tuple[str, ...]


def records(
    measured: SeriesMeasurement | None,
    check_ins: Sequence[CheckIn],
    before: Sequence[CheckIn],
    first_session: datetime,
) -> Records:
    """Bring photographs and check-ins on one clock.

    Parameters
    ----------
    measured
        The photographs; None where there are none.
    check_ins
        After the first session.
    before
        Before it: they tell what is usual for this person.
    first_session
        Local time of its end: day 0.
    """
    photographs: tuple[PhotoReading, ...] = ()
    counts: list[SpotCount] = []
    notes: list[str] = []
    if measured is not None:
        photographs, seen_spots, notes = _of_photographs(measured, first_session)
        counts += seen_spots
    counts += [
        SpotCount(day_of(c.when, first_session), float(c.breakouts), when=c.when)
        for c in check_ins
        if c.breakouts is not None
    ]
    answers = tuple(a for c in check_ins for a in _answers(c, first_session))
    ordered = tuple(sorted(counts, key=lambda c: c.day))
    return Records(Readings(photographs, answers, ordered, _usual(before)), tuple(notes))


def day_of(when: datetime, first_session: datetime) -> float:
    """Days since the end of the first session; the session itself where it is the same moment."""
    return (when - first_session) / _DAY


def _answers(check_in: CheckIn, first_session: datetime) -> list[ScoredAnswer]:
    day = day_of(check_in.when, first_session)
    return [
        ScoredAnswer(question, day, answer.low, answer.high, _step(answer), check_in.when)
        for question, answer in check_in.scores.items()
    ]


def _step(answer: Answer) -> float:
    """Steps in which a person seems to answer: whole marks, or halves."""
    whole = float(answer.low).is_integer() and float(answer.high).is_integer()
    return 1.0 if whole else _HALF


def _usual(before: Sequence[CheckIn]) -> tuple[tuple[str, float], ...]:
    """Mean answer before the first session, by question."""
    marks: dict[str, list[float]] = {}
    for check_in in before:
        for question, answer in check_in.scores.items():
            marks.setdefault(question, []).append(answer.middle)
    return tuple((question, sum(m) / len(m)) for question, m in sorted(marks.items()))


def _of_photographs(
    measured: SeriesMeasurement, first_session: datetime
) -> tuple[tuple[PhotoReading, ...], list[SpotCount], list[str]]:
    main = {m.name: m.sign for m in METHODS if m.main}
    days = _days(measured, first_session)
    baseline = days.get(measured.baseline, -1.0)
    baseline = -1.0 if math.isnan(baseline) else baseline
    chosen = [r for r in measured.rows if main.get(r.method) == r.sign and _usable(r, measured)]
    undated = sorted({r.photo for r in chosen if math.isnan(days[r.photo])})
    notes = [
        f"{name} could not be dated and was left out of the individual forecast."
        for name in undated
    ]
    dated = [r for r in chosen if days[r.photo] >= 0.0]
    early = sorted({r.photo for r in chosen if days[r.photo] < 0.0})
    if early:
        notes.append(
            f"Taken before the first session, so only a measure of the camera: {', '.join(early)}."
        )
    readings = tuple(
        PhotoReading(
            r.photo, days[r.photo], r.zone, r.sign, r.change,
            max(r.change_sd, _LEAST_SD), baseline, r.taken_at,
        )
        for r in dated
        if r.sign in PHOTOGRAPHED
    )  # fmt: skip
    return readings, _spots([r for r in dated if r.sign == "lesions"], days), notes


def _usable(row: Row, measured: SeriesMeasurement) -> bool:
    return (
        row.status == MEASURED
        and row.photo != measured.baseline
        and math.isfinite(row.change)
        and math.isfinite(row.change_sd)
    )


def _days(measured: SeriesMeasurement, first_session: datetime) -> dict[str, float]:
    """Day of each photograph since the first session; NaN where it cannot be known."""
    days = {}
    for photo in measured.photos:
        if photo.taken_at is not None:
            days[photo.name] = day_of(photo.taken_at, first_session)
        elif measured.session is not None:
            days[photo.name] = photo.day + day_of(measured.session, first_session)
        else:
            days[photo.name] = photo.day
    return days


def _spots(rows: Sequence[Row], days: dict[str, float]) -> list[SpotCount]:
    """Spots of each photograph, over all zones in which they could be counted."""
    counts = []
    for photo in dict.fromkeys(r.photo for r in rows):
        own = [r for r in rows if r.photo == photo]
        sd = math.sqrt(sum(r.change_sd**2 for r in own))
        total = sum(r.change for r in own)
        zones = tuple(r.zone for r in own)
        counts.append(SpotCount(days[photo], total, sd, zones, photo, own[0].taken_at))
    return counts
