"""The page of a plan: its sentences, its drawings, and that nothing in it can run or be fetched."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import planning_examples as made
import pytest
from hypothesis import given
from hypothesis import strategies as st

from micropen.errors import OutputError
from micropen.evidence import Grade
from micropen.planning.intake.client import Diary, Event, Wish
from micropen.planning.result import FrontPoint, GainAfter, LagChance, Spread
from micropen.planning.suitability.verdict import Verdict
from micropen.report.planning import PAGE, render_planning, write_planning
from micropen.report.planning.event_chart import event_card
from micropen.report.planning.findings import finding_rows
from micropen.report.planning.front import front
from micropen.report.planning.gains import gain_chart
from micropen.report.planning.headline import (
    apart,
    event_lines,
    headline,
    plan_sentence,
    to_dos,
    when,
)
from micropen.report.planning.months import CELL, months
from micropen.report.planning.name_places import Anchor, name_places
from micropen.report.planning.plan_card import card_facts, price_rows, zone_rows
from micropen.report.planning.scale import SPAN, stops
from micropen.report.planning.wording import (
    LONGER,
    band,
    cited,
    days,
    halves,
    more_days,
    more_points,
    more_risk,
    per_cent,
    risk_band,
)
from micropen.report.planning.wording import months as months_words

INF, NAN = math.inf, math.nan
PEOPLE = "people like you"
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """A page taken apart; unbalanced tags fail."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.parts: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.nameless: list[str] = []
        self._hidden: list[bool] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        given = {key: value or "" for key, value in attrs}
        self.tags.append((tag, given))
        if tag in VOID:
            return
        self.open.append(tag)
        named = bool(given.get("aria-label")) and given.get("role") == "img"
        inside = bool(self._hidden) and self._hidden[-1]
        known = inside or given.get("aria-hidden") == "true" or named
        if tag == "svg" and not known:
            self.nameless.append(self.get_starttag_text())
        self._hidden.append(known)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open
        assert self.open.pop() == tag
        self._hidden.pop()

    def handle_data(self, data):
        if not self.open or self.open[-1] not in {"style", "script"}:
            self.parts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.parts)).replace("\u00a0", " ")

    def of(self, name: str) -> list[str]:
        return [given[name] for _, given in self.tags if name in given]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {name: render_planning(of()) for name, of in made.ALL.items()}


@pytest.fixture(scope="module")
def pages(texts) -> dict[str, Page]:
    return {name: Page(text) for name, text in texts.items()}


@pytest.fixture(params=list(made.ALL))
def page(request, pages) -> Page:
    return pages[request.param]


# The page as a whole


def test_every_tag_is_closed_and_every_drawing_has_a_name(page):
    assert page.nameless == []


def test_nothing_is_fetched(page):
    assert not [tag for tag, _ in page.tags if tag in {"img", "iframe", "object", "video"}]
    assert page.of("src") == []
    assert [with_["href"] for tag, with_ in page.tags if tag == "link"] == ["data:,"]
    outside = {tag for tag, with_ in page.tags if with_.get("href", "").startswith("http")}
    assert outside <= {"a"}
    assert "url(#hatch)" in resource_style()
    assert not re.findall(r"url\((?!#)|@import", resource_style())


def resource_style() -> str:
    return re.search(r"<style>(.*?)</style>", render_planning(made.refused()), re.S)[1]


@pytest.mark.parametrize("name", ["go", "refused", "wordy"])
def test_the_policy_allows_this_style_and_script_alone(texts, name):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', texts[name])[1]
    policy = policy.replace("&#39;", "'")
    for kind in ("style", "script"):
        inside = re.search(rf"<{kind}>(.*?)</{kind}>", texts[name], re.S)[1]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert " style=" not in texts[name].split("</style>")[1]


def test_names_inside_the_page_lead_somewhere_and_once(page):
    ids = Counter(page.of("id"))
    assert all(count == 1 for count in ids.values())
    targets = [name for text in page.of("aria-labelledby") for name in text.split()]
    targets += [address[1:] for address in page.of("href") if address.startswith("#")]
    targets += page.of("data-see")
    assert set(targets) <= set(ids)


def test_what_others_wrote_is_shown_to_the_letter(pages, texts):
    assert "<script>alert" not in texts["wordy"]
    assert texts["wordy"].count("<script>") == 1
    assert "<b>bold" not in texts["wordy"]
    assert made.NASTY in pages["wordy"].text


