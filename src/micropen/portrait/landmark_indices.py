"""Indices into the 478 mesh points. Right and left are the subject's.

The sets follow the published topology of FaceMesh; their choice as skin zones is our own, checked
by eye (docs/portrait.md).
"""

from __future__ import annotations

from typing import Final

RIGHT_IRIS: Final = 468
LEFT_IRIS: Final = 473
NOSE_BRIDGE: Final = 168
MID_FOREHEAD: Final = 151
TOP: Final = 10
CHIN_TIP: Final = 152
RIGHT_SIDE: Final = 234
LEFT_SIDE: Final = 454

FACE_OVAL: Final = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
# The top of the oval from the subject's right temple to the left one.
OVAL_TOP: Final = (162, 21, 54, 103, 67, 109, 10, 338, 297, 332, 284, 251, 389)

RIGHT_EYE: Final = (
    33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7,
)  # fmt: skip
LEFT_EYE: Final = (
    263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249,
)  # fmt: skip
RIGHT_UPPER_LID: Final = (33, 246, 161, 160, 159, 158, 157, 173, 133)
LEFT_UPPER_LID: Final = (263, 466, 388, 387, 386, 385, 384, 398, 362)
RIGHT_BROW: Final = (70, 63, 105, 66, 107, 55, 65, 52, 53, 46)
LEFT_BROW: Final = (300, 293, 334, 296, 336, 285, 295, 282, 283, 276)
BROW_TOPS: Final = (105, 334)
RIGHT_BROW_LOWER: Final = (46, 53, 52, 65, 55)
LEFT_BROW_LOWER: Final = (276, 283, 282, 295, 285)
LIPS: Final = (
    61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146,
)  # fmt: skip
RIGHT_NOSTRIL: Final = (79, 238, 20, 242, 60, 75)
LEFT_NOSTRIL: Final = (309, 458, 250, 462, 290, 305)

# Small patches that are bare skin on nearly everyone: the start of the colour statistics.
RIGHT_CHEEK_CORE: Final = (50, 205, 187, 117, 118, 101, 36)
LEFT_CHEEK_CORE: Final = (280, 425, 411, 346, 347, 330, 266)
NOSE_CORE: Final = (6, 197, 195, 5, 45, 275)

# Lower edge of the forehead, lifted off the brow hairs by zones.py.
FOREHEAD_LOWER_EDGE: Final = (293, 334, 296, 336, 107, 66, 105, 63)

# Polygons in drawing order of points; neighbours share edge points.
FOREHEAD_UPPER: Final = (
    54, 103, 67, 109, 10, 338, 297, 332, 284, 298, 333, 299, 337, 151, 108, 69, 104, 68,
)  # fmt: skip
FOREHEAD_LOWER: Final = (
    68, 104, 69, 108, 151, 337, 299, 333, 298, 293, 334, 296, 336, 9, 107, 66, 105, 63,
)  # fmt: skip
ZONE_POLYGONS: Final[dict[str, tuple[int, ...]]] = {
    "glabella": (107, 9, 336, 285, 417, 168, 193, 55),
    "temple_right": (54, 21, 162, 127, 34, 143, 156, 70, 71, 68),
    "temple_left": (284, 251, 389, 356, 264, 372, 383, 300, 301, 298),
    "periorbital_right": (
        130, 25, 110, 24, 23, 22, 26, 112, 243, 244, 245, 128, 121, 120, 119, 118, 117, 111, 35,
        226,
    ),
    "periorbital_left": (
        359, 255, 339, 254, 253, 252, 256, 341, 463, 464, 465, 357, 350, 349, 348, 347, 346, 340,
        265, 446,
    ),
    "nose": (
        168, 122, 174, 217, 126, 129, 102, 64, 98, 97, 2, 326, 327, 294, 331, 358, 355, 437, 399,
        351,
    ),
    "cheek_right": (
        227, 116, 117, 118, 119, 100, 142, 203, 206, 216, 214, 138, 215, 177, 137,
    ),
    "cheek_left": (
        447, 345, 346, 347, 348, 329, 371, 423, 426, 436, 434, 367, 435, 401, 366,
    ),
    "upper_lip": (
        98, 97, 2, 326, 327, 391, 322, 410, 287, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185, 61,
        57, 186, 92, 165,
    ),
    "chin": (
        106, 182, 83, 18, 313, 406, 335, 424, 431, 395, 400, 377, 152, 148, 176, 170, 211, 204,
    ),
    "jaw_right": (58, 172, 136, 150, 149, 176, 170, 211, 210, 214, 138, 215),
    "jaw_left": (288, 397, 365, 379, 378, 400, 395, 431, 430, 434, 367, 435),
}  # fmt: skip
