"""Follow a case with progress on the terminal, and print what matters."""

from __future__ import annotations

import json
import math
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import typer

from micropen.cli.progress import with_progress
from micropen.estimation.dates import held_back
from micropen.estimation.phrases import of_ten
from micropen.estimation.result import Alert, DateLine, Followed
from micropen.report.following.moments import Calendar
from micropen.workflows.follow import FollowAnswer, FollowRequest, follow
from micropen.workflows.follow_files import summary

_WIDTH: Final = 80
_TITLE: Final = 26
_MOST_NOTES: Final = 6


def run_follow(
    folder: Path, output: Path, face: int | None, pictures: bool, seed: int, as_json: bool
) -> None:
    """Follow, and print the answer."""
    request = FollowRequest(folder, output, face, seed, pictures=pictures)
    answer = with_progress(lambda report: follow(request, report))
    if as_json:
        record = summary(answer.followed)
        record["page"] = str(answer.page.resolve())
        record["contraindications"] = list(answer.contraindications)
        record["seconds"] = {name: round(value, 3) for name, value in answer.seconds.items()}
        typer.echo(json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False))
        return
    for line in lines_of(answer):
        typer.echo(line)


def lines_of(answer: FollowAnswer) -> Iterator[str]:
    """What the terminal shows, at most 80 columns wide."""
    followed = answer.followed
    yield from _wrapped(f"{followed.title}: {Calendar.of(followed).since(followed.today_day)}")
    yield from _fit_lines(followed)
    for text in answer.contraindications:
        yield from _wrapped(f"Contraindicated: {text}")
    yield ""
    yield from _alert_lines(followed)
    yield ""
    yield "What was learned"
    if not followed.findings:
        yield "  too little yet to say how you differ"
    for finding in followed.findings:
        yield from _wrapped(finding.sentence, "  ")
    yield ""
    yield "Dates, and in how many of your forecasts they hold"
    for date in held_back(followed.dates, followed.alerts):
        yield from _date_lines(date)
    yield ""
    yield from _wrapped(followed.record.sentence)
    yield from _note_lines(followed)
    yield f"Page: {answer.page}"


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def _alert_lines(followed: Followed) -> Iterator[str]:
    if not followed.alerts:
        found = "Nothing unusual for you." if followed.readings else "Nothing was read yet."
        yield from _wrapped(
            f"{found} Fever, pus, blisters, spreading heat or a painful eye "
            "always mean: see a clinician."
        )
    for alert in followed.alerts:
        yield from _alert(alert)


def _alert(alert: Alert) -> Iterator[str]:
    yield from _wrapped(f"{alert.level.value.upper()}: {alert.title}")
    for text in (alert.sentence, alert.harmless, alert.advice):
        yield from _wrapped(text, "  ")


def _fit_lines(followed: Followed) -> Iterator[str]:
    """How it was worked out, where that changes how far one may trust it; else on the page."""
    if not followed.fit.converged:
        yield from _wrapped(f"Take the numbers with caution. {followed.fit.sentence}")
    elif not followed.readings:
        yield from _wrapped(followed.fit.sentence)


def _date_lines(date: DateLine) -> Iterator[str]:
    title = textwrap.wrap(date.title, _TITLE - 2)
    sure = f" ({of_ten(date.probability)})" if math.isfinite(date.probability) else ""
    told = textwrap.wrap(f"{date.personal}{sure}", _WIDTH - _TITLE - 2)
    for row in range(max(len(title), len(told))):
        left = title[row] if row < len(title) else ""
        right = told[row] if row < len(told) else ""
        yield f"  {left:<{_TITLE}}{right}".rstrip()


def _note_lines(followed: Followed) -> Iterator[str]:
    for note in followed.notes[:_MOST_NOTES]:
        yield from _wrapped(f"Note: {note}")
    more = len(followed.notes) - _MOST_NOTES
    if more > 0:
        yield f"and {more} more on the page"
