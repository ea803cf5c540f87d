"""One blank workbook: a page of instructions, a sheet a form, and a hidden sheet with the lists of values.

The page of instructions and the lists hold at most two filled cells a row, so the reader takes them for what they are
and not for tables. The same input gives the same bytes.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import quote_sheetname, xl_range_abs
from xlsxwriter.worksheet import Worksheet

from ingest.contracts.forms import FormContract
from publish.paper import FONT_NAME, FONT_SIZE, LINE_POINTS, cell_points, row_points
from publish.templates.addressees import HalfYear
from publish.templates.blank_form import BlankForm, Formats, Letterhead, defined_name, write_merged
from publish.templates.form_sheet import draw_form
from publish.templates.guidance import column_guidance, examples, form_guidance, load_wording, subjects
from publish.templates.header_plan import REQUIRED_MARK, plan_header
from publish.templates.value_lists import ValueList

_A4 = 9
_LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
# The first rows of a sheet without a table may tell unit and period; values of lists must not be taken for either.
_FIRST_LIST_ROW = 20
# digits of the font; together what A4 upright takes at full size
_NUMBER_WIDTH, _LABEL_WIDTH, _TEXT_WIDTH = 4, 22, 57
_PAGE_POINTS = 730.0  # of height between the margins
_SHEETS = "xl/worksheets/sheet"
_HEIGHT_OF_SHEET = re.compile(rb'<sheetFormatPr defaultRowHeight="([0-9.]+)" customHeight="1"/>')
_ROW_WITHOUT_HEIGHT = re.compile(rb'(<row r="[0-9]+"(?: spans="[0-9:]+")?)>')
_OWN_HEIGHT = b'<sheetFormatPr defaultRowHeight="%g"/>' % LINE_POINTS
_BETWEEN = 12.0  # points above a heading
_SECTION_SIZE = 13
_NAME_POINTS = cell_points(_NUMBER_WIDTH + _LABEL_WIDTH)
_SENTENCE_POINTS = cell_points(_LABEL_WIDTH + _TEXT_WIDTH)
_WHOLE_POINTS = cell_points(_NUMBER_WIDTH + _LABEL_WIDTH + _TEXT_WIDTH)
# What spreadsheets take a workbook's own font for, in pixels: columns are measured in its digits.
_OWN_FONT = {
    "default_format_properties": {"font_name": FONT_NAME, "font_size": FONT_SIZE},
    "default_column_width": 72,
    "default_row_height": 21,
}


@dataclass(frozen=True, slots=True)
class BlankWorkbook:
    """What goes into one workbook.

    Attributes:
        forms: in the order of the sheets.
        lists: form and field name to the list of values.
        introduction: lines under the title of the page of instructions: for whom and for when.
        collector: to whom it is sent back; None where who fills it in keeps it.
    """

    file_name: str
    forms: tuple[FormContract, ...]
    letterhead: Letterhead
    half_year: HalfYear
    lists: Mapping[tuple[str, str], ValueList]
    introduction: tuple[str, ...]
    collector: str | None


def draw_workbook(blank: BlankWorkbook) -> bytes:
    """Give a blank workbook as the content of an xlsx file.

    Args:
        blank: what goes into it.

    Raises:
        TemplateError: Excel refuses a rule that a contract leads to.
    """
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, **_OWN_FONT}
    workbook = Workbook(content, options)
    created = datetime.combine(blank.half_year.start, time(0, 0))
    workbook.set_properties(
        {"title": blank.file_name, "author": blank.collector or blank.letterhead.issuer, "created": created}
    )
    workbook.set_calc_mode("auto")
    formats = Formats(workbook)
    wording = load_wording()
    names = _sheet_names(blank.forms)
    instructions = workbook.add_worksheet(wording.instructions_sheet)
    sheets = [workbook.add_worksheet(name) for name in names]
    lists = workbook.add_worksheet(wording.lists_sheet)
    _draw_lists(workbook, lists, formats, {values.name: values for values in blank.lists.values()})
    _draw_instructions(instructions, formats, blank, names)
    for sheet, form in zip(sheets, blank.forms, strict=True):
        own = {field: values for (form_name, field), values in blank.lists.items() if form_name == form.name}
        draw_form(sheet, formats, BlankForm(form, blank.letterhead, blank.half_year, own))
    instructions.activate()
    workbook.close()
    return _with_rows_that_grow(content.getvalue())


def _with_rows_that_grow(content: bytes) -> bytes:
    """Give the rows of a form the height of their sheet as one that may grow with what is typed.

    XlsxWriter knows heights that somebody has set, alone; Excel keeps those, and a text of two lines would be cut.
    """
    grown = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as drawn,
        zipfile.ZipFile(grown, "w", zipfile.ZIP_DEFLATED) as whole,
    ):
        for entry in drawn.infolist():
            part = drawn.read(entry)
            if found := _HEIGHT_OF_SHEET.search(part) if entry.filename.startswith(_SHEETS) else None:
                part = part.replace(found[0], _OWN_HEIGHT)
                part = _ROW_WITHOUT_HEIGHT.sub(rb'\1 ht="%b">' % found[1], part)
            whole.writestr(entry, part)
    return grown.getvalue()


def _sheet_names(forms: Sequence[FormContract]) -> list[str]:
    """Name sheets by the number of the form (``Biểu 01``) or its title, each once."""
    names: list[str] = []
    for form in forms:
        name = " ".join(form.title.split(":")[0].translate(_NOT_IN_SHEET_NAMES).split())[:_LONGEST_SHEET_NAME]
        names.append(name if name not in names else f"{name[: _LONGEST_SHEET_NAME - 3]} {len(names) + 1}")
    return names


def _draw_lists(
    workbook: Workbook, worksheet: Worksheet, formats: Formats, lists: Mapping[str, ValueList]
) -> None:
    worksheet.write_string(0, 0, load_wording().lists_note, formats.get(italic=True))
    worksheet.set_column(0, 0, _LABEL_WIDTH + _TEXT_WIDTH)
    row = _FIRST_LIST_ROW
    for values in lists.values():
        for position, value in enumerate(values.values):
            worksheet.write_string(row + position, 0, value, formats.get(num_format="@"))
        cells = xl_range_abs(row, 0, row + len(values.values) - 1, 0)
        workbook.define_name(defined_name(values), f"={quote_sheetname(worksheet.get_name())}!{cells}")
        row += len(values.values) + 1
    worksheet.hide()


def _draw_instructions(
    worksheet: Worksheet, formats: Formats, blank: BlankWorkbook, sheet_names: Sequence[str]
) -> None:
    words = load_wording().instructions
    page = _InstructionPage(worksheet, formats)
    page.write_heading(words.title, 16)
    for line in blank.introduction:
        page.write_line(line, bold=True)
    filling = {
        **examples(blank.half_year),
        "file_name": blank.file_name,
        "collector": blank.collector or "",
        "issuer": blank.letterhead.issuer,
    }
    said = subjects(blank.forms, blank.lists.keys()) | {"sent" if blank.collector else "kept"}
    for title, sentences in words.sections.items():
        page.leave_room()
        page.write_heading(title, _SECTION_SIZE, followed_by=2)
        told = [sentence.say.format(**filling) for sentence in sentences if sentence.of in said]
        for number, sentence in enumerate(told, start=1):
            page.write_numbered(number, sentence)
    page.leave_room()
    page.write_heading(words.columns, _SECTION_SIZE, followed_by=6)
    for form, sheet_name in zip(blank.forms, sheet_names, strict=True):
        _explain_form(page, form, sheet_name, blank)
    page.set_up()


def _explain_form(
    page: "_InstructionPage", form: FormContract, sheet_name: str, blank: BlankWorkbook
) -> None:
    page.leave_room()
    page.write_heading(form.title, FONT_SIZE, followed_by=5)
    page.write_link(
        f"internal:{quote_sheetname(sheet_name)}!A1", f"{load_wording().instructions.go_to}: {sheet_name}"
    )
    whole_form = form_guidance(form)
    if whole_form:
        page.write_line(whole_form, italic=True)
    for column in plan_header(form).columns:
        field = column.field
        values = blank.lists.get((form.name, field.name))
        guidance = column_guidance(form, field, values, blank.half_year, column.whole is not None)
        page.write_explained(
            field.title + REQUIRED_MARK if field.is_required else field.title, guidance.explanation
        )


class _InstructionPage:
    """Writes the page of instructions from top to bottom; no heading is left alone at the foot of a printed page."""

    def __init__(self, worksheet: Worksheet, formats: Formats) -> None:
        self._worksheet = worksheet
        self._formats = formats
        self._row = 0
        self._used = 0.0  # points of the printed page
        self._breaks: list[int] = []
        for column, width in enumerate((_NUMBER_WIDTH, _LABEL_WIDTH, _TEXT_WIDTH)):
            worksheet.set_column(column, column, width)

    def leave_room(self) -> None:
        """Leave some room above a heading."""
        self._end_row(_BETWEEN)

    def write_heading(self, text: str, size: int, followed_by: int = 0) -> None:
        """Write a heading over the whole width, on the page that has room for some lines after it."""
        height = row_points([(text, _WHOLE_POINTS)], size, is_bold=True) + 4
        if self._used + height + followed_by * row_points([]) > _PAGE_POINTS:
            self._turn_page()
        look = {"font_color": "#1F4E79"} if size == _SECTION_SIZE else {}
        self._write_across(text, self._formats.get(bold=True, text_wrap=True, font_size=size, **look))
        self._end_row(height)

    def write_line(self, text: str, **look: object) -> None:
        """Write a text over the whole width."""
        self._write_across(text, self._formats.get(text_wrap=True, valign="top", **look))
        self._end_row(row_points([(text, _WHOLE_POINTS)], is_bold=bool(look.get("bold"))))

    def write_link(self, address: str, text: str) -> None:
        """Write a link to a sheet of the workbook over the whole width."""
        look = self._formats.get(font_color="#0563C1", underline=1, valign="top")
        self._write_across("", look)
        self._worksheet.write_url(self._row, 0, address, look, text)
        self._end_row(row_points([]))

    def write_numbered(self, number: int, text: str) -> None:
        """Write a sentence of a list."""
        wrapped = self._formats.get(text_wrap=True, valign="top")
        self._worksheet.write_string(
            self._row, 0, f"{number}.", self._formats.get(align="right", valign="top")
        )
        write_merged(self._worksheet, (self._row, 1, self._row, 2), text, wrapped)
        self._end_row(row_points([(text, _SENTENCE_POINTS)]))

    def write_explained(self, name: str, text: str) -> None:
        """Write the name of a column and what is said of it."""
        wrapped = self._formats.get(text_wrap=True, valign="top")
        write_merged(self._worksheet, (self._row, 0, self._row, 1), name, wrapped)
        self._worksheet.write_string(self._row, 2, text, wrapped)
        self._end_row(row_points([(name, _NAME_POINTS), (text, cell_points(_TEXT_WIDTH))]))

    def set_up(self) -> None:
        """Set up how the page is printed."""
        worksheet = self._worksheet
        worksheet.set_paper(_A4)
        worksheet.set_portrait()
        worksheet.set_margins(left=0.6, right=0.5, top=0.6, bottom=0.7)
        worksheet.set_h_pagebreaks(self._breaks)
        worksheet.print_area(0, 0, self._row - 1, 2)
        worksheet.hide_gridlines(2)
        worksheet.set_footer(f'&R&"{FONT_NAME},Regular"&10{load_wording().page}', {"scale_with_doc": False})

    def _write_across(self, text: str, cell_format: Any) -> None:
        write_merged(self._worksheet, (self._row, 0, self._row, 2), text, cell_format)

    def _turn_page(self) -> None:
        self._breaks.append(self._row)
        self._used = 0.0

    def _end_row(self, height: float) -> None:
        self._worksheet.set_row(self._row, height)
        self._used += height
        if self._used > _PAGE_POINTS:
            self._turn_page()
            self._used = height
        self._row += 1
