"""The devices that the program knows: one data file each under ``data/devices``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from micropen.errors import unknown_name
from micropen.treatment.device import Device

_UNIT_SUFFIX: Final = {
    "1": "",
    "mm": "_mm",
    "Hz": "_hz",
    "mm/s": "_mm_per_s",
    "cm2": "_cm2",
    "year": "_years",
}


def _device(row: Mapping[str, Any]) -> Device:
    numbers = {key: entry for key, entry in row.items() if isinstance(entry, Mapping)}
    values = {key + _UNIT_SUFFIX[entry["unit"]]: entry["value"] for key, entry in numbers.items()}
    words = {key: entry for key, entry in row.items() if key not in numbers}
    return Device.model_validate({**words, **values, "evidence": numbers})


@cache
def devices() -> Mapping[str, Device]:
    """Read the device catalogue.

    Returns
    -------
    Mapping
        Every `Device` by its name, sorted.
    """
    folder = files("micropen.treatment") / "data" / "devices"
    found = [
        _device(tomllib.loads(file.read_text(encoding="utf-8")))
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    ]
    return MappingProxyType({d.name: d for d in sorted(found, key=lambda d: d.name)})


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


@cache
def _names() -> Mapping[str, str]:
    return {
        _slug(alias): device.name
        for device in devices().values()
        for alias in (device.name, device.label, *device.aliases)
    }


def device(name: str) -> Device:
    """Return one device, by its name, printed name or alias, in any case.

    Raises
    ------
    UnknownNameError
        With the nearest names.
    """
    try:
        return devices()[_names()[_slug(name)]]
    except KeyError:
        raise unknown_name("device", name, devices()) from None
