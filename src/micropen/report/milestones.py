"""Downtime in words: when signs come and go, and what one may do when, from the draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from micropen.evidence import ParameterSet, load_parameters
from micropen.report.content import Milestone, SessionSummary
from micropen.report.crossings import Days, first_above, last_above
from micropen.report.series import course_days, face_draws
from micropen.report.words import Vocabulary, day_range, one_in, until, whole_day

# What another person may notice; the barrier and the collagen cannot be seen.
_SEEN = ("erythema", "swelling", "pinpoint_bleeding", "scaling", "lesions")


@dataclass(frozen=True, slots=True, eq=False)
class _Window:
    """All draws of the treated area between one session and the next, from that session on."""

    course: xr.Dataset
    zones: tuple[str, ...]
    days: Days
    inside: NDArray[np.bool_]
    vocabulary: Vocabulary
    parameters: ParameterSet

    def draws(self, sign: str) -> Days:
        """All draws of a sign, ``(draw, day)``, over the treated area.

        For redness the reddest zone counts, since that is what another person sees.
        """
        if sign == "erythema":
            values = self.course[sign].sel(zone=list(self.zones)).transpose("draw", "zone", "day")
            return np.asarray(values.max("zone").values, dtype=np.float64)[:, self.inside]
        return face_draws(self.course, sign, self.zones)[:, self.inside]

    def last(self, sign: str, step: str) -> Days:
        """Last day at or above a word's threshold, per draw; nan where never."""
        return last_above(self.days, self.draws(sign), self.vocabulary.limit(sign, step))

    def first(self, sign: str, step: str) -> Days:
        """First day at or above a word's threshold, per draw; nan where never."""
        return first_above(self.days, self.draws(sign), self.vocabulary.limit(sign, step))

    def closed(self, name: str) -> Days:
        """Day from which the barrier stays under a published or assumed limit, per draw."""
        limit = self.parameters.value(f"report.care.{name}")
        return np.nan_to_num(last_above(self.days, self.draws("barrier_defect"), limit))

    def advice(self, name: str) -> float:
        """Day of a piece of published after-care advice."""
        return self.parameters.value(f"report.care.{name}")


def milestones(
    course: xr.Dataset,
    sessions: Sequence[SessionSummary],
    zones: Sequence[str],
    parameters: ParameterSet | None = None,
) -> tuple[Milestone, ...]:
    """Derive the downtime of the first session from the draws.

    Parameters
    ----------
    course
        Dataset with dimensions draw, zone, day.
    sessions
        The treatment; the window runs from the first session to the second, or to the end.
    zones
        Zones that make up the treated area.
    parameters
        Thresholds and after-care advice (``report.*``); None loads the program's own.

    Returns
    -------
    tuple of Milestone
        What shows first, then what the person may do.
    """
    parameters = load_parameters() if parameters is None else parameters
    days = course_days(course)
    start = sessions[0].day
    end = sessions[1].day if len(sessions) > 1 else float(days[-1]) + 1.0
    inside = (days >= start) & (days < end)
    window = _Window(
        course,
        tuple(zones),
        days[inside] - start,
        inside,
        Vocabulary.from_parameters(parameters),
        parameters,
    )
    makers: tuple[Callable[[_Window], Milestone], ...] = (
        _redness, _swelling, _dots, _peeling, _breakouts, _glow, _event,
        _makeup, _sport, _sun, _actives, _next_session,
    )  # fmt: skip
    return tuple(make(window) for make in makers)


def _spread(days: Days) -> tuple[float, float, float]:
    """5, 50 and 95 % quantiles of the draws in which it happens."""
    happened = days[~np.isnan(days)]
    if not happened.size:
        return (float("nan"),) * 3
    low, median, high = np.quantile(happened, (0.05, 0.5, 0.95))
    return float(low), float(median), float(high)


def _share(days: Days) -> float:
    return float((~np.isnan(days)).mean())


def _ninety(days: Days) -> int:
    """Day by which it is over in nine of ten draws."""
    return whole_day(float(np.quantile(np.nan_to_num(days), 0.9)))


