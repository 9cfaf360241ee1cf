"""What a cell of the check-in file, or an answer at the terminal, means."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Final

from micropen.case.check_in import WARNING_SIGNS, Answer
from micropen.case.plain_words import data_file, plain, without_ends
from micropen.errors import CaseError

LOWEST: Final = 0.0
HIGHEST: Final = 10.0
# More spots than these on one face are not counted one by one.
MOST_BREAKOUTS: Final = 200

_NUMBER: Final = r"[0-9]{1,6}(?:[.,][0-9]{1,6})?"
_RANGE: Final = re.compile(rf"({_NUMBER})\s*(?:-|–|—|to|bis|à|a)\s*({_NUMBER})")
_OF_TEN: Final = re.compile(rf"({_NUMBER})\s*/\s*10")
_LONGEST_SHOWN: Final = 40
_ALLOWED_SCORE: Final = "give a number from 0 (none) to 10, or a word such as none, mild, strong."


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: empty, a dash, a question mark."""
    return text.strip().casefold() in data_file("words.toml")["blank"]


def read_score(text: str) -> Answer | None:
    """Read an answer on 0-10: a number, two numbers (``3-4``), or a word of the diary.

    Returns
    -------
    Answer or None
        None where nothing was answered.

    Raises
    ------
    CaseError
        Neither, or out of range; the sentence begins with the value.
    """
    if is_blank(text):
        return None
    written = " ".join(text.split())
    found = _numbers(written)
    if found is None:
        low, high = _word_range(written)
    else:
        low, high = found
        if low > high:
            raise CaseError(f"{shown(written)} begins with the greater number; turn it round.")
        if not LOWEST <= low <= high <= HIGHEST:
            raise CaseError(f"{shown(written)} is outside of 0 to 10; {_ALLOWED_SCORE}")
    return Answer(low, high, written)


def _numbers(written: str) -> tuple[float, float] | None:
    """Least and greatest number of an answer; None where it is no number."""
    bare = written.removesuffix(".")
    of_ten = _OF_TEN.fullmatch(bare)
    single = re.fullmatch(rf"[+-]?{_NUMBER}", of_ten[1] if of_ten else bare)
    if single:
        value = _float(single[0])
        return value, value
    both = _RANGE.fullmatch(bare.casefold())
    return (_float(both[1]), _float(both[2])) if both else None


def _float(digits: str) -> float:
    return float(digits.replace(",", "."))


def _word_range(written: str) -> tuple[float, float]:
    words = _score_words()
    word = without_ends(written)
    if word not in words:
        raise CaseError(f"{shown(written)} is not known; {_near(word, words)}{_ALLOWED_SCORE}")
    return words[word]


@lru_cache
def _score_words() -> Mapping[str, tuple[float, float]]:
    groups = data_file("words.toml")["score"].values()
    return {word: (group["low"], group["high"]) for group in groups for word in group["words"]}


def read_breakouts(text: str) -> int | None:
    """Read a number of spots: whole, 0-200, or a word for none.

    Raises
    ------
    CaseError
        The sentence begins with the value.
    """
    if is_blank(text):
        return None
    written = " ".join(text.split())
    if without_ends(written) in data_file("words.toml")["score"]["none"]["words"]:
        return 0
    # Spreadsheets write 3 as 3.0 or 3,0.
    whole = re.fullmatch(r"([0-9]{1,6})(?:[.,]0+)?", written)
    if whole is None or int(whole[1]) > MOST_BREAKOUTS:
        raise CaseError(
            f"{shown(written)} is not a count of spots; give a whole number from 0 to "
            f"{MOST_BREAKOUTS}, or none."
        )
    return int(whole[1])


def read_makeup(text: str) -> bool | None:
    """Read yes or no.

    Raises
    ------
    CaseError
        The sentence begins with the value.
    """
    if is_blank(text):
        return None
    words = data_file("words.toml")["makeup"]
    word = without_ends(text)
    if word in words["yes"] or text.strip() in {"✓", "✔"}:
        return True
    if word in words["no"]:
        return False
    raise CaseError(f"{shown(text)} is neither yes nor no; write one of the two.")


def read_sun(text: str) -> str:
    """Read how much sun: ``"none"``, ``"little"``, ``"much"``, or ``""`` where it is not said.

    Raises
    ------
    CaseError
        The sentence begins with the value.
    """
    if is_blank(text):
        return ""
    word = without_ends(text)
    for amount, words in data_file("words.toml")["sun"].items():
        if word in words:
            return str(amount)
    raise CaseError(f"{shown(text)} is not known; write none, little or much.")


def read_warning_signs(text: str) -> tuple[str, ...]:
    """Read ticked warning signs: names or phrases, separated by ``;``, ``,`` or ``|``.

    Returns
    -------
    tuple of str
        Names of `WARNING_SIGNS`, each once, in its order.

    Raises
    ------
    CaseError
        One that is not known, with the nearest ones; the sentence begins with it.
    """
    if is_blank(text):
        return ()
    known = _sign_names()
    left = plain(text)
    found = set()
    # Phrases of the program hold commas themselves, so they go before the cell is taken apart.
    for phrase in sorted((p for p in known if "," in p), key=len, reverse=True):
        if phrase in left:
            found.add(known[phrase])
            left = left.replace(phrase, ";")
    for part in re.split(r"[;,|/\n]", left):
        word = without_ends(part)
        if is_blank(word) or word in data_file("words.toml")["score"]["none"]["words"]:
            continue
        if word not in known:
            raise CaseError(
                f"{shown(word)} is not a warning sign; {_near(word, known)}"
                f"known: {', '.join(WARNING_SIGNS)}."
            )
        found.add(known[word])
    return tuple(name for name in WARNING_SIGNS if name in found)


@lru_cache
def _sign_names() -> Mapping[str, str]:
    told = data_file("warning_words.toml")
    names = {}
    for sign, phrase in WARNING_SIGNS.items():
        for name in (sign, phrase, *told[sign]["names"]):
            names[plain(name)] = sign
    return names


def shown(value: str) -> str:
    """Write a value as it stood there, in quotes, shortened where it is long."""
    value = " ".join(value.split())
    return repr(value if len(value) <= _LONGEST_SHOWN else f"{value[: _LONGEST_SHOWN - 1]}…")


def _near(word: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(word, sorted(known), n=3, cutoff=0.6)
    return f"nearest: {', '.join(near)}; " if near else ""
