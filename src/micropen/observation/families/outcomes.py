"""What happens to some people and not to others, up to a day.

Complications come as probabilities from the room `healing`. Expected reactions (redness, flakes)
happen to nearly everybody, but many trials report few of them: people are not asked, or what is
expected is not counted. Each trial therefore has a share that it reports,

    reported = normal(seen.reported + seen.reported_sd * rater)

the same for all its people, with a width that lets one trial list everybody and the next nobody.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.observation.event_times import NOTICED
from micropen.observation.families.peeling import dryness_drive
from micropen.observation.families.redness import seen_redness
from micropen.observation.observer_error import THRESHOLD, happens, normal_share, noticed_from
from micropen.observation.scale import Kind, Scale
from micropen.observation.view import View

Array = NDArray[np.float64]

_REPORTED: Final = ("seen.reported", "seen.reported_sd")
_TONE: Final = "redness.tone_masking"


def _complication(view: View, day: float | None, *, name: str) -> Array:
    if day is None:
        return np.zeros(view.draws)
    return happens(view, f"outcome.{name}", view.risk(name, day))


def _largest_until(view: View, values: Array, day: float) -> Array:
    """Largest value of each person up to a day, shape ``(draw,)``."""
    return np.asarray(values[:, view.days <= day].max(axis=1))


def _reported(view: View, name: str) -> Array:
    """1 where a trial that saw the sign in a person lists it."""
    z = view.parameter(_REPORTED[0]) + view.parameter(_REPORTED[1]) * view.rater("reported")
    return happens(view, f"reported.{name}", normal_share(z))


def _noticed(view: View, day: float | None, *, name: str, sign: str) -> Array:
    if day is None:
        return np.zeros(view.draws)
    values = view.over_time(sign)
    values = seen_redness(view, values) if sign == "erythema" else values
    seen = _largest_until(view, values, day) > noticed_from(view, NOTICED[sign], sign)
    return seen * _reported(view, name)


def _above(view: View, day: float | None, *, name: str, sign: str, limit: str) -> Array:
    if day is None:
        return np.zeros(view.draws)
    seen = _largest_until(view, view.over_time(sign), day) > view.parameter(limit)
    return seen * _reported(view, name)


def _crusts(view: View, day: float | None) -> Array:
    """Points that are still there half a day after the session are crusts."""
    if day is None or day < 0.5:
        return np.zeros(view.draws)
    late = view.at("pinpoint_bleeding", 0.5)
    return (late > view.parameter("bleeding.visible_density")) * _reported(view, "crusting_seen")


def _dry(view: View, day: float | None, *, name: str, factor: str = "") -> Array:
    if day is None:
        return np.zeros(view.draws)
    drives = [dryness_drive(view, moment) for moment in view.days[view.days <= day]]
    most = np.max(drives, axis=0) * (view.parameter(factor) if factor else 1.0)
    return (most > view.parameter("dryness.noticed")) * _reported(view, name)


def _risk(name: str, summary: str, sources: tuple[str, ...]) -> Scale:
    return Scale(
        name=name,
        unit="1",
        kind=Kind.OUTCOME,
        lower=0.0,
        upper=1.0,
        better="lower",
        summary=f"{summary}: 1 yes, 0 no",
        mapping=f"1 with the person's probability of {name} up to the day (room healing)",
        sources=sources,
        parameters=(),
        observe=partial(_complication, name=name),
    )


def _seen(
    name: str, summary: str, condition: str, parameters: tuple[str, ...], observe: partial[Array]
) -> Scale:
    return Scale(
        name=name,
        unit="1",
        kind=Kind.OUTCOME,
        lower=0.0,
        upper=1.0,
        better="lower",
        summary=f"{summary} reported up to the day: 1 yes, 0 no",
        mapping=f"{condition} at any time, and listed with probability normal(seen.reported + "
        "seen.reported_sd * rater)",
        sources=("foppiani2025",),
        parameters=(*parameters, *_REPORTED),
        observe=observe,
    )


def _sign(name: str, summary: str, sign: str) -> Scale:
    tone = (_TONE,) if sign == "erythema" else ()
    shown = f"{sign} * exp(-{_TONE} * max(phototype - 2.5, 0))" if tone else sign
    return _seen(
        name,
        summary,
        f"{shown} > healing.milestones.{NOTICED[sign]} * exp(observer.lean_sd * rater + "
        "observer.person_sd * person)",
        (*tone, *THRESHOLD),
        partial(_noticed, name=name, sign=sign),
    )


def _limit(name: str, summary: str, sign: str, limit: str) -> Scale:
    return _seen(
        name,
        summary,
        f"{sign} > {limit}",
        (limit,),
        partial(_above, name=name, sign=sign, limit=limit),
    )


_DRYNESS: Final = ("dryness.barrier_scale", "dryness.scaling_scale", "dryness.noticed")

SCALES: Final = (
    _risk("pih", "Post-inflammatory hyperpigmentation", ("dogra2014",)),
    _risk("prolonged_erythema", "Redness lasting beyond what is expected", ("chu2021",)),
    _risk("herpes_reactivation", "Herpes labialis came back", ("cassiano2022",)),
    _risk("tram_track", "Tram-track marks", ("dogra2014",)),
    _risk("infection", "Infection of the needled skin", ("chu2021",)),
    _risk("acne_flare", "Acne flared", ("acneorg",)),
    _sign("erythema_seen", "Redness", "erythema"),
    _sign("oedema_seen", "Swelling", "swelling"),
    _sign("scaling_seen", "Scaling", "scaling"),
    _limit(
        "pinpoint_bleeding_seen",
        "Pinpoint bleeding",
        "pinpoint_bleeding",
        "bleeding.visible_density",
    ),
    _limit("pain_seen", "Pain", "pain", "pain.noticed"),
    _seen(
        "crusting_seen",
        "Crusts",
        "pinpoint_bleeding half a day after the session > bleeding.visible_density; not asked",
        ("bleeding.visible_density",),
        partial(_crusts),
    ),
    _seen(
        "dryness_seen",
        "Dryness",
        "dry (as in dryness_subject) > dryness.noticed",
        _DRYNESS,
        partial(_dry, name="dryness_seen"),
    ),
    _seen(
        "pruritus_seen",
        "Itching",
        "itching.share * dry (as in dryness_subject) > dryness.noticed",
        ("itching.share", *_DRYNESS),
        partial(_dry, name="pruritus_seen", factor="itching.share"),
    ),
)
