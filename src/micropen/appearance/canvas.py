"""What stays the same on every day of one face: its patterns, its ground for points, its sheen."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from micropen.appearance.gloss import sheen_lobe
from micropen.appearance.papules import (
    PapuleLayer,
    make_papule_layer,
    papule_layers_needed,
    papule_skin,
)
from micropen.appearance.pigment import patch_emphasis
from micropen.appearance.pinpoints import PinpointLayer, layers_needed, make_layer, patchiness
from micropen.appearance.redness import vascular_pattern
from micropen.evidence import ParameterSet, load_parameters
from micropen.portrait import Portrait

Array = NDArray[np.float32]

# Which canvases live: as long as their portrait does, so a film prepares a face once.
_CANVASES: WeakKeyDictionary[Portrait, dict[tuple[int, str], Canvas]] = WeakKeyDictionary()


@dataclass(eq=False)
class Canvas:
    """Patterns of one face under one seed, made when first needed.

    Parameters
    ----------
    zone_weights
        ``(zone, h, w)``.
    colour, texture
        Skin masks, ``(h, w)``.
    melanin
        The person's melanin map, ``(h, w)``.
    luminance
        Diffuse linear luminance, ``(h, w)``.
    normals, light
        Shape and light.
    px_per_mm
        Of the working grid.
    seed
        Seed of the forecast.
    parameters
        The program's parameters.
    """

    zone_weights: Array
    colour: Array
    texture: Array
    melanin: Array
    luminance: Array
    normals: Array
    light: Array
    px_per_mm: float
    seed: int
    parameters: ParameterSet
    _pinpoints: list[PinpointLayer] = field(default_factory=list)
    _papules: list[PapuleLayer] = field(default_factory=list)

    @cached_property
    def vessels(self) -> Array:
        """Uneven density of reddening vessels, mean 1 per zone."""
        return vascular_pattern(
            self.zone_weights, self.colour, self.px_per_mm, self.seed, self.parameters
        )

    @cached_property
    def emphasis(self) -> Array:
        """How much of a fading of pigment reaches each place: brown patches, hardly other skin."""
        return patch_emphasis(
            self.melanin, self.zone_weights, self.texture, self.px_per_mm, self.parameters
        )

    @cached_property
    def lobe(self) -> Array:
        """Where moist skin shines."""
        return sheen_lobe(self.normals, self.light, self.texture, self.luminance, self.px_per_mm)

    @cached_property
    def _patches(self) -> Array:
        return patchiness(self.texture, self.px_per_mm, self.seed, self.parameters)

    @cached_property
    def _papule_ground(self) -> Array:
        return papule_skin(self.zone_weights, self.texture, self.px_per_mm)

    def pinpoints(self, density_cm2: NDArray[np.floating]) -> list[PinpointLayer]:
        """Layers that hold every point such densities can show."""
        needed = layers_needed(density_cm2)
        while len(self._pinpoints) < needed:
            self._pinpoints.append(
                make_layer(
                    self._patches, self.px_per_mm, self.seed, len(self._pinpoints), self.parameters
                )
            )
        return self._pinpoints[:needed]

    def papules(self, lesions: NDArray[np.floating]) -> list[PapuleLayer]:
        """Layers that hold every papule such counts can show."""
        needed = papule_layers_needed(lesions)
        while len(self._papules) < needed:
            self._papules.append(
                make_papule_layer(
                    self._papule_ground, self.seed, len(self._papules), self.parameters
                )
            )
        return self._papules[:needed]


def canvas_of(portrait: Portrait, seed: int, parameters: ParameterSet | None = None) -> Canvas:
    """Prepare, or find again, the canvas of a face.

    Parameters
    ----------
    portrait
        The face.
    seed
        Seed of the forecast.
    parameters
        Defaults to the program's own.

    Returns
    -------
    Canvas
        The same object for the same portrait, seed and parameters.
    """
    chosen = parameters or load_parameters()
    kept = _CANVASES.setdefault(portrait, {})
    key = (seed, chosen.digest if parameters is not None else "")
    if key not in kept:
        linear = portrait.grid.reduce(portrait.photo.linear)
        surface = portrait.grid.reduce(portrait.skin.specular)
        kept[key] = Canvas(
            zone_weights=portrait.zones.weights,
            colour=portrait.masks.colour,
            texture=portrait.masks.texture,
            melanin=portrait.skin.melanin,
            luminance=np.maximum(linear.mean(-1) - surface, 0.0).astype(np.float32),
            normals=portrait.geometry.normals,
            light=portrait.geometry.light,
            px_per_mm=portrait.grid.px_per_mm,
            seed=seed,
            parameters=chosen,
        )
    return kept[key]
