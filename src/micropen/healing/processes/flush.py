"""The flush of the first hour: needles release neuropeptides, vessels open within minutes.

    impulse  neuropeptide += emax(V, half_injury)           V = vascular injury (reference = 1)
    neuropeptide' = -neuropeptide_rate * neuropeptide
    flush'        = flush_gain * neuropeptide_rate * neuropeptide - flush_rate * flush

It has no sign of its own: it adds to the blood of `erythema`.
"""

from typing import Final

from micropen.healing.process import Process, State, emax

FLUSH: Final = Process(
    name="flush",
    summary="neurogenic flush: vessels open within minutes and close within the hour",
    parameters=("half_injury", "neuropeptide_rate_per_day", "flush_gain", "flush_rate_per_day"),
    states=(
        State(
            name="neuropeptide",
            meaning="neuropeptides released by pricked nerve endings, largest possible release = 1",
            loss="neuropeptide_rate_per_day",
            impulse=lambda w, p: emax(w.vascular_injury, p.half_injury),
        ),
        State(
            name="flush",
            meaning="added blood of the flush over resting blood",
            loss="flush_rate_per_day",
            production=lambda x, p: p.flush_gain * p.neuropeptide_rate_per_day * x.neuropeptide,
        ),
    ),
    zone_spread=("flush_gain",),
)
