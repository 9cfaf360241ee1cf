"""Blood and melanin of a photographed face, and how far they can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet, load_parameters
from micropen.optics import SkinColour, individual_typology_angle, skin_colour
from micropen.portrait.calibration import Anchor, find_anchor, luminance, with_stated_tone
from micropen.portrait.channels import smallest_channel
from micropen.portrait.specular import even_veil, highlights, smooth, weighted_smooth

if TYPE_CHECKING:
    from micropen.portrait.masks import Masks

Array = NDArray[np.float32]

_SKIN: Final = 0.75  # strict skin of the texture mask: what medians are taken over
_DARKEST: Final = 2e-3  # keeps logarithms of black pixels finite
_SATURATION_STEPS: Final = 4  # added blood changes saturation, which changes the reading of blood


@dataclass(frozen=True, slots=True)
class SkinMaps:
    """One photograph of skin, taken apart.

    Parameters
    ----------
    specular
        Surface reflection in linear sRGB, the same in every channel, ``(H, W)`` float32.
    blood, melanin
        Dermal blood fraction and melanosome fraction on the working grid, ``(h, w)`` float32.
        Unreadable places hold their neighbours' values.
    readable
        Where blood and melanin were really read, ``(h, w)`` bool.
    saturation
        Oxygen saturation at which they were read.
    resting_blood, resting_melanin
        Medians over strict skin.
    anchor
        Typical skin and white-balance offset of the photograph.
    ita_deg
        Individual typology angle that the anchor's colour has, degrees.
    reliable
        Whether blood read from this photograph means something.
    reason
        Why not, in a sentence; empty where reliable.
    """

    specular: Array
    blood: Array
    melanin: Array
    readable: NDArray[np.bool_]
    saturation: float
    resting_blood: float
    resting_melanin: float
    anchor: Anchor
    ita_deg: float
    reliable: bool
    reason: str


def to_grid(image: Array, shape: tuple[int, int]) -> Array:
    """Area-average a full-size plane or picture onto the working grid."""
    size = (shape[1], shape[0])
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.float32)


def decompose(
    linear: Array,
    masks: Masks,
    px_per_mm: float,
    *,
    anchor: Anchor | None = None,
    specular: Array | None = None,
    ita_deg: float | None = None,
    parameters: ParameterSet | None = None,
) -> SkinMaps:
    """Take a photographed face apart into surface reflection, blood and melanin.

    Parameters
    ----------
    linear
        Linear sRGB photograph, ``(H, W, 3)`` float32.
    masks
        Its skin masks.
    px_per_mm
        Of the full photograph.
    anchor
        Calibration of an earlier photograph under the same light; found anew where missing.
    specular
        Surface reflection of an earlier, aligned photograph; re-estimated where missing.
        Keep the earlier one while the gloss is unchanged: it is the smaller error.
    ita_deg
        Individual typology angle that is known of the person, degrees; None where it is not.
    parameters
        Defaults to the program's own.

    Returns
    -------
    SkinMaps
        Every map finite and positive, whatever the photograph.
    """
    chosen = parameters or load_parameters()
    colour = skin_colour()
    if ita_deg is not None:
        chosen = with_stated_tone(ita_deg, colour, chosen)
    skin = masks.texture
    shape = (int(skin.shape[0]), int(skin.shape[1]))
    scale = px_per_mm * shape[1] / linear.shape[1]
    low = to_grid(linear, shape)
    if specular is None:
        specular, anchor = _surface(linear, low, skin, px_per_mm, anchor, chosen)
    diffuse = np.maximum(low - to_grid(specular, shape)[..., None], _DARKEST)
    if anchor is None:
        anchor = _anchor(diffuse, skin, scale, colour, chosen)
    melanin, blood, readable = _invert(diffuse, low, skin, scale, anchor, colour, chosen)
    typical = _strict(skin) & readable
    ita = _typology_angle(anchor, colour, chosen)
    darkest = ita if ita_deg is None else min(ita, ita_deg)
    reason = _doubt(readable, skin, darkest, chosen)
    if reason:  # what cannot be read is taken from the anchor, so that changes stay relative to it
        typical = np.zeros_like(typical)
    return SkinMaps(
        specular=specular,
        blood=blood,
        melanin=melanin,
        readable=readable,
        saturation=chosen.value("portrait.anchor.resting_saturation"),
        resting_blood=float(np.median(blood[typical])) if typical.any() else anchor.blood,
        resting_melanin=float(np.median(melanin[typical])) if typical.any() else anchor.melanin,
        anchor=anchor,
        ita_deg=ita,
        reliable=not reason,
        reason=reason,
    )


def read_blood(
    linear: Array,
    before: SkinMaps,
    masks: Masks,
    px_per_mm: float,
    *,
    inflammatory_saturation: float,
    keep_specular: bool = True,
    parameters: ParameterSet | None = None,
) -> Array:
    """Blood in a later, aligned photograph taken under the light of an earlier one.

    Blood that was added is taken to have the inflammatory saturation, blood that was there the
    resting one, so that the reading and the rendering of redness are each other's inverse.

    Parameters
    ----------
    linear
        Later photograph, linear sRGB, ``(H, W, 3)``, aligned with the earlier one.
    before
        The earlier photograph's maps.
    masks
        Its masks.
    px_per_mm
        Of the full photograph.
    inflammatory_saturation
        Oxygen saturation of the added blood on that day.
    keep_specular
        Whether the earlier surface reflection still holds (the gloss has not changed).
    parameters
        Defaults to the program's own.

    Returns
    -------
    numpy.ndarray
        Dermal blood fraction, ``(h, w)`` float32.
    """
    chosen = parameters or load_parameters()
    colour = skin_colour()
    shape = (int(masks.texture.shape[0]), int(masks.texture.shape[1]))
    scale = px_per_mm * shape[1] / linear.shape[1]
    low = to_grid(linear, shape)
    specular = before.specular
    if not keep_specular:
        specular, _ = _surface(linear, low, masks.texture, px_per_mm, before.anchor, chosen)
    diffuse = np.maximum(low - to_grid(specular, shape)[..., None], _DARKEST)
    log_rg, log_gb = _chromaticity(diffuse, scale, before.anchor, chosen)
    blood = before.blood
    for _ in range(_SATURATION_STEPS):
        saturation = mixed_saturation(before, blood - before.blood, inflammatory_saturation)
        _, blood, _ = colour.invert(log_rg, log_gb, saturation)
    return np.asarray(blood, dtype=np.float32)


def mixed_saturation(before: SkinMaps, added: Array, inflammatory_saturation: float) -> Array:
    """Oxygen saturation of resting and added blood together, ``(h, w)``."""
    extra = np.maximum(added, 0.0)
    total = np.maximum(before.blood + extra, 1e-6)
    rise = inflammatory_saturation - before.saturation
    return np.asarray(before.saturation + rise * extra / total, dtype=np.float32)


def _strict(skin: Array) -> NDArray[np.bool_]:
    return np.asarray(skin > min(_SKIN, 0.9 * float(skin.max(initial=0.0))), dtype=np.bool_)


def _surface(
    linear: Array,
    low: Array,
    skin: Array,
    px_per_mm: float,
    anchor: Anchor | None,
    parameters: ParameterSet,
) -> tuple[Array, Anchor]:
    """Highlights plus the even veil, and the anchor that the veil was worked out with."""
    colour = skin_colour()
    peaks = highlights(linear, low, skin, px_per_mm, parameters)
    shape = (int(skin.shape[0]), int(skin.shape[1]))
    scale = px_per_mm * shape[1] / linear.shape[1]
    diffuse = np.maximum(low - to_grid(peaks, shape)[..., None], _DARKEST)
    share = parameters.value("portrait.specular.surface_reflectance")
    share *= parameters.value("portrait.specular.even_share")
    veil = np.zeros(shape, np.float32)
    found = anchor or _anchor(diffuse, skin, scale, colour, parameters)
    saturation = parameters.value("portrait.anchor.resting_saturation")
    for _ in range(2):  # the veil depends on the skin below, the skin's colour on the veil
        bare = np.maximum(diffuse - veil[..., None], _DARKEST)
        if anchor is None:
            found = _anchor(bare, skin, scale, colour, parameters)
        typical = np.exp(colour.log_rgb(found.melanin, found.blood, saturation))
        veil = even_veil(luminance(diffuse), luminance(np.asarray(typical)), scale, share) * skin
    full = cv2.resize(veil, (linear.shape[1], linear.shape[0]), interpolation=cv2.INTER_LINEAR)
    cap = np.float32(parameters.value("portrait.specular.cap"))
    return np.minimum(peaks + full, cap * smallest_channel(linear)), found


def _anchor(
    diffuse: Array, skin: Array, scale: float, colour: SkinColour, parameters: ParameterSet
) -> Anchor:
    logs = np.log(diffuse)
    strict = _strict(skin)
    if not strict.any():
        strict = np.ones_like(strict)
    width = parameters.value("portrait.decomposition.smoothing_mm") * scale
    log_rg = smooth(logs[..., 0] - logs[..., 1], width)
    log_gb = smooth(logs[..., 1] - logs[..., 2], width)
    return find_anchor(
        float(np.median(log_rg[strict])),
        float(np.median(log_gb[strict])),
        float(np.median(luminance(diffuse)[strict])),
        colour,
        parameters,
    )


def _chromaticity(
    diffuse: Array, scale: float, anchor: Anchor, parameters: ParameterSet
) -> tuple[Array, Array]:
    logs = np.log(diffuse)
    width = parameters.value("portrait.decomposition.smoothing_mm") * scale
    log_rg = smooth(logs[..., 0] - logs[..., 1], width) + np.float32(anchor.offset[0])
    log_gb = smooth(logs[..., 1] - logs[..., 2], width) + np.float32(anchor.offset[1])
    return log_rg, log_gb


def _invert(
    diffuse: Array,
    low: Array,
    skin: Array,
    scale: float,
    anchor: Anchor,
    colour: SkinColour,
    parameters: ParameterSet,
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Melanin and blood, unreadable places filled from their neighbours."""
    log_rg, log_gb = _chromaticity(diffuse, scale, anchor, parameters)
    saturation = parameters.value("portrait.anchor.resting_saturation")
    melanin, blood, inside = colour.invert(log_rg, log_gb, saturation)
    bright = parameters.value("portrait.decomposition.clipped_above")
    dark = parameters.value("portrait.decomposition.dark_below")
    trust = np.clip((bright - low.max(-1)) / 0.15, 0.0, 1.0)
    trust = trust * np.clip((low.min(-1) - dark) / 0.01, 0.0, 1.0) * inside * skin
    trust = np.asarray(trust, dtype=np.float32)
    reach = parameters.value("portrait.decomposition.fill_mm") * scale
    keep = np.clip(trust * 1.5, 0.0, 1.0)
    maps = []
    for value, typical in ((melanin, anchor.melanin), (blood, anchor.blood)):
        # Departures from the anchor are averaged, so far from any skin the anchor itself is left.
        departure = np.log(np.maximum(value, 1e-5) / typical).astype(np.float32)
        filled = weighted_smooth(departure, trust, reach, floor=0.02)
        maps.append((typical * np.exp(keep * departure + (1 - keep) * filled)).astype(np.float32))
    return maps[0], maps[1], np.asarray(keep > 0.5, dtype=np.bool_)


