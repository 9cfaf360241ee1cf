"""What practices tell clients to expect: one draw is one practice.

A practice speaks of its typical client: the median person of its trial ("world"). It states a sign
for a day if that client's sign on that day exceeds the threshold at which others notice it, times

    exp(lean + sd * practice)

Sellers lean short on redness: a positive `lean` means that more must be seen before it is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.healing.visibility import first_day_above
from micropen.observation.event_times import days_after_first, gone_after, starts_after
from micropen.observation.families.peeling import DRYNESS, dryness_drive
from micropen.observation.scale import Kind, Observe, Scale
from micropen.observation.view import View

Array = NDArray[np.float64]

# Half of the waking part of a calendar day, in days: "day 2" is what is seen during that day.
_WAKING: Final = 0.25
_ROOM: Final = "observation."


@dataclass(frozen=True, slots=True)
class Talk:
    """How practices speak of one sign.

    Parameters
    ----------
    name
        Of the scale, also the group of its lean and sd: ``practice.<name>_lean``.
    sign
        What the client shows; empty where a formula of several signs is needed.
    limit
        Parameter of the threshold, in full.
    """

    name: str
    sign: str
    limit: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names under ``observation.`` that it reads."""
        own = (f"practice.{self.name}_lean", f"practice.{self.name}_sd")
        limit = (self.limit.removeprefix(_ROOM),) if self.limit.startswith(_ROOM) else ()
        return (*limit, *own, *(() if self.sign else DRYNESS))


_REDNESS: Final = Talk("redness", "erythema", "healing.milestones.visible_redness")
_SWELLING: Final = Talk("swelling", "swelling", "healing.milestones.visible_swelling")
_PEELING: Final = Talk("peeling", "scaling", "healing.milestones.visible_scaling")
_DRYNESS: Final = Talk("dryness", "", "observation.practice.dryness_limit")
_ITCHING: Final = Talk("itching", "", "observation.practice.itching_limit")
_BREAKOUT: Final = Talk("breakout", "lesions", "observation.practice.breakout_limit")
_SCABS: Final = Talk("pinpoint_scabs", "pinpoint_bleeding", "observation.bleeding.visible_density")
_PAIN: Final = Talk("pain", "pain", "observation.pain.noticed")
_GLOW: Final = Talk("glow", "gloss", "healing.milestones.visible_gloss")


def typical_client(view: View, values: Array) -> Array:
    """Median over the people of each world, repeated for its practices; the first axis is draws."""
    each = view.parameters.people_per_world
    parts = [values[start : start + each] for start in range(0, view.draws, each)]
    middle = [np.repeat(np.median(part, axis=0)[None], len(part), axis=0) for part in parts]
    return np.concatenate(middle)


def _limit(view: View, talk: Talk) -> Array:
    """Threshold of each practice, shape ``(draw,)``."""
    if talk.limit.startswith(_ROOM):
        typical = view.parameter(talk.limit.removeprefix(_ROOM))
    else:
        typical = view.parameters.sample(talk.limit, view.draws, view.seed)
    lean = view.parameter(f"practice.{talk.name}_lean")
    spread = view.parameter(f"practice.{talk.name}_sd")
    return typical * np.exp(lean + spread * view.noise(f"practice.{talk.name}"))


def _at(view: View, talk: Talk, day: float) -> Array:
    if talk is _BREAKOUT:
        return view.count_at("lesions", day)
    return view.at(talk.sign, day) if talk.sign else dryness_drive(view, day)


def _moments(view: View, day: float) -> tuple[float, ...]:
    """Moments of a calendar day that the course reaches, before the next session."""
    last = min((s for s in view.session_days if s > day), default=np.inf)
    wanted = (day - _WAKING, day, day + _WAKING)
    inside = [d for d in wanted if view.days[0] <= d <= view.days[-1] and d < last]
    return tuple(inside) or (day,)


def _states(view: View, day: float | None, *, talk: Talk) -> Array:
    if day is None:
        return np.zeros(view.draws)
    shown = np.max([_at(view, talk, moment) for moment in _moments(view, day)], axis=0)
    if talk is _SCABS and day < 0.5:  # fresh blood is not yet a scab
        return np.zeros(view.draws)
    return (typical_client(view, shown) > _limit(view, talk)).astype(np.float64)


def _client_over_time(view: View, talk: Talk) -> Array:
    return typical_client(view, view.over_time(talk.sign))


def _gone(view: View, _day: float | None, *, talk: Talk) -> Array:
    return gone_after(view, _client_over_time(view, talk), _limit(view, talk))


def _starts(view: View, _day: float | None, *, talk: Talk) -> Array:
    return starts_after(view, _client_over_time(view, talk), _limit(view, talk))


def _glow_start(view: View, _day: float | None = None) -> Array:
    """Practices promise a glow some days after others would first notice it."""
    caution = view.parameter("practice.glow_caution_days") * np.exp(
        view.parameter("practice.glow_caution_sd") * view.noise("practice.glow_caution")
    )
    return _starts(view, None, talk=_GLOW) + caution


def _glows(view: View, day: float | None) -> Array:
    if day is None:
        return np.zeros(view.draws)
    return (_glow_start(view) <= day + _WAKING).astype(np.float64)


def _client_ready(view: View) -> Array:
    """Days until the typical client's barrier and redness let makeup on, shape ``(draw,)``."""
    days, chosen = days_after_first(view)
    wait = np.zeros(view.draws)
    for sign, milestone in (("barrier_defect", "open_barrier"), ("erythema", "makeup_redness")):
        limit = view.parameters.sample(f"healing.milestones.{milestone}", view.draws, view.seed)
        client = typical_client(view, view.over_time(sign))[:, chosen]
        below = first_day_above(days, -client / limit[:, None], -1.0)
        wait = np.maximum(wait, np.where(np.isnan(below), np.inf, below))
    return wait


