"""Islands: whole epidermis between the holes closes the surface; too dense, and it is cut off.

    impulse  bare_surface += C         C = share of the surface without connected whole epidermis
    bare_surface' = -closing_rate * bare_surface

Each hole spoils a disc of its own radius plus one thickness of epidermis. Discs at random, of
summed area eta per area of skin, leave the skin between them connected up to eta = 1.13
(percolation of discs); C = sigmoid_emax(eta, 1.13). It has no sign of its own: what is bare leaks
(`barrier`) and keeps `inflammation` going.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from micropen.healing.process import Array, Process, State, Values


def _adjust(p: Values, who: Values) -> Mapping[str, Array]:
    decades = (who.age_years - 40.0) / 10.0
    return {
        "closing_rate_per_day": p.closing_rate_per_day * np.exp(-p.age_slowing_per_decade * decades)
    }


ISLANDS: Final = Process(
    name="islands",
    summary="surface whose islands of whole epidermis were lost to dense needling",
    parameters=("closing_rate_per_day", "age_slowing_per_decade"),
    states=(
        State(
            name="bare_surface",
            meaning="share of the surface that new epidermis must reach from farther away",
            loss="closing_rate_per_day",
            impulse=lambda w, _p: w.island_loss,
        ),
    ),
    adjust=_adjust,
)
