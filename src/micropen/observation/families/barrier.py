"""The barrier, as four observables that stay apart.

What closes "within minutes" to the eye, within hours for unoccluded water loss, within a day for
dye or optical coherence tomography, and within two to three days for impedance under a patch is
the same channel seen four ways. Each has a closing level of its own. That a patch holds channels
open is no matter of the instrument: an arm says so by its aftercare.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.observation.event_times import event_scale, falls_to, gone_after
from micropen.observation.fading_scores import Range, before
from micropen.observation.observer_error import reading, slip
from micropen.observation.scale import Kind, Scale
from micropen.observation.view import View

Array = NDArray[np.float64]

_GAIN: Final = "barrier.water_loss_gain"
_DETECTABLE: Final = "barrier.water_loss_detectable"
_SPAN: Final = Range(0.0, np.inf)


def _ratio(view: View, day: float | None, name: str) -> Array:
    rise = view.parameter(_GAIN) * view.at("barrier_defect", day)
    return reading(view, name, 1.0 + rise, day)


def _loss(view: View, day: float | None) -> Array:
    start = before(view, "transepidermal_water_loss", _SPAN)
    return start * _ratio(view, day, "transepidermal_water_loss")


def _loss_ratio(view: View, day: float | None) -> Array:
    return _ratio(view, day, "transepidermal_water_loss_ratio")


def _raised(view: View, day: float | None) -> Array:
    rise = view.parameter(_GAIN) * view.at("barrier_defect", day)
    error = 0.0 if day is None else 0.5 * slip(view, "tewl_raised", day)
    limit = view.parameter(_DETECTABLE) * np.exp(error * view.parameter("observer.person_sd"))
    return (rise > limit).astype(np.float64)


def _loss_back(view: View, _day: float | None) -> Array:
    rise = view.parameter(_GAIN)[:, None] * view.over_time("barrier_defect")
    return gone_after(view, rise, view.parameter(_DETECTABLE))


def _closed(view: View, _day: float | None, *, level: str) -> Array:
    """Time at which the defect is down to a share of its first size."""
    return falls_to(view, "barrier_defect", np.clip(view.parameter(level), 1e-4, 1.0))


def _event(name: str, summary: str, level: str, source: str) -> Scale:
    return event_scale(
        name,
        summary,
        f"last day with barrier_defect / its peak > {level}",
        (level,),
        partial(_closed, level=level),
        source=source,
    )


SCALES: Final = (
    Scale(
        name="transepidermal_water_loss_ratio",
        unit="1",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=np.inf,
        better="lower",
        summary="Transepidermal water loss, unoccluded, value over that before",
        mapping="(1 + barrier.water_loss_gain * barrier_defect) * exp(instrument.slip_sd * answer)",
        sources=("assumed",),
        parameters=(_GAIN, "instrument.slip_sd"),
        observe=_loss_ratio,
    ),
    Scale(
        name="transepidermal_water_loss",
        unit="g/m2/h",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=np.inf,
        better="lower",
        summary="Transepidermal water loss, unoccluded",
        mapping="before * transepidermal_water_loss_ratio",
        sources=("assumed",),
        parameters=("before.transepidermal_water_loss", _GAIN, "instrument.slip_sd"),
        observe=_loss,
    ),
    Scale(
        name="tewl_raised",
        unit="1",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=1.0,
        better="lower",
        summary="Transepidermal water loss above its value before, by an instrument: 1 yes, 0 no",
        mapping="barrier.water_loss_gain * barrier_defect > barrier.water_loss_detectable * "
        "exp(observer.person_sd * answer / 2)",
        sources=("assumed",),
        parameters=(_GAIN, _DETECTABLE, "observer.person_sd"),
        observe=_raised,
    ),
    event_scale(
        "barrier_closed_days",
        "Unoccluded transepidermal water loss back at its value before",
        "last day with barrier.water_loss_gain * barrier_defect > barrier.water_loss_detectable",
        (_GAIN, _DETECTABLE),
        _loss_back,
    ),
    _event(
        "channel_gap_closed_days",
        "Holes no longer gape to the eye or in histology",
        "barrier.gap_level",
        "schwarz2011",
    ),
    _event(
        "channel_dye_closed_days",
        "Channels no longer found by dye or optical coherence tomography",
        "barrier.dye_level",
        "kalluri2011",
    ),
    _event(
        "micropore_closed_days",
        "Channels no longer found by electrical impedance (covered skin: occlusive aftercare)",
        "barrier.impedance_level",
        "ogunjimi2021",
    ),
    _event(
        "micropore_half_life_days",
        "Half-life of channels by electrical impedance (covered skin: occlusive aftercare)",
        "barrier.half_level",
        "ogunjimi2021",
    ),
    _event(
        "reepithelialised_days",
        "Holes covered by new epidermis",
        "barrier.epithelium_level",
        "stumpp2009",
    ),
)
