"""From the tables of a file to sessions: zones filled in, devices looked up, series unrolled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from micropen.anatomy import ZONES, expand_zone
from micropen.errors import TreatmentError, UnknownNameError
from micropen.treatment.catalogue import device
from micropen.treatment.device import Device
from micropen.treatment.file_format import SeriesTable, SessionTable, SettingTable
from micropen.treatment.session import Session, ZoneSetting

_SECONDS_PER_DAY: Final = 86400.0

# Before the first needling rollers, or far ahead, the year is a slip of the pen.
_FIRST_YEAR: Final = 1995
_LAST_YEAR: Final = 2100


def _complete(
    where: str, own: SettingTable, face: SettingTable | None, used: Device
) -> ZoneSetting:
    base = face or SettingTable()
    length = base.needle_length_mm if own.needle_length_mm is None else own.needle_length_mm
    passes = base.passes if own.passes is None else own.passes
    if length is None and used.fixed_length:
        length = used.needle_length_min_mm
    if length is None or passes is None:
        name = "needle_length_mm" if length is None else "passes"
        raise TreatmentError(
            f"{where}.{name} is missing; state it there, or in face for all zones."
        )
    return ZoneSetting(needle_length_mm=length, passes=passes)


def _named(where: str, table: SessionTable) -> dict[str, tuple[str, SettingTable | None]]:
    """Zones named in the file: the key as written, and the setting (None = left out)."""
    found: dict[str, tuple[str, SettingTable | None]] = {}
    # A name for both sides first, so that "cheek_left" may refine "cheek".
    for key in sorted(table.zones, key=lambda k: len(_expanded(where, k)), reverse=True):
        setting = table.zones[key]
        for zone in _expanded(where, key):
            found[zone] = (key, setting if isinstance(setting, SettingTable) else None)
    return found


def _expanded(where: str, key: str) -> tuple[str, ...]:
    try:
        return expand_zone(key)
    except UnknownNameError as error:
        raise type(error)(f"{where}.zones: {error}") from None


def _zone_settings(where: str, table: SessionTable, used: Device) -> Mapping[str, ZoneSetting]:
    named = _named(where, table)
    settings: dict[str, ZoneSetting] = {}
    for zone in ZONES:
        if zone in named:
            key, own = named[zone]
            if own is not None:
                settings[zone] = _complete(f"{where}.zones.{key}", own, table.face, used)
        elif table.face is not None:
            settings[zone] = _complete(f"{where}.face", table.face, None, used)
    if not settings:
        raise TreatmentError(
            f"{where} treats no zone; state face = {{ needle_length_mm = 1.0, passes = 4 }} or "
            f"name zones: {', '.join(ZONES)}."
        )
    return settings


def _strike_rate_hz(where: str, table: SessionTable, used: Device) -> float:
    asked = table.strike_rate_hz
    if asked is None:
        return used.strike_rate_hz
    low, high = used.strike_rate_min_hz, used.strike_rate_max_hz
    if not low <= asked <= high:
        allowed = "none: it has no motor"
        if high:
            allowed = f"{high:g} Hz only" if low == high else f"{low:g} to {high:g} Hz"
        raise TreatmentError(f"{where}.strike_rate_hz is {asked:g}; {used.label} allows {allowed}.")
    return asked


def _hand_speed_mm_per_s(where: str, table: SessionTable, used: Device) -> float:
    if table.hand_speed_mm_per_s is None:
        return used.hand_speed_mm_per_s
    if used.kind != "pen":
        raise TreatmentError(
            f"{where}.hand_speed_mm_per_s belongs to a pen; {used.label} is a {used.kind}: "
            "leave it out."
        )
    return table.hand_speed_mm_per_s


def _session(where: str, table: SessionTable, moment: datetime, first: datetime) -> Session:
    try:
        used = device(table.device)
    except UnknownNameError as error:
        raise type(error)(f"{where}.device: {error}") from None
    return session_with(used, where, table, moment, first)


def session_with(
    used: Device, where: str, table: SessionTable, moment: datetime, first: datetime
) -> Session:
    """Build one session with a device that need not be in the catalogue.

    Parameters
    ----------
    used
        The device; ``table.device`` is not looked at.
    where
        Place in the file, for sentences.
    table
        The session as written.
    moment, first
        End of this session, and of the first one.

    Raises
    ------
    TreatmentError, UnknownNameError
        Naming the place in the file.
    """
    return Session(
        date=moment.date(),
        time_of_day=moment.time(),
        day=(moment - first).total_seconds() / _SECONDS_PER_DAY,
        device=used,
        anaesthetic=table.anaesthetic,
        aftercare=table.aftercare,
        zones=_zone_settings(where, table, used),
        strike_rate_hz=_strike_rate_hz(where, table, used),
        hand_speed_mm_per_s=_hand_speed_mm_per_s(where, table, used),
    )


def _check_dates(tables: tuple[SessionTable, ...]) -> None:
    for number, table in enumerate(tables, start=1):
        if not _FIRST_YEAR <= table.date.year <= _LAST_YEAR:
            raise TreatmentError(
                f"session[{number}].date is {table.date}; a session lies between {_FIRST_YEAR} and "
                f"{_LAST_YEAR}: check the year."
            )
    for number, (before, after) in enumerate(pairwise(tables), start=2):
        if after.moment - before.moment < timedelta(days=1):
            raise TreatmentError(
                f"session[{number}].date is {after.moment:%Y-%m-%d %H:%M}, not at least one day "
                f"after session[{number - 1}] ({before.moment:%Y-%m-%d %H:%M}); list sessions in "
                "order of time, one a day at most."
            )


def sessions(tables: tuple[SessionTable, ...], series: SeriesTable | None) -> tuple[Session, ...]:
    """Build the sessions of a treatment.

    Parameters
    ----------
    tables
        The ``[[session]]`` tables of the file.
    series
        The ``[series]`` table, which repeats a single session.

    Returns
    -------
    tuple
        Sessions in order of time; the first has ``day`` 0.

    Raises
    ------
    TreatmentError, UnknownNameError
        Naming the place in the file.
    """
    if series is not None and len(tables) > 1:
        raise TreatmentError(
            f"[series] repeats one session, but the file has {len(tables)} [[session]] tables; "
            "leave out [series] or all but the first session."
        )
    _check_dates(tables)
    first = tables[0].moment
    if series is not None:
        step = timedelta(days=series.interval_days)
        return tuple(
            _session("session[1]", tables[0], first + n * step, first) for n in range(series.count)
        )
    return tuple(
        _session(f"session[{n}]", table, table.moment, first)
        for n, table in enumerate(tables, start=1)
    )
