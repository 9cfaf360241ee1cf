"""The typeface of the PDF: embedded, so that every machine prints the same letters."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import as_file, files
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR: Final = "micropen-Inter"
BOLD: Final = "micropen-Inter-SemiBold"

# What stands for a letter that the typeface lacks.
_BOX: Final = "□"


@cache
def _letters() -> frozenset[int]:
    """Code points of the typeface, which is registered on the way."""
    found: list[frozenset[int]] = []
    for name, file in ((REGULAR, "Inter-Regular.ttf"), (BOLD, "Inter-SemiBold.ttf")):
        with as_file(files("micropen.report.aftercare") / "fonts" / file) as path:
            font = TTFont(name, str(path))
        pdfmetrics.registerFont(font)
        found.append(frozenset(font.face.charToGlyph))
    pdfmetrics.registerFontFamily(REGULAR, REGULAR, BOLD, REGULAR, BOLD)
    return frozenset.intersection(*found)


def printable(text: str) -> str:
    """Put a box for every letter that the typeface lacks: it has Latin, Greek and Cyrillic.

    Parameters
    ----------
    text
        Any text; accents that stand apart are joined with their letters first.
    """
    letters = _letters()
    composed = unicodedata.normalize("NFC", text)
    visible = (c for c in composed if not unicodedata.category(c).startswith("C"))
    return "".join(c if ord(c) in letters else _BOX for c in visible)


def lacks_letters(text: str) -> bool:
    """Whether `printable` puts a box into a text."""
    return printable(text).count(_BOX) > text.count(_BOX)
