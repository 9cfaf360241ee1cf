"""Scaling: peeling, as the share of the skin that white flakes cover."""

from micropen.measurement.scaling.flake_cover import FlakeCover, flake_cover
from micropen.measurement.scaling.reading import cover_readings
from micropen.measurement.scaling.whiteness import Flake

__all__ = ["Flake", "FlakeCover", "cover_readings", "flake_cover"]
