"""Pictures of the officer's page and of the shelf for the docs: ``make page-screens``.

The sample is brought back to the afternoon before a cut-off: what came later is taken away again, the figures are
those of the half-year before. So the pictures show what a page shows in service: who has sent, who has not, what waits.
Needs Debian's ``chromium`` and ``chromium-driver``, and a home that ``make refresh`` has made of the sample.
"""

import argparse
import base64
import sys
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from selenium import webdriver

from ingest.home import PROJECT_ROOT, WarehouseHome
from ingest.text.printing import VIETNAM
from publish.editions.current import list_editions, require_edition
from publish.feedback.outbox import answers_by_submission
from publish.pages.board import arrange
from publish.pages.figures import read_published
from publish.pages.new_files import NewFile
from publish.pages.rendering import Context, render_shelf, render_status
from publish.pages.returns import Returns, read_returns
from publish.pages.shelf import read_shelf
from publish.pages.writing import programmes_of, put_pages
from tests.browser import browser

SCREENS = PROJECT_ROOT / "docs" / "screens"
NOW = datetime(2023, 6, 13, 17, 0, tzinfo=VIETNAM)
CHECKED_AT = NOW - timedelta(hours=1)
PERIOD, PERIOD_BEFORE = "2023H1", "2022H2"
HIDDEN = ("--hide-scrollbars",)
WIDTHS = (1280, 768, 390)
# of the pictures that go to the docs; what is below is not in them
DOCS_WIDTH, DOCS_HEIGHT, DOCS_SCALE = 1280, 1490, 0.62


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--all", type=Path, help="folder for whole pages at three widths, light, dark and printed"
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="warehouse-pages-") as folder:
        root = Path(folder)
        pages = write(WarehouseHome.from_environment(), root / "outbox")
        if chosen.all:
            take_all(pages, chosen.all, root)
        take_for_docs(pages, root)
    return 0


def write(home: WarehouseHome, outbox: Path) -> tuple[Path, Path]:
    """Write both pages as they were, had the sample been in service; gives status and shelf."""
    edition = require_edition(home)
    published = replace(
        read_published(edition, PERIOD_BEFORE),
        as_of=datetime(2022, 12, 15, 6, 0, tzinfo=VIETNAM),
        issued_at=datetime(2022, 12, 15, 9, 30, tzinfo=VIETNAM),
    )
    answers = {
        submission: quote(path.relative_to(home.outbox).as_posix())
        for submission, path in answers_by_submission(home.feedback).items()
    }
    board = arrange(as_it_was(read_returns(home, edition)), NOW)
    written = put_pages(outbox, render_status(Context(board, published, answers)))
    shelf = outbox / "index.html"
    groups = read_shelf(home, list_editions(home), programmes_of(edition.path))
    shelf.write_text(render_shelf(groups, NOW, board.areas[0].area_name), encoding="utf-8")
    return written[0], shelf


def as_it_was(returns: Returns) -> Returns:
    """Take away what came after the last check; what came between it and now is new."""
    later = [part for part in returns.parts if part.received_at > CHECKED_AT and part.received_at <= NOW]
    names = tuple(sorted({form.form_name for form in returns.forms}))
    return Returns(
        as_of=CHECKED_AT,
        forms=tuple(
            replace(form, status="missing", received_at=None, version=0, submission_id=None, waiting_rows=0)
            if form.received_at is not None and form.received_at > CHECKED_AT
            else form
            for form in returns.forms
        ),
        parts=tuple(part for part in returns.parts if part.received_at <= CHECKED_AT),
        findings=tuple(found for found in returns.findings if found.period_code == PERIOD_BEFORE),
        new_files=tuple(
            NewFile(
                part.submission_id, part.unit_key, part.period_code, part.file_name, part.received_at, part.verdict,
                part.reason_vi, part.form_labels, names, False,
            )
            for part in later
        ),
    )  # fmt: skip


def take_all(pages: tuple[Path, ...], folder: Path, root: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for page in pages:
        for scheme in ("light", "dark"):
            with browser(root / f"{page.stem}-{scheme}", arguments=HIDDEN) as driver:
                prefer(driver, scheme)
                for width in WIDTHS:
                    take(driver, page, folder / f"{page.stem}-{width}-{scheme}.png", width)
                if scheme == "light":
                    (folder / f"{page.stem}.pdf").write_bytes(printed(driver))


def take_for_docs(pages: tuple[Path, Path], root: Path) -> None:
    with browser(root / "docs", arguments=HIDDEN) as driver:
        prefer(driver, "light")
        for page, name in zip(pages, ("status", "shelf"), strict=True):
            take(driver, page, SCREENS / f"{name}.png", DOCS_WIDTH, DOCS_HEIGHT)


def prefer(driver: webdriver.Chrome, scheme: str) -> None:
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )


def take(driver: webdriver.Chrome, page: Path, path: Path, width: int, height: int | None = None) -> None:
    """Take a page, all of it where no height is given."""
    size = {"width": width, "deviceScaleFactor": DOCS_SCALE if height else 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {**size, "height": 900})
    driver.get(page.resolve().as_uri())
    whole = driver.execute_script("return document.documentElement.scrollHeight")
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {**size, "height": min(height or whole, whole)}
    )
    driver.save_screenshot(str(path))
    print(path, path.stat().st_size)


def printed(driver: webdriver.Chrome) -> bytes:
    """Give the page as it is printed on A4."""
    answer = driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": False})
    return base64.b64decode(answer["data"])


if __name__ == "__main__":
    sys.exit(main())