def _redness(window: _Window) -> Milestone:
    last = window.last("erythema", "clear")
    low, median, high = _spread(last)
    if _share(last) < 0.05:
        return Milestone(
            "redness",
            "see",
            "Redness others can see",
            "hardly any",
            "Pink for minutes to hours at most.",
            probability=_share(last),
        )
    mirror = _spread(window.last("erythema", "slight"))
    detail = (
        f"In 9 of 10 forecasts it no longer shows after day {_ninety(last)}. "
        f"In the mirror you may see a trace until day {whole_day(mirror[1])} "
        f"({day_range(mirror[0], mirror[2])})."
    )
    return Milestone(
        "redness",
        "see",
        "Redness others can see",
        until(median),
        detail,
        low,
        median,
        high,
        _share(last),
        _range(low, median, high),
    )


def _swelling(window: _Window) -> Milestone:
    last = window.last("swelling", "slight")
    low, median, high = _spread(last)
    share = _share(last)
    if share < 0.3:
        return Milestone(
            "swelling",
            "see",
            "Swelling",
            "hardly any",
            "Slight puffiness is possible on the first evening.",
            low,
            median,
            high,
            share,
        )
    return Milestone(
        "swelling",
        "see",
        "Swelling",
        until(median),
        "Slight puffiness, most on the first evening and the morning after.",
        low,
        median,
        high,
        share,
        _range(low, median, high),
    )


def _dots(window: _Window) -> Milestone:
    last = window.last("pinpoint_bleeding", "slight")
    low, median, high = _spread(last)
    share = _share(last)
    if share < 0.3:
        return Milestone(
            "dots", "see", "Pinpoint dots", "hardly any",
            "A dot here and there on the day itself.", low, median, high, share,
        )  # fmt: skip
    return Milestone(
        "dots", "see", "Pinpoint dots", until(median),
        "Tiny blood dots on the day, tiny crusts after; they fall off by themselves.",
        low, median, high, share, _range(low, median, high),
    )  # fmt: skip


def _peeling(window: _Window) -> Milestone:
    last, first = window.last("scaling", "slight"), window.first("scaling", "slight")
    share = _share(last)
    if share < 0.1:
        return Milestone(
            "peeling",
            "see",
            "Peeling",
            "unlikely",
            f"Seen in {one_in(share)} forecasts.",
            probability=share,
        )
    _, begin, _ = _spread(first)
    low, end, high = _spread(last)
    height = float(np.median(window.days[window.draws("scaling").argmax(axis=1)]))
    detail = (
        f"Small flakes, not sheets; most around day {whole_day(height)}. Seen in {one_in(share)} "
        f"forecasts, over by day {whole_day(high)} in nearly all. Moisturise, do not pick."
    )
    return Milestone(
        "peeling", "see", "Peeling", f"days {day_range(begin, end)}", detail, low, end, high, share
    )


def _breakouts(window: _Window) -> Milestone:
    draws = window.draws("lesions")
    # The sign is an expected number, and spots come independently: none with probability exp(-n).
    share = float(np.mean(-np.expm1(-np.maximum(draws.max(axis=1), 0.0))))
    word = "likely" if share >= 0.6 else "possible" if share >= 0.2 else "unlikely"
    peak = float(np.median(draws.max(axis=1)))
    low, median, high = _spread(window.last("lesions", "slight"))
    when = float(np.median(window.days[draws.argmax(axis=1)]))
    many = f"about {round(peak)} small spots" if peak >= 1.5 else "a small spot or two"
    detail = f"{one_in(share)} get at least one.".capitalize()
    if share >= 0.2:
        detail += f" Typically {many}, most around day {whole_day(when)}"
        detail += "." if np.isnan(median) else f", settling by day {whole_day(median)}."
    return Milestone("breakouts", "see", "Breakouts", word, detail, low, median, high, share)


