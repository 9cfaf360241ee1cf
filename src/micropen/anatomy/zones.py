"""The facial zones, in the subject's own left and right."""

from __future__ import annotations

from typing import Final

from micropen.errors import unknown_name

ZONES: Final[tuple[str, ...]] = (
    "forehead",
    "glabella",
    "temple_left",
    "temple_right",
    "periorbital_left",
    "periorbital_right",
    "nose",
    "cheek_left",
    "cheek_right",
    "upper_lip",
    "chin",
    "jaw_left",
    "jaw_right",
)

_SIDES: Final = ("_left", "_right")

_LABELS: Final = {
    "forehead": "forehead",
    "glabella": "glabella (between the brows)",
    "temple": "temple",
    "periorbital": "orbital rim and crow's feet (not the eyelid)",
    "nose": "nose",
    "cheek": "cheek",
    "upper_lip": "upper lip (skin above the red of the lip)",
    "chin": "chin",
    "jaw": "jaw line",
}


def unpaired(zone: str) -> str:
    """Return the zone's name without its side: ``"cheek"`` for ``"cheek_left"``."""
    for side in _SIDES:
        if zone.endswith(side):
            return zone.removesuffix(side)
    return zone


UNPAIRED_ZONES: Final[tuple[str, ...]] = tuple(dict.fromkeys(unpaired(zone) for zone in ZONES))


def label(zone: str) -> str:
    """Return the zone in words: ``"left cheek"`` for ``"cheek_left"``."""
    words = _LABELS[unpaired(zone)]
    for side in _SIDES:
        if zone.endswith(side):
            return f"{side.removeprefix('_')} {words}"
    return words


def expand_zone(name: str) -> tuple[str, ...]:
    """Return the zones that a name stands for: both sides where the side is left out.

    Parameters
    ----------
    name
        ``"forehead"``, ``"cheek_left"``, or ``"cheek"`` for both cheeks.

    Raises
    ------
    UnknownNameError
        With the nearest names, and why an eyelid is none.
    """
    key = name.strip().lower().replace(" ", "_").replace("-", "_")
    if key in ZONES:
        return (key,)
    if key in UNPAIRED_ZONES:
        return tuple(zone for zone in ZONES if unpaired(zone) == key)
    error = unknown_name("zone", name, {*ZONES, *UNPAIRED_ZONES})
    if "eyelid" in key or key in {"eye", "eyes", "lid", "lids"}:
        raise type(error)(
            f"{str(error).rstrip('.')}. An eyelid is never needled: no device is labelled for use "
            "inside the orbital rim; periorbital means the rim and the crow's feet."
        )
    raise error
