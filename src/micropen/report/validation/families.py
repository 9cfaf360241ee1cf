"""Which signs a scale is about: one family, one figure."""

from __future__ import annotations

from functools import cache
from typing import Final

from micropen.observation.catalogue import families

# Order and titles of the figures; a family that is not named here comes last, under its own name.
_TITLES: Final = {
    "redness": "Redness",
    "swelling": "Swelling",
    "pain": "Pain and sensations",
    "barrier": "Skin barrier and closing of the holes",
    "peeling": "Blood points, peeling, dryness, breakouts",
    "risks": "Risks",
    "radiance": "Glow and texture",
    "pigment": "Pigment",
    "scars": "Acne scars",
    "wrinkles": "Wrinkles, laxity, improvement grades",
    "dermis": "Collagen and the dermis",
    "satisfaction": "Satisfaction and opinion",
    "practice": "What practices tell their clients",
}


@cache
def _families() -> dict[str, str]:
    """Scale name to family."""
    return {scale.name: family for family, own in families().items() for scale in own}


def family_of(scale: str) -> str:
    """Return the family of a scale; practices' statements are one of their own."""
    if scale.startswith("practice_"):
        return "practice"
    return _families().get(scale, "other")


def family_title(family: str) -> str:
    """Return the title of a family's figure."""
    return _TITLES.get(family, family.replace("_", " ").capitalize())


def family_order(family: str) -> tuple[int, str]:
    """Sort key of a family."""
    names = list(_TITLES)
    return (names.index(family) if family in names else len(names)), family
