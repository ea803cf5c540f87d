"""Fills blank workbooks as a careful officer does: every column, every value that a drop-down offers."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ingest.contracts.forms import Contracts, FormField
from ingest.headers.header_words import load_header_words
from ingest.headers.matcher import HeaderMatcher
from ingest.tables.results import FoundTable
from ingest.tables.sheet_tables import read_sheet
from ingest.workbooks.grids import read_workbook

ROWS = 60
NAMES = (
    "H'Yi Êban",
    "Nguyễn Thị Hoa",
    "Thôn 10-3",
    "- gạch đầu dòng",
    "+84 905 000 111",
    "@ Buôn Krông",
    "12/2023",
)
BIRTHS = (1985, "1990", "05/02/1985", date(1979, 12, 31))


def form_tables(path: Path, contracts: Contracts) -> Iterator[tuple[str, FoundTable]]:
    """Give each table that the reader finds in a workbook, with the name of its sheet."""
    matcher = HeaderMatcher(contracts.forms, load_header_words(), contracts.choice_lists)
    for sheet in read_workbook(path.read_bytes()):
        for table in read_sheet(sheet, matcher).tables:
            yield sheet.name, table


def fill(path: Path, contracts: Contracts, first_day: date, only: str | None = None, rows: int = ROWS) -> int:
    """Fill the forms of a blank workbook and save it; gives the number of forms that were filled."""
    workbook = load_workbook(path)
    filled = 0
    for sheet_name, table in form_tables(path, contracts):
        assert table.form is not None
        if only is None or table.form.name == only:
            sheet = workbook[sheet_name]
            for field in table.form.fields:
                values = list(_values(workbook, sheet, table, field, first_day))
                for position in range(rows):
                    cell = sheet[f"{table.columns[field.name]}{first_row(table) + position}"]
                    cell.value = values[position % len(values)]
                    cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
            filled += 1
    workbook.save(path)
    return filled


def first_row(table: FoundTable) -> int:
    """Give the first row under the column numbers."""
    return table.header_last_row + 2


def validation(sheet: Worksheet, cell: str) -> DataValidation:
    """Give the only rule that holds for a cell."""
    rules = [rule for rule in sheet.data_validations.dataValidation if cell in rule.sqref]
    assert len(rules) == 1, f"{sheet.title}!{cell}: {len(rules)} rules"
    return rules[0]


def offered(workbook: Workbook, rule: DataValidation) -> list[str]:
    """Give what a drop-down shows."""
    assert rule.type == "list"
    ((sheet, cells),) = workbook.defined_names[rule.formula1].destinations
    found = workbook[sheet][cells]
    return [row[0].value for row in found] if isinstance(found, tuple) else [found.value]


def _values(
    workbook: Workbook, sheet: Worksheet, table: FoundTable, field: FormField, first_day: date
) -> Iterator[object]:
    rule = validation(sheet, f"{table.columns[field.name]}{first_row(table)}")
    if rule.type == "list":
        yield from offered(workbook, rule)
    elif field.type == "date":
        yield from (first_day + timedelta(days=day) for day in range(0, ROWS, 7))
    elif field.type == "year_or_date":
        yield from BIRTHS
    elif field.name == "year":
        yield first_day.year
    elif field.name == "members":
        yield 1_200
    elif field.type == "integer":
        yield from (7, 3, 0) if field.name.endswith(("_minority", "_poor", "core_members")) else (20, 7, 11)
    elif field.type == "number":
        yield from (1_500_000, 98_000) if field.is_money else (12, 2.5)
    elif field.constraints.pattern:
        yield from (f"066185{number:06}" for number in range(ROWS))
    else:
        yield from NAMES


def column_sum(path: Path, sheet_name: str, column: str, first: int, rows: int = ROWS) -> float:
    """Add up what was filled into a column."""
    sheet = load_workbook(path)[sheet_name]
    return sum(sheet[f"{column}{row}"].value or 0 for row in range(first, first + rows))
