"""Every error that micropen raises on purpose: one root, a few families.

A message is one sentence (or two) that says what is wrong, the value found, what is allowed
and what to do. The command line prints it and exits with code 2.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class MicropenError(Exception):
    """Root of all errors raised on purpose."""


class UnknownNameError(MicropenError):
    """A device, zone, sign or parameter that the program does not know."""


class TreatmentError(MicropenError):
    """A treatment file that cannot be read, or says something impossible."""


class StudyError(MicropenError):
    """A study file that cannot be read, or says something impossible."""


class PlanError(MicropenError):
    """Wishes that no plan can satisfy together."""


class CaseError(MicropenError):
    """A case folder, or a check-in in it, that cannot be read or written."""


class PersonFileError(MicropenError):
    """A person file that cannot be read, or says something impossible."""


class PhotoError(MicropenError):
    """A file that cannot be read as a photograph."""


class FaceError(MicropenError):
    """A photograph without one usable face."""


class OutsideEvidenceError(MicropenError):
    """A request beyond what devices are labelled for or evidence covers."""


class OutputError(MicropenError):
    """A result that cannot be written where it was asked for."""


def unknown_name(kind: str, name: str, known: Iterable[str]) -> UnknownNameError:
    """Build the error for an unknown name, with the nearest known ones.

    Parameters
    ----------
    kind
        What was looked for, as a noun: ``"zone"``.
    name
        The name that was given.
    known
        All valid names.

    Returns
    -------
    UnknownNameError
        Ready to be raised.
    """
    names = sorted(known)
    near = difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.4)
    hint = f"nearest: {', '.join(near)}" if near else f"known: {', '.join(names)}"
    return UnknownNameError(f"Unknown {kind} {name!r}; {hint}.")
