"""From a session to its wound, drawn over what is not known and over how people differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES, Layers, per_zone
from micropen.anatomy import layers as draw_layers
from micropen.evidence import ParameterSet
from micropen.punctures.channel import (
    breached_fraction,
    layer_profile_mm2,
    layer_volume_mm3,
    overlap_factor,
    surface_area_mm2,
)
from micropen.punctures.density import pen_density_cm2, roller_density_cm2, stamp_density_cm2
from micropen.punctures.depth import depth_nodes, mean_depth_mm, over_nodes
from micropen.punctures.pain import needle_drive, visual_analogue_scale
from micropen.punctures.reference import (
    REFERENCE_DEVICE,
    reference_density_cm2,
    reference_vessels_cut,
)
from micropen.punctures.vessels import bleeding_share, vessels_cut
from micropen.punctures.wound import Wound
from micropen.treatment import (
    Anaesthetic,
    People,
    Session,
    device,
)

Array = NDArray[np.float64]

_AVERAGE_SENSITIVITY: Final = 0.5
_ANAESTHETIC: Final = {
    Anaesthetic.NONE: "without_anaesthetic",
    Anaesthetic.NEEDLING_ASSISTED: "needling_assisted",
    Anaesthetic.NERVE_BLOCK: "nerve_block",
}


@dataclass(frozen=True, slots=True)
class _Sampler:
    """Draws of the group ``punctures`` as columns (draw, 1), to broadcast over zones."""

    parameters: ParameterSet
    draws: int
    seed: int

    def __call__(self, name: str) -> Array:
        return self.parameters.sample(f"punctures.{name}", self.draws, self.seed)[:, None]

    def typical(self, name: str) -> float:
        return self.parameters.value(f"punctures.{name}")

    def anatomy(self, quantity: str) -> Array:
        return per_zone(quantity, self.parameters, self.draws, self.seed)

    def noise(self, purpose: str) -> Array:
        normal = self.parameters.scattered(f"punctures.{purpose}", self.draws, self.seed)
        return np.asarray(normal[:, None], dtype=np.float64)


def _settings(session: Session) -> tuple[Array, Array]:
    """Needle length (mm) and passes, shape (1, zone); zero where untreated."""
    chosen = [session.zones.get(zone) for zone in ZONES]
    length = [s.needle_length_mm if s else 0.0 for s in chosen]
    passes = [s.passes if s else 0.0 for s in chosen]
    return np.array([length]), np.array([passes])


def _density_cm2(session: Session, passes: Array, share: Array) -> Array:
    used = session.device
    count = used.needle_count
    match used.kind:
        case "pen":
            rate, speed = session.strike_rate_hz, session.hand_speed_mm_per_s
            return pen_density_cm2(
                passes, count, rate, used.tip_width_mm, speed, effective_share=share
            )
        case "roller":
            drum = (used.drum_diameter_mm, used.drum_width_mm)
            return roller_density_cm2(passes, count, *drum, effective_share=share)
        case "stamp":
            return stamp_density_cm2(passes, count, used.plate_area_cm2, effective_share=share)


@dataclass(frozen=True, slots=True)
class _Channels:
    """Means over a session's channels, each (draw, zone)."""

    hole_area_mm2: Array
    volumes_mm3: tuple[Array, Array, Array]
    profiles_mm2: tuple[Array, Array]


def _channels(session: Session, depth: Array, skin: Layers, recoil: Array) -> _Channels:
    """Average hole area, volume and section by layer over the session's depths (nodes last)."""
    needle = (session.device.needle_diameter_mm, session.device.needle_taper_mm)
    zero = np.zeros_like(skin.epidermis_mm)
    papillary_top = skin.epidermis_mm
    reticular_top = papillary_top + skin.papillary_mm
    edges = (zero, papillary_top, reticular_top, reticular_top + skin.reticular_mm)
    bounds = [(top[..., None], bottom[..., None]) for top, bottom in pairwise(edges)]
    kept = recoil[..., None]
    epidermal, papillary, reticular = (
        over_nodes(layer_volume_mm3(depth, top, bottom, *needle, recoil=kept))
        for top, bottom in bounds
    )
    cut_papillary, cut_reticular = (
        over_nodes(layer_profile_mm2(depth, top, bottom, *needle)) for top, bottom in bounds[1:]
    )
    return _Channels(
        hole_area_mm2=over_nodes(surface_area_mm2(depth, *needle, kept)),
        volumes_mm3=(epidermal, papillary, reticular),
        profiles_mm2=(cut_papillary, cut_reticular),
    )


def _vascular_injury(sample: _Sampler, density: Array, channels: _Channels) -> Array:
    cut = vessels_cut(
        density,
        *channels.profiles_mm2,
        sample("vessels.papillary_density"),
        sample("vessels.reticular_density"),
    )
    return cut / reference_vessels_cut(sample.parameters)


