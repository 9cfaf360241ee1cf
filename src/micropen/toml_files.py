"""TOML files that people write: read whole, and what is wrong with them said in one sentence."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from micropen.errors import MicropenError

# A file written by hand holds a few kilobytes; more is another file by mistake.
_LARGEST_BYTES: Final = 1_000_000
_LONGEST_VALUE: Final = 40

# Pydantic speaks of Python's types; the reader of the sentence wrote TOML.
_TOML_WORDS: Final = (
    (r"a valid (dictionary|mapping)( or instance of \w+)?", "a table"),
    (r"an object to extract fields from", "a table"),
    (r"a valid (tuple|list)", "a list in square brackets"),
    (r"a valid boolean", "true or false"),
    (r"a valid string", "a text in quotes"),
    (r"a valid integer", "a whole number"),
)


def nearest(word: str, known: Collection[str]) -> str:
    """Return a hint with the names nearest to a wrong one, or all of them if none is near."""
    names = sorted(known)
    near = difflib.get_close_matches(word.lower(), names, n=3, cutoff=0.4)
    return f"nearest: {', '.join(near)}" if near else f"known: {', '.join(names)}"


class Table(BaseModel):
    """A frozen table of a file: unknown keys are refused with the nearest known ones."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    # Keys that stand outside all tables of a file; easily written below one of them.
    at_the_top: ClassVar[frozenset[str]] = frozenset({"title"})

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        for key in data:
            if key not in cls.model_fields:
                hint = nearest(str(key), cls.model_fields.keys())
                if key in cls.at_the_top:
                    hint = "it belongs at the top of the file, above the first table"
                raise PydanticCustomError(
                    "unknown_key",
                    "unknown key {key}; {hint}",
                    {"key": repr(key), "hint": hint},
                )
        return data


def read_text(path: Path, kind: str, error: type[MicropenError]) -> str:
    """Read a file as text.

    Parameters
    ----------
    path
        The file.
    kind
        What it should be, for the sentences: ``"treatment file"``.
    error
        Family of the errors raised: missing, unreadable, too large, not text.
    """
    try:
        if path.is_dir():
            raise error(f"{path} is a folder; name a {kind} such as case.toml.")
        raw = path.read_bytes() if path.stat().st_size <= _LARGEST_BYTES else None
    except FileNotFoundError:
        raise error(f"{path} does not exist; check the path.") from None
    except (OSError, ValueError) as found:
        why = getattr(found, "strerror", None) or found
        raise error(f"{path} cannot be read: {why}.") from None
    if raw is None:
        raise error(f"{path} is larger than 1 MB; a {kind} is small TOML text.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as found:
        line = raw[: found.start].count(b"\n") + 1
        raise error(f"{path} is not UTF-8 text (line {line}); save it as UTF-8.") from None


def parse(text: str, path: Path, error: type[MicropenError]) -> dict[str, Any]:
    """Parse TOML; `error` names line and column where it is none."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise error(f"{path} is not valid TOML: nested too deeply.") from None
    except ValueError as found:  # also a whole number of thousands of digits
        raise error(f"{path} is not valid TOML: {found}{_key_at(text, str(found))}.") from None


def _key_at(text: str, message: str) -> str:
    """Name the key of a key that stands twice: the parser names the line only."""
    number = re.search(r"at line (\d+)", message)
    if number is None or not re.search(r"overwrite|twice|mutate", message):
        return ""
    line = text.splitlines()[int(number[1]) - 1].strip()
    key = re.split(r"[=#]", line, maxsplit=1)[0].strip()
    return f"; {key} stands twice" if key else ""


def place(location: tuple[int | str, ...], skip: Collection[str] = ()) -> str:
    """Write a location as in the file: ``session[2].zones.nose.passes``.

    Parameters
    ----------
    location
        As pydantic gives it, counted from 0.
    skip
        Parts that stand for a choice of types, not for a key.
    """
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        elif part not in skip:
            key = part if re.fullmatch(r"[\w-]+", part) else json.dumps(part)
            text += f".{key}" if text else key
    return text


def shown(value: Any) -> str:
    """Write a value as the file has it."""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, str) else str(value)


def reason(found: ErrorDetails) -> str:
    """Say what is wrong with a value, to be put after its place."""
    message = found["msg"].removeprefix("Input ")
    for pattern, words in _TOML_WORDS:
        message = re.sub(pattern, words, message)
    match found["type"]:
        case "missing":
            return "is missing"
        case "unknown_key":
            return f"has an {message}"
    value = shown(found["input"])
    if found["type"] == "unknown_word" or len(value) > _LONGEST_VALUE:
        return message
    return f"is {value}: it {message}"
