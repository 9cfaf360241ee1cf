"""How a way of measuring states itself: which sign, in which unit, with which error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.measurement.face_view import Array
from micropen.measurement.lesions.found import FoundLesion
from micropen.measurement.pair import Pair

MEASURED: Final = "measured"
NOT_MEASURABLE: Final = "not measurable"


@dataclass(frozen=True, slots=True)
class ZoneReading:
    """One sign in one zone of one photograph.

    Parameters
    ----------
    value
        State on this photograph; NaN where the method knows only changes.
    sd
        Standard deviation of `value`.
    change
        Against the baseline.
    change_sd
        Standard deviation of `change` from everything in the method's error model, for a change
        of this size.
    no_change_sd
        Standard deviation that `change` would have if nothing had changed: what "smallest real
        change" is worked out from.
    errors
        Named parts of `no_change_sd` (``"noise"``, ``"alignment"``, ``"light"``, ``"surface"``,
        ``"pose"``): standard deviations, same unit.
    reason
        Why it cannot be measured, as one sentence a person can act on; empty where it can.
    """

    value: float
    sd: float
    change: float
    change_sd: float
    no_change_sd: float
    errors: Mapping[str, float] = field(default_factory=dict)
    reason: str = ""

    @property
    def status(self) -> str:
        """``"measured"`` or ``"not measurable"``."""
        return NOT_MEASURABLE if self.reason else MEASURED

    @classmethod
    def refused(cls, reason: str) -> ZoneReading:
        """No number, and why."""
        nan = float("nan")
        return cls(nan, nan, nan, nan, nan, {}, reason)


@dataclass(frozen=True, eq=False)
class Reading:
    """One method's reading of a pair.

    Parameters
    ----------
    zones
        Zone name to reading, every zone.
    overlay
        ``(h, w)`` float32 map of the change on the baseline's view for the page, NaN where
        nothing was read; None where there is no map.
    sightings
        Single things that were found (lesions), doubtful ones included; empty for other methods.
    """

    zones: Mapping[str, ZoneReading]
    overlay: NDArray[np.float32] | None = None
    sightings: tuple[FoundLesion, ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """A way of measuring a sign.

    Parameters
    ----------
    name
        Snake case; column ``method`` of the table.
    sign
        Name in `micropen.signs` where a forecast predicts the same, in the same unit; else a name
        of `micropen.measurement.measured_signs`.
    unit
        Unit of value and change (``"1"`` for a ratio).
    label
        Few words for a client.
    summary
        What the number is and how it is read: the data dictionary's text.
    better
        ``"lower"``, ``"higher"`` or ``""``: which direction a person would want.
    sources
        Bibliography keys.
    parameters
        Dotted names that it leans on.
    main
        Whether it stands for its sign on the page; one method a sign.
    read
        ``read(pair)`` for one pair.
    """

    name: str
    sign: str
    unit: str
    label: str
    summary: str
    better: str
    sources: tuple[str, ...]
    parameters: tuple[str, ...]
    main: bool
    read: Callable[[Pair], Reading]


def spread_over(pair: Pair, values: NDArray[np.floating]) -> Array:
    """Lay one value per zone over the baseline's view, NaN outside the zones ``(h, w)``."""
    padded = np.append(np.asarray(values, np.float32), np.float32(np.nan))
    return padded[pair.labels]
