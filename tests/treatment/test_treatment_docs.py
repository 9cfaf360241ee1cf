"""docs/treatment-file.md documents every key and word, and its example can be read."""

import re
import tomllib
from pathlib import Path

import pytest

from micropen.anatomy import UNPAIRED_ZONES
from micropen.treatment import Condition, Medication, Person, Treatment
from micropen.treatment.file_format import (
    SeriesTable,
    SessionTable,
    SettingTable,
    TreatmentTable,
)
from micropen.treatment.words import LEVELS

PAGE = (Path(__file__).parents[2] / "docs" / "treatment-file.md").read_text(encoding="utf-8")
PLAIN = re.sub(r"\s+", " ", PAGE)


@pytest.mark.parametrize("table", [TreatmentTable, Person, SessionTable, SettingTable, SeriesTable])
def test_every_field_is_documented(table):
    assert not [field for field in table.model_fields if f"`{field}`" not in PAGE]


@pytest.mark.parametrize("words", [Medication, Condition, LEVELS, UNPAIRED_ZONES])
def test_every_word_is_documented(words):
    assert not [str(word) for word in words if str(word) not in PLAIN]


def test_no_row_documents_a_key_that_does_not_exist():
    known = {
        field
        for table in (TreatmentTable, Person, SessionTable, SettingTable, SeriesTable)
        for field in table.model_fields
    }
    rows = re.findall(r"^\| `(\w+)` \|", PAGE, flags=re.MULTILINE)
    assert set(rows) <= known
    assert len(rows) == len(set(rows))


def test_the_example_is_complete_and_can_be_read():
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
    treatment = Treatment.from_dict(tomllib.loads(example))
    assert len(treatment.sessions) == 3
    assert "periorbital_left" not in treatment.sessions[0].zones
    assert treatment.sessions[0].zones["cheek_left"].passes == 6