def _typology_angle(anchor: Anchor, colour: SkinColour, parameters: ParameterSet) -> float:
    """Individual typology angle of the anchor's colour, degrees."""
    saturation = parameters.value("portrait.anchor.resting_saturation")
    rgb = np.exp(np.asarray(colour.log_rgb(anchor.melanin, anchor.blood, saturation), float))
    rgb = rgb + parameters.value("portrait.specular.surface_reflectance")
    return float(individual_typology_angle(rgb))


def _doubt(
    readable: NDArray[np.bool_], skin: Array, ita_deg: float, parameters: ParameterSet
) -> str:
    """Why blood cannot be read from this photograph, or nothing."""
    strict = _strict(skin)
    lost = 1.0 - float(readable[strict].mean()) if strict.any() else 1.0
    darkest = parameters.value("optics.validity.darkest_individual_typology_angle_deg")
    allowed = parameters.value("portrait.decomposition.unreadable_share")
    if ita_deg < darkest:
        return (
            f"the skin's individual typology angle is about {ita_deg:.0f} degrees; below "
            f"{darkest:.0f} the colour model was shown to fail, so redness is drawn as a relative "
            "change and not measured"
        )
    if lost > allowed:
        return (
            f"{lost:.0%} of the skin is clipped, too dark or outside the colour model (allowed "
            f"{allowed:.0%}), so redness is drawn as a relative change and not measured"
        )
    return ""
