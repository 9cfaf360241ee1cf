"""Every number has a source that exists, and every source is complete."""

import re
from pathlib import Path

import pytest

import micropen
from micropen.errors import UnknownNameError
from micropen.evidence import Grade, citations, load_parameters, source, sources


def test_every_parameter_cites_an_existing_source():
    missing = {p.name: p.source for p in load_parameters() if p.source not in sources()}
    assert not missing


@pytest.mark.parametrize("key", sorted(sources()))
def test_entry_is_complete(key):
    entry = sources()[key]
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", key)
    for text in (entry.title, entry.authors, entry.where):
        assert text.strip() == text != ""
    assert 1800 < entry.year <= 2030
    assert isinstance(entry.grade, Grade)
    assert not entry.doi or re.fullmatch(r"10\.\d{4,9}/\S+", entry.doi)
    assert not entry.url or re.match(r"https?://\S+\.\S+", entry.url)
    assert key in {"assumed"} or len(entry.citation) > 30


def test_a_parameter_is_never_graded_better_than_its_source():
    better = {
        p.name: (p.grade, source(p.source).grade)
        for p in load_parameters()
        if p.grade.value < source(p.source).grade.value
    }
    assert not better


def test_what_we_assumed_is_grade_d():
    ours = [p for p in load_parameters() if p.source in {"assumed", "micropen-findings"}]
    assert ours
    assert {p.grade for p in ours} == {Grade.D}


def test_every_parameter_says_what_was_measured_or_guessed():
    assert not [p.name for p in load_parameters() if len(p.note) < 10 or not p.unit]


def test_doi_wins_over_url_and_a_citation_is_one_line():
    gill = source("gill2008")
    assert gill.link == "https://doi.org/10.1097/AJP.0b013e31816778f9"
    assert "\n" not in gill.citation
    assert citations(["gill2008", "gill2008", "han2012"]) == (
        gill.citation,
        source("han2012").citation,
    )


def test_every_entry_is_cited():
    """By its key in data, code or docs; or, as facts quote, by lead author or clearance number."""
    package = Path(micropen.__file__).parent
    files = [p for p in package.rglob("*") if p.suffix in {".py", ".toml", ".csv"}]
    files += (Path(__file__).parents[2] / "docs").glob("*.md")
    texts = [p.read_text(encoding="utf-8") for p in files if p.name != "bibliography.toml"]
    words = {word for text in texts for word in re.findall(r"[\w-]+", text)}
    idle = []
    for key, entry in sources().items():
        surname = entry.authors.split(",")[0].split(" et al")[0].split()[0]
        if not {key, key.upper(), surname} & words:
            idle.append(key)
    assert not idle, "delete them, or cite them where their number is used"


def test_unknown_source_names_the_nearest():
    with pytest.raises(UnknownNameError, match="gill2008"):
        source("gil2008")


@pytest.mark.parametrize(
    "key", ["assumed", "micropen-findings", "founding-account", "practice-timelines"]
)
def test_keys_that_other_rooms_rely_on(key):
    assert source(key).key == key
