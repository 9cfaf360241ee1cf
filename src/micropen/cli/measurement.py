"""Measure a series with progress on the terminal, and print what changed."""

from __future__ import annotations

import json
import math
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import typer
from pydantic_core import PydanticCustomError

from micropen.anatomy.zones import ZONES, label
from micropen.cli.progress import with_progress
from micropen.errors import MicropenError
from micropen.measurement.measured_signs import sign_label
from micropen.measurement.method import Method
from micropen.measurement.methods import METHODS
from micropen.measurement.result import PhotoRecord, Row, SeriesMeasurement, Verdict
from micropen.measurement.rows import by_photo
from micropen.measurement.series import some_of
from micropen.measurement.table import measurement_record
from micropen.treatment.person import typology_angle_of_phototype
from micropen.treatment.words import roman_phototype
from micropen.workflows.measure import MeasureAnswer, MeasureRequest, measure

# As wide as the narrowest terminal that people use.
_WIDTH: Final = 80
_NAME: Final = 26
_SIGN: Final = 22
_MOST_REASONS: Final = 6
_LIGHTEST, _DARKEST = 1.0, 6.0


def run_measure(
    photos: list[Path],
    output: Path,
    baseline: str,
    treatment: Path | None,
    series_file: Path | None,
    face: int | None,
    seed: int,
    phototype: str,
    as_json: bool,
) -> None:
    """Measure, and print the answer."""
    request = MeasureRequest(
        tuple(photos),
        output,
        baseline,
        treatment,
        series_file,
        face,
        seed,
        angle_of(phototype) if phototype else None,
    )
    answer = with_progress(lambda report: measure(request, report))
    if as_json:
        record = measurement_record(answer.measurement)
        record["page"] = str(answer.page.resolve())
        record["alerts"] = list(answer.alerts)
        record["seconds"] = {name: round(value, 3) for name, value in answer.seconds.items()}
        typer.echo(json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False))
        return
    for line in lines_of(answer):
        typer.echo(line)


def angle_of(phototype: str) -> float:
    """Return the typical individual typology angle, degrees, of a phototype as written: IV, 2.5.

    Raises
    ------
    MicropenError
        It is none.
    """
    with suppress(PydanticCustomError):
        number = float(roman_phototype(phototype) if _is_word(phototype) else phototype)
        if _LIGHTEST <= number <= _DARKEST:
            return typology_angle_of_phototype(number)
    raise MicropenError(
        f"--phototype is {phototype!r}; it must be I to VI, 1 to 6, or two of them such as II-III."
    )


def _is_word(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return True
    return False


def lines_of(answer: MeasureAnswer) -> Iterator[str]:
    """Give the lines that are printed, none wider than 80 columns but for the path at the end.

    Parameters
    ----------
    answer
        What came out.
    """
    measured = answer.measurement
    rows = by_photo(measured.rows)
    main = {m.name: m for m in METHODS if m.main}
    used = [p for p in measured.photos if p.usable]
    common = [w for w in used[0].warnings if all(w in p.warnings for p in used)] if used else []
    yield ""
    if answer.alerts:
        yield from _wrapped("Talk to a clinician before anything else: ", " ".join(answer.alerts))
    for photo in measured.photos:
        yield from _photo_lines(photo, measured, rows.get(photo.name, []), main)
        for warning in photo.warnings:
            if warning not in common:
                yield from _wrapped("    ! ", warning)
    yield ""
    yield from _not_measured(measured.rows, main)
    for note in (*measured.notes, *common):
        yield from _wrapped("note: ", note)
    stages = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in answer.seconds.items())
    yield from _wrapped("", stages)
    yield ""
    yield f"Page: {answer.page.resolve()}"


