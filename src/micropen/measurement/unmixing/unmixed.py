"""A pair taken apart once, for all methods that read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from weakref import WeakKeyDictionary, proxy

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.face_view import Array
from micropen.measurement.pair import Pair
from micropen.measurement.unmixing.cells import COARSE_MM, LUMINANCE, Cells
from micropen.measurement.unmixing.directions import (
    BloodColour,
    PersonSkin,
    expected_blood_colour,
    learned_blood_colour,
)
from micropen.measurement.unmixing.highlights import BrightSpots, GlossChange, gloss_change
from micropen.measurement.unmixing.noise import density_errors
from micropen.measurement.unmixing.refusal import Refusals, refusals
from micropen.measurement.unmixing.solve import Estimate, solve
from micropen.measurement.unmixing.steady import steady_skin
from micropen.measurement.unmixing.surface import Surface, surface_of

FloatArray = NDArray[np.float64]

_OVERLAY_MM: Final = 2.0
_ZONE_EDGE_MM: Final = 6.0
_ROUNDS: Final = 3
_SHADES: Final = (0.7, 1.4)  # shading that light and pose may leave in a zone
_DENSITY_MM: Final = 1.0
_LEAST_INSIDE: Final = 0.05  # share of a channel that stays diffuse, whatever the highlights


@dataclass(frozen=True, eq=False)
class Unmixed:
    """A pair, taken apart.

    Parameters
    ----------
    pair
        The pair.
    cells
        Its coarse cells.
    skin
        The person's typical skin.
    blood_colour
        Colour of the added blood as learned.
    surface
        Surface reflection of the baseline, coarse cells.
    gloss
        Its relative change.
    blood, melanin
        Change of green optical density.
    dilution_sd
        ``(zone,)`` relative error of both from the unknown surface reflection.
    covariances
        Errors of the zones' mean densities by source, each ``(zone, 3, 3)``.
    density
        ``(h, w, 3)`` change of optical density (log10) of the diffuse light, coarse cells.
    refusals
        Zones that cannot be measured.
    """

    pair: Pair = field(repr=False)
    cells: Cells = field(repr=False)
    skin: PersonSkin
    blood_colour: BloodColour
    surface: Surface = field(repr=False)
    gloss: GlossChange
    blood: Estimate
    melanin: Estimate
    dilution_sd: FloatArray
    covariances: Mapping[str, FloatArray] = field(repr=False)
    density: Array = field(repr=False)
    refusals: Refusals

    def map_of(self, estimate: Estimate) -> Array:
        """Change of green optical density per coarse cell, ``(h, w)``; averages to the values."""
        gain = self.cells.spread(estimate.gain)
        return np.asarray((np.nan_to_num(gain) * self.density).sum(-1), np.float32)

    def overlay(self, values: Array) -> Array:
        """Smooth a map of coarse cells and lay it over the view, NaN outside the zones."""
        smooth = self.cells.smooth(values, _OVERLAY_MM)
        height, width = self.pair.labels.shape
        full = cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR)
        seen = (self.pair.labels >= 0) & (self.pair.usable > 0.0)
        return np.where(seen, full, np.float32(np.nan)).astype(np.float32)


_KNOWN: WeakKeyDictionary[Pair, Unmixed] = WeakKeyDictionary()


def unmix(pair: Pair, parameters: ParameterSet | None = None) -> Unmixed:
    """Take a pair apart; the program's own parameters are used once per pair.

    Parameters
    ----------
    pair
        Two photographs, aligned, light taken out.
    parameters
        Defaults to the program's own, whose result is kept as long as the pair lives.
    """
    if parameters is not None:
        return _unmix(pair, parameters)
    if pair not in _KNOWN:
        # A value that holds its own key would keep every pair of a series in memory.
        _KNOWN[pair] = replace(_unmix(pair, load_parameters()), pair=proxy(pair))
    return _KNOWN[pair]


def _unmix(pair: Pair, parameters: ParameterSet) -> Unmixed:
    steady = steady_skin(pair)
    cells = Cells.of(pair, COARSE_MM, steady)
    skin = PersonSkin.of_tone(pair.ita_deg, parameters)
    stated = pair.baseline.portrait.stated_ita_deg is not None
    surface = surface_of(cells, skin, stated, parameters)
    inside = cells.zone_mean(cells.before - surface.light[..., None])
    veil = cells.zone_mean(surface.light)[:, None] / inside
    dilution = cells.zone_mean(surface.relative_sd) * veil[:, 1]
    expected = expected_blood_colour(skin, parameters)
    sd = parameters.value("measurement.unmixing.melanin_sd")
    spots = BrightSpots.of(pair, steady)
    gloss, shade = GlossChange.unknown(len(veil)), np.ones(len(veil))
    # Gloss is read once the tint of the light from inside is known, and that once gloss is.
    for last in (False,) * _ROUNDS + (True,):
        density = _density(cells, surface, (1.0 + gloss.likely) * shade)
        blood_colour = learned_blood_colour(
            expected, density, cells, parameters, same_light=pair.light.controlled
        )
        errors = density_errors(
            pair, cells, density, veil, gloss.likely_sd, skin.melanin_density, parameters
        )
        blood, melanin = solve(
            cells.zone_mean(density), errors, blood_colour, skin.melanin_density, sd, dilution
        )
        if not last:
            tint = _transmission(blood, melanin, blood_colour, skin)
            shade = _shade(cells.zone_mean(density), tint)
            gloss = gloss_change(
                spots, tint, blood_colour.density, blood.value, skin, pair, parameters
            )
    refused = refusals(pair, cells.zone_mean(cells.before), parameters)
    return Unmixed(
        pair,
        cells,
        skin,
        blood_colour,
        surface,
        gloss,
        blood,
        melanin,
        dilution,
        errors,
        density,
        refused,
    )


def _transmission(
    blood: Estimate, melanin: Estimate, blood_colour: BloodColour, skin: PersonSkin
) -> FloatArray:
    """Factor of the light from inside, ``(zone, 3)``."""
    pigment = skin.melanin_density / skin.melanin_density[1]
    density = blood.value[:, None] * blood_colour.density + melanin.value[:, None] * pigment
    return np.asarray(10.0**-density)


def _shade(density: FloatArray, transmission: FloatArray) -> FloatArray:
    """Factor ``(zone,)`` of all light: what of the change is neither blood nor melanin.

    A part of the face that turned away from the lamp has less light to mirror as well.
    """
    left = np.nan_to_num(density + np.log10(transmission)).mean(1)
    return np.asarray(np.clip(10.0**-left, *_SHADES))


def _density(cells: Cells, surface: Surface, mirrored: FloatArray) -> Array:
    """Change of optical density of the diffuse light for a known factor of the mirrored light."""
    factor = cells.smooth(cells.spread(mirrored, fill=1.0), _ZONE_EDGE_MM)[..., None]
    # Means first, logarithms after: a glint that the smooth surface misses would count many times.
    light = cells.smooth(surface.light, _DENSITY_MM)[..., None]
    before, after = (cells.smooth(p, _DENSITY_MM) for p in (cells.before, cells.after))
    first = np.maximum(before - light, _LEAST_INSIDE * before)
    second = np.maximum(after - light * factor, _LEAST_INSIDE * after)
    return np.asarray(np.log10(np.maximum(first, 1e-4) / np.maximum(second, 1e-4)), np.float32)


def shine_of(unmixed: Unmixed) -> tuple[FloatArray, FloatArray]:
    """Share of each zone's light that the surface mirrored, before and after, ``(zone,)``."""
    cells = unmixed.cells
    light = cells.zone_mean(unmixed.surface.light)
    before, after = (cells.zone_mean(p @ LUMINANCE) for p in (cells.before, cells.after))
    return light / before, light * (1.0 + unmixed.gloss.likely) / after
