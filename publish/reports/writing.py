"""The files of written reviews in the outbox: one folder a review, all its files replaced one after the other, whole."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from build.reference import half_year_labels, leading_programme, programme_labels, programme_window
from ingest.durable import make_folder, put_in_place
from ingest.home import WarehouseHome
from ingest.troubles import WarehouseTroubleError, telling_troubles
from publish.editions.choices import (
    UnknownChoiceError,
    check_half_year,
    check_window,
    newest_period,
    open_edition,
)
from publish.reports.documents.page import render_page
from publish.reports.documents.pdf import NoPdfError, render_pdf
from publish.reports.documents.word import render_word
from publish.reports.documents.workbook import render_workbook
from publish.reports.figures.lines import Window
from publish.reports.half_year import write_half_year_review
from publish.reports.programme import write_programme_review
from publish.reports.settings import ReportSettings, TemplateTroubleError
from publish.reports.written_review import WrittenReview

Progress = Callable[[str], None]
"""Told what is being written, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """A review, written; without a ``pdf``, ``why_no_pdf`` says in Vietnamese why there is none."""

    word: Path
    workbook: Path
    page: Path
    pdf: Path | None
    why_no_pdf: str = ""


@telling_troubles()
def report_half_year(
    edition: Path, period_code: str | None, home: WarehouseHome, progress: Progress = lambda told: None
) -> ReportFiles:
    """Write the half-year report.

    Args:
        edition: an edition's DuckDB file, or ``current.duckdb``.
        period_code: a half-year (``2023H1``); the newest when None.
        home: the files go to its folder ``outbox/reports``.
        progress: told of every file before it is written.

    Raises:
        FileNotFoundError: there is no edition yet.
        UnknownChoiceError: the edition has no such half-year.
        UnknownSettingError: a setting of the reports is none.
        TemplateTroubleError: a template that the office changed cannot be filled in.
        WarehouseTroubleError: a file is where the folder of the report should be, or the disk does not take it.
    """
    settings = ReportSettings.from_environment(home)
    with open_edition(edition) as connection:
        period = period_code or newest_period(connection)
        check_half_year(connection, period)
        progress("Đang đọc số liệu của kỳ báo cáo …")
        with _of_an_old_edition():
            review = write_half_year_review(connection, period, settings)
    return _write(review, settings, home, progress)


@telling_troubles()
def report_programme(
    edition: Path, window: Window, home: WarehouseHome, progress: Progress = lambda told: None
) -> ReportFiles:
    """Write the review of a programme over any window; arguments, files and errors as for ``report_half_year``."""
    settings = ReportSettings.from_environment(home)
    with open_edition(edition) as connection:
        check_window(connection, window.programme_code, window.first_period, window.last_period)
        progress("Đang đọc số liệu của cả giai đoạn …")
        with _of_an_old_edition():
            review = write_programme_review(connection, window, settings)
    return _write(review, settings, home, progress)


def write_reports_of_refresh(
    edition: Path, period_code: str | None, home: WarehouseHome, progress: Progress = lambda told: None
) -> None:
    """Write the half-year report, and the review of the programme that every refresh closes with, over its window.

    Of what there are no data yet (a half-year that is due and of which nobody has sent anything) it is told, and no more.

    Raises:
        UnknownSettingError: a setting of the reports is none.
        TemplateTroubleError: templates that the office changed cannot be filled in; what has a good one is written.
    """
    closing = window_of(leading_programme())
    broken: list[str] = []
    for write in (
        partial(report_half_year, edition, period_code),
        partial(report_programme, edition, closing),
    ):
        try:
            write(home, progress)
        except UnknownChoiceError as nothing_yet:
            progress(str(nothing_yet))
        except TemplateTroubleError as trouble:
            broken.append(str(trouble))
    if broken:
        raise TemplateTroubleError("\n".join(broken))


def window_of(programme_code: str, first_period: str = "", last_period: str = "") -> Window:
    """Give the window of a programme's review: half-years that are not named are those of its seed, or else all."""
    seeded = programme_window(programme_code) if programme_code in programme_labels() else None
    first = first_period or (seeded.first_period if seeded else min(half_year_labels()))
    last = last_period or (seeded.last_period if seeded else None) or max(half_year_labels())
    return Window(programme_code, first, last)


def _write(
    review: WrittenReview, settings: ReportSettings, home: WarehouseHome, progress: Progress
) -> ReportFiles:
    folder = home.reports / review.name
    _make_folder(folder)
    word_path, workbook_path, page_path, pdf_path = (
        folder / f"{review.name}.{ending}" for ending in ("docx", "xlsx", "html", "pdf")
    )
    progress("Đang viết tệp Word …")
    word = render_word(review, settings)
    _put(word_path, word)
    progress("Đang viết tệp Excel và trang để xem …")
    _put(workbook_path, render_workbook(review, settings))
    _put(page_path, render_page(review, settings).encode())
    progress("Đang in ra PDF (nếu máy có LibreOffice) …")
    try:
        _put(pdf_path, render_pdf(word))
    except NoPdfError as none:
        pdf_path.unlink(missing_ok=True)  # one of an earlier day beside today's Word would tell other figures
        progress(f"Không có bản in PDF: {none}.")
        return ReportFiles(word_path, workbook_path, page_path, None, str(none))
    return ReportFiles(word_path, workbook_path, page_path, pdf_path)


def _make_folder(folder: Path) -> None:
    """Make the folder of a review.

    Raises:
        WarehouseTroubleError: a file is in its way.
    """
    in_the_way = next(
        (path for path in (folder, *folder.parents) if path.exists() and not path.is_dir()), None
    )
    if in_the_way is not None:
        raise WarehouseTroubleError(
            f"{in_the_way} là một tệp, trong khi báo cáo cần một thư mục tên như vậy."
            " Đề nghị đổi tên hoặc chuyển tệp đó đi nơi khác rồi lập lại báo cáo."
        )
    make_folder(folder)


@contextmanager
def _of_an_old_edition() -> Iterator[None]:
    """Say of an edition that was made before its tables had what is asked of them that it is too old."""
    try:
        yield
    except (duckdb.BinderException, duckdb.CatalogException) as lacking:
        raise UnknownChoiceError(
            "Bản số liệu này do phần mềm trước đây lập, chưa có đủ nội dung để viết báo cáo."
            " Đề nghị chọn bản mới hơn."
        ) from lacking


def _put(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    put_in_place(unfinished, path)
