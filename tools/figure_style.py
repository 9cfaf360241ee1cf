"""One look for the pictures of the docs: colours safe for colour-blind readers, small files."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from textwrap import fill
from typing import Any, Final

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

# Okabe and Ito's colours.
STATE: Final = "#0072B2"
SIGN: Final = "#D55E00"
GREEN: Final = "#009E73"
PURPLE: Final = "#CC79A7"
SKY: Final = "#56B4E9"
GREY: Final = "#6E6E6E"
INK: Final = "#222222"

TARGET: Final = Path(__file__).parents[1] / "docs" / "images" / "model"
WIDTH_INCH: Final = 8.0
DPI: Final = 100
_COLOURS: Final = 255  # of a saved picture: fewer would shift thin lines of a rare colour
_LARGEST_KB: Final = 60.0

MINUTE: Final = 1.0 / 1440.0
HOUR: Final = 1.0 / 24.0
WEEK: Final = 7.0
MONTH: Final = 30.0
_LOG_TICKS: Final = {
    MINUTE: "1 min",
    10 * MINUTE: "10 min",
    HOUR: "1 h",
    6 * HOUR: "6 h",
    1.0: "1 d",
    3.0: "3 d",
    10.0: "10 d",
    30.0: "30 d",
    90.0: "90 d",
    360.0: "1 yr",
}
_ROUND_TICKS: Final = {"1 min", "1 h", "1 d", "10 d", "90 d", "1 yr"}


def use_style() -> None:
    """Set the look of every figure that follows."""
    plt.rcParams.update(
        {
            "figure.dpi": DPI,
            "font.family": "DejaVu Sans",
            "font.size": 9.0,
            "axes.titlesize": 9.0,
            "axes.titlelocation": "left",
            "axes.labelsize": 8.5,
            "axes.edgecolor": GREY,
            "axes.labelcolor": INK,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "grid.color": "#E6E6E6",
            "grid.linewidth": 0.6,
            "xtick.labelsize": 8.0,
            "ytick.labelsize": 8.0,
            "xtick.color": INK,
            "ytick.color": INK,
            "legend.fontsize": 8.0,
            "legend.frameon": False,
            "lines.linewidth": 1.8,
        }
    )


def quantiles(draws: np.ndarray) -> np.ndarray:
    """5 %, median and 95 % over the first axis, shape (3, ...)."""
    return np.asarray(np.quantile(draws, [0.05, 0.5, 0.95], axis=0))


def band(ax: Any, x: np.ndarray, low_middle_high: np.ndarray, colour: str, **line: Any) -> None:
    """Draw a middle line and its band; ``low_middle_high`` has shape (3, x)."""
    low, middle, high = low_middle_high
    ax.fill_between(x, low, high, color=colour, alpha=0.2, linewidth=0.0)
    ax.plot(x, middle, color=colour, **line)


def log_time_axis(ax: Any, first: float, last: float, most: int = 10) -> None:
    """Logarithmic time from minutes to months, ticks in words, at most so many."""
    ax.set_xscale("log")
    ax.set_xlim(first, last)
    ticks = [t for t in _LOG_TICKS if first <= t <= last]
    if len(ticks) > most:
        ticks = [t for t in ticks if _LOG_TICKS[t] in _ROUND_TICKS]
    ax.set_xticks(ticks, [_LOG_TICKS[t] for t in ticks])
    ax.set_xticks([], minor=True)


def linear_time_axis(ax: Any, last: float) -> tuple[float, str]:
    """Linear time in a unit that suits its length; returns days per unit and the unit."""
    scale, unit = next(
        (s, u)
        for s, u in ((MONTH, "months"), (1.0, "days"), (HOUR, "hours"), (MINUTE, "minutes"))
        if last >= 3.0 * s
    )
    if unit == "months" and last < 4.0 * MONTH:
        scale, unit = 1.0, "days"
    ax.set_xlim(0.0, last / scale)
    return scale, unit


def note(figure: Any, text: str) -> None:
    """Put a line about the treatment and the bands above a figure."""
    figure.suptitle(fill(text, 150), fontsize=7.5, color=INK, x=0.01, ha="left")


def save(figure: Any, name: str) -> str:
    """Write a figure as a small PNG without date or program; return one line about it."""
    path = TARGET / f"{name}.png"
    memory = BytesIO()
    figure.savefig(memory, format="png", dpi=DPI, metadata={"Software": None})
    plt.close(figure)
    memory.seek(0)
    picture = Image.open(memory).convert("RGB")
    picture = picture.quantize(
        _COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".png.part")
    picture.save(fresh, format="PNG", optimize=True)
    fresh.replace(path)
    size = path.stat().st_size / 1024
    if size > _LARGEST_KB:
        raise SystemExit(f"{path.name} has {size:.0f} kB; at most {_LARGEST_KB:.0f} are wanted.")
    return f"{path.name}: {picture.width} x {picture.height}, {size:.0f} kB"
