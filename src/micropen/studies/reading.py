"""Reading one study file: what it says, what cannot be simulated, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from micropen.errors import StudyError
from micropen.evidence import sources
from micropen.studies import toml_lines
from micropen.studies.arms import arm_of
from micropen.studies.file_format import CHOICES, StudyTable
from micropen.studies.findings import arm_name, check_row, finding_of
from micropen.studies.study import Arm, Finding, Study
from micropen.studies.study_errors import CannotSimulateError, MisstatedError
from micropen.toml_files import nearest, parse, place, read_text, reason


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, or an arm of a study, that is not used, and why.

    Parameters
    ----------
    path
        The file.
    study
        Key of the study; the file's name where it could not be read.
    arm
        The arm; empty where the whole file is not used.
    sentence
        One sentence for people, with file, line and field.
    """

    path: Path
    study: str
    arm: str
    sentence: str


def read_study(path: str | PathLike[str]) -> Study:
    """Read one study file (``docs/study-file.md``).

    Arms that cannot be simulated are left out, with their findings; `read_with_problems` says
    which.

    Raises
    ------
    StudyError
        Malformed (the sentence names file, line and field), or without any arm that can be
        simulated.
    """
    study, problems = read_with_problems(Path(path))
    if study is None:
        raise StudyError(problems[0].sentence)
    return study


def read_with_problems(path: Path, cited: bool = False) -> tuple[Study | None, tuple[Problem, ...]]:
    """Read one study file, and say which of its arms cannot be simulated.

    Parameters
    ----------
    path
        The file.
    cited
        Whether its source must stand in the bibliography (files of the program).

    Returns
    -------
    tuple
        The study, or None where no arm of it can be simulated; one problem per arm left out.

    Raises
    ------
    StudyError
        Malformed.
    """
    text = read_text(path, "study file", StudyError)
    table = parse(text, path, StudyError)
    try:
        return _Reader(path, text).study(StudyTable.model_validate(table), cited)
    except ValidationError as error:
        where, sentence = _first(error, table)
    except MisstatedError as wrong:
        where, sentence = wrong.location, f"{wrong}"
    raise StudyError(f"{_at(path, text, where)}: {sentence}.")


def _at(path: Path, text: str, where: toml_lines.Path) -> str:
    return f"{path}, line {toml_lines.line_of(toml_lines.line_numbers(text), where)}"


def _first(error: ValidationError, table: Mapping[str, Any]) -> tuple[toml_lines.Path, str]:
    """Place and sentence of the first thing that is wrong."""
    found = error.errors(include_url=False)[0]
    where = _as_written(found["loc"], table)
    sentence = f"{place(where)} {reason(found)}".strip()
    if found["type"] == "unknown_key":
        where = (*where, _unknown_key(found))
    return where, sentence


def _unknown_key(found: ErrorDetails) -> str:
    wrong = found["ctx"]["key"]
    return next((key for key in found["input"] if repr(key) == wrong), "")


def _as_written(location: toml_lines.Path, table: Mapping[str, Any]) -> toml_lines.Path:
    """Shorten a location to what the file has: a number may stand for a table."""
    inside: Any = table
    where: toml_lines.Path = ()
    for part in location:
        if part in CHOICES or part == "[key]":
            continue
        if not isinstance(inside, (dict, list)):
            break
        where = (*where, part)
        if isinstance(inside, dict):
            inside = inside.get(part)
        elif isinstance(part, int) and part < len(inside):
            inside = inside[part]
    return where


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns the checked tables of one file into a study."""

    path: Path
    text: str

    def study(self, table: StudyTable, cited: bool) -> tuple[Study | None, tuple[Problem, ...]]:
        self._check_top(table, cited)
        arms, refused = self._arms(table)
        for number, row in enumerate(table.finding):
            check_row(row, ("finding", number), tuple(table.arm))
        findings = _findings(table, arms)
        problems = tuple(self._problem(table, arm, why) for arm, why in refused.items())
        if not arms:
            return None, problems
        return Study(
            key=table.key,
            title=table.title,
            citation=_citation(table),
            role=table.role,
            seen=table.seen,
            not_seen=table.not_seen,
            arms=arms,
            findings=findings,
            path=self.path,
        ), problems

    def _check_top(self, table: StudyTable, cited: bool) -> None:
        if table.key != self.path.stem:
            raise MisstatedError(
                ("key",), f"is {table.key!r}, not the name of the file; write {self.path.stem!r}"
            )
        if table.source and table.source not in sources():
            hint = nearest(table.source, sources().keys())
            raise MisstatedError(
                ("source",), f"is {table.source!r}, not in the bibliography; {hint}"
            )
        if cited and not table.source:
            raise MisstatedError(("source",), "is missing; a study of the program cites its source")
        seen: set[str] = set()
        for number, row in enumerate(table.finding):
            if row.key in seen:
                raise MisstatedError(
                    ("finding", number, "key"),
                    f"is {row.key!r}, as an earlier finding's; rename it",
                )
            seen.add(row.key)

    def _arms(self, table: StudyTable) -> tuple[dict[str, Arm], dict[str, CannotSimulateError]]:
        arms, refused = {}, {}
        for key, entry in table.arm.items():
            try:
                arms[key] = arm_of(key, entry, table.source)
            except CannotSimulateError as why:
                refused[key] = why
        return arms, refused

    def _problem(self, table: StudyTable, arm: str, why: CannotSimulateError) -> Problem:
        lost = [row.key for row in table.finding if arm in _arms_of(row, table)]
        left_out = f"; left out: {', '.join(lost)}" if lost else ""
        sentence = (
            f"{_at(self.path, self.text, why.location)}: {place(('arm', arm))} cannot be "
            f"simulated, {why}{left_out}."
        )
        return Problem(self.path, table.key, arm, sentence)


def _arms_of(row: Any, table: StudyTable) -> tuple[str, str]:
    return arm_name(row, table.arm), row.versus


def _findings(table: StudyTable, arms: Mapping[str, Arm]) -> tuple[Finding, ...]:
    found = []
    for number, row in enumerate(table.finding):
        used = {name for name in _arms_of(row, table) if name}
        if used <= set(arms):
            place_of_row = ("finding", number)
            found.append(finding_of(table.key, table.grade, table.role, row, place_of_row, arms))
    return tuple(found)


def _citation(table: StudyTable) -> str:
    doi = table.doi.removeprefix("https://doi.org/")
    link = f"https://doi.org/{doi}" if doi else table.url
    return f"{table.citation.rstrip('.')}. {link}".strip() if link else table.citation
