"""Studies: published evidence as data, simulated as it was done, and scored."""

from micropen.studies.catalogue import Catalogue, load_studies
from micropen.studies.reading import Problem, read_study
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

__all__ = [
    "Arm",
    "Catalogue",
    "Claim",
    "Finding",
    "Group",
    "Problem",
    "Role",
    "Spread",
    "Statistic",
    "Study",
    "load_studies",
    "read_study",
]
