"""The population: what differs between draws and zones, turned into lanes for the engine.

A draw is one possible person with this person's covariates: every parameter takes a value from
its uncertainty and between-person spread, the same for all zones of the draw. A few parameters
also scatter a little between zones. From session to session a person's response differs too: one
normal per draw and session on what the wound sets off, apart from the other two. A lane is one
treated zone of one draw, draw-major.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES, layers, per_zone, unpaired
from micropen.evidence import ParameterSet
from micropen.healing.chain import Chain
from micropen.healing.engine import Lanes
from micropen.healing.process import Array, Process, Values, sigmoid_emax
from micropen.punctures import Wound
from micropen.punctures.reference import reference_density_cm2
from micropen.treatment import Aftercare, People
from micropen.units import MM2_PER_CM2

# Share of the reference face's lesions that a zone carries: from anatomy, not from a table.
_LESIONS: Final = "lesions"
# Signs that punctures give directly are widened there.
_WIDENED_BEFORE: Final = frozenset({"pinpoint_bleeding", "pain"})
# A surface cannot be breached whole: the logarithm of what is left stays finite.
_MOST_BREACHED: Final = 1.0 - 1e-9


@dataclass(frozen=True, slots=True)
class Dose:
    """A session's wound, whether the skin was anaesthetised and what was put on it afterwards."""

    wound: Wound
    anaesthetised: bool
    aftercare: Aftercare = Aftercare.BLAND


def treated_zones(doses: Sequence[Dose]) -> NDArray[np.int64]:
    """Indices into `ZONES` of the zones that any session treated."""
    treated = np.zeros(len(ZONES), dtype=bool)
    for dose in doses:
        treated |= (dose.wound.puncture_density_cm2 > 0.0).any(axis=0)
    return np.flatnonzero(treated)


def _lesion_share(parameters: ParameterSet, draws: int, seed: int) -> Array:
    """Zone's share of a typical face's sebaceous follicles, shape (draw, zone)."""
    follicles = per_zone("area", parameters, draws, seed) * per_zone(
        "sebaceous_density", parameters, draws, seed
    )
    typical = sum(
        parameters.value(f"anatomy.{unpaired(zone)}.area")
        * parameters.value(f"anatomy.{unpaired(zone)}.sebaceous_density")
        for zone in ZONES
    )
    return np.asarray(follicles / typical, dtype=np.float64)


def zone_factor(name: str, parameters: ParameterSet, draws: int, seed: int) -> Array:
    """Draw one zone table, shape (draw, zone)."""
    if name == _LESIONS:
        return _lesion_share(parameters, draws, seed)
    columns = [
        parameters.sample(f"healing.zone_{name}.{unpaired(zone)}", draws, seed) for zone in ZONES
    ]
    return np.stack(columns, axis=1)


def _person_values(
    process: Process, who: Values, parameters: ParameterSet, draws: int, seed: int
) -> dict[str, Array]:
    """Parameters of one process for the person of each draw, shape (draw,)."""
    values = {
        name: parameters.sample(f"healing.{process.name}.{name}", draws, seed)
        for name in process.parameters
    }
    if process.adjust is not None:
        values.update(process.adjust(Values(**values), who))
    return values


def _process_lanes(
    process: Process,
    values: Mapping[str, Array],
    treated: NDArray[np.int64],
    parameters: ParameterSet,
    seed: int,
) -> dict[str, Array]:
    """Spread a person's values over the treated zones, shape (lane,)."""
    between_zones = parameters.value("healing.population.between_zone_sd")
    lanes: dict[str, Array] = {}
    for name, per_draw in values.items():
        table = np.repeat(per_draw[:, None], treated.size, axis=1)
        if name in process.zone_spread:
            count = per_draw.size * len(ZONES)
            drawn = parameters.scattered(f"healing.zones.{process.name}.{name}", count, seed)
            scatter = drawn.reshape(per_draw.size, len(ZONES))
            table = table * np.exp(between_zones * scatter[:, treated])
        lanes[name] = table.ravel()
    for factor in process.zone_factors:
        draws = next(iter(values.values())).size
        lanes[f"zone_{factor}"] = zone_factor(factor, parameters, draws, seed)[:, treated].ravel()
    return lanes


@dataclass(frozen=True, slots=True)
class _Skin:
    """What turns a wound into doses: drawn once for all sessions."""

    parameters: ParameterSet
    seed: int
    thickness_mm: Array  # epidermis and dermis in life, (draw, zone)
    torn_ring_mm: Array  # (draw, 1)
    spoiled_ring_mm: Array  # (draw, 1)

    @classmethod
    def of(cls, people: People, parameters: ParameterSet, seed: int) -> _Skin:
        skin = layers(people.male, parameters, seed)
        torn, spoiled = (
            parameters.sample(f"healing.population.{ring}", people.draws, seed)[:, None]
            for ring in ("torn_ring", "spoiled_ring")
        )
        living = parameters.sample("healing.population.living_thickness", people.draws, seed)
        thickness = living[:, None] * (skin.epidermis_mm + skin.dermis_mm)
        return cls(parameters, seed, thickness, torn, spoiled)

    def value(self, name: str) -> float:
        return self.parameters.value(f"healing.population.{name}")


