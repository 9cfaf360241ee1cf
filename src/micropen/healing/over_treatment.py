"""What over-treatment costs: the share of the collagen gain that is lost to its own wounding.

    lost = 1 - gain / gain without the price

The gain is new collagen half a year after the last session, as the mean over the treated zones by
area. Without the price nothing that was laid is cut again (`half_protease`) and no fibroblast makes
scar (`half_lasting_signal`): see the process `collagen`. Both runs have the same draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from micropen.anatomy import ZONES, zone_record
from micropen.errors import MicropenError
from micropen.evidence import Grade, ParameterSet, load_parameters
from micropen.healing.chain import default_chain
from micropen.healing.course import HIGH, LOW
from micropen.healing.engine import solve
from micropen.healing.forecast import doses_of
from micropen.healing.population import Dose, lanes, treated_zones
from micropen.healing.process import Array
from micropen.healing.time_grid import HORIZON_LIMIT
from micropen.treatment import People, Treatment

PRICE: Final = ("healing.collagen.half_protease", "healing.collagen.half_lasting_signal")
"""Parameters of the price; far beyond reach nothing is lost."""

_READ_AFTER_DAYS: Final = 180.0
_OUT_OF_REACH: Final = 1e9


@dataclass(frozen=True, slots=True)
class GainLost:
    """Share of the collagen gain that a treatment loses to its own wounding.

    Parameters
    ----------
    median, low, high
        Of people like this one with what is not known of the model: 50, 5 and 95 %, each 0-1.
    day
        Day since the first session at which the gain is read.
    grade
        Weakest evidence grade of the price.
    """

    median: float
    low: float
    high: float
    day: float
    grade: Grade


def _gain(
    treatment: Treatment, doses: tuple[Dose, ...], parameters: ParameterSet, seed: int, day: float
) -> Array:
    """New collagen at a day, mean over the treated zones by area, shape ``(draw,)``."""
    draws = doses[0].wound.draws
    chain = default_chain().giving(["collagen"])
    population = lanes(chain, People.of(treatment.person, draws), doses, parameters, seed=seed)
    starts = [dose.wound.day for dose in doses]
    found = solve(chain, population, starts, np.array([day])).signs["collagen"]
    zones = [ZONES[index] for index in treated_zones(doses)]
    areas = [zone_record(zone, parameters).area_cm2 for zone in zones]
    by_zone = found.reshape(draws, len(zones)).astype(np.float64)
    return np.asarray(np.average(by_zone, axis=1, weights=areas))


def gain_lost(
    treatment: Treatment,
    draws: int = 200,
    seed: int = 0,
    parameters: ParameterSet | None = None,
) -> GainLost:
    """Return the share of the collagen gain that over-treatment costs.

    Parameters
    ----------
    treatment
        Person and sessions.
    draws, seed
        Of the simulation.
    parameters
        By default all parameters of the program.

    Raises
    ------
    MicropenError
        For fewer than one draw.
    """
    if draws < 1:
        raise MicropenError(f"The number of draws is {draws}; it must be at least 1.")
    members = parameters or load_parameters()
    free = members.with_values(dict.fromkeys(PRICE, _OUT_OF_REACH))
    doses = doses_of(treatment.sessions, People.of(treatment.person, draws), members, seed)
    day = min(doses[-1].wound.day + _READ_AFTER_DAYS, HORIZON_LIMIT)
    priced, unpriced = (_gain(treatment, doses, p, seed, day) for p in (members, free))
    kept = np.divide(priced, unpriced, out=np.ones_like(priced), where=unpriced > 0.0)
    low, median, high = np.quantile(1.0 - np.clip(kept, 0.0, 1.0), [LOW, 0.5, HIGH])
    return GainLost(float(median), float(low), float(high), day, members.lowest_grade(PRICE))
