"""The validation page: axes, figures, words, and that nothing on it misleads."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from micropen.evidence import Grade
from micropen.observation import scale, scales
from micropen.report.axis import axis_for
from micropen.report.validation import NotUsed, Provenance, Validation, Verdicts, write_validation
from micropen.report.validation.agreement import coverages, histogram
from micropen.report.validation.families import family_of, family_title
from micropen.report.validation.forest import figures, short_name
from micropen.report.validation.page import lead, render_page
from micropen.report.validation.records import record, table
from micropen.report.validation.timeline import day_place, sign_figures
from micropen.studies.account import Curve, Replay, Statement
from micropen.studies.prediction import Prediction
from micropen.studies.score import overall, score
from micropen.studies.study import Arm, Claim, Finding, Group, Role, Spread, Statistic, Study
from micropen.studies.validation_row import Row, published_error

NAN, INF = float("nan"), float("inf")
GROUP = Group(20, Spread(30, 5, 18, 60), {3: 1.0}, 1.0, 0.5, 0.5, 0.5, 0.0, 0.0, 0.0)


def finding(value=1.0, name="erythema_clinician", **changes):
    base = Finding(
        "s.row", "pen", "", name, Statistic.MEAN, NAN, 1.0, Claim.EQUALS, value, value, NAN, NAN,
        20, Grade.A, Role.HELD_OUT, (), "",
    )  # fmt: skip
    return replace(base, **changes)


def row(found=None, sample=None, citation="Nobody A, Else B (2024). J Test 1:1", key="s"):
    found = found or finding()
    arm = Arm("pen", GROUP, ((),), ("cheek_left",), {}, False, "", ("passes",))
    study = Study(key, "t", citation, Role.FIT, "", "", {"pen": arm}, (found,), Path("s.toml"))
    values = np.linspace(0.0, 3.0, 100) if sample is None else np.asarray(sample)
    expected = Prediction(values, 0.4 if found.claim is not Claim.EQUALS else NAN)
    on = scale(found.scale)
    return Row(study, found, on, True, expected, score(found, on, expected))


def statement(**changes):
    base = Statement(
        "red", "erythema", "day 1", "A little pink & <fine>.", "between slight and strong",
        "level", "1", 1.0, NAN, "1", 0.1, 0.7, 0.05, 0.3, 0.8, 0.8,
    )  # fmt: skip
    return replace(base, **changes)


def validation(rows=(), not_used=()):
    by_role = {role.value: [r for r in rows if r.finding.role is role] for role in Role}
    verdicts = {
        name: Verdicts(overall([r.scored for r in some]), None, None, 0, 0)
        for name, some in by_role.items()
    }
    days = np.linspace(0.0, 150.0, 50)
    curve = Curve("erythema", days, 0.0 * days, np.exp(-days), 2.0 * np.exp(-days))
    made = Provenance("set", "0" * 16, "", 200, 0)
    return Validation(
        tuple(rows), verdicts, Replay((statement(),), (curve,)), tuple(not_used), made
    )


@given(st.lists(st.floats(-1e4, 1e4) | st.sampled_from([INF, -INF, NAN]), max_size=20))
def test_an_axis_holds_every_finite_value_and_has_a_few_ticks(values):
    axis = axis_for(values)
    for value in values:
        if math.isfinite(value):
            assert not axis.beyond(value)
            assert 0.0 <= axis.at(value) <= 100.0
    assert 2 <= len(axis.ticks) <= 8
    assert list(axis.ticks) == sorted(axis.ticks)


def test_every_scale_of_the_program_has_a_family_with_a_title():
    assert {family_of(name) for name in scales()} - {"other"}
    for name in scales():
        assert family_of(name) != "other"
        assert family_title(family_of(name))


@pytest.mark.parametrize(
    ("citation", "expected"),
    [
        ("Dogra S, Yadav S (2014). J Cosmet", "Dogra 2014"),
        ("Al-Qarqaz F (2018). J", "Al-Qarqaz 2018"),
        ("Several clinics' pages (2022)", "s"),
        ("One person's account (2018)", "s"),
        ("Sharma S, Kaur T (year not seen). J", "s"),
    ],
)
def test_short_names_are_author_and_year_or_the_key(citation, expected):
    assert short_name(row(citation=citation)) == expected


def test_rows_on_one_axis_share_a_panel_and_roles_differ_in_words_and_shape():
    rows = [
        row(finding()),
        row(finding(2.0, role=Role.FIT)),
        row(finding(0.4, statistic=Statistic.SHARE, threshold=1.0), np.linspace(0, 1, 50)),
        row(finding(-0.3, name="masi_change"), np.linspace(-0.5, 0, 50)),
    ]
    found = figures(rows)
    titles = [panel.title for figure in found for panel in figure.panels]
    assert len(found) == 2
    assert titles.count("share of people, %") == 1
    assert "relative change, %" in titles
    page = render_page(validation(rows))
    assert 'class="mark held_out" d="M0 -8' in page
    assert 'class="mark fit" r="6"' in page
    assert ">held out</span>" in page
    assert ">fitted</span>" in page


@pytest.mark.parametrize(
    ("claim", "low", "high", "words"),
    [
        (Claim.AT_MOST, -INF, 2.0, "at most 2"),
        (Claim.AT_LEAST, 1.0, INF, "at least 1"),
        (Claim.BETWEEN, 1.0, 2.0, "1 to 2"),
    ],
)
def test_bounds_are_drawn_open_where_they_are_open(claim, low, high, words):
    one = row(finding(claim=claim, low=low, high=high))
    assert one.published == words
    assert one.verdict == "compatible"
    strip = figures([one])[0].panels[0].strips[0]
    assert strip.value is None
    assert strip.claim.open_start == math.isinf(low)
    assert strip.claim.open_end == math.isinf(high)


@pytest.mark.parametrize(
    ("days", "words"),
    [(1 / 24, "60 min"), (0.125, "3 h"), (2.5, "2.5 d"), (INF, "never"), (0, "0")],
)
def test_times_are_written_as_people_say_them(days, words):
    event = row(finding(2.0, name="erythema_gone_days", day=None))
    assert event.number(days) == words.replace("60 min", "1 h")


@pytest.mark.parametrize(
    ("found", "name", "expected"),
    [
        (finding(2.0, standard_error=0.1), "erythema_clinician", (1.8355, 2.1645)),
        (finding(2.0, sd=1.0, n=25), "erythema_clinician", (1.671, 2.329)),
        (finding(0.5, statistic=Statistic.SHARE, n=10), "erythema_clinician", (0.2224, 0.7776)),
    ],
)
def test_a_published_number_has_its_own_interval(found, name, expected):
    assert published_error(found, scale(name)) == pytest.approx(expected, abs=1e-3)


def test_without_spread_no_interval_is_made_up():
    assert all(math.isnan(x) for x in published_error(finding(), scale("erythema_clinician")))


def test_the_histogram_holds_every_number_once():
    rows = [row(finding(v, key=f"s.{k}")) for k, v in enumerate(np.linspace(0.1, 2.9, 30))]
    rows.append(row(finding(claim=Claim.AT_MOST, low=-INF)))
    counts = histogram(rows)
    assert sum(bar.held_out for bar in counts.bars) == 30
    assert counts.expected == pytest.approx(30 / len(counts.bars))
    assert counts.low <= counts.expected <= counts.high


def test_coverage_rises_from_none_to_all_and_gives_each_study_one_vote():
    good = [row(finding(1.5, key=f"a.{k}"), key="a") for k in range(9)]
    bad = [row(finding(9.0, key="b.0"), key="b")]
    (curve,) = coverages(good + bad)
    shares = [share for _, share in curve.points]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert dict(curve.points)[0.9] == pytest.approx(0.5)
    assert (curve.rows, curve.studies) == (10, 2)


def test_the_first_sentence_says_when_nothing_was_held_out():
    assert "tests the model" in lead(validation([row(finding(role=Role.FIT))]))
    assert "1 row from 1 study" in lead(validation([row()]))
    assert "1 agrees" in lead(validation([row()]))


def test_the_account_is_drawn_where_it_was_said():
    (figure,) = sign_figures(validation().founding_case)
    (mark,) = figure.marks
    assert mark.left == mark.right == day_place(1.0)
    assert mark.top < mark.bottom
    assert day_place(0.0) == 0.0
    assert day_place(1e9) == 100.0


def test_everything_that_others_wrote_is_escaped():
    left = NotUsed("bad", "", "<script>alert(1)</script>", True, True)
    page = render_page(validation([row(citation="Nobody <i> (2024)")], [left]))
    assert "<script>alert" not in page
    assert "Nobody &lt;i&gt;" in page
    assert "pink &amp; &lt;fine&gt;" in page


def test_json_has_no_infinity_and_csv_one_line_a_row(tmp_path):
    rows = [row(finding(claim=Claim.AT_MOST, low=-INF, high=2.0)), row(sample=[1.0, INF] * 20)]
    made = validation(rows)
    text = json.dumps(record(made), allow_nan=False)
    assert json.loads(text)["rows"][1]["predicted"]["p95"] is None
    assert len(table(rows).splitlines()) == 3
    page = write_validation(tmp_path / "out", made)
    assert page.is_file()
    assert write_validation(tmp_path / "out", made) == page  # an earlier one is replaced


def test_a_page_without_any_row_still_renders():
    page = render_page(validation())
    assert "No row here was held out" in page
    assert not re.search(
        r"\bnan\b|\binf\b", re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.S)
    )
