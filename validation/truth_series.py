"""Every figure of the measurement on photographs whose changes are known, through the pipeline.

The photographs are read, judged, aligned and measured exactly as ``micropen measure`` does; zones
are those that the program finds. The truth of a zone is the truth's own zone of the same name.
Figures are printed twice where a method has a map: over the program's zones, and over the truth's
outlines. Told are days, repeats and the skin tone: by default the measured angle, with ``--tone
phototype`` only the nearest phototype, as most people would, with ``--tone unstated`` nothing.

The truth of ``blood_log_rgb`` is nominal: what its weights would read off the true colours of the
skin without any light on it; the truth itself states densities. That of ``melanin_log_rgb`` leans
on how much melanin the truth's skin holds at rest, which no photograph tells: judge it by its
optical density. CIELAB a* is of the picture, shine
included, and has no truth here: it is printed, not scored. The 95 % point of the alignment and the
time a pair takes stand in ``validation/alignment.py`` and ``benchmarks/``, lesions of a single
photograph in ``validation/lesions.py``.

Run ``python validation/truth_series.py [FOLDER] [--series a_fixed ...]``; the folder may stand in
the environment variable MICROPEN_TRUTH_PHOTOS. At the end of each series stands a line for each
target: met or missed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from truth_photos import REPEATS, ZONES, true_change, truths_of

from micropen.measurement.face_view import FaceView
from micropen.measurement.measure_series import SeriesRequest, measure_series
from micropen.measurement.method import Reading
from micropen.measurement.methods import METHODS
from micropen.measurement.pair import Pair
from micropen.measurement.result import Row, SeriesMeasurement, Verdict
from micropen.measurement.series import read_series
from micropen.treatment.person import phototype_of_typology_angle

OURS = {ours: theirs for theirs, (_, ours) in ZONES.items()}
LEAST_LESION_MM = 2.5
MATCH_MM = 2.0
Z90 = 1.645


@dataclass
class Run:
    """One folder, measured."""

    name: str
    truth: Mapping[str, dict[str, Any]]
    measured: SeriesMeasurement
    seconds: float
    overlap: list[tuple[str, str, float]] = field(default_factory=list)
    outlined: dict[tuple[str, str, str], float] = field(default_factory=dict)
    places: dict[str, dict[int, tuple[float, float]]] = field(default_factory=dict)
    px_per_mm: float = 5.0
    ita_deg: float = 0.0
    figures: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """One figure to reach.

    Parameters
    ----------
    words
        What it is.
    figure
        Name in `Run.figures`.
    limits
        Start of the series' name to the limit; an empty start holds for all.
    least
        Whether the figure must be at least the limit, not at most.
    """

    words: str
    figure: str
    limits: Mapping[str, float]
    least: bool = False


TARGETS = (
    Target("overlap of zones", "overlap", {"b_": 0.98, "d_": 0.97}, least=True),
    Target("place of lesions between days, mm, mean", "place", {"b_": 0.5, "d_": 0.8}),
    Target("place of lesions between days, mm, worst", "worst_place", {"b_": 2.0, "d_": 2.0}),
    *(
        Target(
            f"redness, rms of green optical density, {where}",
            f"redness {where}",
            {"a_": 0.0011, "b_": 0.003, "c_": 0.006, "d_": 0.006},
        )
        for where in ("program's zones", "truth's outlines")
    ),
    Target(
        "redness of day 0 lost, share (program's zones)",
        "redness_lost",
        {"tone_lightmedium": 0.03, "tone_dark": 0.12},
    ),
    Target("repeats called changed, share", "false_change", {"": 0.05}),
    Target("90 % intervals hold the truth, at least", "held", {"": 0.85}, least=True),
    Target("90 % intervals hold the truth, at most", "held", {"": 0.95}),
    *(
        Target(f"pigment of day 14, {words}, share off", figure, {"a_": 0.5, "b_": 0.5})
        for words, figure in (
            ("optical density", "melanin_optical_density_off"),
            ("of resting melanin (nominal)", "pigment_off"),
        )
    ),
    Target("false pigment on day 0, green optical density", "false_pigment", {"": 0.003}),
    Target("flakes of day 3, rms of coverage", "flakes", {"": 0.005}),
    Target("false flakes on other days, rms of coverage", "false_flakes", {"": 0.003}),
    Target("lesions, F1", "lesions", {"tone_dark": 0.85, "": 0.92}, least=True),
    Target("lesions that keep one number, share", "tracked", {"": 1.0}, least=True),
    Target("chart found, share of photographs", "charts", {"d_": 1.0}, least=True),
    Target("chart, mean residual CIEDE2000", "chart_residual", {"d_": 1.0}),
)


def target_lines(run: Run) -> Iterable[str]:
    """Say of every target of this series whether it was met."""
    for target in TARGETS:
        limit = next((v for start, v in target.limits.items() if run.name.startswith(start)), None)
        if limit is None:
            continue
        found = run.figures.get(target.figure, float("nan"))
        sign = ">=" if target.least else "<="
        good = found >= limit if target.least else found <= limit
        word = "met" if good else "not measured" if np.isnan(found) else "MISSED"
        yield f"target {word:>12}: {target.words}: {found:.4g} ({sign} {limit:g})"


def main() -> int:
    """Measure every folder and print its figures."""
    arguments = _arguments()
    folder = Path(arguments.folder)
    if not folder.is_dir():
        print(f"There is no folder {folder}; give the truth photographs.", file=sys.stderr)
        return 2
    found = sorted(p.parent.name for p in folder.glob("*/pre.truth.json"))
    for name in (n for n in found if not arguments.series or n in arguments.series):
        run = measure(folder / name, arguments.tone)
        print(f"\n## {name} ({len(run.measured.photos)} photographs, {run.seconds:.0f} s)")
        for line in report(run):
            print(line, flush=True)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default=os.environ.get("MICROPEN_TRUTH_PHOTOS", ""))
    parser.add_argument("--series", nargs="*", default=[])
    parser.add_argument("--tone", choices=("angle", "phototype", "unstated"), default="angle")
    return parser.parse_args()


def measure(folder: Path, tone: str) -> Run:
    """Measure one folder with the product's pipeline; a series file tells repeats and tone."""
    truth = truths_of(folder)
    photos = [folder / f"{state}.jpg" for state in truth]
    run = Run(folder.name, truth, SeriesMeasurement((), (), (), (), ""), 0.0)
    with tempfile.TemporaryDirectory() as work:
        told = Path(work) / "series.toml"
        text = series_file(list(truth), told_tone(tone, _tone(run)))
        told.write_text(text, encoding="utf-8")
        series = read_series(photos, told)
    began = time.perf_counter()

    def watch(photo: str, pair: Pair, readings: Mapping[str, Reading]) -> None:
        _watch(run, folder, photo.removesuffix(".jpg"), pair, readings)

    run.measured = measure_series(SeriesRequest(series, "pre.jpg"), watch=watch)
    run.seconds = time.perf_counter() - began
    return run


