"""The picture of the README: the district's half-year as a refresh of the sample gives it, ``make picture``.

Figures come from the current edition of ``WAREHOUSE_HOME``, as anybody may ask for them; here they are only put on one page.
Needs LibreOffice and Debian's ``poppler-utils``.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import xlsxwriter

from ingest.home import PROJECT_ROOT, WarehouseHome
from ingest.text.printing import format_number, format_percentage

PICTURE = PROJECT_ROOT / "docs" / "screens" / "halfyear_review.png"
PERIOD = "2023H1"
PAPER_A5 = 11
DOTS_PER_INCH = 120
SHOWN = (930, 520)  # dots of the page that something stands on
WIDTHS = (46, 11, 12, 12, 14, 14, 13)
HEADINGS = (
    "Chỉ tiêu", "ĐVT", "Thực hiện", "Chỉ tiêu giao", "% so với chỉ tiêu giao", "Cùng kỳ năm trước", "Tăng (+), giảm (-)",
)  # fmt: skip
REACHED = """
    select label_vi, uom, value, target, attainment, same_period_last_year, change
    from reviews.halfyear_review
    where is_area_total and period_code = ? and target is not null
    order by sort_order
"""
OF_UNITS = """
    select unit_name, value from reviews.halfyear_review
    where not is_area_total and period_code = ? and indicator_code = 'new_members' and value is not null
    order by value desc
"""
NAMES = """
    select unit_name, period_label_vi from reviews.halfyear_review where is_area_total and period_code = ? limit 1
"""


def main() -> int:
    """Draw the page and keep it as the picture."""
    home = WarehouseHome.from_environment()
    if not home.current.exists():
        print(f"There is no edition in {home.root}: make refresh first.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "review.xlsx"
        with duckdb.connect(str(home.current), read_only=True) as edition:
            _draw(page, edition)
        _run(
            folder,
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            page,
        )
        width, height = SHOWN
        as_drawn = ("-png", "-singlefile", "-r", DOTS_PER_INCH, "-x", 0, "-y", 0, "-W", width, "-H", height)
        _run(folder, "pdftoppm", *as_drawn, page.with_suffix(".pdf"), PICTURE.with_suffix(""))
    print(PICTURE)
    return 0


def _draw(path: Path, edition: duckdb.DuckDBPyConnection) -> None:
    ((unit_name, period_label),) = edition.execute(NAMES, [PERIOD]).fetchall()
    reached = edition.execute(REACHED, [PERIOD]).fetchall()
    of_units = edition.execute(OF_UNITS, [PERIOD]).fetchall()
    with xlsxwriter.Workbook(path) as workbook:
        font = {"font_name": "DejaVu Sans", "font_size": 10, "valign": "vcenter"}
        title = workbook.add_format({**font, "bold": True, "font_size": 13})
        head_look = {**font, "bold": True, "bg_color": "#F3E4E9", "bottom": 1, "text_wrap": True}
        head = workbook.add_format(head_look)
        head_of_figures = workbook.add_format({**head_look, "align": "right"})
        text = workbook.add_format({**font, "bottom": 4})
        figure = workbook.add_format({**font, "bottom": 4, "align": "right"})
        sheet = workbook.add_worksheet("Sơ kết")
        sheet.set_landscape()
        sheet.set_paper(PAPER_A5)
        sheet.set_margins(0.3, 0.3, 0.3, 0.3)
        sheet.fit_to_pages(1, 1)
        sheet.hide_gridlines(2)
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        sheet.write(
            0, 0, f"Sơ kết {period_label}, {unit_name[:1].lower()}{unit_name[1:]} (số liệu mẫu)", title
        )
        sheet.set_default_row(20)
        sheet.set_row(2, 34)
        sheet.write_row(2, 0, HEADINGS[:2], head)
        sheet.write_row(2, 2, HEADINGS[2:], head_of_figures)
        for row, (label, uom, value, target, attainment, last_year, change) in enumerate(reached, start=3):
            sheet.write_row(row, 0, (label, uom), text)
            shown = (
                format_number(value), format_number(target), format_percentage(attainment), format_number(last_year),
                ("+" if change and change > 0 else "") + format_number(change),
            )  # fmt: skip
            sheet.write_row(row, 2, shown, figure)
        below = len(reached) + 4
        units = workbook.add_worksheet("Đơn vị")
        units.write_column(0, 0, [name for name, _ in of_units])
        units.write_column(0, 1, [float(value) for _, value in of_units])
        units.hide()
        chart = workbook.add_chart({"type": "column"})
        last = len(of_units) - 1
        chart.add_series(
            {
                "categories": ["Đơn vị", 0, 0, last, 0],
                "values": ["Đơn vị", 0, 1, last, 1],
                "fill": {"color": "#8A1538"},
                "gap": 60,
                "data_labels": {"value": True},
            }
        )
        chart.set_title({"name": "Hội viên mới phát triển, theo đơn vị", "name_font": {"size": 11}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_size({"width": 890, "height": 320})
        sheet.insert_chart(below, 0, chart)


def _run(folder: str, *command: object) -> None:
    subprocess.run([str(word) for word in command], cwd=folder, check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
