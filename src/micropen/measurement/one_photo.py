"""One photograph of a series, from its file to readings; everything large is let go at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import cv2
import numpy as np

from micropen.anatomy import ZONES
from micropen.errors import MicropenError
from micropen.evidence import ParameterSet
from micropen.measurement.build_pair import build_pair
from micropen.measurement.chart import ChartReading, ColourCorrection, chart_of
from micropen.measurement.face_view import FaceView
from micropen.measurement.gate import GateResult, judge
from micropen.measurement.gate.seen import Seen
from micropen.measurement.lesions import FoundLesion, misplacement_mm
from micropen.measurement.measured_signs import kin_of
from micropen.measurement.method import Method, Reading, ZoneReading
from micropen.measurement.pair import Pair
from micropen.measurement.pair_of_itself import pair_of_itself
from micropen.measurement.pictures import baseline_pictures, pictures_of
from micropen.measurement.result import PhotoRecord, Pictures
from micropen.measurement.series import SeriesEntry
from micropen.portrait import Photo, Portrait, read_photo

Watch = Callable[[str, Pair, Mapping[str, Reading]], None]
"""Called with a photograph's name, its pair and readings; from several threads at once."""

_LEAST_CHART_PX2: Final = 16.0  # smaller than one pixel a patch: corners that were never placed


@dataclass(frozen=True, eq=False)
class Opened:
    """A photograph that was read and judged.

    Parameters
    ----------
    record
        What became of it.
    view
        Its view, colours as they came; None where it is not usable.
    gate
        What the gate says of zones and signs; None where it was not asked.
    chart
        What its colour chart is worth; None where none was looked for.
    sha256
        Of its file.
    seen
        A baseline as the gate sees it, for all that are compared with it; None for any other.
    no_chart
        Why no chart lies where one was told to be; empty where all is well.
    like_baseline
        Whether the face is as alike to the baseline's, and turned as little, as is good.
    """

    record: PhotoRecord
    view: FaceView | None = field(default=None, repr=False)
    gate: GateResult | None = None
    chart: ChartReading | None = field(default=None, repr=False)
    sha256: str = ""
    seen: Seen | None = field(default=None, repr=False)
    no_chart: str = ""
    like_baseline: bool = True

    @property
    def correction(self) -> ColourCorrection | None:
        """Correction by its chart, where that may be trusted."""
        return None if self.chart is None else self.chart.correction


@dataclass(frozen=True, eq=False)
class Outcome:
    """What is kept of a photograph after it was measured.

    Parameters
    ----------
    record
        What became of it.
    readings
        Method to zone to reading; empty where nothing was measured.
    lesions
        Found lesions, doubtful ones included.
    misplacement_mm
        How far a lasting mark may seem to have moved, mm.
    pictures
        For the page; None where nothing was measured.
    sha256
        Of its file.
    like_baseline
        As in `Opened`: only such photographs may say how large the errors are.
    """

    record: PhotoRecord
    readings: Mapping[str, Mapping[str, ZoneReading]] = field(default_factory=dict)
    lesions: tuple[FoundLesion, ...] = ()
    misplacement_mm: float = float("nan")
    pictures: Pictures | None = field(default=None, repr=False)
    sha256: str = ""
    like_baseline: bool = True


@dataclass(frozen=True, eq=False)
class Measuring:
    """What stays the same for all photographs of a series.

    Parameters
    ----------
    baseline
        What all others are compared with; its view is there.
    ita_deg
        Individual typology angle of the person, degrees.
    face
        Which face, from 1 at the picture's left; None where there is one.
    treated
        Zones that were treated; None where nobody says.
    methods
        What is read.
    parameters
        Supplies all limits.
    watch
        Shown every pair and its readings before they are let go: for those who check the maps.
    """

    baseline: Opened = field(repr=False)
    ita_deg: float
    face: int | None
    treated: Collection[str] | None
    methods: tuple[Method, ...]
    parameters: ParameterSet
    watch: Watch | None = None

    @cached_property
    def view(self) -> FaceView:
        """The baseline's view, colours as they came."""
        assert self.baseline.view is not None
        return self.baseline.view

    @cached_property
    def corrected(self) -> FaceView:
        """The baseline's view, corrected by its chart where there is one."""
        correction = self.baseline.correction
        return self.view if correction is None else _corrected(self.view, correction)


