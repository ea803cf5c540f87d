"""The pages in Chromium: they open at once, say nothing on the console, need no network, and anybody can use them."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_core_python.selenium import Axe
from selenium import webdriver
from selenium.webdriver.common.by import By

from publish.pages.board import arrange
from publish.pages.rendering import Context, render_shelf, render_status
from publish.pages.writing import put_pages
from tests.browser import browser, is_there
from tests.publish.pages.made_up import EA_BONG, NOW, PERIOD, district, nation, national_seeds, published
from tests.publish.pages.test_shelf import shelf as made_shelf

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not is_there(), reason="chromium and chromium-driver are not installed"),
]

OPENS_WITHIN_MS = 1_000
GRAVE = {"serious", "critical"}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    outbox = tmp_path_factory.mktemp("outbox")
    answer = outbox / "feedback" / "a.xlsx"
    answer.parent.mkdir()
    answer.write_bytes(b"answer")
    answers = {f"{EA_BONG}-{PERIOD}": "feedback/a.xlsx"}
    put_pages(outbox, render_status(Context(arrange(district(), NOW), published(), answers)))
    groups = made_shelf(tmp_path_factory.mktemp("shelf"))
    (outbox / "index.html").write_text(
        render_shelf(tuple(groups.values()), NOW, "huyện Krông Ana"), encoding="utf-8"
    )
    return outbox


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("country")
    seeds = national_seeds(folder)
    put_pages(
        folder / "outbox", render_status(Context(arrange(nation(seeds), NOW, seeds), published("P01"), {}))
    )
    return folder / "outbox"


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with browser(tmp_path_factory.mktemp("profile") / "profile", (1280, 900)) as found:
        yield found


@pytest.fixture(scope="module")
def plain_driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A browser in which no script runs."""
    with browser(
        tmp_path_factory.mktemp("plain") / "profile", (1280, 900), ("--blink-settings=scriptEnabled=false",)
    ) as found:
        yield found


def show(driver: webdriver.Chrome, page: Path, width: int = 1280, scheme: str = "light") -> None:
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    driver.get(page.as_uri())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["status.html", "index.html"])
def test_anybody_can_use_the_page(
    driver: webdriver.Chrome, pages: Path, name: str, width: int, scheme: str
) -> None:
    show(driver, pages / name, width, scheme)
    driver.execute_script("document.querySelectorAll('details').forEach(function (box) { box.open = true })")
    faults = Axe().run(driver)["violations"]
    grave = [(found["id"], found["nodes"][0]["html"]) for found in faults if found["impact"] in GRAVE]
    assert grave == []
    assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []
    # nothing stands beside the window
    assert driver.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")


def test_figures_in_the_browser_are_those_of_the_edition(driver: webdriver.Chrome, pages: Path) -> None:
    show(driver, pages / "status.html")
    rows = driver.find_elements(By.CSS_SELECTOR, "#so-lieu ~ table tbody tr")
    cells = [cell.text for cell in rows[0].find_elements(By.CSS_SELECTOR, "th, td")]
    assert cells[0].startswith("Hội viên mới phát triển")
    assert cells[1:] == ["người", "382", "189", "202,11 %", "338", "+44"]


def test_filters_leave_what_is_asked_for(driver: webdriver.Chrome, pages: Path) -> None:
    show(driver, pages / "status.html")

    def names() -> list[str]:
        found = driver.find_elements(By.CSS_SELECTOR, "details[open] tr[data-unit]")
        return [row.get_attribute("data-unit") or "" for row in found if row.is_displayed()]

    assert set(names()) == {"Xã Ea Bông", "Xã Băng Adrênh", "Xã Ea Na", "Xã Dur Kmăl"}
    driver.find_element(By.CSS_SELECTOR, ".filters [type=search]").send_keys("bang adrenh")
    assert set(names()) == {"Xã Băng Adrênh"}
    driver.find_element(By.CSS_SELECTOR, ".filters [type=search]").clear()
    show(driver, pages / "status.html")
    driver.find_element(By.CSS_SELECTOR, ".filters [type=checkbox]").click()
    assert "Xã Dur Kmăl" not in names()
    assert "Xã Ea Na" in names()


def test_a_unit_in_the_grid_leads_to_what_it_sent_and_to_its_answer(
    driver: webdriver.Chrome, pages: Path
) -> None:
    show(driver, pages / "status.html")
    driver.find_element(By.LINK_TEXT, "Xã Ea Bông").click()
    box = driver.find_element(By.ID, f"{PERIOD}-{EA_BONG}")
    assert box.get_attribute("open") is not None
    link = box.find_element(By.PARTIAL_LINK_TEXT, "Mở phiếu phản hồi").get_attribute("href") or ""
    assert link == (pages / "feedback" / "a.xlsx").as_uri()


def test_a_message_can_be_copied(driver: webdriver.Chrome, pages: Path) -> None:
    show(driver, pages / "status.html")
    box = driver.find_element(By.CSS_SELECTOR, "section[aria-labelledby=viec-can-lam] details")
    box.find_element(By.TAG_NAME, "summary").click()
    box.find_element(By.TAG_NAME, "button").click()
    time.sleep(0.3)
    told = box.find_element(By.CSS_SELECTOR, "[role=status]").text
    assert told.strip() in {"Đã chép.", "Đề nghị nhấn Ctrl + C."}


def test_without_scripts_everything_can_be_read(plain_driver: webdriver.Chrome, pages: Path) -> None:
    plain_driver.get((pages / "status.html").as_uri())
    assert "382" in plain_driver.find_element(By.TAG_NAME, "main").text
    assert not plain_driver.find_element(By.CSS_SELECTOR, ".filters").is_displayed()
    box = plain_driver.find_element(By.CSS_SELECTOR, "section[aria-labelledby=viec-can-lam] details")
    box.find_element(By.TAG_NAME, "summary").click()
    assert box.find_element(By.TAG_NAME, "textarea").is_displayed()


def test_pages_of_the_whole_country_open_within_a_second(driver: webdriver.Chrome, country: Path) -> None:
    heaviest = max(country.glob("status/P??.html"), key=lambda path: path.stat().st_size)
    for page in (country / "status.html", heaviest):
        show(driver, page)
        took = driver.execute_script(
            "var entry = performance.getEntriesByType('navigation')[0]; return entry.loadEventEnd - entry.startTime"
        )
        assert 0 < took < OPENS_WITHIN_MS, (page.name, took)
    assert len(driver.find_elements(By.CSS_SELECTOR, "tr[data-unit]")) >= 97
