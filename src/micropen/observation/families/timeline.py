"""Days on which signs come and go after the first session, as diaries and trials report them."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.observation.event_times import (
    NOTICED,
    days_after_first,
    event_scale,
    gone_after,
    starts_after,
)
from micropen.observation.families.redness import seen_redness
from micropen.observation.observer_error import THRESHOLD, noticed_from
from micropen.observation.scale import Scale
from micropen.observation.view import View

Array = NDArray[np.float64]

_TONE: Final = "redness.tone_masking"
_LIMIT: Final = "exp(observer.lean_sd * rater + observer.person_sd * person)"


def _values(view: View, sign: str) -> Array:
    values = view.over_time(sign)
    return seen_redness(view, values) if sign == "erythema" else values


def _gone(view: View, _day: float | None, *, signs: tuple[str, ...], tolerance: str = "") -> Array:
    """Days until the last of some signs is no longer noticed, or minded, shape ``(draw,)``."""
    factor = view.parameter(tolerance) if tolerance else 1.0
    last = [
        gone_after(view, _values(view, sign), factor * noticed_from(view, NOTICED[sign], sign))
        for sign in signs
    ]
    return np.asarray(np.max(last, axis=0))


def _starts(view: View, _day: float | None, *, sign: str) -> Array:
    return starts_after(view, _values(view, sign), noticed_from(view, NOTICED[sign], sign))


def _crusts_gone(view: View, _day: float | None) -> Array:
    return gone_after(
        view, view.over_time("pinpoint_bleeding"), view.parameter("bleeding.visible_density")
    )


def _pain_gone(view: View, _day: float | None) -> Array:
    return gone_after(view, view.over_time("pain"), view.parameter("pain.noticed"))


def _lesions_gone(view: View, _day: float | None) -> Array:
    _, chosen = days_after_first(view)
    index = [view.course.zones.index(zone) for zone in view.zones]
    values = view.course.dataset["lesions"].values[:, index].sum(axis=1, dtype=np.float64)
    if values[:, chosen].max(initial=0.0) <= 0.0:
        return np.zeros(view.draws)
    return gone_after(view, values, view.parameter("lesions.noticed"))


def _last(name: str, summary: str, *signs: str) -> Scale:
    """Scale for the day on which the last of some signs has gone."""
    limits = "; ".join(f"{sign} > healing.milestones.{NOTICED[sign]} * limit" for sign in signs)
    red = "erythema" in signs
    seen = ", erythema as in erythema_visible" if red else ""
    return event_scale(
        name,
        summary,
        f"last day with {limits}; limit = {_LIMIT}{seen}; 0 if never, infinite if still there at "
        "the second session",
        (_TONE, *THRESHOLD) if red else THRESHOLD,
        partial(_gone, signs=signs),
    )


def _first(name: str, summary: str, sign: str, better: str) -> Scale:
    return event_scale(
        name,
        summary,
        f"first day with {sign} > healing.milestones.{NOTICED[sign]} * {_LIMIT}; infinite if never",
        THRESHOLD,
        partial(_starts, sign=sign),
        better,
    )


SCALES: Final = (
    _last("erythema_gone_days", "Others no longer notice redness", "erythema"),
    _last("swelling_gone_days", "Swelling is no longer noticed", "swelling"),
    _last("erythema_oedema_gone_days", "Redness and swelling both gone", "erythema", "swelling"),
    _last("peeling_end_days", "Flakes are no longer noticed", "scaling"),
    _last(
        "downtime_days",
        "Redness, swelling and peeling all gone",
        "erythema",
        "swelling",
        "scaling",
    ),
    event_scale(
        "presentable_days",
        "A person minds showing the face no longer (going out, back at work)",
        "as downtime_days, with limits presentable.tolerance times as high; erythema as in "
        "erythema_visible",
        ("presentable.tolerance", _TONE, *THRESHOLD),
        partial(
            _gone,
            signs=("erythema", "swelling", "scaling"),
            tolerance="presentable.tolerance",
        ),
    ),
    _last("glow_end_days", "A glow is no longer noticed", "gloss"),
    _first("peeling_start_days", "Flakes are first noticed", "scaling", "lower"),
    _first("glow_start_days", "A glow is first noticed", "gloss", "lower"),
    event_scale(
        "crusts_gone_days",
        "Blood points and crusts gone",
        "last day with pinpoint_bleeding > bleeding.visible_density",
        ("bleeding.visible_density",),
        _crusts_gone,
    ),
    event_scale(
        "pain_gone_days",
        "Pain and soreness gone",
        "last day with pain > pain.noticed",
        ("pain.noticed",),
        _pain_gone,
    ),
    event_scale(
        "breakout_gone_days",
        "Breakouts of the session gone",
        "last day with expected lesions of all zones looked at > lesions.noticed; 0 if never",
        ("lesions.noticed",),
        _lesions_gone,
    ),
)
