"""Pain: the peak while being needled, then soreness as the anaesthetic wears off.

    impulse  needling_pain += pain while being needled (VAS)
    impulse  stinging      += pain of the first hours (VAS)
    impulse  numbness      += 1 if anaesthetised
    needling_pain' = -fading_rate * needling_pain
    stinging'      = -stinging_rate * stinging
    numbness'      = -numbness_rate * numbness
    soreness = 10 * (1 - exp(-(stinging + soreness_gain * (mediator + inflammation)) / 10))
    pain     = needling_pain + soreness * (1 - numbness) * (1 - needling_pain / 10)

Needling pain and numbness are kept at or below 10 and 1, so the sum stays on the scale.
"""

from typing import Final

import numpy as np

from micropen.healing.process import Array, Process, Readout, State, Values

_SCALE_TOP: Final = 10.0  # the end of the visual analogue scale, by definition


def _pain(x: Values, p: Values) -> Array:
    needling = np.minimum(x.needling_pain, _SCALE_TOP)
    drive = x.stinging + p.soreness_gain * (x.mediator + x.inflammation)
    soreness = _SCALE_TOP * (1.0 - np.exp(drive * (-1.0 / _SCALE_TOP)))
    felt = soreness * (1.0 - np.minimum(x.numbness, 1.0))
    return np.asarray(needling + felt * (1.0 - needling / _SCALE_TOP))


PAIN: Final = Process(
    name="pain",
    summary="pain while being needled, soreness after the anaesthetic wears off",
    parameters=(
        "fading_rate_per_day",
        "stinging_rate_per_day",
        "numbness_rate_per_day",
        "soreness_gain",
    ),
    states=(
        State(
            name="needling_pain",
            meaning="pain of the needles themselves, VAS",
            loss="fading_rate_per_day",
            impulse=lambda w, _p: w.pain_during_vas,
        ),
        State(
            name="stinging",
            meaning="stinging of the first hours, VAS",
            loss="stinging_rate_per_day",
            impulse=lambda w, _p: w.pain_after_vas,
        ),
        State(
            name="numbness",
            meaning="effect of the anaesthetic, 1 = full",
            loss="numbness_rate_per_day",
            impulse=lambda w, _p: w.anaesthetised,
        ),
    ),
    readouts=(Readout("pain", _pain),),
)
