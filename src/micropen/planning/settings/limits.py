"""How deep a zone may be needled, and on whose word: every limit is one record.

The smallest of a zone's limits binds:

- the longest needle of the device;
- the longest that was evaluated on a label (`device.evaluated_length_max_mm`);
- a vendor's chart for the zone, its upper value for thick skin; around the eyes
  `treatment.limits.periorbital_needle_length`, and for acne scars on the cheek its row for scars;
- mild settings, where a rule of suitability asks for them (melasma, dark marks before, very dark or
  old skin; ours, grade D);
- the skin: what a needle reaches stays within the typical epidermis and dermis. Not for acne scars
  on cheek, chin and jaw: there the label's own evaluation of scars (grade A) outweighs this rule of
  ours (grade D).

Nothing that was seen puts a depth on other phototypes or on a glow: there the tolerated probability
of dark marks limits the plan, not a length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from micropen.anatomy import Sex, label, unpaired, zone_record
from micropen.evidence import Grade, Parameter, ParameterSet, source
from micropen.planning.goals import Goal
from micropen.treatment import Device, Person

# A cheek is also cheekbone, where the chart stays shallower; scars lie where it is soft.
_CHART_ROWS: Final = {
    "forehead": ("forehead",),
    "temple": ("forehead",),
    "glabella": ("glabella",),
    "nose": ("nose",),
    "cheek": ("cheek_chin", "cheekbone"),
    "chin": ("cheek_chin",),
    "jaw": ("cheek_chin",),
    "upper_lip": ("upper_lip",),
}
_CHART_FOR_SCARS: Final = {"cheek": ("cheek_chin", "facial_scars")}
_SCARS: Final = "acne scars"
_SCARRED: Final = frozenset({"cheek", "chin", "jaw"})

# No row of its own on the chart: that of its neighbour is taken over.
_NEIGHBOURS_ROW: Final = frozenset({"temple", "jaw"})

_OURS: Final = "assumed"

_PEOPLE: Final = {"female": "in women", "male": "in men", "unstated": "in adults"}


@dataclass(frozen=True, slots=True)
class ZoneLimit:
    """One limit of the needle length in one zone.

    Parameters
    ----------
    key
        ``"device"``, ``"evaluated"``, ``"chart"``, ``"mild"`` or ``"skin"``.
    zone
        Name without a side.
    deepest_mm
        Longest needle length, as set on the device, that it allows.
    words
        What sets it, as a clause: ``"the chart of a vendor of pens ends at 0.75 mm on the
        forehead"``.
    source, grade
        Bibliography key and evidence grade.
    """

    key: str
    zone: str
    deepest_mm: float
    words: str
    source: str
    grade: Grade

    @property
    def told(self) -> str:
        """What sets it, with source and grade."""
        return f"{self.words} ({rests_on(self.source, self.grade)})"


def rests_on(key: str, grade: Grade) -> str:
    """Return who says it and how well it is known: ``"Meng Y et al. 2022, grade A"``.

    Raises
    ------
    UnknownNameError
        Where the bibliography has no such key.
    """
    of = source(key)
    who = "our own judgement" if key == _OURS else f"{of.authors} {of.year}"
    return f"{who}, grade {grade}"


def _place(zone: str) -> str:
    return "around the eyes" if zone == "periorbital" else f"on the {label(zone).split(' (')[0]}"


def _device_limit(zone: str, device: Device) -> ZoneLimit:
    number = device.evidence["needle_length_max"]
    longest = device.needle_length_max_mm
    words = f"the longest needle of {device.label} is {longest:g} mm"
    return ZoneLimit("device", zone, longest, words, number.source, number.grade)


def _evaluated_limit(zone: str, device: Device, parameters: ParameterSet) -> ZoneLimit:
    common = parameters["treatment.limits.evidence_needle_length"]
    own = device.evidence["evaluated_length_max"]
    longest = min(common.value, device.evaluated_length_max_mm)
    of = own if device.evaluated_length_max_mm <= common.value else common
    words = f"beyond {longest:g} mm safety and effectiveness were not evaluated"
    return ZoneLimit("evaluated", zone, longest, words, of.source, of.grade)


def _chart_row(zone: str, goal: Goal, parameters: ParameterSet) -> Parameter:
    rows = _CHART_ROWS[zone]
    if goal.name == _SCARS:
        rows = _CHART_FOR_SCARS.get(zone, rows)
    members = (parameters[f"planning.settings.chart.{row}"] for row in rows)
    return min(members, key=lambda member: member.value)


def _chart_limit(zone: str, goal: Goal, parameters: ParameterSet) -> ZoneLimit:
    if zone == "periorbital":
        row = parameters["treatment.limits.periorbital_needle_length"]
    else:
        row = _chart_row(zone, goal, parameters)
    words = f"a vendor's chart of pens ends at {row.value:g} mm {_place(zone)}"
    if row.name.endswith("cheekbone"):
        words += ", where the cheekbone lies under it"
    if zone in _NEIGHBOURS_ROW:
        words += f" (it names no {label(zone)}; its neighbour's row is taken)"
        return ZoneLimit("chart", zone, row.value, words, row.source, Grade.D)
    return ZoneLimit("chart", zone, row.value, words, row.source, row.grade)


def skin_thickness_mm(zone: str, sex: Sex, parameters: ParameterSet) -> float:
    """Return the typical thickness of epidermis and dermis together, mm."""
    record = zone_record(zone, parameters)
    women, men = record.dermis_female_mm, record.dermis_male_mm
    dermis = {"female": women, "male": men, "unstated": 0.5 * (women + men)}[sex]
    return record.epidermis_mm + dermis


def _entering_share(device: Device, parameters: ParameterSet) -> float:
    """Share of a needle that enters: a pen's and a stamp's nearly whole, so counted as whole."""
    if device.kind == "roller":
        return parameters.value("punctures.depth.roller_fraction")
    return 1.0


def _skin_limit(zone: str, device: Device, person: Person, parameters: ParameterSet) -> ZoneLimit:
    thickness = skin_thickness_mm(zone, person.sex, parameters)
    allowed = parameters.value("planning.settings.skin_share") * thickness
    longest = allowed / _entering_share(device, parameters)
    words = (
        f"epidermis and dermis {_place(zone)} are typically {thickness:.1f} mm thick "
        f"{_PEOPLE[person.sex]}, and a needle should not go through them"
    )
    if device.kind == "roller":
        words += f" (a roller's needle of {longest:.1f} mm reaches about that deep)"
    grade = parameters.lowest_grade(("anatomy.dermis_scale", "anatomy.epidermis_scale"))
    return ZoneLimit("skin", zone, longest, words, "meng2022", grade)


def mild_words(mild: Sequence[str]) -> str:
    """Say why settings are kept mild: ``"settings are kept mild (melasma)"``."""
    return f"settings are kept mild ({', '.join(title.lower() for title in mild)})"


def _mild_limit(zone: str, mild: Sequence[str], parameters: ParameterSet) -> ZoneLimit:
    longest = parameters["planning.settings.mild.needle_length"]
    words = f"{mild_words(mild)}, to {longest.value:g} mm"
    return ZoneLimit("mild", zone, longest.value, words, longest.source, longest.grade)


def zone_limits(
    zone: str,
    device: Device,
    person: Person,
    goal: Goal,
    parameters: ParameterSet,
    mild: Sequence[str] = (),
) -> tuple[ZoneLimit, ...]:
    """Return every limit of the needle length in a zone, the strictest first.

    Parameters
    ----------
    zone
        With or without its side.
    device, person, goal
        Who is needled with what, and for what.
    parameters
        Parameter set.
    mild
        Titles of what asks for mild settings.
    """
    name = unpaired(zone)

    def limits() -> Iterator[ZoneLimit]:
        yield _evaluated_limit(name, device, parameters)
        yield _chart_limit(name, goal, parameters)
        if goal.name != _SCARS or name not in _SCARRED:
            yield _skin_limit(name, device, person, parameters)
        if mild:
            yield _mild_limit(name, mild, parameters)
        yield _device_limit(name, device)

    return tuple(sorted(limits(), key=lambda limit: limit.deepest_mm))
