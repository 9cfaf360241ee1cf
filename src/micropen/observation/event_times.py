"""When something comes and goes after the first session, before the second."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from micropen.healing.visibility import first_day_above, last_day_above
from micropen.observation.scale import Kind, Observe, Scale
from micropen.observation.view import View

Array = NDArray[np.float64]

# Sign to the threshold of `healing.milestones` at which others notice it.
NOTICED = {
    "erythema": "visible_redness",
    "swelling": "visible_swelling",
    "scaling": "visible_scaling",
    "gloss": "visible_gloss",
}


def event_scale(
    name: str,
    summary: str,
    mapping: str,
    parameters: tuple[str, ...],
    observe: Observe,
    better: str = "lower",
    source: str = "assumed",
) -> Scale:
    """Build a scale that is a time in days since the first session."""
    return Scale(
        name=name,
        unit="days",
        kind=Kind.EVENT,
        lower=0.0,
        upper=np.inf,
        better=better,
        summary=summary,
        mapping=mapping,
        sources=(source,),
        parameters=parameters,
        observe=observe,
    )


def days_after_first(view: View) -> tuple[Array, NDArray[np.int64]]:
    """Reported days after the first session and before the second, and their indices."""
    start = view.session_days[0]
    end = view.session_days[1] if len(view.session_days) > 1 else np.inf
    chosen = np.flatnonzero((view.days >= start) & (view.days < end))
    return view.days[chosen] - start, chosen


def _against(view: View, values: Array, limit: Array) -> tuple[Array, Array]:
    """Days, and values over each person's limit, of the first session."""
    days, chosen = days_after_first(view)
    return days, values[:, chosen] / np.maximum(limit, 1e-12)[:, None]


def gone_after(view: View, values: Array, limit: Array) -> Array:
    """Days until values stay below each person's limit; 0 if never above, inf if not gone.

    Parameters
    ----------
    view
        What can be seen.
    values
        Shape ``(draw, day)``, on the days of the view.
    limit
        Shape ``(draw,)``, in the unit of `values`.
    """
    last = last_day_above(*_against(view, values, limit), 1.0)
    return np.where(np.isnan(last), 0.0, last)


def starts_after(view: View, values: Array, limit: Array) -> Array:
    """Days until values first exceed each person's limit; inf if never. As `gone_after`."""
    first = first_day_above(*_against(view, values, limit), 1.0)
    return np.where(np.isnan(first), np.inf, first)


def falls_to(view: View, sign: str, share: Array) -> Array:
    """Days until a sign has fallen for good to a share of its peak; 0 where it never rose."""
    values = view.over_time(sign)
    _, chosen = days_after_first(view)
    peak = values[:, chosen].max(axis=1)
    fallen = gone_after(view, values, share * peak)
    return np.where(peak > 0.0, fallen, 0.0)
