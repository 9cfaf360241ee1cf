"""What can be wrong with a study file, with the place where it stands."""

from __future__ import annotations

from micropen.errors import MicropenError
from micropen.studies.toml_lines import Path
from micropen.toml_files import place


class MisstatedError(MicropenError):
    """A file that says something impossible: nothing of it is used.

    Parameters
    ----------
    location
        Keys from the top of the file, entries of a list counted from 0.
    sentence
        What is wrong there, to be put after the place.
    """

    def __init__(self, location: Path, sentence: str) -> None:
        super().__init__(f"{place(location)} {sentence}")
        self.location = location


class CannotSimulateError(MicropenError):
    """An arm that says nothing wrong, but which the model cannot follow.

    Parameters
    ----------
    location
        As in `MisstatedError`.
    sentence
        Why not.
    """

    def __init__(self, location: Path, sentence: str) -> None:
        super().__init__(sentence)
        self.location = location
