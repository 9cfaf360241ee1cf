"""Words of a treatment file turned into numbers, before pydantic looks at them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from pydantic_core import PydanticCustomError

LEVELS: Final = {
    "none": 0.0,
    "very low": 0.1,
    "low": 0.25,
    "medium": 0.5,
    "average": 0.5,
    "high": 0.75,
    "very high": 0.9,
    "extreme": 1.0,
}

_ROMAN: Final = {"I": 1.0, "II": 2.0, "III": 3.0, "IV": 4.0, "V": 5.0, "VI": 6.0}


def number(value: Any) -> Any:
    """Accept a TOML number only, not a text that looks like one, nor true or false."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise PydanticCustomError("number", "must be a number without quotes")
    return value


def zero_to_one(value: Any) -> Any:
    """Turn a level in words into its number from 0 to 1; leave the rest to the model."""
    if not isinstance(value, str):
        return number(value)
    try:
        return LEVELS[value.strip().lower()]
    except KeyError:
        raise PydanticCustomError(
            "level",
            "must be a number from 0 to 1 or one of {words}",
            {"words": ", ".join(LEVELS)},
        ) from None


def roman_phototype(value: Any) -> Any:
    """Turn ``"III"`` into 3 and ``"II-III"`` into 2.5; leave the rest to the model."""
    if not isinstance(value, str):
        return number(value)
    parts = [part.strip() for part in re.split(r"[-–/]", value.upper())]
    numbers = [_ROMAN.get(part) for part in parts]
    found = [number for number in numbers if number is not None]
    if len(found) != len(parts) or len(parts) > 2:
        raise PydanticCustomError(
            "phototype", "must be a number from 1 to 6, I to VI, or two of them such as II-III"
        )
    return sum(found) / len(found)


def dated(value: Any) -> Any:
    """Accept a TOML date only: a date in quotes is a text and gets a clear answer."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise PydanticCustomError(
        "toml_date", "must be a date without quotes and without a time, such as 2026-05-08"
    )


def member_of(kind: type[StrEnum]) -> Callable[[Any], Any]:
    """Return a check that turns a list of words into members of `kind`, nearest names on error."""
    names = sorted(member.value for member in kind)

    def check(value: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            raise PydanticCustomError(
                "word_list", 'must be a list such as ["{example}"]', {"example": names[0]}
            )
        return tuple(_member(kind, names, word) for word in value)

    return check


def _member(kind: type[StrEnum], names: list[str], word: Any) -> StrEnum:
    text = str(word).strip().lower().replace("_", " ")
    if text in names:
        return kind(text)
    near = difflib.get_close_matches(text, names, n=3, cutoff=0.4)
    hint = f"nearest: {', '.join(near)}" if near else f"known: {', '.join(names)}"
    raise PydanticCustomError(
        "unknown_word", "does not know {word}; {hint}", {"word": repr(word), "hint": hint}
    )
