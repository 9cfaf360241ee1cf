"""The compiled loops against closed forms."""

import numpy as np
import pytest

from micropen.healing.collocation import BASIS, INVERSE_BASIS, MATRIX, NODES, SPECTRUM, STAGES
from micropen.healing.kernel import relax, relax_sums, report
from micropen.healing.time_grid import day_grid, segments


def _nodes(steps):
    edges = np.concatenate([[0.0], np.cumsum(steps)])
    inner = edges[:-1, None] + np.asarray(steps)[:, None] * NODES
    return np.concatenate([[0.0], inner.ravel()])


def _solve(production, loss, steps, start):
    state = np.empty((1 + STAGES * len(steps), loss.size))
    state[0] = start
    relax(production, loss, np.asarray(steps, dtype=float), state)
    return state


def test_nodes_integrate_polynomials_exactly():
    for power in range(STAGES):
        assert np.allclose(MATRIX @ NODES**power, NODES ** (power + 1) / (power + 1), atol=1e-14)
    # Radau: order 2 s - 1 at the end of a step.
    for power in range(2 * STAGES - 1):
        assert np.isclose(MATRIX[-1] @ NODES**power, 1.0 / (power + 1), atol=1e-14)


def test_real_block_form_gives_the_matrix_back():
    real, re_1, im_1, re_2, im_2 = SPECTRUM
    blocks = np.zeros((STAGES, STAGES))
    blocks[0, 0] = real
    blocks[1:3, 1:3] = [[re_1, im_1], [-im_1, re_1]]
    blocks[3:5, 3:5] = [[re_2, im_2], [-im_2, re_2]]
    assert np.allclose(BASIS @ blocks @ INVERSE_BASIS, MATRIX, atol=1e-12)


@pytest.mark.parametrize("rate", [1e-4, 0.03, 1.0, 30.0, 1000.0, 5000.0])
def test_decay_is_exponential_on_the_graded_steps(rate):
    grid = day_grid([0.0], 60.0)
    (segment,) = segments([0.0], grid)
    loss = np.array([rate])
    state = np.empty((segment.nodes.size, 1))
    state[0] = 1.0
    relax(np.zeros_like(state), loss, segment.steps, state)
    # Rates beyond the thousands decay inside the first step and must only not ring.
    tolerance = 2e-4 if rate < 2000 else 2e-2
    assert np.abs(state[:, 0] - np.exp(-rate * segment.nodes)).max() < tolerance


def test_infinitely_fast_state_follows_its_production():
    steps = np.array([0.5, 1.0])
    t = _nodes(steps)[:, None]
    loss = np.array([1e12])
    state = _solve(loss * np.cos(t), loss, steps, 7.0)
    assert np.allclose(state[1:, 0], np.cos(t[1:, 0]), atol=1e-9)


def test_smooth_production_has_order_five_inside_a_step():
    loss = np.array([0.7])

    def error(count):
        steps = np.full(count, 4.0 / count)
        t = _nodes(steps)[:, None]
        exact = np.exp(-0.7 * t) + np.sin(t)
        return np.abs(_solve(np.cos(t) + 0.7 * np.sin(t), loss, steps, 1.0) - exact).max()

    assert error(8) / error(16) > 2**4.5
    assert error(16) < 1e-8


def test_without_loss_a_state_is_the_integral():
    steps = np.array([0.3, 0.9, 2.0])
    t = _nodes(steps)[:, None]
    state = _solve(3.0 * t**2, np.array([0.0]), steps, 2.0)
    assert np.allclose(state, 2.0 + t**3, rtol=1e-12)


def test_lanes_do_not_touch_each_other():
    steps = np.array([0.1, 0.4])
    rng = np.random.default_rng(0)
    production = rng.random((1 + 2 * STAGES, 7))
    loss = rng.random(7) * 20
    together = _solve(production, loss, steps, 1.0)
    for lane in range(7):
        alone = _solve(np.ascontiguousarray(production[:, [lane]]), loss[[lane]], steps, 1.0)
        assert np.allclose(together[:, lane], alone[:, 0], rtol=1e-12)


def test_reporting_is_exact_for_polynomials_of_degree_five():
    grid = day_grid([0.0], 20.0)
    (segment,) = segments([0.0], grid)

    def curve(t):
        return 1.0 - t / 3 + (t / 7) ** 5

    out = np.full((grid.size + 1, 5), np.nan)
    values = np.ascontiguousarray(np.tile(curve(segment.nodes)[:, None], (1, 2)))
    report(values, segment.first_node, segment.weights, out, 1, 2)
    assert np.allclose(out[1:, 2:4], curve(grid)[:, None], rtol=1e-10)
    assert np.isnan(out[0]).all()
    assert np.isnan(out[:, [0, 1, 4]]).all()


def test_a_run_of_sums_is_the_states_one_by_one():
    rng = np.random.default_rng(3)
    steps, lanes, count = np.array([0.02, 0.1, 0.5, 1.0]), 6, 4
    losses, weights = 5.0 * rng.random((count, lanes)), rng.random((4, lanes))
    # State 0 decays; 1 reads 0; 2 reads 0 and 1; 3 reads 1. States 0 and 1 go first, then 2 and 3.
    reads = [[], [0], [0, 1], [1]]
    first = np.cumsum([0, *map(len, reads)])
    sources = np.array([source for row in reads for source in row])
    start = rng.random((count, lanes))
    room = np.full((count, 1 + STAGES * steps.size, lanes), np.nan)
    room[:, 0] = start
    state, y = start.copy(), np.empty((count, STAGES, lanes))
    shown, terms = np.array([True, True, False, True]), (first, sources, weights)
    nothing, both = np.empty(0, dtype=np.int64), np.array([0, 1])
    relax_sums((0, 2), terms, losses, steps, shown, nothing, y, room, state)
    relax_sums((2, 4), terms, losses, steps, shown, both, y, room, state)
    expected = np.empty_like(room)
    for s in range(count):
        production = np.zeros(room.shape[1:])
        for term in range(first[s], first[s + 1]):
            production += weights[term] * expected[sources[term]]
        expected[s] = _solve(production, losses[s], steps, start[s])
    assert np.allclose(room[shown], expected[shown], rtol=1e-12)
    assert np.isnan(room[2, 1:]).all()
    assert np.allclose(state, expected[:, -1], rtol=1e-12)
