"""Dose and response: outcomes against depth, density, sessions and interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np

from figure_style import (
    GREEN,
    GREY,
    PURPLE,
    SIGN,
    STATE,
    WIDTH_INCH,
    band,
    note,
    quantiles,
    save,
)
from figure_treatments import AFTER, DRAWS, SEED, ZONE, plan, share_lost
from micropen.evidence import ParameterSet, load_parameters
from micropen.healing.forecast import doses_of
from micropen.healing.population import widen_beyond_evidence
from micropen.healing.risks import risks_of
from micropen.healing.state_course import StateCourse, state_course
from micropen.healing.visibility import last_day_above
from micropen.signs import SIGNS
from micropen.treatment import People, Treatment

RISK_WORLDS: Final = 24  # sets of typical values: what is not known
RISK_PEOPLE: Final = 25  # people in each: how they differ


@dataclass(frozen=True)
class Factor:
    """One factor of the dose.

    Parameters
    ----------
    name, axis, varied
        Of the picture, of its axis, and of the setting in `plan`.
    values, ticks
        What is computed, and what the axis shows.
    held, in_words
        The other settings.
    evidence
        Range inside which the factor was evaluated or is published; the rest is grey.
    grey
        What the grey means.
    """

    name: str
    axis: str
    varied: str
    values: tuple[float, ...]
    ticks: tuple[float, ...]
    held: Mapping[str, float]
    in_words: str
    evidence: tuple[float, float] = (0.0, np.inf)
    grey: str = ""


def factors() -> tuple[Factor, ...]:
    """Depth, density, sessions and interval, with what is known of each."""
    deepest = load_parameters().value("treatment.limits.evidence_needle_length")
    return (
        Factor(
            name="dose_depth",
            axis="needle length, mm",
            varied="needle_length_mm",
            values=(0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5),
            ticks=(0.5, 1.0, 1.5, 2.0, 2.5),
            held={},
            in_words="one session of 4 passes",
            evidence=(0.0, deepest),
            grey=f"deeper than the {deepest:g} mm for which devices were evaluated",
        ),
        Factor(
            name="dose_density",
            axis="passes",
            varied="passes",
            values=(1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 16.0, 24.0, 32.0),
            ticks=(1.0, 2.0, 4.0, 8.0, 16.0, 32.0),
            held={"needle_length_mm": 1.5},
            in_words="one session at 1.5 mm",
            evidence=(0.0, 10.0),  # Juhasz and Cohen 2020, Table 1: 4-10 passes
            grey="more than the 4-10 passes of published protocols",
        ),
        Factor(
            name="dose_sessions",
            axis="sessions, 30 days apart",
            varied="sessions",
            values=(1, 2, 3, 4, 5, 6),
            ticks=(1, 2, 3, 4, 5, 6),
            held={},
            in_words="1.0 mm, 4 passes",
        ),
        Factor(
            name="dose_interval",
            axis="days from session to session",
            varied="interval_days",
            values=(1.0, 2.0, 4.0, 7.0, 10.0, 14.0, 21.0, 30.0, 42.0),
            ticks=(1.0, 2.0, 4.0, 7.0, 14.0, 42.0),
            held={"sessions": 3, "needle_length_mm": 1.5},
            in_words="three sessions, 1.5 mm, 4 passes",
            evidence=(7.0, np.inf),  # the same table: every 1-8 weeks
            grey="sooner than the 1-8 weeks of published protocols",
        ),
    )


def _response_days(last: float) -> np.ndarray:
    """Days that show a series: dense after the last session, where the outcomes are read."""
    after = np.concatenate(
        [
            [0.0, 0.02, 0.1, 0.25],
            np.arange(0.5, 15.0, 0.5),
            np.arange(15.0, 60.0, 1.5),
            np.arange(60.0, AFTER + 1.0, 10.0),
        ]
    )
    before = np.arange(0.0, last, 0.5)
    return np.unique(np.concatenate([before, last + after]))


def _widened(course: StateCourse, treatment: Treatment, parameters: ParameterSet) -> dict[str, Any]:
    """Signs with the widening beyond the evaluated depth, as a forecast has them."""
    people = People.of(treatment.person, DRAWS)
    doses = doses_of(treatment.sessions, people, parameters, SEED)
    signs = {name: values.copy() for name, values in course.signs.items()}
    widen_beyond_evidence(signs, doses, course.days, parameters, SEED)
    return {k: np.clip(v, SIGNS[k].lower, SIGNS[k].upper) for k, v in signs.items()}


def darkening(treatment: Treatment) -> np.ndarray:
    """Probability of hyperpigmentation: 5 %, mean and 95 % over what is not known."""
    found = {r.risk.name: r for r in risks_of(treatment, RISK_WORLDS, RISK_PEOPLE, SEED)}
    return np.array([found["pih"].low, found["pih"].mean, found["pih"].high])


def respond(**settings: float) -> dict[str, np.ndarray]:
    """Run one treatment; each outcome as 5 %, middle, 95 %."""
    parameters = load_parameters()
    treatment = plan(**settings)
    last = treatment.sessions[-1].day
    days = _response_days(last)
    course = state_course(treatment, ZONE, days, DRAWS, SEED, parameters)
    signs = _widened(course, treatment, parameters)
    since = days >= last
    visible = parameters.value("healing.milestones.visible_redness")
    redness = last_day_above(days[since] - last, signs["erythema"][:, since], visible)
    inflamed = course.states["inflammation"] + course.states["deep_inflammation"]
    burden = np.trapezoid(inflamed, days, axis=1) / len(treatment.sessions)
    return {
        "redness": quantiles(np.nan_to_num(redness, nan=0.0, posinf=AFTER)),
        "scaling": quantiles(100.0 * signs["scaling"][:, since].max(axis=1)),
        "collagen": quantiles(100.0 * signs["collagen"][:, -1]),
        "risk_iii": 100.0 * darkening(treatment),
        "risk_v": 100.0 * darkening(plan(**{**settings, "phototype": 5.0})),
        "burden": quantiles(burden),
        "lost": quantiles(100.0 * share_lost(treatment, course)),
    }


_OUTCOMES: Final = (
    ("redness", "visible redness", "days after last session", SIGN),
    ("scaling", "peak scaling", "% of surface flaking", SIGN),
    ("collagen", f"collagen gain, {AFTER:.0f} d later", "% of resting collagen", SIGN),
    ("risk_v", "risk of darkening (PIH)", "% of people", PURPLE),
    ("burden", "price: inflammation, a session", "inflammation × days", STATE),
    ("lost", "price: gain lost", "% of the collagen gain", STATE),
)


def _dose_axis(ax: Any, factor: Factor) -> None:
    first, last = factor.values[0], factor.values[-1]
    low, high = factor.evidence
    for begin, end, edge in ((first, low, low), (high, last, high)):
        if begin < end:
            ax.axvspan(begin, end, color="#EFEFEF", zorder=0)
            ax.axvline(edge, color=GREY, linestyle="--", linewidth=1.0)
    ax.set_xlabel(factor.axis)
    ax.set_ylim(bottom=0.0)
    if last > 12.0 * first:
        ax.set_xscale("log")
    ax.set_xticks(factor.ticks, [f"{tick:g}" for tick in factor.ticks])
    ax.set_xticks([], minor=True)
    ax.set_xlim(first, last)


def draw_factor(factor: Factor) -> str:
    """Draw six outcomes against one factor of the dose."""
    answers = [respond(**factor.held, **{factor.varied: value}) for value in factor.values]
    x = np.array(factor.values, dtype=np.float64)
    figure, grid = plt.subplots(2, 3, figsize=(WIDTH_INCH, 5.0), layout="constrained")
    for ax, (name, title, unit, colour) in zip(grid.flat, _OUTCOMES, strict=True):
        table = np.stack([answer[name] for answer in answers], axis=1)
        label = "phototype V" if name == "risk_v" else None
        band(ax, x, table, colour, marker="o", markersize=3.5, label=label)
        if name == "risk_v":
            lighter = np.stack([answer["risk_iii"] for answer in answers], axis=1)
            band(ax, x, lighter, GREEN, marker="s", markersize=3.0, label="phototype III")
            ax.legend(loc="upper left")
        ax.set_title(title, weight="bold")
        ax.set_ylabel(unit)
        _dose_axis(ax, factor)
        if name == "lost":
            ax.set_ylim(0.0, max(10.0, 1.05 * table.max()))
    grey = f" Grey: {factor.grey}." if factor.grey else ""
    note(
        figure,
        f"SkinPen on the cheek, woman of 40, phototype III unless said: {factor.in_words}. "
        "Line: median (risk: mean). Band: 5-95 % of draws (risk: of what is not known)." + grey,
    )
    return save(figure, factor.name)