def test_the_same_plan_gives_the_same_bytes(texts):
    for name in ("go", "refused", "wordy"):
        assert render_planning(made.ALL[name]()) == texts[name]


def test_it_is_written_in_one_step_or_not_at_all(tmp_path):
    page = write_planning(tmp_path, made.planned(), data_files={"a b.ics": "a calendar"})
    assert page == tmp_path / PAGE
    assert 'href="a%20b.ics"' in page.read_text(encoding="utf-8")
    with pytest.raises(OutputError):
        write_planning(tmp_path / "missing", made.planned())
    assert [file.name for file in tmp_path.iterdir()] == [PAGE]


def test_no_number_is_a_programmers(page):
    assert not re.search(r"\b(nan|inf|None|True|False)\b|\d\.\d{3}", page.text)


# The verdict


@pytest.mark.parametrize(
    ("of", "tone", "title"),
    [
        (made.planned, "go", "Yes: nothing you answered speaks against it"),
        (made.with_conditions, "conditions", "Yes, with three things to keep to"),
        (made.deferred, "defer", "Not yet: from Thu 15 April 2027 on"),
        (made.refused, "clinician", "Please ask a clinician before any session"),
        (made.unanswered, "open", "Before a plan: three questions"),
        (made.nothing_fits, "none", "You can be treated, but no plan fits"),
    ],
)
def test_the_verdict_is_the_headline(of, tone, title):
    top = headline(of())
    assert (top.tone, top.title) == (tone, title)


def test_a_clinician_goes_before_open_questions_and_a_question_before_a_plan():
    asked = replace(made.refused().suitability, questions=made.QUESTIONS)
    assert headline(made.planned(suitability=asked, plans=())).tone == "clinician"
    later = replace(made.deferred().suitability, questions=made.QUESTIONS[:1])
    top = headline(made.planned(suitability=later, plans=()))
    assert top.title == "Before a plan: one question"
    assert top.lead == ("Nothing is planned while it is open. Not known is not the same as no.",)


def test_conditions_without_anything_to_do_are_not_counted():
    silent = replace(made.MELASMA, condition="")
    suited = replace(made.with_conditions().suitability, findings=(silent,))
    assert headline(made.planned(suitability=suited)).title == "Yes, with care"


def test_a_day_that_nobody_knows_is_not_made_up():
    suited = replace(made.deferred().suitability, earliest=None)
    top = headline(made.planned(suitability=suited, plans=()))
    assert top.title == "Not yet"
    assert top.lead == ("No day can be named yet: what has to pass stands below.",)


def test_where_a_clinician_is_asked_there_is_no_plan_and_it_says_why_and_whom(pages):
    text = pages["refused"].text
    assert "keloids and blood thinners have to be looked at first" in text
    assert "A dermatologist, or the doctor who treats you" in text
    assert "Do not stop them by yourself." in text
    for word in ("micropen forecast", "treatments/", "recommended", "The calendar"):
        assert word not in text
    # What holds around sessions has no place before there may be one.
    assert [todo.title for todo in to_dos(made.refused().suitability, None, made.TODAY)] == [
        "Blood thinners"
    ]


def test_questions_stand_with_their_key_and_what_they_decide(pages):
    text = pages["unanswered"].text
    for question in made.QUESTIONS:
        assert question.text in text
        assert f"It decides {question.why}." in text
        assert f"Key {question.key} : yes or no" in text
    assert text.count("or the date when it was last so") == 2
    assert "Every question was answered" not in text


def test_a_plan_after_a_wait_says_that_it_is_one(pages):
    assert "This is the plan from then on, if nothing changes." in pages["deferred"].text
    assert "until Wed 14 April 2027" in pages["deferred"].text
    assert "This is the plan" not in pages["deferred-alone"].text


def test_findings_are_told_gravest_first_with_source_and_grade():
    suited = replace(
        made.refused().suitability, findings=(made.RETINOIDS, made.LASER, made.KELOIDS)
    )
    rows = finding_rows(made.planned(suitability=suited))
    assert [row.tone for row in rows] == ["clinician", "defer", "conditions"]
    assert rows[0].source == "SkinPen Precision, instructions for use (2018)"
    assert rows[0].grade_words == "trials or a regulator"


