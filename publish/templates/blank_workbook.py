"""One blank workbook: a page of instructions, a sheet a form, and a hidden sheet with the lists of values.

The page of instructions and the lists hold at most two filled cells a row, so the reader takes them for what they are
and not for tables. The same input gives the same bytes.
"""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import quote_sheetname, xl_range_abs
from xlsxwriter.worksheet import Worksheet

from ingest.contracts.forms import FormContract
from publish.templates.addressees import HalfYear
from publish.templates.blank_form import BlankForm, Formats, Letterhead, defined_name
from publish.templates.form_sheet import draw_form
from publish.templates.guidance import column_guidance, examples, form_guidance, load_wording
from publish.templates.header_plan import REQUIRED_MARK, plan_header
from publish.templates.value_lists import ValueList

_A4 = 9
_LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
# The first rows of a sheet without a table may tell unit and period; values of lists must not be taken for either.
_FIRST_LIST_ROW = 20
_LABEL_WIDTH = 34
_TEXT_WIDTH = 100
_LINE_HEIGHT = 16  # points, for letters of 12
_LETTERS_IN_A_LINE = 115


@dataclass(frozen=True, slots=True)
class BlankWorkbook:
    """What goes into one workbook.

    Attributes:
        forms: in the order of the sheets.
        lists: form and field name to the list of values.
        introduction: lines under the title of the page of instructions: for whom and for when.
        collector: to whom it is sent back.
    """

    file_name: str
    forms: tuple[FormContract, ...]
    letterhead: Letterhead
    half_year: HalfYear
    lists: Mapping[tuple[str, str], ValueList]
    introduction: tuple[str, ...]
    collector: str


def draw_workbook(blank: BlankWorkbook) -> bytes:
    """Give a blank workbook as the content of an xlsx file.

    Args:
        blank: what goes into it.

    Raises:
        TemplateError: Excel refuses a rule that a contract leads to.
    """
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = Workbook(content, options)
    created = datetime.combine(blank.half_year.start, time(0, 0))
    workbook.set_properties({"title": blank.file_name, "author": blank.collector, "created": created})
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
    return content.getvalue()


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
    worksheet.set_column(0, 0, _TEXT_WIDTH)
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
    filling = {**examples(blank.half_year), "file_name": blank.file_name, "collector": blank.collector}
    text = formats.get(text_wrap=True, valign="top")
    bold = formats.get(text_wrap=True, valign="top", bold=True)
    heading = formats.get(bold=True, font_size=13, font_color="#1F4E79")
    worksheet.set_column(0, 0, _LABEL_WIDTH)
    worksheet.set_column(1, 1, _TEXT_WIDTH)
    worksheet.write_string(0, 0, words.title, formats.get(bold=True, font_size=16))
    row = 1
    for line in blank.introduction:
        worksheet.write_string(row, 0, line, formats.get(bold=True))
        row += 1
    for title, sentences in words.sections.items():
        worksheet.write_string(row + 1, 0, title, heading)
        row += 2
        for number, sentence in enumerate(sentences, start=1):
            worksheet.write_string(row, 0, f"{number}.", formats.get(align="right", valign="top"))
            _write_lines(worksheet, row, sentence.format(**filling), text)
            row += 1
    worksheet.write_string(row + 1, 0, words.columns, heading)
    row += 2
    link = formats.get(font_color="#0563C1", underline=1, valign="top")
    for form, sheet_name in zip(blank.forms, sheet_names, strict=True):
        worksheet.write_string(row + 1, 0, form.title, bold)
        worksheet.write_url(
            row + 1, 1, f"internal:{quote_sheetname(sheet_name)}!A1", link, f"{words.go_to}: {sheet_name}"
        )
        row += 2
        whole_form = form_guidance(form)
        if whole_form:
            _write_lines(worksheet, row, whole_form, formats.get(text_wrap=True, italic=True, valign="top"))
            row += 1
        for column in plan_header(form).columns:
            field = column.field
            guidance = column_guidance(
                form,
                field,
                blank.lists.get((form.name, field.name)),
                blank.half_year,
                column.whole is not None,
            )
            name = field.title + REQUIRED_MARK if field.is_required else field.title
            worksheet.write_string(row, 0, name, text)
            _write_lines(worksheet, row, guidance.explanation, text)
            row += 1
    worksheet.set_paper(_A4)
    worksheet.set_portrait()
    worksheet.fit_to_pages(1, 0)
    worksheet.hide_gridlines(2)
    worksheet.set_footer(f"&R&9{load_wording().page}")


def _write_lines(worksheet: Worksheet, row: int, text: str, cell_format: Any) -> None:
    """Write a text in a row that is high enough for it: not every program finds the height by itself."""
    worksheet.set_row(row, _LINE_HEIGHT * math.ceil(len(text) / _LETTERS_IN_A_LINE))
    worksheet.write_string(row, 1, text, cell_format)
