"""The page of a followed case: its sentences, its figures, and that nothing in it can run."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from datetime import datetime
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from followed_case import (
    ASK,
    BAD,
    CLINICIAN,
    DATES,
    FINDINGS,
    START,
    WATCH,
    absurd,
    followed,
    minimal,
)
from hypothesis import given
from hypothesis import strategies as st

from micropen.case import WARNING_SIGNS
from micropen.errors import OutputError
from micropen.estimation.result import (
    FACE,
    Axis,
    Band,
    DateLine,
    Finding,
    FitSummary,
    Followed,
    ReadPoint,
    Record,
    Score,
)
from micropen.report.following import render_following, write_following
from micropen.report.following.chart import HEIGHT, TOP, Frame, chart
from micropen.report.following.date_rows import date_rows
from micropen.report.following.headline import headline, next_date, told
from micropen.report.following.measures import NINE_OF_TEN, measure
from micropen.report.following.moments import Calendar
from micropen.report.following.tables import finding_rows, reading_rows, score_rows
from micropen.report.following.time_axis import SPAN, TimeAxis
from micropen.report.words import rarity

NAN = float("nan")
ONE = Calendar((0.0,), START)
THREE = Calendar((0.0, 28.0, 56.0), START)


class Words(HTMLParser):
    """Text of a page, outside style and script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self._silent = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [v or "" for k, v in attrs if k in {"src", "href"}]
        self._silent = tag in {"style", "script"}

    def handle_endtag(self, tag):
        self._silent = False

    def handle_data(self, data):
        if not self._silent:
            self.parts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.parts))


@pytest.fixture(scope="module")
def calm() -> str:
    return render_following(followed(), data_files={"course.csv": "your forecast"})


@pytest.fixture(scope="module")
def alarmed() -> str:
    return render_following(followed(alerts=(WATCH, ASK, CLINICIAN), fit=BAD))


def flat(value: float, spread: float = 0.5, axis: Axis = Axis.DIARY, key: str = "redness") -> Band:
    days = np.linspace(0.0, 30.0, 61)
    line = np.full(days.shape, value)
    return Band(key, axis, FACE, days, line - spread, line, line + spread)


def drawn(readings=(), bands=None, key="redness", axis=Axis.DIARY):
    frame = Frame(TimeAxis((0.0,), 30.0), ONE, 4.4)
    bands = bands or (flat(5.0, 2.0, axis, key), flat(4.0, 1.0, axis, key))
    return chart(measure(key, axis), FACE, bands, readings, frame)


def point(value: float, **changes) -> ReadPoint:
    given = {
        "key": "redness", "axis": Axis.DIARY, "zone": FACE, "day": 2.0, "value": value,
        "sd": 0.5, "source": "check-in", **changes,
    }  # fmt: skip
    return ReadPoint(**given)


# Days and dates


@pytest.mark.parametrize(
    ("calendar", "day", "words"),
    [
        (ONE, 4.4, "day 4 after the session"),
        (ONE, 0.3, "the day of the session"),
        (ONE, 0.6, "day 1 after the session"),  # ten in the morning and 14 hours: past midnight
        (ONE, -1.0, "1 day before the session"),
        (THREE, 27.9, "day 28 after session 1"),
        (THREE, 60.4, "day 4 after session 3"),
        (Calendar((0.0,), None), 0.9, "the day of the session"),
        (ONE, NAN, "no day known"),
    ],
)
def test_days_count_from_the_session_before_as_a_calendar_counts(calendar, day, words):
    assert calendar.since(day) == words


def test_a_day_has_its_date_only_where_the_first_session_has_one():
    assert ONE.date(4.4) == "Tuesday 12 May 2026"
    assert ONE.short(4.4) == "Tue 12 May, day 4"
    assert THREE.short(60.4) == "Tue 7 July, day 4 after session 3"
    assert Calendar((0.0,), None).date(4.4) == ""
    assert (
        ONE.of_reading(point(1.0, when=datetime(2026, 5, 10, 9, 5))) == "Sun 10 May, day 2, 09:05"
    )


# The headline


