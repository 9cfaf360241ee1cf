"""What the program knows: devices, zones, numbers, sources, scales and studies, as plain rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isinf
from os import PathLike

from micropen.anatomy import zone_records
from micropen.errors import MicropenError
from micropen.evidence import ParameterSet, load_parameters
from micropen.evidence.bibliography import sources
from micropen.observation import scales
from micropen.studies import Study, load_studies
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


def scale_rows(part: str | None = None) -> list[Row]:
    """Return one row a scale that a study file may name, by name.

    Parameters
    ----------
    part
        Only scales with this text in name or description; None lists all.

    Raises
    ------
    MicropenError
        If no scale has it.
    """
    wanted = (part or "").lower()
    rows: list[Row] = [
        {
            "name": s.name,
            "unit": s.unit,
            "kind": s.kind.value,
            "lowest": "" if isinf(s.lower) else f"{s.lower:g}",
            "highest": "" if isinf(s.upper) else f"{s.upper:g}",
            "what": s.summary,
            "sources": " ".join(s.sources),
            "mapping": s.mapping,
        }
        for s in sorted(scales().values(), key=lambda s: s.name)
        if wanted in f"{s.name} {s.summary}".lower()
    ]
    if not rows:
        raise MicropenError(
            f"No scale has {part!r} in its name or description; `micropen scales` lists all."
        )
    return rows


def study_rows(folders: Iterable[str | PathLike[str]] = ()) -> list[Row]:
    """Return one row a study: the program's own, then those of some folders.

    Raises
    ------
    StudyError
        A folder that is missing or holds no study file.
    """
    return [_study_row(study) for study in load_studies(folders).studies]


def _study_row(study: Study) -> Row:
    return {
        "key": study.key,
        "role": study.role.value,
        "findings": len(study.findings),
        "people": max((row.n for row in study.findings), default=0),
        "grade": max((row.grade.value for row in study.findings), default=""),
        "title": study.title,
        "citation": study.citation,
        "arms": "; ".join(str(arm) for arm in study.arms.values()),
        "not_seen": study.not_seen,
    }
