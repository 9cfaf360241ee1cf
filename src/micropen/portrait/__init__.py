"""Portrait: a photograph read and understood: face, zones, masks, geometry, quality, skin."""

from micropen.portrait.faces import Face, find_faces
from micropen.portrait.geometry import Geometry
from micropen.portrait.grid import Grid
from micropen.portrait.masks import Masks
from micropen.portrait.photo import Photo, read_photo
from micropen.portrait.portrait import Portrait
from micropen.portrait.quality import Quality
from micropen.portrait.zones import Zones

__all__ = [
    "Face",
    "Geometry",
    "Grid",
    "Masks",
    "Photo",
    "Portrait",
    "Quality",
    "Zones",
    "find_faces",
    "read_photo",
]
