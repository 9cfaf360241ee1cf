"""Downtime in words: when signs come and go, and what one may do when, from the draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet, load_parameters
from micropen.healing.recovery import DaySpread, Recovery, day_of_event
from micropen.healing.treated_area import course_days
from micropen.report.content import Milestone, SessionSummary
from micropen.report.words import Vocabulary, by_day, day_range, share_words, until, whole_day

if TYPE_CHECKING:
    import xarray as xr

Days = NDArray[np.float64]


def _span(spread: DaySpread) -> str:
    """``"1–3"``, or nothing where the answer already says it."""
    text = day_range(spread.low, spread.high)
    same = np.isfinite(spread.median) and text == str(whole_day(spread.median))
    return "" if same or np.isinf(spread.median) else text


@dataclass(frozen=True, slots=True, eq=False)
class _Window:
    """The days after the first session, and what its words need besides."""

    after: Recovery
    vocabulary: Vocabulary
    melasma: bool
    dark_skin: bool

    def label(self, name: str) -> float:
        """Day or days of a device's label (``healing.milestones``)."""
        return self.after.parameters.value(f"healing.milestones.{name}")

    def care(self, name: str) -> float:
        """Day or limit of further advice (``report.care``)."""
        return self.after.parameters.value(f"report.care.{name}")


