"""Lesions on photographs whose lesions are known: found, missed, false, sized, followed.

Reads the truth series, pairs each photograph with its series' ``pre.jpg`` as ``micropen measure``
does, and prints for both detectors (against the baseline; on one photograph alone) precision,
recall and F1 of lesions of 2.5 mm and more. A find counts where its centre lies within 2 mm or
half a diameter of a true one in the later photograph, so that alignment does not enter. A find at
a smaller true lesion is neither right nor wrong. Then: how many keep one number from the first to
the last day, and how many finds there are on photographs without lesions.

Run ``python validation/lesions.py [FOLDER] [--series a_fixed ...]``; the folder may stand in the
environment variable MICROPEN_TRUTH_PHOTOS.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from truth_photos import pairs_of, report_series

from micropen.evidence import load_parameters
from micropen.measurement.lesions import (
    FoundLesion,
    PhotoLesions,
    lesions_of_photo,
    misplacement_mm,
    new_lesions,
    track,
)
from micropen.measurement.pair import Pair

LEAST_MM = 2.5
MATCH_MM = 2.0
COUNTED = load_parameters().value("measurement.lesions.counted_probability")


@dataclass
class Score:
    """Right, false and missed finds where lesions are; finds where none are; relative widths."""

    right: int = 0
    false: int = 0
    missed: int = 0
    none_finds: int = 0
    none_photos: int = 0
    widths: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        precision = self.right / max(self.right + self.false, 1)
        recall = self.right / max(self.right + self.missed, 1)
        f1 = 2 * self.right / max(2 * self.right + self.false + self.missed, 1)
        width = f", width {np.median(self.widths):.2f} of the stated" if self.widths else ""
        return (
            f"right {self.right}, false {self.false}, missed {self.missed}: precision "
            f"{precision:.2f}, recall {recall:.2f}, F1 {f1:.2f}{width}; {self.none_finds} finds on "
            f"{self.none_photos} photographs without lesions"
        )


def report(folder: Path) -> None:
    """Print the lines of one series."""
    scores: dict[str, Score] = defaultdict(Score)
    photos: list[PhotoLesions] = []
    same: dict[int, list[tuple[float, float, float]]] = defaultdict(list)
    reach, px_per_mm = [], 1.0
    for state, truth, pair in pairs_of(folder):
        found = new_lesions(pair)
        for detector, finds in (
            ("against the baseline", found),
            ("one photograph", lesions_of_photo(pair.after, pair)),
        ):
            count(scores[detector], pair, truth, finds)
        day = float(state.removeprefix("day")) if state.startswith("day") else -1.0
        photos.append(PhotoLesions(state, day, found))
        reach.append(misplacement_mm(pair, load_parameters()))
        px_per_mm = pair.px_per_mm
        for number, lesion in matched(pair, truth, found).items():
            same[number].append((day, lesion.x_px, lesion.y_px))
    for detector, score in scores.items():
        print(f"{folder.name}, {detector}: {score}", flush=True)
    numbers = {
        (s.day, s.x_px, s.y_px): s.lesion for s in track(photos, px_per_mm, max(reach, default=1.0))
    }
    kept = [len({numbers.get(place) for place in places}) == 1 for places in same.values()]
    if kept:
        print(f"{folder.name}: {sum(kept)} of {len(kept)} lesions keep one number", flush=True)


def matched(
    pair: Pair, truth: dict[str, Any], found: Sequence[FoundLesion]
) -> dict[int, FoundLesion]:
    """Find of each true lesion, the surest first."""
    partner: dict[int, FoundLesion] = {}
    for find in sorted(found, key=lambda f: -f.score):
        if find.probability < COUNTED:
            continue
        row = min(round(find.y_px), pair.labels.shape[0] - 1)
        column = min(round(find.x_px), pair.labels.shape[1] - 1)
        x, y = pair.later.to_photo(pair.alignment.place[row, column])
        for lesion in truth["lesions"]:
            gap = np.hypot(x - lesion["x"], y - lesion["y"]) / truth["px_per_mm_at_head_centre"]
            near = gap <= max(MATCH_MM, lesion["diameter_mm"] / 2.0)
            if near and lesion["visible"] and lesion["id"] not in partner:
                partner[lesion["id"]] = find
                break
    return partner


def count(score: Score, pair: Pair, truth: dict[str, Any], found: Sequence[FoundLesion]) -> None:
    """Add one photograph to a score."""
    sure = [f for f in found if f.probability >= COUNTED]
    if not truth["lesions"]:
        score.none_finds += len(sure)
        score.none_photos += 1
        return
    partner = matched(pair, truth, found)
    large = {s["id"]: s["diameter_mm"] for s in truth["lesions"]
             if s["visible"] and s["diameter_mm"] >= LEAST_MM}  # fmt: skip
    score.right += sum(number in large for number in partner)
    score.missed += sum(number not in partner for number in large)
    score.false += len(sure) - len(partner)
    score.widths += [f.diameter_mm / large[n] for n, f in partner.items() if n in large]


if __name__ == "__main__":
    sys.exit(report_series(__doc__, report))
