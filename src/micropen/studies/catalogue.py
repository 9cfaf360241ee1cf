"""Every study that can be simulated: those of the program, and those of any folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from os import PathLike
from pathlib import Path

from micropen.errors import StudyError
from micropen.studies.practice_timelines import practice_timelines, practice_timelines_held_out
from micropen.studies.reading import Problem, read_with_problems
from micropen.studies.study import Study


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Studies, and what could not be used.

    Parameters
    ----------
    studies
        What practices say, the program's own by key, then those of each folder by key.
    problems
        Files that are malformed, and arms that cannot be simulated, each with one sentence.
    """

    studies: tuple[Study, ...]
    problems: tuple[Problem, ...]


def package_folder() -> Path:
    """Return the folder of the program's own study files."""
    return Path(str(files("micropen.evidence") / "data" / "studies"))


def load_studies(folders: Iterable[str | PathLike[str]] = ()) -> Catalogue:
    """Read the program's studies and every ``*.toml`` of some folders.

    Parameters
    ----------
    folders
        Folders of study files.

    Returns
    -------
    Catalogue
        A file that is malformed, or cannot be simulated, is among its problems; the others go on.

    Raises
    ------
    StudyError
        A folder that is missing, cannot be read or holds no ``*.toml``.
    """
    timelines = (practice_timelines(), practice_timelines_held_out())
    listed = [(path, True) for path in sorted(package_folder().glob("*.toml"))]
    listed += [(path, False) for folder in folders for path in _files(Path(folder))]
    studies: dict[str, Study] = {study.key: study for study in timelines}
    problems: list[Problem] = []
    for path, cited in listed:
        try:
            study, found = read_with_problems(path, cited)
        except StudyError as error:
            problems.append(Problem(path, path.stem, "", str(error)))
            continue
        problems.extend(found)
        if study is None:
            continue
        if study.key in studies:
            problems.append(_twice(study, studies[study.key]))
        else:
            studies[study.key] = study
    return Catalogue(tuple(studies.values()), tuple(problems))


def _files(folder: Path) -> list[Path]:
    try:
        if not folder.exists():
            raise StudyError(f"{folder} does not exist; name a folder of study files.")
        if not folder.is_dir():
            raise StudyError(f"{folder} is no folder; name the folder that holds the study files.")
        found = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except (OSError, ValueError) as error:
        raise StudyError(f"{folder} cannot be read: {error}.") from None
    if not found:
        raise StudyError(f"{folder} holds no study file; a study file ends in .toml.")
    return found


def _twice(study: Study, first: Study) -> Problem:
    return Problem(
        study.path,
        study.key,
        "",
        f"{study.path}: key {study.key!r} is taken by {first.path}; rename file and key.",
    )
