"""Inflammation, macrophages and over-treatment beside published models of healing."""

from __future__ import annotations

from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np

from figure_style import (
    GREEN,
    GREY,
    PURPLE,
    SIGN,
    SKY,
    STATE,
    WIDTH_INCH,
    band,
    note,
    quantiles,
    save,
)
from figure_treatments import AFTER, DRAWS, SEED, ZONE, plan, share_lost
from micropen.healing.published import (
    adler,
    adler_threshold_days,
    full_thickness_wound,
    waugh_sherratt,
)
from micropen.healing.state_course import StateCourse, state_course

_SHARE: Final = "share of own peak"


def _inflammation_panel(ax: Any, days: np.ndarray, course: StateCourse) -> None:
    for name, colour in (("inflammation", STATE), ("deep_inflammation", SKY)):
        scaled = course.states[name] / course.states[name].max(axis=1, keepdims=True)
        band(ax, days, quantiles(scaled), colour, label=f"micropen: {name.replace('_', ' ')}")
    wound = full_thickness_wound("inflammation")
    ax.plot(
        wound.days,
        wound["inflammation"],
        "--o",
        color=GREY,
        markersize=3.0,
        label="full-thickness wound (grade D)",
    )
    ax.set_title("Inflammation", weight="bold")


def _macrophage_panel(ax: Any, days: np.ndarray, course: StateCourse) -> None:
    own = course.states["macrophage"]
    scaled = quantiles(own / own.max(axis=1, keepdims=True))
    band(ax, days, scaled, STATE, label="micropen: macrophages")
    wound = full_thickness_wound("macrophage")
    ax.plot(
        wound.days,
        wound["macrophage"],
        "--o",
        color=GREY,
        markersize=3.0,
        label="full-thickness wound (grade D)",
    )
    for share, style in ((0.5, "-"), (0.8, ":")):
        model = waugh_sherratt(days, share)
        fate = "heals" if share == 0.5 else "stays inflamed"
        ax.plot(
            days,
            model.of_peak("inflammatory_macrophage"),
            style,
            color=SIGN,
            label=f"Waugh, share {share:g}: {fate}",
        )
    ax.plot(
        days, adler(days, 1.0).of_peak("macrophage"), color=GREEN, label="Adler, injury of 1 day"
    )
    ax.set_title("Macrophages", weight="bold")


def _adler_panel(ax: Any) -> None:
    settled = 400.0
    runs = (
        (1, None, GREEN, "-", "one injury"),
        (3, 30.0, PURPLE, "--", "three, 30 days apart"),
    )
    for pulses, interval, colour, style, label in runs:
        threshold = adler_threshold_days(interval, pulses)
        lengths = np.unique(
            np.concatenate([np.geomspace(0.05, 6.0, 24), threshold * np.array([0.98, 1.02])])
        )
        starts = [(interval or 0.0) * number for number in range(pulses)]
        ends = [adler([settled], length, starts)["myofibroblast"][-1] for length in lengths]
        ax.plot(
            lengths,
            np.array(ends) / 1e6,
            style,
            color=colour,
            label=f"{label}: turns at {threshold:.1f} d",
        )
    ax.set_xscale("log")
    ax.set_xticks([0.1, 0.3, 1.0, 3.0], ["0.1", "0.3", "1", "3"])
    ax.set_xticks([], minor=True)
    ax.set_ylim(-0.02, 0.75)
    ax.set_xlabel("length of each injury, days")
    ax.set_ylabel("myofibroblasts on day 400, of capacity")
    ax.set_title("Over-treatment in Adler's circuit: a switch", weight="bold")


def _price_panel(ax: Any) -> None:
    passes = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 24.0, 32.0, 48.0, 64.0])
    for length, colour in ((1.5, STATE), (2.5, SIGN)):
        table = []
        for count in passes:
            treatment = plan(needle_length_mm=length, passes=float(count))
            course = state_course(treatment, ZONE, [1.0, AFTER], DRAWS, SEED)
            table.append(quantiles(100.0 * share_lost(treatment, course)))
        beyond = "" if length <= 1.5 else " (beyond evidence)"
        band(ax, passes, np.stack(table, axis=1), colour, label=f"{length:g} mm{beyond}")
    ax.set_xscale("log")
    ax.set_xticks(passes[::2], [f"{count:g}" for count in passes[::2]])
    ax.set_xticks([], minor=True)
    ax.set_xlabel("passes, one session")
    ax.set_ylabel("% of the collagen gain lost")
    ax.set_ylim(0.0, 100.0)
    ax.set_title("Over-treatment in micropen: graded", weight="bold")


def draw_published() -> str:
    """Draw our inflammation, macrophages and price beside those of published models."""
    days = np.linspace(0.0, 28.0, 225)
    course = state_course(plan(), ZONE, days, DRAWS, SEED)
    figure, grid = plt.subplots(2, 2, figsize=(WIDTH_INCH, 6.2), layout="constrained")
    _inflammation_panel(grid[0, 0], days, course)
    _macrophage_panel(grid[0, 1], days, course)
    for ax in grid[0]:
        ax.set_xlim(0.0, 28.0)
        ax.set_ylim(0.0, 1.65)
        ax.set_yticks([0.0, 0.25, 0.5, 0.75, 1.0])
        ax.set_xlabel("days since the injury")
        ax.set_ylabel(_SHARE)
    _adler_panel(grid[1, 0])
    _price_panel(grid[1, 1])
    for ax in grid.flat:
        ax.legend(loc="upper left" if ax in grid[1] else "upper right", fontsize=7.0)
    note(
        figure,
        "Above: one SkinPen session (1.0 mm, 4 passes, cheek) against wounds that are far larger; "
        "each curve as a share of its own peak, so shapes only. Below: when too much injury turns "
        "to harm. Bands: 5-95 % of draws.",
    )
    return save(figure, "published")
