"""Unmixing: what changed in a zone's colour, as blood, as melanin and as surface reflection."""

from micropen.measurement.unmixing.refusal import Refusals
from micropen.measurement.unmixing.solve import Estimate
from micropen.measurement.unmixing.unmixed import Unmixed, unmix

__all__ = ["Estimate", "Refusals", "Unmixed", "unmix"]