@pytest.mark.parametrize(
    ("before", "after", "until", "words"),
    [
        (5, 7, None, "from 5 days before each session to 7 days after it; "
         "that is, from Sun 3 January 2027 on"),
        (28, 0, None, "from 4 weeks before each session; that is, from Fri 11 December 2026 on"),
        (60, 0, None, "from 60 days before each session; that is, from now on"),
        (0, 1, None, "until 1 day after each session"),
        (0, 0, date(2027, 3, 1), "until Mon 1 March 2027"),
        (180, 0, None, "from 6 months before each session; that is, from now on"),
        (0, 0, None, ""),
    ],
)  # fmt: skip
def test_when_a_condition_holds(before, after, until, words):
    finding = replace(made.RETINOIDS, days_before=before, days_after=after, until=until)
    assert when(finding, date(2027, 1, 8), made.TODAY) == words


def test_without_a_session_no_date_is_told():
    said = when(made.RETINOIDS, None, made.TODAY)
    assert said == "from 5 days before each session to 7 days after it"


# The plan in a sentence and in numbers


def test_the_plan_in_a_sentence():
    assert plan_sentence(made.BALANCED) == (
        "Three sessions with SkinPen Precision, 30 days apart, "
        "from Fri 8 January to Tue 9 March 2027."
    )
    one = made.plan("one", "One", "", sessions=1)
    assert plan_sentence(one) == "One session with SkinPen Precision on Fri 8 January 2027."
    stretched = replace(
        made.BALANCED,
        sessions=(*made.BALANCED.sessions[:2], made.session_line(3, date(2027, 3, 16), 2.5)),
    )
    assert apart(stretched) == "30 to 37 days"
    early = made.plan("early", "Early", "", start=date(2026, 12, 11))
    assert "from Fri 11 December 2026 to Tue 9 February 2027" in plan_sentence(early)


def test_every_number_of_every_card_is_on_the_page(pages):
    text = pages["go"].text
    for plan in made.PLANS:
        for fact in card_facts(plan):
            assert fact.name in text
            assert fact.value in text
            assert fact.band in text
        assert f"micropen forecast PHOTO treatments/{plan.key}.toml -o {plan.key}" in text
        for row in zone_rows(plan.zones):
            assert all(part in text for part in (row.zone, row.length, row.deepest, row.why))
        for line in plan.sessions:
            for day in (line.makeup_from, line.sport_from, line.clear_from, line.sun_from):
                assert f"{day.day} {day:%B}" in text
    assert all(str(n) in text for n in (made.ORIGIN.draws, made.ORIGIN.evaluations))
    assert made.ORIGIN.digest in text


def test_the_numbers_of_a_card():
    told = {fact.name: (fact.value, fact.band) for fact in card_facts(made.BALANCED)}
    assert told == {
        "Result": ("about 29 %", "15 to 45 %"),
        "Noticed by others": ("2½ days", "1½ to 4½"),
        "Of this at work": ("4½ days", ""),
        "Pain": ("4 of 10", "2 to 6"),
        "Dark marks": ("about 1 of 75", "1 of 500 to 1 of 20"),
        "Sessions": ("Three sessions", ""),
        "Last session": ("Tue 9 March 2027", ""),
    }


def test_one_plan_is_recommended_and_a_lone_one_is_simply_the_plan(pages):
    assert pages["go"].text.count("The recommended plan: Balanced") == 1
    assert "recommended" not in pages["no-event"].text.replace("recommended other named", "")
    assert "See this plan in full" not in pages["no-event"].text
    radios = [given for tag, given in pages["go"].tags if tag == "input"]
    assert ["checked" in given for given in radios] == [True, False, False]


def test_prices_are_told_in_words_with_what_they_break(pages):
    shallower, deeper = price_rows(made.BALANCED)
    assert [fact.value for fact in shallower.facts] == [
        "6 points less", "½ day less", "4 of 1000 people less",
    ]  # fmt: skip
    assert [fact.value for fact in deeper.facts] == [
        "4 points more", "1 day more", "6 of 1000 people more",
    ]  # fmt: skip
    assert "Breaks a limit: more than the 3 days" in pages["go"].text
    at_limit = made.planned(plans=(replace(made.BALANCED, deeper=None),))
    assert "every zone is already as deep as limits allow" in Page(render_planning(at_limit)).text


def test_a_reason_that_is_the_limit_is_told_once():
    at_limit = replace(made.zone_choices(1.0, 4.0)[0], why="Not deeper, because it ends here.")
    told, other = zone_rows((replace(at_limit, limit="it ends here"), at_limit))
    assert told.limit == ""
    assert other.limit == at_limit.limit


