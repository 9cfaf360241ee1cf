"""Rendering: portrait and appearance to pictures and film, one file per effect."""

from micropen.rendering.film import Film, film_days, render
from micropen.rendering.frame import render_frame
from micropen.rendering.from_a_day import film_from

__all__ = ["Film", "film_days", "film_from", "render", "render_frame"]