def told_tone(how: str, ita_deg: float) -> str:
    """Line of the series file that tells the skin tone; empty where nobody does."""
    if how == "angle":
        return f"individual_typology_angle_deg = {ita_deg}"
    nearest = round(phototype_of_typology_angle(ita_deg))
    return f"phototype = {nearest}" if how == "phototype" else ""


def series_file(states: Sequence[str], tone: str) -> str:
    """Tell tone, days and repeats: the program may know what a person would tell it."""
    repeats = [f'"{s}.jpg"' for s in states if s in REPEATS]
    lines = [tone, f"repeats = [[{', '.join(repeats)}]]" if len(repeats) > 1 else ""]
    for state in states:
        day = -1.0 if state in REPEATS else float(state.removeprefix("day"))
        lines += [f'[photo."{state}.jpg"]', f"day = {day}"]
    return "\n".join(lines) + "\n"


def _watch(run: Run, folder: Path, state: str, pair: Pair, readings: Mapping[str, Reading]) -> None:
    """Keep what needs maps: overlap of zones, readings over the truth's outlines, places."""
    run.px_per_mm, run.ita_deg = pair.px_per_mm, pair.ita_deg
    before = _labels(folder / "pre_zones.png", pair.baseline, None)
    after = _labels(folder / f"{state}_zones.png", pair.later, pair.alignment.place)
    for name, (number, _) in ZONES.items():
        union = ((before == number) | (after == number)).sum()
        both = ((before == number) & (after == number)).sum()
        run.overlap.append((state, name, float(both) / max(int(union), 1)))
    for method, reading in readings.items():
        if reading.overlay is None:
            continue
        shown = np.isfinite(reading.overlay) & (pair.usable > 0.5)
        for name, (number, _) in ZONES.items():
            inside = shown & (before == number)
            if inside.sum() > 50:
                value = float(reading.overlay[inside].mean())
                run.outlined[state, name, method] = value
    run.places[state] = {
        lesion["id"]: place
        for lesion in run.truth[state]["lesions"]
        if (place := _on_baseline(pair, lesion["x"], lesion["y"])) is not None
    }


