"""Whatever a file holds, the answer is a treatment or one of our own sentences."""

import copy
import tomllib
from datetime import date, datetime, time

from hypothesis import given, settings
from hypothesis import strategies as st

from micropen.errors import MicropenError
from micropen.treatment import Treatment

BASE = tomllib.loads(
    """
[person]
age_years = 35
birth_date = 1991-05-01
sex = "female"
phototype = 2
acne_proneness = 0.5
melasma = true
active_acne = "mild"
medication = ["isotretinoin"]
history = ["herpes"]
isotretinoin_stopped = 2020-01-01
[[session]]
date = 2026-05-08
time = 10:00:00
device = "SkinPen Precision"
anaesthetic = "topical"
face = { needle_length_mm = 1.0, passes = 4 }
zones = { nose = { passes = 3 }, chin = false }
[series]
count = 2
interval_days = 30
"""
)

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.dates(date(1, 1, 1))
    | st.datetimes(datetime(1, 1, 1))
    | st.times(time(0))
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


def places(table, path=()):
    items = table.items() if isinstance(table, dict) else enumerate(table)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, (dict, list)):
            yield from places(value, (*path, key))


def answer(table):
    """The sentence that refuses a table, or an empty text."""
    try:
        return "" if Treatment.from_dict(table).sessions else "no session"
    except MicropenError as error:
        return str(error)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(places(BASE))), values)
def test_any_value_in_any_place(place, value):
    table = copy.deepcopy(BASE)
    inner = table
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    said = answer(table)
    assert "\n" not in said
    assert "pydantic" not in said
    assert not said or said.startswith("treatment")


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["person", "session", "series", "title", "x"]), values))
def test_any_table(table):
    assert answer(table).startswith("treatment")


def test_a_key_with_a_line_break_stays_in_one_line():
    table = copy.deepcopy(BASE)
    table["session"][0]["zones"] = {"no\nse": {"passes": -1}}
    assert "\n" not in answer(table)
