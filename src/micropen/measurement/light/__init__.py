"""Light: what the lamp and the camera changed between two photographs, taken out."""

from micropen.measurement.light.light_change import LightChange, light_change

__all__ = ["LightChange", "light_change"]
