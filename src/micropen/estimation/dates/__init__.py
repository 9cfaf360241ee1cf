"""The dates that a person plans with: when signs are gone, and what one may do when."""

from micropen.estimation.dates.held_back import held_back
from micropen.estimation.dates.told import dates

__all__ = ["dates", "held_back"]
