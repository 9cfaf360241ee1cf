"""A photograph taken after a session: which of its redness is the session's, and which was there.

Two ways. Where the untreated face is known, laid over this photograph and under its light, the
blood of both is compared place by place. Where it is not, the course says how much redness the
photograph should show, and a place that is redder than its surroundings is taken to owe part of
that to the session: as much as the unevenness of redness explains next to that of resting skin. A
course may expect more than this photograph shows: no more is believed than leaves a usual face.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet, load_parameters
from micropen.portrait import Portrait
from micropen.portrait.decomposition import SkinMaps, decompose
from micropen.portrait.specular import smooth, weighted_smooth

Array = NDArray[np.float32]

_BLOOD: Final = "portrait.anchor.blood"
_LEAST_BLOOD: Final = 1e-4  # keeps logarithms finite; below any skin


@dataclass(frozen=True, eq=False)
class CalmSkin:
    """The untreated face as it would look in the later photograph.

    Parameters
    ----------
    linear
        Linear sRGB, ``(H, W, 3)`` float32: the photograph before, laid over the later one, with
        the later one's light.
    usable
        How far each cell of the later photograph's grid shows the same bare skin in both,
        ``(h, w)`` float32 in 0-1.
    """

    linear: Array = field(repr=False)
    usable: Array = field(repr=False)


@dataclass(frozen=True, eq=False)
class TreatedFace:
    """A photograph of a day after a session, its redness told from its resting blood.

    Maps are float32 ``(h, w)`` on the portrait's working grid.

    Parameters
    ----------
    portrait
        The photograph; its skin is read with an anchor that knows of the redness.
    day
        Day of the photograph since the first session.
    blood
        Dermal blood fraction that it shows.
    diffuse
        What of it the session added, but for spots.
    spots
        What of it the session added in spots: inflamed papules.
    tan
        ln of the melanin that seems to have come with the redness: fresh blood is not the colour
        model's to the last digit, and what it misses is read as melanin.
    resting_blood
        Typical blood fraction without the session.
    compared
        Whether the untreated face was there to compare with.
    """

    portrait: Portrait
    day: float
    blood: Array = field(repr=False)
    diffuse: Array = field(repr=False)
    spots: Array = field(repr=False)
    tan: Array = field(repr=False)
    resting_blood: float
    compared: bool

    @property
    def resting(self) -> Array:
        """Blood that stays when all redness of the session has gone."""
        return np.asarray(self.blood - self.diffuse - self.spots, dtype=np.float32)


def treated_face(
    portrait: Portrait,
    erythema: NDArray[np.floating],
    day: float,
    calm: CalmSkin | None = None,
    parameters: ParameterSet | None = None,
) -> TreatedFace:
    """Tell a photograph's redness from its resting blood.

    Parameters
    ----------
    portrait
        A photograph taken after a session.
    erythema
        Sign per zone on the day of the photograph, shape ``(zone,)``.
    day
        That day, since the first session.
    calm
        The untreated face laid over it; None where there is none.
    parameters
        ``appearance.from_a_day.*``; defaults to the program's own.

    Returns
    -------
    TreatedFace
        No redness at all where the course expects none on that day.
    """
    chosen = parameters or load_parameters()
    asked = np.maximum(np.asarray(erythema, dtype=np.float64), 0.0)
    if calm is None:
        asked = asked * _believable_share(portrait, asked, chosen)
    skin, before = _taken_apart(portrait, asked, calm, chosen)
    read = portrait.with_skin(skin)
    blood = skin.blood if skin.reliable else np.full_like(skin.blood, skin.anchor.blood)
    diffuse = _modelled(read, blood, asked, chosen)
    spots, tan = np.zeros_like(diffuse), np.zeros_like(diffuse)
    if calm is not None and before is not None and skin.reliable:
        found = _measured(read, blood, before, chosen)
        least = np.float32(chosen.value("appearance.from_a_day.least_erythema"))
        sure = calm.usable * (portrait.zones.spread(asked) > least)
        spots = _spots(found, before.resting_blood, read, chosen) * sure
        tan = _tan(skin, before, blood / np.maximum(blood - found, _LEAST_BLOOD), read, chosen)
        tan *= sure
        diffuse = (found * sure + diffuse * (1.0 - sure) - spots).astype(np.float32)
    resting = before.resting_blood if before is not None else _resting(skin, blood - diffuse, read)
    compared = before is not None and skin.reliable
    return TreatedFace(read, day, blood, diffuse, spots, tan, resting, compared)


def _taken_apart(
    portrait: Portrait, erythema: NDArray[np.float64], calm: CalmSkin | None, chosen: ParameterSet
) -> tuple[SkinMaps, SkinMaps | None]:
    """The photograph's skin, and the untreated skin under the same anchor where it is known.

    A photograph alone shares its redness out between blood and white balance. The untreated face
    under the same light has the anchor of any face; without it the anchor must be told that this
    face is red.
    """
    masks, px_per_mm, tone = portrait.masks, portrait.px_per_mm, portrait.stated_ita_deg
    if calm is not None:
        before = decompose(calm.linear, masks, px_per_mm, ita_deg=tone, parameters=chosen)
        linear = portrait.photo.linear
        return decompose(linear, masks, px_per_mm, anchor=before.anchor, ita_deg=tone), before
    prior = chosen[_BLOOD]
    typical = prior.value * float(np.exp(_typical_redness(portrait, erythema)))
    told = chosen.with_parameter(replace(prior, value=typical))
    linear = portrait.photo.linear
    return decompose(linear, masks, px_per_mm, ita_deg=tone, parameters=told), None


def _typical_redness(portrait: Portrait, erythema: NDArray[np.float64]) -> float:
    redness = portrait.zones.spread(erythema)[portrait.masks.texture > 0.5]
    return float(np.median(redness)) if redness.size else 0.0


def _believable_share(
    portrait: Portrait, erythema: NDArray[np.float64], chosen: ParameterSet
) -> float:
    """Share of the expected redness that a photograph alone can be believed to show, 0-1.

    Read as any photograph, the face that is left must not have less blood than five in six faces
    have: beyond that, taking more away would leave pale and greenish skin.
    """
    typical = _typical_redness(portrait, erythema)
    if typical <= 0.0 or not portrait.skin.reliable:
        return 1.0
    prior = chosen[_BLOOD]
    least = prior.value * math.exp(-(prior.uncertainty_sd or 0.0))
    most = max(math.log(portrait.skin.resting_blood / least), 0.0)
    return min(1.0, most / typical)


def _modelled(
    portrait: Portrait, blood: Array, erythema: NDArray[np.float64], chosen: ParameterSet
) -> Array:
    """Added blood as the course expects it, more where the photograph is redder than around."""
    expected = portrait.zones.spread(erythema)
    px_per_mm, skin = portrait.grid.px_per_mm, portrait.masks.texture
    logs = np.log(np.maximum(blood, _LEAST_BLOOD)).astype(np.float32)
    grain = chosen.value("appearance.from_a_day.grain_mm") * px_per_mm
    wide = chosen.value("appearance.from_a_day.surroundings_mm") * px_per_mm
    clearest = np.float32(chosen.value("appearance.from_a_day.clearest"))
    departure = smooth(logs, grain) - weighted_smooth(logs, skin, wide)
    # Off bare skin (brows, stubble) blood is not read well enough to tell.
    departure = np.clip(departure, -clearest, clearest) * skin
    uneven = sum(
        chosen.value(f"appearance.redness.{band}_contrast") ** 2 for band in ("slow", "fine")
    )
    # Added blood is uneven; the less of the whole it is, the less of the unevenness it explains.
    redness = np.float32(uneven) * np.square(-np.expm1(-expected))
    resting = np.float32(chosen.value("appearance.from_a_day.resting_contrast") ** 2)
    share = np.maximum(expected + departure * redness / (redness + resting), 0.0)
    return np.asarray(blood * -np.expm1(-share), dtype=np.float32)


def _measured(portrait: Portrait, blood: Array, before: SkinMaps, chosen: ParameterSet) -> Array:
    """Added blood as the two photographs differ by it.

    What differs is smoothed as a ratio: a share taken from every cell leaves its fine structure
    as it is, an amount would make dark cells darker than their neighbours.
    """
    more = _smooth_ratio(blood, before.blood, portrait, chosen)
    return np.asarray(blood * -np.expm1(-np.maximum(more, 0.0)), dtype=np.float32)


def _smooth_ratio(later: Array, before: Array, portrait: Portrait, chosen: ParameterSet) -> Array:
    grain = chosen.value("appearance.from_a_day.grain_mm") * portrait.grid.px_per_mm
    logs = np.log(np.maximum(later, _LEAST_BLOOD) / np.maximum(before, _LEAST_BLOOD))
    return weighted_smooth(logs.astype(np.float32), portrait.masks.colour, grain)


def _tan(
    skin: SkinMaps, before: SkinMaps, redness: Array, portrait: Portrait, chosen: ParameterSet
) -> Array:
    """Apparent melanin beside blood: no more than a share of the redness, so dark patches stay."""
    more = _smooth_ratio(skin.melanin, before.melanin, portrait, chosen)
    most = np.float32(chosen.value("appearance.from_a_day.most_tan")) * np.log(redness)
    return np.asarray(np.clip(more, 0.0, most), dtype=np.float32)


def _spots(found: Array, resting: float, portrait: Portrait, chosen: ParameterSet) -> Array:
    """Islands of added blood too small to be diffuse redness."""
    px_per_mm = portrait.grid.px_per_mm
    width = max(3, 2 * round(0.5 * chosen.value("appearance.from_a_day.spot_mm") * px_per_mm) + 1)
    ground = cv2.morphologyEx(
        found, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    )
    # The redder the skin around, the more uneven it is.
    margin = np.float32(chosen.value("appearance.from_a_day.spot_margin")) * (
        np.float32(resting) + 2.0 * ground
    )
    return np.asarray(np.clip(found - ground - margin, 0.0, found), dtype=np.float32)


def _resting(skin: SkinMaps, calm: Array, portrait: Portrait) -> float:
    """Typical resting blood where only the course tells it."""
    typical = (portrait.masks.texture > 0.5) & skin.readable
    if not skin.reliable or not typical.any():
        return float(np.median(calm))
    return float(np.median(calm[typical]))
