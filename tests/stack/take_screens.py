"""Screens of Airflow's pages for the docs, taken from the real services with headless Chromium: ``make screens``.

Starts the embedded services over the returns of one half-year, lets a refresh come to its approval, and takes what an
officer sees: the grid of a run, the form that starts one, and the request for approval. Needs Debian's ``chromium`` and
``chromium-driver``.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By

from ingest.home import PROJECT_ROOT, WarehouseHome
from tests.browser import browser
from tests.stack.running_stack import RunningStack, free_port, wait_until

SCREENS = PROJECT_ROOT / "docs" / "screens"
REFRESH = "semiannual_refresh"
PERIOD = "2023H1"
SIZE = (1440, 900)
LONG = 1800.0
# the pages are drawn by the browser after they have been loaded
DRAWN_AFTER_SECONDS = 12.0


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="warehouse-screens-") as folder:
        root = Path(folder)
        home = WarehouseHome(root / "home").prepare()
        subprocess.run(
            [sys.executable, "-m", "sample", "--into", str(root / "sample")],
            cwd=PROJECT_ROOT,
            check=True,
            capture_output=True,
        )
        shutil.copytree(root / "sample" / PERIOD, home.inbox / PERIOD)
        subprocess.run(
            [sys.executable, "-m", "ingest", "load"],
            cwd=PROJECT_ROOT,
            env={**os.environ, "WAREHOUSE_HOME": str(home.root), "PYTHONPATH": str(PROJECT_ROOT)},
            check=True,
            capture_output=True,
        )
        office = RunningStack(home, free_port())
        try:
            office.up()
            run_id = wait_for_approval(office)
            take(office, run_id, root / "profile")
        finally:
            office.down()
    return 0


def wait_for_approval(office: RunningStack) -> str:
    administrator = office.api("quantri")
    wait_until("DAGs are read", lambda: administrator.ask("GET", f"/dags/{REFRESH}").status_code == 200, LONG)
    administrator.unpause(REFRESH)
    run_id = office.api("nghiepvu").trigger(REFRESH, {"period": PERIOD})
    wait_until("the approval waits", lambda: administrator.waiting_approvals(REFRESH, run_id), LONG)
    return run_id


def take(office: RunningStack, run_id: str, profile: Path) -> None:
    address = f"http://127.0.0.1:{office.port}"
    token = office.api("duyet").client.headers["Authorization"].removeprefix("Bearer ")
    run = f"{address}/dags/{REFRESH}/runs/{run_id}"
    SCREENS.mkdir(parents=True, exist_ok=True)
    with browser(profile, SIZE) as driver:
        driver.get(f"{address}/api/v2/version")
        driver.add_cookie({"name": "_token", "value": token, "path": "/"})
        show(driver, run, "grid")
        show(driver, f"{run}/tasks/approve_edition/required_actions", "approval")
        driver.get(f"{address}/dags/{REFRESH}")
        time.sleep(DRAWN_AFTER_SECONDS)
        driver.find_element(By.XPATH, "//button[contains(., 'Trigger')]").click()
        time.sleep(DRAWN_AFTER_SECONDS)
        keep(driver, "trigger")


def show(driver: webdriver.Chrome, address: str, name: str) -> None:
    driver.get(address)
    time.sleep(DRAWN_AFTER_SECONDS)
    keep(driver, name)


def keep(driver: webdriver.Chrome, name: str) -> None:
    path = SCREENS / f"{name}.png"
    driver.save_screenshot(str(path))
    print(path, driver.current_url)


if __name__ == "__main__":
    sys.exit(main())
