"""micropen: what a microneedling treatment will do to a face, day by day, on its own photograph.

    import micropen as mp

    treatment = mp.Treatment.read("treatment.toml")
    course = mp.forecast(treatment, days=60)
    portrait = mp.Portrait.read("before.jpg")
    film = mp.render(portrait, course)
    film.save("report.html")

Names are loaded when first used, so that ``import micropen`` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

from micropen._version import __version__

if TYPE_CHECKING:
    from micropen.errors import MicropenError
    from micropen.healing import Course, forecast
    from micropen.portrait import Portrait
    from micropen.rendering import Film
    from micropen.treatment import Treatment
    from micropen.workflows.film import render

_HOMES: Final = {
    "Course": "micropen.healing",
    "Film": "micropen.rendering",
    "MicropenError": "micropen.errors",
    "Portrait": "micropen.portrait",
    "Treatment": "micropen.treatment",
    "forecast": "micropen.healing",
    "render": "micropen.workflows.film",
}

__all__ = [
    "Course",
    "Film",
    "MicropenError",
    "Portrait",
    "Treatment",
    "__version__",
    "forecast",
    "render",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its room."""
    try:
        home = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module 'micropen' has no attribute {name!r}") from None
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
