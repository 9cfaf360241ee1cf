"""The film: the expected course, a second a stop, as WebM (VP8), which every browser plays."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.errors import OutputError
from micropen.report.marks import DIGITAL_SOURCE_TYPE, xmp_packet
from micropen.report.matroska import tagged

FILM_WIDTH: Final = 640
# OpenCV passes no speed option to the encoder (30 ms a frame), so frames are few: each stop stands
# for two thirds of a second and fades into the next in one third.
_FRAMES_PER_SECOND: Final = 6.0
_HOLD: Final = 4
_BLEND: Final = 2


def write_film(path: Path, pictures: list[NDArray[np.uint8]], version: str) -> None:
    """Write pictures as a film, each held and blended into the next.

    Parameters
    ----------
    path
        Where to write; a file ``.xmp`` of the same name is written beside it, since few programs
        read the film's own tags.
    pictures
        ``(height, width, 3)`` uint8 with even sides, already marked, in order.
    version
        Version of the program.

    Raises
    ------
    OutputError
        If this OpenCV cannot write VP8.
    """
    height, width = pictures[0].shape[:2]
    with _quiet_stderr():
        code = cv2.VideoWriter.fourcc(*"VP80")
        writer = cv2.VideoWriter(
            str(path), cv2.CAP_FFMPEG, code, _FRAMES_PER_SECOND, (width, height)
        )
    if not writer.isOpened():
        raise OutputError("The film cannot be written: this OpenCV has no VP8 encoder.")
    for picture in _timeline(pictures):
        writer.write(picture[..., ::-1])
    writer.release()
    if not path.is_file():
        raise OutputError(f"The film {path.name} could not be written; is the disk full?")
    text = "Simulated by micropen: a forecast, not photographs of what happened."
    tags = {
        "TITLE": "micropen forecast (simulated)",
        "COMMENT": text,
        "ENCODED_BY": f"micropen {version}",
        "DIGITAL_SOURCE_TYPE": DIGITAL_SOURCE_TYPE,
        "XMP": xmp_packet(text, version).decode("utf-8"),
    }
    path.write_bytes(tagged(path.read_bytes(), tags))
    path.with_suffix(".xmp").write_bytes(xmp_packet(text, version))


def _timeline(pictures: list[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
    for k, picture in enumerate(pictures):
        for _ in range(_HOLD):
            yield picture
        if k + 1 < len(pictures):
            for step in range(1, _BLEND + 1):
                share = step / (_BLEND + 1)
                blended = cv2.addWeighted(picture, 1.0 - share, pictures[k + 1], share, 0.0)
                yield np.asarray(blended, dtype=np.uint8)


@contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Silence a note about the codec's tag that OpenCV prints past Python and past its own log."""
    kept = os.dup(2)
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(sink)
        os.close(kept)
