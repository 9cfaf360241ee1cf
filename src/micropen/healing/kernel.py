"""The two compiled loops of the engine: a linear state over a whole segment, and reporting.

For ``x' = u(t) - loss * x`` with given ``u`` one collocation step solves
``(I + z A) X = x0 1 + h A U``, with ``z = loss * h``. In the block form of `collocation` this is,
with ``q = T^-1 U``, one scalar equation and two complex ones,
``y = (x0 T^-1 1 + h B q) / (1 + z B)``, and ``X = T y``.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from micropen.healing.collocation import BASIS, INVERSE_BASIS, SPECTRUM, STAGES, START
from micropen.healing.process import Array

_FORWARD: Final = np.ascontiguousarray(INVERSE_BASIS)
_BACK: Final = np.ascontiguousarray(BASIS)
_REAL, _RE_1, _IM_1, _RE_2, _IM_2 = (float(value) for value in SPECTRUM)
_S0, _S1, _S2, _S3, _S4 = (float(value) for value in START)
_FAST: Final = {"contract", "nsz", "arcp", "reassoc"}


@njit(cache=True, fastmath=_FAST, error_model="numpy", inline="always")
def _combine(weights: Array, source: Array, first: int, target: Array, start: int) -> None:
    """``target[start + i] = sum_j weights[i, j] * source[first + j]`` for five rows each."""
    for i in range(STAGES):
        a, b, c = weights[i, 0], weights[i, 1], weights[i, 2]
        d, e = weights[i, 3], weights[i, 4]
        for lane in range(source.shape[1]):
            target[start + i, lane] = (
                a * source[first, lane]
                + b * source[first + 1, lane]
                + c * source[first + 2, lane]
                + d * source[first + 3, lane]
                + e * source[first + 4, lane]
            )


@njit(cache=True, fastmath=_FAST, error_model="numpy", inline="always")
def _solve_blocks(loss: Array, h: float, start: Array, q: Array) -> None:
    """Replace the five rows of `q` by the block solutions ``y``."""
    for lane in range(loss.size):
        z = loss[lane] * h
        x0 = start[lane]
        q[0, lane] = (x0 * _S0 + h * _REAL * q[0, lane]) / (1.0 + z * _REAL)
        # A complex pair re +- i im acts on its two rows as [[re, im], [-im, re]].
        p, r = q[1, lane], q[2, lane]
        right_1 = x0 * _S1 + h * (_RE_1 * p + _IM_1 * r)
        right_2 = x0 * _S2 + h * (_RE_1 * r - _IM_1 * p)
        diagonal, corner = 1.0 + z * _RE_1, z * _IM_1
        scale = 1.0 / (diagonal * diagonal + corner * corner)
        q[1, lane] = scale * (diagonal * right_1 - corner * right_2)
        q[2, lane] = scale * (diagonal * right_2 + corner * right_1)
        p, r = q[3, lane], q[4, lane]
        right_1 = x0 * _S3 + h * (_RE_2 * p + _IM_2 * r)
        right_2 = x0 * _S4 + h * (_RE_2 * r - _IM_2 * p)
        diagonal, corner = 1.0 + z * _RE_2, z * _IM_2
        scale = 1.0 / (diagonal * diagonal + corner * corner)
        q[3, lane] = scale * (diagonal * right_1 - corner * right_2)
        q[4, lane] = scale * (diagonal * right_2 + corner * right_1)


@njit(cache=True, fastmath=_FAST, error_model="numpy")
def relax(production: Array, loss: Array, steps: Array, state: Array) -> None:
    """Solve ``state' = production - loss * state`` over one segment, in place.

    Parameters
    ----------
    production
        Per day, at the nodes of the segment, shape ``(1 + 5 step, lane)``; row 0 is not read.
    loss
        Per day, shape ``(lane,)``.
    steps
        Days, shape ``(step,)``.
    state
        Shape ``(1 + 5 step, lane)``; row 0 holds the start, the other rows are filled.
    """
    blocks = np.empty((STAGES, loss.size))
    for k in range(steps.size):
        row = STAGES * k
        _combine(_FORWARD, production, row + 1, blocks, 0)
        _solve_blocks(loss, steps[k], state[row], blocks)
        _combine(_BACK, blocks, 0, state, row + 1)


@njit(cache=True, fastmath=_FAST, error_model="numpy")
def report(values: Array, first_node: NDArray[np.int64], weights: Array, out: Array) -> None:
    """Interpolate node values to reported days.

    Parameters
    ----------
    values
        Shape ``(node, lane)``.
    first_node, weights
        Of the reported days, as in `Segment`.
    out
        Shape ``(report, lane)``, filled.
    """
    for day in range(first_node.size):
        row = first_node[day]
        for lane in range(values.shape[1]):
            out[day, lane] = weights[day, 0] * values[row, lane]
        if weights[day, 0] == 1.0:
            # On the start of a step; a segment without steps has no further rows to read.
            continue
        for node in range(1, STAGES + 1):
            w = weights[day, node]
            for lane in range(values.shape[1]):
                out[day, lane] += w * values[row + node, lane]
