"""Words of a person file turned into values, before pydantic looks at them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final

from pydantic_core import PydanticCustomError

from micropen.toml_files import nearest
from micropen.treatment.words import number

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NUMBER_OF: Final[Mapping[str, int]] = {
    name.lower(): day for names in (WEEKDAYS, _DAYS) for day, name in enumerate(names)
}

PROCEDURES: Final = ("botulinum toxin", "filler", "laser", "peel", "surgery", "waxing")

UNKNOWN: Final = "unknown"


def is_unknown(value: Any) -> bool:
    """Whether a value of the file is the word that stands for "I do not know"."""
    return isinstance(value, str) and value.strip().lower() == UNKNOWN


def _unknown_word(word: Any, hint: str) -> PydanticCustomError:
    return PydanticCustomError(
        "unknown_word", "does not know {word}; {hint}", {"word": repr(word), "hint": hint}
    )


def weekdays(value: Any) -> Any:
    """Turn ``["Fri", "saturday"]`` into numbers from 0 for Monday."""
    if not isinstance(value, (list, tuple)):
        raise PydanticCustomError("weekday_list", 'must be a list such as ["Fri", "Sat"]')
    found = set()
    for word in value:
        day = _NUMBER_OF.get(word.strip().lower()) if isinstance(word, str) else None
        if day is None:
            raise _unknown_word(word, _nearest_weekdays(word))
        found.add(day)
    return frozenset(found)


def _nearest_weekdays(word: Any) -> str:
    known = {name.lower(): name for name in (*WEEKDAYS, *_DAYS)}
    hint = nearest(str(word), known)
    if not hint.startswith("nearest"):
        return f"known: {', '.join(WEEKDAYS)}"
    return f"nearest: {', '.join(known[name] for name in hint[9:].split(', '))}"


def some_weekdays(value: Any) -> Any:
    """Like `weekdays`, but at least one."""
    found = weekdays(value)
    if not found:
        raise PydanticCustomError("no_weekday", "must name at least one weekday")
    return found


def some_zones(value: Any) -> Any:
    """Accept a list with at least one entry; the names are looked up later."""
    if not isinstance(value, (list, tuple)) or not value:
        raise PydanticCustomError(
            "zone_list", 'must be a list such as ["cheek", "chin"]; leave it out for the whole face'
        )
    return value


def one_word_of(known: type[StrEnum] | tuple[str, ...]) -> Callable[[Any], Any]:
    """Return a check that takes one of some words, in any case; nearest ones on error."""
    names = tuple(str(name) for name in known)

    def check(value: Any) -> Any:
        text = str(value).strip().lower().replace("_", " ")
        if not isinstance(value, str) or text not in names:
            raise _unknown_word(value, nearest(text, names))
        return text

    return check


def probability(value: Any) -> Any:
    """Accept a number; one above 1 was meant in per cent, and is told how to be written."""
    found = number(value)
    if found > 1:
        raise PydanticCustomError(
            "probability", "must be a probability from 0 to 1; write 0.05 for 5 %"
        )
    return found


def one_line(value: Any) -> Any:
    """Put a text on one line."""
    return " ".join(value.split()) if isinstance(value, str) else value


def tables_in_double_brackets(name: str) -> Callable[[Any], Any]:
    """Return a check that a key is a list of tables, written ``[[name]]``."""

    def check(value: Any) -> Any:
        if isinstance(value, dict) or not isinstance(value, (list, tuple)):
            raise PydanticCustomError(
                "table_list", "must be written [[{name}]], in double brackets", {"name": name}
            )
        return value

    return check
