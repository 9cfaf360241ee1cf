"""Scaling: peeling, as the share of the skin that white flakes cover."""

from micropen.measurement.scaling.flake_cover import FlakeCover, flake_cover
from micropen.measurement.scaling.opacity import Opacity
from micropen.measurement.scaling.reading import cover_readings
from micropen.measurement.scaling.whiteness import Flake

__all__ = ["Flake", "FlakeCover", "Opacity", "cover_readings", "flake_cover"]
