"""The sheet as a PDF of exactly one page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepInFrame, Paragraph, Spacer, Table, TableStyle

from micropen.report.aftercare.content import Note, Row, Sheet
from micropen.report.aftercare.typeface import BOLD, REGULAR, lacks_letters, printable

_INK: Final = HexColor("#1d2321")
_SOFT: Final = HexColor("#5b6561")
_LINE: Final = HexColor("#d9d3ca")
_WASH: Final = HexColor("#f5f2ed")
_ACCENT: Final = HexColor("#27635a")
_ALARM: Final = HexColor("#a33427")
_ALARM_WASH: Final = HexColor("#fdf6f4")

# Margins of A4, in points. What is printed fits the height of a letter sheet too, with nearly
# 8 mm to spare above and below, which office printers can reach.
_SIDE: Final = 34.0
_TOP: Final = (A4[1] - LETTER[1]) / 2 + 22.0
_WIDTH: Final = A4[0] - 2 * _SIDE
_HEIGHT: Final = A4[1] - 2 * _TOP
_COLUMNS: Final = (0.14, 0.26, 0.31, 0.29)

# Sizes of the letters, largest first: the first that fits is taken. Below 7 points a sheet is not
# read at arm's length any more: then conditions are cut instead.
_SIZES: Final = tuple(round(9.6 - 0.1 * step, 1) for step in range(27))
# Numbers of sources, raised: as small as can be found again below.
_MARK_SIZE: Final = 5
_FEWEST_CONDITIONS: Final = 3
_LONGEST_CONDITION: Final = 160


def sheet_pdf(sheet: Sheet) -> bytes:
    """Print the sheet.

    Parameters
    ----------
    sheet
        Plain text of any length and script; letters that the typeface lacks (it has Latin, Greek
        and Cyrillic) are printed as boxes, and the sheet says so.

    Returns
    -------
    bytes
        A PDF of one A4 page, which a letter sheet holds too; the same sheet gives the same bytes.
    """
    flow = _fitting(sheet)
    raw = BytesIO()
    canvas = Canvas(raw, pagesize=A4, invariant=1, pageCompression=1, lang="en")
    canvas.setTitle(printable(f"After-care: {sheet.who}" if sheet.who else "After-care"))
    canvas.setAuthor("micropen")
    canvas.setSubject(printable(sheet.session))
    whole = KeepInFrame(_WIDTH, _HEIGHT, flow, mode="shrink")
    _, height = whole.wrapOn(canvas, _WIDTH, _HEIGHT)
    whole.drawOn(canvas, _SIDE, A4[1] - _TOP - height)
    canvas.showPage()
    canvas.save()
    return raw.getvalue()


def _fitting(sheet: Sheet) -> list[Flowable]:
    """The content at the largest size that fits, with fewer conditions where none does."""
    for shown in (sheet, _with_fewer_conditions(sheet)):
        for size in _SIZES:
            flow = list(_Layout(shown, size).flow())
            if _height(flow) <= _HEIGHT:
                return flow
    return flow


def _height(flow: Sequence[Flowable]) -> float:
    return sum(part.wrap(_WIDTH, _HEIGHT)[1] for part in flow)


def _with_fewer_conditions(sheet: Sheet) -> Sheet:
    kept = [
        (title[:_LONGEST_CONDITION], replace(note, text=_cut(note.text)))
        for title, note in sheet.conditions[:_FEWEST_CONDITIONS]
    ]
    left = len(sheet.conditions) - len(kept)
    if left > 0:
        kept.append((f"{left} more", Note("They stand on the page of the plan.")))
    return replace(sheet, conditions=tuple(kept))


def _cut(text: str) -> str:
    if len(text) <= _LONGEST_CONDITION:
        return text
    return text[: _LONGEST_CONDITION - 1].rstrip() + "… (whole on the page of the plan)"


class _Layout:
    """The sheet at one size of letters."""

    def __init__(self, sheet: Sheet, size: float) -> None:
        self.sheet = sheet
        self.size = size

    def style(self, scale: float = 1.0, **given: Any) -> ParagraphStyle:
        """A style whose letters are `scale` times the size."""
        size = self.size * scale
        base = {"fontName": REGULAR, "textColor": _INK, "splitLongWords": 1}
        return ParagraphStyle("", fontSize=size, leading=size * 1.26, **{**base, **given})

    def flow(self) -> Iterator[Flowable]:
        """Parts from top to bottom."""
        gap = self.size * 0.7
        yield from self._head()
        yield Spacer(0, gap)
        yield self._table()
        yield Spacer(0, gap)
        yield self._boxes()
        if self.sheet.conditions:
            yield Spacer(0, gap * 0.7)
            yield self._conditions()
        yield Spacer(0, gap)
        yield from self._small()

    def _head(self) -> Iterator[Flowable]:
        if self.sheet.who:
            yield Paragraph(_safe(self.sheet.who), self.style(1.0, textColor=_SOFT))
        yield Paragraph("Before and after your needling session", self.style(1.95, fontName=BOLD))
        yield Spacer(0, self.size * 0.25)
        yield Paragraph(_safe(self.sheet.session), self.style(1.15, fontName=BOLD))
        if self.sheet.others:
            yield Paragraph(_safe(self.sheet.others), self.style(0.95, textColor=_SOFT))

    def _table(self) -> Table:
        title = self.style(0.9, fontName=BOLD, textColor=_ACCENT)
        head = [Paragraph(t, title) for t in ("When", "What to expect", "Do", "Avoid")]
        pad = self.size * 0.34
        return Table(
            [head, *(self._row(row) for row in self.sheet.rows)],
            colWidths=[_WIDTH * share for share in _COLUMNS],
            style=TableStyle(
                [
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("LINEBELOW", (0, 0), (-1, 0), 1.2, _ACCENT),
                    ("LINEBELOW", (0, 1), (-1, -1), 0.5, _LINE),
                    ("BACKGROUND", (3, 1), (3, -1), _WASH),
                    ("LEFTPADDING", (0, 0), (0, -1), 0),
                    ("LEFTPADDING", (1, 0), (-1, -1), 5),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 5),
                    ("TOPPADDING", (0, 0), (-1, -1), pad),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), pad + 1.0),
                ]
            ),
            hAlign="LEFT",
        )

    def _row(self, row: Row) -> list[list[Flowable]]:
        when: list[Flowable] = [
            Paragraph(_safe(row.when), self.style(fontName=BOLD)),
            Paragraph(_safe(row.dates), self.style(0.88, textColor=_SOFT)),
        ]
        return [when, *(self._notes(cell) for cell in (row.expect, row.do, row.avoid))]

    def _notes(self, notes: Sequence[Note]) -> list[Flowable]:
        new = self.style(spaceAfter=self.size * 0.15)
        old = self.style(0.93, spaceAfter=self.size * 0.15, textColor=_SOFT)
        return [Paragraph(_marked(note), old if note.goes_on else new) for note in notes]

    def _bullets(self, texts: Sequence[str]) -> list[Flowable]:
        style = self.style(
            leftIndent=self.size * 0.9, bulletFontName=REGULAR, bulletFontSize=self.size
        )
        return [Paragraph(text, style, bulletText="•") for text in texts]

    def _boxes(self) -> Table:
        flags: list[Flowable] = [
            Paragraph(
                "See a clinician the same day", self.style(1.08, fontName=BOLD, textColor=_ALARM)
            ),
            *self._bullets([_safe(flag) for flag in self.sheet.flags]),
            Paragraph("Trouble seeing, or feeling very ill: at once.", self.style()),
        ]
        calls: list[Flowable] = [
            Paragraph("Call your practice", self.style(1.08, fontName=BOLD)),
            *self._bullets([_marked(note) for note in self.sheet.calls]),
        ]
        half = (_WIDTH - 8.0) / 2
        framed = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BOX", (0, 0), (0, 0), 1.2, _ALARM),
            ("BACKGROUND", (0, 0), (0, 0), _ALARM_WASH),
            ("BOX", (2, 0), (2, 0), 0.6, _LINE),
            *_padding(self.size),
        ]
        return Table([[flags, "", calls]], colWidths=[half, 8.0, half], style=TableStyle(framed))

    def _conditions(self) -> Table:
        texts = [f"<b>{_safe(title)}.</b> {_marked(n)}" for title, n in self.sheet.conditions]
        inside: list[Flowable] = [
            Paragraph("For you in particular", self.style(1.08, fontName=BOLD)),
            *self._bullets(texts),
        ]
        style = TableStyle([("BOX", (0, 0), (0, 0), 0.6, _LINE), *_padding(self.size)])
        return Table([[inside]], colWidths=[_WIDTH], style=style)

    def _small(self) -> Iterator[Flowable]:
        small = self.style(0.74, textColor=_SOFT)
        if self.sheet.note:
            yield Paragraph(_safe(self.sheet.note), small)
        listed = "; ".join(
            f"{_super(k)}&nbsp;{_safe(text)}" for k, text in enumerate(self.sheet.sources, 1)
        )
        yield Paragraph(
            "Sources, with grades (A peer-reviewed or regulator, B manufacturer, C clinic or "
            f"vendor, D assumed by us): {listed}.",
            small,
        )
        yield Paragraph(_safe(self.sheet.small), small)
        if lacks_letters(" ".join(_texts(self.sheet))):
            yield Paragraph(
                "Letters that this PDF's typeface lacks are printed as □; the HTML sheet has them.",
                small,
            )


def _padding(size: float) -> list[tuple[Any, ...]]:
    pad = size * 0.55
    return [
        (side, (0, 0), (-1, -1), pad)
        for side in ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
    ]


def _texts(sheet: Sheet) -> Iterator[str]:
    """What people and devices named, and so may hold any letter."""
    yield sheet.who
    yield sheet.session
    for title, note in sheet.conditions:
        yield title
        yield note.text


def _safe(text: str) -> str:
    return escape(printable(text))


def _marked(note: Note) -> str:
    return _safe(note.text) + (_super(note.mark) if note.mark else "")


def _super(number: int) -> str:
    return f'<super size="{_MARK_SIZE}" rise="2.6">{number}</super>'
