from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import xarray as xr
from PIL import Image

from micropen.anatomy.zones import ZONES
from micropen.evidence import Grade, Source
from micropen.report import (
    Provenance,
    ReportContent,
    SessionSummary,
    SignEvidence,
    ZoneSetting,
    write_report,
)
from micropen.signs import SIGNS

PORTRAIT = (
    Path(__file__).parents[2] / "src" / "micropen" / "workflows" / "data" / "demo" / "portrait.png"
)
PAGE_DAYS = (0.3, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 10.0, 14.0, 21.0, 30.0, 45.0, 60.0)
DEPTHS = {
    "forehead": 0.5, "glabella": 0.5, "temple_left": 0.5, "temple_right": 0.5, "nose": 0.5,
    "cheek_left": 1.0, "cheek_right": 1.0, "upper_lip": 0.5, "chin": 1.0,
    "jaw_left": 1.0, "jaw_right": 1.0,
}  # fmt: skip


def bump(day: np.ndarray, peak: float, rise: float, fall: float) -> np.ndarray:
    """A smooth hump of height 1 at `peak`."""
    before = np.exp(-0.5 * ((day - peak) / rise) ** 2)
    after = np.exp(-0.5 * ((day - peak) / fall) ** 2)
    return np.where(day < peak, before, after)


def synthetic_course(days: float = 60.0, draws: int = 60, seed: int = 1) -> xr.Dataset:
    """Curves of about the right size and time, for tests of the report alone."""
    day = np.unique(
        np.concatenate(
            [[0, 0.01, 0.04, 0.1, 0.3], np.arange(0.5, 14.5, 0.5), np.arange(15.0, days + 0.5)]
        )
    )
    rng = np.random.default_rng(seed)
    person = np.exp(0.25 * rng.standard_normal((draws, 1, 1)))
    pace = np.exp(0.18 * rng.standard_normal((draws, 1, 1)))
    depth = np.array([DEPTHS.get(zone, 0.0) for zone in ZONES])[None, :, None]
    t = day[None, None, :] * pace
    shape = {
        "erythema": 1.2 * np.exp(-t / 1.3),
        "swelling": 0.7 * np.exp(-t / 0.8),
        "pinpoint_bleeding": 3.0 * np.exp(-t / 0.6),
        "barrier_defect": 0.9 * np.exp(-t / 0.5),
        "scaling": 0.05 * bump(t, 3.6, 1.0, 1.4),
        "lesions": 0.6 * bump(t, 2.4, 0.8, 1.8),
        "pigment": -0.06 * bump(t, 8.0, 3.0, 9.0),
        "gloss": 0.35 * bump(t, 8.0, 2.6, 6.0),
        "relief": 0.12 * bump(t, 8.0, 3.0, 12.0),
        "collagen": 0.05 * (1 - np.exp(-t / 40.0)),
        "pain": 4.0 * np.exp(-t / 0.05),
    }
    size = np.minimum(depth, 1.0) * person
    variables = {
        name: (
            ("draw", "zone", "day"),
            (shape[name] * size).astype(np.float32),
            {"unit": SIGNS[name].unit},
        )
        for name in SIGNS
    }
    return xr.Dataset(
        variables,
        coords={"draw": np.arange(draws), "zone": list(ZONES), "day": day},
        attrs={"seed": seed, "parameter_set": "synthetic"},
    )


def portrait_picture(side: int = 1024) -> np.ndarray:
    """A freely shippable portrait, enlarged: NASA's astronaut of scikit-image."""
    with Image.open(PORTRAIT) as image:
        picture = np.asarray(image.convert("RGB"))
    return cv2.resize(picture, (side, side), interpolation=cv2.INTER_CUBIC)


