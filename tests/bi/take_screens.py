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
# as high as shows the part that says what the dashboard is
HEIGHTS = {"tien-do": 1180, "so-ket": 1560, "tong-ket": 1300}


def main() -> int:
    """Take them; gives the exit code."""
    home = WarehouseHome.from_environment()
    session = ServiceSession.read(home.bi / SESSION_FILE)
    if session is None or session.supervisor() is None:
        print("Start the dashboards first: make bi-up", file=sys.stderr)
        return 1
    served = Served(home, address_of(session.port))
    with tempfile.TemporaryDirectory() as folder, browser(Path(folder) / "profile", (1440, 1000)) as driver:
        log_in(driver, served)
        for slug, height in HEIGHTS.items():
            driver.set_window_size(1440, height)
            show(driver, served, slug)
            time.sleep(3)
            driver.save_screenshot(str(SCREENS / f"bi-{slug}.png"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
