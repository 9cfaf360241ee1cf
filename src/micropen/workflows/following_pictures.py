"""Pictures of the coming days for someone who is followed: drawn on the latest photograph."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen._version import __version__
from micropen.appearance import CalmSkin, treated_face_of
from micropen.errors import FaceError, PhotoError
from micropen.estimation.result import PredictedPicture
from micropen.healing import Course
from micropen.portrait import Portrait
from micropen.rendering import Film, film_from, render
from micropen.report.images import Crop, face_crop, jpeg
from micropen.report.marks import mark_simulated, xmp_packet
from micropen.report.words import date_words, day_label
from micropen.workflows.picture_canvas import PictureCanvas, choose_canvas
from micropen.workflows.untreated_beneath import untreated_beneath

Pictures = tuple[tuple[PredictedPicture, ...], bytes, str]
Progress = Callable[[float], None]

HIGHEST_PX: Final = 900
# Days since the latest session at which a face looks different from the time before.
_STOPS: Final = (1.0, 3.0, 4.0, 7.0, 14.0, 28.0, 60.0)
_MOST: Final = 5
_DAY: Final = 1e-6


@dataclass(frozen=True, eq=False)
class _Drawn:
    """What is drawn on: the film, and the photograph beneath it."""

    film: Film
    day: float | None  # of the photograph; None before treatment
    note: str


def days_ahead(course: Course, latest_day: float) -> tuple[float, ...]:
    """Days worth a picture after a photograph: tomorrow, then days 3, 4, 7, 14, 28 and 60.

    Parameters
    ----------
    course
        Its latest session before the photograph starts the count; its horizon ends it.
    latest_day
        Day of the latest photograph since the end of the first session.

    Returns
    -------
    tuple of float
        At most five, increasing, all after `latest_day`; empty at the end of the course.
    """
    past = [day for day in course.origin.session_days if day <= latest_day + _DAY]
    session = math.floor(max(past, default=0.0))
    tomorrow = math.floor(latest_day) + 1.0
    # Two days in a row are enough to see how it goes on.
    later = [session + stop for stop in _STOPS if session + stop > tomorrow]
    horizon = float(course.days[-1])
    return tuple(day for day in (tomorrow, *later)[:_MOST] if day <= horizon)


def following_pictures(
    latest_photo: Path,
    latest_day: float,
    baseline_photo: Path | None,
    course: Course,
    days: Sequence[float] = (),
    session_start: datetime | None = None,
    face: int | None = None,
    ita_deg: float | None = None,
    progress: Progress | None = None,
) -> Pictures:
    """Show how the latest photograph is expected to go on.

    Parameters
    ----------
    latest_photo
        The latest photograph.
    latest_day
        Its day since the end of the first session.
    baseline_photo
        Photograph before the first session, under the same light if possible: it tells redness
        from the skin's own colour, and is drawn on where the latest photograph cannot be.
    course
        The person's course.
    days
        Days to show; those up to `latest_day` or beyond the course are left out. By default
        `days_ahead`.
    session_start
        Local time of the first session, for the labels; None where it is not known.
    face
        Which face, from 1 at the picture's left, where a photograph shows several.
    ita_deg
        Individual typology angle of the person, degrees.
    progress
        Called with the share done, 0-1.

    Returns
    -------
    pictures : tuple of PredictedPicture
        JPEGs at most 900 px high, marked as simulated in pixels and metadata; empty where no
        photograph can be drawn on or no day is left.
    picture_of_today : bytes
        JPEG of the photograph that they were drawn on; empty without pictures.
    note : str
        What they are drawn on, why, and what they cannot show.
    """
    report = progress or _silent
    last = float(course.days[-1])
    wanted = sorted({float(d) for d in (days or days_ahead(course, latest_day))})
    shown = [day for day in wanted if latest_day + _DAY < day <= last]
    if not shown:
        return (), b"", "No day of the forecast lies after the latest photograph."
    drawn = _draw(latest_photo, latest_day, baseline_photo, course, shown, face, ita_deg, report)
    if isinstance(drawn, str):
        return (), b"", drawn
    crop = _crop(drawn.film.portrait)
    pictures = []
    for done, ((_, day), frame) in enumerate(drawn.film.stream(), start=1):
        label = _label(session_start, day)
        pictures.append(PredictedPicture(day, label, _simulated(crop.of(frame), day)))
        report(0.5 + 0.5 * done / len(shown))
    today = _photograph(crop.of(drawn.film.portrait.photo.encoded), drawn.day)
    return tuple(pictures), today, drawn.note


def _draw(
    latest_photo: Path,
    latest_day: float,
    baseline_photo: Path | None,
    course: Course,
    days: Sequence[float],
    face: int | None,
    ita_deg: float | None,
    report: Progress,
) -> _Drawn | str:
    """Choose the photograph and prepare the film, or say why there is none."""
    latest, why_latest = _portrait(latest_photo, face, ita_deg)
    report(0.15)
    before, why_before = None, ""
    if baseline_photo is not None and baseline_photo != latest_photo:
        before, why_before = _portrait(baseline_photo, face, ita_deg)
    elif baseline_photo is not None and latest_day < 0.0:
        before = latest
    report(0.3)
    canvas = choose_canvas(
        course, latest_day, days, not_usable=why_latest, baseline=before is not None
    )
    if canvas.latest and latest is not None:
        calm = None if before is None else untreated_beneath(latest, before)
        report(0.5)
        if calm is not None or before is None:
            unread = f" The one before treatment cannot be used: {why_before}" if why_before else ""
            reason = canvas.reason + unread
            return _on_the_latest(latest, calm, latest_day, course, days, reason)
        canvas = PictureCanvas(
            False,
            "The two photographs could not be laid over each other, so it is not known which "
            "redness of the latest one came with the session.",
        )
    if before is not None:
        note = (
            f"Drawn on the photograph before treatment. {canvas.reason} Light and pose are those "
            "of that photograph."
        )
        return _Drawn(render(before, course, days), None, note)
    return f"There are no pictures. {canvas.reason} {why_before}".strip()


def _portrait(photo: Path, face: int | None, ita_deg: float | None) -> tuple[Portrait | None, str]:
    """The photograph with everything found in it, or why it cannot be used."""
    try:
        return Portrait.read(photo, face, stated_ita_deg=ita_deg), ""
    except (PhotoError, FaceError) as error:
        return None, str(error)


def _on_the_latest(
    latest: Portrait,
    calm: CalmSkin | None,
    day: float,
    course: Course,
    days: Sequence[float],
    reason: str,
) -> _Drawn:
    face = treated_face_of(latest, course, day, calm=calm)
    note = (
        f"Drawn on the latest photograph. {reason} {_fading_words(calm)} Flakes, tiny "
        "crusts and spots that it shows stay where they are: what lies beneath them is not known. "
        "New ones are laid on only as far as more of them are expected; their places are chance."
    )
    return _Drawn(film_from(face, course, days), day, note)


def _fading_words(calm: CalmSkin | None) -> str:
    if calm is not None:
        return (
            "Redness that the photograph before treatment does not show fades as your forecast "
            "says, and the redness of spots with their expected number."
        )
    return (
        "Without a photograph before treatment only your forecast says how much of its redness is "
        "the session's. That share fades as far as it leaves a usual face: a guess, some redness "
        "may be left or too much taken. Single red spots stay."
    )


def _silent(share: float) -> None:
    """Report to nobody."""


def _crop(portrait: Portrait) -> Crop:
    """The window around the face, at most `HIGHEST_PX` high."""
    left, top, right, bottom = (float(edge) for edge in portrait.face.box)
    crop = face_crop(portrait.photo.encoded.shape, (left, top, right, bottom))
    width = math.floor(HIGHEST_PX * (crop.right - crop.left) / (crop.bottom - crop.top))
    return crop.at_width(width)


def _label(start: datetime | None, day: float) -> str:
    """``"Thursday 11 June, day 4"``."""
    words = date_words(None if start is None else start.date(), day)
    return f"{words}, {day_label(day).lower()}" if words else day_label(day)


def _simulated(picture: NDArray[np.uint8], day: float) -> bytes:
    text = f"Simulated · {day_label(day).lower()}"
    said = f"{text}; a forecast by micropen, not a photograph of it."
    return jpeg(mark_simulated(picture, text), xmp_packet(said, __version__))


def _photograph(picture: NDArray[np.uint8], day: float | None) -> bytes:
    """A photograph is marked as one, and its metadata claim nothing."""
    when = "before treatment" if day is None else day_label(day).lower()
    return jpeg(mark_simulated(picture, f"Photograph · {when}"), b"")
