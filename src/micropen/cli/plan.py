"""Plan with progress on the terminal, and print what matters."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Final

import typer

from micropen.atomic_writing import write_atomically
from micropen.cli.progress import with_progress
from micropen.errors import MicropenError, OutputError
from micropen.planning.intake.forms import blank_form, example_form
from micropen.planning.result import EventChance, NamedPlan, Planned, SessionLine
from micropen.planning.suitability import Finding
from micropen.workflows.plan import PlanAnswer, PlanningRequest, plan
from micropen.workflows.plan_files import record

_WIDTH: Final = 80


def run_plan(
    person: Path,
    output: Path,
    events: list[str],
    device: str | None,
    goal: str | None,
    case: Path | None,
    today: str,
    seed: int,
    as_json: bool,
) -> None:
    """Plan, and print the answer."""
    made = _date("--today", today) if today else date.today()
    days = tuple(_date("--event", text) for text in events)
    request = PlanningRequest(person, output, made, days, device, goal, case, seed)
    answer = with_progress(lambda report: plan(request, report))
    if as_json:
        shown = record(answer.planned)
        shown["page"] = str(answer.page.resolve())
        shown["seconds"] = {name: round(value, 3) for name, value in answer.seconds.items()}
        typer.echo(json.dumps(shown, indent=2, ensure_ascii=False, allow_nan=False))
        return
    for line in lines_of(answer):
        typer.echo(line)


def run_person(file: Path, example: bool, today: str) -> None:
    """Write a person file to fill in, or a filled one to look at."""
    made = _date("--today", today) if today else date.today()
    if file.exists():
        raise OutputError(f"{file} is there already; name a new file.")
    text = example_form(made) if example else blank_form(made)
    try:
        write_atomically(file, lambda part: part.write_text(text, encoding="utf-8"))
    except OSError as error:
        raise OutputError(f"Cannot write {file}: {error.strerror or error}.") from None
    typer.echo(f"Wrote {file}. Next:")
    typer.echo(f"  micropen plan {file} -o my-plan")


def _date(option: str, text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise MicropenError(
            f"{option} is {text!r}; write a date such as 2027-06-12 (year, month, day)."
        ) from None


def lines_of(answer: PlanAnswer) -> Iterator[str]:
    """What the terminal shows, at most 80 columns wide."""
    planned = answer.planned
    yield from _wrapped(f"{planned.client.title or 'Plan'}: {planned.suitability.verdict.value}")
    for finding in planned.suitability.findings:
        yield from _finding(finding)
    if planned.plans:
        yield ""
        yield from _plans(planned)
        yield ""
        yield from _best(planned.plans[0])
    if planned.notes:
        yield ""
    for note in planned.notes:
        yield from _wrapped(f"Note: {note}")
    yield ""
    yield from _wrapped(
        f"Chances are those of {planned.origin.draws} simulated people like this one; they lean on "
        f"evidence down to grade {planned.origin.lowest_grade.value}. Not a medical device."
    )
    yield f"Page: {answer.page}"


def _finding(finding: Finding) -> Iterator[str]:
    until = f" (until {finding.until})" if finding.until else ""
    yield from _wrapped(f"- {finding.title}{until}: {finding.sentence}", "  ")
    if finding.condition:
        yield from _wrapped(finding.condition, "    ")


def _plans(planned: Planned) -> Iterator[str]:
    yield f"{'':<10}{'sessions':>9}{'result':>19}{'days seen':>11}{'pain':>6}{'dark marks':>12}"
    for one in planned.plans:
        band = f"{_share(one.gain.mean)} ({_share(one.gain.low)}-{_share(one.gain.high)})"
        yield (
            f"{one.title:<10}{len(one.sessions):>9}{band:>19}{one.downtime_days.mean:>11.1f}"
            f"{one.pain.median:>6.1f}{_share(one.pigment_risk.mean):>12}"
        )
    yield from _wrapped(f"Result: {planned.gain_words}", "  ")


def _best(best: NamedPlan) -> Iterator[str]:
    yield from _wrapped(f"{best.title}: {best.why}.")
    for zone in best.zones:
        yield (
            f"  {zone.zone.replace('_', ' '):<14}{zone.needle_length_mm:g} mm, "
            f"{zone.passes:g} passes (at most {zone.deepest_mm:g} mm)"
        )
    for line in best.sessions:
        yield from _session(line)
    for chance in best.events:
        yield from _event(chance)
    if best.shallower is not None:
        price = best.shallower
        yield from _wrapped(
            f"One step shallower: {100.0 * price.gain:+.1f} points of result, "
            f"{price.downtime_days:+.1f} days seen per session."
        )
    yield from _wrapped(best.lasting.sentence)


def _session(line: SessionLine) -> Iterator[str]:
    yield from _wrapped(
        f"Session {line.number}: {line.on:%a} {line.on}; make-up from {line.makeup_from}, sport "
        f"from {line.sport_from}, sun from {line.sun_from}",
        "  ",
    )


def _event(found: EventChance) -> Iterator[str]:
    chance = f"nothing seen {_share(found.clear)}, glow {_share(found.glow)}"
    last = f"last session before it {found.session}" if found.session else "no session before it"
    yield from _wrapped(f"{found.event.name} on {found.event.date}: {chance}; {last}", "  ")
    if found.latest:
        yield from _wrapped(
            f"latest session with {_share(found.wanted)} that nothing is seen: {found.latest}",
            "    ",
        )


def _share(value: float) -> str:
    # What is rare is not told as never.
    return "under 1 %" if 0.0 < value < 0.005 else f"{100.0 * value:.0f} %"


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
