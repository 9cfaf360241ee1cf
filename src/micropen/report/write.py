"""Write a whole report: page, frames, film, data and provenance, in one folder, atomically."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.errors import OutputError
from micropen.evidence import ParameterSet, load_parameters
from micropen.healing.treated_area import TreatedArea
from micropen.report.content import Picture, ReportContent
from micropen.report.film import FILM_WIDTH, write_film
from micropen.report.folder import new_folder
from micropen.report.images import (
    PageEncoding,
    capped,
    choose_encoding,
    data_uri,
    face_crop,
    jpeg,
    webp,
)
from micropen.report.marks import mark_simulated, xmp_packet
from micropen.report.milestones import milestones
from micropen.report.page import render_page
from micropen.report.page_data import EmbeddedPictures
from micropen.report.provenance import write_provenance
from micropen.report.series import all_series
from micropen.report.tables import write_netcdf, write_parquet, write_summary
from micropen.report.words import Vocabulary, day_label

FRAME_LONGEST_SIDE: Final = 2400
"""Cap of a stored frame in px: more than any face needs, and a folder one can send."""

PAGE_PICTURE_BYTES: Final = 7_000_000
"""Room for all pictures inside the page, so that it stays below 8 MB."""

# Encoders release Python's lock; more than four waiting frames would only hold memory.
_WORKERS: Final = 2
_WAITING: Final = 4

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Encoded:
    """One finished frame: its data address for the page, and its picture for the film."""

    address: str
    film: NDArray[np.uint8] | None


def write_report(
    place: Path | str,
    content: ReportContent,
    *,
    parameters: ParameterSet | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write the report of a forecast into one folder.

    The folder holds ``report.html`` (self-contained), ``frames/``, ``film.webm`` with
    ``film.xmp``, ``course.nc``, ``course.parquet``, ``course_summary.csv`` and
    ``provenance.json``. It appears whole or not at all.

    Parameters
    ----------
    place
        The folder; an earlier report there is replaced.
    content
        What to report.
    parameters
        Thresholds of the words and areas of the zones; None loads the program's own.
    progress
        Called with the number of finished pictures and of all.

    Returns
    -------
    pathlib.Path
        The page, ``report.html``.

    Raises
    ------
    OutputError
        If `place` holds anything but a report, or cannot be written.
    """
    parameters = load_parameters() if parameters is None else parameters
    vocabulary = Vocabulary.from_parameters(parameters)
    place = Path(place)
    with new_folder(place) as work:
        pictures = _write_pictures(work, content, progress)
        area = TreatedArea.of(content.treated_zones, parameters)
        series = all_series(content.course, area)
        lines = content.milestones
        if lines is None:
            lines = milestones(
                content.course,
                content.sessions,
                content.treated_zones,
                parameters,
                melasma=content.melasma,
                phototype=content.phototype,
            )
        page = render_page(
            content, pictures, series=series, milestones=lines, vocabulary=vocabulary, area=area
        )
        (work / "report.html").write_text(page, encoding="utf-8")
        write_netcdf(work / "course.nc", content.course)
        write_parquet(work / "course.parquet", content.course)
        write_summary(work / "course_summary.csv", series)
        write_provenance(work, content)
    return place / "report.html"


def frame_name(scenario: str, day: float) -> str:
    """File name of a frame; sorts by day: ``"expected_day_003.00.jpg"``."""
    return f"{scenario}_day_{day:06.2f}.jpg"


def _write_pictures(
    work: Path, content: ReportContent, progress: Progress | None
) -> EmbeddedPictures:
    (work / "frames").mkdir()
    crop = face_crop(content.before.shape, content.face_box)
    encoding = choose_encoding(crop, content.before, len(content.frames) + 1, PAGE_PICTURE_BYTES)
    first = _film_scenario(content)
    scenarios = [first, *(s for s in content.scenarios if s != first)]
    addresses: dict[tuple[str, float], str] = {}
    with ThreadPoolExecutor(1) as beside:
        film: Future[None] | None = None
        for scenario in scenarios:
            scenes = []
            for day, encoded in _encode_all(work, content, encoding, scenario):
                addresses[scenario, day] = encoded.address
                scenes.append(encoded.film)
                if progress is not None:
                    progress(len(addresses), len(content.frames))
            # The film is as slow as all the rest, so it is written while the rest is encoded.
            if film is None:
                film = beside.submit(_write_film, work, content, encoding, scenes)
        if film is not None:
            film.result()
    before = webp(encoding.crop.of(content.before), encoding.quality, b"")
    return EmbeddedPictures(
        data_uri(before, "webp"), addresses, encoding.crop.width, encoding.crop.height
    )


def _encode_all(
    work: Path, content: ReportContent, encoding: PageEncoding, scenario: str
) -> Iterator[tuple[float, _Encoded]]:
    """Encode all days of a scenario; frames are asked for here, in order, encoded elsewhere."""
    waiting: deque[tuple[float, Future[_Encoded]]] = deque()
    with ThreadPoolExecutor(_WORKERS) as pool:
        for day in content.days:
            if len(waiting) >= _WAITING:
                earlier, future = waiting.popleft()
                yield earlier, future.result()
            frame = content.frames[scenario, day]
            key = (scenario, day)
            _check_shape(frame, content.before, key)
            waiting.append((day, pool.submit(_encode, work, content, encoding, key, frame)))
        while waiting:
            earlier, future = waiting.popleft()
            yield earlier, future.result()


def _encode(
    work: Path,
    content: ReportContent,
    encoding: PageEncoding,
    key: tuple[str, float],
    frame: Picture,
) -> _Encoded:
    scenario, day = key
    text = f"Simulated · {day_label(day).lower()}"
    case = "" if scenario == "expected" else f", {scenario} case"
    version = content.provenance.version
    xmp = xmp_packet(f"{text}{case}; a forecast by micropen, not a photograph of it.", version)
    full = mark_simulated(capped(frame, FRAME_LONGEST_SIDE), text + case)
    (work / "frames" / frame_name(scenario, day)).write_bytes(jpeg(full, xmp))
    shown = mark_simulated(encoding.crop.of(frame), text + case)
    address = data_uri(webp(shown, encoding.quality, xmp), "webp")
    film = None
    if scenario == _film_scenario(content):
        small = encoding.crop.at_width(FILM_WIDTH).of(frame)
        film = mark_simulated(small, "Simulated", day_label(day))
    return _Encoded(address, film)


def _film_scenario(content: ReportContent) -> str:
    return "expected" if "expected" in content.scenarios else content.scenarios[0]


def _write_film(
    work: Path,
    content: ReportContent,
    encoding: PageEncoding,
    scenes: list[NDArray[np.uint8] | None],
) -> None:
    before = encoding.crop.at_width(FILM_WIDTH).of(content.before)
    opening = mark_simulated(before, "Photograph", "Before")
    pictures = [opening, *(scene for scene in scenes if scene is not None)]
    write_film(work / "film.webm", pictures, content.provenance.version)


def _check_shape(frame: Picture, before: Picture, key: tuple[str, float]) -> None:
    if frame.shape != before.shape or frame.dtype != before.dtype:
        raise OutputError(
            f"The picture of {key[0]}, day {key[1]:g} is {frame.shape} {frame.dtype}, but the "
            f"photograph is {before.shape} {before.dtype}; they must be alike."
        )
