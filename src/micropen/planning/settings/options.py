"""What may be set: needle lengths and passes by zone group, days between sessions, how many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from micropen.anatomy import ZONES, expand_zone, label, unpaired
from micropen.errors import OutsideEvidenceError
from micropen.evidence import ParameterSet
from micropen.planning.goals import Goal
from micropen.planning.settings.groups import ZONE_GROUPS, ZoneGroup
from micropen.planning.settings.limits import ZoneLimit, mild_words, rests_on, zone_limits
from micropen.treatment import Device, Person

# Settings are compared in mm; a hundredth of a micrometre is rounding, not a setting.
_SAME_MM: Final = 1e-5
_P: Final = "planning.settings."


@dataclass(frozen=True, slots=True)
class GroupOptions:
    """What may be set in one group of zones.

    Parameters
    ----------
    key, title
        Of the group.
    zones
        Treated zones with their sides, in the order of `ZONES`.
    lengths_mm
        Needle lengths that every limit allows in all of them, shortest first; never empty.
    limits
        Of all its zones, the strictest first: the first one binds.
    """

    key: str
    title: str
    zones: tuple[str, ...]
    lengths_mm: tuple[float, ...]
    limits: tuple[ZoneLimit, ...]

    @property
    def deepest_mm(self) -> float:
        """Longest needle length that may be set."""
        return self.lengths_mm[-1]

    @property
    def limit(self) -> ZoneLimit:
        """The limit that binds."""
        return self.limits[0]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A zone, without its side, that is wished for but cannot be treated, and why."""

    zone: str
    why: str
    limit: ZoneLimit


@dataclass(frozen=True, slots=True)
class Options:
    """Everything that a plan may choose from.

    Parameters
    ----------
    device, goal
        Of the plan.
    groups
        At least one.
    left_out
        Zones that the device is too long for.
    passes
        Choices, fewest first; the same in all groups.
    passes_words
        Why no more, with source.
    least_interval_days, most_interval_days
        Days between sessions.
    usual_sessions, most_sessions
        Sessions of a series where a person says nothing, and where published series end.
    """

    device: Device
    goal: Goal
    groups: tuple[GroupOptions, ...]
    left_out: tuple[LeftOut, ...]
    passes: tuple[float, ...]
    passes_words: str
    least_interval_days: int
    most_interval_days: int
    usual_sessions: int
    most_sessions: int

    @property
    def zones(self) -> tuple[str, ...]:
        """Zones that are treated, with their sides, in the order of the zones."""
        treated = {zone for group in self.groups for zone in group.zones}
        return tuple(zone for zone in ZONES if zone in treated)

    def group_of(self, zone: str) -> GroupOptions:
        """Options of the group that a treated zone, with or without its side, belongs to."""
        return next(
            group
            for group in self.groups
            if unpaired(zone) in {unpaired(member) for member in group.zones}
        )


def needle_lengths(device: Device, deepest_mm: float) -> tuple[float, ...]:
    """Return a device's needle lengths up to a limit, mm, shortest first; empty where none."""
    low, high = device.needle_length_min_mm, min(device.needle_length_max_mm, deepest_mm)
    if low > high + _SAME_MM:
        return ()
    if device.fixed_length or not device.needle_length_step_mm:
        return (low,)
    # Counted from the device's own zero, as its dial is.
    step = device.needle_length_step_mm
    first, last = np.ceil((low - _SAME_MM) / step), np.floor((high + _SAME_MM) / step)
    # Ten digits: 3 * 0.1 is 0.3 on a dial.
    return tuple(round(float(n * step), 10) for n in np.arange(first, last + 1.0))


def most_passes(device: Device, parameters: ParameterSet, mild: Sequence[str] = ()) -> float:
    """Return how many passes (rolls, presses) a spot takes at most."""
    most = parameters.value(f"{_P}passes.{device.kind}.most")
    return most * parameters.value(f"{_P}mild.pass_share") if mild else most


def pass_choices(
    device: Device, parameters: ParameterSet, mild: Sequence[str] = ()
) -> tuple[float, ...]:
    """Return the numbers of passes (rolls, presses) to choose from, fewest first.

    Parameters
    ----------
    device, parameters
        With what, and its limits.
    mild
        Titles of what asks for mild settings.
    """
    kind = f"{_P}passes.{device.kind}"
    few, step = (parameters.value(f"{kind}.{part}") for part in ("fewest", "step"))
    most = max(few, most_passes(device, parameters, mild))
    return tuple(float(n) for n in np.arange(few, most + 0.5 * step, step))