def _labels(path: Path, view: FaceView, place: Any) -> Any:
    """The truth's zones on a view; through an alignment where one is given."""
    labels = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if place is None:
        rows, columns = np.mgrid[0 : view.shape[0], 0 : view.shape[1]].astype(np.float32)
        place = np.stack([columns, rows], -1)
    where = view.to_photo(place)
    return cv2.remap(labels, where[..., 0], where[..., 1], cv2.INTER_NEAREST, borderValue=0)


def _on_baseline(pair: Pair, x: float, y: float) -> tuple[float, float] | None:
    """Where a point of the later photograph lies on the baseline's view."""
    gap = np.hypot(*np.moveaxis(pair.later.to_photo(pair.alignment.place) - (x, y), -1, 0))
    row, column = np.unravel_index(int(np.argmin(gap)), gap.shape)
    near = gap[row, column] * pair.later.scale < 2.0
    return (float(column), float(row)) if near else None


def report(run: Run) -> Iterable[str]:
    """Every line of the table for one folder."""
    yield from _gate_lines(run)
    yield from _alignment_lines(run)
    yield from _redness_lines(run)
    yield from _other_lines(run)
    yield from _repeat_lines(run)
    yield from _coverage_lines(run)
    yield from _lesion_lines(run)
    yield from target_lines(run)


def _gate_lines(run: Run) -> Iterable[str]:
    for photo in run.measured.photos:
        if not photo.usable:
            yield f"not used: {photo.name}: {' '.join(photo.reasons)}"
        elif photo.zone_reasons:
            yield f"{photo.name}: not measured in {', '.join(photo.zone_reasons)}"
    residual = [p.chart_residual_de00 for p in run.measured.photos]
    run.figures["charts"] = float(np.isfinite(residual).mean())
    if np.isfinite(residual).any():
        run.figures["chart_residual"] = float(np.nanmean(residual))
        yield (
            f"chart: found in {np.isfinite(residual).sum()} of {len(residual)}, mean residual "
            f"{np.nanmean(residual):.2f}, worst {np.nanmax(residual):.2f} (CIEDE2000)"
        )
    reference = sorted({p.colour_reference for p in run.measured.photos if p.colour_reference})
    yield f"colour reference: {'; '.join(reference)}"
    yield f"tone, as told or read: {run.ita_deg:.0f} (true {_tone(run):.0f}) degrees"


def _tone(run: Run) -> float:
    return float(run.truth["pre"]["tone_ITA"])


