"""Tabulated spectra: haemoglobin, and the CIE observer and illuminant."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# Every 5 nm: linear sRGB of skin differs by less than 1e-3 from the sum over every nm.
WAVELENGTHS_NM: Final[FloatArray] = np.arange(400.0, 700.1, 5.0)
WAVELENGTHS_NM.setflags(write=False)


@cache
def read_table(name: str) -> dict[str, FloatArray]:
    """Read one table of ``optics/data`` by column.

    Parameters
    ----------
    name
        File name, such as ``"haemoglobin.csv"``. Lines that start with ``#`` tell its source.

    Returns
    -------
    dict
        Read-only columns by name.
    """
    text = (files("micropen.optics") / "data" / name).read_text(encoding="utf-8")
    rows = list(csv.reader(line for line in text.splitlines() if not line.startswith("#")))
    columns = np.array([[float(cell) for cell in row] for row in rows[1:]]).T
    columns.setflags(write=False)
    return dict(zip(rows[0], columns, strict=True))


def haemoglobin(wavelengths_nm: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the decadic molar extinction of oxygenated and deoxygenated haemoglobin.

    Parameters
    ----------
    wavelengths_nm
        Any shape, 400-700.

    Returns
    -------
    tuple of numpy.ndarray
        Oxygenated, deoxygenated, in cm⁻¹/(mol/L), interpolated linearly between rows 2 nm apart.
        Source: Prahl (1999), see the file's head.
    """
    table = read_table("haemoglobin.csv")
    axis = table["wavelength_nm"]
    return (
        np.interp(wavelengths_nm, axis, table["oxyhaemoglobin"]),
        np.interp(wavelengths_nm, axis, table["deoxyhaemoglobin"]),
    )
