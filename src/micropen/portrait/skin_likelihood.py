"""How much each cell looks like this person's own skin rather than hair, frames or background.

Skin is learned from the lower face, everything else from outside the face; both per photograph,
because no colour is skin under every light.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.portrait import landmark_indices as at
from micropen.portrait.face_frame import FaceFrame
from micropen.portrait.mixture import Mixture, fit_mixture

_DARKEST: Final = 1e-3  # linear light below which a logarithm only shows noise
_MAD_TO_SD: Final = 1.4826
_SKIN_PARTS: Final = 3  # lit, shaded, highlight
_OTHER_PARTS: Final = 4  # hair, its highlights, clothes, background
_LEAST_OTHER: Final = 150  # cells; with fewer nothing else is in sight
_LEAST_SD: Final = np.array([0.06, 0.08, 0.18, 0.3])  # of the four features below
# What the place says before any look, as a log-odds: skin for certain on the cheeks, even odds
# 20 mm above the brows, hair more likely than skin above.
_PRIOR_AT_BROWS: Final = 2.2
_PRIOR_FALL_MM: Final = 9.0
_LEAST_PRIOR: Final = -1.5
_MOST_PRIOR: Final = 2.5
_SURROUNDINGS_MM: Final = 35.0  # how far around the face the rest of the picture is learned
_SMOOTH: Final = float(np.log(1.7 + 0.2))  # fine contrast below 1.7 times bare skin's
_LARGEST_EVIDENCE: Final = 4.0  # |log-likelihood ratio| of one cell: neighbours must be able to win

Map = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Evidence:
    """Evidence for skin, cell by cell.

    Parameters
    ----------
    ratio
        ``(h, w)`` float32: log-likelihood ratio of skin over anything else, prior included.
    features
        ``(h, w, 4)``: ln(R/G), ln(G/B), mean ln(RGB), ln of fine contrast over bare skin's.
    density
        ``(h, w)``: ln density of skin.
    prior
        ``(h, w)``: what the place on the face says.
    other
        ``(h, w)`` bool: cells that taught what is not skin.
    unlike
        ``(h, w)`` bool: farther from skin than 80 % of skin is.
    """

    ratio: Map
    features: NDArray[np.float64] = field(repr=False)
    density: NDArray[np.float64] = field(repr=False)
    prior: Map = field(repr=False)
    other: NDArray[np.bool_] = field(repr=False)
    unlike: NDArray[np.bool_] = field(repr=False)

    def relearned(self, beyond: NDArray[np.bool_]) -> Evidence:
        """Weigh again, with cells beyond a first edge added to what is not skin."""
        other = self.other | (beyond & self.unlike)
        again = _weigh(self.features, self.density, other) + self.prior
        ratio = (0.5 * (self.ratio + again)).astype(np.float32)
        return replace(self, ratio=ratio, other=other)


def skin_evidence(
    frame: FaceFrame, linear: Map, keep_out: Map, outline: Map, parameters: ParameterSet
) -> Evidence:
    """Weigh skin against everything else.

    Parameters
    ----------
    frame
        The face on its grid.
    linear
        ``(h, w, 3)`` linear sRGB.
    keep_out
        ``(h, w)``: eyes, brows, lips, nostrils.
    outline
        ``(h, w)``: where skin of the face may be.
    parameters
        Colour floors and cuts.
    """
    features = _features(frame, linear, keep_out)
    oval = frame.hull(at.FACE_OVAL, -3.0) > 0.5
    height = frame.height_above(at.BROW_TOPS)
    alike = _alike(features, _core(frame, keep_out), parameters)
    # Above the brows only what is also smooth: a fringe may hang there.
    smooth = (height < -8.0) | (features[..., 3] < _SMOOTH)
    lower = (keep_out < 0.1) & oval & alike & smooth
    if lower.sum() < 100:
        lower = _core(frame, keep_out)
    skin = fit_mixture(features[lower], _SKIN_PARTS, _LEAST_SD)
    density = skin.log_density(features)
    outside = (frame.grown(outline, _SURROUNDINGS_MM) > 0.5) & (outline < 0.5) & (height > -80.0)
    other = outside & (density < np.quantile(density[lower], 0.05))
    unlike = density < np.quantile(density[lower], 0.1)
    prior = np.clip(_PRIOR_AT_BROWS - height / _PRIOR_FALL_MM, _LEAST_PRIOR, _MOST_PRIOR)
    prior = prior.astype(np.float32)
    ratio = (_weigh(features, density, other) + prior).astype(np.float32)
    return Evidence(ratio, features, density, prior, other, unlike)


def _weigh(
    features: NDArray[np.float64], skin_density: NDArray[np.float64], other: NDArray[np.bool_]
) -> Map:
    """Log-likelihood ratio of skin over the class learned from the cells `other`."""
    if other.sum() < _LEAST_OTHER:
        return np.full(other.shape, 0.75 * _LARGEST_EVIDENCE, np.float32)
    rest: Mixture = fit_mixture(features[other], _OTHER_PARTS, np.sqrt(2.0) * _LEAST_SD)
    ratio = skin_density - rest.log_density(features)
    return np.clip(ratio, -_LARGEST_EVIDENCE, _LARGEST_EVIDENCE).astype(np.float32)


def _core(frame: FaceFrame, keep_out: Map) -> NDArray[np.bool_]:
    """Patches of cheeks and nose that are bare skin on nearly everyone."""
    patches = (at.RIGHT_CHEEK_CORE, at.LEFT_CHEEK_CORE, at.NOSE_CORE)
    core = (np.max([frame.hull(p) for p in patches], axis=0) > 0.5) & (keep_out < 0.1)
    return core if core.any() else frame.hull(at.FACE_OVAL) > 0.5


def _features(frame: FaceFrame, linear: Map, keep_out: Map) -> NDArray[np.float64]:
    log = np.log(np.maximum(linear, _DARKEST))
    luminance = log.mean(-1)
    contrast = np.abs(luminance - frame.blur(luminance, 1.5))
    energy = frame.blur(np.minimum(contrast, 0.5).astype(np.float32), 1.5)
    bare = max(float(np.median(energy[_core(frame, keep_out)])), 1e-4)
    return np.stack(
        [
            frame.blur(log[..., 0] - log[..., 1], 0.8),
            frame.blur(log[..., 1] - log[..., 2], 0.8),
            frame.blur(luminance, 0.8),
            np.log(energy / bare + 0.2),
        ],
        axis=-1,
    ).astype(np.float64)


def _alike(
    features: NDArray[np.float64], core: NDArray[np.bool_], parameters: ParameterSet
) -> NDArray[np.bool_]:
    """Colour within a generous distance of bare skin; brighter counts by colour alone."""
    values = features[core][:, :3]
    centre = np.median(values, axis=0)
    floors = [
        parameters.value(f"portrait.mask.{name}_sd_floor")
        for name in ("red_green", "green_blue", "luminance")
    ]
    sd = np.maximum(_MAD_TO_SD * np.median(np.abs(values - centre), axis=0), floors)
    z = (features[..., :3] - centre) / sd
    distance = np.sqrt(z[..., 0] ** 2 + 0.6 * z[..., 1] ** 2 + np.minimum(z[..., 2], 0.0) ** 2)
    return np.asarray(distance < parameters.value("portrait.mask.colour_cut_sd"))
