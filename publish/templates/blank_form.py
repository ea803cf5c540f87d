"""What is asked for on one sheet, and the sheet that it is drawn on: where its parts stand, and its formats.

How the parts look is ``form_sheet``'s business, what may be typed ``cell_rules``'.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from ingest.contracts.forms import FormContract, FormField
from publish.paper import FONT_NAME, FONT_SIZE
from publish.templates.addressees import HalfYear
from publish.templates.guidance import digits_asked
from publish.templates.header_plan import HeaderPlan, PlannedColumn
from publish.templates.value_lists import ValueList

EMPTY_ROWS = 60
_TITLE_ROWS = 6


class TemplateError(ValueError):
    """What a contract asks for cannot be drawn in a workbook; the text says what."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The texts of the title block and of the signatures.

    Attributes:
        upper: the union above, upper left; None for the highest.
        issuer: who reports.
        subtitle: half-year or year under the form's title; None for a form of no period.
        signer: for whom is signed, lower right.
    """

    upper: str | None
    issuer: str
    subtitle: str | None
    place: str
    signer: str


@dataclass(frozen=True, slots=True)
class BlankForm:
    """One form, for one unit and half-year.

    Attributes:
        form: what is asked for.
        letterhead: what stands above and below.
        half_year: bounds of dates.
        lists: field name to its list; the workbook defines a name for each list, see ``defined_name``.
    """

    form: FormContract
    letterhead: Letterhead
    half_year: HalfYear
    lists: Mapping[str, ValueList]


class Formats:
    """The cell formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def get(self, **properties: object) -> Any:
        """Give the format with these properties (xlsxwriter's names) on top of the house font."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            whole = {"font_name": FONT_NAME, "font_size": FONT_SIZE, "valign": "vcenter", **properties}
            self._made[key] = self._workbook.add_format(whole)
        return self._made[key]


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A sheet on which a form is being drawn; rows and columns count from 0, both ends included.

    Attributes:
        worksheet: an empty sheet of the workbook that ``formats`` belongs to.
        plan: the form's header.
    """

    worksheet: Worksheet
    formats: Formats
    blank: BlankForm
    plan: HeaderPlan

    @property
    def header_row(self) -> int:
        """The first row of the header, under the title block."""
        return _TITLE_ROWS

    @property
    def numbers_row(self) -> int:
        """The row of column numbers, the last of the header."""
        return _TITLE_ROWS + self.plan.depth

    @property
    def first_row(self) -> int:
        """The first row to fill in."""
        return self.numbers_row + 1

    @property
    def last_row(self) -> int:
        """The last row to fill in."""
        return self.numbers_row + EMPTY_ROWS

    @property
    def middle(self) -> int:
        """The last column of the left half."""
        return (self.plan.width - 1) // 2

    @property
    def end(self) -> int:
        """The last column."""
        return self.plan.width - 1

    @property
    def place_of_nothing(self) -> PlannedColumn | None:
        """The column in whose first row *Không phát sinh* is written; None for a form that is never without rows."""
        if self.blank.form.attributed_by != "file":
            return None
        return next((column for column in self.plan.columns if is_free_text(column.field)), None)

    def cell(self, column: int) -> str:
        """Name the first cell to fill in of a column, as formulas call it."""
        return str(xl_rowcol_to_cell(self.first_row, column))

    def write_left(self, row: int, text: str, cell_format: Any) -> None:
        """Write text over the left half of a row."""
        write_merged(self.worksheet, (row, 0, row, self.middle), text, cell_format)

    def write_right(self, row: int, text: str, cell_format: Any) -> None:
        """Write text over the right half of a row."""
        write_merged(self.worksheet, (row, self.middle + 1, row, self.end), text, cell_format)

    def write_across(self, row: int, text: str, cell_format: Any) -> None:
        """Write text over the whole width of a row."""
        write_merged(self.worksheet, (row, 0, row, self.end), text, cell_format)


def is_free_text(field: FormField) -> bool:
    """Whether anything may be written into a column."""
    return field.type == "string" and field.choices is None and digits_asked(field) is None


def write_merged(worksheet: Worksheet, cells: tuple[int, int, int, int], text: str, cell_format: Any) -> None:
    """Write text as text, whatever it begins with, into one cell or several merged ones.

    Args:
        cells: first row, first column, last row, last column.
    """
    first_row, first_column, last_row, last_column = cells
    if (first_row, first_column) != (last_row, last_column):
        worksheet.merge_range(first_row, first_column, last_row, last_column, "", cell_format)
    worksheet.write_string(first_row, first_column, text, cell_format)


def defined_name(values: ValueList) -> str:
    """Give the workbook-wide name of a list's cells; Excel 2007 reaches another sheet by name only."""
    return f"list_{values.name}"
