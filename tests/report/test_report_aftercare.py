"""The after-care sheet: one page whatever it has to say, the same bytes, nothing that runs."""

from __future__ import annotations

import html
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from planning_examples import NASTY, planned, with_conditions
from pypdf import PdfReader

from micropen.case import WARNING_SIGNS
from micropen.errors import MicropenError, OutputError
from micropen.evidence import Grade
from micropen.planning.suitability import Finding, Verdict
from micropen.report.aftercare import render_sheet, sheet_of, sheet_pdf, write_aftercare
from micropen.report.aftercare.typeface import printable

A4 = (595, 842)
LETTER_HEIGHT = 792
LONG = Finding(
    "herpes_history",
    "Cold sores now and then, mostly in winter",
    Verdict.CONDITIONS,
    "Because.",
    "dermapen4-manual",
    Grade.B,
    condition="Take what was prescribed, from two days before each session on, and call " * 6,
    days_before=2,
    days_after=3,
)


def titled(of, title):
    return replace(of, client=replace(of.client, title=title))


def with_findings(of, findings):
    return replace(of, suitability=replace(of.suitability, findings=tuple(findings)))


def the_sheet(of=None, number=1):
    of = of or planned()
    return sheet_of(of, of.plans[0], number)


def read(raw):
    return PdfReader(io.BytesIO(raw))


def words(raw):
    return " ".join(read(raw).pages[0].extract_text().split())


def longest():
    """Every kind of text at a length that nobody would write."""
    of = with_findings(planned(), [LONG] * 12)
    person = of.client.person.model_copy(
        update={"melasma": True, "phototype": 5.0, "history": ("herpes",)}
    )
    client = replace(of.client, title="Šárka von und zu Őrség-Nguyễn " * 20, person=person)
    return replace(of, client=client)


@pytest.mark.parametrize("of", [planned(), with_conditions(), longest()])
def test_the_pdf_is_one_page_that_a_letter_sheet_holds(of):
    for number in range(1, len(of.plans[0].sessions) + 1):
        pages = read(sheet_pdf(the_sheet(of, number))).pages
        assert len(pages) == 1
        assert tuple(round(float(side)) for side in pages[0].mediabox[2:]) == A4
        heights: list[float] = []

        def note(text, cm, tm, _font, _size, into=heights):
            if text.strip():
                into.append(tm[4] * cm[1] + tm[5] * cm[3] + cm[5])

        pages[0].extract_text(visitor_text=note)
        # The sheet of letter lies in the middle of A4.
        assert len(heights) > 50
        assert min(heights) > (A4[1] - LETTER_HEIGHT) / 2
        assert max(heights) < A4[1] - (A4[1] - LETTER_HEIGHT) / 2


def test_the_last_words_are_on_the_page_and_what_was_cut_is_said():
    said = words(sheet_pdf(the_sheet(longest())))
    assert "not a medical device" in said
    assert "9 more. They stand on the page of the plan." in said
    usual = words(sheet_pdf(the_sheet(with_conditions())))
    assert "more. They stand" not in usual


def test_the_sheet_holds_what_a_person_needs():
    of = with_conditions()
    sheet = the_sheet(of)
    for said in (render_sheet(sheet), words(sheet_pdf(sheet))):
        for flag in WARNING_SIGNS.values():
            assert flag in said
        assert "See a clinician the same day" in said
        assert "not a medical device" in said
        assert "SkinPen Precision, instructions for use (B)" in said
        for title, _ in sheet.conditions:
            assert title in said
        assert sheet.session in said
    assert sheet.conditions


def test_every_mark_has_its_source():
    sheet = the_sheet(with_conditions())
    notes = [n for row in sheet.rows for cell in (row.expect, row.do, row.avoid) for n in cell]
    notes += [note for _, note in sheet.conditions]
    assert {note.mark for note in notes} - {0} == set(range(1, len(sheet.sources) + 1))


def test_the_same_plan_gives_the_same_bytes():
    assert sheet_pdf(the_sheet()) == sheet_pdf(the_sheet())
    assert render_sheet(the_sheet()) == render_sheet(the_sheet())


def test_other_sessions_have_their_own_dates():
    of = planned()
    plan = of.plans[0]
    first, second = plan.sessions[0].on, plan.sessions[1].on
    sheet = the_sheet(of, 2)
    day_1 = next(row for row in sheet.rows if row.when == "Day 1")
    on = second + timedelta(days=1)
    assert day_1.dates == f"{on:%a} {on.day} {on:%b}"
    assert f"{first:%a} {first.day} {first:%b %Y} (session 1)" in sheet.others


@pytest.mark.parametrize("number", [0, -1, 99])
def test_a_session_that_is_not_there_is_refused(number):
    with pytest.raises(MicropenError, match="There is no session"):
        the_sheet(number=number)


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("Jürgen Groß", "Jürgen Groß"),
        ("Łucja Dvořák Őrség Nguyễn Çelik İnci", "Łucja Dvořák Őrség Nguyễn Çelik İnci"),
        ("Владимир Αθηνά", "Владимир Αθηνά"),
        ("O\u0308zlem", "Özlem"),
        ("张伟", "□□"),
        ("Mia 🙂", "Mia □"),
        ("a\x00\u202eb\u200d", "ab"),
    ],
)
def test_any_name_is_printed_or_boxed(title, printed):
    assert printable(title) == printed
    sheet = the_sheet(titled(planned(), title))
    said = words(sheet_pdf(sheet))
    assert printed in said
    assert ("typeface lacks" in said) == ("□" in printed)


def test_nothing_in_a_name_runs():
    page = render_sheet(the_sheet(titled(planned(), NASTY)))
    assert "<script" not in page
    assert "<b>bold" not in page
    assert "{{ 7 * 7 }}"[:6] in html.unescape(page)
    assert "http" not in page.split("</style>", 1)[1]
    assert "default-src 'none'" in html.unescape(page)
    assert "script" in words(sheet_pdf(the_sheet(titled(planned(), NASTY))))


def test_both_files_are_written_whole_or_not_at_all(tmp_path):
    of = planned()
    page, paper = write_aftercare(tmp_path, of, of.plans[0], name="care-1")
    assert {file.name for file in tmp_path.iterdir()} == {"care-1.html", "care-1.pdf"}
    assert paper.read_bytes().startswith(b"%PDF")
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    with pytest.raises(OutputError):
        write_aftercare(tmp_path / "none", of, of.plans[0])


def test_fonts_are_embedded():
    fonts = read(sheet_pdf(the_sheet())).pages[0]["/Resources"]["/Font"]
    used = [font.get_object() for font in fonts.values()]
    inter = [font for font in used if "Inter" in font["/BaseFont"]]
    assert len(inter) >= 2
    assert all("/FontFile2" in font["/FontDescriptor"] for font in inter)
