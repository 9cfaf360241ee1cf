"""The dates that a person plans with: when signs are gone, and what one may do when."""

from micropen.estimation.dates.told import dates

__all__ = ["dates"]
