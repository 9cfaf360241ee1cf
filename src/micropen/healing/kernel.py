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
    f, t = _FORWARD, _BACK
    for k in range(steps.size):
        h = steps[k]
        r = STAGES * k
        for lane in range(loss.size):
            z = loss[lane] * h
            x0 = state[r, lane]
            u1, u2, u3 = production[r + 1, lane], production[r + 2, lane], production[r + 3, lane]
            u4, u5 = production[r + 4, lane], production[r + 5, lane]
            q0 = f[0, 0] * u1 + f[0, 1] * u2 + f[0, 2] * u3 + f[0, 3] * u4 + f[0, 4] * u5
            q1 = f[1, 0] * u1 + f[1, 1] * u2 + f[1, 2] * u3 + f[1, 3] * u4 + f[1, 4] * u5
            q2 = f[2, 0] * u1 + f[2, 1] * u2 + f[2, 2] * u3 + f[2, 3] * u4 + f[2, 4] * u5
            q3 = f[3, 0] * u1 + f[3, 1] * u2 + f[3, 2] * u3 + f[3, 3] * u4 + f[3, 4] * u5
            q4 = f[4, 0] * u1 + f[4, 1] * u2 + f[4, 2] * u3 + f[4, 3] * u4 + f[4, 4] * u5
            # A complex pair re +- i im acts on its two rows as [[re, im], [-im, re]].
            d0 = 1.0 + z * _REAL
            d1, c1 = 1.0 + z * _RE_1, z * _IM_1
            d2, c2 = 1.0 + z * _RE_2, z * _IM_2
            n1, n2 = d1 * d1 + c1 * c1, d2 * d2 + c2 * c2
            # Division is the dearest operation here: one for all three blocks.
            inverse = 1.0 / (d0 * n1 * n2)
            i0, i1, i2 = inverse * n1 * n2, inverse * d0 * n2, inverse * d0 * n1
            a1 = x0 * _S1 + h * (_RE_1 * q1 + _IM_1 * q2)
            a2 = x0 * _S2 + h * (_RE_1 * q2 - _IM_1 * q1)
            a3 = x0 * _S3 + h * (_RE_2 * q3 + _IM_2 * q4)
            a4 = x0 * _S4 + h * (_RE_2 * q4 - _IM_2 * q3)
            y0 = i0 * (x0 * _S0 + h * _REAL * q0)
            y1, y2 = i1 * (d1 * a1 - c1 * a2), i1 * (d1 * a2 + c1 * a1)
            y3, y4 = i2 * (d2 * a3 - c2 * a4), i2 * (d2 * a4 + c2 * a3)
            for i in range(STAGES):
                state[r + 1 + i, lane] = (
                    t[i, 0] * y0 + t[i, 1] * y1 + t[i, 2] * y2 + t[i, 3] * y3 + t[i, 4] * y4
                )


@njit(cache=True, fastmath=_FAST, error_model="numpy")
def report(
    values: Array, first_node: NDArray[np.int64], weights: Array, out: NDArray[np.float32]
) -> None:
    """Interpolate node values to reported days.

    Parameters
    ----------
    values
        Shape ``(node, lane)``.
    first_node, weights
        Of the reported days, as in `Segment`.
    out
        Shape ``(report, lane)``, float32, filled.
    """
    last = values.shape[0] - 1
    for day in range(first_node.size):
        # A segment without steps has one node only; its other weights are zero.
        r0 = first_node[day]
        r1, r2, r3 = min(r0 + 1, last), min(r0 + 2, last), min(r0 + 3, last)
        r4, r5 = min(r0 + 4, last), min(r0 + 5, last)
        w0, w1, w2 = weights[day, 0], weights[day, 1], weights[day, 2]
        w3, w4, w5 = weights[day, 3], weights[day, 4], weights[day, 5]
        for lane in range(values.shape[1]):
            out[day, lane] = (
                w0 * values[r0, lane]
                + w1 * values[r1, lane]
                + w2 * values[r2, lane]
                + w3 * values[r3, lane]
                + w4 * values[r4, lane]
                + w5 * values[r5, lane]
            )