def test_without_an_alert_the_next_date_is_the_headline():
    top = headline(followed(), ONE)
    assert top.title == "Day 4 after the session: nothing unusual in what you entered"
    assert top.tone == "calm"
    assert top.lead == (
        "Next: peeling, over by Friday 15 May (day 7), in about 7 of 10 of your forecasts.",
    )


def test_the_alert_that_asks_for_most_is_the_headline_wherever_it_stands():
    top = headline(followed(alerts=(WATCH, CLINICIAN, ASK)), ONE)
    assert top.title == "Day 4 after the session: please let a clinician look at this"
    assert top.tone == "clinician"
    assert top.lead[0].startswith("You ticked redness and heat that spread. See a clinician today.")
    assert top.lead[1] == "2 more notices stand below."


def test_nothing_is_called_usual_before_anything_was_read():
    top = headline(minimal(), Calendar((0.0,), None))
    assert top.title == "The day of the session: nothing read yet"
    assert top.lead == ("Until the first photograph or check-in, this is what is typical.",)


def test_the_next_date_is_the_first_named_ahead_and_none_where_none_is():
    assert next_date(followed()).key == "peeling"
    assert next_date(followed(today_day=90.0)) is None
    assert next_date(followed(dates=DATES[::-1])).key == "next"
    assert next_date(minimal()) is None


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.034, "about 1 of 30"), (0.0042, "about 1 of 200"), (0.0001, "fewer than 1 of 1000"),
     (0.2, "about 2 of 10"), (NAN, ""), (0.001, "about 1 of 1000"), (0.0, "fewer than 1 of 1000")],
)  # fmt: skip
def test_a_rare_thing_is_said_as_one_of_many(share, words):
    assert rarity(share) == words


def test_how_much_the_data_told_is_said_in_words():
    said = [told(x) for x in (NAN, 0.05, 0.2, 0.5, 0.9)]
    assert said[0] == said[1] != said[2]
    assert said[2:] == ["a little", "a good part", "most of it"]


# Where days and values lie


def test_one_session_is_drawn_on_the_log_of_days():
    time = TimeAxis((0.0,), 30.0)
    assert time.at(0.0) == 0.0
    assert time.at(30.0) == SPAN
    assert time.at(4.4) == pytest.approx(SPAN * math.log(5.4) / math.log(31.0), abs=0.01)
    assert time.at(-3.0) == 0.0
    assert time.at(99.0) == SPAN


@given(
    gaps=st.lists(st.floats(1.0, 90.0), max_size=4),
    rest=st.floats(0.0, 90.0),
    days=st.tuples(st.floats(-5.0, 500.0), st.floats(-5.0, 500.0)),
)
def test_a_later_day_never_lies_further_left(gaps, rest, days):
    sessions = tuple(np.concatenate([[0.0], np.cumsum(gaps)]).tolist())
    time = TimeAxis(sessions, sessions[-1] + rest)
    first, second = sorted(days)
    assert 0.0 <= time.at(first) <= time.at(second) <= SPAN


@pytest.mark.parametrize("sessions", [(0.0,), (0.0, 28.0), (0.0, 28.0, 56.0), (0.0, 1.0)])
def test_labels_do_not_touch_and_each_session_is_its_day_0(sessions):
    ticks = TimeAxis(sessions, sessions[-1] + 42.0).ticks()
    places = [place for place, _ in ticks]
    assert places[1] - places[0] >= 11.0
    assert all(b - a >= 7.0 for a, b in pairwise(places[1:]))
    labels = [words for _, words in ticks]
    assert labels[0] == "day 0"
    assert labels.count("0") <= len(sessions) - 1


def test_a_band_is_drawn_in_order_and_a_reading_at_its_value():
    made = drawn([point(4.0)])
    mark = made.marks[0]
    yours, typical = (
        [float(p.split()[1]) for p in band.median[1:].split("L")]
        for band in (made.yours, made.typical)
    )
    assert yours == pytest.approx([mark.y - TOP] * len(yours), abs=0.11)
    assert max(typical) < min(yours)  # the typical five lies above the four
    reach = (mark.bottom - mark.top) / HEIGHT * (7.0 * 1.05)
    assert reach == pytest.approx(2 * NINE_OF_TEN * 0.5, abs=0.02)
    assert mark.say == "You: 4 of 10"
    assert mark.more == "Sun 10 May, day 2 · error bar 3.2 to 4.8 of 10"


