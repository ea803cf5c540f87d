"""Debian's headless Chromium, driven by Selenium; for tests of pages and for pictures of them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def is_there() -> bool:
    """Tell whether this machine has the browser and its driver."""
    return all(shutil.which(str(program)) for program in (CHROMIUM, DRIVER))


@contextmanager
def browser(
    folder: Path, size: tuple[int, int] = (1440, 900), arguments: tuple[str, ...] = ()
) -> Iterator[webdriver.Chrome]:
    """Start a browser with a profile of its own.

    Args:
        folder: the profile; made anew.
        size: of the window, in pixels.
        arguments: of Chromium, beside those that are always given.
    """
    options = webdriver.ChromeOptions()
    for argument in (
        *ARGUMENTS,
        *arguments,
        f"--user-data-dir={folder}",
        f"--window-size={size[0]},{size[1]}",
    ):
        options.add_argument(argument)
    options.binary_location = str(CHROMIUM)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    try:
        yield driver
    finally:
        driver.quit()
