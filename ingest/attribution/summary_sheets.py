"""Cover pages and sheets of summary figures: they repeat what the forms tell, and are structure.

Such a sheet stands first in its file or says what it is, heads no form, names none, and has no day in any row, without
which no row of a half-year's form can be; and its file holds forms that count. Anything else is refused as before.
"""

import json
import re
from collections.abc import Iterable, Sequence

from ingest.contracts.verdicts import Reason, ReasonCode
from ingest.headers.matcher import HeaderMatcher
from ingest.headers.sendings import is_summary
from ingest.tables.results import SheetReading, TitleText, UnplacedRow, left_out
from ingest.text.folding import fold

_DAY = re.compile(
    r"(?<!\d)\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?!\d)|(?<!\d)\d{4}-\d{2}-\d{2}|ngày\s*\d{1,2}\s*tháng",
    re.IGNORECASE,
)
_FORM_NUMBER = re.compile(r"^(?:bieu|bm)(?:mau|so)*\d")
_LEAST_CELLS = 3


def without_summaries(sheets: Sequence[SheetReading], matcher: HeaderMatcher) -> list[SheetReading]:
    """Make structure of the cover pages and summaries of a file that holds forms; what they say of unit and period stays.

    Args:
        sheets: all sheets of a file, in their order.
        matcher: knows the names of the forms.
    """
    if not any(table.counts for sheet in sheets for table in sheet.tables):
        return list(sheets)
    return [_structure_if_summary(sheet, matcher) for sheet in sheets]


def _structure_if_summary(sheet: SheetReading, matcher: HeaderMatcher) -> SheetReading:
    rows = [*sheet.unplaced, *(row for table in sheet.tables for row in table.unplaced)]
    wide = {row.row_number for row in rows if len(_texts(row)) >= _LEAST_CELLS}
    headings = tuple(title for title in sheet.titles if _row_of(title) not in wide)
    said = (sheet.name, *(title.text for title in headings))
    if (
        sheet.reason is None
        or sheet.is_left_out
        or not (sheet.number == 1 or any(map(is_summary, said)))
        or any(matcher.names_form(text) or _FORM_NUMBER.match(fold(text)) for text in said)
        or any(table.form is not None and table.form.attributed_by != "row" for table in sheet.tables)
        or _tell_days(row for row in rows if row.row_number in wide)
    ):
        return sheet
    return left_out(sheet, Reason.of(ReasonCode.SUMMARY_SHEET, sheet=sheet.name), headings)


def _tell_days(rows: Iterable[UnplacedRow]) -> bool:
    return any(_DAY.search(text) for row in rows for text in _texts(row))


def _texts(row: UnplacedRow) -> list[str]:
    return list(json.loads(row.cells).values())


def _row_of(title: TitleText) -> int:
    return int(title.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
