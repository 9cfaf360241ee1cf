"""Reading a TOML file, and turning what is wrong with it into one sentence."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from micropen.errors import TreatmentError

# A treatment file holds a few kilobytes; more is another file by mistake.
_LARGEST_BYTES: Final = 1_000_000
_LONGEST_VALUE: Final = 40
# More than two things at once nobody corrects.
_MOST_FINDINGS: Final = 2

# Pydantic speaks of Python's types; the reader of the sentence wrote TOML.
_TOML_WORDS: Final = (
    (r"a valid (dictionary|mapping)( or instance of \w+)?", "a table"),
    (r"an object to extract fields from", "a table"),
    (r"a valid (tuple|list)", "a list in square brackets"),
    (r"a valid boolean", "true or false"),
    (r"a valid string", "a text in quotes"),
    (r"a valid integer", "a whole number"),
)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    TreatmentError
        Missing, unreadable, too large, not text, or not TOML (with line and column).
    """
    try:
        if path.is_dir():
            raise TreatmentError(f"{path} is a folder; name a treatment file such as case.toml.")
        raw = path.read_bytes() if path.stat().st_size <= _LARGEST_BYTES else None
    except FileNotFoundError:
        raise TreatmentError(f"{path} does not exist; check the path.") from None
    except (OSError, ValueError) as error:
        raise TreatmentError(f"{path} cannot be read: {error}.") from None
    if raw is None:
        raise TreatmentError(f"{path} is larger than 1 MB; a treatment file is small TOML text.")
    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise TreatmentError(f"{path} is not UTF-8 text (line {line}); save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise TreatmentError(f"{path} is not valid TOML: {error}.") from None
    except RecursionError:
        raise TreatmentError(f"{path} is not valid TOML: nested too deeply.") from None


def _place(location: tuple[int | str, ...]) -> str:
    """Write a location as in the file: ``session[2].zones.nose.passes``."""
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        elif part not in {"SettingTable", "literal[False]"}:
            key = part if re.fullmatch(r"[\w-]+", part) else json.dumps(part)
            text += f".{key}" if text else key
    return text


def _shown(value: Any) -> str:
    """Write a value as the file has it."""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, str) else str(value)


def _reason(found: ErrorDetails) -> str:
    message = found["msg"].removeprefix("Input ")
    for pattern, words in _TOML_WORDS:
        message = re.sub(pattern, words, message)
    match found["type"]:
        case "missing" if found["loc"][-1] == "age_years":
            return "is missing; state age_years or birth_date"
        case "missing":
            return "is missing"
        case "unknown_key":
            return f"has an {message}"
        case "no_skin_colour":
            return f": {message}"
    value = _shown(found["input"])
    if found["type"] == "unknown_word" or len(value) > _LONGEST_VALUE:
        return message
    return f"is {value}: it {message}"


def _sentence(found: ErrorDetails) -> str:
    where, reason = _place(found["loc"]), _reason(found)
    return f"{where} {reason}".replace(" :", ":").removeprefix(": ").strip()


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
