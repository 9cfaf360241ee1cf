"""The index of facts: whole, and every target of it exists."""

import importlib.util
import tomllib
from collections import Counter
from importlib.resources import files

import pytest

from micropen.errors import MicropenError, UnknownNameError
from micropen.evidence import prior_parameters
from micropen.evidence.facts import _fact, fact, facts
from micropen.treatment import devices

COLLECTED = 471


def study_targets() -> set[str]:
    """Every row and arm of the program's studies, as ``study.name``."""
    folder = files("micropen.evidence") / "data" / "studies"
    found = set()
    for file in folder.iterdir():
        if file.name.endswith(".toml"):
            table = tomllib.loads(file.read_text(encoding="utf-8"))
            names = [*table["arm"], *(row["key"] for row in table["finding"])]
            found |= {f"{table['key']}.{name}" for name in names}
    return found


def named(kind: str) -> set[str]:
    return {entry.target for entry in facts().values() if entry.kind == kind}


def test_every_collected_fact_stands_once():
    # A key that stood twice would not be valid TOML.
    assert len(facts()) == COLLECTED
    families = Counter(key.split(".")[0] for key in facts())
    assert families["out"] == 223
    assert families["thick"] == 70
    assert families["care"] == 22


def test_used_facts_name_what_exists():
    assert {entry.kind for entry in facts().values()} == {
        "study", "parameter", "device", "reference", "care", "",
    }  # fmt: skip
    assert named("parameter") <= {entry.name for entry in prior_parameters()}
    assert named("device") <= set(devices())
    assert named("study") <= study_targets()
    for model in named("reference"):
        assert importlib.util.find_spec(f"micropen.healing.published.{model}") is not None


def test_what_is_not_used_says_why():
    unused = [entry for entry in facts().values() if not entry.used]
    assert all(len(entry.unusable.split()) >= 2 for entry in unused)
    memory = [entry for entry in unused if entry.unusable.startswith("from memory")]
    assert all(entry.grade == "D" for entry in memory)


def test_heat_animals_and_other_procedures_never_carry_a_row():
    for key, entry in facts().items():
        if key.startswith(("rf.", "depth.rf.", "pain.rf.", "out.mda_", "out.chemo.", "out.rf_")):
            assert not entry.used, key
    for key in ("out.dr_zeit", "out.aust_tgfb3", "out.kim_mice", "out.aust08_400"):
        assert facts()[key].unusable


def test_values_keep_their_form():
    assert fact("rec.han.barrier_h").value == 72.0
    assert fact("dev.pen.density_target").value == (250.0, 300.0)
    assert fact("out.cass.mn").unit == "words"
    assert fact("out.ski_collagen").value[0] == (0.0, 0.0)
    assert fact("rec.ogunjimi20.Black").n == 22
    assert fact("rec.ogunjimi20.Black").source.startswith("Ogunjimi 2020")
    assert all(entry.what and entry.source for entry in facts().values())


def test_unknown_fact_names_the_nearest():
    with pytest.raises(UnknownNameError, match=r"rec\.han\.barrier_h"):
        fact("rec.han.barier_h")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({}, "either"),
        ({"used": "care", "unusable": "no"}, "either"),
        ({"usd": "care"}, r"unknown fields \['usd'\]"),
    ],
)
def test_a_wrong_row_is_refused(row, words):
    whole = {"what": "depth", "value": 1, "unit": "mm", "source": "a table", "grade": "A"}
    with pytest.raises(MicropenError, match=words):
        _fact("a.b", {**whole, **row})


def test_a_fact_without_its_source_is_refused():
    with pytest.raises(MicropenError, match="source"):
        _fact("a.b", {"what": "depth", "value": 1, "unit": "mm", "grade": "A", "used": "care"})
