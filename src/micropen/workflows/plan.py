"""Plan: who should be treated, how deep and how often, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from micropen.errors import PersonFileError
from micropen.evidence import load_parameters
from micropen.planning.intake.reading import read_client
from micropen.planning.result import Planned
from micropen.planning.search.make_plan import PlanRequest, make_plan
from micropen.planning.suitability import Question, Suitability, assess
from micropen.report.folder import check_writable, new_folder
from micropen.treatment import device
from micropen.workflows.plan_files import write_files
from micropen.workflows.stages import Progress, Stages


@dataclass(frozen=True, slots=True)
class PlanningRequest:
    """What to plan, and where to put the answer.

    Parameters
    ----------
    person
        Person file.
    output
        Folder of the result.
    today
        Day on which the plan is made.
    events
        Days on which nothing may be seen, besides those of the file.
    device, goal
        Take the place of what the file says.
    case
        Case folder of the same person, to plan with what was learned.
    seed
        Of everything random.
    """

    person: Path
    output: Path
    today: date
    events: tuple[date, ...] = ()
    device: str | None = None
    goal: str | None = None
    case: Path | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class PlanAnswer:
    """What came out.

    Parameters
    ----------
    folder, page
        Where it stands.
    planned
        Everything that the page shows.
    seconds
        Wall time by stage.
    """

    folder: Path
    page: Path
    planned: Planned
    seconds: Mapping[str, float] = field(default_factory=dict, repr=False)


def plan(request: PlanningRequest, progress: Progress | None = None) -> PlanAnswer:
    """Plan for one person and write the page and its files.

    Parameters
    ----------
    request
        Inputs and output.
    progress
        Called with stage and share done.

    Raises
    ------
    PersonFileError
        A person file that is not whole: the questions that are still open.
    PlanError
        Wishes that no plan can satisfy together, and the nearest plan.
    MicropenError
        Other bad input or output; nothing was written then.
    """
    stages = Stages(progress)
    place = check_writable(request.output)
    members = load_parameters()
    client = read_client(
        request.person,
        request.today,
        events=request.events,
        device=request.device,
        goal=request.goal,
    )
    # Asked before anything is learned: whose answers are missing need not wait for it.
    suitability = assess(client, device(client.wishes.device), members)
    _ask(suitability, request.person)
    own = None
    if request.case is not None:
        # Only here: learning brings in measuring and sampling, which a plan without a case spares.
        from micropen.workflows.own_draws import own_draws  # noqa: PLC0415

        own = own_draws(request.case, request.today, client, request.seed, stages)
        client = own.client
        suitability = assess(client, device(client.wishes.device), members)
    wanted = PlanRequest(
        client,
        suitability,
        members,
        own.believed if own is not None else lambda _draws: members,
        request.seed,
        own.readings if own is not None else 0,
        own.earlier if own is not None else (),
    )
    planned = make_plan(wanted, stages.report)
    stages.report("page and files", 0.0)
    with new_folder(place) as work:
        page = write_files(work, planned)
    stages.report("page and files", 1.0)
    return PlanAnswer(place, place / page.name, planned, stages.seconds)


def _ask(suitability: Suitability, person: Path) -> None:
    """Refuse while questions are open: nothing is assumed of what was not answered."""
    if not suitability.questions:
        return
    questions = suitability.questions
    lines = "\n".join(_asked(question) for question in questions)
    many = "One question is" if len(questions) == 1 else f"{len(questions)} questions are"
    raise PersonFileError(
        f"{person}: {many} still open, and nothing is assumed. Answer in [answers] with true or "
        f"false{_dates(questions)}:\n{lines}"
    )


def _dates(questions: Sequence[Question]) -> str:
    if not any(question.takes_date for question in questions):
        return ""
    return ", or the day on which it ended or was last so where (day) stands"


def _asked(question: Question) -> str:
    day = " (day)" if question.takes_date else ""
    return f"  {question.key} = ...   # {question.text}{day}"