def _photo_lines(
    photo: PhotoRecord, measured: SeriesMeasurement, rows: Sequence[Row], main: Mapping[str, Method]
) -> Iterator[str]:
    """One photograph: name and day, then what changed or why it was not used."""
    day = "" if math.isnan(photo.day) else f"day {round(photo.day, 1):g}"
    head = f"{_cut(photo.name, _NAME):<{_NAME}} {day:<9} "
    if not photo.usable:
        yield from _wrapped(head, f"not used: {' '.join(photo.reasons)}")
        return
    if photo.is_baseline:
        yield f"{head}baseline"
        return
    repeat = next((g for g in measured.repeats if photo.name in g), ())
    others = some_of([name for name in repeat if name != photo.name])
    yield from _wrapped(head, f"same moment as {others}" if others else "measured")
    silent = []
    for name, method in main.items():
        own = [row for row in rows if row.method == name]
        if own and all(row.verdict is Verdict.CANNOT_TELL for row in own):
            silent.append(sign_label(method.sign))
        elif own:
            yield from _sign_lines(sign_label(method.sign), own)
    if silent:
        yield from _wrapped(f"    {'cannot tell':<{_SIGN}} ", ", ".join(silent))


def _sign_lines(words: str, rows: Sequence[Row]) -> Iterator[str]:
    """One sign: where it rose and fell, and where nothing happened or nobody can tell."""
    said = {
        Verdict.INCREASED: "more",
        Verdict.DECREASED: "less",
        Verdict.NO_CHANGE: "no change",
        Verdict.CANNOT_TELL: "cannot tell",
    }
    zones = {word: [r.zone for r in rows if r.verdict is verdict] for verdict, word in said.items()}
    parts = [f"{word}: {_zones(found)}" for word, found in zones.items() if found]
    yield from _wrapped(f"    {words:<{_SIGN}} ", "; ".join(parts))


def _zones(names: Sequence[str]) -> str:
    """Zones in words: both sides as one, and all of them as such."""
    if len(names) == len(ZONES):
        return "everywhere"
    if len(names) > len(ZONES) // 2 + 2:
        return f"{len(names)} of {len(ZONES)} zones"
    short = dict.fromkeys(_short(name, names) for name in names)
    return ", ".join(short)


def _short(zone: str, names: Sequence[str]) -> str:
    for side, other in (("_left", "_right"), ("_right", "_left")):
        if zone.endswith(side) and zone.removesuffix(side) + other in names:
            return f"both {zone.removesuffix(side).replace('_', ' ')}s"
    return label(zone).split(" (")[0]


def _not_measured(rows: Sequence[Row], main: Mapping[str, Method]) -> Iterator[str]:
    """The commonest reasons why something could not be measured, each once with where it holds.

    Reasons that differ in their numbers only are one; what to do about them stands in the page.
    """
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.method in main and row.status != "measured":
            found.setdefault(re.sub(r"[\d.]+", "#", _clause(row)), []).append(row)
    ordered = sorted(found.values(), key=len, reverse=True)
    for same in ordered[:_MOST_REASONS]:
        held = {row.zone for row in same}
        signs = dict.fromkeys(sign_label(row.sign) for row in same)
        of = "" if len(signs) == len(main) else f"{', '.join(signs)}, "
        where = _zones([zone for zone in ZONES if zone in held])
        yield from _wrapped("not measurable: ", f"{of}{where}: {_clause(same[0])}")
    if len(ordered) > _MOST_REASONS:
        yield f"not measurable: {len(ordered) - _MOST_REASONS} more reasons stand in the page"


def _clause(row: Row) -> str:
    """The first clause of a reason, without the zone's name."""
    words = label(row.zone).split(" (")[0]
    return re.split(r"; |: | \(|\. ", row.reason.replace(f" of the {words}", ""))[0].rstrip(".")


def _wrapped(head: str, text: str) -> Iterator[str]:
    """A text behind a heading, broken at 80 columns below itself."""
    indent = " " * min(len(head), 20)
    yield from textwrap.wrap(
        text, _WIDTH, initial_indent=head, subsequent_indent=indent or "  ",
        break_on_hyphens=False,
    )  # fmt: skip


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 9]}…{text[-8:]}"
