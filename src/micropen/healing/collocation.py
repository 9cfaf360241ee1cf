"""Radau IIA collocation with five stages, prepared for scalar linear states.

Order nine at the end of a step and five inside it, L-stable: it neither rings nor explodes on
states of minutes. The collocation matrix A is brought to real block form ``A = T B T^-1`` with one
real eigenvalue and two complex pairs, so that a step costs two small products and three divisions
instead of a 5 x 5 solve. Source of the method: E. Hairer, G. Wanner, Solving Ordinary Differential
Equations II (Springer 1996), sections IV.5 and IV.8; everything here is computed, not tabulated.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.polynomial import legendre, polynomial

from micropen.healing.process import Array

STAGES: Final = 5


def _nodes(stages: int) -> Array:
    """Right Radau points on (0, 1]: zeros of the difference of two Legendre polynomials."""
    difference = np.zeros(stages + 1)
    difference[stages], difference[stages - 1] = 1.0, -1.0
    roots = np.sort(np.real(legendre.legroots(difference)))
    return np.asarray((roots + 1.0) / 2.0, dtype=np.float64)


def _matrix(nodes: Array) -> Array:
    """Integrals of the Lagrange polynomials from 0 to each node."""
    columns = []
    for j, own in enumerate(nodes):
        others = np.delete(nodes, j)
        lagrange = polynomial.polyfromroots(others) / np.prod(own - others)
        columns.append(polynomial.polyval(nodes, polynomial.polyint(lagrange)))
    return np.stack(columns, axis=1)


def _real_blocks(matrix: Array) -> tuple[Array, Array]:
    """Real T and (real eigenvalue, re, im, re, im) with ``T^-1 matrix T`` in block form."""
    values, vectors = np.linalg.eig(matrix)
    real = int(np.argmin(np.abs(values.imag)))
    columns, spectrum = [vectors[:, real].real], [values[real].real]
    for index in np.argsort(values.imag):
        if index != real and values[index].imag > 0.0:
            columns += [vectors[:, index].real, vectors[:, index].imag]
            spectrum += [values[index].real, values[index].imag]
    return np.stack(columns, axis=1), np.array(spectrum)


NODES: Final = _nodes(STAGES)
MATRIX: Final = _matrix(NODES)
BASIS, SPECTRUM = _real_blocks(MATRIX)
INVERSE_BASIS: Final = np.linalg.inv(BASIS)
# T^-1 1: how the start of a step enters each block.
START: Final = INVERSE_BASIS @ np.ones(STAGES)