def _glow(window: _Window) -> Milestone:
    last, first = window.last("gloss", "clear"), window.first("gloss", "clear")
    # On the first evening skin shines from swelling and serum; the glow is what comes after.
    begin_limit = 1.0
    first = np.where(first < begin_limit, begin_limit, first)
    share = _share(np.where(last >= begin_limit, last, np.nan))
    if share < 0.2:
        return Milestone(
            "glow",
            "see",
            "Glow",
            "subtle",
            "Others are unlikely to remark on it after one session.",
            probability=share,
        )
    _, begin, _ = _spread(first)
    low, end, high = _spread(last)
    later = window.days >= begin_limit
    best = float(np.median(window.days[later][window.draws("gloss")[:, later].argmax(axis=1)]))
    detail = (
        f"Smooth, dewy, plump; best around day {whole_day(best)}, gone between day "
        f"{whole_day(low)} and {whole_day(high)}. Seen in {one_in(share)} forecasts."
    )
    return Milestone(
        "glow", "see", "Glow", f"days {day_range(begin, end)}", detail, low, end, high, share
    )


def _event(window: _Window) -> Milestone:
    settled = np.nanmax(
        np.stack([np.nan_to_num(window.last(sign, "clear")) for sign in _SEEN]), axis=0
    )
    low, median, high = _spread(settled)
    day = whole_day(high) + 1
    return Milestone(
        "event",
        "do",
        "Photographs and big events",
        f"from day {day}",
        f"In 19 of 20 forecasts nothing that others would notice is left by then; in half of them "
        f"already on day {whole_day(median) + 1}.",
        low,
        median,
        float(day),
    )


def _range(low: float, median: float, high: float) -> str:
    """``"1–3"``, or nothing where the answer already says it."""
    text = day_range(low, high)
    return "" if text == str(whole_day(median)) else text


def _allowed(
    key: str, title: str, days: Days, *, detail: str, basis: str, answer: str = ""
) -> Milestone:
    """What one may do from some day on, per draw."""
    low, median, high = _spread(days)
    return Milestone(
        key, "do", title, answer or f"from day {whole_day(median)}", detail,
        low, median, high, spread=_range(low, median, high), basis=basis,
    )  # fmt: skip


def _makeup(window: _Window) -> Milestone:
    days = np.maximum(window.closed("makeup_barrier_limit"), window.advice("makeup_from_day"))
    return _allowed(
        "makeup", "Make-up", days,
        detail="Once the skin has closed; clean brushes, nothing on the first day.",
        basis="SkinPen instructions, and the forecast",
    )  # fmt: skip


def _sport(window: _Window) -> Milestone:
    days = np.maximum(
        window.closed("makeup_barrier_limit"),
        max(window.advice("exercise_from_day"), window.advice("heat_and_water_from_day")),
    )
    return _allowed(
        "sport", "Sport, sauna, pool", days,
        detail="Sweat, heat and shared water irritate open skin.",
        basis="SkinPen and Exceed instructions, and the forecast",
    )  # fmt: skip


def _sun(window: _Window) -> Milestone:
    pink = np.nan_to_num(window.last("erythema", "clear"))
    days = np.maximum(pink, window.advice("sun_from_day"))
    sunscreen = window.advice("sunscreen_until_day")
    return _allowed(
        "sun", "Direct sun", days,
        detail="And as long as you are pink. Sunscreen SPF 30 or more every day, at least until "
        f"day {sunscreen:.0f}: it guards against dark patches.",
        basis="SkinPen instructions, and the forecast",
        answer=f"avoid {until(float(np.median(days)))}",
    )  # fmt: skip


def _actives(window: _Window) -> Milestone:
    peeled = np.nan_to_num(window.last("scaling", "slight"))
    days = np.maximum(
        np.maximum(peeled, window.closed("active_barrier_limit")),
        window.advice("active_skincare_from_day"),
    )
    return _allowed(
        "actives", "Acids, retinoids, vitamin C", days,
        detail="When the flaking is over and the skin no longer stings.",
        basis="Dermapen advice, and the forecast",
    )  # fmt: skip


def _next_session(window: _Window) -> Milestone:
    settled = np.nan_to_num(np.stack([window.last(sign, "slight") for sign in _SEEN])).max(axis=0)
    days = np.maximum(settled, window.advice("next_session_from_day"))
    usual = window.advice("next_session_usual_day") / 7.0
    return _allowed(
        "next", "Next session", days,
        detail=f"Most practices wait about {usual:.0f} weeks: new collagen is laid down between "
        "sessions, not during them.",
        basis="SkinPen instructions and 10 practices",
    )  # fmt: skip
