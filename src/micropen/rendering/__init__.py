"""Rendering: portrait and appearance to pictures and film, one file per effect."""

from micropen.rendering.film import Film, film_days, render
from micropen.rendering.frame import render_frame

__all__ = ["Film", "film_days", "render", "render_frame"]
