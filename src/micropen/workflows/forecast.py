"""The main job: a photograph and a treatment in, the face of every day out."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from micropen.errors import MicropenError
from micropen.healing import SCENARIOS, Course, forecast
from micropen.portrait import Portrait
from micropen.rendering import render
from micropen.report import Complication, Milestone, OverTreatment, ReportContent, write_report
from micropen.report.folder import check_place
from micropen.treatment import Treatment
from micropen.workflows.complications import WhatCanGoWrong, what_can_go_wrong
from micropen.workflows.content import provenance, report_content

SHORTEST_DAYS: Final = 1.0
LONGEST_DAYS: Final = 400.0
FEWEST_DRAWS: Final = 20
MOST_DRAWS: Final = 20_000

Progress = Callable[[str, float], None]
"""Called with the name of the stage and the share of it that is done."""


@dataclass(frozen=True, slots=True)
class ForecastRequest:
    """What to forecast, and where to put the answer.

    Parameters
    ----------
    photo, treatment
        Input files.
    output
        Folder of the report.
    days
        Days after the last session.
    draws, seed
        Of the simulation.
    face
        Which face, from 1 at the left; None where there is one.
    credit
        Source and licence of the photograph, where it needs one.
    """

    photo: Path
    treatment: Path
    output: Path
    days: float = 60.0
    draws: int = 200
    seed: int = 0
    face: int | None = None
    credit: str = ""

    def __post_init__(self) -> None:
        if not SHORTEST_DAYS <= self.days <= LONGEST_DAYS:
            raise MicropenError(
                f"--days is {self.days:g}; it must lie between {SHORTEST_DAYS:g} and "
                f"{LONGEST_DAYS:g}."
            )
        if not FEWEST_DRAWS <= self.draws <= MOST_DRAWS:
            raise MicropenError(
                f"--draws is {self.draws}; it must lie between {FEWEST_DRAWS} (a 5-95 % band "
                f"needs that many) and {MOST_DRAWS}."
            )


@dataclass(frozen=True, slots=True)
class ForecastAnswer:
    """What came out.

    Parameters
    ----------
    page
        The report's page.
    milestones
        Downtime in words.
    alerts
        Contraindications: the forecast does not model them.
    warnings
        What was widened, and what the photograph does not allow.
    lowest_grade
        Weakest evidence grade the forecast leans on.
    complications
        What can go wrong, and how likely.
    over_treatment
        Share of the lasting gain that too deep, too dense or too soon costs.
    seconds
        Wall time by stage.
    """

    page: Path
    milestones: tuple[Milestone, ...]
    alerts: tuple[str, ...]
    warnings: tuple[str, ...]
    lowest_grade: str
    complications: tuple[Complication, ...]
    over_treatment: OverTreatment
    seconds: Mapping[str, float] = field(repr=False)


class _Stages:
    """Announce stages and keep their wall time."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._name = ""
        self._began = 0.0
        self.seconds: dict[str, float] = {}

    def begin(self, name: str) -> None:
        """End the running stage and begin another."""
        now = time.perf_counter()
        if self._name:
            self.seconds[self._name] = now - self._began
            self.report(1.0)
        self._name, self._began = name, now
        if name:
            self.report(0.0)

    def report(self, share: float) -> None:
        """Tell how much of the running stage is done."""
        if self._progress is not None:
            self._progress(self._name, share)


def forecast_report(request: ForecastRequest, progress: Progress | None = None) -> ForecastAnswer:
    """Forecast, render and write the whole report.

    Parameters
    ----------
    request
        Inputs, output and settings.
    progress
        Called with stage and share done.

    Raises
    ------
    MicropenError
        Bad input or output; nothing was written then.
    """
    check_place(request.output.expanduser())
    stages = _Stages(progress)
    stages.begin("treatment")
    treatment = Treatment.read(request.treatment)
    horizon = _horizon(treatment, request.days)
    stages.begin("photograph")
    tone = treatment.person.individual_typology_angle_deg
    portrait = Portrait.read(request.photo, request.face, stated_ita_deg=tone)
    stages.begin("skin colour")
    portrait.skin  # noqa: B018  (computed here, so that its time is seen and errors come early)
    stages.begin("healing")
    course = forecast(treatment, horizon, request.draws, request.seed, progress=stages.report)
    stages.begin("complications")
    risks = what_can_go_wrong(treatment, request.seed)
    stages.begin("pictures and report")
    content = _content(request, portrait, course, treatment, risks)
    page = write_report(
        request.output, content, progress=lambda done, total: stages.report(done / total)
    )
    stages.begin("")
    return ForecastAnswer(
        page=page,
        milestones=content.milestones or (),
        alerts=content.alerts,
        warnings=(*content.warnings, *content.photo_notes),
        lowest_grade=content.provenance.lowest_grade,
        complications=risks.complications,
        over_treatment=risks.over_treatment,
        seconds=stages.seconds,
    )


def _horizon(treatment: Treatment, days: float) -> float:
    """Last day of the forecast, counted from the first session."""
    last = treatment.days[-1]
    if last + days > LONGEST_DAYS:
        raise MicropenError(
            f"The last session is on day {last:g} and {days:g} more days were asked for, but a "
            f"forecast reaches {LONGEST_DAYS:g} days; ask for at most "
            f"{max(LONGEST_DAYS - last, 0.0):g} with --days, or plan fewer sessions."
        )
    return last + days


def _content(
    request: ForecastRequest,
    portrait: Portrait,
    course: Course,
    treatment: Treatment,
    risks: WhatCanGoWrong,
) -> ReportContent:
    film = render(portrait, course, scenarios=SCENARIOS)
    treatment_sha256 = hashlib.sha256(request.treatment.read_bytes()).hexdigest()
    settings = {"days": request.days, "face": request.face}
    made = provenance(course, portrait, treatment_sha256, settings)
    return report_content(portrait, course, film.frames, treatment, made, request.credit, risks)
