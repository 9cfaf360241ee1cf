"""What was done: from an arm as written to sessions, one protocol for each way of doing it."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from micropen.anatomy import ZONES, expand_zone
from micropen.errors import MicropenError, UnknownNameError
from micropen.healing.time_grid import HORIZON_LIMIT
from micropen.studies.device_of_study import described_device
from micropen.studies.file_format import ArmTable, DeviceTable, LengthRange, PassesRange
from micropen.studies.group import baselines_of, default, group_of
from micropen.studies.study import Arm
from micropen.studies.study_errors import CannotSimulateError, MisstatedError
from micropen.studies.toml_lines import Path
from micropen.toml_files import nearest
from micropen.treatment import Anaesthetic, Device, Session, device
from micropen.treatment.assemble import session_with
from micropen.treatment.file_format import SessionTable, SettingTable

# A range is done at the midpoints of its quarters. The second order is uncorrelated with the
# first, so that a long needle goes with few passes as often as with many.
_LENGTH_ORDER: Final = (0, 1, 2, 3)
_PASSES_ORDER: Final = (1, 3, 0, 2)

# Sessions have dates; a study counts days. Any date will do.
_FIRST: Final = datetime(2000, 1, 3, 10)

# Settings are compared in mm; a hundredth of a micrometre is rounding, not a setting.
_SAME_MM: Final = 1e-5


def arm_of(key: str, table: ArmTable, source: str) -> Arm:
    """Build one arm.

    Parameters
    ----------
    key, table
        The arm as written.
    source
        Bibliography key of the study, for a device that the file describes.

    Raises
    ------
    MisstatedError
        The file contradicts itself.
    CannotSimulateError
        The model cannot follow this arm.
    """
    place: Path = ("arm", key)
    _check_assumed(table, place)
    assumed = list(table.assumed)
    baselines = baselines_of(table, place, assumed)
    days = _session_days(table, place, assumed)
    zones = _zones(table.zones, (*place, "zones"), assumed)
    read = zones if table.read_zones is None else _zones(table.read_zones, (*place, "read_zones"))
    untreated = [zone for zone in read if zone not in zones]
    if untreated:
        raise MisstatedError((*place, "read_zones"), f"has {', '.join(untreated)}, not in zones")
    used = _device(table, place, source, assumed)
    settings = _settings(table, used, place, assumed)
    group = group_of(table, place, assumed)
    assumed.extend(name for name in ("anaesthetic", "aftercare") if getattr(table, name) is None)
    return Arm(
        key=key,
        group=group,
        protocols=tuple(
            _sessions(table, used, setting, zones, days, place) for setting in settings
        ),
        read_zones=read,
        baselines=baselines,
        controlled=table.controlled,
        co_treatment=table.co_treatment,
        assumed=tuple(dict.fromkeys(assumed)),
    )


def _check_assumed(table: ArmTable, place: Path) -> None:
    for number, name in enumerate(table.assumed):
        if name.split(".")[0] not in ArmTable.model_fields:
            hint = nearest(name, ArmTable.model_fields.keys())
            raise MisstatedError(
                (*place, "assumed", number), f"is {name!r}, no field of an arm; {hint}"
            )


def _session_days(table: ArmTable, place: Path, assumed: list[str]) -> tuple[float, ...]:
    if table.session_days is None:
        days = _regular_days(table, assumed)
    else:
        days = table.session_days
        where = (*place, "session_days")
        if table.sessions is not None or table.interval_days is not None:
            raise MisstatedError(
                where, "stands beside sessions or interval_days; state one of both"
            )
        if days[0] != 0.0:
            raise MisstatedError(where, f"begins with {days[0]:g}; the first session is on day 0")
        if any(after - before < 1.0 for before, after in pairwise(days)):
            raise MisstatedError(where, "must be in order of time, at least one day apart")
    if days[-1] >= HORIZON_LIMIT:
        name = "sessions" if table.session_days is None else "session_days"
        raise MisstatedError(
            (*place, name),
            f"puts the last session on day {days[-1]:g}; a simulation ends before day "
            f"{HORIZON_LIMIT:g}",
        )
    return days


def _regular_days(table: ArmTable, assumed: list[str]) -> tuple[float, ...]:
    count, interval = table.sessions, table.interval_days
    if count is None:
        assumed.append("sessions")
        count = 1
    if interval is None:
        interval = default("interval")
        if count > 1:
            assumed.append("interval_days")
    return tuple(number * interval for number in range(count))


def _zones(
    names: tuple[str, ...] | None, place: Path, assumed: list[str] | None = None
) -> tuple[str, ...]:
    if names is None:
        if assumed is not None:
            assumed.append("zones")
        return ZONES
    found: set[str] = set()
    for number, name in enumerate(names):
        try:
            found.update(expand_zone(name))
        except UnknownNameError as error:
            sentence = str(error).rstrip(".")
            raise CannotSimulateError(
                (*place, number),
                f"{sentence[0].lower()}{sentence[1:]}; only zones of the face are simulated",
            ) from None
    return tuple(zone for zone in ZONES if zone in found)


def _device(table: ArmTable, place: Path, source: str, assumed: list[str]) -> Device:
    where = (*place, "device")
    if table.device is None:
        raise CannotSimulateError(where, "no device is stated")
    if isinstance(table.device, DeviceTable):
        return described_device(table.device, table.needle_length_mm, where, source, assumed)
    try:
        return device(table.device)
    except UnknownNameError as error:
        sentence = str(error).rstrip(".")
        raise CannotSimulateError(
            where, f"{sentence[0].lower()}{sentence[1:]}; or describe it in a table"
        ) from None


def _quarters(stated: LengthRange | PassesRange, order: tuple[int, ...]) -> list[float]:
    step = (stated.high - stated.low) / len(order)
    return [stated.low + (quarter + 0.5) * step for quarter in order]


def _settings(
    table: ArmTable, used: Device, place: Path, assumed: list[str]
) -> list[tuple[float, float]]:
    """Needle length, mm, and passes of every protocol."""
    length = _length(table, used, (*place, "needle_length_mm"))
    passes = table.passes
    if passes is None:
        assumed.append("passes")
        passes = PassesRange(low=default("passes_low"), high=default("passes_high"))
    for name, stated in (("needle_length_mm", length), ("passes", passes)):
        if stated.low > stated.high:
            raise MisstatedError(
                (*place, name), f"has low {stated.low:g} above high {stated.high:g}; swap them"
            )
    if length.low == length.high and passes.low == passes.high:
        return [(length.low, passes.low)]
    lengths, turns = _quarters(length, _LENGTH_ORDER), _quarters(passes, _PASSES_ORDER)
    return list(zip(lengths, turns, strict=True))


def _length(table: ArmTable, used: Device, place: Path) -> LengthRange:
    low, high = used.needle_length_min_mm, used.needle_length_max_mm
    stated = table.needle_length_mm
    if stated is None:
        if not used.fixed_length:
            raise CannotSimulateError(
                place, f"no needle length is stated, and {used.label} has no fixed one"
            )
        return LengthRange(low=low, high=high)
    if stated.low < low - _SAME_MM or stated.high > high + _SAME_MM:
        asked = f"{stated.low:g}" + (f" to {stated.high:g}" if stated.high > stated.low else "")
        has = f"{low:g}" + (f" to {high:g}" if high > low else "")
        raise CannotSimulateError(
            place, f"a needle length of {asked} mm is stated; {used.label} has {has} mm"
        )
    return stated


def _sessions(
    table: ArmTable,
    used: Device,
    setting: tuple[float, float],
    zones: tuple[str, ...],
    days: tuple[float, ...],
    place: Path,
) -> tuple[Session, ...]:
    length, passes = setting
    stated = {
        # Hardly any trial needles without a numbing cream.
        "anaesthetic": table.anaesthetic or Anaesthetic.TOPICAL,
        "strike_rate_hz": table.strike_rate_hz,
        "hand_speed_mm_per_s": table.hand_speed_mm_per_s,
        "aftercare": table.aftercare,
    }
    written = SessionTable.model_validate(
        {
            "date": _FIRST.date(),
            "device": used.name,
            "zones": dict.fromkeys(zones, SettingTable(needle_length_mm=length, passes=passes)),
            **{name: value for name, value in stated.items() if value is not None},
        }
    )
    try:
        return tuple(
            session_with(used, "", written, _FIRST + timedelta(days=day), _FIRST) for day in days
        )
    except MicropenError as error:
        raise CannotSimulateError(place, str(error).removeprefix(".").rstrip(".")) from None
