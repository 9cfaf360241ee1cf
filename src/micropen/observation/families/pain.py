"""Pain and sensations as people score them."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.observation.observer_error import SUBJECT, subject_share
from micropen.observation.scale import Kind, Scale
from micropen.observation.view import View

Array = NDArray[np.float64]

# A drive for a score at the very end of a line would be infinite.
_ALMOST_TEN: Final = 9.9


def _drive(pain: Array) -> Array:
    return -np.log1p(-np.clip(pain, 0.0, _ALMOST_TEN) / 10.0)


def _during(view: View, day: float | None, *, name: str, top: float) -> Array:
    if day is None:
        return np.zeros(view.draws)
    session = max((start for start in view.session_days if start <= day), default=0.0)
    return top * subject_share(view, name, _drive(view.at("pain", session)), session)


def _after(view: View, day: float | None) -> Array:
    return 10.0 * subject_share(view, "pain_after", _drive(view.at("pain", day)), day)


def _burning(view: View, day: float | None) -> Array:
    drive = view.parameter("pain.burning_share") * _drive(view.at("pain", day))
    return 10.0 * subject_share(view, "burning_subject", drive, day)


def _line(name: str, top: float, summary: str, sources: tuple[str, ...]) -> Scale:
    return Scale(
        name=name,
        unit="score",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=top,
        better="lower",
        summary=summary,
        mapping=f"{top:g} * (1 - (1 - pain / 10) ** error) at the end of the last session begun; "
        "error from subject lean, use and slips",
        sources=sources,
        parameters=SUBJECT,
        observe=partial(_during, name=name, top=top),
    )


SCALES: Final = (
    _line("pain_during", 10.0, "Pain while being needled, visual analogue 0-10", ("gill2008",)),
    _line("pain_during_vas_100", 100.0, "Pain while being needled, line of 100 mm", ("gill2008",)),
    Scale(
        name="pain_after",
        unit="score",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=10.0,
        better="lower",
        summary="Pain or soreness at a time after the session, visual analogue 0-10",
        mapping="10 * (1 - (1 - pain / 10) ** error); error from subject lean, use and slips",
        sources=("assumed",),
        parameters=SUBJECT,
        observe=_after,
    ),
    Scale(
        name="burning_subject",
        unit="score",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=10.0,
        better="lower",
        summary="Burning or stinging after the session, 0-10",
        mapping="10 * (1 - (1 - pain / 10) ** (pain.burning_share * error)); error from subject "
        "lean, use and slips",
        sources=("assumed",),
        parameters=("pain.burning_share", *SUBJECT),
        observe=_burning,
    ),
)
