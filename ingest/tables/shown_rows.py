"""The rows of a table as their reader sees them: merged cells, numbers shown divided, rows that are hidden.

What stands in a file and what is shown are not the same. Here the grid is brought to what is shown, or a cell is marked
as one that must not count in silence. Which cells are merged, divided or hidden, ``repair`` has found out.
"""

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from ingest.contracts.forms import FormField
from ingest.headers.form_match import FormMatch
from ingest.rows.filled_cells import filled
from ingest.rows.kinds import RowKind
from ingest.tables.results import ReadingFinding
from ingest.tables.row_classification import Draft
from ingest.text.cells import Cell, HiddenText, ScaledText, cell_text, column_name, is_blank
from ingest.workbooks.grids import Sheet

_IDENTITIES = frozenset({"string", "date", "year_or_date"})
_NUMBERS = frozenset({"integer", "number"})
_THOUSANDS = re.compile(r"\d{1,3}(?:[. ]\d{3})+")
_MOST_LISTED = 10
_DECIMAL = re.compile(r"\d+(?:,\d+)?")


def rows_as_shown(
    sheet: Sheet, match: FormMatch | None, first: int, end: int, money_scale: int
) -> tuple[list[list[Cell]], list[ReadingFinding]]:
    """Give a sheet's rows with those of a table brought to what is shown, and what is to be told of that.

    The sheet itself stays as it is.

    Args:
        sheet: with what is merged, covered and shown divided.
        match: which column holds which field; without it there is nothing to bring.
        first: the table's first row under its header, from 0.
        end: the row after its last.
        money_scale: what the table's money is multiplied by.
    """
    if match is None or not (sheet.merged or sheet.scales):
        return sheet.rows, []
    fields = {column.index: _field(match, name) for name, column in match.columns.items()}
    extra = {column.index for column in match.extra}
    rows, place = _Copied(sheet.rows), range(first, end)
    _fill_under_merged(rows, sheet, place, fields, extra)
    covered = _covered_values(rows, sheet, place, fields)
    divided = _show_divided(rows, sheet, place, fields, money_scale)
    return rows.rows, [*covered, *divided]


def _fill_under_merged(
    rows: "_Copied", sheet: Sheet, place: range, fields: Mapping[int, FormField], extra: Collection[int]
) -> None:
    """Give each row under a merged cell what holds for it."""
    for span in sheet.merged or ():
        column = span.first_column
        if column not in fields and column not in extra:
            continue
        if span.last_row == span.first_row or span.first_row not in place:
            continue
        value = _under_merged(rows[span.first_row][column], fields.get(column))
        for index in range(span.first_row + 1, min(span.last_row + 1, place.stop)):
            if value != "" and len(filled(rows[index])) > 1 and is_blank(rows[index][column]):
                rows.put(index, column, value)


def _covered_values(
    rows: "_Copied", sheet: Sheet, place: range, fields: Mapping[int, FormField]
) -> list[ReadingFinding]:
    """Tell of values that lie under merged cells and are not what is shown."""
    return [
        _told_of_covered(row, column, cell, fields[column])
        for (row, column), cell in sheet.covered.items()
        if column in fields and row in place and cell != rows[row][column] and not is_blank(cell)
    ]


def _show_divided(
    rows: "_Copied", sheet: Sheet, place: range, fields: Mapping[int, FormField], money_scale: int
) -> list[ReadingFinding]:
    """Bring numbers that are shown divided to what is meant; tells once a column."""
    divided: dict[int, list[int]] = defaultdict(list)
    for (row, column), factor in sheet.scales.items():
        form_field = fields.get(column)
        if form_field is not None and form_field.type in _NUMBERS and row in place:
            shown = _as_scaled(rows[row][column], factor, form_field, money_scale)
            if shown != rows[row][column] and not isinstance(shown, ScaledText):
                divided[column].append(row)
            rows.put(row, column, shown)
    return [
        _told_of_divided(column, min(divided[column]), fields[column], money_scale)
        for column in sorted(divided)
    ]


def _told_of_covered(row: int, column: int, cell: Cell, form_field: FormField) -> ReadingFinding:
    shown = "" if form_field.personal != "none" else f" (“{cell_text(cell)}”)"
    place = f"{column_name(column)}{row + 1}"
    return ReadingFinding(
        "value_under_merged_cell",
        row + 1,
        form_field.name,
        f"Ô {place} nằm khuất dưới một ô gộp nhưng vẫn có giá trị{shown}; giá trị này không được tính.",
    )


def _told_of_divided(column: int, row: int, form_field: FormField, money_scale: int) -> ReadingFinding:
    divided_by = f"{money_scale:,}".replace(",", ".")
    return ReadingFinding(
        "number_shown_divided",
        row + 1,
        form_field.name,
        f"Cột {column_name(column)} được định dạng để hiện số đã chia cho {divided_by}; số tiền được tính theo số đang"
        " hiện và ĐVT của biểu.",
    )