def test_a_device_with_one_length_fills_its_gauge():
    lone = replace(made.zone_choices(0.5, 1.0)[0], needle_length_mm=0.5, deepest_mm=0.5)
    row = zone_rows((lone,))[0]
    assert row.chosen_at == row.deepest_at == 100.0


# Words


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "no day"), (0.1, "under half a day"), (0.5, "½ day"), (1.0, "1 day"), (2.4, "2½ days"),
     (11.0, "11 days"), (INF, LONGER)],
)  # fmt: skip
def test_days_are_told_in_halves(value, words):
    assert days(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.284, "28 %"), (0.0, "0 %"), (0.002, "under 1 %"), (-0.05, "−5 %"), (NAN, "– %")],
)
def test_shares_are_told_in_whole_per_cent(value, words):
    assert per_cent(value) == words


@pytest.mark.parametrize(
    ("function", "value", "words"),
    [
        (more_points, 0.043, "4 points more"), (more_points, -0.01, "1 point less"),
        (more_points, 0.004, "about the same"), (more_points, NAN, "–"),
        (more_days, -0.6, "½ day less"), (more_days, 0.2, "about the same"),
        (more_days, INF, LONGER), (more_days, -INF, "–"),
        (more_risk, 0.004, "4 of 1000 people more"), (more_risk, -0.03, "3 of 100 people less"),
        (more_risk, 1e-5, "about the same"), (more_risk, INF, "–"),
        (months_words, 40.0, "about 40 days"), (months_words, 240.0, "about 8 months"),
        (months_words, 900.0, "about 2½ years"), (months_words, INF, LONGER),
        (halves, -1.0, "0"), (halves, NAN, "–"),
    ],
)  # fmt: skip
def test_differences_and_long_times_are_told_as_finely_as_they_are_known(function, value, words):
    assert function(value) == words


def test_a_band_with_an_open_end_says_so():
    assert band(Spread(2.0, 3.0, INF, INF)) == "2 or more"
    assert band(Spread(INF, INF, INF, INF)) == ""
    assert band(Spread(1.0, 1.0, 1.1, 1.0)) == ""


def test_a_band_of_risk_that_leaves_its_mean_out_is_not_told():
    assert risk_band(Spread(0.0, 0.0, 0.004, 0.018)) == ""
    assert risk_band(Spread(0.002, 0.011, 0.05, 0.016)) == "1 of 500 to 1 of 20"


def test_a_source_that_the_bibliography_does_not_have_is_told_by_its_key():
    assert cited("nobody-2031") == ("nobody-2031", "")
    assert cited("assumed") == ("assumed by the authors of micropen", "")
    assert cited("skinpen-ifu")[1].startswith("https://")


@given(st.floats(0.0, 1e4))
def test_halves_are_never_further_off_than_a_quarter(value):
    said = halves(value)
    number = float(said.replace("½", ".5")) if said != "½" else 0.5
    assert abs(number - value) <= 0.25


# Events


def test_a_chance_is_told_of_whom_and_never_rounded_up():
    found = replace(made.BALANCED.events[1], clear=0.949, wanted=0.95)
    card = event_card(found, PEOPLE)
    assert card.answer == "9 of 10 people like you"
    assert not card.kept
    assert card.before == "Tue 9 March 2027, 32 days before"
    lone = event_card(replace(found, session=None, latest=None, best_glow=None), PEOPLE)
    assert lone.glow == ""
    assert lone.before == "none: nothing of this plan can be seen"
    assert lone.latest == "no session before it keeps 19 of 20"
    assert lone.best == "none shows it then"


def test_a_case_speaks_of_its_own_forecasts(pages):
    assert "of your forecasts" in pages["conditions"].text
    assert PEOPLE not in pages["conditions"].text
    assert "38 readings of your own case" in pages["conditions"].text


def test_an_event_that_falls_short_says_by_what():
    low = replace(made.BALANCED.events[0], clear=0.7)
    dull = replace(made.BALANCED.events[1], glow=0.1)
    plan = replace(made.BALANCED, events=(low, dull, made.BALANCED.events[0]))
    short = [line.short_of for line in event_lines(made.planned(), plan)]
    assert short == [
        "less than the 19 of 20 that you wanted",
        "a session on Tue 30 March 2027 would show it best",
        "",
    ]


