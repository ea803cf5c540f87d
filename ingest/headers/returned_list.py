"""How the list of findings is known again when a branch sends its corrected workbook back with the list still in it.

The list quotes units, half-years and wrong values; read as part of a return it would contradict the return. It is told
by the text of its first cell, which survives renaming, another format and another program.
"""

from collections.abc import Sequence

from ingest.text.folding import fold

LIST_NAME = "Phản hồi"
LIST_TITLE = "PHIẾU PHẢN HỒI BÁO CÁO"
SUBMISSION_LABEL = "Mã phản hồi"  # stands in column A; what it answers in column C of the same row
FORMER_SUBMISSION_LABEL = "Mã góp ý"
_FOLDED_TITLES = frozenset(
    map(fold, (LIST_TITLE, "PHIẾU GÓP Ý VỀ TỆP BÁO CÁO"))
)  # the second one is that of old lists


def is_list_of_findings(rows: Sequence[Sequence[object]]) -> bool:
    """Whether the rows of a sheet, cells from A1 on, are a list that this project wrote."""
    return bool(rows) and bool(rows[0]) and isinstance(rows[0][0], str) and fold(rows[0][0]) in _FOLDED_TITLES
