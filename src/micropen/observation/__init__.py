"""Observation: how raters, subjects and instruments write down what the signs show."""

from micropen.observation.catalogue import scale, scales
from micropen.observation.scale import Kind, Scale
from micropen.observation.view import Baseline, View

__all__ = ["Baseline", "Kind", "Scale", "View", "scale", "scales"]
