"""docs/case.md: its example is run, and it names every column, word, sign and limit."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from micropen.case import COLUMNS, LONGEST_BEFORE_DAYS, WARNING_SIGNS
from micropen.case.answers import MOST_BREAKOUTS, read_score
from micropen.case.moments import EVENING
from micropen.case.plain_words import data_file
from micropen.cli.main import app

PAGE = (Path(__file__).parents[2] / "docs" / "case.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)
    return str(found)


def section(title: str) -> str:
    return PAGE.split(f"## {title}")[1].split("\n## ")[0]


@pytest.fixture
def example(tmp_path, monkeypatch) -> None:
    """Run the commands of the page, each against what it is said to print."""
    monkeypatch.chdir(tmp_path)
    for part in block("console").split("$ micropen ")[1:]:
        command, printed = part.split("\n", 1)
        done = CliRunner().invoke(app, shlex.split(command))
        assert done.output == printed


@pytest.mark.usefixtures("example")
def test_the_example_is_today_s():
    assert Path("anna/checkins.csv").read_text(encoding="utf-8-sig") == block("text")
    named = re.findall(r"^\| `([\w./]+)` \|", PAGE.split("## An example")[0], flags=re.MULTILINE)
    assert sorted(name.rstrip("/") for name in named) == sorted(
        path.name for path in Path("anna").iterdir()
    )


@pytest.mark.usefixtures("example")
def test_the_python_example_runs(tmp_path, capsys):
    Path("example.py").write_text(block("python"), encoding="utf-8")
    runpy.run_path("example.py")
    assert capsys.readouterr().out.splitlines() == [
        "day 1.5: 4 to 4",
        "day 2.5: 0.5 to 3.5",
        "() ()",
        "{'forecasts/2024-05-11.json': {'day': 3.0}}",
    ]


def test_every_column_and_sign_is_described():
    columns = re.findall(r"^\| `(\w+)` \|", section("The columns"), flags=re.MULTILINE)
    assert columns == list(COLUMNS)
    signs = re.findall(r"^\| `(\w+)` \| (.+) \|", section("Warning signs"), flags=re.MULTILINE)
    assert dict(signs) == WARNING_SIGNS


def test_every_word_stands_for_what_the_page_says():
    rows = re.findall(r"^\| ([^|]+) \| ([0-9. to]+) \| ([^|]+) \|", section("Words"), re.MULTILINE)
    groups = data_file("words.toml")["score"]
    assert len(rows) == len(groups)
    for (words, span, also), group in zip(rows, groups.values(), strict=True):
        for word in [*words.split(", "), *also.removesuffix(", ...").split(", ")]:
            answer = read_score(word)
            assert answer is not None, word
            assert (answer.low, answer.high) == (group["low"], group["high"]), word
            stated = f"{answer.low:g}" if answer.low == answer.high else f"{answer.low:g} to "
            assert span.startswith(stated), word
            assert span.endswith(f"{answer.high:g}"), word


def test_the_limits_are_today_s():
    assert f"More than {LONGEST_BEFORE_DAYS} days before" in PAGE
    assert f"0 to {MOST_BREAKOUTS}, whole" in PAGE
    assert f"{EVENING.hour - 12} in the evening" in PAGE
