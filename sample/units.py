"""The nine base unions that report to the district, with the sizes and villages the sample gives them.

Codes and names are those of the administrative catalogue before July 2025; the villages of Ea Bông and Dur
Kmăl are real names, the other villages and every size are invented at the district's true scale.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """A reporting unit: `opening_members` counts members on 14 December 2017, `minority_share` is between 0
    and 1.

    `code` is None for the police base union; `official_name` is the catalogue's, `title_name` stands in the
    head of a sheet, `ascii_name` in file names, `seat` before the date above the signatures.
    """

    key: str
    code: str | None
    official_name: str
    title_name: str
    ascii_name: str
    seat: str
    opening_members: int
    minority_share: float
    villages: tuple[str, ...]

    @property
    def is_police(self) -> bool:
        """Whether this is the base union without territory."""
        return self.code is None


UNITS = (
    Unit(
        "U24538", "24538", "Thị trấn Buôn Trấp", "BCH HỘI LHPN THỊ TRẤN BUÔN TRẤP", "TT Buon Trap", "Buôn Trấp",
        1860, 0.22,
        (
            "Tổ dân phố 1", "Tổ dân phố 2", "Tổ dân phố 3", "Tổ dân phố 4", "Tổ dân phố 5", "Tổ dân phố 6",
            "Tổ dân phố 7", "Buôn Trấp", "Buôn Ê Căm", "Buôn Rung", "Thôn Quỳnh Tân 1", "Thôn Quỳnh Tân 2",
        ),
    ),
    Unit(
        "U24556", "24556", "Xã Dray Sáp", "BCH HỘI LHPN XÃ DRAY SÁP", "Dray Sap", "Dray Sáp", 1420, 0.38,
        ("Buôn Kuốp", "Buôn Ka La", "Buôn Tuôr A", "Buôn Tuôr B", "Thôn An Na", "Thôn Đồng Tâm", "Thôn Đoàn Kết"),
    ),
    Unit(
        "U24559", "24559", "Xã Ea Na", "BCH HỘI LHPN XÃ EA NA", "Ea Na", "Ea Na", 1760, 0.35,
        (
            "Buôn Drai", "Buôn Ea Na", "Buôn Cuăh", "Buôn Tơ Lơ", "Thôn Tân Lập", "Thôn Tân Tiến", "Thôn Tân Thắng",
            "Thôn Quỳnh Ngọc", "Thôn Quỳnh Ngọc 1",
        ),
    ),
    Unit(
        "U24565", "24565", "Xã Ea Bông", "BCH HỘI LHPN XÃ EA BÔNG", "Ea Bong", "Ea Bông", 1840, 0.52,
        (
            "Thôn Hòa Tây", "Buôn Ea Kruế", "Buôn Dhăm", "Thôn Nhắc", "Buôn Ca Krê", "Thôn 10-3", "Buôn Riăng",
            "Buôn Knul", "Buôn Hma", "Buôn Mblớt",
        ),
    ),
    Unit(
        "U24568", "24568", "Xã Băng Adrênh", "BCH HỘI LHPN XÃ BĂNG ADRÊNH", "Bang Adrenh", "Băng Adrênh", 960, 0.44,
        ("Buôn K62", "Buôn Cuê", "Thôn 1", "Thôn 2", "Thôn Ea Brinh", "Thôn Bình Trung"),
    ),
    Unit(
        "U24571", "24571", "Xã Dur Kmăl", "BCH HỘI LHPN XÃ DUR KMĂL", "Dur Kmal", "Dur Kmăl", 1230, 0.58,
        (
            "Thôn Sơn Thọ", "Thôn Buôn Dur II", "Thôn Buôn Triết", "Buôn Dur I", "Buôn Kmăn", "Buôn Krang",
            "Buôn Krông",
        ),
    ),
    Unit(
        "U24574", "24574", "Xã Bình Hòa", "BCH HỘI LHPN XÃ BÌNH HÒA", "Binh Hoa", "Bình Hòa", 1310, 0.12,
        ("Thôn 1", "Thôn 2", "Thôn 3", "Thôn 4", "Thôn 5", "Thôn 6", "Thôn Sơn Trà", "Buôn Ea Chai"),
    ),
    Unit(
        "U24577", "24577", "Xã Quảng Điền", "BCH HỘI LHPN XÃ QUẢNG ĐIỀN", "Quang Dien", "Quảng Điền", 1495, 0.06,
        ("Thôn 1", "Thôn 2", "Thôn 3", "Thôn 4", "Thôn 5", "Thôn Điện Bàn", "Thôn Thăng Bình"),
    ),
    Unit(
        "U655_CA", None, "Hội Phụ nữ Công an huyện Krông Ana", "HỘI PHỤ NỮ CÔNG AN HUYỆN", "PN Cong an huyen",
        "Krông Ana", 58, 0.2,
        ("Đội Tham mưu", "Đội Cảnh sát hình sự", "Đội Quản lý hành chính"),
    ),
)  # fmt: skip

DISTRICT_KEY = "U655"
DISTRICT_NAME = "Huyện Krông Ana"
COMMUNES = tuple(unit for unit in UNITS if not unit.is_police)


def unit_with_key(key: str) -> Unit:
    """The unit of a key such as `U24565`; raises KeyError when there is none."""
    for unit in UNITS:
        if unit.key == key:
            return unit
    raise KeyError(key)
