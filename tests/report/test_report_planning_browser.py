"""The page of a plan in a real Chromium: phone and desktop, light and dark, without script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import planning_examples as made
import pytest
from chromium import NEEDS_CHROMIUM, chromium, open_page, requested
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from test_report_following_browser import CONTRAST

from micropen.report.planning import write_planning

pytestmark = NEEDS_CHROMIUM

# Numbers on a filled mark: what lies behind them is drawn, not a background.
ON_A_MARK = "text.on, .marked text"


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("planning")
    found = {}
    for name, of in made.ALL.items():
        (folder / name).mkdir()
        found[name] = write_planning(folder / name, of())
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[WebDriver]:
    with chromium() as driver:
        yield driver


def opened(browser: WebDriver, page: Path, width: int, *, theme: str = "light") -> WebDriver:
    features = [{"name": "prefers-color-scheme", "value": theme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    open_page(browser, page, width, mobile=width < 500)
    browser.execute_script("document.documentElement.style.scrollBehavior = 'auto'")
    return browser


@pytest.mark.parametrize("name", list(made.ALL))
@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_fits_its_screen_and_fetches_nothing(browser, pages, name, width):
    shown = opened(browser, pages[name], width)
    widths = shown.execute_script(
        "return [document.documentElement.scrollWidth, window.innerWidth]"
    )
    assert max(widths) <= width
    assert shown.get_log("browser") == []
    sent = requested(shown)
    assert sent
    assert all(url.startswith(("file:", "data:")) for url in sent)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["go", "conditions", "refused", "unanswered"])
def test_every_text_stands_out_from_what_lies_behind_it(browser, pages, name, theme):
    shown = opened(browser, pages[name], 1440, theme=theme)
    shown.execute_script(
        "for (const text of document.querySelectorAll(arguments[0])) text.remove()", ON_A_MARK
    )
    assert shown.execute_script(CONTRAST) == []


def visible_panels(browser: WebDriver) -> list[str]:
    panels = browser.find_elements(By.CSS_SELECTOR, ".panel")
    return [p.get_attribute("aria-label") for p in panels if p.is_displayed()]


def test_one_plan_is_shown_in_full_and_a_card_or_a_key_shows_another(browser, pages):
    shown = opened(browser, pages["go"], 1440)
    assert visible_panels(shown) == ["Balanced"]
    shown.find_element(By.ID, "see-1").send_keys(Keys.ARROW_RIGHT)
    assert visible_panels(shown) == ["Gentle"]
    shown.find_element(By.CSS_SELECTOR, '[data-see="see-3"]').click()
    assert visible_panels(shown) == ["Fastest"]


@pytest.mark.parametrize("figure", [".front", ".gain", ".event-chart"])
def test_a_drawing_tells_its_values_by_arrow_keys(browser, pages, figure):
    shown = opened(browser, pages["go"], 390)
    chart = shown.find_element(By.CSS_SELECTOR, figure)
    output = chart.find_element(By.TAG_NAME, "output")
    plot = chart.find_element(By.CSS_SELECTOR, ".plot")
    before = output.text
    shown.execute_script("arguments[0].focus()", plot)
    plot.send_keys(Keys.ARROW_RIGHT)
    first = output.text
    plot.send_keys(Keys.ARROW_RIGHT)
    assert output.text not in {before, first}
    shown.execute_script("arguments[0].blur()", plot)
    assert output.text == before


def test_it_can_be_read_and_switched_without_script(browser, pages):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        open_page(browser, pages["go"], 390)
        assert visible_panels(browser) == ["Balanced"]
        browser.find_element(By.ID, "see-1").send_keys(Keys.ARROW_RIGHT)
        assert visible_panels(browser) == ["Gentle"]
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_on_the_first_screen_of_a_phone_stand_verdict_and_plan(browser, pages):
    shown = opened(browser, pages["go"], 390)
    for place in ("#h-top", ".plan-sentence", ".figures", ".event-lines li"):
        box = shown.find_element(By.CSS_SELECTOR, place).rect
        assert box["y"] + box["height"] <= 844
