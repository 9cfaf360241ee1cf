"""Shared by all tests: the bundled example, and a Hypothesis profile for busy machines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# Deadlines measure the machine, not the code; examples are fixed so that a run can be repeated.
settings.register_profile("micropen", deadline=None, derandomize=True)
settings.load_profile("micropen")

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "src" / "micropen" / "workflows" / "data" / "demo"


@pytest.fixture(scope="session")
def demo_portrait_file() -> Path:
    """The bundled portrait."""
    return DEMO / "portrait.png"


@pytest.fixture(scope="session")
def founding_case_file() -> Path:
    """The founding case's treatment file."""
    return DEMO / "founding_case.toml"