def _alignment_lines(run: Run) -> Iterable[str]:
    if not run.overlap:
        return
    shares = np.array([share for *_, share in run.overlap])
    state, zone, _ = min(run.overlap, key=lambda found: found[2])
    run.figures["overlap"] = float(shares.mean())
    yield (
        f"alignment: zone overlap mean {shares.mean():.3f}, worst {shares.min():.3f} "
        f"({state} {zone})"
    )
    gaps = []
    for number in {n for places in run.places.values() for n in places}:
        seen = np.array([p[number] for p in run.places.values() if number in p])
        if len(seen) > 1:
            gaps += list(np.linalg.norm(seen - seen.mean(0), axis=1) / run.px_per_mm)
    if gaps:
        run.figures |= {"place": float(np.mean(gaps)), "worst_place": float(max(gaps))}
        yield (
            f"alignment: places of lesions agree between days within {np.mean(gaps):.2f} mm "
            f"(mean), worst {max(gaps):.2f} mm"
        )


def _rows(
    run: Run, method: str, states: Iterable[str] | None = None
) -> Iterable[tuple[str, str, Row]]:
    """Rows of a method in the truth's zones: state, the truth's zone, row."""
    for row in run.measured.rows:
        state = row.photo.removesuffix(".jpg")
        if row.method != method or row.zone not in OURS or state == "pre":
            continue
        if states is None or state in states:
            yield state, OURS[row.zone], row


def truth_of(run: Run, sign: str, state: str, zone: str) -> float:
    """The true change of a sign in a zone, in the reading's unit; NaN where it is not known."""
    return true_change(run.truth[state], sign, zone, _tone(run))


def _density_per_unit(run: Run) -> float:
    """Green optical density of blood for one unit of erythema, over the true zones and days."""
    pairs = [
        (truth_of(run, "erythema", state, zone), -np.log10(
            np.array(now["albedo_lin"]) / np.array(now["albedo_lin_pre"]))[1])
        for state, truth in run.truth.items()
        if truth["zones"]["nose"]["melanin_rel"] == 0 and state not in REPEATS
        for zone, now in truth["zones"].items()
        if zone in ZONES and now["scale_coverage"] == 0.0
    ]  # fmt: skip
    read, density = np.array(pairs).T
    return float(read @ density / max(read @ read, 1e-12))


def _redness_lines(run: Run) -> Iterable[str]:
    per_unit = _density_per_unit(run)
    yield (
        f"one unit of erythema is {per_unit:.4f} of green optical density at this tone; its truth "
        "is nominal (above)"
    )
    for method in (m for m in METHODS if m.sign in {"erythema", "erythema_optical_density"}):
        scale = per_unit if method.sign == "erythema" else 1.0
        for label, source in (("program's zones", None), ("truth's outlines", run.outlined)):
            error: dict[str, list[float]] = defaultdict(list)
            true: list[tuple[float, float]] = []
            for state, value, expected in _scored(run, method.name, source):
                error[state].append(value - expected)
                if state == "day00":
                    true.append((expected, value))
            everything = [e for errors in error.values() for e in errors]
            if method.sign == "erythema_optical_density" and everything:
                run.figures[f"redness {label}"] = _rms(everything)
                if source is None and true:
                    run.figures["redness_lost"] = 1.0 - _share_read(true)
            yield from _redness_line(method.name, label, error, true, scale)


def _scored(
    run: Run, method: str, source: Mapping[tuple[str, str, str], float] | None
) -> Iterable[tuple[str, float, float]]:
    """State, reading and truth where both are known; `source` holds readings over outlines."""
    for state, zone, row in _rows(run, method):
        value = row.change if source is None else source.get((state, zone, row.method))
        expected = truth_of(run, row.sign, state, zone)
        if row.status == "measured" and value is not None and np.isfinite([value, expected]).all():
            yield state, float(value), expected


def _share_read(true: Sequence[tuple[float, float]]) -> float:
    """How much of the true changes was read."""
    expected, value = np.array(true).T
    return float(value @ expected / (expected @ expected))


