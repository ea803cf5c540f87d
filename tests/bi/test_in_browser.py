"""The three dashboards in Chromium, as a viewer meets them: Vietnamese, without a word on the console, for everybody to use.

``make test-bi``; needs Debian's chromium and chromium-driver.
"""

import re
import time
from collections.abc import Iterator

import pytest
from axe_core_python.selenium import Axe
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from operations.installation.airflow_home import secrets_folder
from tests.bi.running_superset import Served
from tests.browser import browser, is_there

pytestmark = [
    pytest.mark.bi,
    pytest.mark.skipif(not is_there(), reason="chromium and chromium-driver are not installed"),
]

SLUGS = ("tien-do", "so-ket", "tong-ket")
GRAVE = {"serious", "critical"}
LOADS_WITHIN_SECONDS = 120
# Names of products and of kinds of files; what an edition is called.
NAMES = re.compile(r"\b(Superset|Apache|CSV|Excel|PDF|JPEG|JSON|YAML|SQL|Ctrl|Shift|edition_\w+)\b")
VIETNAMESE = re.compile(
    "[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE
)
# words of Superset's that stand amid Vietnamese where a part of a sentence is not translated
ENGLISH = re.compile(
    r"\b(ago|seconds?|minutes?|hours?|days?|rows?|data|chart|matching|results?|page|of|the|and|empty|search|show|edit|view|"
    r"password|loading|column|by)\b",
    re.IGNORECASE,
)
# Vietnamese that needs no marks
PLAIN = re.compile(r"\b(xem|sau|Xem|Theo|theo|Nhanh|Nam|Tra|Sang|Trang|Cho|Chia|Ghi|Trong|trong)\b")
# What stands on the page, beside the cells of tables, which come from the edition, and the names of icons, which the library
# of icons gives its pictures.
TEXTS = """
var found = [];
var walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
while (walker.nextNode()) {
  var node = walker.currentNode;
  var element = node.nodeType === 3 ? node.parentElement : node;
  if (!element || element.closest('script, style, noscript, td, .anticon') || !element.checkVisibility()) continue;
  if (node.nodeType === 3) { if (node.textContent.trim()) found.push(node.textContent.trim()); continue; }
  ['title', 'placeholder', 'alt', 'aria-label'].forEach(function (name) {
    var text = node.getAttribute(name);
    if (text && text.trim() && text.indexOf('NATIVE_FILTER-') !== 0) found.push(text.trim());
  });
}
found.push(document.title);
return found;
"""


