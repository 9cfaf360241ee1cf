"""Fibrosis: a wound signal that is too large or too lasting turns repair into scar.

    impulse  lasting_signal += W        W = wound of the dermis and beyond (reference = 1)
    lasting_signal' = bare_signal_per_day * bare_surface - resolution_rate * lasting_signal

A surface that stays bare keeps the signal up. It has no sign of its own: beyond
`collagen.half_lasting_signal` the fibroblasts that are called make scar, which is no gain.
"""

from typing import Final

from micropen.healing.process import Process, State

FIBROSIS: Final = Process(
    name="fibrosis",
    summary="wound signal that lasts; too much of it turns new collagen into scar",
    parameters=("resolution_rate_per_day", "bare_signal_per_day"),
    states=(
        State(
            name="lasting_signal",
            meaning="wound signal that lasts, 1 = after the reference session",
            loss="resolution_rate_per_day",
            impulse=lambda w, _p: w.deep_wound,
            production=lambda x, p: p.bare_signal_per_day * x.bare_surface,
        ),
    ),
)
