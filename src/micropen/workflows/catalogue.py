"""What the program knows: devices, zones, parameters and sources, as plain rows."""

from __future__ import annotations

from collections.abc import Mapping

from micropen.anatomy import zone_records
from micropen.evidence import ParameterSet, load_parameters
from micropen.evidence.bibliography import sources
from micropen.treatment import devices

Row = Mapping[str, str | float | int]


def device_rows() -> list[Row]:
    """Return one row a device, by name."""
    return [
        {
            "name": d.name,
            "label": d.label,
            "kind": d.kind,
            "needles": d.needle_count,
            "diameter_mm": d.needle_diameter_mm,
            "length_min_mm": d.needle_length_min_mm,
            "length_max_mm": d.needle_length_max_mm,
            "evaluated_to_mm": d.evaluated_length_max_mm,
            "strike_rate_hz": d.strike_rate_hz,
            "grade": d.grade.value,
            "sources": " ".join(d.source_keys),
        }
        for d in sorted(devices().values(), key=lambda d: d.name)
    ]


def zone_rows(parameters: ParameterSet | None = None) -> list[Row]:
    """Return one row a zone, in the program's order, with typical anatomy."""
    numbers = parameters or load_parameters()
    return [
        {
            "name": z.name,
            "label": z.label,
            "area_cm2": z.area_cm2,
            "epidermis_mm": z.epidermis_mm,
            "dermis_female_mm": z.dermis_female_mm,
            "dermis_male_mm": z.dermis_male_mm,
            "sebaceous_density": z.sebaceous_density,
            "pain_sensitivity": z.pain_sensitivity,
            "grade": z.grade.value,
        }
        for z in zone_records(numbers)
    ]


def parameter_rows(prefix: str | None = None) -> list[Row]:
    """Return one row a parameter, by name.

    Raises
    ------
    UnknownNameError
        If no parameter stands under `prefix`.
    """
    numbers = load_parameters()
    if prefix is None:
        members = list(numbers)
    elif prefix in numbers.members:
        members = [numbers[prefix]]
    else:
        members = list(numbers.group(prefix))
    return [
        {
            "name": p.name,
            "value": p.value,
            "unit": p.unit,
            "uncertainty_sd": p.uncertainty_sd,
            "between_person_sd": p.between_person_sd,
            "log_normal": str(p.log_normal).lower(),
            "grade": p.grade.value,
            "basis": p.basis.value,
            "fitted_to": " ".join(p.fitted_to),
            "source": p.source,
            "note": p.note,
        }
        for p in sorted(members, key=lambda p: p.name)
    ]


def source_rows() -> list[Row]:
    """Return one row a source, by key."""
    return [
        {
            "key": s.key,
            "authors": s.authors,
            "year": s.year,
            "title": s.title,
            "where": s.where,
            "link": s.link,
            "grade": s.grade.value,
        }
        for s in sorted(sources().values(), key=lambda s: s.key)
    ]
