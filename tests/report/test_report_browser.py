"""The page in a real Chromium, from a file, on a phone-sized and a desktop-sized screen."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from chromium import NEEDS_CHROMIUM, chromium, open_page, requested
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import Select, WebDriverWait

pytestmark = NEEDS_CHROMIUM

PHONE, DESKTOP = (390, 844), (1440, 900)


@pytest.fixture(scope="module")
def browser() -> Iterator[WebDriver]:
    with chromium() as driver:
        yield driver


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(request, browser, small_report) -> WebDriver:
    width, height = request.param
    open_page(browser, small_report[0] / "report.html", width, height, mobile=width < 600)
    shown(browser, "0.3")
    return browser


def shown(browser: WebDriver, day: str, scenario: str = "expected") -> None:
    """Wait until the picture of a day has been decoded and stands on the page."""
    viewer = browser.find_element(By.ID, "viewer")
    WebDriverWait(browser, 5, 0.02).until(
        lambda _: (
            viewer.get_attribute("data-day") == day
            and viewer.get_attribute("data-scenario") == scenario
        )
    )


def picture(browser: WebDriver) -> str:
    return browser.find_element(By.CSS_SELECTOR, "#after .photo.on").get_attribute("src")


def text(browser: WebDriver, name: str) -> str:
    return browser.find_element(By.ID, name).text


def test_no_errors_and_no_requests(page):
    page.execute_script("window.scrollTo(0, document.body.scrollHeight)")
    time.sleep(0.2)
    assert page.get_log("browser") == []
    sent = set(requested(page))
    assert sent
    assert all(url.startswith(("file://", "data:")) for url in sent)
    assert sum(url.startswith("file://") for url in sent) == 1


def test_nothing_is_wider_than_the_screen(page):
    width = page.execute_script("return window.innerWidth")
    assert page.execute_script("return document.documentElement.scrollWidth") <= width
    wide = page.execute_script(
        """return [...document.querySelectorAll('main *, header *, footer *')]
        .filter(e => !e.closest('.strip, .scroll, svg, .viewer') && e.getClientRects().length)
        .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1
                  || e.getBoundingClientRect().left < -1)
        .map(e => e.tagName + '.' + e.className)"""
    )
    assert wide == []


def test_picture_and_slider_share_the_first_screen(page):
    inside = page.execute_script(
        """const box = id => document.getElementById(id).getBoundingClientRect();
        return [box('viewer').top, box('slider').bottom, box('headline').bottom,
                window.innerHeight]"""
    )
    assert inside[0] > 0
    assert inside[1] < inside[3]
    assert inside[2] < inside[3]


def test_the_slider_by_keyboard_changes_picture_and_words(page):
    slider = page.find_element(By.ID, "slider")
    before, words = picture(page), text(page, "headline")
    slider.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    shown(page, "3")
    assert text(page, "day") == "Day 3"
    assert text(page, "date") == "Monday 16 March"
    assert picture(page) != before
    assert text(page, "headline") != words
    assert "Day 3" in slider.get_attribute("aria-valuetext")
    assert "flak" in slider.get_attribute("aria-valuetext").lower()
    tick = page.find_element(By.CSS_SELECTOR, "#ticks .current")
    middle = tick.rect["x"] + tick.rect["width"] / 2
    thumb = slider.rect["x"] + 14 + 0.75 * (slider.rect["width"] - 28)
    assert tick.text == "3"
    assert middle == pytest.approx(thumb, abs=2)
    slider.send_keys(Keys.HOME)
    shown(page, "before")
    assert text(page, "headline") == "Before the treatment"
    assert picture(page) == page.find_element(By.ID, "before").get_attribute("src")
    slider.send_keys(Keys.END)
    shown(page, "14")


def test_arrow_keys_work_anywhere_on_the_page(page):
    page.find_element(By.TAG_NAME, "body").send_keys(Keys.ARROW_RIGHT)
    shown(page, "1")
    page.find_element(By.TAG_NAME, "body").send_keys(Keys.ARROW_LEFT)
    shown(page, "0.3")


def test_best_and_worst_case(page):
    expected = picture(page), text(page, "headline") + text(page, "text")
    worst = page.find_element(By.CSS_SELECTOR, "input[value=worst]")
    worst.send_keys(Keys.SPACE)
    shown(page, "0.3", "worst")
    assert picture(page) != expected[0]
    assert text(page, "headline") + text(page, "text") != expected[1]
    assert "slower" in worst.find_element(By.XPATH, "..").text
    worst.send_keys(Keys.ARROW_UP)
    shown(page, "0.3", "expected")


def test_the_wipe_by_button_keyboard_and_pointer(page):
    wipe = page.find_element(By.ID, "wipe")
    after = page.find_element(By.ID, "after")
    assert not wipe.is_displayed()
    page.find_element(By.ID, "compare").send_keys(Keys.ENTER)
    assert wipe.is_displayed()
    assert page.switch_to.active_element == wipe
    assert "50%" in after.value_of_css_property("clip-path")
    wipe.send_keys(Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    assert wipe.get_attribute("aria-valuenow") == "46"
    wipe.send_keys(Keys.END)
    assert wipe.get_attribute("aria-valuenow") == "100"
    wipe.send_keys(Keys.HOME)
    assert wipe.get_attribute("aria-valuenow") == "0"
    viewer = page.find_element(By.ID, "viewer")
    drag = ActionChains(page).move_to_element_with_offset(viewer, -60, -60).click_and_hold()
    drag.move_to_element_with_offset(viewer, 60, -60).release().perform()
    share = 50 + 100 * 60 / viewer.size["width"]
    assert float(wipe.get_attribute("aria-valuenow")) == pytest.approx(share, abs=1.5)
    page.find_element(By.ID, "compare").click()
    assert after.value_of_css_property("clip-path") == "none"


def test_a_closer_look_can_be_moved_by_keyboard(page):
    zoom = page.find_element(By.ID, "zoom")
    zoom.send_keys(Keys.ENTER)
    photo = page.find_element(By.CSS_SELECTOR, "#after .photo.on")
    assert "2.2" in photo.value_of_css_property("transform")
    assert page.find_element(By.ID, "chip-simulated").is_displayed()
    origin = photo.value_of_css_property("transform-origin")
    zoom.send_keys(Keys.ARROW_UP)
    assert photo.value_of_css_property("transform-origin") != origin
    shown(page, "0.3")


def test_a_zone_redraws_the_charts(page):
    def curves() -> list[str]:
        found = page.find_elements(By.CSS_SELECTOR, "#charts .median")
        return [path.get_attribute("d") for path in found]

    whole = curves()
    assert len(whole) == 11
    Select(page.find_element(By.ID, "zone")).select_by_value("nose")
    assert page.find_element(By.ID, "charts").get_attribute("data-zone") == "nose"
    assert curves() != whole
    Select(page.find_element(By.ID, "zone")).select_by_value("periorbital_left")
    assert "not treated" in page.find_element(By.ID, "charts").text


def test_charts_follow_the_day_and_lead_to_it(page):
    output = page.find_element(By.CSS_SELECTOR, "[data-sign=erythema] output")
    first = output.text
    chart = page.find_element(By.CSS_SELECTOR, "[data-sign=erythema] svg")
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", chart)
    ActionChains(page).move_to_element_with_offset(
        chart, chart.size["width"] // 6, 0
    ).click().perform()
    shown(page, "14")
    assert output.text != first
    assert len(page.find_elements(By.CSS_SELECTOR, "#charts .now-line")) == 11


def test_play_walks_through_the_days_and_stops(page):
    play = page.find_element(By.ID, "play")
    play.click()
    assert play.get_attribute("aria-label") == "Pause"
    shown(page, "1")
    play.click()
    assert play.get_attribute("aria-label") == "Play the days"


def test_the_strip_leads_to_a_day(page):
    buttons = page.find_elements(By.CSS_SELECTOR, "#strip button")
    assert [b.text for b in buttons][:2] == ["Before", "Day 0, evening"]
    page.execute_script("arguments[0].click()", buttons[3])
    shown(page, "3")
    assert buttons[3].get_attribute("aria-current") == "true"


def test_the_strip_is_one_stop_with_arrow_keys_inside(page):
    buttons = page.find_elements(By.CSS_SELECTOR, "#strip button")

    def stops() -> list[int]:
        return [i for i, b in enumerate(buttons) if b.get_attribute("tabindex") == "0"]

    assert stops() == [1]
    buttons[1].send_keys(Keys.ARROW_RIGHT)
    assert page.switch_to.active_element == buttons[2]
    assert stops() == [2]
    shown(page, "0.3")
    buttons[2].send_keys(Keys.END)
    assert page.switch_to.active_element == buttons[-1]
    buttons[-1].send_keys(Keys.ENTER)
    shown(page, "14")


def test_nothing_jumps_when_the_day_changes(page):
    def places() -> list[float]:
        return page.execute_script(
            """return ['viewer', 'slider', 'meters', 'lanes'].map(
            id => document.getElementById(id).getBoundingClientRect().top + window.scrollY)"""
        )

    slider = page.find_element(By.ID, "slider")
    first = places()
    for case in ("worst", "best", "expected"):
        page.execute_script(f"document.querySelector('input[value={case}]').click()")
        slider.send_keys(Keys.HOME)
        for _ in range(5):
            assert places() == pytest.approx(first, abs=0.5)
            slider.send_keys(Keys.ARROW_RIGHT)


def test_every_control_can_be_reached_and_has_a_name(page):
    nameless = page.execute_script(
        """return [...document.querySelectorAll('button, input, select, a, [role=slider]')]
        .filter(e => !(e.getAttribute('aria-label') || e.textContent.trim()
                       || (e.labels && e.labels.length)))
        .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert nameless == []
    small = page.execute_script(
        """return ['play', 'compare', 'zoom', 'slider', 'zone'].filter(
        id => document.getElementById(id).getBoundingClientRect().height < 44)"""
    )
    assert small == []
    reached = set()
    page.execute_script("document.querySelector('.skip').focus()")
    for _ in range(9):
        ActionChains(page).send_keys(Keys.TAB).perform()
        reached.add(page.switch_to.active_element.get_attribute("id"))
    assert {"compare", "zoom", "slider", "play"} <= reached


def test_the_film_plays(browser, small_report, tmp_path):
    film = (small_report[0] / "film.webm").as_uri()
    holder = tmp_path / "film.html"
    holder.write_text(f'<video src="{film}" muted></video>')
    browser.get(holder.as_uri())
    ready = WebDriverWait(browser, 8, 0.05).until(
        lambda d: d.execute_script(
            "const v = document.querySelector('video');"
            "return v.error ? 'error ' + v.error.message : v.readyState >= 2 && v.videoWidth"
        )
    )
    assert isinstance(ready, int), ready
    assert ready > 0
    seconds = browser.execute_script("return document.querySelector('video').duration")
    assert seconds == pytest.approx((5 * 4 + 4 * 2) / 6, abs=0.4)