def test_an_absurd_reading_is_hollow_named_and_does_not_flatten_the_figure():
    lone = drawn(
        key="erythema", axis=Axis.SIGN, bands=(None, flat(0.5, 0.1, Axis.SIGN, "erythema"))
    )
    red = point(2.4, key="erythema", axis=Axis.SIGN, doubt=0.997, source="red.jpg")
    made = drawn([red], key="erythema", axis=Axis.SIGN,
                 bands=(None, flat(0.5, 0.1, Axis.SIGN, "erythema")))  # fmt: skip
    assert made.ticks == lone.ticks
    assert (made.marks[0].doubtful, made.marks[0].beyond) == (True, "up")
    assert made.doubts == (
        "1002 % on Sun 10 May, day 2 (the photograph red.jpg) looks mistaken (more than 99 % "
        "sure): it counts little and is drawn hollow.",
    )
    assert made.yours == lone.yours


def test_a_credible_reading_widens_the_figure_instead():
    made = drawn([point(9.5, doubt=0.2)])
    assert not made.marks[0].doubtful
    assert made.marks[0].beyond == ""
    assert made.doubts == ()


def test_answers_and_their_error_bars_stay_on_their_scale():
    mark = drawn([point(10.0, sd=2.0)]).marks[0]
    assert mark.top == mark.y
    assert mark.more.endswith("error bar 6.7 to 10 of 10")


def test_the_values_of_today_stand_at_the_figure():
    made = drawn()
    assert made.now.say == "Yours: 4 of 10 (3 to 5)"
    assert made.now.more == "typical 5 of 10 (3 to 7) · Tue 12 May, day 4"
    assert made.now.at == TimeAxis((0.0,), 30.0).at(4.4)


@pytest.mark.parametrize("missing", [0, 1])
def test_a_figure_needs_only_one_of_the_two_bands(missing):
    bands = [flat(5.0), flat(4.0)]
    bands[missing] = None
    made = drawn(bands=tuple(bands))
    assert (made.typical is None, made.yours is None) == (missing == 0, missing == 1)
    assert made.now.say == ("Yours: 4 of 10 (3.5 to 4.5)" if not missing else
                            "Typical: 5 of 10 (4.5 to 5.5)")  # fmt: skip


def test_days_that_a_band_does_not_know_are_not_drawn():
    band = flat(4.0)
    band.median[:] = NAN
    made = drawn(bands=(flat(5.0), band))
    assert made.yours is None
    assert made.now.say == "Typical: 5 of 10 (4.5 to 5.5)"


def test_a_reading_without_any_band_is_drawn_alone():
    made = drawn([point(3.0)], bands=(None, None))
    assert len(made.marks) == 1
    assert made.now.say == ""


@pytest.mark.parametrize(
    ("key", "axis", "value", "words"),
    [("erythema", Axis.SIGN, math.log(2.0), "100 %"), ("redness", Axis.DIARY, 3.4, "3.4 of 10"),
     ("lesions", Axis.COUNT, 2.0, "2 spots"), ("lesions", Axis.COUNT, 1.0, "1 spot"),
     ("swelling", Axis.SIGN, 0.42, "0.4 mm"),
     ("unheard_of", Axis.SIGN, 1.5, "1.5"), ("scaling", Axis.SIGN, -0.02, "0 %"),
     ("gloss", Axis.SIGN, -0.02, "−2 %")],
)  # fmt: skip
def test_numbers_have_the_units_a_person_knows(key, axis, value, words):
    shown = measure(key, axis)
    assert shown.number(float(shown.shown(value))) == words


# Findings, dates, the record


def test_a_finding_lies_to_the_side_of_typical_that_it_tells():
    faster, _, lower, _ = finding_rows(FINDINGS)
    assert faster.at > 50.0 > lower.at
    assert faster.left <= faster.at <= faster.left + faster.width
    assert faster.left > 50.0  # its whole interval is above one
    assert faster.share == 52
    assert faster.sure == "about 9 of 10"