def _makeup_days(view: View, _day: float | None = None) -> Array:
    label = view.parameters.sample("healing.milestones.makeup_wait", view.draws, view.seed)
    rule = label * np.exp(
        view.parameter("practice.makeup_lean")
        + view.parameter("practice.makeup_sd") * view.noise("practice.makeup")
    )
    return np.maximum(rule, _client_ready(view))


def _makeup(view: View, day: float | None) -> Array:
    if day is None:
        return np.ones(view.draws)
    return (_makeup_days(view) <= day + _WAKING).astype(np.float64)


def _statement(talk: Talk, summary: str, formula: str, better: str = "lower") -> Scale:
    return Scale(
        name=f"practice_{talk.name}",
        unit="1",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=1.0,
        better=better,
        summary=f"A practice states {summary} for the day: 1 yes, 0 no",
        mapping=f"largest median {formula} of that day > {talk.limit.removeprefix(_ROOM)} * "
        f"exp(practice.{talk.name}_lean + practice.{talk.name}_sd * practice)",
        sources=("practice-timelines",),
        parameters=talk.parameters,
        observe=partial(_states, talk=talk),
        whole_course=True,
    )


def _time(name: str, summary: str, mapping: str, talk: Talk, first: bool) -> Scale:
    return Scale(
        name=name,
        unit="days",
        kind=Kind.EVENT,
        lower=0.0,
        upper=np.inf,
        better="lower",
        summary=summary,
        mapping=mapping,
        sources=("practice-timelines",),
        parameters=talk.parameters,
        observe=partial(_starts if first else _gone, talk=talk),
    )


_GLOW_NAMES: Final = (
    *_GLOW.parameters,
    "practice.glow_caution_days",
    "practice.glow_caution_sd",
)
_GLOW_RULE: Final = (
    "first day with median gloss > healing.milestones.visible_gloss * exp(practice.glow_lean + "
    "practice.glow_sd * practice), + practice.glow_caution_days * exp(practice.glow_caution_sd * "
    "practice)"
)
_MAKEUP_RULE: Final = (
    "later of healing.milestones.makeup_wait * exp(practice.makeup_lean + practice.makeup_sd * "
    "practice) and the first day with median barrier_defect <= healing.milestones.open_barrier "
    "and median erythema <= healing.milestones.makeup_redness"
)
_MAKEUP_NAMES: Final = ("practice.makeup_lean", "practice.makeup_sd")
_DRY: Final = "barrier_defect / dryness.barrier_scale + scaling / dryness.scaling_scale"


def _rule(
    name: str, kind: Kind, better: str, summary: str, rule: str, names: tuple[str, ...]
) -> Scale:
    level = kind is Kind.LEVEL
    return Scale(
        name=name,
        unit="1" if level else "days",
        kind=kind,
        lower=0.0,
        upper=1.0 if level else np.inf,
        better=better,
        summary=summary,
        mapping=f"1 within that day (up to 6 h later) from: {rule}" if level else rule,
        sources=("practice-timelines",),
        parameters=names,
        observe=_OBSERVE[name],
        whole_course=True,
    )


_OBSERVE: Final[dict[str, Observe]] = {
    "practice_glow": _glows,
    "practice_glow_start_days": _glow_start,
    "practice_makeup_allowed": _makeup,
    "practice_makeup_days": _makeup_days,
}

SCALES: Final = (
    _statement(_REDNESS, "redness", "erythema"),
    _statement(_SWELLING, "swelling", "swelling"),
    _statement(_PEELING, "peeling", "scaling"),
    _statement(_DRYNESS, "tight or dry skin", f"({_DRY})"),
    _statement(_ITCHING, "itching", f"({_DRY})"),
    _statement(_BREAKOUT, "breakouts", "lesions of all zones looked at"),
    _statement(_SCABS, "pinpoint scabs (from the second half-day on)", "pinpoint_bleeding"),
    _statement(_PAIN, "pain afterwards", "pain"),
    _rule(
        "practice_glow",
        Kind.LEVEL,
        "higher",
        "A practice states a glow for the day: 1 yes, 0 no (they name a start, hardly an end)",
        _GLOW_RULE,
        _GLOW_NAMES,
    ),
    _rule(
        "practice_glow_start_days",
        Kind.EVENT,
        "lower",
        "Day from which a practice states a glow",
        _GLOW_RULE,
        _GLOW_NAMES,
    ),
    _rule(
        "practice_makeup_allowed",
        Kind.LEVEL,
        "higher",
        "A practice allows makeup on the day: 1 yes, 0 no",
        _MAKEUP_RULE,
        _MAKEUP_NAMES,
    ),
    _rule(
        "practice_makeup_days",
        Kind.EVENT,
        "lower",
        "Days after which a practice allows makeup",
        _MAKEUP_RULE,
        _MAKEUP_NAMES,
    ),
    _time(
        "practice_redness_gone_days",
        "Day by which a practice states redness gone",
        "last day with the condition of practice_redness, between reported days",
        _REDNESS,
        first=False,
    ),
    _time(
        "practice_swelling_gone_days",
        "Day by which a practice states swelling gone",
        "last day with the condition of practice_swelling, between reported days",
        _SWELLING,
        first=False,
    ),
    _time(
        "practice_peeling_start_days",
        "Day from which a practice states peeling",
        "first day with the condition of practice_peeling, between reported days",
        _PEELING,
        first=True,
    ),
    _time(
        "practice_peeling_end_days",
        "Day by which a practice states peeling over",
        "last day with the condition of practice_peeling, between reported days",
        _PEELING,
        first=False,
    ),
)