def _ring_cover(wound: Wound, ring_mm: Array) -> Array:
    """Summed area of the holes and a ring about each, per area of skin, (draw, zone)."""
    per_mm2 = wound.puncture_density_cm2 / MM2_PER_CM2
    held = np.maximum(per_mm2, np.finfo(float).tiny)
    hole_mm2 = -np.log1p(-np.minimum(wound.breached_area_fraction, _MOST_BREACHED)) / held
    radius = np.sqrt(hole_mm2 / np.pi) + ring_mm
    return np.asarray(per_mm2 * np.pi * radius * radius)


def _deep_wound(wound: Wound, dermal_wound: Array, skin: _Skin) -> Array:
    """Dermal wound and, in its unit, what needles did beyond the dermis, (draw, zone)."""
    beyond_mm = np.maximum(wound.mean_depth_mm - skin.thickness_mm, 0.0)
    density = wound.puncture_density_cm2 / reference_density_cm2(skin.parameters)
    return np.asarray(dermal_wound + skin.value("overshoot_wound") * density * beyond_mm)


def _session_response(number: int, skin: _Skin, draws: int) -> Array:
    """How a person's response in one session differs from their own mean, (draw, 1)."""
    normal = skin.parameters.scattered(f"healing.session.{number}", draws, skin.seed)
    return np.asarray(np.exp(skin.value("between_session_sd") * normal)[:, None])


def _wound_lanes(
    number: int, dose: Dose, treated: NDArray[np.int64], skin: _Skin
) -> dict[str, Array]:
    """Doses of one session relative to the reference session, shape (lane,)."""
    wound = dose.wound
    response = _session_response(number, skin, wound.draws)
    epidermal = wound.epidermal_wound_volume_mm3_cm2 / skin.value("reference_epidermal_wound")
    dermal = wound.dermal_wound_volume_mm3_cm2 / skin.value("reference_dermal_wound")
    on = np.where(wound.puncture_density_cm2 > 0.0, 1.0, 0.0)
    limit = np.asarray(skin.value("connected_cover"))
    tables = {
        "vascular_injury": response * wound.vascular_injury,
        "epidermal_wound": response * epidermal,
        "dermal_wound": response * dermal,
        "deep_wound": response * _deep_wound(wound, dermal, skin),
        "torn_area": 1.0 - np.exp(-_ring_cover(wound, skin.torn_ring_mm)),
        "island_loss": sigmoid_emax(_ring_cover(wound, skin.spoiled_ring_mm), limit),
        "bleeding_density_cm2": wound.bleeding_density_cm2,
        "pain_during_vas": wound.pain_during_vas,
        "pain_after_vas": wound.pain_after_vas,
        "anaesthetised": on * float(dose.anaesthetised),
        "occlusion": on * skin.value(f"occlusion_{dose.aftercare.value}"),
    }
    return {name: np.ascontiguousarray(table[:, treated]).ravel() for name, table in tables.items()}


def widen_beyond_evidence(
    signs: Mapping[str, NDArray[np.float32]],
    doses: Sequence[Dose],
    grid: Array,
    parameters: ParameterSet,
    seed: int,
) -> None:
    """Widen signs where needles went deeper than was evaluated, in place.

    The response there is uncertain as a whole: from such a session on each draw's signs are
    multiplied by ``exp(depth_widening * z)``, one z per draw. A dose so multiplied would not do,
    because responses that saturate hide it.

    Parameters
    ----------
    signs
        Sign to values of shape ``(lane, day)``, lanes as `lanes` builds them.
    doses
        One per session.
    grid
        Reported days.
    parameters
        Only the source of the draws.
    seed
        Of the forecast.
    """
    treated = treated_zones(doses)
    normal = parameters.scattered("healing.depth_widening", doses[0].wound.draws, seed)
    widest = np.zeros((normal.size, treated.size))
    ends = [*(dose.wound.day for dose in doses[1:]), np.inf]
    for dose, end in zip(doses, ends, strict=True):
        widest = np.maximum(widest, dose.wound.depth_widening[:, treated])
        if not widest.any():
            continue
        factor = np.exp(widest * normal[:, None]).astype(np.float32).reshape(-1, 1)
        first, last = np.searchsorted(grid, [dose.wound.day, end])
        for name in signs.keys() - _WIDENED_BEFORE:
            signs[name][:, first:last] *= factor


def lanes(
    chain: Chain,
    people: People,
    doses: Sequence[Dose],
    parameters: ParameterSet,
    *,
    seed: int,
) -> Lanes:
    """Build the lanes of a forecast.

    Parameters
    ----------
    chain
        The processes.
    people
        Covariates, one person per draw.
    doses
        One per session, one draw per person.
    parameters
        Parameter set.
    seed
        Of the forecast.

    Returns
    -------
    Lanes
        People times the treated zones, draw-major.
    """
    who = Values(**people.arrays())
    treated = treated_zones(doses)
    members = {
        process.name: _process_lanes(
            process,
            _person_values(process, who, parameters, people.draws, seed),
            treated,
            parameters,
            seed,
        )
        for process in chain.processes
    }
    skin = _Skin.of(people, parameters, seed)
    wounds = tuple(_wound_lanes(n, dose, treated, skin) for n, dose in enumerate(doses))
    return Lanes(members, wounds)
