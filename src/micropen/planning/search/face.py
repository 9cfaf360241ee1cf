"""Any face under any settings, put together from what single zones answer to single settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import zone_record
from micropen.evidence import ParameterSet
from micropen.planning.intake.client import Client
from micropen.planning.search.adding_up import Made
from micropen.planning.search.zone_responses import (
    LAGS,
    SHOWN,
    ZoneResponses,
    of_a_session_to_come,
    respond,
)
from micropen.planning.session_response import SessionResponse
from micropen.treatment import Device, Session, ZoneSetting

Array = NDArray[np.float64]
Single = NDArray[np.float32]

MORNING: Final = time(10, 0)
# Spots are counted over the face; everything else is a mean over it.
_COUNTED: Final = "lesions"


@dataclass(frozen=True, slots=True)
class FaceSettings:
    """How a whole face is needled.

    Parameters
    ----------
    lengths_mm
        Needle length of each group of zones, in the order of the groups.
    passes
        The same everywhere.
    """

    lengths_mm: tuple[float, ...]
    passes: float

    def with_length(self, group: int, length_mm: float) -> FaceSettings:
        """Return the settings with another needle length in one group."""
        lengths = list(self.lengths_mm)
        lengths[group] = length_mm
        return FaceSettings(tuple(lengths), self.passes)


PartName = tuple[int, float, float]
"""Group, needle length (mm) and passes."""


@dataclass(frozen=True, slots=True, eq=False)
class GroupPart:
    """What one group of zones adds to the face under one setting.

    Parameters
    ----------
    areas_cm2
        Of its zones, shape ``(zone,)``.
    shown
        Signs times area, summed over its zones (spots: summed), each ``(draw, lag)``.
    states
        What adds up over sessions, each of shape ``(day, draw, zone)``: sums read few days.
    values
        Parameters by process and name, each of shape ``(draw, zone)``.
    pain
        Of its worst zone, shape ``(draw,)``.
    earlier
        As `states`, of each session that has been.
    """

    areas_cm2: Array
    shown: Mapping[str, Single]
    states: Mapping[str, Single]
    values: Mapping[str, Mapping[str, Array]]
    pain: Array
    earlier: tuple[Mapping[str, Single], ...] = ()


@dataclass(frozen=True, eq=False)
class Face:
    """Parts of a face by group, needle length and passes.

    Parameters
    ----------
    groups
        Zones of each group.
    parts
        By index of the group, needle length (mm) and passes.
    draws
        Behind each of them.
    earlier_days
        Days of the sessions that have been, counted from today: none after 0.
    """

    groups: tuple[tuple[str, ...], ...]
    parts: Mapping[PartName, GroupPart]
    draws: int
    earlier_days: tuple[float, ...] = ()

    @classmethod
    def under(
        cls,
        client: Client,
        device: Device,
        groups: Sequence[tuple[str, ...]],
        settings: Iterable[FaceSettings],
        parameters: ParameterSet,
        draws: int,
        seed: int,
        made: Sequence[Made],
        earlier: Sequence[Session] = (),
        known: Face | None = None,
    ) -> Face:
        """Work out the parts of given settings.

        Parameters
        ----------
        client, device
            Who is treated with what.
        groups
            Zones of each group.
        settings
            Every part of each of them is in the face; parts may then be combined freely.
        parameters
            The population, or a person's own draws.
        draws, seed
            Of the simulation.
        made
            How the signs that add up over sessions are made.
        earlier
            Sessions that have been, in order; what they still do is part of every series.
        known
            Of the same person, draws and seed: its parts are taken over, not worked out again.
        """
        held = dict(known.parts) if known is not None else {}
        wanted = packed([name for name in part_names(settings) if name not in held])
        sessions = [what_if(client, device, groups, one) for one in wanted]
        to_come = of_a_session_to_come(parameters)
        found = respond(client.person, sessions, to_come, draws, seed, made) if sessions else []
        been = respond(client.person, earlier, parameters, draws, seed, made) if earlier else []
        before = [tuple(_states(zones, one, draws) for one in been) for zones in groups]
        parts = {
            (index, one.lengths_mm[index], one.passes): _part(
                zones, response, before[index], parameters
            )
            for one, response in zip(wanted, found, strict=True)
            for index, zones in enumerate(groups[: len(one.lengths_mm)])
            if one.lengths_mm[index] > 0.0
        }
        days = tuple(float((session.date - client.today).days) for session in earlier)
        return cls(tuple(groups), held | parts, draws, days)

    def counted(self, sessions: Sequence[int]) -> tuple[float, ...]:
        """Days of a series as its sums are asked for; `sessions` are days from today.

        From its first session, whenever that is, so that what is worked out for one start holds
        for all; from today only where sessions have been before, whose effect goes on fading.
        """
        origin = 0 if self.earlier_days else sessions[0]
        return tuple(float(day - origin) for day in sessions)

    def chosen(self, settings: FaceSettings) -> tuple[GroupPart, ...]:
        """Parts of one face, one per group."""
        return tuple(
            self.parts[index, length, settings.passes]
            for index, length in enumerate(settings.lengths_mm)
        )

    def response(self, settings: FaceSettings) -> SessionResponse:
        """One session of the whole treated area."""
        parts = self.chosen(settings)
        area = sum(float(part.areas_cm2.sum()) for part in parts)
        signs: dict[str, Array] = {}
        for name in SHOWN:
            total: Array = np.sum([part.shown[name] for part in parts], axis=0, dtype=np.float64)
            signs[name] = total if name == _COUNTED else total / area
        pain = np.max([part.pain for part in parts], axis=0)
        return SessionResponse(LAGS, signs, pain)


def part_names(settings: Iterable[FaceSettings]) -> list[PartName]:
    """Name the parts of some faces, each once."""
    return list(
        dict.fromkeys(
            (group, length, one.passes)
            for one in settings
            for group, length in enumerate(one.lengths_mm)
        )
    )


def packed(names: Sequence[PartName]) -> list[FaceSettings]:
    """Return as few what-if sessions as hold these parts; 0 mm leaves a group out."""
    if not names:
        return []
    groups = 1 + max(group for group, _, _ in names)
    lengths: dict[float, list[list[float]]] = {}
    for group, length, passes in names:
        lengths.setdefault(passes, [[] for _ in range(groups)])[group].append(length)
    return [
        FaceSettings(tuple(each[i] if i < len(each) else 0.0 for each in own), passes)
        for passes, own in lengths.items()
        for i in range(max(map(len, own)))
    ]


def what_if(
    client: Client, device: Device, groups: Sequence[tuple[str, ...]], settings: FaceSettings
) -> Session:
    """Return a session with these settings; a group without a length is left out (0 mm)."""
    zones = {
        zone: ZoneSetting(needle_length_mm=length, passes=settings.passes)
        for group, length in zip(groups, settings.lengths_mm, strict=False)
        for zone in group
        if length > 0.0
    }
    return Session(
        date=client.today,
        time_of_day=MORNING,
        day=0.0,
        device=device,
        anaesthetic=client.wishes.anaesthetic,
        zones=zones,
        strike_rate_hz=device.strike_rate_hz,
        hand_speed_mm_per_s=device.hand_speed_mm_per_s,
        aftercare=client.wishes.aftercare,
    )


def _states(zones: Sequence[str], response: ZoneResponses, draws: int) -> dict[str, Single]:
    """What adds up of one session in some zones; nothing in a zone that it left out."""
    states = {}
    for name, values in response.states.items():
        states[name] = np.zeros((values.shape[0], draws, len(zones)), dtype=np.float32)
        for k, zone in enumerate(zones):
            if zone in response.zones:
                states[name][:, :, k] = values[:, :, response.zones.index(zone)]
    return states


def _part(
    zones: Sequence[str],
    response: ZoneResponses,
    earlier: tuple[Mapping[str, Single], ...],
    parameters: ParameterSet,
) -> GroupPart:
    index = [response.zones.index(zone) for zone in zones]
    areas = np.array([zone_record(zone, parameters).area_cm2 for zone in zones])
    shown = {}
    for name, values in response.shown.items():
        weights = np.ones_like(areas) if name == _COUNTED else areas
        shown[name] = (values[:, :, index] @ weights.astype(np.float32)).T
    return GroupPart(
        areas_cm2=areas,
        shown=shown,
        states={name: values[:, :, index] for name, values in response.states.items()},
        values={
            process: {name: values[:, index] for name, values in members.items()}
            for process, members in response.values.items()
        },
        pain=response.pain[:, index].max(axis=1),
        earlier=earlier,
    )
