"""Answers of a person file, against the questions and against the rest of the file."""

import tomllib
from datetime import date

import pytest

from micropen.errors import MicropenError, PersonFileError
from micropen.evidence import load_parameters
from micropen.planning.intake.client import Answer
from micropen.planning.intake.reading import client_from_dict
from micropen.planning.suitability import Verdict, assess, questions_of_the_form, rules
from micropen.treatment import device

TODAY = date(2026, 11, 23)
KEYS = tuple(question.key for question in questions_of_the_form())
YES, NO = Answer(yes=True), Answer(yes=False)


def read(answers="", person="", more=""):
    text = f"""
[person]
age_years = 36
phototype = 3
{person}
[answers]
{answers}
[wishes]
goal = "texture"
device = "SkinPen Precision"
{more}
"""
    return client_from_dict(tomllib.loads(text), TODAY, "anna.toml")


def judged(client):
    return assess(client, device(client.wishes.device), load_parameters())


def refused(*parts, **named):
    with pytest.raises(PersonFileError) as found:
        read(*parts, **named)
    return str(found.value)


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("true", YES),
        ("false", NO),
        ("2026-11-23", Answer(yes=True, when=TODAY)),
        ("1999-01-01", Answer(yes=True, when=date(1999, 1, 1))),
        ('"unknown"', Answer(yes=None)),
        ('" Unknown"', Answer(yes=None)),
    ],
)
def test_an_answer(value, answer):
    assert dict(read(f"isotretinoin = {value}").answers) == {"isotretinoin": answer}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('isotretinoin = "no"', "answers.isotretinoin is 'no': it must be true, false, a date wit"),
        ('isotretinoin = "2026-01-01"', "a date without quotes such as 2026-05-08 or"),
        ("isotretinoin = 1", "answers.isotretinoin is 1: it must be true, false"),
        ("isotretinoin = 2026-01-01T10:00:00", "it must be true, false"),
        ("isotretinoin = 2026-11-24", "after today (2026-11-23): a date says when it ended"),
        ("keloids = 2020-01-01", "this question takes no date; answer true, false"),
        ("keloid = true", "answers has an unknown key 'keloid'; nearest: keloids"),
        ('keloids = "no"', "answers.keloids is 'no': it must be true, false or \"unknown\""),
        ("isotretinion = true", "answers has an unknown key 'isotretinion'; nearest: isotretinoin"),
        ("all_others = true", "it can only be false"),
        ("active_acne = true", "not how much acne there is; state person.active_acne"),
    ],
)
def test_a_wrong_answer(line, said):
    assert said in refused(line)


def test_nobody_answers_for_the_person():
    assert dict(read().answers) == {}


def test_all_others_are_no_but_what_is_named():
    client = read('all_others = false\nherpes_history = true\nkeloids = "unknown"')
    assert set(client.answers) == set(KEYS)
    assert client.answers["herpes_history"] == YES
    assert client.answers["keloids"] == Answer(yes=None)
    assert {client.answers[key] for key in set(KEYS) - {"herpes_history", "keloids"}} == {NO}


def test_all_others_are_no_but_what_the_rest_of_the_file_says():
    client = read(
        "all_others = false",
        'medication = ["anticoagulants"]\nhistory = ["herpes"]\nmelasma = true\n'
        'active_acne = "mild"\nisotretinoin_stopped = 2026-09-01',
        "[[procedure]]\nkind = 'peel'\ndate = 2026-11-20\n"
        "[[procedure]]\nkind = 'laser'\ndate = 2020-01-01\n"
        "[[sun]]\nfirst = 2026-11-20\nlast = 2026-11-30\n",
    )
    named = {"anticoagulants", "herpes_history", "melasma", "active_acne", "isotretinoin"}
    named |= {"recent_peel", "recent_sun", "planned_sun"}
    assert set(KEYS) - set(client.answers) == named
    assert client.answers["recent_laser"] == NO
    suitability = judged(client)
    assert suitability.questions == ()
    assert suitability.verdict is Verdict.CLINICIAN


def test_all_others_leaves_what_another_answer_says():
    client = read("all_others = false\ndiabetes_uncontrolled = true")
    assert set(KEYS) - set(client.answers) == {"diabetes"}
    found = judged(client)
    assert {finding.key for finding in found.findings} == {"diabetes_uncontrolled", "diabetes"}
    assert found.questions == ()


PEEL = "[[procedure]]\nkind = 'peel'\ndate = 2026-11-20\n"
SUN = "[[sun]]\nfirst = 2026-12-20\nlast = 2026-12-30\n"


