"""Figures of published numbers against predicted bands: one family of signs each."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from micropen.observation import Kind
from micropen.report.axis import Axis, axis_for
from micropen.report.validation.families import family_of, family_order, family_title
from micropen.studies.prediction import is_share
from micropen.studies.study import Claim, Statistic
from micropen.studies.validation_row import Row

ROLE_WORDS: Final = {"fit": "fitted", "held_out": "held out", "check": "check"}


@dataclass(frozen=True, slots=True)
class Span:
    """From one place to another, in per cent of the width; open ends are drawn as arrows."""

    start: float
    end: float
    open_start: bool = False
    open_end: bool = False

    @property
    def width(self) -> float:
        """In per cent, never invisible."""
        return round(max(self.end - self.start, 0.3), 2)


@dataclass(frozen=True, slots=True)
class Strip:
    """One row of a figure.

    Parameters
    ----------
    row
        What it shows.
    name
        Short name of the study.
    role
        In words.
    band, inner
        90 % and 50 % predictive bands.
    median
        Place of the predicted median.
    value
        Place of the published number; None for a bound.
    claim
        Published bound; None for a number.
    error
        The published number's own 90 % interval; None where unknown.
    """

    row: Row
    name: str
    role: str
    band: Span
    inner: Span
    median: float
    value: float | None
    claim: Span | None
    error: Span | None


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows on one axis.

    Parameters
    ----------
    title
        What the axis measures.
    axis
        Place of values.
    ticks
        Place and words of each tick.
    strips
        The rows.
    """

    title: str
    axis: Axis
    ticks: tuple[tuple[float, str], ...]
    strips: tuple[Strip, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """All rows of one family of signs."""

    key: str
    title: str
    panels: tuple[Panel, ...]

    @property
    def rows(self) -> list[Row]:
        """Rows of all its panels."""
        return [strip.row for panel in self.panels for strip in panel.strips]

    @property
    def inside(self) -> int:
        """Rows that are inside, or compatible."""
        return sum(row.score.inside for row in self.rows)


def short_name(row: Row) -> str:
    """Return a study's short name: first author and year, else its key."""
    year = re.search(r"\((\d{4})\)", row.study.citation)
    # A surname with initials: anything else is no author ("Several clinics", "One person").
    author = re.match(r"([A-ZÀ-Ý][\w'’-]+(?: [A-ZÀ-Ý][\w'’-]+)?) [A-Z]{1,3}\b", row.study.citation)
    if author is None or year is None:
        return row.study.key.replace("_", " ")
    return f"{author[1]} {year[1]}"


def _axis_title(row: Row) -> str:
    name = row.scale.name.replace("_", " ")
    statistic = row.finding.statistic
    if statistic is Statistic.RATIO:
        return "ratio of two arms"
    if row.as_fraction:
        relative = not is_share(row.finding, row.scale)
        who = "practices" if row.scale.name.startswith("practice_") else "people"
        return "relative change, %" if relative else f"share of {who}, %"
    if row.scale.kind is Kind.EVENT:
        return "days since the session"
    unit = "" if row.scale.unit in {"", "1"} else f", {row.scale.unit}"
    if statistic in {Statistic.MEAN_CHANGE, Statistic.DIFFERENCE}:
        return f"change in {name}{unit}"
    return f"{name}{unit}"


def _span(axis: Axis, low: float, high: float) -> Span:
    return Span(axis.at(low), axis.at(high), axis.beyond(low), axis.beyond(high))


def _values(rows: Iterable[Row]) -> list[float]:
    found: list[float] = []
    for row in rows:
        found += [row.prediction.low, row.prediction.high, row.prediction.median]
        found += [row.finding.low, row.finding.high, *row.published_error]
    return found


def _strip(row: Row, axis: Axis) -> Strip:
    finding, expected = row.finding, row.prediction
    number = finding.claim is Claim.EQUALS
    error = row.published_error
    return Strip(
        row=row,
        name=short_name(row),
        role=ROLE_WORDS[finding.role.value],
        band=_span(axis, expected.low, expected.high),
        inner=_span(axis, *expected.inner),
        median=axis.at(expected.median),
        value=axis.at(finding.low) if number else None,
        claim=None if number else _span(axis, finding.low, finding.high),
        error=None if math.isnan(error[0]) else _span(axis, *error),
    )


def _tick(row: Row, value: float) -> str:
    return f"{100.0 * value:.4g}" if row.as_fraction else f"{value:.4g}"


def _panel(title: str, rows: Sequence[Row]) -> Panel:
    share = title.startswith("share")
    below_zero = any(value < 0.0 for value in _values(rows) if math.isfinite(value))
    floor = -math.inf if below_zero else 0.0
    axis = axis_for(_values(rows), floor, 1.0 if share else math.inf)
    ticks = tuple((axis.at(tick), _tick(rows[0], tick)) for tick in axis.ticks)
    return Panel(title, axis, ticks, tuple(_strip(row, axis) for row in rows))


def _day(row: Row) -> float:
    return math.inf if row.finding.day is None else row.finding.day


def figures(rows: Sequence[Row]) -> list[Figure]:
    """Arrange rows in one figure per family of signs, and there in panels of one axis each."""
    families: dict[str, dict[str, list[Row]]] = {}
    for row in rows:
        family = families.setdefault(family_of(row.scale.name), {})
        family.setdefault(_axis_title(row), []).append(row)
    return [
        Figure(
            key,
            family_title(key),
            tuple(
                _panel(title, sorted(some, key=lambda r: (r.scale.name, _day(r), r.study.key)))
                for title, some in families[key].items()
            ),
        )
        for key in sorted(families, key=family_order)
    ]
