"""The page of a followed case in a real Chromium: phone and desktop, light and dark, no script."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from chromium import NEEDS_CHROMIUM, chromium, open_page, requested
from followed_case import ASK, BAD, CLINICIAN, WATCH, followed, minimal
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import Select

from micropen.report.following import write_following

pytestmark = NEEDS_CHROMIUM

# Every text with its colour and the colour of what lies behind it, as a ratio of luminances.
CONTRAST = """
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, k) => sum + c * [0.2126, 0.7152, 0.0722][k], 0);
  const numbers = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const opaque = (c) => c.length === 3 || c[3] === 1;
  function behind(element) {
    for (let e = element; e; e = e.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(e);
      const last = backgroundImage.match(/rgb[^)]*\\)/g);
      if (last) return numbers(last[last.length - 1]);
      const plain = numbers(backgroundColor);
      if (opaque(plain)) return plain;
    }
    return [255, 255, 255];
  }
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.getClientRects().length) continue;
    if (element.matches("title, script, option")) continue;
    const style = getComputedStyle(element);
    const colour = numbers(element.closest("svg") ? style.fill : style.color);
    const [a, b] = [light(colour), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${element.textContent.slice(0, 40)}`);
  }
  return found;
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, Path]:
    cases = {
        "calm": followed(),
        "alarmed": followed(alerts=(WATCH, ASK, CLINICIAN), fit=BAD),
        "three": followed(sessions=3, alerts=(WATCH,)),
        "minimal": minimal(),
    }
    folder = tmp_path_factory.mktemp("following")
    made = {}
    for name, case in cases.items():
        (folder / name).mkdir()
        made[name] = write_following(folder / name, case)
    return made


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


@pytest.fixture(params=[390, 1440], ids=["phone", "desktop"])
def shown(request, browser, pages) -> WebDriver:
    return opened(browser, pages["calm"], request.param)


def chart_of(browser: WebDriver, key: str, zone: str = "face"):
    return browser.find_element(By.CSS_SELECTOR, f'[data-zone="{zone}"] .chart[data-key="{key}"]')


@pytest.mark.parametrize("name", ["calm", "alarmed", "three", "minimal"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_fits_its_screen_and_fetches_nothing(browser, pages, name, width):
    shown = opened(browser, pages[name], width)
    for box in shown.find_elements(By.TAG_NAME, "details"):
        shown.execute_script("arguments[0].open = true", box)
    widths = shown.execute_script(
        "return [document.documentElement.scrollWidth, window.innerWidth]"
    )
    assert max(widths) <= width
    assert shown.get_log("browser") == []
    sent = requested(shown)
    assert sent
    assert all(url.startswith(("file:", "data:")) for url in sent)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["alarmed", "three"])
def test_every_text_stands_out_from_what_lies_behind_it(browser, pages, name, theme):
    shown = opened(browser, pages[name], 1440, theme=theme)
    assert shown.execute_script(CONTRAST) == []


def test_it_can_be_read_without_script(browser, pages):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        open_page(browser, pages["calm"], 390)
        shown = browser
        assert shown.find_element(By.ID, "h-now").is_displayed()
        assert chart_of(shown, "erythema").is_displayed()
        assert not shown.find_element(By.ID, "zone").is_displayed()
        assert not shown.find_element(By.ID, "viewer").is_displayed()
        strip = shown.find_elements(By.CSS_SELECTOR, ".strip img")
        assert len(strip) == 7
        assert all(image.is_displayed() for image in strip)
        tables = shown.find_elements(By.CSS_SELECTOR, "details.table")
        assert len(tables) == 2
        tables[0].find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
        assert "looks mistaken" in tables[0].text
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_a_part_of_the_face_is_chosen(shown):
    Select(shown.find_element(By.ID, "zone")).select_by_value("cheek_left")
    assert not chart_of(shown, "erythema").is_displayed()
    assert chart_of(shown, "erythema", "cheek_left").is_displayed()
    # Answers are on the whole face.
    assert not shown.find_elements(By.CSS_SELECTOR, "[data-zone=cheek_left] [data-axis=diary]")


def test_the_face_comes_first(shown):
    choice = Select(shown.find_element(By.ID, "zone"))
    assert choice.first_selected_option.text == "Whole face"
    assert [o.text for o in choice.options][:3] == ["Whole face", "Forehead", "Nose"]


def test_arrow_keys_tell_the_values_of_each_day(shown):
    chart = chart_of(shown, "erythema")
    output, plot = (chart.find_element(By.CSS_SELECTOR, css) for css in ("output", ".plot"))
    resting = output.text
    assert resting.startswith("Yours: ")
    shown.execute_script("arguments[0].scrollIntoView({block: 'center'})", plot)
    shown.execute_script("arguments[0].focus()", plot)
    plot.send_keys(Keys.ARROW_RIGHT)
    first = output.text
    assert "Fri 8 May" in first
    said = set()
    for _ in range(40):
        plot.send_keys(Keys.ARROW_RIGHT)
        said.add(output.text)
    assert any(text.startswith("Read: ") for text in said)
    assert any("looks mistaken" in text for text in said)
    here = plot.find_element(By.CSS_SELECTOR, ".here")
    assert here.value_of_css_property("visibility") == "visible"
    shown.execute_script("arguments[0].blur()", plot)
    assert output.text == resting


def test_a_reading_lies_where_its_value_lies(shown):
    """The circle of the first day lies higher on the screen than that of the last."""
    boxes = [
        dot.rect
        for dot in chart_of(shown, "erythema").find_elements(
            By.CSS_SELECTOR, ".mark:not(.doubtful) .dot"
        )
    ]
    assert len(boxes) == 5
    assert boxes[0]["y"] < boxes[-1]["y"] - 20
    assert [b["x"] for b in boxes] == sorted(b["x"] for b in boxes)
    assert all(abs(b["width"] - b["height"]) < 1.0 for b in boxes)  # never stretched


def test_a_finger_on_a_reading_tells_it(shown):
    dot = chart_of(shown, "redness").find_elements(By.CSS_SELECTOR, ".mark .dot")[0]
    shown.execute_script("arguments[0].scrollIntoView({block: 'center'})", dot)
    shown.execute_script(
        """const box = arguments[0].getBoundingClientRect();
        arguments[0].dispatchEvent(new PointerEvent("pointerdown", { bubbles: true,
          clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 }));""",
        dot,
    )
    said = chart_of(shown, "redness").find_element(By.TAG_NAME, "output").text
    assert said.startswith("You: 8 of 10")
    assert "Fri 8 May" in said


def test_the_day_slider_changes_the_picture_and_says_what_is_simulated(shown):
    picture = shown.find_element(By.ID, "picture")
    slider = shown.find_element(By.ID, "picture-day")
    kind = shown.find_element(By.ID, "picture-kind")
    assert kind.text == "Simulated"
    first = picture.get_attribute("src")
    slider.send_keys(Keys.ARROW_RIGHT)
    assert picture.get_attribute("src") != first
    assert shown.find_element(By.ID, "picture-label").text == "Thursday 14 May, day 6"
    assert slider.get_attribute("aria-valuetext") == "Thursday 14 May, day 6, simulated"
    slider.send_keys(Keys.HOME)
    assert kind.text == "Photograph"
    buttons = shown.find_elements(By.CSS_SELECTOR, ".strip button")
    shown.execute_script("arguments[0].scrollIntoView({block: 'center'})", buttons[1])
    buttons[1].click()
    assert picture.get_attribute("src") == first
    assert buttons[1].get_attribute("aria-current") == "true"
    assert picture.get_attribute("alt").endswith("simulated")


def test_everything_that_is_pressed_is_large_enough_and_named(shown):
    """44 px, as a finger needs; a table that scrolls and a figure are reached by the tab key."""
    names = shown.execute_script(
        """return [...document.querySelectorAll("select, input, button, [tabindex]")]
          .filter((e) => e.getClientRects().length)
          .map((e) => [e.tagName, e.getBoundingClientRect().height,
            (e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.textContent)
              .trim()]);"""
    )
    assert names
    assert [n for n in names if n[1] < 43.5 or not n[2]] == []


def test_headings_go_down_one_step_at_a_time(browser, pages):
    shown = opened(browser, pages["alarmed"], 1440)
    levels = shown.execute_script(
        "return [...document.querySelectorAll('h1,h2,h3,h4')].map((h) => Number(h.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