def open_photo(
    entry: SeriesEntry,
    face: int | None,
    parameters: ParameterSet,
    baseline: Opened | None = None,
    stated_ita_deg: float | None = None,
) -> Opened:
    """Read and judge one photograph.

    Parameters
    ----------
    entry
        Which.
    face
        Which face, from 1 at the picture's left, where the entry does not tell; None for the only
        one.
    parameters
        Supplies the limits.
    baseline
        What it will be compared with; None for a baseline itself. A chart is of use only where
        the baseline has one too.
    stated_ita_deg
        Individual typology angle known of the person, degrees; None where nobody stated it.
    """
    try:
        photo = read_photo(entry.path)
        portrait = Portrait.from_photo(photo, entry.face or face)
    except MicropenError as error:
        return Opened(record_of(entry, (str(error),)))
    portrait = replace(portrait, stated_ita_deg=stated_ita_deg)
    before = None if baseline is None or baseline.view is None else baseline.view
    gate = judge(portrait, baseline.seen if baseline else None, entry.state, parameters)
    record = record_of(entry, gate.reasons, gate.warnings, portrait.px_per_mm)
    if not gate.usable:
        return Opened(record, gate=gate, sha256=photo.sha256)
    chart, no_chart = _chart(photo, entry, baseline, parameters)
    if chart is not None:
        record = _with_chart(record, chart)
    view = FaceView.of(portrait, parameters, before.px_per_mm if before else None)
    seen = None
    if baseline is None:
        # What every later photograph asks of the baseline needs its full-size pixels: once.
        seen = Seen.of(portrait)
        portrait.skin  # noqa: B018
    # The view is what is measured: the full-size linear picture is a gigabyte's quarter at 20 MP.
    photo.__dict__.pop("linear", None)
    alike = _like_baseline(portrait, gate, baseline, parameters)
    return Opened(record, view, gate, chart, photo.sha256, seen, no_chart, alike)


def _chart(
    photo: Photo, entry: SeriesEntry, baseline: Opened | None, parameters: ParameterSet
) -> tuple[ChartReading | None, str]:
    """The chart, where it is of use; and why none lies where one was told to be."""
    like = None if baseline is None else baseline.correction
    useless = baseline is not None and like is None
    corners = entry.chart_corners
    if useless and corners is None:
        return None, ""
    try:
        chart = chart_of(photo, corners, like, parameters)
    except MicropenError as error:
        # Corners outside the picture cost the chart, not the photograph.
        return None, _as_part(str(error))
    why = ""
    if corners is not None and not chart.found:
        enclosed = cv2.contourArea(np.asarray(corners, np.float32)) >= _LEAST_CHART_PX2
        why = "what lies between them has other colours than a 24-patch chart"
        why = why if enclosed else "the four points enclose nothing"
    return None if useless else chart, why


def _as_part(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:]}".rstrip(".")


def _no_chart_warning(opened: Opened, reference: str) -> tuple[str, ...]:
    if not opened.no_chart:
        return ()
    return (
        f"Chart corners were given, but no chart was found there ({opened.no_chart}); colours rest "
        f"on {reference}.",
    )


def _like_baseline(
    portrait: Portrait, gate: GateResult, baseline: Opened | None, parameters: ParameterSet
) -> bool:
    """Whether neither likeness nor pose is such that the gate warns of it."""
    if baseline is None or baseline.seen is None:
        return True
    now, before = portrait.quality, baseline.seen.quality
    turned = max(abs(now.yaw_deg - before.yaw_deg), abs(now.pitch_deg - before.pitch_deg))
    unlike = gate.likeness < parameters.value("measurement.gate.good_likeness")
    return not unlike and turned <= parameters.value("measurement.gate.turn_warning_deg")


def _with_chart(record: PhotoRecord, chart: ChartReading) -> PhotoRecord:
    """Note the chart's residual, and why it is not used where it was found."""
    said = (chart.reason,) if chart.found and not chart.usable else chart.warnings
    return replace(
        record, warnings=(*record.warnings, *said), chart_residual_de00=chart.residual_de00
    )


def _corrected(view: FaceView, correction: ColourCorrection) -> FaceView:
    linear = np.maximum(correction.apply(view.linear), np.float32(0.0))
    return view.with_linear(np.ascontiguousarray(linear, np.float32))


def measure_baseline(setting: Measuring) -> Outcome:
    """Read the baseline against itself: its state, where a method knows states."""
    pair = pair_of_itself(setting.corrected, setting.ita_deg)
    first = setting.baseline
    gate = first.gate or GateResult(True)
    readings = _read_all(pair, setting, gate)
    reference = "chart" if first.correction is not None else ""
    record = replace(
        first.record,
        colour_reference=reference,
        zone_reasons=_zone_reasons(readings, gate),
        warnings=(*first.record.warnings, *_no_chart_warning(first, "untreated skin")),
    )
    return Outcome(
        record,
        {name: reading.zones for name, reading in readings.items()},
        pictures=baseline_pictures(setting.view, record.name),
        sha256=first.sha256,
    )


def measure_photo(setting: Measuring, entry: SeriesEntry) -> Outcome:
    """Measure one photograph against the baseline; what goes wrong stays with it."""
    try:
        return _measured(setting, entry)
    except MicropenError as error:
        return Outcome(record_of(entry, (str(error),)))
    except Exception as error:
        # One odd photograph shall not cost the whole series; what it was is said.
        if os.environ.get("MICROPEN_DEBUG"):
            raise
        sentence = f"The program failed on it ({type(error).__name__}: {error}); please report it."
        return Outcome(record_of(entry, (sentence,)))