def _redness_line(
    method: str,
    label: str,
    error: Mapping[str, list[float]],
    true: Sequence[tuple[float, float]],
    scale: float,
) -> Iterable[str]:
    everything = np.array([e for errors in error.values() for e in errors])
    if not everything.size:
        yield f"redness, {method}, {label}: nothing measured"
        return
    repeats = np.array([e for s in REPEATS for e in error.get(s, [])] or [np.nan])
    line = (
        f"redness, {method}, {label}: rms {scale * _rms(everything):.4f} OD_G, "
        f"bias {scale * everything.mean():+.4f}, "
        f"repeats {scale * _rms(repeats):.4f}"
    )
    if true:
        line += f", day 0 read {_share_read(true):.0%} of it"
    yield line
    yield "    by day: " + ", ".join(
        f"{state} {scale * _rms(np.array(errors)):.4f}" for state, errors in error.items()
    )


def _rms(values: Any) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


def _other_lines(run: Run) -> Iterable[str]:
    """Signs whose truth has the reading's own unit."""
    for method in METHODS:
        if method.sign in {"erythema", "erythema_optical_density", "lesions"}:
            continue
        yield f"{method.sign}, {method.name}: {'; '.join(_by_day(run, method.name)) or 'nothing'}"
        if method.sign in {"scaling", "pigment"}:
            outlined: dict[str, list[tuple[float, float]]] = defaultdict(list)
            for state, value, expected in _scored(run, method.name, run.outlined):
                outlined[state].append((value, expected))
            parts = [f"{state} {_mean_and_error(pairs)}" for state, pairs in outlined.items()]
            yield f"{method.sign}, {method.name}, truth's outlines: {'; '.join(parts) or 'nothing'}"
    _note_others(run)


def _by_day(run: Run, method: str) -> Iterable[str]:
    """Mean reading of each day, with truth and error where the truth is known."""
    for state in run.truth:
        rows = [(zone, row) for _, zone, row in _rows(run, method, {state})]
        known = [(z, r) for z, r in rows if r.status == "measured" and np.isfinite(r.change)]
        if rows and not known:
            yield f"{state} -"
        elif known:
            pairs = [(r.change, truth_of(run, r.sign, state, z)) for z, r in known]
            yield f"{state} {_mean_and_error(pairs)}"


def _mean_and_error(pairs: Sequence[tuple[float, float]]) -> str:
    value, true = np.array(pairs).T
    if not np.isfinite(true).all():
        return f"{value.mean():+.4f}"
    return f"{value.mean():+.4f} (true {true.mean():+.4f}, rms {_rms(value - true):.4f})"


def _note_others(run: Run) -> None:
    """Keep the figures of flakes and pigment that have a target."""
    for method in (m for m in METHODS if m.main and m.sign == "scaling"):
        errors = [(s, v - t) for s, v, t in _scored(run, method.name, None)]
        for name, kept in (
            ("flakes", [e for s, e in errors if s == "day03"]),
            ("false_flakes", [e for s, e in errors if s != "day03"]),
        ):
            if kept:
                run.figures[name] = _rms(kept)
    for method in (m for m in METHODS if m.sign in {"pigment", "melanin_optical_density"}):
        last = [(v, t) for s, v, t in _scored(run, method.name, None) if s == "day14"]
        if last:
            value, true = np.array(last).mean(0)
            run.figures[f"{method.sign}_off"] = abs(value / true - 1.0)
    false = [
        abs(value)
        for method in METHODS
        if method.sign == "melanin_optical_density"
        for state, value, _ in _scored(run, method.name, None)
        if state == "day00"
    ]
    if false:
        run.figures["false_pigment"] = max(false)


