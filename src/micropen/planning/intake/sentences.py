"""What is wrong with a person file, or still missing in it, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from micropen.errors import PersonFileError
from micropen.planning.intake.answers import ALL_OTHERS
from micropen.planning.intake.words import UNKNOWN, is_unknown
from micropen.planning.suitability.rule import questions_of_the_form
from micropen.toml_files import place, reason

# More than two things at once nobody corrects.
_MOST_FINDINGS: Final = 2
# What every person file has to say, and another key that says the same.
_NEEDED: Final = {
    "person.age_years": "person.birth_date (or person.age_years)",
    "person.phototype": "person.phototype (or person.individual_typology_angle_deg)",
    "wishes.goal": "wishes.goal",
    "wishes.device": "wishes.device",
}
_INSTEAD: Final = {"age_years": "birth_date", "phototype": "individual_typology_angle_deg"}


def joined(sentences: Sequence[str]) -> str:
    """Put sentences together: the first two, and how many more there are."""
    more = len(sentences) - _MOST_FINDINGS
    return "; ".join(sentences[:_MOST_FINDINGS]) + (f" (and {more} more)" if more > 0 else "")


def explained(error: ValidationError, name: str, table: Mapping[str, Any]) -> PersonFileError:
    """Turn what pydantic found into one sentence that names the places.

    Parameters
    ----------
    error
        What pydantic found.
    name
        File name, for the start of the sentence.
    table
        What was read, without what is "unknown".
    """
    details = error.errors(include_url=False)
    if all(_needed(found) for found in details):
        needed = ", ".join(_still_needed(table))
        return PersonFileError(f"{name}: still to be filled in: {needed}{_open_questions(table)}.")
    return PersonFileError(f"{name}: {joined([_sentence(found) for found in details])}.")


def _needed(found: ErrorDetails) -> str | None:
    """Return the words for what was left out, if every person file has to say it."""
    match found["type"]:
        case "no_skin_colour":
            return _NEEDED["person.phototype"]
        case "missing":
            return _NEEDED.get(place(found["loc"]))
    return None


def _still_needed(table: Mapping[str, Any]) -> list[str]:
    needed = []
    for where, words in _NEEDED.items():
        name, key = where.split(".")
        if key not in table[name] and _INSTEAD.get(key) not in table[name]:
            needed.append(words)
    return needed


def _sentence(found: ErrorDetails) -> str:
    needed = _needed(found)
    return f"{needed} is missing" if needed else f"{place(found['loc'])} {reason(found)}".strip()


def _open_questions(table: Mapping[str, Any]) -> str:
    """Say how many questions have no answer yet; empty where all have one."""
    answers = table.get("answers", {})
    if not isinstance(answers, Mapping) or ALL_OTHERS in answers:
        return ""
    keys = [question.key for question in questions_of_the_form()]
    # Acne and melasma may be stated under [person] instead.
    count = sum(
        is_unknown(answers.get(key, UNKNOWN)) and key not in table["person"] for key in keys
    )
    return f", and {count} of the {len(keys)} questions in [answers]" if count else ""
