"""A device that a study file describes itself, completed from the usual one of its kind."""

from __future__ import annotations

from typing import Final

from micropen.evidence import Grade
from micropen.studies.file_format import DeviceTable, LengthRange
from micropen.studies.study_errors import CannotSimulateError, MisstatedError
from micropen.studies.toml_lines import Path
from micropen.treatment import Device, DeviceNumber, device

_USUAL: Final = {"pen": "skinpen-precision", "roller": "dermaroller-192", "stamp": "dermastamp"}

_COMMON: Final = ("needle_count", "needle_diameter_mm", "needle_taper_mm")
_OF_KIND: Final = {
    "pen": ("strike_rate_hz", "tip_width_mm", "hand_speed_mm_per_s"),
    "roller": ("drum_diameter_mm", "drum_width_mm"),
    "stamp": ("plate_area_cm2",),
}
_UNITS: Final = {"_per_s": "mm/s", "_mm": "mm", "_hz": "Hz", "_cm2": "cm2"}


def _lengths(table: DeviceTable, asked: LengthRange | None, place: Path) -> tuple[float, float]:
    low, high = table.needle_length_min_mm, table.needle_length_max_mm
    if low is None and high is None:
        if asked is None:
            raise CannotSimulateError(place, "no needle length is stated")
        return asked.low, asked.high
    ends = [end for end in (low, high) if end is not None]
    low, high = ends[0], ends[-1]
    if low > high:
        raise MisstatedError(place, f"has needle_length_min_mm {low:g} above its maximum {high:g}")
    return low, high


def _numbers(
    table: DeviceTable, usual: Device, place: Path, assumed: list[str]
) -> dict[str, float]:
    own = (*_COMMON, *_OF_KIND[table.kind])
    for kind, names in _OF_KIND.items():
        for name in names:
            if kind != table.kind and getattr(table, name) is not None:
                raise MisstatedError((*place, name), f"belongs to a {kind}; this is a {table.kind}")
    stated = {name: getattr(table, name) for name in own}
    assumed.extend(f"device.{name}" for name, value in stated.items() if value is None)
    return {
        name: getattr(usual, name) if value is None else value for name, value in stated.items()
    }


def _number(name: str, value: float, stated: bool, source: str) -> DeviceNumber:
    unit = next((unit for ending, unit in _UNITS.items() if name.endswith(ending)), "1")
    return DeviceNumber(
        value=value,
        unit=unit,
        source=source if stated and source else "assumed",
        grade=Grade.D,
        note="As the study file states it." if stated else "As the usual device of its kind.",
    )


def described_device(
    table: DeviceTable,
    asked: LengthRange | None,
    place: Path,
    source: str,
    assumed: list[str],
) -> Device:
    """Build a device from its table in a study file.

    Parameters
    ----------
    table
        As written; what is left out is taken from the usual device of its kind.
    asked
        Needle lengths of the arm, which the device has where it does not say.
    place
        Where the table stands.
    source
        Bibliography key of the study, may be empty.
    assumed
        Every field that was filled in is added to it.

    Raises
    ------
    MisstatedError
        Numbers that another kind of device has, or lengths the wrong way round.
    CannotSimulateError
        No needle length, neither of the device nor of the arm.
    """
    usual = device(_USUAL[table.kind])
    numbers = _numbers(table, usual, place, assumed)
    low, high = _lengths(table, asked, place)
    numbers |= {"needle_length_min_mm": low, "needle_length_max_mm": high}
    evaluated = table.evaluated_length_max_mm or usual.evaluated_length_max_mm
    numbers["evaluated_length_max_mm"] = evaluated
    rate = numbers.get("strike_rate_hz", 0.0)
    return Device.model_validate(
        {
            **numbers,
            "name": table.name,
            "label": table.name,
            "maker": "as the study states",
            "kind": table.kind,
            "aliases": (),
            "indication": "not seen",
            "strike_rate_min_hz": rate,
            "strike_rate_max_hz": rate,
            "evidence": {
                name: _number(name, value, getattr(table, name) is not None, source)
                for name, value in numbers.items()
            },
        }
    )