def _repeat_lines(run: Run) -> Iterable[str]:
    """False changes on repeats, over all zones and each method."""
    total = [0, 0]
    parts = []
    for method in METHODS:
        rows = [
            r
            for r in run.measured.rows
            if r.method == method.name
            and r.photo.removesuffix(".jpg") in REPEATS - {"pre"}
            and r.status == "measured"
        ]
        called = sum(r.verdict in (Verdict.INCREASED, Verdict.DECREASED) for r in rows)
        total = [total[0] + called, total[1] + len(rows)]
        if rows:
            parts.append(f"{method.name} {called}/{len(rows)}")
    if total[1]:
        run.figures["false_change"] = total[0] / total[1]
        yield (
            f"false change on repeats: {total[0]} of {total[1]} ({total[0] / total[1]:.1%}): "
            f"{', '.join(parts)}"
        )


def _coverage_lines(run: Run) -> Iterable[str]:
    """How often the 90 % interval of a change holds the truth."""
    parts = []
    total: list[bool] = []
    for method in METHODS:
        held = [
            abs(row.change - truth) <= Z90 * row.change_sd
            for state, zone, row in _rows(run, method.name)
            if row.status == "measured"
            and np.isfinite(truth := truth_of(run, row.sign, state, zone))
        ]
        nominal = method.sign == "erythema"
        total += [] if nominal else held
        if held:
            note = " (nominal truth, not counted)" if nominal else ""
            parts.append(f"{method.name} {np.mean(held):.0%} of {len(held)}{note}")
    if total:
        run.figures["held"] = float(np.mean(total))
        yield f"90 % intervals hold the truth: {np.mean(total):.0%}: {', '.join(parts)}"


def _lesion_lines(run: Run) -> Iterable[str]:
    """Found, missed and false lesions of 2.5 mm and more against the baseline."""
    hits, false, missed, gaps = 0, 0, 0, []
    numbers: dict[int, set[int]] = defaultdict(set)
    for state, truth in run.truth.items():
        if state not in run.places:
            continue
        wanted = {s["id"]: s["diameter_mm"] for s in truth["lesions"] if s["visible"]}
        places = {n: p for n, p in run.places[state].items() if n in wanted}
        found = [s for s in run.measured.lesions if s.photo == f"{state}.jpg"]
        matched = _matched(found, places, run.px_per_mm)
        for index, sighting in enumerate(found):
            partner = matched.get(index)
            if partner is None:
                false += sighting.diameter_mm >= LEAST_LESION_MM
                continue
            numbers[partner[0]].add(sighting.lesion)
            if wanted[partner[0]] >= LEAST_LESION_MM:
                hits += 1
                gaps.append(partner[1])
        seen = {partner[0] for partner in matched.values()}
        missed += sum(d >= LEAST_LESION_MM for n, d in wanted.items() if n not in seen)
    if not hits + missed + false:
        return
    run.figures["lesions"] = 2 * hits / max(2 * hits + missed + false, 1)
    precision, recall = hits / max(hits + false, 1), hits / max(hits + missed, 1)
    yield (
        f"lesions of {LEAST_LESION_MM} mm and more: found {hits}, missed {missed}, false {false}: "
        f"precision {precision:.2f}, recall {recall:.2f}, F1 {run.figures['lesions']:.2f}"
    )
    if gaps:
        yield f"lesions: {np.mean(gaps):.2f} mm from their place on average, worst {max(gaps):.2f}"
        one = sum(len(found) == 1 for found in numbers.values())
        run.figures["tracked"] = one / len(numbers)
        yield f"lesions: {one} of {len(numbers)} kept one number through the days"


def _matched(
    found: Sequence[Any], places: Mapping[int, tuple[float, float]], px_per_mm: float
) -> dict[int, tuple[int, float]]:
    """Nearest pairs first, each once: index of the find to lesion and distance in mm."""
    pairs = sorted(
        (np.hypot(s.x_px - x, s.y_px - y) / px_per_mm, index, number)
        for index, s in enumerate(found)
        for number, (x, y) in places.items()
    )
    used: set[int] = set()
    matched: dict[int, tuple[int, float]] = {}
    for gap, index, number in pairs:
        if gap <= MATCH_MM and index not in matched and number not in used:
            matched[index] = (number, float(gap))
            used.add(number)
    return matched


if __name__ == "__main__":
    sys.exit(main())
