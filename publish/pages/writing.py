"""Writing the pages into the outbox: read, arrange, render, put in place; pages of areas that are no more go.

A page is replaced in one step, so whoever has it open on a share keeps a whole one.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import duckdb

from ingest.contracts.forms import load_contracts
from ingest.contracts.reference import load_reference
from ingest.database import open_read_only
from ingest.durable import write_file
from ingest.home import OWNER_FILE, SEEDS, WarehouseHome
from ingest.troubles import telling_troubles
from publish.catalogue.dictionary import read_published_tables
from publish.catalogue.dictionary_page import UndescribedError, render_dictionary
from publish.editions.current import current_edition, list_editions
from publish.editions.edition import PUBLISHED_SCHEMAS
from publish.feedback.outbox import answers_by_submission
from publish.pages.board import arrange
from publish.pages.figures import read_published
from publish.pages.rendering import Context, Page, render_shelf, render_status
from publish.pages.returns import read_returns
from publish.pages.shelf import AREA_PAGES, DICTIONARY_PAGE, SHELF_PAGE, read_shelf

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WrittenPages:
    """What was written."""

    status: Path
    shelf: Path
    others: tuple[Path, ...]


@telling_troubles()
def write_pages(home: WarehouseHome, now: datetime, seeds: Path = SEEDS) -> WrittenPages:
    """Write the officer's page and the shelf.

    Args:
        home: the warehouse; nobody may be writing its working database for longer than a moment.
        now: timezone-aware; what is due is told by the day of Vietnam.
        seeds: the reference data.

    Raises:
        WarehouseTroubleError: the working database is being written or is damaged, or the disk does not take the pages.
    """
    edition = current_edition(home)
    board = arrange(read_returns(home, edition), now, seeds)
    answers = {
        submission_id: quote(path.relative_to(home.outbox).as_posix())
        for submission_id, path in answers_by_submission(home.feedback).items()
    }
    context = Context(board, read_published(edition) if edition else None, answers)
    written = put_pages(home.outbox, render_status(context))
    _write_dictionary(home)
    programmes = programmes_of(edition.path) if edition else {}
    shelf = home.outbox / SHELF_PAGE
    area = board.areas[0].area_name if len(board.areas) == 1 else load_reference(seeds).area
    html = render_shelf(read_shelf(home, list_editions(home), programmes), now, area)
    write_file(shelf, html.encode(), OWNER_FILE)
    return WrittenPages(written[0], shelf, written[1:])


def put_pages(outbox: Path, pages: tuple[Page, ...]) -> tuple[Path, ...]:
    """Write pages, and remove those of areas or half-years that are not among them any more."""
    written = []
    for page in pages:
        path = outbox / page.path
        write_file(path, page.html.encode(), OWNER_FILE)
        written.append(path)
    for path in (outbox / AREA_PAGES).glob("*.html"):
        if path not in written:
            path.unlink()
    return tuple(written)


def _write_dictionary(home: WarehouseHome) -> None:
    """Write the data dictionary anew where dbt has built since; ``make docs`` writes the same page for developers."""
    manifest, page = home.dbt / "target" / "manifest.json", home.outbox / DICTIONARY_PAGE
    if not manifest.exists() or (page.exists() and page.stat().st_mtime >= manifest.stat().st_mtime):
        return
    tables = read_published_tables(manifest, frozenset(PUBLISHED_SCHEMAS))
    try:
        html = render_dictionary(tables, load_contracts(), load_reference().area)
    except UndescribedError as error:
        # a project that somebody is working on; the build that is published is held to it by tests
        _LOG.warning("Từ điển dữ liệu chưa được lập lại: %s", error)
        return
    write_file(page, html.encode(), OWNER_FILE)


def programmes_of(edition: Path) -> dict[str, str]:
    """Give what programmes are called, by code; nothing from an edition that knows none."""
    with open_read_only(edition) as connection:
        try:
            found = connection.execute("select programme_code, label_vi from core.dim_programme").fetchall()
        except duckdb.CatalogException:
            return {}
    return dict(found)