@pytest.mark.parametrize(
    ("answers", "person", "more", "place"),
    [
        ("anticoagulants = false", 'medication = ["anticoagulants"]', "", "person.medication has"),
        ("chemotherapy = 2026-01-01", 'medication = ["chemotherapy"]', "", "person.medication has"),
        ("herpes_history = false", 'history = ["herpes"]', "", 'person.history has "herpes"'),
        ("melasma = true", "melasma = false", "", "person.melasma is false"),
        ("melasma = false", "melasma = true", "", "person.melasma is true"),
        ("active_acne = true", 'active_acne = "none"', "", 'person.active_acne is "none"'),
        ("active_acne = false", 'active_acne = "mild"', "", 'person.active_acne is "mild"'),
        ("isotretinoin = false", "isotretinoin_stopped = 2026-09-01", "", "2026-09-01"),
        ("isotretinoin = true", "isotretinoin_stopped = 2020-09-01", "", "2020-09-01"),
        ("isotretinoin = 2020-09-02", "isotretinoin_stopped = 2020-09-01", "", "2020-09-01"),
        # Half a year after its last day the wait is over on the day that follows.
        ("isotretinoin = false", "isotretinoin_stopped = 2026-05-23", "", "2026-05-23"),
        ("isotretinoin = 2026-11-14", 'medication = ["isotretinoin"]', "", "person.medication has"),
        ("diabetes = false\ndiabetes_uncontrolled = true", "", "", "answers.diabetes_uncontrolled"),
        ("recent_peel = false", "", PEEL, "procedure[1] is peel on 2026-11-20"),
        ("planned_sun = false", "", SUN, "sun[1] is 2026-12-20 to 2026-12-30"),
    ],
)
def test_contradictory_answers(answers, person, more, place):
    sentence = refused(answers, person, more)
    key, value = answers.splitlines()[0].split(" = ")
    assert f"answers.{key} is {value}, but " in sentence
    assert place in sentence
    assert "state one of them only" in sentence


@pytest.mark.parametrize("rule", [r for r in rules() if r.question and (r.medication or r.history)])
def test_no_against_any_word_is_refused(rule):
    field, words = ("medication", rule.medication) if rule.medication else ("history", rule.history)
    place = f'person.{field} has "{words[0]}"'
    assert f"answers.{rule.key} is false, but {place}" in refused(
        f"{rule.key} = false", f'{field} = ["{words[0]}"]'
    )


@pytest.mark.parametrize("answers", ["", "all_others = false", 'isotretinoin = "unknown"'])
def test_taken_still_and_stopped_is_refused_whatever_is_answered(answers):
    said = 'medication = ["isotretinoin"]\nisotretinoin_stopped = 2026-11-14'
    assert (
        'person.medication has "isotretinoin", but person.isotretinoin_stopped is 2026-11-14; '
        "state one of them only"
    ) in refused(answers, said)


@pytest.mark.parametrize(
    ("answers", "person", "more"),
    [
        ("anticoagulants = true", 'medication = ["anticoagulants"]', ""),
        ('anticoagulants = "unknown"', 'medication = ["anticoagulants"]', ""),
        ("eczema = 2026-11-01", 'history = ["eczema"]', ""),
        ("melasma = true", "melasma = true", ""),
        ("active_acne = true", 'active_acne = "mild"', ""),
        ("active_acne = false", 'active_acne = "none"', ""),
        # Half a year after it, the honest answer to the question is no.
        ("isotretinoin = false", "isotretinoin_stopped = 2020-09-01", ""),
        ("isotretinoin = false", "isotretinoin_stopped = 2026-05-22", ""),
        ("isotretinoin = 2020-09-01", "isotretinoin_stopped = 2020-09-01", ""),
        ("recent_peel = false", "", PEEL.replace("2026-11", "2025-11")),
        ("recent_peel = false", "", PEEL.replace("2026-11-20", "2026-12-20")),
        ("recent_peel = true", "", PEEL),
        ("planned_sun = false", "", SUN.replace("2026", "2025")),
    ],
)
def test_answers_that_go_together(answers, person, more):
    client = read(answers, person, more)
    assert client.answers.keys() == {answers.split(" ")[0]}
    # What is accepted here, the rules do not refuse.
    assert judged(client).questions


def test_answers_are_carried_over_to_the_person():
    person = read("anticoagulants = true\nherpes_history = true\nmelasma = true").person
    assert person.takes("anticoagulants")
    assert person.has("herpes")
    assert person.melasma
    person = read("isotretinoin = 2020-05-01\nsteroids = 2026-11-01\nhormones = true").person
    assert person.isotretinoin_stopped == date(2020, 5, 1)
    # Over, or one of two: not what is taken now.
    assert person.medication == ()


def test_what_is_answered_with_no_or_said_already_changes_nothing():
    stated = 'medication = ["anticoagulants"]\nhistory = ["uncontrolled diabetes"]'
    person = read("anticoagulants = true\ndiabetes = true\nkeloids = false", stated).person
    assert person == read("", stated).person


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", ["true", "false", "2026-11-20"])
def test_what_is_read_the_rules_can_judge(key, value):
    try:
        client = read(f"{key} = {value}")
    except MicropenError:
        assert value != "false"
        return
    judged(client)
