"""The files of a plan: page, record, calendar, after-care sheet, treatment files, provenance."""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any, Final

import tomli_w

from micropen._version import __version__
from micropen.planning.result import NamedPlan, Planned
from micropen.planning.search.named import person_table
from micropen.report.aftercare import write_aftercare
from micropen.report.calendar_file import write_calendar
from micropen.report.folder import PROGRAM, PROVENANCE, file_digests
from micropen.report.planning import write_planning
from micropen.treatment import Session
from micropen.workflows.plain_values import plain_values

FORMAT: Final = 1
TREATMENTS: Final = "treatments"
_ALWAYS: Final = {"plan.json": "verdict, findings, plans, chances and the front as data"}
_WITH_PLANS: Final = {
    "plan.ics": "the recommended plan for a calendar program",
    "aftercare.html": "after-care of the first session, one page",
    "aftercare.pdf": "the same for printing",
}


def write_files(work: Path, planned: Planned) -> Path:
    """Write everything into an empty folder.

    Parameters
    ----------
    work
        The folder.
    planned
        What the page shows.

    Returns
    -------
    pathlib.Path
        The page.
    """
    text = json.dumps(record(planned), indent=2, ensure_ascii=False, allow_nan=False)
    (work / "plan.json").write_text(text + "\n", encoding="utf-8")
    files = dict(_ALWAYS)
    if planned.plans:
        best = planned.plans[0]
        write_calendar(work, planned, best)
        write_aftercare(work, planned, best)
        files |= _WITH_PLANS
        (work / TREATMENTS).mkdir()
        for plan in planned.plans:
            name = f"{TREATMENTS}/{plan.key}.toml"
            (work / name).write_text(treatment_file(planned, plan), encoding="utf-8")
            files[name] = f"the {plan.title.lower()} plan for micropen forecast"
    page = write_planning(work, planned, data_files=files)
    _write_provenance(work, planned)
    return page


def record(planned: Planned) -> dict[str, Any]:
    """What was planned, as JSON can hold it."""
    suitability = planned.suitability
    return {
        "today": planned.client.today.isoformat(),
        "goal": planned.client.wishes.goal,
        "device": planned.client.wishes.device,
        "verdict": suitability.verdict.value,
        "earliest": plain_values(suitability.earliest),
        "findings": plain_values(suitability.findings),
        "plans": [_plan(plan) for plan in planned.plans],
        "front": plain_values(planned.front),
        "notes": list(planned.notes),
        "origin": plain_values(planned.origin),
    }


def _plan(plan: NamedPlan) -> dict[str, Any]:
    told = {name: getattr(plan, name) for name in plan.__dataclass_fields__ if name != "treatment"}
    return {name: plain_values(value) for name, value in told.items()}


def treatment_file(planned: Planned, plan: NamedPlan) -> str:
    """Write a plan as a treatment file."""
    treatment = plan.treatment
    table = {
        "title": treatment.title,
        "person": person_table(planned.client),
        "session": [_session(session) for session in treatment.sessions],
    }
    return tomli_w.dumps(table)


def _session(session: Session) -> dict[str, Any]:
    return {
        "date": session.date,
        "device": session.device.name,
        "anaesthetic": session.anaesthetic.value,
        "aftercare": session.aftercare.value,
        "zones": {
            zone: {"needle_length_mm": setting.needle_length_mm, "passes": setting.passes}
            for zone, setting in session.zones.items()
        },
    }


def _write_provenance(work: Path, planned: Planned) -> None:
    origin = planned.origin
    made = {
        "program": PROGRAM,
        "version": __version__,
        "format": FORMAT,
        "kind": "plan",
        "python": platform.python_version(),
        "today": planned.client.today.isoformat(),
        "seed": origin.seed,
        "draws": origin.draws,
        "evaluations": origin.evaluations,
        "parameter_set": origin.parameter_set,
        "parameter_digest": origin.digest,
        "lowest_evidence_grade": origin.lowest_grade.value,
        "files": file_digests(work),
    }
    text = json.dumps(made, indent=2, ensure_ascii=False)
    (work / PROVENANCE).write_text(text + "\n", encoding="utf-8")
