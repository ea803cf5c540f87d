"""Written reports in the outbox: what stands in the way is told in words, and keeps back no more than it must."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pytest

from ingest.home import WarehouseHome
from ingest.troubles import WarehouseTroubleError
from publish.reports import writing
from publish.reports.__main__ import main
from publish.reports.documents.page import render_page
from publish.reports.documents.pdf import NoPdfError
from publish.reports.documents.word import render_word
from publish.reports.documents.workbook import render_workbook
from publish.reports.settings import ReportSettings, TemplateTroubleError
from publish.reports.writing import _write, write_reports_of_refresh
from publish.reports.written_review import Column, ReviewTable
from tests.publish.reports.made_up import LIMITS, written_review
from tests.publish.reports.test_review_files import publish


def ignore(_: str) -> None: ...


def test_a_file_where_the_folder_should_be_is_told_with_what_to_do(tmp_path: Path) -> None:
    home = WarehouseHome(tmp_path / "home").prepare()
    home.outbox.mkdir(exist_ok=True)
    home.reports.write_bytes(b"")
    with pytest.raises(WarehouseTroubleError, match=r"outbox/reports là một tệp.*Đề nghị đổi tên"):
        _write(written_review(), ReportSettings(), home, ignore)


def test_why_there_is_no_pdf_is_told_and_an_old_one_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = WarehouseHome(tmp_path / "home").prepare()
    told: list[str] = []

    def fail(_: bytes) -> bytes:
        raise NoPdfError("LibreOffice in quá 120 giây chưa xong")

    monkeypatch.setattr(writing, "render_pdf", lambda _: b"%PDF")
    first = _write(written_review(), ReportSettings(), home, ignore)
    assert first.pdf is not None
    assert first.pdf.read_bytes() == b"%PDF"
    monkeypatch.setattr(writing, "render_pdf", fail)
    second = _write(written_review(), ReportSettings(), home, told.append)
    assert (second.pdf, first.pdf.exists()) == (None, False)
    assert second.why_no_pdf == "LibreOffice in quá 120 giây chưa xong"
    assert "Không có bản in PDF: LibreOffice in quá 120 giây chưa xong." in told


def test_a_broken_template_keeps_no_other_report_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def broken(*_: object) -> None:
        raise TemplateTroubleError("mẫu hỏng")

    monkeypatch.setattr(writing, "report_half_year", broken)
    monkeypatch.setattr(writing, "report_programme", lambda *_: written.append("programme"))
    with pytest.raises(TemplateTroubleError, match="mẫu hỏng"):
        write_reports_of_refresh(tmp_path, "2023H1", WarehouseHome(tmp_path), ignore)
    assert written == ["programme"]


def test_a_map_that_there_is_not_is_refused_in_words(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(home)
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    assert main(["programme", "--map", "foo"]) == 2
    assert capsys.readouterr().err == (
        "MAP ghi “foo”. Đề nghị ghi today (theo đơn vị hiện nay), hoặc để trống (theo đơn vị của thời kỳ đó).\n"
    )


def test_a_control_character_in_a_name_breaks_no_document() -> None:
    clubs = ReviewTable("Danh sách", (Column("Tên"),), (("CLB\x0bPhụ nữ\x07 \ufffe& khởi nghiệp",),))
    review = replace(written_review(), tables=(clubs, LIMITS))
    name = "CLB Phụ nữ & khởi nghiệp"
    document = docx.Document(BytesIO(render_word(review, ReportSettings())))
    assert name in [cell.text for table in document.tables for cell in table._cells]
    assert (
        openpyxl.load_workbook(BytesIO(render_workbook(review, ReportSettings())))["PL1"]["A4"].value == name
    )
    assert "CLB Phụ nữ &amp; khởi nghiệp" in render_page(review, ReportSettings())
