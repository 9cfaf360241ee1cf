"""What is said where nothing, or nothing certain, was measured."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from micropen.errors import PhotoError
from micropen.measurement.little_found import check_any, silence_notes
from micropen.measurement.method import Method, Reading, ZoneReading
from micropen.measurement.one_photo import Outcome
from micropen.measurement.result import PhotoRecord, Row, Verdict

GOOD = ZoneReading(1.0, 0.1, 0.0, 0.03, 0.03)


def record(name: str, *reasons: str, baseline: bool = False) -> PhotoRecord:
    return PhotoRecord(
        name, None, "", math.nan, "", not reasons, tuple(reasons), is_baseline=baseline
    )


def refused(name: str, *whys: str) -> Outcome:
    zones = {f"zone{i}": ZoneReading.refused(why) for i, why in enumerate(whys)}
    return Outcome(record(name), {"m": zones})


def test_nothing_measured_names_the_commonest_reason_and_each_photographs():
    outcomes = [
        Outcome(record("pre.jpg", baseline=True), {"m": {"nose": GOOD}}),
        Outcome(record("dark.jpg", "The face is too dark.")),
        *(refused(f"{k}.jpg", f"Only {k}.5 pixels per mm.", f"Only {k} pixels per mm.", "Hair.")
          for k in range(1, 6)),
    ]  # fmt: skip
    with pytest.raises(PhotoError) as caught:
        check_any(outcomes)
    assert str(caught.value) == (
        "Nothing could be measured: only 1.5 pixels per mm (1.jpg, 2.jpg, 3.jpg and 2 more); the "
        "face is too dark (dark.jpg)."
    )


def test_one_measured_zone_is_enough():
    one = Outcome(record("a.jpg"), {"m": {"nose": GOOD, "chin": ZoneReading.refused("Hair.")}})
    check_any([Outcome(record("pre.jpg", baseline=True)), one])


def row(method: str, verdict: Verdict, reason: str = "") -> Row:
    status = "not measurable" if reason else "measured"
    return Row(
        "a.jpg", None, 1.0, "nose", "erythema", method, "1", 1.0, 0.1, status, reason, 0.0, 0.1,
        0.2, verdict,
    )  # fmt: skip


def methods() -> list[Method]:
    main = Method(
        "red", "erythema", "1", "red", "red", "lower", (), (), True, lambda _pair: Reading({})
    )
    return [main, replace(main, name="other", main=False)]


def test_where_no_main_sign_can_be_told_one_sentence_says_why():
    coarse = [row("red", Verdict.CANNOT_TELL, f"Only {k} pixels per mm.") for k in (1, 2)]
    rows = [*coarse, row("red", Verdict.CANNOT_TELL), row("other", Verdict.INCREASED)]
    (note,) = silence_notes(rows, methods())
    assert note.endswith("The commonest cause: only 1 pixels per mm.")
    (note,) = silence_notes(rows[2:], methods())
    assert "less certain than the changes" in note


@pytest.mark.parametrize("said", [Verdict.NO_CHANGE, Verdict.INCREASED, Verdict.DECREASED])
def test_one_verdict_is_something(said):
    assert not silence_notes([row("red", Verdict.CANNOT_TELL), row("red", said)], methods())
    assert not silence_notes([], methods())