@pytest.mark.parametrize("ratio", [0.0, NAN, math.inf, 1e-9, 1e9])
def test_no_ratio_leaves_its_line(ratio):
    row = finding_rows([Finding("x", "x", 0.5, ratio, ratio, ratio, NAN)])[0]
    assert 0.0 <= row.at <= 100.0
    assert row.share == 0


def test_a_date_that_never_comes_has_no_place_and_one_without_end_goes_on():
    time = TimeAxis((0.0,), 42.0)
    rows = {row.line.key: row for row in date_rows(DATES, time, 4.4)}
    assert not rows["patches"].comes
    assert rows["redness"].past
    assert not rows["peeling"].past
    endless = DateLine("x", "X", "", "", 2.0, 5.0, math.inf, 0.5)
    row = date_rows([endless], time, 4.4)[0]
    assert row.left + row.width == pytest.approx(SPAN)
    late = date_rows([DateLine("x", "X", "", "", 9.0, math.inf, math.inf, 0.5)], time, 4.4)[0]
    assert (late.spans, late.comes, late.past) == (True, False, False)


@pytest.mark.parametrize(
    ("own", "other", "verdict"),
    [(1.5, 3.0, "50 % better than the typical forecast"),
     (3.3, 3.0, "10 % worse than the typical forecast"),
     (3.0, 3.0, "as good as the typical forecast"), (1.0, 0.0, ""), (NAN, 1.0, "")],
)  # fmt: skip
def test_an_earlier_forecast_is_compared_with_the_typical_one(own, other, verdict):
    row = score_rows([Score(START, 1.0, 10, NAN, own, other)], ONE)[0]
    assert row.verdict == verdict
    assert row.inside == "–"


def test_readings_are_grouped_by_moment_the_whole_face_first():
    given = (
        point(3.0),
        point(0.5, key="erythema", axis=Axis.SIGN, zone="chin", source="a.jpg", sd=0.0),
        point(0.5, key="erythema", axis=Axis.SIGN, source="a.jpg"),
        point(9.0, day=1.0, doubt=0.9),
    )
    groups = reading_rows(followed(readings=given), ONE)
    assert [when for when, _ in groups] == [
        "Sat 9 May, day 1 · check-in", "Sun 10 May, day 2 · a.jpg", "Sun 10 May, day 2 · check-in",
    ]  # fmt: skip
    face, chin = groups[1][1]
    assert (face.zone, chin.zone) == ("Whole face", "Chin")
    assert (face.value, chin.error) == ("65 %", "")
    assert groups[0][1][0].doubt == "looks mistaken"
    assert groups[2][1][0].error == "2.2 to 3.8"


# The page


def test_the_page_says_what_it_was_given(calm):
    text = Words(calm).text
    for said in (
        "Founding case · Tuesday 12 May 2026",
        "Your redness fades about 40 % faster than is typical (90 % sure).",
        "1.40 times typical (1.05 to 1.85)",
        "a good part (52 %)",
        "typical: until Monday 11 May (day 3)",
        "from Saturday 16 May (day 8)",
        "Of 115 later readings",
        "38 % better than the typical forecast",
        "1 840 effective draws",
        "day 1b.jpg was left out",
        "Drawn on day 4.jpg",
        "Wednesday 13 May, day 5",
        "Not a medical device.",
    ):
        assert re.sub(r"\s+", " ", said) in text
    assert "looks mistaken (97 % sure)" in text
    assert "Take the numbers on this page with caution" not in text


@pytest.mark.parametrize("page", ["calm", "alarmed", "minimal"])
def test_red_flags_stand_on_every_page(page, request):
    html = render_following(minimal()) if page == "minimal" else request.getfixturevalue(page)
    text = Words(html).text
    assert "micropen does not see everything." in text
    assert all(words[1:] in text for words in WARNING_SIGNS.values())


def test_an_alert_tells_its_level_in_words_what_was_seen_and_what_to_do(alarmed):
    text = Words(alarmed).text
    assert text.index("See a clinician ") < text.index("Ask your practitioner ")
    assert text.index("Ask your practitioner ") < text.index("Look again ")
    for alert in (WATCH, ASK, CLINICIAN):
        for part in (alert.title, alert.sentence, alert.harmless, alert.advice, *alert.evidence):
            assert part in text
    assert "about 1 of 200 of your own forecasts" in text
    assert text.count("By chance alone") == 2  # a red flag needs no probability