def _passes_words(device: Device, parameters: ParameterSet, mild: Sequence[str]) -> str:
    most = parameters[f"{_P}passes.{device.kind}.most"]
    done = {"pen": "passes", "roller": "rolls", "stamp": "presses"}[device.kind]
    rests = rests_on(most.source, most.grade)
    if mild:
        share = parameters[f"{_P}mild.pass_share"]
        rests = f"{mild_words(mild)}: {rests_on(share.source, share.grade)}"
    many = most_passes(device, parameters, mild)
    return f"No more than {many:g} {done} over each spot ({rests})."


def _wished(zones: Iterable[str]) -> frozenset[str]:
    names = tuple(zones)
    return frozenset(zone for name in names for zone in expand_zone(name)) or frozenset(ZONES)


def _left_out(zone: str, device: Device, limits: tuple[ZoneLimit, ...]) -> LeftOut | None:
    """Why no needle of the device is short enough for a zone; None where one is."""
    shortest, first = device.needle_length_min_mm, limits[0]
    if shortest <= first.deepest_mm + _SAME_MM:
        return None
    name = label(zone).split(" (")[0]
    only = "only" if device.fixed_length else "shortest"
    why = (
        f"The {name} is left out: the {only} needle of {device.label} is {shortest:g} mm, but "
        f"{first.told}."
    )
    return LeftOut(zone, why, first)


def _group_options(
    group: ZoneGroup,
    treated: tuple[str, ...],
    device: Device,
    limits: dict[str, tuple[ZoneLimit, ...]],
) -> GroupOptions | None:
    zones = tuple(zone for zone in treated if unpaired(zone) in group.zones)
    if not zones:
        return None
    names = dict.fromkeys(unpaired(zone) for zone in zones)
    every = sorted((x for name in names for x in limits[name]), key=lambda x: x.deepest_mm)
    lengths = needle_lengths(device, every[0].deepest_mm)
    return GroupOptions(group.key, group.title, zones, lengths, tuple(every))


def _refuse_if_nothing_is_left(left_out: list[LeftOut], any_left: bool) -> None:
    if any_left:
        return
    raise OutsideEvidenceError(
        "No wished zone can be planned with this device. "
        + " ".join(each.why for each in left_out)
        + " Choose a device with a shorter needle, or other zones."
    )


def options(
    zones: Iterable[str],
    device: Device,
    person: Person,
    goal: Goal,
    parameters: ParameterSet,
    mild: Sequence[str] = (),
) -> Options:
    """Return what a plan may choose from.

    Parameters
    ----------
    zones
        As wished, with or without sides; empty is the whole face.
    device, person, goal
        Who is treated with what, and for what.
    parameters
        Parameter set.
    mild
        Titles of what asks for mild settings.

    Raises
    ------
    UnknownNameError
        For an unknown zone.
    OutsideEvidenceError
        Where the device's shortest needle is too long for every wished zone.
    """
    wished = _wished(zones)
    names = dict.fromkeys(unpaired(zone) for zone in ZONES if zone in wished)
    limits = {name: zone_limits(name, device, person, goal, parameters, mild) for name in names}
    left_out = [out for name in names if (out := _left_out(name, device, limits[name]))]
    gone = {out.zone for out in left_out}
    treated = tuple(zone for zone in ZONES if zone in wished and unpaired(zone) not in gone)
    _refuse_if_nothing_is_left(left_out, bool(treated))
    found = (_group_options(group, treated, device, limits) for group in ZONE_GROUPS)
    label_interval = parameters.value("healing.milestones.session_interval")
    return Options(
        device=device,
        goal=goal,
        groups=tuple(group for group in found if group is not None),
        left_out=tuple(left_out),
        passes=pass_choices(device, parameters, mild),
        passes_words=_passes_words(device, parameters, mild),
        least_interval_days=int(max(label_interval, parameters.value(f"{_P}least_interval"))),
        most_interval_days=int(parameters.value(f"{_P}most_interval")),
        usual_sessions=int(parameters.value(f"{_P}usual_sessions")),
        most_sessions=int(parameters.value(f"{_P}most_sessions")),
    )


def why_not_deeper(group: GroupOptions, needle_length_mm: float) -> str:
    """Say in one calm sentence why a group is not needled deeper.

    Parameters
    ----------
    group
        Options of the group.
    needle_length_mm
        As chosen: one of `group.lengths_mm`.
    """
    words = group.limit.words
    if len(group.lengths_mm) == 1:
        return f"The device has no other needle length that would be allowed here: {words}."
    if needle_length_mm > group.deepest_mm - _SAME_MM:
        return f"Not deeper than {group.deepest_mm:g} mm, because {words}."
    return (
        f"{needle_length_mm:g} mm is enough for this plan; not more than {group.deepest_mm:g} mm "
        f"would be allowed, because {words}."
    )
