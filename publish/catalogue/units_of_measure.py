"""What a column is measured in, by the rules of naming: at the end of its name (``amount_vnd``), or in the rows' column ``uom``."""

from collections.abc import Collection

UOM = "uom"
# what the last syllable of a name says, in the words of reports
_UNITS = {"vnd": "đồng", "kg": "kg", "km": "km", "days": "ngày"}
# columns of a table with ``uom`` that are measured in it; all else there counts rows, units or half-years, or is a ratio
_MEASURED_BY_ROW = frozenset(
    {
        "additive_target",
        "additive_value",
        "additive_year_value",
        "baseline",
        "carried_value",
        "change",
        "cumulative",
        "cumulative_target",
        "like_for_like_change",
        "like_for_like_last_year",
        "same_halves_last_year",
        "same_period_last_year",
        "target",
        "value",
        "year_target",
        "year_to_date",
    }
)


def unit_of_measure(column: str, columns: Collection[str]) -> str | None:
    """Give the unit of measure of a column, in Vietnamese; ``uom`` where each row says its own, None where it has none.

    Args:
        column: its name.
        columns: the names of all columns of its table.
    """
    if column.startswith("days_"):
        return _UNITS["days"]
    if UOM in columns and column in _MEASURED_BY_ROW:
        return UOM
    return _UNITS.get(column.rpartition("_")[2]) if "_" in column else None
