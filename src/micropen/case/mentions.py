"""Warning signs that a note speaks of, in English, German, French and Spanish."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any, Final

from micropen.case.check_in import WARNING_SIGNS
from micropen.case.plain_words import data_file, plain

# "no fever", "no sign of pus", "kein bisschen Fieber": a denial reaches this many words far.
_REACH_WORDS: Final = 4
# A longer part between commas is a sentence of its own, not an item of a list.
_LONGEST_ITEM_WORDS: Final = 4
# A body's temperature of a fever: 38-41 with a unit or the word temperature, 100.4-106 F.
_CELSIUS: Final = r"(?:3[89]|4[01])(?:[.,][0-9])?"
_FAHRENHEIT: Final = r"(?:100[.,][4-9]|10[1-6](?:[.,][0-9])?)"
_TEMPERATURE: Final = re.compile(
    rf"\b{_CELSIUS}\s*(?:°|degres?\b|degrees\b|grad\b|grados\b|c\b)"
    rf"|\b{_FAHRENHEIT}\s*°?\s*f\b"
    rf"|\btemp(?:eratur\w*)?\b[^0-9.;!]{{0,20}}\b(?:{_CELSIUS}|{_FAHRENHEIT})(?![0-9])"
)
_ELISION: Final = re.compile(r"\b(?:[ldnjsmtc]|qu)'")
_Segments = list[list[str]]


def mentions_warning(note: str) -> tuple[str, ...]:
    """Return the warning signs that a free text speaks of, without those that it denies.

    It goes by words, so that it may miss what is put in other words, and may take a worry for a
    sign. It is there to ask for a look, not to tell that all is well.

    Parameters
    ----------
    note
        Free text.

    Returns
    -------
    tuple of str
        Names of `WARNING_SIGNS`, in its order.
    """
    told = data_file("warning_words.toml")
    text = plain(note.replace("\n", ". "))
    parts = _parts(text, told["negation"]["but"])
    found = {
        sign
        for sign in WARNING_SIGNS
        if any(_speaks_of(part, told[sign], told["negation"]) for part in parts)
    }
    if _TEMPERATURE.search(text):
        found.add("fever")
    return tuple(sign for sign in WARNING_SIGNS if sign in found)


def _parts(text: str, but: Collection[str]) -> list[_Segments]:
    """Split into parts of sentences, each into the words between its commas."""
    breaks = r"[.;!()]|\b(?:" + "|".join(but) + r")\b"
    parts = []
    for part in re.split(breaks, _ELISION.sub(" ", text)):
        segments = [re.findall(r"[a-z0-9']+", segment) for segment in re.split(r"[,?]", part)]
        parts.append([segment for segment in segments if segment])
    return [part for part in parts if part]


def _speaks_of(part: _Segments, told: dict[str, Any], negation: dict[str, Any]) -> bool:
    words = [word for segment in part for word in segment]
    if any(_fits(word, pattern) for word in words for pattern in told.get("not_with", ())):
        return False
    return any(_said_undenied(part, entry, negation) for entry in told["said"])


def _said_undenied(part: _Segments, entry: Sequence[str], negation: dict[str, Any]) -> bool:
    """Whether all words of an entry stand in a part, and not all places of one are denied."""
    for pattern in entry:
        places = [
            (s, w)
            for s, segment in enumerate(part)
            for w, word in enumerate(segment)
            if _fits(word, pattern)
        ]
        if all(_denied(part, s, w, negation) for s, w in places):
            return False
    return True


def _fits(word: str, pattern: str) -> bool:
    stem = pattern.removesuffix("*")
    return word.startswith(stem) if stem != pattern else word == pattern


def _denied(part: _Segments, s: int, w: int, negation: dict[str, Any]) -> bool:
    segment = part[s]
    if _denied_before(segment[:w], negation):
        return True
    if segment[-1] in negation["after"] and 0 < len(segment) - 1 - w < _REACH_WORDS:
        return True
    if w == len(segment) - 1 and part[s + 1 : s + 2] in ([[word]] for word in negation["after"]):
        return True
    return _in_denied_list(part, s, w, negation)


def _denied_before(ahead: Sequence[str], negation: dict[str, Any]) -> bool:
    # "any fever or chills": chills is denied where fever is.
    if len(ahead) > 1 and ahead[-1] in negation["or"] and ahead[-2] not in negation["before"]:
        return _denied_before(ahead[:-2], negation)
    for back in range(1, min(_REACH_WORDS, len(ahead)) + 1):
        word = ahead[-back]
        if word in negation["and"]:
            return False
        if word in negation["before"]:
            return back == 1 or ahead[1 - back] not in negation["back"]
    return False


def _in_denied_list(part: _Segments, s: int, w: int, negation: dict[str, Any]) -> bool:
    """Whether a word is an item of a list such as "no fever, pus or blisters"."""
    ends = any(word in negation["or"] for segment in part[s:] for word in segment)
    if not ends or len(part[s]) > _LONGEST_ITEM_WORDS:
        return False
    if any(word in negation["and"] for word in part[s][:w]):
        return False
    for segment in reversed(part[:s]):
        if segment[0] in negation["listing"]:
            return True
        if len(segment) > _LONGEST_ITEM_WORDS:
            return False
    return False
