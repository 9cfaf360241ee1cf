"""Forecasts of many people: chunk by chunk, on all cores, in memory that stays the same."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.errors import MicropenError, unknown_name
from micropen.evidence import ParameterSet, load_parameters
from micropen.healing.chain import Chain, default_chain
from micropen.healing.course import CourseOrigin
from micropen.healing.engine import Progress, solve
from micropen.healing.forecast import doses_of
from micropen.healing.population import lanes, treated_zones, widen_beyond_evidence
from micropen.healing.process import Array
from micropen.healing.quantile_counts import CellCounts, Rows
from micropen.healing.time_grid import day_grid
from micropen.signs import SIGNS
from micropen.treatment import People, Session

if TYPE_CHECKING:
    import xarray as xr

PeopleOf = Callable[[NDArray[np.int64]], People]

# People of one chunk: large enough that drawing their parameters costs little, and some 50 MB.
CHUNK: Final = 512
# More threads would each hold a chunk for little gain.
_MOST_THREADS: Final = 8
# Below this share of its largest value a sign has all but vanished.
_VANISHED: Final = 0.01
# Pilot: this many draws beyond the outermost quantile, within these limits.
_PILOT_BEYOND: Final = 32
_PILOT_RANGE: Final = (512, 4096)


@dataclass(frozen=True, slots=True)
class _Task:
    """What every chunk needs."""

    chain: Chain
    sessions: Sequence[Session]
    people_of: PeopleOf
    parameters: ParameterSet
    grid: Array
    zones: NDArray[np.int64]

    def memory(self, people: int) -> Rows:
        """Memory for the signs of so many people."""
        return np.empty(
            len(self.chain.signs) * self.grid.size * people * self.zones.size, dtype=np.float32
        )

    def run(
        self, chosen: NDArray[np.int64], seed: int, memory: Rows
    ) -> tuple[dict[str, Rows], float]:
        """Solve some people; sign to values ``(day, draw x zone)``, and the numerical error."""
        people = self.people_of(chosen)
        if people.draws != chosen.size:
            raise MicropenError(
                f"people_of gave {people.draws} people for {chosen.size} numbers; it must give one "
                "person for each."
            )
        doses = doses_of(self.sessions, people, self.parameters, seed)
        population = lanes(self.chain, people, doses, self.parameters, seed=seed)
        days = [dose.wound.day for dose in doses]
        solution = solve(self.chain, population, days, self.grid, memory=memory)
        widen_beyond_evidence(solution.signs, doses, self.grid, self.parameters, seed)
        treated = treated_zones(doses)
        return {
            sign: self._rows(sign, values.T, treated) for sign, values in solution.signs.items()
        }, solution.error

    def _rows(self, sign: str, values: Rows, treated: NDArray[np.int64]) -> Rows:
        """Keep a sign in its range, and give a zone that no needle pierced its zeros."""
        np.clip(values, np.float32(SIGNS[sign].lower), np.float32(SIGNS[sign].upper), out=values)
        if treated.size == self.zones.size:
            return values
        shape = (values.shape[0], values.shape[1] // treated.size, self.zones.size)
        full = np.zeros(shape, dtype=np.float32)
        full[:, :, np.searchsorted(self.zones, treated)] = values.reshape(*shape[:2], treated.size)
        return full.reshape(shape[0], -1)


def _chunk_seed(seed: int, chunk: int) -> int:
    """Seed of one chunk, from the seed of the whole; the pilot is chunk 0."""
    return int(np.random.SeedSequence([seed, chunk]).generate_state(1, np.uint64)[0])


def _pilot_size(quantiles: Sequence[float]) -> int:
    rarest = min(min(q, 1.0 - q) for q in quantiles)
    wanted = _PILOT_RANGE[1] if rarest <= 0.0 else ceil(_PILOT_BEYOND / rarest)
    return int(np.clip(wanted, *_PILOT_RANGE))


def _pilot(
    task: _Task, draws: int, quantiles: Sequence[float], above: Mapping[str, float], seed: int
) -> dict[str, CellCounts]:
    """Counts with the brackets of a pilot: people spread evenly over all."""
    size = min(_pilot_size(quantiles), draws)
    chosen = np.arange(size, dtype=np.int64) * draws // size
    # Every person in a world of their own: a pilot of a few worlds would not show the spread.
    alone = replace(task, parameters=task.parameters.in_worlds(1))
    signs, _ = alone.run(chosen, _chunk_seed(seed, 0), task.memory(size))
    shape = (task.grid.size, size, task.zones.size)
    return {
        sign: CellCounts(
            values.reshape(shape).transpose(1, 2, 0), quantiles, above.get(sign, np.inf)
        )
        for sign, values in signs.items()
    }


def _count_all(
    task: _Task,
    draws: int,
    counts: Mapping[str, CellCounts],
    threads: int,
    seed: int,
    progress: Progress | None,
) -> float:
    """Run every chunk and count it; return the largest numerical error."""
    world = task.parameters.people_per_world
    size = min(ceil(CHUNK / world) * world, draws)  # a world is not cut in two
    firsts = range(0, draws, size)
    threads = min(threads, len(firsts))
    memories = [task.memory(size) for _ in range(threads)]
    worst = 0.0

    def run(chunk: int) -> tuple[dict[str, Rows], float]:
        chosen = np.arange(firsts[chunk], min(firsts[chunk] + size, draws), dtype=np.int64)
        return task.run(chosen, _chunk_seed(seed, 1 + chunk), memories[chunk % threads])

    with ThreadPoolExecutor(threads) as pool:
        for begin in range(0, len(firsts), threads):
            end = min(begin + threads, len(firsts))
            # Each sign takes the chunks in their order: sums come out the same on any machine.
            done = list(pool.map(run, range(begin, end)))

            def count(sign: str, done: list[tuple[dict[str, Rows], float]] = done) -> None:
                for signs, _ in done:
                    counts[sign].add(signs[sign])

            list(pool.map(count, counts))
            worst = max(worst, *(error for _, error in done))
            if progress is not None:
                progress(end / len(firsts))
    return worst


def _everywhere(values: Array, zones: NDArray[np.int64]) -> Rows:
    """Put zones among all, zeros elsewhere: ``(..., zone, day)``, float32."""
    full = np.zeros((*values.shape[:-2], len(ZONES), values.shape[-1]), dtype=np.float32)
    full[..., zones, :] = values
    return full


def _resolution(found: Array, shares: Array) -> float:
    """Share of draws in a quantile's bin, the largest but for one cell in a thousand.

    Cells where a sign has all but vanished are left out: their draws share a bin because they
    are equal for every purpose.
    """
    size = np.abs(found)
    there = size > _VANISHED * size.max()
    return float(np.quantile(shares[there], 0.999)) if there.any() else 0.0


def _dataset(
    task: _Task,
    counts: Mapping[str, CellCounts],
    quantiles: Sequence[float],
    above: Mapping[str, float],
    attributes: Mapping[str, object],
) -> xr.Dataset:
    import xarray as xr  # noqa: PLC0415  (slow to import; only the result needs it)

    variables: dict[str, tuple[tuple[str, ...], Rows, dict[str, object]]] = {}
    for sign in (name for name in SIGNS if name in counts):
        found, shares = counts[sign].values()
        about = {"units": SIGNS[sign].unit, "long_name": SIGNS[sign].definition}
        resolution = {"rank_resolution": _resolution(found, shares)}
        cells = ("zone", "day")
        variables[sign] = (
            ("quantile", *cells), _everywhere(found, task.zones), {**about, **resolution}
        )  # fmt: skip
        variables[f"{sign}_mean"] = (cells, _everywhere(counts[sign].mean, task.zones), dict(about))
        if sign in above:
            share = _everywhere(counts[sign].share_above, task.zones)
            variables[f"{sign}_share_above"] = (cells, share, {"threshold": above[sign]})
    coordinates = {
        "quantile": list(quantiles),
        "zone": np.array(ZONES),
        "day": ("day", task.grid, {"units": "d", "long_name": "days since the end of session 1"}),
    }
    return xr.Dataset(variables, coordinates, dict(attributes))


def _checked(
    draws: int, quantiles: Sequence[float], above: Mapping[str, float], signs: Sequence[str]
) -> None:
    if draws < 1:
        raise MicropenError(f"The number of draws is {draws}; it must be at least 1.")
    if not quantiles or not all(0.0 <= q <= 1.0 for q in quantiles):
        raise MicropenError(f"Quantiles are {list(quantiles)}; give numbers between 0 and 1.")
    for sign in above:
        if sign not in signs:
            raise unknown_name("sign", sign, signs)


def _thread_count(threads: int | None) -> int:
    if threads is not None and threads < 1:
        raise MicropenError(f"The number of threads is {threads}; it must be at least 1.")
    return threads or min(os.cpu_count() or 1, _MOST_THREADS)


def forecast_quantiles(
    sessions: Sequence[Session],
    people_of: PeopleOf,
    days: float,
    draws: int,
    quantiles: Sequence[float] = (0.05, 0.5, 0.95),
    *,
    signs: Iterable[str] | None = None,
    above: Mapping[str, float] | None = None,
    seed: int = 0,
    parameters: ParameterSet | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Forecast many people, and keep only quantiles, means and shares per zone and day.

    Parameters
    ----------
    sessions
        The same for all people.
    people_of
        ``people_of(numbers)`` gives the people of these draws, numbers 0 to ``draws - 1`` of
        shape ``(n,)``. `People.take` of a whole population is one; of a single person,
        ``lambda numbers: People.of(person, numbers.size)``. Called from several threads.
    days
        Horizon since the first session, above 0, at most 400.
    draws
        Number of people.
    quantiles
        Between 0 and 1.
    signs
        Signs to forecast; by default all. Only the states that they need are solved.
    above
        Sign to threshold: adds ``<sign>_share_above``, the share of draws above it.
    seed
        The same seed gives the same bytes, on any number of threads.
    parameters
        By default all parameters of the program. With `ParameterSet.in_worlds` a world is never
        cut: memory then grows with the people of one world, and where all draws are of a few
        worlds ``rank_resolution`` is coarse.
    threads
        By default as many as the machine has cores, at most 8.
    progress
        Called with the share done, 0 to 1.

    Returns
    -------
    xarray.Dataset
        Each sign of shape ``(quantile, zone, day)`` and ``<sign>_mean`` of shape ``(zone, day)``,
        float32, in the units of `micropen.signs`. The rank of a quantile is wrong by less than
        the share of draws in its bin, in practice by less than 0.001; the attribute
        ``rank_resolution`` of a sign says how large that share is where it is largest, cells
        in which the sign has all but vanished left out.

    Raises
    ------
    MicropenError
        For a number of draws, a quantile, a horizon or a number of threads that cannot be, or
        people that do not match their numbers.
    UnknownNameError
        For a sign that the model does not give.
    """
    chain = default_chain()
    wanted = chain.signs if signs is None else tuple(signs)
    above = above or {}
    _checked(draws, quantiles, above, wanted)
    members = parameters or load_parameters()
    session_days = [session.day for session in sessions]
    treated = {zone for session in sessions for zone in session.zones}
    zones = np.array([i for i, zone in enumerate(ZONES) if zone in treated], dtype=np.int64)
    part = chain.giving(wanted)
    task = _Task(part, sessions, people_of, members, day_grid(session_days, days), zones)
    counts = _pilot(task, draws, quantiles, above, seed)
    error = _count_all(task, draws, counts, _thread_count(threads), seed, progress)
    origin = CourseOrigin.of(part, members, draws, seed, session_days)
    attributes = {**origin.attributes(), "numerical_error": error}
    return _dataset(task, counts, quantiles, above, attributes)
