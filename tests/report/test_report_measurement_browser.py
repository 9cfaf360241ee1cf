"""The page of a measured series in a real Chromium: offline, on phone and desktop, every mode."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from chromium import NEEDS_CHROMIUM, chromium, open_page, requested
from measured_series import METHODS, SESSION, band, measured
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import Select

from micropen.report.measurement import render_measurement

pytestmark = NEEDS_CHROMIUM


@pytest.fixture(scope="module")
def page(tmp_path_factory, demo_portrait_file: Path) -> Path:
    file = tmp_path_factory.mktemp("page") / "measurement.html"
    text = render_measurement(measured(demo_portrait_file), [band()], SESSION, methods=METHODS)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def browser() -> Iterator[WebDriver]:
    with chromium() as driver:
        yield driver


def opened(browser: WebDriver, page: Path, width: int, *, reduced: bool = False) -> WebDriver:
    motion = {"name": "prefers-reduced-motion", "value": "reduce" if reduced else "no-preference"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [motion]})
    open_page(browser, page, width)
    browser.execute_script("document.documentElement.style.scrollBehavior = 'auto'")
    return browser


@pytest.fixture(params=[390, 1440], ids=["phone", "desktop"])
def shown(request, browser, page) -> WebDriver:
    return opened(browser, page, request.param)


def click(browser: WebDriver, css: str) -> None:
    """Click where a finger would: the element is brought into view first."""
    element = browser.find_element(By.CSS_SELECTOR, css)
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    element.click()


def choose(browser: WebDriver, identity: str, value: str) -> None:
    Select(browser.find_element(By.ID, identity)).select_by_value(value)


def style(browser: WebDriver, css: str, name: str) -> str:
    script = "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"
    return str(browser.execute_script(script, css, name))


def seen(browser: WebDriver, side: str) -> bool:
    return style(browser, f"#pane-{side}", "visibility") == "visible"


def test_the_page_fits_its_screen_and_fetches_nothing(shown):
    for mode in ("side", "blink", "wipe"):
        click(shown, f"[data-mode={mode}][aria-pressed]")
        widths = shown.execute_script(
            "return [document.documentElement.scrollWidth, window.innerWidth]"
        )
        assert widths[0] <= widths[1]
    choose(shown, "overlay", "erythema")
    assert shown.get_log("browser") == []
    sent = requested(shown)
    assert sent
    assert all(url.startswith(("file:", "data:")) for url in sent)


def test_the_wipe_moves_by_hand_and_by_keys(shown):
    stage = shown.find_element(By.ID, "stage")
    shown.execute_script("arguments[0].scrollIntoView({block: 'center'})", stage)
    wipe = shown.find_element(By.ID, "wipe")
    assert wipe.get_attribute("aria-valuenow") == "50"
    width = stage.rect["width"]
    ActionChains(shown).move_to_element_with_offset(stage, 0, -60).click_and_hold().move_by_offset(
        round(0.25 * width), 0
    ).release().perform()
    assert abs(int(wipe.get_attribute("aria-valuenow")) - 75) <= 1
    wipe.send_keys(Keys.ARROW_LEFT)
    assert abs(int(wipe.get_attribute("aria-valuenow")) - 73) <= 1
    wipe.send_keys(Keys.END)
    assert wipe.get_attribute("aria-valuenow") == "100"
    assert style(shown, "#pane-b", "clipPath") == "inset(0px 0px 0px 100%)"


def test_dates_change_the_pictures_and_swap_changes_sides(shown):
    def sources() -> list[str]:
        return [
            str(shown.find_element(By.CSS_SELECTOR, f"#pane-{s} .photo").get_attribute("src"))
            for s in ("a", "b")
        ]

    first = sources()
    assert first[0] != first[1]
    choose(shown, "photo-b", "day 1.png")
    changed = sources()
    assert changed[0] == first[0]
    assert changed[1] != first[1]
    assert "Day 1" in shown.find_element(By.CSS_SELECTOR, "#pane-b .chip").text
    click(shown, "#swap")
    assert sources() == changed[::-1]


def test_blink_shows_one_after_the_other_and_can_be_stopped(shown):
    click(shown, "[data-mode=blink][aria-pressed]")
    assert [seen(shown, "a"), seen(shown, "b")] == [False, True]
    deadline = time.monotonic() + 5.0
    while not seen(shown, "a") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [seen(shown, "a"), seen(shown, "b")] == [True, False]
    click(shown, "#blink-step")
    assert shown.find_element(By.ID, "blink-play").text == "Play"
    before = seen(shown, "a")
    time.sleep(1.3)
    assert seen(shown, "a") == before
    click(shown, "#blink-step")
    assert seen(shown, "a") != before


def test_blink_waits_to_be_asked_where_motion_is_unwanted(browser, page):
    shown = opened(browser, page, 1440, reduced=True)
    click(shown, "[data-mode=blink][aria-pressed]")
    assert shown.find_element(By.ID, "blink-play").text == "Play"
    time.sleep(1.3)
    assert [seen(shown, "a"), seen(shown, "b")] == [False, True]


def test_zoom_and_pan_are_the_same_in_both_pictures(shown):
    click(shown, "[data-mode=side][aria-pressed]")
    click(shown, "#zoom-in")
    click(shown, "#zoom-in")
    views = [style(shown, f"#pane-{s} .plane", "transform") for s in ("a", "b")]
    assert views[0] == views[1]
    assert views[0].startswith("matrix(2.56")
    stage = shown.find_element(By.ID, "stage")
    shown.execute_script("arguments[0].scrollIntoView({block: 'center'})", stage)
    ActionChains(shown).move_to_element_with_offset(stage, 30, -20).click_and_hold().move_by_offset(
        -20, 15
    ).release().perform()
    moved = [style(shown, f"#pane-{s} .plane", "transform") for s in ("a", "b")]
    assert moved[0] == moved[1] != views[0]
    click(shown, "#zoom-reset")
    assert style(shown, "#pane-a .plane", "transform") == "matrix(1, 0, 0, 1, 0, 0)"


def test_the_wheel_zooms_only_when_it_is_meant_for_the_picture(shown):
    script = """
      const box = document.getElementById("stage").getBoundingClientRect();
      document.getElementById("stage").dispatchEvent(new WheelEvent("wheel", {
        deltaY: -200, ctrlKey: arguments[0], bubbles: true, cancelable: true,
        clientX: box.left + 50, clientY: box.top + 50 }));
      return getComputedStyle(document.querySelector("#pane-b .plane")).transform;"""
    assert shown.execute_script(script, False) == "matrix(1, 0, 0, 1, 0, 0)"
    assert shown.execute_script(script, True).startswith("matrix(3.32")


def test_maps_light_and_breakouts_are_drawn_when_asked(shown):
    overlay = shown.find_element(By.CSS_SELECTOR, "#pane-b .overlay")
    assert not overlay.is_displayed()
    choose(shown, "overlay", "erythema")
    assert overlay.is_displayed()
    assert "+100 % or more" in shown.find_element(By.ID, "legend-more").text
    assert "Nothing to draw on Baseline" in shown.find_element(By.ID, "overlay-note").text
    photo = shown.find_element(By.CSS_SELECTOR, "#pane-b .photo")
    before = photo.get_attribute("src")
    click(shown, "[name=light][value=evened]")
    assert photo.get_attribute("src") != before
    choose(shown, "photo-a", "day 1.png")
    classes = {
        e.find_element(By.TAG_NAME, "text").get_attribute("textContent"): e.get_attribute("class")
        for e in shown.find_elements(By.CSS_SELECTOR, "#pane-b .lesion")
    }
    assert classes == {"1": "lesion still", "2": "lesion new", "3": "lesion gone"}
    words = shown.find_element(By.ID, "lesion-legend").text
    assert words == "1 new, 1 still there, 1 gone"


def test_a_zone_of_the_picture_chooses_the_figures(shown):
    assert shown.find_element(By.ID, "zone").get_attribute("value") == "cheek_right"
    choose(shown, "zone", "chin")
    assert shown.find_element(By.ID, "charts").get_attribute("data-zone") == "chin"
    area = shown.find_element(By.CSS_SELECTOR, "#pane-a .zone[data-zone=cheek_right]")
    shown.execute_script("arguments[0].scrollIntoView({block: 'center'})", area)
    ActionChains(shown).move_to_element(area).click().perform()
    assert shown.find_element(By.ID, "zone").get_attribute("value") == "cheek_right"
    chart = shown.find_element(By.CSS_SELECTOR, "#charts [data-sign=erythema]")
    assert len(chart.find_elements(By.CSS_SELECTOR, ".real")) == 2
    assert len(chart.find_elements(By.CSS_SELECTOR, ".forecast")) == 1
    assert "Day 4" in chart.find_element(By.TAG_NAME, "desc").get_attribute("textContent")


def test_a_larger_change_lies_higher_in_its_figure(shown):
    chart = shown.find_element(By.CSS_SELECTOR, "#charts [data-sign=erythema]")
    tops = {
        g.get_attribute("data-photo"): float(
            g.find_element(By.TAG_NAME, "circle").get_attribute("cy")
        )
        for g in chart.find_elements(By.CSS_SELECTOR, ".point")
    }
    assert tops["day 1.png"] < tops["day 4.png"]


def test_a_photograph_without_a_date_stands_apart_and_is_not_the_headline(
    browser, tmp_path, demo_portrait_file
):
    series = measured(demo_portrait_file)
    odd = replace(series.photos[1], name="odd.png", taken_at=None, day=float("nan"))
    more = [replace(r, photo="odd.png") for r in series.rows if r.photo == "day 1.png"]
    both = replace(series, photos=(*series.photos, odd), rows=(*series.rows, *more))
    file = tmp_path / "odd.html"
    file.write_text(render_measurement(both, [], SESSION, methods=METHODS), encoding="utf-8")
    chart = opened(browser, file, 1440).find_element(By.CSS_SELECTOR, "[data-sign=erythema]")
    assert chart.find_element(By.TAG_NAME, "output").text.startswith("+50 %")
    assert chart.find_element(By.CSS_SELECTOR, ".undated").text == "no date"
    line = chart.find_element(By.CSS_SELECTOR, ".course").get_attribute("d") or ""
    assert line.count("L") == 1
    assert len(chart.find_elements(By.CSS_SELECTOR, ".point")) == 3


def test_the_list_is_filtered(shown):
    click(shown, "#list summary")
    count = shown.find_element(By.ID, "count")
    assert count.text == "12 readings"
    choose(shown, "by-verdict", "more")
    assert count.text == "1 reading"
    choose(shown, "by-photo", "")
    assert count.text == "3 readings"
    choose(shown, "by-zone", "forehead")
    assert count.text == "0 readings"


def test_two_fingers_zoom_both_pictures_and_one_moves_the_wipe(browser, page):
    shown = opened(browser, page, 390)
    stage = shown.find_element(By.ID, "stage")
    shown.execute_script("arguments[0].scrollIntoView({block: 'center'})", stage)
    box = shown.execute_script("return arguments[0].getBoundingClientRect().toJSON()", stage)
    middle = (box["left"] + box["width"] / 2, box["top"] + box["height"] / 2)

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [
            {"x": middle[0] + x, "y": middle[1] + y, "id": k} for k, (x, y) in enumerate(places)
        ]
        shown.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    shown.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    try:
        touch("touchStart", (0, -40))
        for x in (20, 50, 80):
            touch("touchMove", (x, -40))
        touch("touchEnd")
        wipe = int(shown.find_element(By.ID, "wipe").get_attribute("aria-valuenow") or 0)
        assert abs(wipe - 50 - 100 * 80 / box["width"]) <= 2
        touch("touchStart", (-30, -60), (30, -60))
        for x in (40, 50, 60):
            touch("touchMove", (-x, -60), (x, -60))
        touch("touchEnd")
    finally:
        shown.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})
    views = [style(shown, f"#pane-{s} .plane", "transform") for s in ("a", "b")]
    assert views[0] == views[1]
    assert abs(float(views[0].removeprefix("matrix(").split(",")[0]) - 2.0) < 0.1
