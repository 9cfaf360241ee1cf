"""Bakes the skin colour table from the transport model; not needed at run time."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates
from scipy.spatial import cKDTree

from micropen.evidence import ParameterSet
from micropen.optics.colour_table import TableAxes
from micropen.optics.skin import diffuse_rgb

FloatArray = NDArray[np.float64]

NODES: Final = 16
# Melanin ends before the chromaticity folds back, which it does at .315 for blood .2 at full
# saturation, later for less blood or oxygen; beyond blood .2 the table serves drawing only.
MELANIN: Final = (0.003, 0.30, 64)
BLOOD: Final = (0.002, 0.40, 64)
SATURATION: Final = (0.40, 1.00, 8)
MOST_INVERTIBLE_BLOOD: Final = 0.20

_SEED_SIDE: Final = 96
_SEED_SAMPLES: Final = 400

# Parameters that change skin colour; the others of the room concern measurement.
_COLOUR_GROUPS: Final = (
    "optics.melanosome",
    "optics.haemoglobin",
    "optics.baseline",
    "optics.scattering",
    "optics.tissue",
    "optics.epidermis",
    "optics.vessels",
)


def table_axes() -> TableAxes:
    """Return the axes on which the table is baked."""
    return TableAxes(np.geomspace(*MELANIN), np.geomspace(*BLOOD), np.linspace(*SATURATION))


def bake_log_rgb(parameters: ParameterSet) -> NDArray[np.float32]:
    """Compute the whole table.

    Parameters
    ----------
    parameters
        Holding the room ``optics``.

    Returns
    -------
    numpy.ndarray
        float32, shape ``(melanin, blood, saturation, 3)``: ln of linear sRGB.
    """
    axes = table_axes()
    blood, saturation = np.meshgrid(axes.blood, axes.saturation, indexing="ij")
    rgb = diffuse_rgb(
        axes.melanin, blood.ravel(), saturation.ravel(), nodes=NODES, parameters=parameters
    )
    shape = (axes.melanin.size, axes.blood.size, axes.saturation.size, 3)
    return np.asarray(np.log(rgb).reshape(shape), dtype=np.float32)


def bake_seeds(log_rgb: NDArray[np.float32]) -> tuple[NDArray[np.float16], FloatArray]:
    """Find where the inversion should start for each chromaticity.

    Parameters
    ----------
    log_rgb
        The table.

    Returns
    -------
    seeds : numpy.ndarray
        float16, shape ``(saturation, side, side, 2)``: melanin and blood in table nodes, of the
        model's chromaticity nearest to each cell's centre.
    frame : numpy.ndarray
        Shape ``(saturation, 4)``: first centre and step of ln(R/G), then of ln(G/B).
    """
    axes = table_axes()
    span = np.log(MOST_INVERTIBLE_BLOOD / axes.blood[0]) / axes.step[1]
    places = np.stack(
        np.meshgrid(
            np.linspace(0.0, axes.melanin.size - 1.0, _SEED_SAMPLES),
            np.linspace(0.0, span, _SEED_SAMPLES),
            indexing="ij",
        )
    ).reshape(2, -1)
    seeds = np.empty((axes.saturation.size, _SEED_SIDE, _SEED_SIDE, 2), dtype=np.float16)
    frame = np.empty((axes.saturation.size, 4))
    for sheet in range(axes.saturation.size):
        chroma = np.stack(
            [
                map_coordinates(
                    (log_rgb[:, :, sheet, k] - log_rgb[:, :, sheet, k + 1]).astype(np.float64),
                    places,
                    order=1,
                )
                for k in range(2)
            ],
            axis=1,
        )
        centres = [
            np.linspace(chroma[:, k].min(), chroma[:, k].max(), _SEED_SIDE) for k in range(2)
        ]
        raster = np.stack(np.meshgrid(*centres, indexing="ij"), axis=-1)
        nearest = cKDTree(chroma).query(raster)[1]
        seeds[sheet] = np.moveaxis(places[:, nearest], 0, -1)
        frame[sheet] = [x for axis in centres for x in (axis[0], axis[1] - axis[0])]
    return seeds, frame


def colour_digest(parameters: ParameterSet) -> str:
    """Return the SHA-256 of everything that the table depends on, except the code."""
    text = [
        f"{p.name}={p.value!r}"
        for group in _COLOUR_GROUPS
        for p in sorted(parameters.group(group), key=lambda p: p.name)
    ]
    text += [repr(x) for x in (NODES, MELANIN, BLOOD, SATURATION, MOST_INVERTIBLE_BLOOD)]
    digest = hashlib.sha256(";".join(text).encode())
    for name in ("haemoglobin.csv", "cie.csv"):
        digest.update((files("micropen.optics") / "data" / name).read_bytes())
    return digest.hexdigest()


def bake(parameters: ParameterSet, path: Path) -> str:
    """Bake the table into a file.

    Parameters
    ----------
    parameters
        Holding the room ``optics``.
    path
        Of the ``.npz`` to write.

    Returns
    -------
    str
        SHA-256 of the table's values, which is stored too.
    """
    axes = table_axes()
    log_rgb = bake_log_rgb(parameters)
    seeds, frame = bake_seeds(log_rgb)
    digest = hashlib.sha256(log_rgb.tobytes()).hexdigest()
    np.savez_compressed(
        path,
        log_rgb=log_rgb,
        melanin=axes.melanin,
        blood=axes.blood,
        saturation=axes.saturation,
        seeds=seeds,
        seed_frame=frame,
        most_invertible_blood=MOST_INVERTIBLE_BLOOD,
        digest=digest,
        made_from=colour_digest(parameters),
    )
    return digest
