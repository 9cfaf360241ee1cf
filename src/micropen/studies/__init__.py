"""Studies: published evidence as data, simulated as it was done, and scored."""

from micropen.studies.study import (
    Arm,
    Claim,
    Finding,
    Group,
    Role,
    Spread,
    Statistic,
    Study,
)

__all__ = ["Arm", "Claim", "Finding", "Group", "Role", "Spread", "Statistic", "Study"]