def _measured(setting: Measuring, entry: SeriesEntry) -> Outcome:
    first = setting.baseline
    opened = open_photo(
        entry, setting.face, setting.parameters, first, setting.view.portrait.stated_ita_deg
    )
    if opened.view is None:
        return Outcome(opened.record, sha256=opened.sha256)
    base, later, by_chart = setting.view, opened.view, opened.correction is not None
    if opened.correction is not None:
        base, later = setting.corrected, _corrected(later, opened.correction)
    pair = build_pair(base, later, setting.ita_deg, setting.parameters, treated=setting.treated)
    gate = of_both(opened.gate, first.gate)
    readings = _read_all(pair, setting, gate)
    if setting.watch is not None:
        setting.watch(entry.name, pair, readings)
    light = pair.light
    record = replace(
        opened.record,
        colour_reference=f"chart, then {light.reference}" if by_chart else light.reference,
        alignment_error_mm=dict(pair.alignment.zone_error_mm),
        zone_reasons=_zone_reasons(readings, gate),
        warnings=(
            *opened.record.warnings,
            *_no_chart_warning(opened, light.reference),
            *((light.warning,) if light.warning else ()),
        ),
    )
    shown = {m.sign: readings[m.name] for m in setting.methods if m.main}
    return Outcome(
        record,
        {name: reading.zones for name, reading in readings.items()},
        tuple(f for reading in readings.values() for f in reading.sightings),
        misplacement_mm(pair, setting.parameters),
        pictures_of(pair, shown, record.name),
        opened.sha256,
        opened.like_baseline,
    )


def of_both(photo: GateResult | None, baseline: GateResult | None) -> GateResult:
    """Join what the gate says of a photograph and of its baseline: a change needs both.

    Parameters
    ----------
    photo, baseline
        Their results; None says nothing.

    Returns
    -------
    GateResult
        The photograph's own reasons where both have one: they can be put right at the next visit.
    """
    own, first = photo or GateResult(True), baseline or GateResult(True)

    def joined(mine: Mapping[str, str], base: Mapping[str, str]) -> dict[str, str]:
        return {name: _on_the_baseline(why) for name, why in base.items()} | dict(mine)

    return replace(
        own,
        zone_reasons=joined(own.zone_reasons, first.zone_reasons),
        sign_reasons=joined(own.sign_reasons, first.sign_reasons),
    )


def _on_the_baseline(reason: str) -> str:
    return f"On the baseline, {reason[:1].lower()}{reason[1:]}"


def _read_all(pair: Pair, setting: Measuring, gate: GateResult) -> dict[str, Reading]:
    """Let every method read a pair; what gate or method refuse has its reason in every zone."""
    found = {}
    for method in setting.methods:
        reasons = gate.sign_reasons
        refused = reasons.get(method.sign) or reasons.get(kin_of(method.sign), "")
        try:
            read = Reading({}) if refused else method.read(pair)
        except MicropenError as error:
            read, refused = Reading({}), str(error)
        zones = {z: _gated(read, z, refused, gate) for z in ZONES}
        shut = {z for z in ZONES if z in gate.zone_reasons}
        sightings = tuple(s for s in read.sightings if s.zone not in shut)
        found[method.name] = replace(read, zones=zones, sightings=sightings)
    return found


def _gated(read: Reading, zone: str, refused: str, gate: GateResult) -> ZoneReading:
    reason = refused or gate.zone_reasons.get(zone, "")
    return ZoneReading.refused(reason) if reason else read.zones[zone]


def _zone_reasons(readings: Mapping[str, Reading], gate: GateResult) -> dict[str, str]:
    """Zones in which nothing could be measured: the gate's reason, else the one given most."""
    found = dict(gate.zone_reasons)
    for zone in ZONES:
        reasons = [reading.zones[zone].reason for reading in readings.values()]
        if zone not in found and reasons and all(reasons):
            found[zone] = max(dict.fromkeys(reasons), key=reasons.count)
    return {zone: found[zone] for zone in ZONES if zone in found}


def record_of(
    entry: SeriesEntry,
    reasons: tuple[str, ...],
    warnings: tuple[str, ...] = (),
    px_per_mm: float = float("nan"),
) -> PhotoRecord:
    """Start the record of a photograph; its day is known when the baseline is.

    Parameters
    ----------
    entry
        Which.
    reasons
        Why it cannot be used; empty where it can.
    warnings
        What is less sure, beside what the entry warns of.
    px_per_mm
        Its resolution.
    """
    return PhotoRecord(
        name=entry.name,
        taken_at=entry.taken_at,
        dated_by=entry.dated_by,
        day=float("nan"),
        state=entry.state.value if entry.state is not None else "",
        usable=not reasons,
        reasons=reasons,
        warnings=(*entry.warnings, *warnings),
        px_per_mm=px_per_mm,
    )
