"""A case folder to work in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from micropen.case import new_case

MakeCase = Callable[..., Path]


@pytest.fixture
def make_case_folder(tmp_path: Path, founding_case_file: Path) -> MakeCase:
    """Make a case of the founding treatment, with these lines of check-ins."""

    def make(*lines: str, name: str = "my case ä") -> Path:
        folder = new_case(tmp_path / name, founding_case_file.read_text(encoding="utf-8"))
        if lines:
            (folder / "checkins.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return folder

    return make
