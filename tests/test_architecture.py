"""The example of docs/architecture.md is run here."""

import re
import runpy
import shutil
from pathlib import Path

import pytest

from micropen.healing import RISKS

DOCS = Path(__file__).parents[1] / "docs"
SOURCE = DOCS.parent / "src" / "micropen"


def blocks(page, language):
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


@pytest.mark.slow
def test_the_python_example_runs(tmp_path, monkeypatch, capsys, founding_case_file):
    (example,) = blocks("architecture.md", "python")
    (study,) = blocks("study-file.md", "toml")
    (tmp_path / "my-studies").mkdir()
    (tmp_path / "my-studies" / "example2024.toml").write_text(study, encoding="utf-8")
    (tmp_path / "example.py").write_text(example, encoding="utf-8")
    shutil.copy(founding_case_file, tmp_path / "treatment.toml")
    monkeypatch.chdir(tmp_path)
    made = runpy.run_path("example.py")
    assert 0.0 < float(made["still_red"]) < 1.0
    assert made["macrophages"].shape[-1] == 29
    printed = capsys.readouterr().out
    assert all(risk.name in printed for risk in RISKS)
    assert "example2024.redness_next_day 1.3" in printed


def test_every_room_and_file_named_is_there():
    text = (DOCS / "architecture.md").read_text(encoding="utf-8").split("## What is added how")[0]
    rooms = {path.stem for path in SOURCE.iterdir() if not path.name.startswith(("_", "py."))}
    outside, inside = text.split("Inside `healing/`")
    for room in rooms:
        assert re.search(rf"`{room}/?`", outside), room
    for folder in re.findall(r"`(?!src/)([a-z_/]+)/`", outside):
        assert (SOURCE / folder).is_dir(), folder
    for name in re.findall(r"`([a-z_]+(?:\.py|/))`", inside):
        assert (SOURCE / "healing" / name).exists(), name


def test_every_linked_page_and_picture_is_there():
    for page in DOCS.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (DOCS / target).exists(), f"{page.name}: {target}"