def test_an_estimate_that_did_not_settle_is_said_first_and_last(alarmed):
    text = Words(alarmed).text
    assert text.count(BAD.sentence) == 2
    assert text.index(BAD.sentence) < text.index("What I learned about you")
    assert "r_hat" in text


def test_the_least_case_has_a_whole_page():
    text = Words(render_following(minimal())).text
    assert "Too little yet to say how you differ" in text
    assert "How your skin may look" not in text
    assert "How it goes" not in text
    assert "Your dates" not in text
    assert "No forecast of mine is old enough" in text


def test_pictures_are_marked_as_simulated_and_the_photograph_is_not(calm):
    marked = re.findall(r'<li data-simulated="(\w+)">.*?alt="([^"]*)"', calm, re.S)
    assert [simulated for simulated, _ in marked] == ["false"] + ["true"] * 6
    assert all(("simulated" in alt) == (simulated == "true") for simulated, alt in marked)


def test_pictures_without_a_photograph_of_today_start_with_the_first_simulated(calm):
    html = render_following(followed(picture_of_today=b""))
    assert 'id="picture-today"' not in html
    assert html.count('data-simulated="true"') == 6


def test_nothing_in_the_page_is_fetched_and_only_its_own_script_runs(calm):
    found = Words(calm)
    assert all(a.startswith(("data:", "#")) or a == "course.csv" for a in found.addresses)
    assert not re.search(r"""\s(style|on\w+)=["']""", calm)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', calm)[1].replace("&#39;", "'")
    assert policy.startswith("default-src 'none'")
    for kind in ("style", "script"):
        body = re.search(rf"<{kind}>(.*?)</{kind}>", calm, re.S)[1]
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_every_text_is_escaped():
    nasty = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    scores = (Score(START, 1.0, 3, 0.9, 1.0, 2.0),)
    hostile = followed(
        title=nasty,
        readings=(*absurd(), point(2.0, source=nasty, doubt=0.9, zone=nasty, key=nasty)),
        findings=(Finding(nasty, nasty, 0.8, 1.2, 1.0, 1.4, 0.5),),
        dates=(DateLine(nasty, nasty, nasty, nasty, 5.0, 6.0, 7.0, 0.5, nasty),),
        alerts=(type(WATCH)(nasty, WATCH.level, nasty, nasty, 0.1, (nasty,), nasty, nasty, 4.0),),
        record=Record(scores, nasty),
        fit=FitSummary(nasty, False, nasty, {nasty: 1.0}, {nasty: 1.0}),
        picture_note=nasty,
        notes=(nasty,),
    )
    html = render_following(hostile, data_files={nasty: nasty})
    assert html.count("<script>") == 1
    assert "<img src=x" not in html
    assert "onerror=alert(1)>" not in html.replace("&gt;", "")


@pytest.mark.parametrize("value", [NAN, math.inf])
def test_a_number_that_is_none_breaks_nothing(value):
    html = render_following(
        followed(
            readings=(point(value), point(2.0, day=value), point(2.0, sd=value)),
            findings=(Finding("x", "X.", value, value, value, value, value),),
            dates=(DateLine("x", "X", "a", "b", value, value, value, NAN),),
            record=Record((Score(START, 1.0, 0, NAN, NAN, value),), "None."),
        )
    )
    assert not re.search(r'"-?(nan|inf)%?"', html)
    assert "nan" not in Words(html).text


def test_the_page_is_written_whole_and_replaces_the_one_before(tmp_path: Path):
    page = write_following(tmp_path, minimal(title="First"))
    assert page == tmp_path / "follow.html"
    write_following(tmp_path, minimal(title="Second"), data_files={"a b.csv": "numbers"})
    html = page.read_text(encoding="utf-8")
    assert "Second" in html
    assert 'href="a%20b.csv"' in html
    assert list(tmp_path.iterdir()) == [page]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(OutputError, match="does not exist"):
        write_following(tmp_path / "none", minimal())


def test_three_sessions_are_marked_and_days_count_from_each():
    case: Followed = followed(sessions=3)
    html = render_following(case)
    assert "Day 4 after session 3" in html
    assert "session 2</text>" in html
