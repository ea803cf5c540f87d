"""Take the pictures of the three dashboards in docs/screens anew: ``make bi-screens`` on a home whose dashboards run."""

import sys
import tempfile
import time
from pathlib import Path

from ingest.home import PROJECT_ROOT, WarehouseHome
from operations.services.dashboards import SESSION_FILE, address_of
from operations.services.session import ServiceSession
from tests.bi.running_superset import Served
from tests.bi.test_in_browser import log_in, show
from tests.browser import browser

SCREENS = PROJECT_ROOT / "docs" / "screens"
# as many rows of charts as say what the dashboard is: a picture ends below one, not amid it
ROWS = {"tien-do": 5, "so-ket": 4, "tong-ket": 5}
WIDTH = 1440
HIGHER_THAN_ALL = 4000
# of the window, whose frame is higher than the page in it
HEIGHT_TO_ROW = (
    "return document.querySelectorAll('.grid-row')[arguments[0]].getBoundingClientRect().bottom"
    " + window.outerHeight - window.innerHeight"
)
MARGIN = 16


def main() -> int:
    """Take them; gives the exit code."""
    home = WarehouseHome.from_environment()
    session = ServiceSession.read(home.bi / SESSION_FILE)
    if session is None or session.supervisor() is None:
        print("Start the dashboards first: make bi-up", file=sys.stderr)
        return 1
    served = Served(home, address_of(session.port))
    with (
        tempfile.TemporaryDirectory() as folder,
        browser(Path(folder) / "profile", (WIDTH, HIGHER_THAN_ALL)) as driver,
    ):
        log_in(driver, served)
        for slug, rows in ROWS.items():
            driver.set_window_size(WIDTH, HIGHER_THAN_ALL)
            show(driver, served, slug)
            driver.set_window_size(WIDTH, int(driver.execute_script(HEIGHT_TO_ROW, rows - 1)) + MARGIN)
            time.sleep(3)
            driver.save_screenshot(str(SCREENS / f"bi-{slug}.png"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
