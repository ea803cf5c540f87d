"""The page of a report in Chromium: nothing on the console, nothing from elsewhere, nothing that somebody cannot use."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_core_python.selenium import Axe
from selenium import webdriver
from selenium.webdriver.common.by import By

from publish.reports.documents.page import render_page
from publish.reports.settings import ReportSettings
from publish.reports.written_review import WrittenReview
from tests.browser import browser, is_there
from tests.publish.pages.test_in_browser import GRAVE, show
from tests.publish.reports.made_up import written_review

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not is_there(), reason="chromium and chromium-driver are not installed"),
]


@pytest.fixture(scope="module")
def review() -> WrittenReview:
    return written_review()


@pytest.fixture(scope="module")
def page(review: WrittenReview, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "bao-cao.html"
    path.write_text(render_page(review, ReportSettings()), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with browser(tmp_path_factory.mktemp("profile") / "profile", (1280, 900)) as found:
        yield found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 768, 390])
def test_anybody_can_use_the_page(driver: webdriver.Chrome, page: Path, width: int, scheme: str) -> None:
    show(driver, page, width, scheme)
    found = Axe().run(driver)["violations"]
    assert [fault["id"] for fault in found if fault["impact"] in GRAVE] == []
    assert driver.get_log("browser") == []
    # only a table may be moved sideways, never the page
    assert driver.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")


def test_the_page_tells_the_figures_and_its_links_lead_within_it(
    driver: webdriver.Chrome, page: Path, review: WrittenReview
) -> None:
    show(driver, page)
    text = driver.find_element(By.TAG_NAME, "main").text
    assert all(sentence in text for section in review.sections for sentence in section.sentences)
    assert "202,11 %" in text
    for link in driver.find_elements(By.CSS_SELECTOR, "nav a"):
        target = str(link.get_attribute("href")).rpartition("#")[2]
        assert driver.find_elements(By.ID, target), target
    assert driver.find_elements(By.CSS_SELECTOR, "figure svg")
