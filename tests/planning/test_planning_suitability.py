"""Suitability: every row of the table on both sides, questions, contradictions, order."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_client import ALL_NO, ASKING, NO, TODAY, a_client, by_key, verdict_of

from micropen.evidence import prior_parameters
from micropen.planning.intake.client import Answer, Diary, Procedure, Span
from micropen.planning.suitability import Verdict, questions_of_the_form, rules
from micropen.treatment import Anaesthetic, Condition, Medication, devices
from micropen.treatment.contraindications import contraindications

YES = Answer(yes=True)
DAY = timedelta(days=1)
TABLE = {rule.key: rule for rule in rules()}
PLAIN = [r for r in ASKING if not r.acne]
WAITING = [r for r in ASKING if r.wait]
ON_DEVICES = [(r.key, name) for r in rules() for o in r.on for name in o.devices]
PAST = [(r.key, kind) for r in ASKING for kind in r.procedures]


def yes_to(rule, answer=YES, **options):
    """Client for whom a row may speak, with this answer to it and no to all others."""
    options.setdefault("goal", rule.goals[0] if rule.goals else "texture")
    needed = dict.fromkeys(rule.needs, YES)
    # Who has melasma has it in the person too.
    return a_client({**needed, rule.key: answer}, **options)


def rules_that(**holds):
    return [r for r in rules() if all(bool(getattr(r, k)) == v for k, v in holds.items())]


# --- every row, both sides -----------------------------------------------------------------------


def test_no_to_everything_is_a_go_from_today():
    found = verdict_of(a_client())
    assert (found.verdict, found.findings, found.questions) == (Verdict.GO, (), ())
    assert found.earliest == TODAY
    assert found.most_pigment_risk == 1.0


@pytest.mark.parametrize("rule", PLAIN, ids=lambda r: r.key)
def test_yes_is_the_verdict_of_the_row(rule):
    finding = by_key(verdict_of(yes_to(rule)))[rule.key]
    assert finding.verdict is rule.verdict
    assert finding.sentence.startswith(rule.reason)
    assert finding.condition == rule.condition
    assert (finding.days_before, finding.days_after) == (rule.days_before, rule.days_after)
    assert (finding.source, finding.grade, finding.until) == (rule.source, rule.grade, None)


@pytest.mark.parametrize("rule", PLAIN, ids=lambda r: r.key)
def test_no_is_silence(rule):
    assert rule.key not in by_key(verdict_of(yes_to(rule, NO)))


@pytest.mark.parametrize("rule", ASKING, ids=lambda r: r.key)
def test_no_answer_and_not_known_are_asked_and_not_assumed(rule):
    for answer in (Answer(yes=None), None):
        client = yes_to(rule, Answer(yes=None))
        if answer is None:
            client = replace(
                client, answers={k: v for k, v in client.answers.items() if k != rule.key}
            )
        found = verdict_of(client)
        assert [q.key for q in found.questions if not TABLE[q.key].needs] == (
            [rule.key] if not rule.needs else []
        )
        assert rule.key in {q.key for q in found.questions}
        assert rule.key not in by_key(found)


@pytest.mark.parametrize("name", sorted(devices()))
@pytest.mark.parametrize("rule", WAITING, ids=lambda r: r.key)
def test_a_wait_ends_on_its_day_on_every_device(rule, name):
    here = rule.on_device(name)
    when = date(2026, 5, 17)
    until = here.wait.end(when)
    last = verdict_of(yes_to(rule, Answer(True, when), today=until), name)
    finding = by_key(last)[rule.key]
    assert (finding.verdict, finding.until) == (Verdict.DEFER, until)
    assert finding.sentence == here.reason_after
    assert last.earliest == until + DAY
    over = verdict_of(yes_to(rule, Answer(True, when), today=until + DAY), name)
    assert rule.key not in by_key(over)
    assert over.earliest == until + DAY
    assert rule.key not in {q.key for q in over.questions}


@pytest.mark.parametrize(("key", "name"), ON_DEVICES)
def test_devices_whose_label_differs(key, name):
    rule = TABLE[key]
    here = rule.on_device(name)
    assert here != rule.on_device("dermapen")
    client = yes_to(rule)
    if rule.acne:
        client = a_client({rule.key: YES}, active_acne=rule.acne)
    elif rule.by_itself:
        client = a_client(phototype=5, age_years=36 if rule.phototype_from else 20)
    finding = by_key(verdict_of(client, name))[key]
    assert finding.verdict is here.verdict
    assert (finding.source, finding.grade) == (here.source, here.grade)
    assert finding.sentence.startswith(here.reason)


@pytest.mark.parametrize(
    ("name", "grade", "verdict"),
    [
        ("dermapen", "none", None),
        ("dermapen", "mild", Verdict.CONDITIONS),
        ("dermapen", "moderate", Verdict.DEFER),
        ("dermapen", "severe", Verdict.CLINICIAN),
        ("exceed", "none", None),
        ("exceed", "mild", Verdict.DEFER),
        ("exceed", "moderate", Verdict.DEFER),
        ("exceed", "severe", Verdict.CLINICIAN),
    ],
)
def test_acne_by_its_grade(name, grade, verdict):
    answers = {"active_acne": Answer(yes=None)}
    found = verdict_of(a_client(answers, active_acne=grade), name)
    assert [f.verdict for f in found.findings] == ([verdict] if verdict else [])
    assert found.questions == ()


@pytest.mark.parametrize(
    ("name", "age", "key"),
    [
        ("dermapen", 17.99, "minor"),
        ("dermapen", 18.0, None),
        ("skinpen-precision", 17.99, "minor"),
        ("skinpen-precision", 18.0, "below_label_age"),
        ("skinpen-precision", 21.99, "below_label_age"),
        ("skinpen-precision", 22.0, None),
        ("rejuvapen-nxt", 21.99, "below_label_age"),
        ("rejuvapen-nxt", 22.0, None),
        ("dermapen", 74.99, None),
        ("dermapen", 75.0, "old_age"),
    ],
)
def test_ages_on_both_sides(name, age, key):
    found = verdict_of(a_client(age_years=age), name)
    assert [f.key for f in found.findings] == ([key] if key else [])
    if key in ("minor", "below_label_age"):
        assert (found.verdict, found.earliest) == (Verdict.CLINICIAN, None)


@pytest.mark.parametrize(
    ("name", "phototype", "keys", "limit"),
    [
        ("dermapen", 3.49, [], None),
        ("dermapen", 3.5, ["phototype"], "darker"),
        ("dermapen", 5.49, ["phototype"], "darker"),
        ("dermapen", 5.5, ["phototype_very_dark"], "very_dark"),
        ("exceed", 4.49, ["phototype"], "darker"),
        ("exceed", 4.5, ["phototype", "phototype_beyond_label"], "darker"),
        ("rejuvapen-nxt", 4.5, ["phototype", "phototype_beyond_label"], "darker"),
        ("skinpen-precision", 4.5, ["phototype"], "darker"),
    ],
)
def test_phototypes_on_both_sides(name, phototype, keys, limit):
    found = verdict_of(a_client(phototype=phototype), name)
    assert [f.key for f in found.findings] == keys
    room = "planning.suitability.most_pigment_risk"
    risk = prior_parameters().value(f"{room}.{limit}") if limit else 1.0
    assert found.most_pigment_risk == risk
    assert found.earliest == TODAY


def test_thresholds_agree_with_those_of_a_treatment_file():
    parameters = prior_parameters()
    darker = parameters.value("planning.suitability.phototype.darker")
    assert darker == parameters.value("treatment.limits.pigment_risk_phototype")
    wait = parameters["treatment.limits.isotretinoin_wait"]
    ours = TABLE["isotretinoin"].wait
    assert (ours.value, ours.unit) == (wait.value, wait.unit)


def test_the_strictest_limit_of_pigment_risk_holds():
    parameters = prior_parameters()
    value = parameters.value
    room = "planning.suitability.most_pigment_risk"
    found = verdict_of(a_client({"hyperpigmentation": YES}, phototype=4))
    assert found.most_pigment_risk == min(
        value(f"{room}.hyperpigmentation"), value(f"{room}.darker")
    )
    assert verdict_of(a_client({"melasma": YES})).most_pigment_risk == value(f"{room}.melasma")


def test_a_condition_that_asks_for_mild_settings_gets_them():
    for rule in rules():
        assert rule.mild == ("mild settings" in rule.condition.lower()), rule.key
    assert verdict_of(a_client({"melasma": YES})).mild == ("Melasma",)
    assert verdict_of(a_client(phototype=6)).mild == ("Very dark skin",)
    assert verdict_of(a_client()).mild == ()


def test_a_first_needling_keeps_days_before_an_event():
    ahead = prior_parameters().value("planning.suitability.days_before_event.first_needling")
    assert verdict_of(a_client({"first_needling": YES})).days_before_event == ahead
    assert verdict_of(a_client()).days_before_event == 0.0


# --- words of the person file --------------------------------------------------------------------


def _words():
    for rule in ASKING:
        yield from ((rule, "medication", word) for word in rule.medication)
        yield from ((rule, "history", word) for word in rule.history)


@pytest.mark.parametrize(("rule", "field", "word"), list(_words()), ids=str)
def test_a_word_of_the_person_file_is_a_yes(rule, field, word):
    unanswered = dict.fromkeys(ALL_NO, Answer(yes=None)) | {"melasma": YES}
    needed = dict.fromkeys(rule.needs, YES)
    found = verdict_of(a_client(unanswered | needed, **{field: [word]}))
    assert by_key(found)[rule.key].verdict is rule.verdict
    asked = {q.key for q in found.questions}
    assert (rule.key in asked) == rule.date_needed


@pytest.mark.parametrize("word", [*Condition, *Medication])
def test_every_word_of_the_person_file_has_a_row(word):
    # It thins nothing and heals nothing slower: it is a treatment of pigment.
    without = {Medication.TRANEXAMIC_ACID}
    owned = {w for rule in rules() for w in (*rule.medication, *rule.history)}
    assert (word in owned) == (word not in without)


@pytest.mark.parametrize(
    "person",
    [
        *({"history": [word]} for word in Condition),
        *({"medication": [word]} for word in Medication),
        *({"active_acne": grade} for grade in ("moderate", "severe")),
    ],
    ids=str,
)
def test_a_contraindication_of_a_treatment_file_holds_sessions_back(person):
    unanswered = dict.fromkeys(ALL_NO, Answer(yes=None))
    client = a_client(unanswered, **person)
    if not contraindications(client.person):
        return
    found = verdict_of(client)
    if person == {"history": [Condition.HERPES]}:
        # The word says "has or had"; whether there is a sore now is asked.
        assert found.verdict is Verdict.CONDITIONS
        assert "herpes_active" in {q.key for q in found.questions}
        return
    assert found.verdict.gravity >= Verdict.DEFER.gravity
    assert found.earliest is None


def test_isotretinoin_that_was_stopped_long_ago_may_be_answered_with_no():
    stopped = date(2026, 5, 22)
    assert verdict_of(a_client(isotretinoin_stopped=stopped)).verdict is Verdict.GO
    open_answer = {"isotretinoin": Answer(yes=None)}
    found = verdict_of(a_client(open_answer, isotretinoin_stopped=stopped + DAY))
    assert (found.verdict, found.earliest) == (Verdict.DEFER, TODAY + DAY)
    assert found.questions == ()


# --- the diary -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "kind"), PAST)
def test_a_past_procedure_of_the_diary_counts_and_a_planned_one_does_not(key, kind):
    wait = TABLE[key].wait
    day = TODAY - 3 * DAY
    for answer in (NO, YES, Answer(yes=None), Answer(True, day - 2 * DAY)):
        diary = Diary(procedures=(Procedure(kind, day - DAY), Procedure(kind, day)))
        found = verdict_of(a_client({key: answer}, diary=diary))
        assert [(f.key, f.until) for f in found.findings] == [(key, wait.end(day))]
        assert found.questions == ()
    planned = Diary(procedures=(Procedure(kind, TODAY + DAY),))
    assert verdict_of(a_client(diary=planned)).findings == ()
    today = Diary(procedures=(Procedure(kind, TODAY),))
    assert by_key(verdict_of(a_client(diary=today)))[key].until == wait.end(TODAY)


def test_sun_that_has_begun_defers_and_sun_ahead_is_a_condition():
    wait = TABLE["recent_sun"].wait
    past = Diary(sun=(Span(TODAY - 9 * DAY, TODAY - 2 * DAY),))
    found = verdict_of(a_client(diary=past))
    assert [(f.key, f.until) for f in found.findings] == [("recent_sun", wait.end(TODAY - 2 * DAY))]
    ahead = Diary(sun=(Span(TODAY + DAY, TODAY + 8 * DAY),))
    found = verdict_of(a_client(diary=ahead))
    assert [(f.key, f.verdict) for f in found.findings] == [("planned_sun", Verdict.CONDITIONS)]
    now = Diary(sun=(Span(TODAY, TODAY + 8 * DAY),))
    found = verdict_of(a_client(diary=now))
    assert [f.key for f in found.findings] == ["recent_sun", "planned_sun"]
    assert found.earliest == wait.end(TODAY + 8 * DAY) + DAY
    last_year = Diary(sun=(Span(TODAY - 99 * DAY, TODAY - 90 * DAY),))
    assert verdict_of(a_client(diary=last_year)).findings == ()


# --- questions -----------------------------------------------------------------------------------


def test_the_form_asks_each_question_once_and_in_order():
    form = questions_of_the_form()
    assert [q.key for q in form] == [r.key for r in rules() if r.question]
    assert len({q.key for q in form}) == len({q.text for q in form}) == len(form)
    assert [q.key for q in form if q.takes_date] == [r.key for r in WAITING]
    assert all("?" in q.text and q.why for q in form)


def test_an_empty_form_is_asked_in_its_order_without_what_does_not_apply():
    client = replace(a_client(sex="unstated"), answers={})
    asked = [q.key for q in verdict_of(client).questions]
    follow_up = {"diabetes_uncontrolled", "psoriasis_on_face", "hormones", "young_scars"}
    assert asked == [q.key for q in questions_of_the_form() if q.key not in follow_up]
    assert verdict_of(client).findings == ()


@pytest.mark.parametrize(
    ("key", "applies", "does_not"),
    [
        ("pregnancy", {"sex": "female"}, {"sex": "male"}),
        ("pregnancy", {"sex": "unstated"}, {"sex": "male"}),
        ("nursing", {"sex": "unstated"}, {"sex": "male"}),
        ("hormones", {"melasma": True}, {"melasma": False}),
        ("hormones", {"melasma": True}, {"melasma": True, "sex": "male"}),
        ("diabetes_uncontrolled", {"history": ["diabetes"]}, {}),
        ("psoriasis_on_face", {"history": ["psoriasis"]}, {}),
        ("young_scars", {"goal": "acne scars"}, {"goal": "texture"}),
        (
            "anaesthetic_risk",
            {"wishes": {"anaesthetic": Anaesthetic.TOPICAL}},
            {"wishes": {"anaesthetic": Anaesthetic.NONE}},
        ),
    ],
)
def test_a_question_is_asked_only_where_it_matters(key, applies, does_not):
    open_answers = dict.fromkeys((key, "melasma", "diabetes", "psoriasis"), Answer(yes=None))
    assert key in {q.key for q in verdict_of(a_client(open_answers, **applies)).questions}
    assert key not in {q.key for q in verdict_of(a_client(open_answers, **does_not)).questions}


@pytest.mark.parametrize("rule", [r for r in WAITING if r.date_needed], ids=lambda r: r.key)
def test_what_happened_on_a_day_asks_for_the_day(rule):
    found = verdict_of(yes_to(rule))
    assert [(q.key, q.takes_date) for q in found.questions] == [(rule.key, True)]
    assert "On which day" in found.questions[0].text
    assert "The day of it is needed" in by_key(found)[rule.key].sentence
    assert found.earliest is None


def test_acne_without_a_grade_is_asked_for():
    assert [q.key for q in verdict_of(a_client({"active_acne": YES})).questions] == ["active_acne"]


def test_hormones_are_a_note_without_melasma_and_a_condition_with_it():
    taken = {"medication": ["hormone replacement"]}
    answers = {"hormones": Answer(yes=None)}
    alone = verdict_of(a_client(answers, **taken))
    assert [(f.key, f.verdict) for f in alone.findings] == [("hormones_alone", Verdict.GO)]
    assert (alone.verdict, alone.questions) == (Verdict.GO, ())
    both = verdict_of(a_client(answers | {"melasma": YES}, **taken))
    assert [f.key for f in both.findings] == ["melasma", "hormones"]
    unknown = verdict_of(a_client(answers | {"melasma": Answer(yes=None)}, **taken))
    assert unknown.findings == ()


# --- the whole verdict ---------------------------------------------------------------------------


def test_gravest_first_then_in_the_order_of_the_form():
    answers = dict.fromkeys(("smoking", "keloids", "nursing", "skin_cancer", "herpes_history"), YES)
    found = verdict_of(a_client(answers))
    order = ["skin_cancer", "keloids", "nursing", "herpes_history", "smoking"]
    assert [f.key for f in found.findings] == order
    assert found.verdict is Verdict.CLINICIAN


@given(
    st.dictionaries(
        st.sampled_from([r.key for r in PLAIN]),
        st.one_of(st.just(YES), st.integers(0, 500)),
        max_size=8,
    )
)
def test_earliest_is_the_day_after_the_longest_wait_or_none(chosen):
    answers = {
        key: Answer(True, TODAY - days * DAY) if TABLE[key].wait and days is not YES else YES
        for key, days in chosen.items()
    }
    found = verdict_of(a_client(answers))
    assert [f.verdict.gravity for f in found.findings] == sorted(
        (f.verdict.gravity for f in found.findings), reverse=True
    )
    assert found.verdict.gravity == max((f.verdict.gravity for f in found.findings), default=0)
    holding = [f for f in found.findings if f.verdict in (Verdict.DEFER, Verdict.CLINICIAN)]
    if any(f.until is None for f in holding):
        assert found.earliest is None
    else:
        assert found.earliest == max((f.until + DAY for f in holding), default=TODAY)
