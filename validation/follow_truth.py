"""Following a case whose truth is known, to see whether the own forecast moves toward it.

A session is laid over each series of the truth photographs (docs/estimation.md says which), and
the case is followed with the photographs of day 0, then of days 0 and 1, then of days 0 to 2. Each
forecast is compared with the truth put in on days 3, 4, 5 and 14, in the zones the truth knows, and
judged by the later photographs. Then: a photograph in red light, and a session that left no trace.

Run ``python validation/follow_truth.py [FOLDER] [--series a_fixed ...] [--keep DIR]``; the folder
may stand in the environment variable MICROPEN_TRUTH_PHOTOS. Measuring takes about a minute a
series; ``--keep`` names a folder where cases and what was measured stay for the next run.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from follow_truth_table import (
    Compared,
    Judged,
    compared,
    judged,
    resting_blood,
    summary_lines,
    truth_lines,
)
from truth_case import AFTER, BEFORE, Shot, follow_with, make_case, measured_whole, shots_of

from micropen.case import kept
from micropen.estimation.kept_forecast import KeptForecast
from micropen.estimation.result import FACE, Axis, Followed
from micropen.measurement.result import SeriesMeasurement

SERIES = ("a_fixed", "b_pose", "c_light", "d_pose_light_chart")
STEPS = {
    "day 0": ("day00",),
    "days 0-1": ("day00", "day01"),
    "days 0-2": ("day00", "day01", "day02"),
}
LIGHTS = {
    "red light": (1.4, 1.0, 1.0),
    "red light of the same brightness": (1.2, 0.86, 0.86),
    "very red light": (1.3, 0.65, 0.65),
}
NOTHING = {"pre": -0.02, "rep1": 1.0, "rep2": 2.0}
OTHERS = ("a_fixed", "c_light")


def main() -> int:
    """Follow every series asked for and print its tables."""
    arguments = _arguments()
    folder = Path(arguments.folder)
    if not arguments.folder or not folder.is_dir():
        print(f"There is no folder {folder}; give the truth photographs.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as work:
        keep = Path(arguments.keep or work)
        clearest = folder / SERIES[0]
        shots = shots_of(clearest, BEFORE | AFTER)
        whole = measured_whole(make_case(keep / clearest.name / "whole", clearest, shots))
        resting = resting_blood(clearest, whole)
        against_truth: list[Compared] = []
        against_readings: list[Judged] = []
        for name in (n for n in SERIES if n in arguments.series):
            truths, readings = follow_series(folder / name, keep / name, resting)
            against_truth += truths
            against_readings += readings
        _print(["", "## All series", *summary_lines(against_truth, against_readings)])
        for name in (n for n in OTHERS if n in arguments.series):
            follow_red_light(folder / name, keep, resting)
            follow_nothing(folder / name, keep / f"{name}, nothing")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default=os.environ.get("MICROPEN_TRUTH_PHOTOS", ""))
    parser.add_argument("--series", nargs="*", default=list(SERIES))
    parser.add_argument("--keep", default="", help="folder for cases and what was measured")
    return parser.parse_args()


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)


def follow_series(
    folder: Path, keep: Path, resting: Mapping[str, float]
) -> tuple[list[Compared], list[Judged]]:
    """Follow one series photograph by photograph, then judge by all of them."""
    print(f"\n## {folder.name}", flush=True)
    shots = shots_of(folder, BEFORE | AFTER)
    whole = measured_whole(make_case(keep / "whole", folder, shots))
    truths: list[Compared] = []
    with tempfile.TemporaryDirectory() as work:
        place = Path(work) / "case"
        for step, states in STEPS.items():
            chosen = {s: shot for s, shot in shots.items() if s in BEFORE or s in states}
            case = make_case(place, folder, chosen)
            today = AFTER[states[-1]]
            followed = follow_with(case, whole, place / "out", today).followed
            _print(_followed_lines(step, followed))
            truths += compared(folder, step, followed, today, resting)
        case = make_case(place, folder, shots)
        followed = follow_with(case, whole, place / "out", AFTER["day14"]).followed
        _print(_followed_lines("all days", followed))
        print(f"  its record: {followed.record.sentence}")
        _print(truth_lines(truths))
        contents = kept(case, "forecasts/*").contents.values()
        made = [KeptForecast.from_bytes(c) for c in contents if isinstance(c, bytes)]
    made.sort(key=lambda forecast: forecast.made.data_until_day)
    points = [p for p in followed.readings if p.zone != FACE or p.axis is Axis.COUNT]
    found = [
        each
        for step, forecast in zip(STEPS, made, strict=False)
        for each in judged(folder.name, step, forecast, points)
    ]
    return truths, found


def _followed_lines(step: str, followed: Followed) -> Iterable[str]:
    """How the estimate was found, what is doubted, which alerts were raised."""
    fit = followed.fit
    doubted = _doubted(followed)
    yield (
        f"{step}: {fit.method}, converged {fit.converged}, "
        f"{fit.diagnostics.get('ess_bulk', float('nan')):.0f} independent draws; "
        f"{len(doubted)} of {len(followed.readings)} readings doubted"
        + (f" ({', '.join(doubted[:4])}{' ...' if doubted[4:] else ''})" if doubted else "")
    )
    for alert in followed.alerts:
        yield f"  alert, {alert.level.value}: {alert.title}: {alert.sentence}"


def _doubted(followed: Followed) -> list[str]:
    return [f"{p.source} {p.key} {p.zone}" for p in followed.readings if p.doubt > 0.5]


def follow_red_light(folder: Path, keep: Path, resting: Mapping[str, float]) -> None:
    """Compare the forecast from days 0 to 2 with and without red light on day 1."""
    print(f"\n## {folder.name}, day 1 in another light")
    shots = shots_of(folder, BEFORE | {s: AFTER[s] for s in STEPS["days 0-2"]})
    all_shots = shots_of(folder, BEFORE | AFTER)
    whole = measured_whole(make_case(keep / folder.name / "whole", folder, all_shots))
    _follow_in_light(folder, "as it is", shots, whole, resting)
    for words, light in LIGHTS.items():
        changed = shots | {"day01": replace(shots["day01"], light=light)}
        place = keep / f"{folder.name}, {words}" / "whole"
        whole = measured_whole(make_case(place, folder, changed))
        _follow_in_light(folder, words, changed, whole, resting)


def _follow_in_light(
    folder: Path,
    words: str,
    shots: Mapping[str, Shot],
    whole: SeriesMeasurement,
    resting: Mapping[str, float],
) -> None:
    """Follow days 0 to 2, and say what became of the photograph of day 1."""
    with tempfile.TemporaryDirectory() as work:
        case = make_case(Path(work) / "case", folder, shots)
        followed = follow_with(case, whole, case.folder / "out", AFTER["day02"]).followed
    _print(_followed_lines(words, followed))
    truths = compared(folder, words, followed, AFTER["day02"], resting)
    _print([line for line in truth_lines(truths) if line.startswith("erythema")])
    _print(_photo_lines("day01.jpg", followed))
    _print(f"  note: {note}" for note in followed.notes if note.startswith("day01"))


def _photo_lines(name: str, followed: Followed) -> Iterable[str]:
    """How far the readings of one photograph are doubted, by sign."""
    for sign in dict.fromkeys(p.key for p in followed.readings if p.source == name):
        points = [p for p in followed.readings if p.source == name and p.key == sign]
        own = [p for p in points if p.zone != FACE] or points
        values = ", ".join(f"{p.value:+.3f}±{p.sd:.3f}" for p in points if p.zone == FACE)
        mean = sum(p.doubt for p in own) / len(own)
        yield f"  {name}, {sign}: {values or 'zones only'}, doubted {mean:.0%} on average"


def follow_nothing(folder: Path, keep: Path) -> None:
    """A session after which nothing is seen: repeats of the untreated face told as days 1, 2."""
    print(f"\n## {folder.name}, repeats of the untreated face told as days 1 and 2")
    shots = shots_of(folder, NOTHING)
    whole = measured_whole(make_case(keep / "whole", folder, shots))
    with tempfile.TemporaryDirectory() as work:
        case = make_case(Path(work) / "case", folder, shots)
        followed = follow_with(case, whole, case.folder / "out", 2.0).followed
    _print(_followed_lines("days 1-2", followed))
    _print(_bands_at(followed, 3.0, ("erythema", "scaling", "gloss", "pigment")))


def _bands_at(followed: Followed, day: float, signs: Sequence[str]) -> Iterable[str]:
    """Both bands of the whole face on one day."""
    for sign in signs:
        parts = []
        for words, bands in (("anybody", followed.population), ("own", followed.personal)):
            band = next(b for b in bands if (b.key, b.axis, b.zone) == (sign, Axis.SIGN, FACE))
            at = int(abs(band.days - day).argmin())
            parts.append(
                f"{words} {band.median[at]:+.3f} [{band.low[at]:+.3f}, {band.high[at]:+.3f}]"
            )
        yield f"  day {day:g}, {sign}: {'; '.join(parts)}"


if __name__ == "__main__":
    sys.exit(main())
