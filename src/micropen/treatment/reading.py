"""Reading a treatment file, and turning what is wrong with it into one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from micropen.errors import TreatmentError
from micropen.toml_files import parse, place, read_text, reason

# More than two things at once nobody corrects.
_MOST_FINDINGS: Final = 2
# A zone may be a table or false; pydantic names the choice as if it were a key.
_CHOICES: Final = ("SettingTable", "literal[False]")


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    TreatmentError
        Missing, unreadable, too large, not text, or not TOML (with line and column).
    """
    return parse(read_text(path, "treatment file", TreatmentError), path, TreatmentError)


def _reason(found: ErrorDetails) -> str:
    match found["type"]:
        case "missing" if found["loc"][-1] == "age_years":
            return "is missing; state age_years or birth_date"
        case "no_skin_colour":
            return f": {found['msg']}"
    return reason(found)


def _sentence(found: ErrorDetails) -> str:
    where = place(found["loc"], skip=_CHOICES)
    return f"{where} {_reason(found)}".replace(" :", ":").removeprefix(": ").strip()


def explain(error: ValidationError, name: str) -> TreatmentError:
    """Turn the first of pydantic's findings into one sentence that names the places.

    Parameters
    ----------
    error
        What pydantic found.
    name
        File name, for the start of the sentence.
    """
    details = error.errors(include_url=False)
    # A zone may be a table or false: where it is a table, only the table's finding helps.
    useful = [d for d in details if "literal[False]" not in d["loc"]] or details
    sentences = [_sentence(found) for found in useful[:_MOST_FINDINGS]]
    more = len(useful) - len(sentences)
    tail = f" (and {more} more)" if more else ""
    return TreatmentError(f"{name}: {'; '.join(sentences)}{tail}.")
