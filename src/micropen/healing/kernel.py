"""The compiled loops of the engine: states over a whole segment, and reporting.

For ``x' = u(t) - loss * x`` with given ``u`` one collocation step solves
``(I + z A) X = x0 1 + h A U``, with ``z = loss * h``. In the block form of `collocation` this is,
with ``q = T^-1 U``, one scalar equation and two complex ones,
``y = (x0 T^-1 1 + h B q) / (1 + z B)``, and ``X = T y``.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.compiled import compiled
from micropen.healing.collocation import BASIS, INVERSE_BASIS, SPECTRUM, STAGES, START
from micropen.healing.process import Array

_FORWARD: Final = np.ascontiguousarray(INVERSE_BASIS)
_BACK: Final = np.ascontiguousarray(BASIS)
_REAL, _RE_1, _IM_1, _RE_2, _IM_2 = (float(value) for value in SPECTRUM)
_S0, _S1, _S2, _S3, _S4 = (float(value) for value in START)
_E0, _E1, _E2, _E3, _E4 = (float(value) for value in BASIS[-1])
_FAST: Final = {"contract", "nsz", "arcp", "reassoc"}


@compiled(fastmath=_FAST, error_model="numpy")
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


@compiled(fastmath=_FAST, error_model="numpy")
def _solve_blocks(loss: Array, h: float, start: Array, q: Array) -> None:
    """Replace the five rows of `q` by the block solutions ``y``."""
    for lane in range(loss.size):
        z = loss[lane] * h
        x0 = start[lane]
        q0, q1, q2, q3, q4 = q[0, lane], q[1, lane], q[2, lane], q[3, lane], q[4, lane]
        # A complex pair re +- i im acts on its two rows as [[re, im], [-im, re]].
        a1 = x0 * _S1 + h * (_RE_1 * q1 + _IM_1 * q2)
        a2 = x0 * _S2 + h * (_RE_1 * q2 - _IM_1 * q1)
        a3 = x0 * _S3 + h * (_RE_2 * q3 + _IM_2 * q4)
        a4 = x0 * _S4 + h * (_RE_2 * q4 - _IM_2 * q3)
        d0 = 1.0 + z * _REAL
        d1, c1 = 1.0 + z * _RE_1, z * _IM_1
        d2, c2 = 1.0 + z * _RE_2, z * _IM_2
        n1, n2 = d1 * d1 + c1 * c1, d2 * d2 + c2 * c2
        # Division is the dearest operation here: one for all three blocks.
        inverse = 1.0 / (d0 * n1 * n2)
        i1, i2 = inverse * d0 * n2, inverse * d0 * n1
        q[0, lane] = inverse * n1 * n2 * (x0 * _S0 + h * _REAL * q0)
        q[1, lane] = i1 * (d1 * a1 - c1 * a2)
        q[2, lane] = i1 * (d1 * a2 + c1 * a1)
        q[3, lane] = i2 * (d2 * a3 - c2 * a4)
        q[4, lane] = i2 * (d2 * a4 + c2 * a3)


@compiled(fastmath=_FAST, error_model="numpy")
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


@compiled(fastmath=_FAST, error_model="numpy")
def _weighted(weight: Array, source: Array, total: Array, add: bool) -> None:
    """``total = weight * source``, or ``total += weight * source``, five rows each."""
    for i in range(STAGES):
        if add:
            for lane in range(weight.size):
                total[i, lane] += weight[lane] * source[i, lane]
        else:
            for lane in range(weight.size):
                total[i, lane] = weight[lane] * source[i, lane]


@compiled(fastmath=_FAST, error_model="numpy")
def _end(y: Array, state: Array) -> None:
    """Replace a state by its value at the end of the step."""
    for lane in range(state.size):
        state[lane] = (
            _E0 * y[0, lane]
            + _E1 * y[1, lane]
            + _E2 * y[2, lane]
            + _E3 * y[3, lane]
            + _E4 * y[4, lane]
        )


@compiled(fastmath=_FAST, error_model="numpy")
def relax_sums(
    run: tuple[int, int],
    terms: tuple[NDArray[np.int64], NDArray[np.int64], Array],
    losses: Array,
    steps: Array,
    shown: NDArray[np.bool_],
    outside: NDArray[np.int64],
    y: Array,
    room: Array,
    state: Array,
) -> None:
    """Solve a run of states whose productions are weighted sums of states, in place.

    Weighted sums may as well be taken of the ``y`` of the block form. So the run goes step by
    step through its states without leaving that form; the nodes are worked out only of states
    that something else reads.

    Parameters
    ----------
    run
        First state, and the one after the last.
    terms
        Where the terms of each state begin, ``(state + 1,)``; of each term, the state read,
        ``(term,)``, and its weight per day, ``(term, lane)``.
    losses
        Per day, shape ``(state, lane)``.
    steps
        Days, shape ``(step,)``.
    shown
        Whether something reads a state at the nodes, shape ``(state,)``.
    outside
        States before the run that it reads; they must be shown.
    y
        Scratch, shape ``(state, 5, lane)``.
    room
        Shape ``(state, 1 + 5 step, lane)``; row 0 is not touched, the others are filled for
        states of the run that are shown.
    state
        Shape ``(state, lane)``; the starts of the run's states, replaced by their ends.
    """
    first, sources, weights = terms
    for k in range(steps.size):
        row = STAGES * k + 1
        for s in outside:
            _combine(_FORWARD, room[s], row, y[s], 0)
        for s in range(run[0], run[1]):
            if first[s] == first[s + 1]:
                y[s] = 0.0
            for term in range(first[s], first[s + 1]):
                _weighted(weights[term], y[sources[term]], y[s], term > first[s])
            _solve_blocks(losses[s], steps[k], state[s], y[s])
            _end(y[s], state[s])
            if shown[s]:
                _combine(_BACK, y[s], 0, room[s], row)


@compiled(fastmath=_FAST, error_model="numpy")
def report(
    values: Array,
    first_node: NDArray[np.int64],
    weights: Array,
    out: NDArray[np.float32],
    row: int,
    column: int,
) -> None:
    """Interpolate node values to reported days.

    Parameters
    ----------
    values
        Shape ``(node, lane)``.
    first_node, weights
        Of the reported days, as in `Segment`.
    out
        Shape ``(day, all lanes)``, float32, contiguous; filled from `row` and `column` on.
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
            out[row + day, column + lane] = (
                w0 * values[r0, lane]
                + w1 * values[r1, lane]
                + w2 * values[r2, lane]
                + w3 * values[r3, lane]
                + w4 * values[r4, lane]
                + w5 * values[r5, lane]
            )
