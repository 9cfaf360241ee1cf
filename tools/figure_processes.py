"""One picture a process: its states and signs after the reference session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from textwrap import fill
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np

from figure_style import (
    GREEN,
    GREY,
    INK,
    PURPLE,
    SIGN,
    STATE,
    WIDTH_INCH,
    band,
    linear_time_axis,
    log_time_axis,
    note,
    quantiles,
    save,
)
from figure_treatments import DRAWS, SEED, ZONE, plan
from micropen.evidence import load_parameters
from micropen.healing.process import Process
from micropen.healing.state_course import StateCourse, state_course
from micropen.signs import SIGNS

REFERENCE_LINE: Final = (
    "Response to one SkinPen session, 1.0 mm, 4 passes, cheek; woman of 40, phototype III. "
    "Line: median, with its extreme in grey. Band: 5-95 % of draws (what is not known, and how "
    "people differ)."
)
LONGEST: Final = 365.0
LOG_BEYOND: Final = 300.0  # a longer range of times is drawn on a logarithmic axis
IN_DAYS: Final = frozenset({"scaling"})  # read in days by everybody, although it starts in hours
LATE: Final = 0.08  # share of its peak below which a curve is over


@dataclass(frozen=True)
class Panel:
    """One curve: what it is called, what it means, its unit and its draws."""

    name: str
    meaning: str
    unit: str
    colour: str
    values: np.ndarray

    @property
    def title(self) -> str:
        """Name in words; Roman numerals of the collagens stay upright."""
        words = self.name.replace("_", " ").replace(" iii", " III")
        words = words[:-2] + " I" if words.endswith(" i") else words
        return f"sign: {words}" if self.colour == SIGN else words


def _panels(process: Process, course: StateCourse) -> list[Panel]:
    panels = []
    for state in process.states:
        meaning = state.meaning
        unit = "per cm²" if "per cm²" in meaning else "VAS" if "VAS" in meaning else "dimensionless"
        panels.append(Panel(state.name, meaning, unit, STATE, course.states[state.name]))
    for readout in process.readouts:
        sign = SIGNS[readout.sign]
        unit = {"1": "dimensionless", "1/cm2": "per cm²"}.get(sign.unit, sign.unit)
        panels.append(Panel(sign.name, sign.definition, unit, SIGN, course.signs[sign.name]))
    return panels


def _moves(days: np.ndarray, panels: Sequence[Panel]) -> tuple[float, float]:
    """Days on which the first of the curves has moved and the last is over, by their medians."""
    first, last = [], []
    for panel in panels:
        middle = np.median(panel.values, axis=0)
        size = np.abs(middle).max()
        if size > 0.0:
            first.append(days[(np.abs(middle - middle[0]) > 0.2 * size).argmax()])
            last.append(days[np.flatnonzero(np.abs(middle) > LATE * size)[-1]])
    return (min(first), max(last)) if first else (1.0, 30.0)


def _duration(day: float) -> str:
    """A time in the unit that suits it."""
    if day < 0.04:
        return f"{day * 1440.0:.0f} min"
    return f"{day * 24.0:.0f} h" if day < 1.95 else f"{day:.0f} d"


def _extreme(days: np.ndarray, table: np.ndarray) -> str:
    """Where the median is farthest from zero, in words."""
    size = np.abs(table[1])
    if size.max() < 0.005 * np.abs(table).max():
        return "median close to 0"
    first = int((size > 0.99 * size.max()).argmax())
    value = f"{table[1][size.argmax()]:.2g}"
    if first == 0:
        return f"{value} at the start"
    kind = "peak" if table[1][first] > 0.0 else "lowest"
    return f"{kind} {value} at {_duration(days[size.argmax()])}"


def _draw_panel(ax: Any, days: np.ndarray, panel: Panel, scale: float, width: int) -> int:
    """Draw one panel; returns the lines that its meaning takes."""
    table = quantiles(panel.values)
    band(ax, days / scale, table, panel.colour)
    meaning = fill(panel.meaning, width)
    lines = meaning.count("\n") + 1
    ax.text(0.0, 1.03, meaning, transform=ax.transAxes, fontsize=7.0, color=INK, va="bottom")
    ax.text(
        0.99,
        0.97,
        _extreme(days, table),
        transform=ax.transAxes,
        fontsize=7.0,
        color=GREY,
        ha="right",
        va="top",
    )
    ax.set_ylabel(panel.unit)
    largest = float(np.abs(table).max())
    if table.min() >= -1e-4 * largest:
        # Room above the band for the line about the peak.
        ax.set_ylim(0.0, 1.15 * largest if largest > 0.0 else 1.0)
    else:
        ax.axhline(0.0, color=GREY, linewidth=0.8)
    return lines


@dataclass(frozen=True)
class Comparison:
    """A state under several treatments, where one usual session hardly shows what it is for.

    Parameters
    ----------
    state, title, meaning
        What is drawn, and what its panel says.
    runs
        Label to settings of `plan`.
    threshold
        A parameter to mark, or an empty string.
    days
        Length of the axis.
    """

    state: str
    title: str
    meaning: str
    runs: Mapping[str, Mapping[str, float]]
    threshold: str
    days: float


COMPARED: Final = {
    "islands": Comparison(
        "bare_surface",
        "bare surface, denser",
        "the same after more passes at 1.5 mm",
        {f"{n} passes": {"needle_length_mm": 1.5, "passes": n} for n in (4, 10, 20)},
        "",
        10.0,
    ),
    "proteolysis": Comparison(
        "protease",
        "protease, too soon",
        "the same at 1.5 mm, once and three times",
        {
            "one session": {"needle_length_mm": 1.5},
            "three, 2 days apart": {"needle_length_mm": 1.5, "sessions": 3, "interval_days": 2.0},
        },
        "healing.collagen.half_protease",
        14.0,
    ),
    "fibrosis": Comparison(
        "lasting_signal",
        "lasting signal, too much",
        "the same for a usual and two excessive sessions",
        {
            "1.5 mm, 4 passes": {"needle_length_mm": 1.5},
            "1.5 mm, 20 passes": {"needle_length_mm": 1.5, "passes": 20.0},
            "2.5 mm, 20 passes": {"needle_length_mm": 2.5, "passes": 20.0},
        },
        "healing.collagen.half_lasting_signal",
        21.0,
    ),
}


def _draw_comparison(ax: Any, comparison: Comparison) -> int:
    """Draw a state under several treatments; returns the lines that its meaning takes."""
    days = np.linspace(0.0, comparison.days, 169)
    for (label, settings), colour in zip(
        comparison.runs.items(), (STATE, PURPLE, GREEN), strict=False
    ):
        course = state_course(plan(**settings), ZONE, days, DRAWS, SEED)
        band(ax, days, quantiles(course.states[comparison.state]), colour, label=label)
    if comparison.threshold:
        limit = load_parameters().value(comparison.threshold)
        name = comparison.threshold.rpartition(".")[2].replace("_", " ")
        ax.axhline(limit, color=GREY, linestyle="--", linewidth=1.0, label=f"collagen: {name}")
    ax.set_xlim(0.0, comparison.days)
    ax.set_ylim(bottom=0.0)
    ax.set_xlabel("days since the first session")
    ax.set_ylabel("dimensionless")
    ax.text(
        0.0, 1.03, comparison.meaning, transform=ax.transAxes, fontsize=7.0, color=INK, va="bottom"
    )
    ax.legend(loc="upper right", fontsize=7.0)
    return 1


def _shared_time(
    axes: Sequence[Any], span: tuple[float, float], most: int, logarithmic: bool
) -> tuple[float, str]:
    """Give all panels one time axis; returns days per unit and the label."""
    first, last = span
    if logarithmic:
        for ax in axes:
            log_time_axis(ax, 0.3 * first, last, most)
        return 1.0, "time since the session (log)"
    scale, unit = 1.0, ""
    for ax in axes:
        scale, unit = linear_time_axis(ax, last)
    return scale, f"{unit} since the session"


def draw_process(process: Process) -> str:
    """Draw the states and signs of one process after the reference session."""
    course = _reference_course()
    panels = _panels(process, course)
    comparison = COMPARED.get(process.name)
    count = len(panels) + (comparison is not None)
    columns = {1: 1, 2: 2, 4: 2}.get(count, 3)
    rows = -(-count // columns)
    size = (WIDTH_INCH, 0.5 + 2.2 * rows)
    figure, grid = plt.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")
    for ax in grid.flat[count:]:
        ax.set_visible(False)
    axes = list(grid.flat[: len(panels)])
    first, last = _moves(course.days, panels)
    logarithmic = last > LOG_BEYOND * first and process.name not in IN_DAYS
    span = (first, min(1.15 * last, LONGEST))
    scale, label = _shared_time(axes, span, 10 if columns < 3 else 6, logarithmic)
    pairs = list(zip(axes, panels, strict=True))
    lines = [_draw_panel(ax, course.days, panel, scale, 126 // columns) for ax, panel in pairs]
    titles = [(ax, panel.title, panel.colour) for ax, panel in pairs]
    for number, ax in enumerate(axes):
        if number + columns >= len(panels):
            ax.set_xlabel(label)
    if comparison is not None:
        ax = grid.flat[len(panels)]
        lines.append(_draw_comparison(ax, comparison))
        titles.append((ax, comparison.title, STATE))
    for number, (ax, title, colour) in enumerate(titles):
        row = number // columns
        pad = 6 + 9.5 * max(lines[row * columns : (row + 1) * columns])
        ax.set_title(title, color=colour, weight="bold", pad=pad)
    note(figure, REFERENCE_LINE)
    return save(figure, process.name)


@cache
def _reference_course() -> StateCourse:
    fast = np.geomspace(2e-4, LONGEST, 220)
    days = np.unique(np.concatenate([[0.0], fast, np.arange(0.25, 40.0, 0.25)]))
    return state_course(plan(), ZONE, days, DRAWS, SEED)
