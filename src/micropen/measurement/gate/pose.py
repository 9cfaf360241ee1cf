"""A differently turned head: what the camera sees of each zone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from micropen.evidence import ParameterSet
from micropen.measurement.gate.findings import Finding
from micropen.measurement.gate.seen import Seen

_LEFT: Final = ("temple_left", "cheek_left", "jaw_left", "periorbital_left")
_RIGHT: Final = ("temple_right", "cheek_right", "jaw_right", "periorbital_right")
_UPPER: Final = ("forehead",)
_LOWER: Final = ("chin", "jaw_left", "jaw_right")


def turn_between(seen: Seen, baseline: Seen) -> float:
    """Larger change of yaw or pitch, degrees."""
    now, before = seen.quality, baseline.quality
    return max(abs(now.yaw_deg - before.yaw_deg), abs(now.pitch_deg - before.pitch_deg))


def pose_findings(seen: Seen, baseline: Seen | None, parameters: ParameterSet) -> Iterator[Finding]:
    """Compare the pose with the baseline's.

    A head turned to its left hides its left side; the side that is more turned away in either
    photograph is the one that cannot be compared. Yaw positive towards the subject's left, pitch
    positive upwards.
    """
    if baseline is None:
        return
    now, before = seen.quality, baseline.quality
    most, refused = (
        parameters.value(f"measurement.gate.{name}_deg") for name in ("most_turn", "refused_turn")
    )
    turn = now.yaw_deg - before.yaw_deg
    nod = now.pitch_deg - before.pitch_deg
    larger = max(abs(turn), abs(nod))
    if larger > refused:
        yield Finding(
            f"The head is turned {larger:.0f}° from where it was on the baseline, at most "
            f"{refused:.0f}° can be compared; {_ADVICE}.",
            refuses=True,
        )
        return
    far = _LEFT if max(now.yaw_deg, before.yaw_deg) > -min(now.yaw_deg, before.yaw_deg) else _RIGHT
    upper = max(now.pitch_deg, before.pitch_deg) > -min(now.pitch_deg, before.pitch_deg)
    lower_or_upper = _UPPER if upper else _LOWER
    tilted = f"tilted {abs(nod):.0f}° more {'up' if nod > 0 else 'down'}"
    yield from _one(turn, f"turned {abs(turn):.0f}° more to the side", far, most, parameters)
    yield from _one(nod, tilted, lower_or_upper, most, parameters)


_ADVICE: Final = "look straight into a camera at eye level each time"


def _one(
    change: float, how: str, zones: tuple[str, ...], most: float, parameters: ParameterSet
) -> Iterator[Finding]:
    warned = parameters.value("measurement.gate.turn_warning_deg")
    if abs(change) <= warned:
        return
    start = f"The head is {how} than on the baseline"
    if abs(change) > most:
        yield Finding(
            f"{start}, at most {most:.0f}° can be compared here, where the skin turns away from "
            f"the camera; {_ADVICE}.",
            zones=zones,
        )
    else:
        yield Finding(
            f"{start}: readings far from the middle of the face are less sure ({warned:.0f}° or "
            f"less would be good); {_ADVICE}."
        )