def reddened(picture: np.ndarray, amount: float) -> np.ndarray:
    """A stand-in for the renderer: less green and blue in the middle of the picture."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[:height, :width]
    face = np.exp(
        -(((x - 0.44 * width) / (0.1 * width)) ** 2 + ((y - 0.22 * height) / (0.12 * height)) ** 2)
    )
    top = np.iinfo(picture.dtype).max
    factor = np.exp(-amount * face[..., None] * np.array([0.1, 0.4, 0.35]))
    return np.clip(picture * factor, 0, top).astype(picture.dtype)


def example_content(
    picture: np.ndarray, days: tuple[float, ...] = PAGE_DAYS, **changes: Any
) -> ReportContent:
    """A full report content on any picture."""
    course = changes.pop("course", None)
    course = synthetic_course() if course is None else course
    factor = {"best": 0.6, "expected": 1.0, "worst": 1.6}
    frames = {
        (scenario, day): reddened(picture, factor[scenario] * 1.2 * float(np.exp(-day / 1.3)))
        for scenario in factor
        for day in days
    }
    height, width = picture.shape[:2]
    given: dict[str, Any] = {
        "title": "Your skin after microneedling",
        "subtitle": "A pen with 14 needles, 0.5 to 1.0 mm",
        "before": picture,
        "frames": frames,
        "course": course,
        "sessions": (
            SessionSummary(
                day=0.0,
                device="SkinPen Precision",
                zones={z: ZoneSetting(d, 4 if d > 0.5 else 3) for z, d in DEPTHS.items()},
                date=dt.date(2026, 3, 13),
                time_of_day="morning",
                needle_count=14,
                anaesthetic="numbing cream, 30 minutes",
            ),
        ),
        "provenance": Provenance(
            version="0.1.0", parameter_set="micropen-2026.11", parameter_digest="0123456789abcdef",
            seed=0, draws=int(course.sizes["draw"]), photo_sha256="a" * 64,
            treatment_sha256="b" * 64, lowest_grade="D", citations=("skinpen-ifu", "chu2021"),
            platform="Linux x86_64", python="3.11", command="micropen demo",
        ),
        "face_box": (0.34 * width, 0.09 * height, 0.54 * width, 0.38 * height),
        "photo_notes": ("Pinpoint bleeding is drawn but cannot be counted below 4 px per mm.",),
        "warnings": ("Around the eyes nothing was treated, so nothing is forecast there.",),
        "evidence": (
            SignEvidence("erythema", "C", "rests on what 39 practices tell their clients.",
                         ("practice-timelines",)),
            SignEvidence("scaling", "D", "no daily score was ever published."),
            SignEvidence("collagen", "A", "biopsies after three sessions."),
        ),
        "sources": (
            Source("chu2021", "Adverse events of microneedling: review", "Chu S, Foulad D",
                   2021, "Dermatol Surg 47:1249", doi="10.1097/01.dss.0000790428.70373.f6",
                   grade=Grade.A),
            Source("assumed", "Assumed by the authors", "The micropen authors", 2026, "here",
                   Grade.D),
        ),
        "before_credit": "NASA, public domain",
    }  # fmt: skip
    given.update(changes)
    return ReportContent(**given)


@pytest.fixture(scope="session")
def portrait() -> np.ndarray:
    """A portrait of 1024 px, 8 bits."""
    return portrait_picture()


@pytest.fixture(scope="session")
def small_portrait() -> np.ndarray:
    """A portrait of 320 px, 8 bits, for whatever has to be written often."""
    return portrait_picture(320)


@pytest.fixture(scope="session")
def content_of() -> Callable[..., ReportContent]:
    """Builds a full report content around a picture; fields can be replaced."""
    return example_content


@pytest.fixture(scope="session")
def course_of() -> Callable[..., xr.Dataset]:
    """Builds a synthetic course."""
    return synthetic_course


@pytest.fixture(scope="session")
def course() -> xr.Dataset:
    """A synthetic course of 60 days."""
    return synthetic_course()


@pytest.fixture(scope="session")
def sessions() -> tuple[SessionSummary, ...]:
    """One session of the zones that the synthetic course treats."""
    zones: Mapping[str, ZoneSetting] = {z: ZoneSetting(d, 4) for z, d in DEPTHS.items()}
    return (SessionSummary(0.0, "SkinPen Precision", zones),)


@pytest.fixture(scope="session")
def small_report(
    tmp_path_factory: pytest.TempPathFactory, small_portrait: np.ndarray
) -> tuple[Path, ReportContent]:
    """A whole report of few small pictures, and what it was made of."""
    content = example_content(small_portrait, days=(0.3, 1.0, 3.0, 14.0))
    page = write_report(tmp_path_factory.mktemp("report") / "out", content)
    return page.parent, content
