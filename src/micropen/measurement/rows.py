"""The lines of the table: readings with the error that repeats support, and their verdicts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from micropen.anatomy import ZONES
from micropen.evidence import ParameterSet
from micropen.measurement.change import change_that_matters, smallest_real_change, verdict
from micropen.measurement.method import Method, ZoneReading
from micropen.measurement.repeats import Readings, RepeatFactors
from micropen.measurement.result import PhotoRecord, Row, Verdict

BASELINE_REASON = "the baseline, which the others are compared with"


def rows_of(
    records: Sequence[PhotoRecord],
    readings: Readings,
    methods: Sequence[Method],
    factors: RepeatFactors,
    parameters: ParameterSet,
) -> Iterator[Row]:
    """Give one row for each photograph that was measured, zone and method.

    Parameters
    ----------
    records
        The photographs in the table's order.
    readings
        Of the photographs, the baseline among them.
    methods
        What was read.
    factors
        What repeats say about the stated errors.
    parameters
        Supplies the changes that matter.
    """
    matters = {m.name: change_that_matters(m.sign, parameters) for m in methods}
    for record in records:
        for method in methods:
            zones = readings.get(record.name, {}).get(method.name, {})
            for zone in (z for z in ZONES if z in zones):
                reading = factors.apply(method.name, zone, zones[zone])
                if record.is_baseline:
                    if math.isfinite(reading.value):
                        yield _row(record, method, zone, _unchanged(reading), Verdict.NO_CHANGE)
                    continue
                said = verdict(reading, matters[method.name])
                yield _row(record, method, zone, reading, said)


def _unchanged(reading: ZoneReading) -> ZoneReading:
    """The baseline's state; against itself it has not changed, by definition."""
    return ZoneReading(reading.value, reading.sd, 0.0, 0.0, 0.0, {}, reading.reason)


def by_photo(rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    """Return the rows of each photograph, in the table's order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.photo, []).append(row)
    return found


def _row(
    record: PhotoRecord, method: Method, zone: str, reading: ZoneReading, said: Verdict
) -> Row:
    return Row(
        photo=record.name,
        taken_at=record.taken_at,
        day=record.day,
        zone=zone,
        sign=method.sign,
        method=method.name,
        unit=method.unit,
        value=reading.value,
        sd=reading.sd,
        status=reading.status,
        reason=BASELINE_REASON if record.is_baseline and not reading.reason else reading.reason,
        change=reading.change,
        change_sd=reading.change_sd,
        smallest_real_change=smallest_real_change(reading),
        verdict=said,
    )
