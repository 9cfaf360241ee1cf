"""One photograph of a series: what gate, chart and told tone do to its readings."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from PIL import Image

from micropen.anatomy import ZONES
from micropen.errors import PhotoError
from micropen.evidence import load_parameters
from micropen.measurement import measure_series as measure_series_module
from micropen.measurement import one_photo
from micropen.measurement.chart import ChartReading, ColourCorrection
from micropen.measurement.chart.correction import Model
from micropen.measurement.chart.reference import Edition
from micropen.measurement.chart.tone_curve import ToneCurve
from micropen.measurement.gate import GateResult
from micropen.measurement.gate.seen import Seen
from micropen.measurement.measure_series import SeriesRequest, measure_series
from micropen.measurement.measured_signs import MEASURED_SIGNS, kin_of
from micropen.measurement.method import Method, Reading, ZoneReading
from micropen.measurement.one_photo import of_both
from micropen.measurement.repeats import RepeatFactors
from micropen.measurement.series import read_series

HIDDEN = "Hair hides the chin; tie it back."
STRANGE = "Something covers the nose; take it away."
MAKEUP = "Makeup covers the skin (as told); take the photograph on clean skin."
SMALL = "The picture is too small for gloss; come closer."


def constant(pair) -> Reading:
    return Reading({zone: ZoneReading(1.0, 0.1, 0.0, 0.03, 0.03) for zone in ZONES})


def method(sign: str) -> Method:
    return Method(sign, sign, "1", sign, sign, "lower", (), (), sign == "erythema", constant)


METHODS = tuple(map(method, ("erythema", "erythema_optical_density", "gloss", "relief")))


@pytest.fixture(scope="module")
def folder(demo_portrait_file, tmp_path_factory):
    place = tmp_path_factory.mktemp("photos")
    with Image.open(demo_portrait_file) as image:
        codes = np.asarray(image.convert("RGB"))[30:330, 120:400]
    large = cv2.resize(codes, None, fx=2.2, fy=2.2, interpolation=cv2.INTER_CUBIC)
    Image.fromarray(large).save(place / "pre.png")
    Image.fromarray(large[6:, 9:]).save(place / "day01.png")
    told = 'phototype = "IV"\nbaseline = "pre.png"\n[photo."day01.png"]\ntaken_at = 2099-05-01\n'
    (place / "series.toml").write_text(told, encoding="utf-8")
    return place


def straight() -> ColourCorrection:
    """Correction that changes nothing."""
    good = np.full(24, 0.5)
    return ColourCorrection(
        Model.MATRIX, ToneCurve(1.0, 0.0), np.eye(3), np.zeros((9, 9)), np.zeros((3, 3)),
        Edition.AFTER_2014, good, good, (0.0, 0.0),
    )  # fmt: skip


@pytest.fixture(scope="module")
def run(folder):
    """A series whose gate and chart say what the tests want; and what they were asked."""
    asked: dict[str, list[object]] = {"judge": [], "like": [], "tone": []}

    def judge(_portrait, baseline, state, _parameters):
        asked["judge"].append(baseline)
        if baseline is None:
            return GateResult(
                True, zone_reasons={"chin": HIDDEN}, sign_reasons={"erythema": MAKEUP}
            )
        return GateResult(
            True,
            warnings=("The face looks rather unlike.",),
            zone_reasons={"nose": STRANGE},
            sign_reasons={"gloss": SMALL},
        )

    def chart_of(_photo, _corners, like, _parameters):
        asked["like"].append(like)
        return ChartReading(True, True, "", None, None, 0.5, 1.0, 0.7, straight())

    def watch(_photo, pair, _readings):
        asked["tone"] += [pair.ita_deg, pair.baseline.portrait.stated_ita_deg]
        asked["tone"].append(pair.later.portrait.stated_ita_deg)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(one_photo, "judge", judge)
        patched.setattr(one_photo, "chart_of", chart_of)
        series = read_series(folder)
        return measure_series(SeriesRequest(series), methods=METHODS, watch=watch), asked


@pytest.fixture(scope="module")
def rows(run):
    return {(r.zone, r.method): r for r in run[0].rows if r.photo == "day01.png"}


def test_zones_of_photo_and_of_baseline_are_not_measured(rows):
    assert len(rows) == len(ZONES) * len(METHODS)
    for name in ("erythema", "gloss", "relief"):
        assert rows["nose", name].status == rows["chin", name].status == "not measurable"
        assert math.isnan(rows["nose", name].change)
    assert rows["nose", "relief"].reason == STRANGE
    assert rows["chin", "relief"].reason == f"On the baseline, {HIDDEN[0].lower()}{HIDDEN[1:]}"
    others = [rows[z, "relief"] for z in ZONES if z not in {"nose", "chin"}]
    assert {r.status for r in others} == {"measured"}


def test_signs_of_photo_and_of_baseline_are_not_measured_and_their_kin_neither(rows):
    for name in ("erythema", "erythema_optical_density"):
        said = {rows[zone, name].reason for zone in ZONES}
        assert said == {f"On the baseline, {MAKEUP[0].lower()}{MAKEUP[1:]}"}
    assert {rows[zone, "gloss"].reason for zone in ZONES} == {SMALL}


def test_the_photographs_record_says_it_too(run):
    photo = next(p for p in run[0].photos if p.name == "day01.png")
    assert set(photo.zone_reasons) == {"nose", "chin"}
    assert any("lies in the future" in w for w in photo.warnings)
    assert any("rather unlike" in w for w in photo.warnings)


def test_the_baseline_is_looked_at_once_for_all(run):
    first, *later = run[1]["judge"]
    assert first is None
    assert all(isinstance(seen, Seen) for seen in later)


def test_later_charts_are_fitted_like_the_baselines(run):
    first, like = run[1]["like"]
    assert first is None
    assert isinstance(like, ColourCorrection)
    photo = next(p for p in run[0].photos if p.name == "day01.png")
    assert photo.colour_reference.startswith("chart, then")
    assert photo.chart_residual_de00 == 0.5


def test_a_told_tone_reaches_every_portrait(run):
    angle = load_parameters().value("treatment.typology_angle.phototype_4")
    assert run[1]["tone"] == [angle] * 3
    assert not any("skin tone" in note for note in run[0].notes)


def test_another_face_is_refused_with_its_likeness(folder):
    strict = load_parameters().with_values({"measurement.gate.least_likeness": 1.01})
    with pytest.raises(PhotoError, match="likeness"):
        measure_series(SeriesRequest(read_series(folder)), methods=METHODS, parameters=strict)


def test_the_photographs_own_reason_comes_first():
    joined = of_both(GateResult(True, zone_reasons={"chin": "Own."}), None)
    assert joined.zone_reasons == {"chin": "Own."}
    first = GateResult(True, zone_reasons={"chin": "Base.", "nose": "Base."})
    joined = of_both(GateResult(True, zone_reasons={"chin": "Own."}), first)
    assert joined.zone_reasons == {"chin": "Own.", "nose": "On the baseline, base."}


@pytest.mark.parametrize("name", ["erythema_optical_density", "lab_a"])
def test_kin_of_redness(name):
    assert kin_of(name) == "erythema"
    assert kin_of("melanin_optical_density") == "pigment"
    assert kin_of("gloss") == "gloss"


def test_each_measured_sign_is_defined_once():
    from micropen.measurement import measured_signs  # noqa: PLC0415

    assert len(MEASURED_SIGNS) == len(measured_signs._ALL)


def test_only_photographs_like_the_baseline_may_tell_of_errors(folder, monkeypatch):
    given = []

    def factors(readings, *_rest):
        given.append(sorted(readings))
        return RepeatFactors()

    monkeypatch.setattr(measure_series_module, "repeat_factors", factors)
    for good in (-2.0, 1.01):
        chosen = load_parameters().with_values(
            {
                "measurement.gate.least_likeness": -3.0,
                "measurement.gate.good_likeness": good,
                "measurement.gate.calm_expression": -1.0,  # a middling likeness is only warned of
            }
        )
        measure_series(SeriesRequest(read_series(folder)), methods=METHODS, parameters=chosen)
    assert given == [["day01.png", "pre.png"], ["pre.png"]]


@pytest.mark.parametrize(
    ("corners", "why"),
    [
        ("[[50, 50], [50, 50], [50, 50], [50, 50]]", "enclose nothing"),
        ("[[50, 50], [150, 50], [150, 120], [50, 120]]", "other colours"),
        ("[[50, 50], [9999, 50], [9999, 120], [50, 120]]", "leave the picture"),
    ],
)
def test_corners_without_a_chart_are_a_warning(folder, tmp_path, corners, why):
    told = tmp_path / "series.toml"
    photos = "".join(f'[photo."{n}.png"]\nchart_corners = {corners}\n' for n in ("pre", "day01"))
    told.write_text(f'baseline = "pre.png"\n{photos}', encoding="utf-8")
    measured = measure_series(SeriesRequest(read_series(folder, told)), methods=METHODS)
    for photo in measured.photos:
        assert photo.usable
        (said,) = [w for w in photo.warnings if "Chart corners" in w]
        assert said.startswith("Chart corners were given, but no chart was found there (")
        assert why in said
        assert "colours rest on" in said
        assert not any("Between the four corners" in w for w in photo.warnings)
