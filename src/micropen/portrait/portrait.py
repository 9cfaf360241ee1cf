"""A photograph, understood: everything that the pictures and the measurements start from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from micropen.errors import FaceError
from micropen.evidence import ParameterSet, load_parameters
from micropen.portrait.face_frame import FaceFrame
from micropen.portrait.faces import Face, choose_face, find_faces
from micropen.portrait.geometry import Geometry, estimate_geometry
from micropen.portrait.grid import Grid
from micropen.portrait.inspection import inspect
from micropen.portrait.masks import Masks, make_masks
from micropen.portrait.photo import Photo, read_photo
from micropen.portrait.quality import Quality, assess
from micropen.portrait.region import forehead_extension
from micropen.portrait.window import Window
from micropen.portrait.zones import NO_ZONE, Zones, lay_zones

if TYPE_CHECKING:
    from micropen.portrait.decomposition import SkinMaps


@dataclass(frozen=True, eq=False)
class Portrait:
    """One person's photograph with everything found in it.

    Parameters
    ----------
    photo
        The upright photograph.
    face
        The chosen face.
    grid
        The working grid of slow maps.
    masks
        Where skin may change.
    zones
        The 13 zones.
    geometry
        Normals and light.
    quality
        What the photograph allows.
    stated_ita_deg
        Individual typology angle known of the person, degrees; None where it is not.
    """

    photo: Photo
    face: Face
    grid: Grid
    masks: Masks = field(repr=False)
    zones: Zones = field(repr=False)
    geometry: Geometry = field(repr=False)
    quality: Quality
    stated_ita_deg: float | None = None

    @classmethod
    def read(
        cls,
        path: str | PathLike[str],
        face: int | None = None,
        *,
        stated_ita_deg: float | None = None,
    ) -> Portrait:
        """Read a photograph and find everything in it.

        Parameters
        ----------
        path
            JPEG, PNG, TIFF, WebP or HEIC file.
        face
            Which face, from 1 at the picture's left; needed only where several are of like size.
        stated_ita_deg
            Individual typology angle known of the person
            (``treatment.person.individual_typology_angle_deg``), degrees: a photograph alone
            cannot tell tone from exposure.

        Raises
        ------
        PhotoError
            The file cannot be read as a photograph.
        FaceError
            No face, several, or one that cannot be used (too small, turned away, blurred, clipped,
            dark): the message says why and what to do.
        """
        portrait = cls.from_photo(read_photo(path), face)
        if not portrait.quality.usable:
            raise FaceError(" ".join(portrait.quality.reasons))
        return replace(portrait, stated_ita_deg=stated_ita_deg)

    @classmethod
    def from_photo(cls, photo: Photo, face: int | None = None) -> Portrait:
        """Find everything in a photograph already read; an unusable one only says so.

        Raises
        ------
        FaceError
            No face, or several of like size and no choice.
        """
        parameters = load_parameters()
        chosen, passed_over = choose_face(find_faces(photo), face)
        px_per_mm = chosen.iris_distance_px / parameters.value("portrait.scale.iris_distance_mm")
        grid = Grid.over(photo.shape, px_per_mm)
        linear = grid.reduce(photo.linear)
        masks, zones, geometry = _maps(chosen, grid, linear, int(photo.sha256[:8], 16), parameters)
        measures = inspect(
            photo, chosen, masks=masks, zones=zones, linear=linear, parameters=parameters
        )
        quality = assess(measures, parameters, (*photo.notes, *passed_over))
        return cls(photo, chosen, grid, masks, zones, geometry, quality)

    @property
    def px_per_mm(self) -> float:
        """Pixels of the photograph per mm of skin."""
        return self.quality.px_per_mm

    @property
    def sharpness_px(self) -> float:
        """Standard deviation of the photograph's point spread, px."""
        return self.quality.sharpness_px

    @cached_property
    def skin(self) -> SkinMaps:
        """Surface reflection, blood and melanin of the skin; computed at first use."""
        from micropen.portrait.decomposition import decompose  # noqa: PLC0415

        return decompose(self.photo.linear, self.masks, self.px_per_mm, ita_deg=self.stated_ita_deg)

    def with_skin(self, skin: SkinMaps) -> Portrait:
        """Return the same portrait with its skin taken apart otherwise: by another anchor.

        Parameters
        ----------
        skin
            Maps of this photograph on this grid.
        """
        other = replace(self)
        # A frozen class keeps what it computed in its dictionary; this is the place of `skin`.
        vars(other)["skin"] = skin
        return other


def _maps(
    face: Face, grid: Grid, linear: NDArray[np.float32], seed: int, parameters: ParameterSet
) -> tuple[Masks, Zones, Geometry]:
    """Compute masks, zones and geometry in a window around the face, on the whole grid."""
    whole = FaceFrame.of(face, grid)
    window = Window.around(whole)
    frame, part = window.frame(whole), window.cut(linear)
    colour, texture, bare = make_masks(frame, part, parameters, seed)
    zones = lay_zones(frame, parameters)
    extension = forehead_extension(frame, parameters)
    geometry = estimate_geometry(frame, part.mean(-1), texture, extension)
    colour, texture, bare = (window.pad(m, repeat_edge=False) for m in (colour, texture, bare))
    support = grid.enlarge(np.maximum(colour, texture)) > 0.0
    weights = np.moveaxis(zones.weights, 0, -1)
    return (
        Masks(colour, texture, bare, support),
        Zones(
            np.ascontiguousarray(np.moveaxis(window.pad(weights, repeat_edge=True), -1, 0)),
            window.pad(zones.labels, repeat_edge=False, fill=NO_ZONE),
            zones.full_area,
        ),
        Geometry(
            window.pad(geometry.normals, repeat_edge=True), geometry.light, geometry.ambient_share
        ),
    )
