"""Draw the README's picture of a measured page: days that the bundled example's forecast drew.

Run: ``python tools/measure_picture.py``. Writes ``docs/images/measure-page.jpg``. Needs
Chromium and its chromedriver; it does what the README's commands do.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

import micropen as mp
from micropen.report.images import jpeg
from micropen.report.marks import xmp_packet
from micropen.workflows.demo import demo_files
from micropen.workflows.forecast import ForecastRequest, forecast_report
from micropen.workflows.measure import MeasureRequest, measure

DAYS = ("000.29", "003.00", "008.00")
SHOWN = "expected_day_000.29.jpg"
ZONE = "cheek_left"
SIZE = (1000, 1100)
TARGET = Path(__file__).parents[1] / "docs" / "images" / "measure-page.jpg"
MARGIN = 16
# Where the second row of figures begins, px below the top of their section.
SECOND_ROW = """
const charts = [...arguments[0].querySelectorAll("svg")].filter(s => s.clientHeight > 60);
const tops = charts.map(s => s.parentElement.getBoundingClientRect().top);
const next = tops.find(top => top > tops[0] + 60);
return next - arguments[0].getBoundingClientRect().top - 8;
"""


def main() -> None:
    """Measure the days, open the page and put two parts of it below each other."""
    with tempfile.TemporaryDirectory() as work:
        page = measured_page(Path(work))
        parts = screenshots(page)
    xmp = xmp_packet("Simulated days after microneedling, measured by micropen.", mp.__version__)
    TARGET.write_bytes(jpeg(stacked(parts), xmp))
    print(f"{TARGET}: {TARGET.stat().st_size // 1000} kB")


def measured_page(work: Path) -> Path:
    """Forecast the bundled example, and measure three of its days."""
    with demo_files() as (photo, treatment):
        forecast_report(ForecastRequest(photo, treatment, work / "forecast"))
        series = work / "series"
        series.mkdir()
        shutil.copy(photo, series / f"before{photo.suffix}")
        for day in DAYS:
            shutil.copy(work / "forecast" / "frames" / f"expected_day_{day}.jpg", series)
        request = MeasureRequest((series,), work / "measured", treatment=treatment)
        return measure(request).page


def screenshots(page: Path) -> list[np.ndarray]:
    """Before and after with the map of redness; the first row of the trends."""
    options = Options()
    for flag in ("--headless=new", "--no-sandbox", "--hide-scrollbars"):
        options.add_argument(flag)
    browser = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        width, height = SIZE
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )
        browser.get(page.as_uri())
        Select(browser.find_element(By.ID, "photo-b")).select_by_value(SHOWN)
        Select(browser.find_element(By.ID, "overlay")).select_by_value("erythema")
        Select(browser.find_element(By.ID, "zone")).select_by_value(ZONE)
        time.sleep(1.0)
        compare, trends = (
            browser.find_element(By.CSS_SELECTOR, f"section[aria-labelledby={part}]")
            for part in ("h-compare", "h-trends")
        )
        row = browser.execute_script(SECOND_ROW, trends)
        return [picture(compare.screenshot_as_png), picture(trends.screenshot_as_png)[: int(row)]]
    finally:
        browser.quit()


def picture(png: bytes) -> np.ndarray:
    """Decode to RGB."""
    return cv2.cvtColor(
        cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB
    )


def stacked(parts: list[np.ndarray]) -> np.ndarray:
    """Put pictures of one width below each other, on the page's own paper."""
    paper = parts[0][0, -1].tolist()
    edges = (MARGIN, MARGIN, MARGIN, MARGIN)
    return np.vstack(
        [cv2.copyMakeBorder(part, *edges, cv2.BORDER_CONSTANT, value=paper) for part in parts]
    )


if __name__ == "__main__":
    main()
