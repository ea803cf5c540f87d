"""How a cell of a table is printed, in Word and on a page alike."""

from datetime import date
from decimal import Decimal
from typing import Any

from ingest.text.printing import NOT_KNOWN, day_vi, format_number
from publish.reports.settings import ReportSettings
from publish.reports.written_review import CellKind

# money is told in triệu đồng where many columns stand beside each other, and loses nothing by it
_DECIMALS = 6


def printed(cell: Any, kind: CellKind, settings: ReportSettings) -> str:
    """Print a cell; what is not known is a dash in a column of figures, and nothing in one of words."""
    if cell is None:
        return "" if kind is CellKind.TEXT else NOT_KNOWN
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return day_vi(cell)
    if kind is CellKind.PERCENTAGE:
        return settings.percentage(cell)
    number = format_number(Decimal(cell) if isinstance(cell, int) else cell, _DECIMALS)
    return f"+{number}" if kind is CellKind.CHANGE and cell > 0 else number
