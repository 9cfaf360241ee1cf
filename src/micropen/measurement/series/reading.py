"""From a folder or a list of files to an ordered series."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from os import PathLike
from pathlib import Path

from micropen.errors import PhotoError
from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.series.dating import (
    as_datetime,
    dated,
    implied_session,
    in_order,
    misfit_notes,
    told_of,
    with_date_warnings,
)
from micropen.measurement.series.duplicates import set_copies_aside
from micropen.measurement.series.entry import Series, SeriesEntry, SetAside
from micropen.measurement.series.look import Look, look_at
from micropen.measurement.series.moments import with_moments
from micropen.measurement.series.picture_files import AnyPath, names_of, passed_over, picture_files
from micropen.measurement.series.series_file import (
    FILE_NAME,
    SeriesTable,
    check_names,
    read_series_file,
)

_Looked = tuple[Path, str, Look]


def read_series(
    paths: Sequence[AnyPath] | AnyPath,
    series_file: str | PathLike[str] | None = None,
    *,
    sessions: Sequence[datetime] = (),
    now: datetime | None = None,
    progress: Callable[[str, float], None] | None = None,
    parameters: ParameterSet | None = None,
) -> Series:
    """Put the photographs of one person in order.

    Parameters
    ----------
    paths
        A folder, or photographs.
    series_file
        TOML that tells dates, states and repeats (docs/photo-series.md); else ``series.toml`` in
        the folder, if there is one.
    sessions
        Times of the sessions, from a treatment file.
    now
        Time that "in the future" is counted from; the clock's by default.
    progress
        Called with ``"files"`` and the share of files looked at.
    parameters
        Supplies ``measurement.series.*``.

    Returns
    -------
    Series
        Two photographs at least. Files that cannot be read, and copies, are in `set_aside`.

    Raises
    ------
    PhotoError
        No photograph, one only, a missing path, a wrong series file.
    """
    chosen = parameters or load_parameters()
    files, folder = picture_files(paths)
    names = names_of(files)
    table, label = _table(series_file, folder)
    check_names(table, names, label)
    looked, aside = _looked(files, names, table, progress or (lambda _stage, _share: None))
    kept, copies = set_copies_aside(looked, chosen)
    entries = [dated(p, n, look, told_of(table.photo, n, p)) for p, n, look in kept]
    entries = [replace(e, state=e.state or table.state) for e in entries]
    _enough(entries, [*aside, *copies])
    told = as_datetime(table.session)[0] if table.session is not None else None
    first = min(sessions, default=None) or told or implied_session(entries)
    moment = now or datetime.now()
    ordered, notes = in_order(with_date_warnings(entries, first, moment, sessions), first)
    known = tuple(sessions) or ((first,) if first is not None else ())
    notes = (*passed_over(paths), *misfit_notes(ordered, known), *notes)
    ordered = with_moments(ordered, table.repeats, first, chosen)
    return Series(
        tuple(ordered), (*aside, *copies), first, table.baseline, table.treated, notes,
        table.ita_deg,
    )  # fmt: skip


def _table(given: str | PathLike[str] | None, folder: Path | None) -> tuple[SeriesTable, str]:
    if given is not None:
        return read_series_file(Path(given)), Path(given).name
    if folder is not None and (folder / FILE_NAME).exists():
        return read_series_file(folder / FILE_NAME), FILE_NAME
    return SeriesTable(), ""


def _looked(
    files: Sequence[Path],
    names: Sequence[str],
    table: SeriesTable,
    report: Callable[[str, float], None],
) -> tuple[list[_Looked], list[SetAside]]:
    looked: list[_Looked] = []
    aside: list[SetAside] = []
    for done, (path, name) in enumerate(zip(files, names, strict=True)):
        report("files", done / len(files))
        if told_of(table.photo, name, path).leave_out:
            aside.append(SetAside(path, name, f"{name} is left out: the series file says so."))
            continue
        try:
            looked.append((path, name, look_at(path)))
        except PhotoError as error:
            aside.append(SetAside(path, name, str(error)))
    return looked, aside


def _enough(entries: Sequence[SeriesEntry], aside: Sequence[SetAside]) -> None:
    """Refuse a series with nothing to compare."""
    if len(entries) > 1:
        return
    found = f"only one ({entries[0].name})" if entries else "none"
    why = f" {aside[0].reason}" if aside else ""
    more = f" ({len(aside) - 1} more were set aside.)" if len(aside) > 1 else ""
    raise PhotoError(
        f"Two photographs at least are needed to see a change; {found} can be used.{why}{more}"
    )
