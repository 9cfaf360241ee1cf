"""The validation page in a real Chromium: offline, on phone and desktop, with its filters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from chromium import NEEDS_CHROMIUM, chromium, open_page, requested
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import Select

from micropen.evidence import Grade
from micropen.observation import scale
from micropen.report.validation import Provenance, Validation, Verdicts, write_validation
from micropen.studies.account import Curve, Replay, Statement
from micropen.studies.prediction import Prediction
from micropen.studies.score import overall, score
from micropen.studies.study import Arm, Claim, Finding, Group, Role, Spread, Statistic, Study
from micropen.studies.validation_row import Row

pytestmark = NEEDS_CHROMIUM
NAN = float("nan")


def a_row(number: int, role: Role, value: float) -> Row:
    found = Finding(
        f"s{number}.row", "pen", "", "erythema_clinician", Statistic.MEAN, NAN, 1.0, Claim.EQUALS,
        value, value, 0.5, NAN, 20, Grade.A, role, (), "",
    )  # fmt: skip
    group = Group(20, Spread(30, 5, 18, 60), {3: 1.0}, 1.0, 0.5, 0.5, 0.5, 0.0, 0.0, 0.0)
    arm = Arm("pen", group, ((),), ("cheek_left",), {}, False, "", ())
    study = Study(
        f"s{number}", "A study", f"Author{number} A (2020)", role, "", "", {"pen": arm}, (found,),
        Path("s.toml"),
    )  # fmt: skip
    expected = Prediction(np.linspace(0.5, 2.5, 100), NAN)
    on = scale(found.scale)
    return Row(study, found, on, False, expected, score(found, on, expected))


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    rows = (a_row(1, Role.FIT, 1.0), a_row(2, Role.HELD_OUT, 1.5), a_row(3, Role.HELD_OUT, 3.9))
    days = np.linspace(0.0, 150.0, 60)
    curve = Curve("erythema", days, 0.0 * days, np.exp(-days), 2.0 * np.exp(-days))
    said = Statement(
        "red", "erythema", "day 1", "pink", "pink", "level", "1", 1.0, NAN, "1", 0.1, 0.7, 0.05,
        0.3, 0.8, 0.8,
    )  # fmt: skip
    verdicts = {
        role.value: Verdicts(
            overall([r.scored for r in rows if r.finding.role is role]), None, None, 0, 0
        )
        for role in Role
    }
    made = Provenance("set", "0" * 16, "", 200, 0)
    found = Validation(rows, verdicts, Replay((said,), (curve,)), (), made)
    return write_validation(tmp_path_factory.mktemp("page") / "out", found)


@pytest.fixture(scope="module")
def browser() -> Iterator[WebDriver]:
    with chromium() as driver:
        yield driver


@pytest.fixture(params=[390, 1440], ids=["phone", "desktop"])
def shown(request, browser, page) -> WebDriver:
    open_page(browser, page, request.param)
    return browser


def visible(browser: WebDriver) -> list[str]:
    strips = browser.find_elements(By.CSS_SELECTOR, ".strip")
    return [s.find_element(By.TAG_NAME, "b").text for s in strips if s.is_displayed()]


def test_the_page_fits_its_screen_and_fetches_nothing(shown):
    widths = shown.execute_script(
        "return [document.documentElement.scrollWidth, window.innerWidth]"
    )
    assert widths[0] <= widths[1]
    assert shown.get_log("browser") == []
    sent = requested(shown)
    assert sent
    assert all(url.startswith(("file:", "data:")) for url in sent)


def test_filters_act_on_figures_and_table_alike(shown):
    assert len(visible(shown)) == 3
    Select(shown.find_element(By.ID, "by-role")).select_by_value("held_out")
    assert visible(shown) == ["Author2 2020", "Author3 2020"]
    Select(shown.find_element(By.ID, "by-verdict")).select_by_value("no")
    assert visible(shown) == ["Author3 2020"]
    assert shown.find_element(By.ID, "count").text == "1 of 3 rows"
    left = shown.find_elements(By.CSS_SELECTOR, "tbody tr[data-role]:not([hidden])")
    assert len(left) == 1
    shown.find_element(By.ID, "by-text").send_keys("nothing like it")
    assert visible(shown) == []


def test_the_mark_lies_where_its_number_is(shown):
    """The published 1.0 lies left of the held-out 3.9 on the same axis."""
    marks = shown.find_elements(By.CSS_SELECTOR, ".strip .mark")
    places = {m.get_attribute("class"): m.rect["x"] for m in marks}
    assert places["mark fit"] < places["mark held_out"]