def test_the_curve_of_an_event_rests_where_the_plan_lies():
    curve = event_card(made.BALANCED.events[0], PEOPLE).curve
    assert curve.now.say == "14 days after a session"
    assert curve.at == pytest.approx(SPAN * 14 / 45, abs=0.02)
    assert curve.stops[0].say == "On the day of a session"
    ticks = [tick.words for tick in curve.x_ticks]
    assert ticks == ["0", "7", "14", "21", "28", "35", "42"]
    beyond = replace(made.BALANCED.events[0], curve=(LagChance(0, 0, 0), LagChance(5, 1, 0)))
    assert event_card(beyond, PEOPLE).curve.at is None


# The series


def test_each_session_is_drawn_and_where_another_stops_paying_is_told():
    chart = gain_chart(made.BALANCED, PEOPLE)
    assert [c.sessions for c in chart.columns if c.chosen] == [3]
    assert [c.pays for c in chart.columns] == [True] * 4 + [False] * 2
    assert chart.ends == pytest.approx(SPAN * 4 / 6, abs=0.01)
    assert chart.sentence == (
        "The fifth session adds about 3 points: less than a session has to bring."
    )
    assert chart.now.say == "After three sessions: 29 %"
    assert chart.now.more == "9 of 10 people like you: 15 to 45 % · this one adds 7 points"
    assert all(c.top <= c.y <= c.bottom for c in chart.columns)


def test_a_plan_beyond_what_pays_is_told_so():
    chart = gain_chart(made.GENTLE, PEOPLE)
    assert chart.sentence.endswith("By that measure this plan could stop after two sessions.")
    flat = (GainAfter(1, Spread(0, 0, 0, 0), 0.0, False),)
    assert gain_chart(replace(made.BALANCED, gains=flat), PEOPLE).sentence == (
        "The first session adds next to nothing: less than a session has to bring."
    )
    paying = tuple(replace(g, pays=True) for g in made.BALANCED.gains)
    chart = gain_chart(replace(made.BALANCED, gains=paying), PEOPLE)
    assert chart.ends is None
    assert chart.sentence.startswith("Each of the 6 sessions looked at brings at least")
    assert gain_chart(replace(made.BALANCED, gains=()), PEOPLE) is None


@given(st.lists(st.floats(0.0, SPAN), min_size=1, max_size=9, unique=True))
def test_strips_cover_the_drawing_without_a_gap(places):
    places = sorted(places)
    found = stops(places, [("", "")] * len(places))
    assert found[0].left == 0.0
    assert sum(stop.width for stop in found) == pytest.approx(SPAN, abs=0.05)
    for stop in found:
        assert stop.left - 0.01 <= stop.at <= stop.left + stop.width + 0.02


# The front


def test_named_plans_lie_where_their_cards_say():
    drawn = front(made.planned())
    assert {dot.key for dot in drawn.named} == {"balanced", "gentle", "fastest"}
    assert [dot.key for dot in drawn.named if dot.chosen] == ["balanced"]
    moved = tuple(replace(p, gain=0.01) if p.plan else p for p in made.front_of(made.PLANS))
    assert front(made.planned(front=moved)).named == drawn.named
    balanced = next(dot for dot in drawn.named if dot.chosen)
    assert balanced.say == "Balanced: 29 % result, 2½ days a session"
    assert balanced.more == "three sessions, to 1 mm, 4 passes; dark marks in about 1 of 75"


def test_more_risk_is_drawn_larger_more_days_further_right_more_result_higher():
    points = tuple(FrontPoint(0.1 * k, float(k), 0.01 * k, 1, 0.5, 2.0) for k in (1, 2, 3))
    dots = front(made.planned(front=points)).dots
    assert [d.radius for d in dots] == sorted({d.radius for d in dots})
    assert [d.x for d in dots] == sorted({d.x for d in dots})
    assert [d.y for d in dots] == sorted({d.y for d in dots}, reverse=True)


def test_the_line_of_the_best_never_falls():
    heights = [float(y) for y in re.findall(r" (-?[\d.]+)", front(made.planned()).best)]
    assert len(heights) > 10
    assert heights == sorted(heights, reverse=True)


def test_what_the_forecast_does_not_reach_is_not_drawn_but_counted():
    far = (*made.front_of(made.PLANS), FrontPoint(0.4, INF, 0.1, 3, 1.5, 6.0))
    assert front(made.planned(front=far)).left_out == 1
    assert front(made.absurd()) is None
    assert front(made.planned(front=())) is None


