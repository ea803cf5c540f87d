"""Place, date and the offices that sign, under a table."""

import re
from collections.abc import Sequence

from ingest.text.cells import Cell
from ingest.text.folding import words

_PLACE_AND_DATE = re.compile(
    r"\bngay (?:\d{1,2} )?thang (?:\d{1,2} )?nam(?: \d{2,4})?\b|^(?:\w+ ){1,5}ngay (?:\d{1,2} ){2}20\d\d$"
)
_PLACE_AND_SHORT_DATE = re.compile(r"^[^\W\d][^\d,]*,\s*\d{1,2}[./-]\d{1,2}[./-]\d{4}\.?$")
_SIGNATURE = re.compile(
    r"\b(?:nguoi lap|lap bieu|tm ban|tm bch|tm btv|t m ban|t m bch|t m btv|tm hoi|ban thuong vu|ban chap hanh"
    r"|kt chu tich|chu tich|pho chu tich|thu truong|ky ten|ky va|ky ghi|ky ho ten|ky dong dau|ghi ro ho ten|da ky"
    r"|dong dau|nguoi bao cao|nguoi tong hop|nguoi duyet|phe duyet|xac nhan|noi nhan|ke toan|thu quy|thu ky"
    r"|can bo (?:tong hop|lap|phu trach|theo doi)|kiem soat|truong ban|bi thu|uy vien|dai dien)\b"
)


def is_signature(row: Sequence[Cell], positions: Sequence[int]) -> bool:
    """Whether a row holds place and date, or the offices that sign."""
    signing = [index for index in positions if reads_signed(row[index])]
    return len(signing) == len(positions) > 0 or (len(positions) <= 3 and bool(signing))


def reads_signed(cell: Cell) -> bool:
    """Whether a cell reads like place and date, or like an office that signs."""
    if not isinstance(cell, str):
        return False
    text = " ".join(words(cell))
    return bool(
        _SIGNATURE.search(text) or _PLACE_AND_DATE.search(text) or _PLACE_AND_SHORT_DATE.match(cell.strip())
    )
