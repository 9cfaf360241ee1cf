"""Words as they are compared: small letters, no accents, one space."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

# Signs that look alike or do not come apart into letter and accent.
_ALIKE: Final = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "’": "'", "´": "'", "‘": "'"})

# Tabs and line breaks stay; other control signs no spreadsheet can show.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def plain(text: str) -> str:
    """Write a text in small letters without accents, its spaces, hyphens and underscores as one.

    >>> plain(" Sehr_Mäßig ")
    'sehr massig'
    """
    apart = unicodedata.normalize("NFKD", text.translate(_ALIKE))
    letters = "".join(c for c in apart if not unicodedata.combining(c))
    return re.sub(r"[\s_\-‐‑–—]+", " ", letters.casefold()).strip()


def writable(text: str) -> str:
    """Text that every table can hold: no control signs, undecoded letters as question marks."""
    return _CONTROL.sub("", text).encode("utf-8", "replace").decode("utf-8").strip()


def without_ends(text: str) -> str:
    """`plain`, without the punctuation that a person puts around an answer."""
    return plain(text).strip(" .,;:!'\"()[]")


@lru_cache
def data_file(name: str) -> dict[str, Any]:
    """Read a file of words of this room."""
    text = (files("micropen.case") / "data" / name).read_text(encoding="utf-8")
    return tomllib.loads(text)