def _field(match: FormMatch, name: str) -> FormField:
    return next(form_field for form_field in match.form.fields if form_field.name == name)


def _under_merged(value: Cell, form_field: FormField | None) -> Cell:
    """Give what holds for a row under a merged cell.

    An identity (a day, a kind, a village, a text in a column of no form) holds for every row. A figure counts once, in
    the first: it is not missing in the others, and none there.
    """
    if form_field is None:
        return "" if isinstance(value, (int, float)) else value
    if form_field.type in _IDENTITIES:
        return value
    return 0 if form_field.type in _NUMBERS and form_field.is_required and not is_blank(value) else ""


def _as_scaled(cell: Cell, factor: float, form_field: FormField, money_scale: int) -> Cell:
    """Give a number that is shown as another as what is meant.

    Đồng shown in millions under *ĐVT: triệu đồng* are those millions; under *đồng*, or no ĐVT, the number is as it is
    stored. Anything else (a percentage, noughts that only the format has) fits no reading, and its row waits.
    """
    if isinstance(cell, bool) or not isinstance(cell, (int, float)) or cell == 0:
        return cell
    if form_field.is_money and factor > 1 and math.isfinite(factor) and money_scale in (1, factor):
        return cell if money_scale == 1 else cell / factor
    return ScaledText(f"{cell_text(cell / factor)} (= {cell_text(cell)})")


def with_hidden_rows_told(
    rows: list[list[Cell]], sheet: Sheet, draft: Draft, match: FormMatch | None
) -> tuple[list[list[Cell]], tuple[ReadingFinding, ...]]:
    """Give the rows of a table with what is to be told of those that are hidden.

    They count, and are told. Where the control total sums what is shown and nothing else, they are marked instead, and
    wait.
    """
    hidden = [index for index in draft.body if index in sheet.hidden_rows] if sheet.hidden_rows else []
    if match is None or not hidden:
        return rows, ()
    if not _are_left_out(rows, draft, hidden, match):
        return rows, (ReadingFinding("hidden_rows", hidden[0] + 1, None, _told(hidden)),)
    marked = _Copied(rows)
    keeping_out = match.form.required_fields[0]
    for name, column in match.columns.items():
        form_field = _field(match, name)
        if form_field == keeping_out or form_field.type in _NUMBERS:
            for index in hidden:
                cell = rows[index][column.index]
                if not is_blank(cell):
                    marked.put(index, column.index, HiddenText(f"(ẩn) {cell_text(cell)}"))
    return marked.rows, ()


def _told(hidden: Sequence[int]) -> str:
    listed = ", ".join(str(index + 1) for index in hidden[:_MOST_LISTED])
    more = f" và {len(hidden) - _MOST_LISTED} dòng khác" if len(hidden) > _MOST_LISTED else ""
    return f"Dòng {listed}{more} đang bị ẩn (do lọc hoặc ẩn bằng tay) nhưng vẫn được tính."


def _are_left_out(
    rows: Sequence[Sequence[Cell]], draft: Draft, hidden: Iterable[int], match: FormMatch
) -> bool:
    totals = [total.index for total in draft.totals if total.kind is RowKind.TOTAL and not total.is_carried]
    if not totals:
        return False
    left_out = set(hidden)
    is_proved = False
    for name, column in match.columns.items():
        if _field(match, name).type not in _NUMBERS:
            continue
        total = _number(rows[totals[-1]][column.index])
        numbers = {index: _number(rows[index][column.index]) for index in draft.body}
        known = {index: number for index, number in numbers.items() if number is not None}
        if total is None or len(known) < len(numbers):
            continue
        of_all = sum(known.values())
        of_shown = sum(number for index, number in known.items() if index not in left_out)
        if abs(of_all - total) < 1e-6 and abs(of_shown - total) >= 1e-6:
            return False
        is_proved |= abs(of_shown - total) < 1e-6 <= abs(of_all - total)
    return is_proved


def _number(cell: Cell) -> float | None:
    """Give a cell as a number where there is but one reading; a blank is nought, None where there is doubt."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell)
    if is_blank(cell) or cell in ("-", "–"):
        return 0.0
    text = cell.strip() if isinstance(cell, str) else ""
    if _THOUSANDS.fullmatch(text):
        return float(text.replace(".", "").replace(" ", ""))
    return float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None


class _Copied:
    """Rows of which only those that are changed are copied."""

    def __init__(self, rows: list[list[Cell]]) -> None:
        self.rows = rows
        self._original = rows
        self._own: set[int] = set()

    def __getitem__(self, row: int) -> list[Cell]:
        return self.rows[row]

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Replace a cell."""
        if self.rows is self._original:
            self.rows = [*self._original]
        if row not in self._own:
            self.rows[row] = [*self.rows[row]]
            self._own.add(row)
        self.rows[row][column] = cell