@given(st.lists(st.tuples(st.floats(5.0, 85.0), st.floats(60.0, 280.0)), max_size=3))
def test_names_stay_inside_and_off_each_other(spots):
    anchors = [Anchor(x, y, 5.0, 8) for x, y in spots]
    places = name_places(anchors, 20.0, 320.0)
    for width in (320.0, 800.0):
        boxes = []
        for anchor, place in zip(anchors, places, strict=True):
            middle, long = anchor.x * width / 100.0, 8 * 7.6
            start = middle - 18.0 - long if place.left else middle + 18.0
            assert start >= 0.0
            assert start + long <= width
            boxes.append((start, place.y))
        for k, (x, y) in enumerate(boxes):
            assert all(abs(y - b) >= 18.0 or abs(x - a) >= 60.8 for a, b in boxes[:k])


# The calendar


def on(drawn, day: date):
    month = next(m for m in drawn if m.title == f"{day:%B %Y}")
    return month.cells[day.day - 1]


def test_days_carry_what_is_on_them():
    drawn = months(made.planned(), made.BALANCED)
    assert [m.title.split()[0] for m in drawn] == [
        "November", "December", "January", "February", "March", "April",
    ]  # fmt: skip
    assert on(drawn, made.TODAY).kinds == {"today", "work"}
    assert on(drawn, date(2026, 12, 10)).kinds == {"procedure", "work"}
    assert on(drawn, date(2026, 12, 26)).kinds == {"away"}
    assert on(drawn, date(2027, 1, 8)).kinds == {"session", "work"}
    assert on(drawn, date(2027, 1, 9)).kinds == {"seen"}
    assert on(drawn, date(2027, 1, 11)).kinds == {"maybe", "work"}
    assert on(drawn, date(2027, 1, 13)).kinds == {"work"}
    assert on(drawn, date(2027, 2, 14)).kinds == {"sun"}
    assert on(drawn, made.WEDDING.date).kinds == {"event"}
    assert on(drawn, date(2027, 1, 8)).title == "Fri 8 January: session 1"
    assert "Fri 8 January: session 1; Fri 22 January: talk in Lyon" in drawn[2].description


def test_a_day_stands_under_its_weekday():
    drawn = months(made.planned(), made.BALANCED)
    for day in (date(2026, 11, 1), date(2026, 12, 31), date(2027, 2, 1), date(2027, 3, 9)):
        assert on(drawn, day).x == CELL * day.weekday()
    first, last = on(drawn, date(2026, 11, 1)), on(drawn, date(2026, 11, 30))
    assert last.y - first.y == 5 * CELL
    assert drawn[0].height == last.y + CELL


def test_months_without_anything_are_left_out_by_name():
    diary = Diary(events=(Event(date(2027, 9, 4), "a fair", Wish.CLEAR),))
    planned = made.planned(client=made.client(diary=diary))
    drawn = months(planned, replace(made.BALANCED, sessions=made.BALANCED.sessions[:1]))
    assert [(m.title, m.gap) for m in drawn] == [
        ("November 2026", ""), ("January 2027", "December"), ("September 2027",
         "February to August"),
    ]  # fmt: skip


def test_spans_far_away_are_not_drawn():
    spans = (made.Span(date(2020, 1, 1), date(2035, 1, 1), "abroad"),)
    planned = made.planned(client=made.client(diary=Diary(away=spans)))
    drawn = months(planned, replace(made.BALANCED, events=()))
    assert drawn[0].title == "November 2026"
    assert drawn[-1].title == "March 2027"


def test_where_others_notice_for_longer_than_is_known_all_days_are_only_perhaps():
    line = replace(made.BALANCED.sessions[0], downtime_days=Spread(INF, INF, INF, INF))
    drawn = months(made.planned(), replace(made.BALANCED, sessions=(line,)))
    assert "maybe" in on(drawn, date(2027, 1, 9)).kinds


# Provenance


def test_the_page_says_what_it_leans_on_and_what_it_is_not(pages):
    text = pages["go"].text
    assert "The weakest number behind this plan is of grade D: our own judgement." in text
    assert "Not a medical device." in text
    better = made.planned(origin=replace(made.ORIGIN, lowest_grade=Grade.C))
    assert "of grade C: clinics' practice" in Page(render_planning(better)).text
    assert "Nothing was forecast for it." in pages["refused"].text


def test_verdicts_all_have_a_headline():
    for verdict in Verdict:
        suited = replace(made.GO, verdict=verdict)
        assert headline(made.planned(suitability=suited)).title