def _bleeding_density_cm2(
    sample: _Sampler, session: Session, people: People | None, density: Array, depth: Array
) -> Array:
    share = bleeding_share(
        depth,
        sample("bleeding.largest_share")[..., None],
        sample("bleeding.half_depth")[..., None],
        sample("bleeding.steepness")[..., None],
    )
    factor = np.ones_like(density)
    if session.device.kind == "roller":
        factor = factor * sample("bleeding.roller_factor")
    if people is not None:
        factor = factor * sample("bleeding.anticoagulant_factor") ** people.anticoagulants[:, None]
    # Never more points than punctures, whatever the factors say.
    return density * np.minimum(over_nodes(share) * factor, 1.0)


def _needle_pain(
    sample: _Sampler, session: Session, people: People | None, length: Array, density: Array
) -> Array:
    """Pain drive of the needles by zone, (draw, zone)."""
    drive = sample("pain.reference_drive") * needle_drive(
        length / sample.typical("reference.needle_length"),
        density / reference_density_cm2(sample.parameters),
        sample("pain.length_exponent"),
        sample("pain.number_exponent"),
    )
    if session.device.kind != "pen":
        drive = drive * sample(f"pain.{session.device.kind}_factor")
    if session.anaesthetic in _ANAESTHETIC:
        drive = drive * sample(f"pain.{_ANAESTHETIC[session.anaesthetic]}")
    if people is not None:
        above = people.sensitivity[:, None] - _AVERAGE_SENSITIVITY
        drive = drive * np.exp(above * sample("pain.sensitivity_slope"))
    return np.asarray(drive * sample.anatomy("pain_sensitivity"))


def _vibration_pain(sample: _Sampler, session: Session, treated: Array) -> Array:
    """Pain drive of a pen's vibration by zone: numbing cream does not reach the bone."""
    rate_ratio = session.strike_rate_hz / device(REFERENCE_DEVICE).strike_rate_hz
    felt = sample("pain.vibration_drive") * sample.anatomy("bone_closeness")
    return np.asarray(felt * (rate_ratio * treated))


def _widening(sample: _Sampler, session: Session, length: Array) -> Array:
    limit = min(
        sample.parameters.value("treatment.limits.evidence_needle_length"),
        session.device.evaluated_length_max_mm,
    )
    per_mm = sample.typical("limits.widening_per_mm")
    beyond: Array = per_mm * np.maximum(length - limit, 0.0)
    return np.repeat(beyond, sample.draws, axis=0)


def wound(
    session: Session,
    layers: Layers,
    parameters: ParameterSet,
    draws: int,
    seed: int,
    *,
    people: People | None = None,
) -> Wound:
    """Return what a session does to the skin.

    Parameters
    ----------
    session
        One session of a treatment.
    layers
        Of this person's skin, shape (draw, zone).
    parameters
        Parameter set (groups ``punctures`` and ``anatomy``).
    draws, seed
        Number of draws and seed of the forecast; the same person has the same draws in every
        session.
    people
        For sensitivity (pain) and anticoagulants (bleeding); average without.

    Returns
    -------
    Wound
        Arrays of shape (draw, zone). Beyond the evaluated needle length pain and bleeding are
        widened here; the dose quantities carry `Wound.depth_widening` for healing to apply.
    """
    sample = _Sampler(parameters, draws, seed)
    kind = session.device.kind
    length, passes = _settings(session)
    treated = (length > 0.0).astype(np.float64)
    density = _density_cm2(session, passes, sample(f"density.{kind}_effective_share"))
    mean_depth = mean_depth_mm(length, sample(f"depth.{kind}_fraction"))
    depth = depth_nodes(mean_depth, sample("depth.within_session_spread"))
    channels = _channels(session, depth, layers, sample("channel.recoil"))
    epidermal, papillary, reticular = (
        density * volume * overlap_factor(density, channels.hole_area_mm2)
        for volume in channels.volumes_mm3
    )
    widening = _widening(sample, session, length)
    wider = np.exp(widening * sample.noise("beyond_evidence"))
    bleeding = _bleeding_density_cm2(sample, session, people, density, depth)
    drive = _needle_pain(sample, session, people, length, density)
    pain = visual_analogue_scale(wider * drive + _vibration_pain(sample, session, treated))
    return Wound(
        day=session.day,
        puncture_density_cm2=density,
        mean_depth_mm=mean_depth,
        breached_area_fraction=breached_fraction(density, channels.hole_area_mm2),
        epidermal_wound_volume_mm3_cm2=epidermal,
        papillary_wound_volume_mm3_cm2=papillary,
        reticular_wound_volume_mm3_cm2=reticular,
        vascular_injury=_vascular_injury(sample, density, channels),
        bleeding_density_cm2=np.minimum(bleeding * wider, density),
        pain_during_vas=pain,
        pain_after_vas=pain * np.minimum(sample("pain.after_share"), 1.0),
        depth_widening=widening,
    )


def wounds(
    sessions: Sequence[Session], people: People, parameters: ParameterSet, seed: int
) -> tuple[Wound, ...]:
    """Return the wounds of all sessions, in order of time, one draw per person."""
    skin = draw_layers(people.male, parameters, seed)
    return tuple(
        wound(session, skin, parameters, people.draws, seed, people=people) for session in sessions
    )
