"""Faces of a photograph, and the choice of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.errors import FaceError
from micropen.portrait.detector import detect_all
from micropen.portrait.landmark_indices import LEFT_IRIS, RIGHT_IRIS
from micropen.portrait.mesh import mesh_points

if TYPE_CHECKING:
    from micropen.portrait.photo import Photo

_DETECT_SIDE: Final = 1280  # px; detection does not gain from more, and resizing 12 MP costs
_MIN_PRESENCE: Final = 0.5
_BYSTANDER_SHARE: Final = 1 / 3  # a face this much smaller than the largest is not the subject


@dataclass(frozen=True, slots=True)
class Face:
    """One face with its mesh.

    Parameters
    ----------
    landmarks
        ``(478, 3)`` float32: x, y in px of the full photograph, z in px (nearer is smaller).
    score
        Score of the detector, 0-1.
    box
        Left, top, right, bottom, px.
    rotation_deg
        Roll of the line through the irises, degrees, positive clockwise in the picture.
    """

    landmarks: NDArray[np.float32] = field(repr=False)
    score: float
    box: tuple[float, float, float, float]
    rotation_deg: float

    @property
    def iris_distance_px(self) -> float:
        """Distance of the iris centres in space (with mesh depth), px."""
        return float(np.linalg.norm(self.landmarks[LEFT_IRIS] - self.landmarks[RIGHT_IRIS]))


def find_faces(photo: Photo) -> list[Face]:
    """Find every face of a photograph, from left to right in the picture.

    Parameters
    ----------
    photo
        Upright photograph.

    Returns
    -------
    list of Face
        Empty where there is none.
    """
    image = photo.eight_bit
    shrink = min(1.0, _DETECT_SIDE / max(image.shape[:2]))
    small = _shrunk(image, shrink)
    faces = []
    for found in detect_all(small):
        detection = found.scaled(1.0 / shrink)
        points, presence = mesh_points(image, detection)
        if presence >= _MIN_PRESENCE:
            left, top, right, bottom = (float(v) for v in detection.box)
            eyes = points[LEFT_IRIS, :2] - points[RIGHT_IRIS, :2]
            roll = float(np.degrees(np.arctan2(eyes[1], eyes[0])))
            faces.append(Face(points, detection.score, (left, top, right, bottom), roll))
    return sorted(faces, key=lambda f: f.box[0])


def choose_face(faces: list[Face], number: int | None) -> tuple[Face, tuple[str, ...]]:
    """Choose the subject among the faces of a photograph.

    Parameters
    ----------
    faces
        All faces, left to right.
    number
        1 for the leftmost; None where the subject should be obvious.

    Returns
    -------
    face, warnings
        The face, and a sentence where others were passed over.

    Raises
    ------
    FaceError
        No face; several of like size and no number; a number beyond the last face.
    """
    count = len(faces)
    if count == 0:
        raise FaceError(
            "No face was found in the photograph; use one where the whole face looks at the "
            "camera, upright, unobstructed and evenly lit."
        )
    if number is not None:
        if not 1 <= number <= count:
            raise FaceError(
                f"Face {number} was asked for but the photograph shows {count}; choose from 1 "
                f"(leftmost) to {count}."
            )
        return faces[number - 1], ()
    largest = max(faces, key=lambda f: f.iris_distance_px)
    rivals = [f for f in faces if f.iris_distance_px > _BYSTANDER_SHARE * largest.iris_distance_px]
    if len(rivals) > 1:
        raise FaceError(
            f"The photograph shows {count} faces; choose one with --face (face=) from 1 "
            f"(leftmost) to {count}, or crop the photograph."
        )
    if count > 1:
        return largest, (f"{count - 1} much smaller face(s) in the background were passed over.",)
    return largest, ()


def _shrunk(image: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    if factor >= 1.0:
        return image
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
