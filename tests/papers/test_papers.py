"""Whatever is printed can be read: nothing cut off, nothing printed over something else, no letter under 9 points."""

import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from publish.paper import FONT_NAME, LEAST_POINTS, set_house_font
from tests.papers.kinds_of_paper import Paper, papers
from tests.papers.printed_pages import (
    Letter,
    cut_off,
    has_font_of_same_widths,
    not_printed,
    off_the_page,
    overlapping,
    page_sizes,
    print_workbooks,
    read_letters,
    too_small,
)

pytestmark = [
    pytest.mark.skipif(
        shutil.which("soffice") is None, reason="LibreOffice is not installed on this machine"
    ),
    pytest.mark.skipif(
        not has_font_of_same_widths(),
        reason="neither Times New Roman nor Liberation Serif is installed on this machine",
    ),
]
NAMES = (
    "bieu-mau",
    "chi-tieu-giao",
    "so-hoi-vien-dau-ky",
    "bieu-da-dien",
    "phan-hoi",
    "phan-hoi-tep-xls",
    "phan-hoi-tep-hong",
    "phan-hoi-so-theo-doi",
    "doi-chieu-hoi-vien",
)
A4 = (595, 842)


@dataclass(frozen=True)
class Printed:
    """A workbook, its PDF, and what stands in that."""

    workbook: Path
    pdf: Path
    letters: list[Letter]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Paper]:
    return {paper.name: paper for paper in papers(tmp_path_factory.mktemp("made"))}


@pytest.fixture(scope="module")
def pdfs(made: dict[str, Paper], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    contents = {name: paper.content for name, paper in made.items()}
    return print_workbooks(contents, tmp_path_factory.mktemp("printed"))


@pytest.fixture(scope="module", params=NAMES)
def printed(request: pytest.FixtureRequest, pdfs: dict[str, Path]) -> Printed:
    pdf = pdfs[request.param]
    return Printed(pdf.with_suffix(".xlsx"), pdf, read_letters(pdf))


def test_every_kind_of_paper_is_looked_at(made: dict[str, Paper]) -> None:
    assert tuple(made) == NAMES


def test_all_that_is_printed_can_be_read(printed: Printed) -> None:
    assert len(printed.letters) > 300
    assert too_small(printed.letters) == []
    assert off_the_page(printed.letters, page_sizes(printed.pdf)) == []
    assert overlapping(printed.letters) == []
    assert cut_off(printed.letters) == []
    assert not_printed(printed.workbook, printed.letters) == []


def test_all_is_set_in_one_font_on_a4(printed: Printed) -> None:
    families = {letter.font.partition("+")[2].partition("-")[0] for letter in printed.letters}
    assert families <= {"LiberationSerif", "TimesNewRomanPSMT", "TimesNewRomanPS"}
    for size in page_sizes(printed.pdf).values():
        assert tuple(sorted(round(side) for side in size)) == A4


def test_tables_lie_on_their_side_and_their_headers_are_repeated(pdfs: dict[str, Path]) -> None:
    sizes = page_sizes(pdfs["bieu-mau"])
    letters = read_letters(pdfs["bieu-mau"])
    words = {number: "".join(letter.text for letter in letters if letter.page == number) for number in sizes}
    tables = [number for number, (width, height) in sizes.items() if width > height]
    assert len(tables) > 7 * 3
    assert all("STT" in words[number] for number in tables)


@pytest.fixture(scope="module")
def badly_made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[Letter]]]:
    """A sheet with each fault once, and the same letters whole beside it."""
    workbook = Workbook()
    set_house_font(workbook)
    sheet = workbook.active
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.column_dimensions["A"].width = 12
    sheet["A1"] = "Hội viên nòng cốt của chi hội"
    sheet["B1"] = "đứng bên"
    sheet["A3"] = "Mỗi dòng là một hội viên có biến động trong kỳ"
    sheet["A3"].alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[3].height = 16
    sheet["A5"] = "chữ nhỏ"
    sheet["A5"].font = Font(name=FONT_NAME, size=LEAST_POINTS - 1)
    sheet.print_area = "A1:J30"
    for row in range(10, 30):
        sheet.cell(
            row, 1
        ).value = "Hội viên nòng cốt của chi hội Mỗi dòng là một hội viên có biến động trong kỳ"
    content = io.BytesIO()
    workbook.save(content)
    folder = tmp_path_factory.mktemp("badly")
    pdf = print_workbooks({"badly": content.getvalue()}, folder)["badly"]
    yield pdf.with_suffix(".xlsx"), read_letters(pdf)


def test_what_is_badly_made_is_found(badly_made: tuple[Path, list[Letter]]) -> None:
    workbook, letters = badly_made
    assert too_small(letters) == ["page 1: “chữnhỏ” (8.0 points)"]
    assert any("đứngbên" in told for told in overlapping(letters))
    assert any("viêncó" in told or "mộthội" in told for told in cut_off(letters))
    assert not_printed(workbook, letters[:20]) != []
