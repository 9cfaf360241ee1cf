"""Breakouts: irritated follicles become papules one to three nights later.

    impulse  irritated_follicle += proneness * emax(V, half_injury)
    irritated_follicle' = -ripening_rate * irritated_follicle
    hidden_lesion'      = ripening_rate * (irritated_follicle - hidden_lesion)
    growing_lesion'     = ripening_rate * (hidden_lesion      - growing_lesion)
    rising_lesion'      = ripening_rate * (growing_lesion     - rising_lesion)
    papule'             = ripening_rate * rising_lesion - healing_rate * papule
    lesions             = lesions_per_face * zone_lesions * papule

`lesions` is the expectation of a Poisson count; `zone_lesions` is the zone's share of a face's
lesions (area times sebaceous follicles). Acne-proneness and active acne multiply the
expectation.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from micropen.healing.process import Array, Process, Readout, State, Values, emax


def _adjust(p: Values, who: Values) -> Mapping[str, Array]:
    exponent = (
        p.proneness_slope * (who.acne_proneness - 0.5) + p.active_acne_slope * who.active_acne
    )
    return {"proneness": p.proneness * np.exp(exponent)}


LESIONS: Final = Process(
    name="lesions",
    summary="irritated follicles and the papules that they become",
    parameters=(
        "proneness",
        "proneness_slope",
        "active_acne_slope",
        "half_injury",
        "ripening_rate_per_day",
        "healing_rate_per_day",
        "lesions_per_face",
    ),
    states=(
        State(
            name="irritated_follicle",
            meaning="follicles irritated by the session",
            loss="ripening_rate_per_day",
            impulse=lambda w, p: p.proneness * emax(w.vascular_injury, p.half_injury),
        ),
        State(
            name="hidden_lesion",
            meaning="inflamed follicles under the surface",
            loss="ripening_rate_per_day",
            production=lambda x, p: p.ripening_rate_per_day * x.irritated_follicle,
        ),
        State(
            name="growing_lesion",
            meaning="lesions growing under the surface",
            loss="ripening_rate_per_day",
            production=lambda x, p: p.ripening_rate_per_day * x.hidden_lesion,
        ),
        State(
            name="rising_lesion",
            meaning="lesions about to show",
            loss="ripening_rate_per_day",
            production=lambda x, p: p.ripening_rate_per_day * x.growing_lesion,
        ),
        State(
            name="papule",
            meaning="visible papules, relative to all that will come",
            loss="healing_rate_per_day",
            production=lambda x, p: p.ripening_rate_per_day * x.rising_lesion,
        ),
    ),
    readouts=(Readout("lesions", lambda x, p: p.lesions_per_face * p.zone_lesions * x.papule),),
    zone_factors=("lesions",),
    zone_spread=("lesions_per_face",),
    adjust=_adjust,
)
