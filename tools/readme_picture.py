"""Draw the README's picture: the bundled example before, and on four days.

Run: ``python tools/readme_picture.py``. Writes ``docs/images/founding_case.jpg``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

import micropen as mp
from micropen.report.images import face_crop, jpeg
from micropen.report.marks import mark_simulated, xmp_packet
from micropen.report.words import day_label
from micropen.workflows.demo import demo_files

DAYS = (0.3, 1.0, 3.0, 8.0)
WIDTH = 360
TARGET = Path(__file__).parents[1] / "docs" / "images" / "founding_case.jpg"


def main() -> None:
    """Render the days and put them side by side."""
    with demo_files() as (photo, treatment_file):
        treatment = mp.Treatment.read(treatment_file)
        tone = treatment.person.individual_typology_angle_deg
        portrait = mp.Portrait.read(photo, stated_ita_deg=tone)
    course = mp.forecast(treatment)
    film = mp.render(portrait, course, DAYS, ("expected",))
    crop = face_crop(portrait.photo.encoded.shape, portrait.face.box).at_width(WIDTH)
    tiles = [mark_simulated(crop.of(portrait.photo.encoded), "Photograph", "Before")]
    for day in DAYS:
        picture = crop.of(film.frames["expected", day])
        tiles.append(mark_simulated(picture, "Simulated", day_label(day)))
    gap = np.full((tiles[0].shape[0], 6, 3), 255, np.uint8)
    row = [part for tile in tiles for part in (tile, gap)][:-1]
    xmp = xmp_packet("Simulated days after microneedling; forecast by micropen.", mp.__version__)
    TARGET.write_bytes(jpeg(np.hstack(row), xmp))


if __name__ == "__main__":
    main()
