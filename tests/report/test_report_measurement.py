"""The page of a measured series: its sentences, its numbers, and that nothing in it can run."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from measured_series import (
    HAIR,
    HALF_MORE,
    METHODS,
    SESSION,
    ZONES,
    band,
    measured,
    row,
)

from micropen.evidence import load_parameters
from micropen.measurement.result import SeriesMeasurement
from micropen.report.measurement import render_measurement, write_measurement
from micropen.report.measurement.leaning import leanings
from micropen.report.measurement.page import sure
from micropen.report.measurement.page_data import page_data
from micropen.report.measurement.shown import shown_methods
from micropen.report.measurement.summary import summarise
from micropen.report.measurement.tables import change_rows, lesion_tracks, photo_cards
from micropen.report.measurement.words import photo_labels, where
from micropen.report.words import plain


@pytest.fixture(scope="module")
def series(demo_portrait_file: Path) -> SeriesMeasurement:
    return measured(demo_portrait_file)


@pytest.fixture(scope="module")
def page(series: SeriesMeasurement) -> str:
    files = {"readings.csv": "every reading"}
    return render_measurement(series, [band()], SESSION, methods=METHODS, data_files=files)


def finding(series: SeriesMeasurement, sign: str):
    found = summarise(series, shown_methods(series, METHODS)).findings
    return next(f for f in found if f.sign == sign)


def test_the_headline_names_what_changed_where_and_since_when(series):
    summary = summarise(series, shown_methods(series, METHODS))
    assert summary.headline == "Since Thursday 4 June: more redness on the right cheek"
    assert "cannot tell about pigment" in summary.lead
    assert "No change in glow" in summary.lead


def test_a_single_change_is_said_with_its_interval(series):
    """ln(1.5) is 50 % more; 1.96 * 0.05 to both sides is 36 to 65 %."""
    found = finding(series, "erythema")
    assert found.answer == "More"
    assert found.tone == "changed"
    assert found.sentences[0] == "More on the right cheek: up by 50 % (95 % interval 36 to 65 %)."
    assert "no change on the forehead, the left cheek and the chin" in found.sentences[1].lower()


def test_the_strongest_earlier_day_is_said(series):
    """Both cheeks, 1.5 squared: 125 % more on day 1."""
    assert (
        finding(series, "erythema")
        .sentences[-1]
        .startswith("Furthest from the baseline on Saturday 6 June 2026: up by 125 %")
    )


def test_what_cannot_be_told_is_no_answer_and_gives_its_reason(series):
    assert finding(series, "pigment").answer == "Cannot tell"
    assert finding(series, "pigment").tone == "unknown"
    text = " ".join(finding(series, "gloss").sentences)
    assert f"Cannot tell on the forehead: h{HAIR[1:]}" in text


def test_zones_whose_reasons_differ_only_in_name_and_figure_share_one_as_an_example(series):
    def late(zone: str, reason: str):
        return row("day 4.png", "gloss", zone, 0.0, 0.05, reason)

    rows = [
        late("cheek_left", "The left cheek could only be laid to 1.2 mm"),
        late("cheek_right", "The right cheek could only be laid to 1.7 mm"),
        late("forehead", HAIR),
    ]
    text = " ".join(finding(replace(series, rows=tuple(rows)), "gloss").sentences)
    assert "on both cheeks: for example, the left cheek could only be laid to 1.2 mm." in text
    assert f"Cannot tell on the forehead: h{HAIR[1:]}." in text


@pytest.mark.parametrize(("share", "words"), [(0.999, "> 99 %"), (1.0, "> 99 %"), (0.9, "90 %")])
def test_no_breakout_is_certain(share, words):
    assert sure(share) == words


def test_less_of_something_is_said_as_less(series):
    down = [row("day 4.png", "erythema", z, -HALF_MORE, 0.05) for z in ZONES]
    found = finding(replace(series, rows=tuple(down)), "erythema")
    assert (found.answer, found.tone) == ("Less", "changed")
    assert found.sentences[0] == "Less on all parts of the face: down by 33 %."


def test_a_real_change_that_nobody_would_notice_makes_no_headline(series):
    small = [row("day 4.png", "erythema", z, 0.02, 0.005) for z in ZONES]
    tiny = replace(series, rows=tuple(small))
    summary = summarise(tiny, shown_methods(tiny, METHODS))
    assert summary.headline == "Since Thursday 4 June: only changes too small to be noticed"
    assert summary.findings[0].answer == "Hardly any change"
    assert summary.findings[0].sentences[0] == (
        "More on all parts of the face: up by 2.0 %, too little to be noticed."
    )


def test_a_series_of_one_photograph_says_that_nothing_can_be_compared(series):
    alone = replace(series, photos=(series.photos[0], series.photos[3]), rows=(), lesions=())
    alone = replace(alone, pictures=series.pictures[:1])
    summary = summarise(alone, {})
    assert summary.headline == "Nothing can be compared yet"
    assert "No face was found" in summary.lead
    assert "Nothing can be compared yet" in render_measurement(alone, methods=METHODS)


@pytest.mark.parametrize(
    ("zones", "of", "words"),
    [
        (["nose"], 13, "on the nose"),
        (["cheek_right", "cheek_left", "nose"], 13, "on the nose and both cheeks"),
        (["periorbital_left", "chin"], 13, "on the chin and around the left eye"),
        (["glabella"], 5, "between the brows"),
        (list(ZONES), 4, "on all parts of the face"),
    ],
)
def test_places_are_named_as_people_say_them(zones, of, words):
    assert where(zones, of) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(62.4, "+62"), (-3.14, "−3.1"), (0.02, "0"), (9.96, "+10"), (2.0, "+2"), (np.nan, "–")],
)
def test_numbers_have_the_digits_they_deserve(value, words):
    assert plain(value) == words


def test_photographs_with_equal_dates_are_told_apart(series):
    twin = replace(series.photos[1], name="second.png")
    labels = photo_labels((*series.photos, twin))
    assert labels["day 1.png"] == "Day 1 · Sat 6 Jun · day 1.png"
    assert labels["second.png"] == "Day 1 · Sat 6 Jun · second.png"
    assert labels["day 4.png"] == "Day 4 · Tue 9 Jun"
    assert labels["before.png"] == "Baseline · Thu 4 Jun"


def test_a_photograph_without_a_date_is_never_the_latest(series):
    odd = replace(series.photos[1], name="odd.png", taken_at=None, day=float("nan"))
    more = [replace(r, photo="odd.png") for r in series.rows if r.photo == "day 1.png"]
    both = replace(series, photos=(*series.photos, odd), rows=(*series.rows, *more))
    assert summarise(both, shown_methods(both, METHODS)).latest.name == "day 4.png"
    undated = replace(series, photos=tuple(replace(p, taken_at=None) for p in series.photos[:3]))
    summary = summarise(undated, shown_methods(undated, METHODS))
    assert summary.headline.startswith("Since the baseline: more redness")
    assert summary.lead.startswith("The photograph of day 4 against the baseline of day −1.")


def test_the_table_holds_every_reading_in_the_shown_unit(series):
    tables = change_rows(series, shown_methods(series, METHODS))
    assert sum(len(found) for found in tables.values()) == len(series.rows)
    shown = next(
        r for r in tables["day 4.png"] if (r.method, r.zone) == ("erythema_reading", "cheek_right")
    )
    assert (shown.change, shown.interval, shown.verdict) == ("+50 %", "+36 to +65 %", "more")
    assert shown.smallest == "±10 %"
    hidden = next(
        r for r in tables["day 4.png"] if (r.method, r.zone) == ("gloss_reading", "forehead")
    )
    assert (hidden.change, hidden.verdict, hidden.reason) == ("–", "not measurable", f"{HAIR}.")


def test_points_and_forecast_share_their_unit(series):
    data = page_data(series, shown_methods(series, METHODS), [band()])
    points = {p["photo"]: p for p in data["series"]["cheek_right"]["erythema"]}
    assert points["day 4.png"]["at"] == pytest.approx(50.0, abs=1e-3)
    assert points["day 4.png"]["kind"] == "real"
    assert data["series"]["cheek_left"]["erythema"][1]["kind"] == "same"
    assert data["series"]["chin"]["pigment"][0]["kind"] == "unsure"
    assert data["series"]["forehead"]["gloss"][0]["kind"] == "none"
    days, low, median, high = data["bands"]["cheek_right"]["erythema"]
    assert days[0] == 0.0
    assert median[0] == pytest.approx(50.0, abs=1e-3)
    assert low[0] < median[0] < high[0]


def test_a_reading_of_the_baseline_itself_is_no_point_and_no_line(series):
    own = replace(row("day 1.png", "erythema", "chin", 0.0, 0.01), photo="before.png")
    shown = shown_methods(series, METHODS)
    more = replace(series, rows=(own, *series.rows))
    assert page_data(more, shown, [])["series"] == page_data(series, shown, [])["series"]
    assert change_rows(more, shown) == change_rows(series, shown)


def test_photograph_cards_say_what_was_not_measured(series):
    cards = photo_cards(series.photos)
    assert cards[2].zone_reasons == (("Forehead", f"{HAIR}."),)
    assert cards[1].alignment == "0.4 mm, at most 0.4 mm (forehead)"
    assert cards[1].reference == "skin that was not treated"
    assert cards[0].alignment == ""


def test_each_breakout_is_followed(series):
    tracks = lesion_tracks(series.lesions, photo_labels(series.photos))
    assert [(t.number, len(t.seen)) for t in tracks] == [(1, 2), (2, 1), (3, 1)]
    assert tracks[0].seen == ("Day 1 · Sat 6 Jun", "Day 4 · Tue 9 Jun")


def test_another_method_of_a_sign_does_not_stand_for_it(series):
    second = replace(METHODS["erythema_reading"], name="other", main=False, label="a second way")
    rows = [replace(r, method="other") for r in series.rows if r.sign == "erythema"]
    both = replace(series, rows=(*rows, *series.rows))
    shown = shown_methods(both, {**METHODS, "other": second})
    assert [s.method for s in shown.values() if s.sign == "erythema"] == [
        "erythema_reading",
        "other",
    ]
    assert shown["other"].title == "A second way"
    assert not shown["other"].first


def test_evidence_is_the_weakest_grade_of_a_methods_numbers(series):
    parameters = load_parameters()
    weak = next(p.name for p in parameters if p.grade.value == "D")
    strong = next(p.name for p in parameters if p.grade.value == "A")
    leaning = replace(METHODS["erythema_reading"], parameters=(strong, weak))
    found = leanings(shown_methods(series, METHODS), {leaning.name: leaning}, parameters)
    by_name = {line.shown.method: line for line in found}
    assert by_name["erythema_reading"].grade == "D"
    assert len(by_name["erythema_reading"].sources) >= 2
    assert by_name["gloss_reading"].grade == ""


def test_nothing_on_the_page_asks_for_anything(page):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    assert "default-src &#39;none&#39;" in policy
    style = re.search(r"<style>(.*?)</style>", page, re.S)[1]
    script = re.findall(r"<script>(.*?)</script>", page, re.S)[0]
    for text in (style, script):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"sha256-{digest}" in policy
    assert "url(" not in style.replace("url(#", "")
    assert not re.search(r"""(?:src|srcset)=["'](?!data:)""", page)
    assert "style=" not in re.sub(r"<script.*?</script>", "", page, flags=re.S)


def test_texts_are_escaped(page):
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;.png" in page
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)[1]
    assert json.loads(data)["photos"][0]["name"] == "before.png"


def test_the_page_reads_without_scripts(page):
    """Pictures, numbers and reasons stand in the document itself."""
    plain_page = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert plain_page.count('src="data:image/jpeg') == 3
    assert "+36 to +65 %" in plain_page
    assert HAIR in plain_page
    assert "Not a medical device" in plain_page
    assert 'href="readings.csv"' in plain_page


def test_the_page_is_written_into_the_folder_given(series, tmp_path):
    file = write_measurement(tmp_path, series, [band()], SESSION)
    assert file.parent == tmp_path
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")
