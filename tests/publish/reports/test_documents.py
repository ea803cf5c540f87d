"""A review as Word, Excel and page: the same text and figures in each, by parts of their own kind."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import altair as alt
import docx
import openpyxl
import pandas as pd
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from ingest.home import WarehouseHome
from publish.reports.charts.drawing import as_png, as_svg, finished
from publish.reports.documents import pdf
from publish.reports.documents.blank_templates import draw_templates
from publish.reports.documents.page import render_page
from publish.reports.documents.pdf import NoPdfError, render_pdf
from publish.reports.documents.word import TEMPLATES, render_word
from publish.reports.documents.word_parts import fitting_columns, share_width
from publish.reports.documents.workbook import render_workbook
from publish.reports.settings import Layout, ReportSettings, TemplateTroubleError, UnknownSettingError
from publish.reports.written_review import CellKind, Column, ReviewTable, WrittenReview
from tests.papers.printed_pages import (
    not_printed,
    off_the_page,
    overlapping,
    page_sizes,
    print_workbooks,
    read_letters,
    too_small,
)
from tests.publish.reports.made_up import INDICATORS, LIMITS, written_review
from tests.publish.reports.office_schema import faults_of_office_file
from tests.publish.reports.take_pictures import faults_of, lost_words


@pytest.fixture(scope="module")
def review() -> WrittenReview:
    return written_review()


@pytest.mark.parametrize("layout", list(Layout))
def test_a_document_has_the_head_of_its_layout_and_the_text(review: WrittenReview, layout: Layout) -> None:
    document = docx.Document(BytesIO(render_word(review, ReportSettings(layout=layout))))
    head = " ".join(cell.text for cell in document.tables[0].rows[0].cells)
    assert ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in head) is (layout is Layout.DECREE_30)
    assert "HỘI LHPN HUYỆN KRÔNG ANA" in head
    text = [paragraph.text for paragraph in document.paragraphs]
    assert "- 8/9 đơn vị đã gửi báo cáo." in text
    assert "- Phát triển mới 382 hội viên <b> & cộng sự." in text
    assert "[Đặc điểm tình hình]" in text
    assert not [line for line in text if "{" in line or "}" in line]


@pytest.mark.parametrize("layout", list(Layout))
def test_a_document_is_valid_by_the_schema_of_office(review: WrittenReview, layout: Layout) -> None:
    assert faults_of_office_file(render_word(review, ReportSettings(layout=layout)), "docx") == []


def test_templates_and_workbooks_are_valid_by_the_schema_of_office(review: WrittenReview) -> None:
    assert faults_of_office_file(render_workbook(review, ReportSettings()), "xlsx") == []
    for template in TEMPLATES.glob("*.docx"):
        assert faults_of_office_file(template.read_bytes(), "docx") == [], template.name


def test_the_schema_sees_what_stands_in_the_wrong_order(review: WrittenReview) -> None:
    document = docx.Document(BytesIO(render_word(review, ReportSettings())))
    properties = document.tables[2]._tbl.tblPr
    properties.append(properties.find(qn("w:tblBorders")))
    written = BytesIO()
    document.save(written)
    assert any("tblBorders" in fault for fault in faults_of_office_file(written.getvalue(), "docx"))


def test_headings_nest_and_a_gap_is_marked(review: WrittenReview) -> None:
    document = docx.Document(BytesIO(render_word(review, ReportSettings())))
    levels = [
        paragraph.style.name
        for paragraph in document.paragraphs
        if paragraph.style.name.startswith("Heading")
    ]
    assert levels[0] == "Heading 1"
    assert {"Heading 1", "Heading 2"} == set(levels)
    gap = next(paragraph for paragraph in document.paragraphs if paragraph.text == "[Đặc điểm tình hình]")
    assert gap.style.element.rPr.find(qn("w:shd")).get(qn("w:fill")) == "FFFF00"


def test_annexes_lie_on_their_side_with_a_header_that_repeats(review: WrittenReview) -> None:
    document = docx.Document(BytesIO(render_word(review, ReportSettings())))
    first, last = document.sections[0], document.sections[-1]
    assert first.page_width < first.page_height
    assert last.page_width > last.page_height
    annex = document.tables[2]
    assert [cell.text for cell in annex.rows[0].cells] == [column.heading for column in INDICATORS.columns]
    assert [cell.text for cell in annex.rows[1].cells] == [
        "1",
        "Hội viên mới phát triển",
        "382",
        "202,11 %",
        "13/06/2023",
    ]
    assert [cell.text for cell in annex.rows[2].cells][2:] == ["63,65", "–", "–"]
    assert annex.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert annex._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == INDICATORS.title
    assert not annex._tbl.xpath(".//w:vMerge | .//w:gridSpan")


@pytest.mark.parametrize(
    ("rows", "kept"), [(2, 3), (13, 1)], ids=["a short one whole", "a long one's last row"]
)
def test_what_of_a_table_stays_with_what_follows_it(review: WrittenReview, rows: int, kept: int) -> None:
    table = replace(INDICATORS, rows=(INDICATORS.rows[0],) * rows)
    document = docx.Document(BytesIO(render_word(replace(review, tables=(table, LIMITS)), ReportSettings())))
    lines = document.tables[2].rows
    assert sum(bool(line.cells[0].paragraphs[0].paragraph_format.keep_with_next) for line in lines) == kept


def test_a_chart_says_in_words_what_it_shows(review: WrittenReview) -> None:
    document = docx.Document(BytesIO(render_word(review, ReportSettings())))
    (picture,) = document.inline_shapes
    assert picture._inline.docPr.get("descr") == review.charts[0].alt_text
    assert "1 đơn vị chưa có số liệu" in review.charts[0].alt_text


def test_a_chart_is_drawn_in_the_font_that_comes_along_with_every_letter_of_ours() -> None:
    chart = alt.Chart(pd.DataFrame({"unit": ["Thị trấn Buôn Trấp", "Niê Mlô ČŎĕŭ"], "value": [1, 2]}))
    drawn = as_svg(finished(alt.layer(chart.mark_bar().encode(y="unit:N", x="value:Q"))))
    assert "Source Serif Pro" in drawn
    empty = alt.Chart(pd.DataFrame({"unit": [" ", "  "], "value": [1, 2]}))
    without = as_png(finished(alt.layer(empty.mark_bar().encode(y="unit:N", x="value:Q"))))
    assert len(as_png(finished(alt.layer(chart.mark_bar().encode(y="unit:N", x="value:Q"))))) > 1.2 * len(
        without
    )


def test_the_same_edition_gives_the_same_document(review: WrittenReview) -> None:
    first, second = (docx.Document(BytesIO(render_word(review, ReportSettings()))) for _ in range(2))
    assert first.element.xml == second.element.xml
    assert first.core_properties.modified == second.core_properties.modified


def test_the_templates_in_the_repository_are_those_that_are_drawn(tmp_path: Path) -> None:
    for drawn in draw_templates(tmp_path):
        kept = docx.Document(str(TEMPLATES / drawn.name))
        assert docx.Document(str(drawn)).element.xml == kept.element.xml, "make report-templates"


def test_an_office_changes_its_own_template(review: WrittenReview, tmp_path: Path) -> None:
    own = docx.Document(str(TEMPLATES / "half_year_decree_30.docx"))
    heading = next(line for line in own.paragraphs if line.text == "I. TÌNH HÌNH")
    heading.runs[0].text = "I. ĐẶC ĐIỂM TÌNH HÌNH"
    own.save(str(tmp_path / "half_year_decree_30.docx"))
    document = docx.Document(BytesIO(render_word(review, ReportSettings(own_templates=tmp_path))))
    assert "I. ĐẶC ĐIỂM TÌNH HÌNH" in [line.text for line in document.paragraphs]


def test_a_broken_template_is_told_with_its_place(review: WrittenReview, tmp_path: Path) -> None:
    own = docx.Document(str(TEMPLATES / "half_year_decree_30.docx"))
    own.add_paragraph("Kỳ {{ ky")
    own.save(str(tmp_path / "half_year_decree_30.docx"))
    with pytest.raises(
        TemplateTroubleError, match=r"half_year_decree_30\.docx.* ở chỗ “Kỳ \{\{ ky”.*Đề nghị sửa"
    ):
        render_word(review, ReportSettings(own_templates=tmp_path))


def with_own_lines(folder: Path, *lines: str) -> ReportSettings:
    own = docx.Document(str(TEMPLATES / "half_year_decree_30.docx"))
    for line in lines:
        own.add_paragraph(line)
    own.save(str(folder / "half_year_decree_30.docx"))
    return ReportSettings(own_templates=folder)


@pytest.mark.parametrize(
    "tag",
    ["{{ tieu_de() }}", "{{ 1 / 0 }}", "{% for %}", "{{ ky | viet_hoa }}", "{{ ky.nam }}", "{{ nam_nay }}"],
)
def test_whatever_an_office_writes_is_told_in_vietnamese_alone(
    review: WrittenReview, tmp_path: Path, tag: str
) -> None:
    with pytest.raises(TemplateTroubleError, match="Đề nghị sửa") as told:
        render_word(review, with_own_lines(tmp_path, tag))
    assert not re.search(
        r"\b(expected|undefined|object|attribute|division|callable|filter)\b", str(told.value)
    )


@pytest.mark.parametrize(
    "lines",
    [
        ("{{ tinh_hinh_moi }}",),
        ("{%p for cau in tinh_hinh_moi %}", "- {{ cau }}", "{%p endfor %}"),
        ("{%p if tinh_hinh_moi %}", "có", "{%p endif %}"),
    ],
    ids=["a value", "a section", "a condition"],
)
def test_a_name_that_there_is_not_is_refused_with_the_names_that_there_are(
    review: WrittenReview, tmp_path: Path, lines: tuple[str, ...]
) -> None:
    with pytest.raises(
        TemplateTroubleError,
        match=r"half_year_decree_30\.docx ghi tên “tinh_hinh_moi”.*dùng được: .*tinh_hinh",
    ):
        render_word(review, with_own_lines(tmp_path, *lines))


def test_a_template_that_is_no_document_is_told(review: WrittenReview, tmp_path: Path) -> None:
    (tmp_path / "half_year_decree_30.docx").write_bytes(b"")
    with pytest.raises(TemplateTroubleError, match="xóa tệp này"):
        render_word(review, ReportSettings(own_templates=tmp_path))


def test_a_table_that_is_too_wide_goes_on_below_with_its_words() -> None:
    headings = ["STT", "Chỉ tiêu", *(f"Xã {number}" for number in range(30))]
    rows = [["1", "Hội viên", *["123.456"] * 30]]
    is_number = [False, False, *[True] * 30]
    groups = fitting_columns(headings, rows, is_number, Mm(267))
    assert len(groups) > 1
    assert all(group[:2] == [0, 1] for group in groups)
    assert sorted({index for group in groups for index in group}) == list(range(32))
    for group in groups:
        part = ([headings[i] for i in group], [[rows[0][i] for i in group]], [is_number[i] for i in group])
        assert sum(share_width(*part, Mm(267))) <= Mm(267)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_template_that_libreoffice_saved_is_filled_in(review: WrittenReview, tmp_path: Path) -> None:
    source = TEMPLATES / "half_year_decree_30.docx"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            str(tmp_path),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert (tmp_path / source.name).read_bytes() != source.read_bytes()
    document = docx.Document(BytesIO(render_word(review, ReportSettings(own_templates=tmp_path))))
    text = [paragraph.text for paragraph in document.paragraphs]
    assert "- 8/9 đơn vị đã gửi báo cáo." in text
    assert not [line for line in text if "{" in line]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_every_text_of_the_printed_document_can_be_read(review: WrittenReview, tmp_path: Path) -> None:
    printed = render_pdf(render_word(review, ReportSettings()))
    (tmp_path / "review.pdf").write_bytes(printed)
    assert faults_of(tmp_path / "review.pdf") == []
    assert lost_words(tmp_path / "review.pdf", render_word(review, ReportSettings())) == []


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_every_cell_of_the_printed_workbook_can_be_read(review: WrittenReview, tmp_path: Path) -> None:
    units = tuple(Column(f"Xã Dur Kmăl số {number} (đến 6/2025)", CellKind.NUMBER) for number in range(9))
    words = (Column("STT"), Column("Chỉ tiêu thống kê"), Column("ĐVT"), Column("Kỳ"))
    label = "Công trình, phần việc xây dựng nông thôn mới, đô thị văn minh"
    wide = ReviewTable(
        "Kết quả từng kỳ báo cáo theo đơn vị, một tên bảng dài hơn nhiều so với cột đầu",
        (*words, *units),
        tuple(
            (str(row), label, "phần việc", "6T đầu 2023", *[Decimal(1_234_567)] * 9) for row in range(1, 4)
        ),
    )
    sentence = f"{label}: {'tăng 5 phần việc so với cùng kỳ năm trước; ' * 8}"
    told = (replace(review.sections[0], sentences=(sentence, sentence)), *review.sections[1:])
    content = render_workbook(replace(review, sections=told, tables=(wide, *review.tables)), ReportSettings())
    printed = print_workbooks({"bao-cao": content}, tmp_path)["bao-cao"]
    letters = read_letters(printed)
    assert too_small(letters) == []
    assert overlapping(letters) == []
    assert off_the_page(letters, page_sizes(printed)) == []
    assert not_printed(tmp_path / "bao-cao.xlsx", letters) == []


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (None, "máy không cài LibreOffice"),
        ("exec sleep 60", "quá 1 giây chưa xong; đề nghị lập lại báo cáo"),
        ("exit 1", "không in được tệp này; đề nghị lập lại báo cáo"),
        ("exit 0", "không in được tệp này; đề nghị lập lại báo cáo"),
    ],
    ids=["not installed", "too slow", "failed", "done without a file"],
)
def test_why_there_is_no_pdf_is_told_for_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, why: str
) -> None:
    if script:
        program = tmp_path / "soffice"
        program.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(pdf, "_SECONDS", 1)
    with pytest.raises(NoPdfError, match=why):
        render_pdf(b"")


def test_a_workbook_holds_numbers_as_numbers(review: WrittenReview) -> None:
    book = openpyxl.load_workbook(BytesIO(render_workbook(review, ReportSettings())))
    assert book.sheetnames == ["Nội dung", "Báo cáo", "PL1", "PL2"]
    sheet = book["PL1"]
    assert [cell.value for cell in sheet[4]] == [
        "1",
        "Hội viên mới phát triển",
        382,
        2.0211,
        datetime(2023, 6, 13),
    ]
    # 382 of 189 is 202,116… %: both documents say 202,11 %
    assert sheet["D4"].number_format == "0.00%"
    assert next(iter(sheet.tables.values())).ref == "A3:E5"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$3:$3"


def test_a_page_needs_nothing_outside_itself_and_lets_nobody_write_into_it(review: WrittenReview) -> None:
    page = render_page(review, ReportSettings())
    assert '<html lang="vi">' in page
    assert "http" not in page.replace("http://www.w3.org", "")
    assert "<script" not in page
    assert "382 hội viên &lt;b&gt; &amp; cộng sự" in page
    assert "63,65" in page
    assert review.charts[0].alt_text in page


def test_settings_are_read_from_the_environment_and_refused_in_words(tmp_path: Path) -> None:
    home = WarehouseHome(tmp_path)
    assert ReportSettings.from_environment(home, {}).is_truncated
    chosen = ReportSettings.from_environment(
        home, {"WAREHOUSE_REPORT_LAYOUT": "organisation", "WAREHOUSE_REPORT_PERCENTAGES": "rounded"}
    )
    assert (chosen.layout, chosen.is_truncated) == (Layout.ORGANISATION, False)
    with pytest.raises(UnknownSettingError, match=r"WAREHOUSE_REPORT_MONEY.*rounded, exact"):
        ReportSettings.from_environment(home, {"WAREHOUSE_REPORT_MONEY": "whole"})
