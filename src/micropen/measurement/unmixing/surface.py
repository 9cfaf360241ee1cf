"""How much of the baseline's light was mirrored by the surface of the skin.

The mirrored part does not pass through blood or melanin, so it dilutes every change of them: by
8-16 % on fair skin, by a third to a half on dark skin. Three marks tell it, none well alone:
bright places of a face shine more; a highlight is whiter than the skin around it; and skin of a
stated tone has a colour that the even veil washes out, which on dark skin is the strongest mark.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from micropen.evidence import ParameterSet
from micropen.measurement.face_view import Array
from micropen.measurement.unmixing.cells import LUMINANCE, Cells
from micropen.measurement.unmixing.directions import PersonSkin

_LIGHT_MM: Final = 10.0  # light and shade of a face
_COLOUR_MM: Final = 30.0  # as far as portrait.specular.colour_scale_mm
_VEIL_MM: Final = 5.0
_GLINT_MM: Final = 1.5
_STRICT: Final = 0.75  # weight of a cell that is wholly skin
_RIDGE: Final = 1e-4  # keeps the split solvable where the skin is grey
_CAP: Final = 0.9  # of the darkest channel: some light always comes from inside


@dataclass(frozen=True, eq=False)
class Surface:
    """Surface reflection of the baseline on the coarse cells.

    Parameters
    ----------
    light
        ``(h, w)`` linear, the same in all channels.
    relative_sd
        ``(h, w)``: its error over itself.
    """

    light: Array = field(repr=False)
    relative_sd: Array = field(repr=False)


def surface_of(
    cells: Cells, skin: PersonSkin, tone_is_stated: bool, parameters: ParameterSet
) -> Surface:
    """Estimate the surface reflection of the baseline.

    Parameters
    ----------
    cells
        Coarse cells.
    skin
        Colour of the person's skin without surface reflection.
    tone_is_stated
        Whether the tone was told, and not read from the photograph.
    parameters
        ``measurement.unmixing.*``.

    Returns
    -------
    Surface
        On physically rendered faces: error of the green change it leaves 3 % rms on fair, 8 % on
        dark skin of a stated tone.
    """
    bright = _by_brightness(cells, skin, parameters)
    # Stubble is grey too: what is whiter than its brightness allows is hair, not shine.
    most = parameters.value("measurement.unmixing.whiteness_over_brightness") * bright
    first = 0.5 * (bright + np.minimum(_by_whiteness(cells, bright, parameters), most))
    relative = parameters.value("measurement.unmixing.surface_relative_sd")
    if not tone_is_stated:
        relative *= parameters.value("measurement.unmixing.tone_from_photograph_factor")
    by_tone, tone_sd = _by_tone(cells, skin, first, parameters)
    first_sd = relative * first + np.float32(1e-6)
    trust = first_sd**2 / (first_sd**2 + tone_sd**2)
    light = first + trust * (by_tone - first)
    light = np.clip(light, 0.2 * first, _CAP * cells.smooth(cells.before, _VEIL_MM).min(-1))
    sd = np.sqrt(1.0 - trust) * first_sd
    # Furrows are darker in both kinds of light: a smooth share keeps the rest positive there.
    luminance = cells.before @ LUMINANCE
    share = light / np.maximum(cells.smooth(luminance, _VEIL_MM), 1e-3)
    return Surface(
        np.asarray(np.minimum(share * luminance, _CAP * cells.before.min(-1)), np.float32),
        np.asarray(np.minimum(sd / np.maximum(light, 1e-5), 1.0), np.float32),
    )


def _by_brightness(cells: Cells, skin: PersonSkin, parameters: ParameterSet) -> Array:
    """Fresnel's share of the light that falls there, more where the face is brighter than usual."""
    luminance = cells.before @ LUMINANCE
    local = cells.smooth(luminance, _LIGHT_MM)
    strict = cells.weight > min(_STRICT, 0.9 * float(cells.weight.max(initial=0.0)))
    usual = float(np.median(luminance[strict])) if strict.any() else 1.0
    share = parameters.value("measurement.unmixing.surface_reflection") * local / max(usual, 1e-3)
    return np.asarray(share * local / (float(skin.rgb @ LUMINANCE) + share), np.float32)


def _by_whiteness(cells: Cells, bright: Array, parameters: ParameterSet) -> Array:
    """Even veil plus what is whiter than the skin around (least squares, two colours)."""
    reflectance = parameters.value("portrait.specular.surface_reflectance")
    typical = parameters.value("measurement.unmixing.surface_reflection")
    share = reflectance * parameters.value("measurement.unmixing.even_share") / typical
    veil = np.minimum(share * cells.smooth(bright, _LIGHT_MM), _CAP * cells.before.min(-1))
    diffuse = np.maximum(cells.before - veil[..., None], 1e-3)
    white = cells.smooth(white_part(diffuse, cells.smooth(diffuse, _COLOUR_MM)), _GLINT_MM)
    return np.asarray(veil + np.maximum(white, 0.0), np.float32)


def white_part(rgb: Array, colour: Array) -> Array:
    """White share ``s`` of the least-squares split ``rgb = d colour + s (1, 1, 1)``, ``(h, w)``."""
    unit = colour / np.maximum(colour.mean(-1, keepdims=True), 1e-4)
    square, total = (unit * unit).sum(-1), unit.sum(-1)
    along = (unit * rgb).sum(-1)
    return np.asarray(
        (square * rgb.sum(-1) - total * along) / (3.0 * square - total**2 + _RIDGE), np.float32
    )


def _by_tone(
    cells: Cells, skin: PersonSkin, first: Array, parameters: ParameterSet
) -> tuple[Array, Array]:
    """Veil that would wash the stated tone's R/G out to the one seen, and its error."""
    seen = cells.smooth(cells.before, _VEIL_MM)
    ratio = float(skin.rgb[0] / skin.rgb[1])
    veil = (ratio * seen[..., 1] - seen[..., 0]) / (ratio - 1.0)
    inside = np.maximum(seen[..., 1] - first, 0.3 * seen[..., 1])
    chroma_sd = parameters.value("measurement.unmixing.tone_chroma_sd")
    return veil, np.asarray(chroma_sd * ratio / (ratio - 1.0) * inside + 1e-6, np.float32)
