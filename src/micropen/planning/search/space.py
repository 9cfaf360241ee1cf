"""What a plan may choose: needle length by group of zones, passes, sessions, interval, start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

from micropen.planning.search.face import FaceSettings

# Where the choices of dates stand among the indices of a plan.
INTERVAL: Final = -3
START: Final = -2


@dataclass(frozen=True, slots=True)
class Candidate:
    """One plan before its dates are known.

    Parameters
    ----------
    settings
        Of every session.
    sessions
        How many in series; none where there is only one for the glow.
    interval
        Wished days between them.
    start
        Days from today at or after which the first one is.
    for_glow
        Whether there is one more session, timed for each event on which a glow is wished.
    """

    settings: FaceSettings
    sessions: int
    interval: int
    start: int
    for_glow: bool = False


@dataclass(frozen=True, slots=True)
class Space:
    """All plans that limits allow.

    Parameters
    ----------
    groups
        Zones of each group.
    lengths_mm
        Allowed needle lengths of each group, shortest first.
    passes
        Allowed passes, fewest first.
    intervals
        Allowed days between sessions, fewest first.
    most_sessions
        At most.
    starts
        Days from today on which a series may begin, in order.
    glow_wished
        Whether any event wishes a glow, so that a session may be timed for it.
    """

    groups: tuple[tuple[str, ...], ...]
    lengths_mm: tuple[tuple[float, ...], ...]
    passes: tuple[float, ...]
    intervals: tuple[int, ...]
    most_sessions: int
    starts: tuple[int, ...]
    glow_wished: bool = False

    @property
    def last(self) -> tuple[int, ...]:
        """Largest index of each choice: lengths, passes, sessions, interval, start, glow."""
        return (
            *(len(lengths) - 1 for lengths in self.lengths_mm),
            len(self.passes) - 1,
            self.most_sessions - 1,
            len(self.intervals) - 1,
            len(self.starts) - 1,
            int(self.glow_wished),
        )

    @property
    def size(self) -> int:
        """How many plans there are."""
        return prod(last + 1 for last in self.last)

    def candidate(self, index: Sequence[int]) -> Candidate:
        """Plan of one index per choice, in the order of `last`."""
        groups = len(self.groups)
        wished = [allowed[i] for allowed, i in zip(self.lengths_mm, index[:groups], strict=True)]
        lengths = self.in_order(wished)
        passes, sessions, interval, start, glow = index[groups:]
        # A session for the glow takes the place of one of the series.
        regular = sessions if glow else sessions + 1
        # What says nothing does not make another plan: the interval of a single session, the start
        # of none.
        return Candidate(
            FaceSettings(lengths, self.passes[passes]),
            regular,
            self.intervals[interval if regular > 1 else 0],
            self.starts[start if regular else 0],
            bool(glow),
        )

    def in_order(self, wished: Sequence[float]) -> tuple[float, ...]:
        """Needle lengths that do not rise from one group to the next, as charts of pens have it.

        The groups stand from thick skin to thin: cheeks, forehead, nose and lip, around the eyes.
        Where a device has no length that is short enough, its shortest stays.
        """
        lengths: list[float] = []
        for length, allowed in zip(wished, self.lengths_mm, strict=True):
            most = min(length, lengths[-1]) if lengths else length
            lengths.append(max((one for one in allowed if one <= most), default=allowed[0]))
        return tuple(lengths)

    def table(self) -> tuple[FaceSettings, ...]:
        """Settings that between them hold every part of every face of this space."""
        deepest = max(len(lengths) for lengths in self.lengths_mm)
        return tuple(
            FaceSettings(
                tuple(allowed[min(i, len(allowed) - 1)] for allowed in self.lengths_mm), passes
            )
            for passes in self.passes
            for i in range(deepest)
        )

    def neighbour(self, settings: FaceSettings, group: int, steps: int) -> FaceSettings | None:
        """Settings some steps deeper (or, below zero, shallower) in one group; None beyond it."""
        allowed = self.lengths_mm[group]
        index = allowed.index(settings.lengths_mm[group]) + steps
        if not 0 <= index < len(allowed):
            return None
        moved = settings.with_length(group, allowed[index])
        return moved if self.in_order(moved.lengths_mm) == moved.lengths_mm else None

    def shifted(self, settings: FaceSettings, steps: int) -> FaceSettings:
        """Settings some steps deeper or shallower wherever that is allowed."""
        order = range(len(self.groups))
        # From the thick end when going deeper, from the thin one when not: so none stands in line.
        for group in order if steps > 0 else reversed(order):
            settings = self.neighbour(settings, group, steps) or settings
        return settings
