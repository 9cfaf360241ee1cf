"""Turn what the rooms made into what a report is made of."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence

from micropen._version import __version__
from micropen.anatomy import ZONES
from micropen.evidence import Grade, Source, load_parameters, source
from micropen.healing import Course
from micropen.healing.sign_evidence import sign_parameters
from micropen.portrait import Portrait
from micropen.report import (
    Provenance,
    ReportContent,
    SessionSummary,
    SignEvidence,
    ZoneSetting,
    milestones,
)
from micropen.report.content import Picture
from micropen.treatment import Session, Treatment
from micropen.workflows.complications import WhatCanGoWrong


def session_summaries(treatment: Treatment) -> tuple[SessionSummary, ...]:
    """Return the sessions as a client reads them."""
    return tuple(_session_summary(session) for session in treatment.sessions)


def _session_summary(session: Session) -> SessionSummary:
    return SessionSummary(
        day=session.day,
        device=session.device.label,
        zones={
            zone: ZoneSetting(setting.needle_length_mm, setting.passes)
            for zone, setting in session.zones.items()
        },
        date=session.date,
        time_of_day=f"{session.time_of_day:%H:%M}",
        needle_count=session.device.needle_count,
        anaesthetic=session.anaesthetic.value,
    )


def sign_evidence() -> tuple[SignEvidence, ...]:
    """Return, for each sign, the weakest grade and the sources of the numbers behind it."""
    numbers = load_parameters()
    rows = []
    for sign, names in sign_parameters().items():
        grades = [numbers[name].grade for name in names]
        counts = ", ".join(f"{grades.count(g)} of grade {g}" for g in Grade if grades.count(g))
        keys = tuple(sorted({numbers[name].source for name in names}))
        lowest = numbers.lowest_grade(names).value
        rows.append(SignEvidence(sign, lowest, f"{len(names)} numbers: {counts}.", keys))
    return tuple(rows)


def cited_sources(keys: Iterable[str]) -> tuple[Source, ...]:
    """Return the bibliography entries of these keys, sorted by key."""
    return tuple(source(key) for key in sorted(set(keys)))


def photo_notes(portrait: Portrait) -> tuple[str, ...]:
    """Return what the program did to, or could not do with, the photograph."""
    notes = [*portrait.photo.notes, *portrait.quality.warnings]
    if not portrait.skin.reliable:
        reason = portrait.skin.reason
        notes.append(f"{reason[0].upper()}{reason[1:].rstrip('.')}.")
    notes.extend(_tone_mismatch(portrait))
    return tuple(dict.fromkeys(notes))


def _tone_mismatch(portrait: Portrait) -> tuple[str, ...]:
    """Say when the skin in the photograph is far from the stated phototype."""
    stated, seen = portrait.stated_ita_deg, portrait.skin.ita_deg
    allowed = load_parameters().value("portrait.anchor.tone_mismatch_deg")
    if stated is None or abs(stated - seen) <= allowed:
        return ()
    word = "lighter" if seen > stated else "darker"
    return (
        f"The skin in this photograph looks {word} than the stated phototype (individual typology "
        f"angle about {seen:.0f}° instead of {stated:.0f}°): check the phototype, the light and "
        "the exposure; colours of the forecast lie between the two.",
    )


def provenance(
    course: Course, portrait: Portrait, treatment_sha256: str, settings: Mapping[str, object]
) -> Provenance:
    """Record how a report was made, without any private path or name."""
    origin = course.origin
    grades = [origin.lowest_grade]
    if course.treatment is not None:
        grades.append(course.treatment.device_grade)
    return Provenance(
        version=__version__,
        parameter_set=origin.parameter_set,
        parameter_digest=origin.digest,
        seed=origin.seed,
        draws=origin.draws,
        photo_sha256=portrait.photo.sha256,
        treatment_sha256=treatment_sha256,
        lowest_grade=max(grade.value for grade in grades),
        citations=origin.citations,
        platform=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        settings=dict(settings),
    )


def report_content(
    portrait: Portrait,
    course: Course,
    frames: Mapping[tuple[str, float], Picture],
    treatment: Treatment,
    made: Provenance,
    credit: str = "",
    risks: WhatCanGoWrong | None = None,
) -> ReportContent:
    """Put everything together for `micropen.report.write_report`.

    Parameters
    ----------
    portrait
        The photograph, understood.
    course
        The forecast.
    frames
        Pictures by scenario and day; may be made on demand.
    treatment
        Who was treated and how.
    made
        How the forecast was made.
    credit
        Source and licence of the photograph, where it needs one.
    risks
        Complications and over-treatment; None leaves them out.
    """
    complications = () if risks is None else risks.complications
    counted = [key for line in complications for key in line.sources]
    left, top, right, bottom = (float(edge) for edge in portrait.face.box)
    sessions = session_summaries(treatment)
    zones = tuple(zone for zone in ZONES if zone in set(treatment.zones))
    return ReportContent(
        title=treatment.title or "Your forecast",
        before=portrait.photo.encoded,
        frames=frames,
        course=course.dataset,
        sessions=sessions,
        provenance=made,
        face_box=(left, top, right, bottom),
        photo_notes=photo_notes(portrait),
        alerts=_unique(treatment.contraindications),
        melasma=treatment.person.melasma,
        phototype=treatment.person.phototype,
        warnings=_unique(treatment.warnings),
        evidence=sign_evidence(),
        milestones=milestones(
            course.dataset,
            sessions,
            zones,
            melasma=treatment.person.melasma,
            phototype=treatment.person.phototype,
        ),
        sources=cited_sources([*course.origin.citations, *treatment.source_keys, *counted]),
        before_credit=credit,
        complications=complications,
        over_treatment=None if risks is None else risks.over_treatment,
    )


def _unique(sentences: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentences))