def milestones(
    course: xr.Dataset,
    sessions: Sequence[SessionSummary],
    zones: Sequence[str],
    parameters: ParameterSet | None = None,
    *,
    melasma: bool = False,
    phototype: float | None = None,
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
        Thresholds and after-care advice; None loads the program's own.
    melasma
        Whether the person has melasma: sun and pigment then need more care.
    phototype
        Fitzpatrick phototype, 1 to 6; from 4 on the same.

    Returns
    -------
    tuple of Milestone
        What shows first, then what the person may do.
    """
    parameters = load_parameters() if parameters is None else parameters
    window = _Window(
        Recovery.of(course, zones, [session.day for session in sessions], parameters),
        Vocabulary.from_parameters(parameters),
        melasma,
        phototype is not None
        and phototype >= parameters.value("report.care.strict_sun_from_phototype"),
    )
    makers: tuple[Callable[[_Window], Milestone | None], ...] = (
        _redness, _swelling, _dots, _peeling, _breakouts, _glow, _pigment, _event,
        _makeup, _sport, _sun, _actives, _next_session,
    )  # fmt: skip
    return tuple(line for make in makers if (line := make(window)) is not None)


def _line(
    key: str,
    title: str,
    answer: str,
    detail: str,
    spread: DaySpread,
    *,
    group: Literal["see", "do"] = "see",
    words: str = "",
    basis: str = "forecast",
) -> Milestone:
    low, median, high = (
        day if np.isfinite(day) else float("nan")
        for day in (spread.low, spread.median, spread.high)
    )
    return Milestone(
        key, group, title, answer, detail, low, median, high, spread.share, words, basis
    )


def _redness(window: _Window) -> Milestone:
    last = window.after.redness_seen()
    spread = DaySpread.of(last)
    title = "Redness others can see"
    if spread.share < 0.05:
        return _line("redness", title, "hardly any", "Pink for minutes to hours at most.", spread)
    ninety = float(np.quantile(np.where(np.isnan(last), 0.0, last), 0.9, method="nearest"))
    mirror = DaySpread.of(window.after.last("erythema", "slight"))
    detail = (
        f"In 9 of 10 forecasts it no longer shows after {by_day(ninety)}. In the mirror you may "
        f"see a trace until {by_day(mirror.median)}"
    )
    detail += f" ({beside})." if (beside := _span(mirror)) else "."
    return _line("redness", title, until(spread.median), detail, spread, words=_span(spread))


def _swelling(window: _Window) -> Milestone:
    spread = DaySpread.of(window.after.swelling_seen())
    if spread.share < 0.3:
        detail = "Slight puffiness is possible on the first evening."
        return _line("swelling", "Swelling", "hardly any", detail, spread)
    draws = window.after.draws("swelling")
    level = window.vocabulary.level("swelling", float(np.median(draws.max(axis=1))))
    word = ("A trace of puffiness", "Slight puffiness", "Puffy", "Swollen")[level]
    height = float(np.median(window.after.days[draws.argmax(axis=1)]))
    detail = f"{word}, most {_when_most(height)}."
    return _line("swelling", "Swelling", until(spread.median), detail, spread, words=_span(spread))


def _when_most(day: float) -> str:
    """When something that comes within hours is at its height."""
    if day < 0.2:
        return "in the first hours"
    return "on the first evening and the morning after" if day < 1.0 else f"on day {day:.0f}"


def _dots(window: _Window) -> Milestone:
    spread = DaySpread.of(window.after.last("pinpoint_bleeding", "slight"))
    if spread.share < 0.3:
        detail = "A dot here and there on the day itself."
        return _line("dots", "Pinpoint dots", "hardly any", detail, spread)
    detail = "Tiny blood dots on the day, tiny crusts after; they fall off by themselves."
    return _line("dots", "Pinpoint dots", until(spread.median), detail, spread, words=_span(spread))


def _stretch(begin: float, end: float) -> str:
    """``"days 2–7"``, or ``"from day 5 on"`` where the end lies beyond the forecast."""
    if np.isinf(end):
        return f"from day {whole_day(begin)} on"
    days = day_range(begin, end)
    return f"day {days}" if days.isdigit() else f"days {days}"


def _peeling(window: _Window) -> Milestone:
    spread = DaySpread.of(window.after.peeling_seen())
    begin = DaySpread.of(window.after.first("scaling", "slight")).median
    if spread.share < 0.1:
        detail = f"Seen in {share_words(spread.share)} forecasts."
        return _line("peeling", "Peeling", "unlikely", detail, spread)
    height = float(np.median(window.after.days[window.after.draws("scaling").argmax(axis=1)]))
    detail = (
        f"Small flakes, not sheets; most around day {whole_day(height)}. Seen in "
        f"{share_words(spread.share)} forecasts, over by {by_day(spread.high)} in nearly all. "
        "Moisturise, do not pick."
    )
    return _line("peeling", "Peeling", _stretch(begin, spread.median), detail, spread)


def _breakouts(window: _Window) -> Milestone:
    draws = window.after.draws("lesions")
    # The sign is an expected number, and spots come independently: none with probability exp(-n).
    share = float(np.mean(-np.expm1(-np.maximum(draws.max(axis=1), 0.0))))
    word = "likely" if share >= 0.6 else "possible" if share >= 0.2 else "unlikely"
    peak = float(np.median(draws.max(axis=1)))
    end = DaySpread.of(window.after.last("lesions", "slight"))
    detail = f"{share_words(share)} get at least one.".capitalize()
    if share >= 0.2:
        many = f"about {round(peak)} small spots" if peak >= 1.5 else "a small spot or two"
        when = float(np.median(window.after.days[draws.argmax(axis=1)]))
        detail += f" Typically {many}, most around day {whole_day(when)}"
        detail += "." if np.isnan(end.median) else f", settling by {by_day(end.median)}."
    spread = DaySpread(end.low, end.median, end.high, share)
    return _line("breakouts", "Breakouts", word, detail, spread)


def _glow(window: _Window) -> Milestone:
    spread = DaySpread.of(window.after.glow_seen())
    if spread.share < 0.2:
        detail = "Others are unlikely to remark on it after one session."
        return _line("glow", "Glow", "subtle", detail, spread)
    begin = DaySpread.of(window.after.glow_begins()).median
    best = float(np.median(window.after.glow_best()))
    detail = (
        f"Smooth, even, fresh; best around day {whole_day(best)}, gone between "
        f"{by_day(spread.low)} and {by_day(spread.high)}. Seen in {share_words(spread.share)} "
        "forecasts."
    )
    return _line("glow", "Glow", _stretch(begin, spread.median), detail, spread)


def _pigment(window: _Window) -> Milestone | None:
    """Who gets darker for weeks, counted over all sessions; None where it hardly ever happens."""
    start, stop, worth_saying = (
        window.after.parameters.value(f"report.pigment.{name}")
        for name in ("from_day", "to_day", "worth_saying")
    )
    days = course_days(window.after.course)
    weeks = (days >= start) & (days <= stop)
    if not weeks.any():
        return None
    darkest = window.after.area.draws(window.after.course, "pigment")[:, weeks].max(axis=1)
    share = float(np.mean(darkest > window.vocabulary.limit("pigment", "slight")))
    if not window.melasma and share < worth_saying:
        return None
    word = "likely" if share >= 0.6 else "possible" if share >= 0.2 else "unlikely"
    detail = (
        f"{share_words(share)} get darker patches for weeks (between day {start:.0f} and "
        f"{min(stop, float(days[-1])):.0f})."
    )
    detail = detail[0].upper() + detail[1:]
    if window.melasma:
        detail += " Melasma can darken after any injury, heat or sun."
    nowhere = float("nan")
    spread = DaySpread(nowhere, nowhere, nowhere, share)
    return _line("pigment", "Pigment", f"darker: {word}", detail, spread)


def _event(window: _Window) -> Milestone:
    spread = DaySpread.of(window.after.settled("clear"))
    title = "Photographs and big events"
    if np.isinf(spread.high):
        detail = "Some forecasts still show something at their end; forecast more days to see."
        return _line("event", title, "after this forecast", detail, spread, group="do")
    day = day_of_event(spread.high)
    detail = (
        "In 19 of 20 forecasts nothing that others would notice is left by then; in half of them "
        f"already on day {day_of_event(spread.median)}."
    )
    shown = DaySpread(spread.low, spread.median, float(day), spread.share)
    return _line("event", title, f"from day {day}", detail, shown, group="do")


def _allowed(
    key: str, title: str, days: Days, *, detail: str, basis: str, answer: str = ""
) -> Milestone:
    """What one may do from some day on, per draw."""
    spread = DaySpread.of(days)
    start = (
        "after this forecast" if np.isinf(spread.median) else f"from day {whole_day(spread.median)}"
    )
    # A planned day has no range; the range belongs to the advised one.
    words = "" if answer.startswith("planned") else _span(spread)
    return _line(key, title, answer or start, detail, spread, group="do", words=words, basis=basis)


def _makeup(window: _Window) -> Milestone:
    return _allowed(
        "makeup",
        "Make-up",
        window.after.makeup_allowed(),
        detail="Once the skin has closed and the dots are gone; clean brushes, nothing on the "
        "first day.",
        basis="SkinPen instructions, and the forecast",
    )


def _sport(window: _Window) -> Milestone:
    wait = max(window.label("exercise_wait"), window.care("heat_and_water_from_day"))
    return _allowed(
        "sport",
        "Sport, sauna, pool",
        np.maximum(window.after.skin_closed(), wait),
        detail="Sweat, heat and shared water irritate open skin.",
        basis="SkinPen and Exceed instructions, and the forecast",
    )


def _sun(window: _Window) -> Milestone:
    pink = window.after.redness_seen()
    days = np.maximum(np.where(np.isnan(pink), 0.0, pink), window.label("sun_wait"))
    if window.melasma or window.dark_skin:
        weeks = window.care("strict_sun_protection") / 7.0
        days = np.maximum(days, 7.0 * weeks)
        why = "melasma" if window.melasma else "a darker skin tone"
        return _allowed(
            "sun",
            "Direct sun",
            days,
            detail=f"With {why}: strict sun protection for at least {weeks:.0f} weeks. Shade, hat, "
            "and a broad sunscreen SPF 50 every day; sun and heat now can leave dark patches.",
            basis="common advice for skin that darkens easily, and the forecast",
            answer=f"avoid {until(DaySpread.of(days).median)}",
        )
    return _allowed(
        "sun",
        "Direct sun",
        days,
        detail="And as long as you are pink. Sunscreen SPF 30 or more every day, at least until "
        f"day {window.label('sunscreen_wait'):.0f}: it guards against dark patches.",
        basis="SkinPen instructions, and the forecast",
        answer=f"avoid {until(DaySpread.of(days).median)}",
    )


def _actives(window: _Window) -> Milestone:
    peeled = window.after.peeling_seen()
    closed = window.after.below("barrier_defect", "report.care.active_barrier_limit")
    ready = np.maximum(np.where(np.isnan(peeled), 0.0, peeled), closed)
    return _allowed(
        "actives",
        "Acids, retinoids, vitamin C",
        np.maximum(ready, window.care("active_skincare_from_day")),
        detail="When the flaking is over and the skin no longer stings.",
        basis="Dermapen advice, and the forecast",
    )


def _next_session(window: _Window) -> Milestone:
    usual = window.care("next_session_usual_day") / 7.0
    days = window.after.next_session_allowed()
    answer, detail = "", ""
    if np.isfinite(window.after.next_planned):
        advised = whole_day(DaySpread.of(days).median)
        answer = f"planned for day {whole_day(window.after.next_planned)}"
        early = whole_day(window.after.next_planned) < advised
        detail = (
            f"That is earlier than advised: not before day {advised}. Ask whether to move it. "
            if early
            else f"Not before day {advised}, so the plan leaves time to settle. "
        )
    return _allowed(
        "next",
        "Next session",
        days,
        detail=f"{detail}Most practices wait about {usual:.0f} weeks: new collagen is laid down "
        "between sessions, not during them.",
        basis="SkinPen instructions and 10 practices",
        answer=answer,
    )