@pytest.fixture(scope="module")
def driver(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A browser in which a viewer has logged in."""
    with browser(tmp_path_factory.mktemp("profile") / "profile", (1440, 1000)) as found:
        # a table may have a thousand rows, of which axe looks at every cell
        found.set_script_timeout(240)
        log_in(found, served)
        yield found


def log_in(driver: webdriver.Chrome, served: Served) -> None:
    password = (secrets_folder(served.home) / "password_xem").read_text(encoding="utf-8").strip()
    driver.get(f"{served.address}/login/")
    until(driver, "#username")
    driver.find_element(By.ID, "username").send_keys("xem")
    driver.find_element(By.ID, "password").send_keys(password, Keys.ENTER)
    until(driver, "table")


def until(driver: webdriver.Chrome, selector: str) -> None:
    end = time.monotonic() + LOADS_WITHIN_SECONDS
    while not driver.find_elements(By.CSS_SELECTOR, selector):
        assert time.monotonic() < end, f"no {selector} on {driver.current_url}"
        time.sleep(0.2)


def show(driver: webdriver.Chrome, served: Served, slug: str) -> None:
    """Load a dashboard, with all its charts."""
    driver.get(f"{served.address}/superset/dashboard/{slug}/")
    until(driver, ".dashboard-component-chart-holder table")
    settle(driver)


def settle(driver: webdriver.Chrome) -> None:
    """Wait until nothing on the page is loading any more."""
    end = time.monotonic() + LOADS_WITHIN_SECONDS
    quiet = 0
    while quiet < 5:
        is_loading = driver.find_elements(By.CSS_SELECTOR, ".loading, [data-test=loading-indicator]")
        quiet = 0 if is_loading else quiet + 1
        assert time.monotonic() < end, "still loading"
        time.sleep(0.4)


def english(driver: webdriver.Chrome) -> set[str]:
    """Give what is on the page and not Vietnamese: letters without a mark, beside names, and English amid Vietnamese."""
    left = set()
    for text in driver.execute_script(TEXTS):
        rest = PLAIN.sub("", NAMES.sub("", text))
        if re.search(r"[A-Za-z]{2,}", rest) and (ENGLISH.search(rest) or not VIETNAMESE.search(text)):
            left.add(text)
    return left


def press(driver: webdriver.Chrome, selector: str) -> None:
    element = driver.find_element(By.CSS_SELECTOR, selector)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    ActionChains(driver).move_to_element(element).click().perform()
    time.sleep(1)


def let_go(driver: webdriver.Chrome) -> None:
    ActionChains(driver).send_keys(Keys.ESCAPE).perform()
    time.sleep(0.5)


def filters_taken(driver: webdriver.Chrome) -> list[str]:
    return [
        filter_.text
        for filter_ in driver.find_elements(By.CSS_SELECTOR, "[data-test=filter-bar] .ant-select")
    ]


def test_the_page_for_logging_in_is_vietnamese(
    served: Served, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with browser(tmp_path_factory.mktemp("nobody") / "profile", (1440, 1000)) as nobody:
        nobody.get(f"{served.address}/login/")
        until(nobody, "#username")
        time.sleep(1)
        assert english(nobody) == set()
        nobody.find_element(By.ID, "username").send_keys("xem")
        nobody.find_element(By.ID, "password").send_keys("wrong", Keys.ENTER)
        time.sleep(4)
        assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in nobody.find_element(By.TAG_NAME, "body").text
        assert english(nobody) == set()


def test_the_list_and_its_menus_are_vietnamese(driver: webdriver.Chrome, served: Served) -> None:
    driver.get(f"{served.address}/dashboard/list/")
    until(driver, "table a")
    time.sleep(2)
    shown = driver.find_element(By.TAG_NAME, "body").text
    assert all(title in shown for title in ("Tiến độ gửi báo cáo", "Sơ kết 6 tháng", "Tổng kết chương trình"))
    assert english(driver) == set()
    for title in driver.find_elements(By.CSS_SELECTOR, ".ant-menu-submenu-title"):
        ActionChains(driver).move_to_element(title).perform()
        time.sleep(1)
        # the number of the software is no word
        assert {text for text in english(driver) if not re.search(r"\d", text)} == set()


def test_a_dashboard_that_is_opened_from_the_list_names_its_edition(
    driver: webdriver.Chrome, served: Served
) -> None:
    driver.get(f"{served.address}/dashboard/list/")
    until(driver, "table a")
    time.sleep(2)
    driver.find_element(By.LINK_TEXT, "Sơ kết 6 tháng").click()
    until(driver, ".dashboard-component-chart-holder table")
    assert "ban=edition_" in driver.current_url


@pytest.mark.parametrize("slug", SLUGS)
def test_a_dashboard_is_vietnamese_to_its_last_menu(
    driver: webdriver.Chrome, served: Served, slug: str
) -> None:
    driver.get_log("browser")
    show(driver, served, slug)
    assert english(driver) == set()
    assert "edition_" in driver.find_element(By.CSS_SELECTOR, ".dashboard-component-chart-holder").text
    # the menu of the page, then that of a chart, with what it is exported to
    press(
        driver,
        ".header-with-actions button[aria-label]:last-of-type, [data-test=header-actions-menu], .right-button-panel button",
    )
    assert english(driver) == set()
    let_go(driver)
    for control in driver.find_elements(By.CSS_SELECTOR, "[id^=slice_][id$=-controls]"):
        press(driver, f"#{control.get_attribute('id')}")
        assert english(driver) == set()
        for entry in driver.find_elements(By.CSS_SELECTOR, ".ant-dropdown .ant-dropdown-menu-submenu-title"):
            if entry.is_displayed():
                ActionChains(driver).move_to_element(entry).perform()
                time.sleep(1)
                assert english(driver) == set()
        assert "CSV" in driver.find_element(By.TAG_NAME, "body").text
        let_go(driver)
    press(driver, "[data-test=filter-bar] .ant-select")
    assert english(driver) == set()
    let_go(driver)
    assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_a_click_on_a_unit_of_the_map_leads_to_it_and_to_its_rows(
    driver: webdriver.Chrome, served: Served
) -> None:
    show(driver, served, "so-ket")
    before = filters_taken(driver)
    link = driver.find_element(By.CSS_SELECTOR, "td a")
    unit = link.text
    assert unit not in before
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", link)
    link.click()
    WebDriverWait(driver, LOADS_WITHIN_SECONDS).until(lambda _: unit in filters_taken(driver))
    settle(driver)
    # the unit alone has changed, and each row that is told came from it
    assert len(set(before) - set(filters_taken(driver))) == 1
    places = driver.find_elements(By.CSS_SELECTOR, ".dashboard-component-chart-holder table")[-1]
    senders = {row.text for row in places.find_elements(By.CSS_SELECTOR, "tbody tr td:first-child")}
    assert senders == {unit}
    assert "ban=edition_" in driver.current_url


@pytest.mark.parametrize("slug", SLUGS)
def test_everybody_can_use_what_we_provide(driver: webdriver.Chrome, served: Served, slug: str) -> None:
    show(driver, served, slug)
    # charts, tables, the map of tiles and notes; the frame around them is Superset's, and so are the heads of tables, which have
    # two roles at once and one name in two tables
    provided = {"include": [[".dashboard-component-chart-holder"]], "exclude": [["thead"]]}
    found = Axe().run(driver, context=provided)
    grave = [
        (fault["id"], fault["nodes"][0]["html"]) for fault in found["violations"] if fault["impact"] in GRAVE
    ]
    assert grave == []
