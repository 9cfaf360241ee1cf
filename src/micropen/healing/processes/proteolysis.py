"""Proteases: inflammation that goes on keeps up enzymes (MMP), which cut new collagen.

    protease' = protease_rate * (inflammation + deep_gain * deep_inflammation)
                - protease_rate * protease

It has no sign of its own: `collagen` loses what is laid while it is high.
"""

from typing import Final

from micropen.healing.process import Process, State

PROTEOLYSIS: Final = Process(
    name="proteolysis",
    summary="proteases kept up by inflammation, which cut new collagen",
    parameters=("protease_rate_per_day", "deep_gain"),
    states=(
        State(
            name="protease",
            meaning="collagen-cutting enzymes (MMP), in units of inflammation",
            loss="protease_rate_per_day",
            production=lambda x, p: (
                p.protease_rate_per_day * (x.inflammation + p.deep_gain * x.deep_inflammation)
            ),
        ),
    ),
)
