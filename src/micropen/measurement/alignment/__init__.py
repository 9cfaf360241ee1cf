"""Alignment: where each place of the baseline lies in a later photograph, and how surely."""

from micropen.measurement.alignment.align import Alignment, align

__all__ = ["Alignment", "align"]
