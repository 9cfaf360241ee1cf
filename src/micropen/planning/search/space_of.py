"""From what may be set and the diary to the space that is searched."""

from __future__ import annotations

from typing import Final

import numpy as np

from micropen.planning.calendar.appointments import Appointments
from micropen.planning.intake.client import Client, Wish
from micropen.planning.search.space import Space
from micropen.planning.settings import Options

# Nearer settings differ by less than a forecast can tell apart; the deepest is always kept.
_LEAST_STEP_MM: Final = 0.2
_SAME_MM: Final = 1e-5
# Intervals are set in weeks; the diary moves single sessions to possible days in any case.
_STEP_DAYS: Final = 7


def thinned(lengths_mm: tuple[float, ...]) -> tuple[float, ...]:
    """Keep needle lengths that are far enough apart, from the deepest down."""
    kept = [lengths_mm[-1]]
    for length in reversed(lengths_mm[:-1]):
        if kept[-1] - length >= _LEAST_STEP_MM - _SAME_MM:
            kept.append(length)
    return tuple(reversed(kept))


def space_of(
    client: Client, options: Options, appointments: Appointments, latest_start: int
) -> Space | None:
    """Build the space of a person; None where no day is possible at all.

    Parameters
    ----------
    client
        Whose wishes bound the number of sessions.
    options
        Lengths, passes and intervals that limits allow.
    appointments
        Possible days.
    latest_start
        Days after the first possible one within which a series begins.
    """
    possible = np.flatnonzero(appointments.offsets)
    if not possible.size:
        return None
    starts = possible[possible <= possible[0] + latest_start]
    wished = client.wishes.most_sessions or options.usual_sessions
    return Space(
        groups=tuple(group.zones for group in options.groups),
        lengths_mm=tuple(thinned(group.lengths_mm) for group in options.groups),
        passes=options.passes,
        intervals=tuple(
            range(options.least_interval_days, options.most_interval_days + 1, _STEP_DAYS)
        ),
        most_sessions=min(wished, options.most_sessions),
        starts=tuple(int(day) for day in starts),
        glow_wished=any(event.wish is Wish.GLOW for event in client.diary.events),
    )
