"""Goals: what share of a fault a series takes away, and how long it lasts."""

from micropen.planning.goals.catalogue import goal, goals
from micropen.planning.goals.goal import Goal, Sample, sampler
from micropen.planning.goals.lasting import lasting

__all__ = ["Goal", "Sample", "goal", "goals", "lasting", "sampler"]
