"""Signs that only a photograph gives: no forecast predicts them, so `micropen.signs` lacks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from micropen.errors import unknown_name
from micropen.signs import SIGNS, Sign


@dataclass(frozen=True, slots=True)
class MeasuredSign:
    """One number that a photograph gives and no forecast predicts.

    Parameters
    ----------
    name
        Column ``sign`` of the table.
    label
        The words a client reads.
    unit
        Unit of value and change.
    better
        ``"lower"``, ``"higher"`` or ``""``.
    definition
        What the number means.
    kin
        Sign of a forecast that is read from the same light: what forbids one forbids the other.
    """

    name: str
    label: str
    unit: str
    better: str
    definition: str
    kin: str = ""


_ALL: Final = (
    MeasuredSign(
        "lab_a",
        "redness (CIELAB a*)",
        "a*",
        "lower",
        "CIELAB a* (white D65, 2 degree observer) of the zone's mean colour as the picture shows "
        "it, shine included, with the change of light and camera taken out; it mixes blood and "
        "pigment and fades in dark skin",
        "erythema",
    ),
    MeasuredSign(
        "spot_area",
        "brown spots, area",
        "1",
        "lower",
        "share of the zone's skin that is a brown spot: darker than its surroundings in the "
        "direction in which melanin darkens by more than a stated contrast",
    ),
    MeasuredSign(
        "spot_contrast",
        "brown spots, contrast",
        "1",
        "lower",
        "mean excess of melanin optical density (ln, green) over the surroundings, among the "
        "places of the zone that are a spot on the mean of both photographs",
    ),
    MeasuredSign(
        "erythema_optical_density",
        "redness (optical density)",
        "1",
        "lower",
        "change of the log10 of the green reflectance of the skin below its shine that blood made: "
        "0.1 is a fifth less green light",
        "erythema",
    ),
    MeasuredSign(
        "melanin_optical_density",
        "pigment (optical density)",
        "1",
        "lower",
        "change of the log10 of the green reflectance of the skin below its shine that melanin "
        "made",
        "pigment",
    ),
    MeasuredSign(
        "shine",
        "shine",
        "1",
        "",
        "share of the zone's light that is mirrored by the surface under the light of that "
        "photograph; depends on the light, unlike gloss",
    ),
)

MEASURED_SIGNS: Final[dict[str, MeasuredSign]] = {sign.name: sign for sign in _ALL}


def kin_of(name: str) -> str:
    """Return the forecast's sign that is read from the same light; the sign itself if it is one."""
    found = MEASURED_SIGNS.get(name)
    return found.kin if found is not None and found.kin else name


def sign_label(name: str) -> str:
    """Return the words for a sign of a forecast or of a photograph.

    Raises
    ------
    UnknownNameError
        With the nearest names.
    """
    return _known(name).label


def sign_definition(name: str) -> str:
    """Return what a sign of a forecast or of a photograph means.

    Raises
    ------
    UnknownNameError
        With the nearest names.
    """
    return _known(name).definition


def _known(name: str) -> MeasuredSign | Sign:
    if name in SIGNS:
        return SIGNS[name]
    if name in MEASURED_SIGNS:
        return MEASURED_SIGNS[name]
    raise unknown_name("sign", name, [*SIGNS, *MEASURED_SIGNS])
