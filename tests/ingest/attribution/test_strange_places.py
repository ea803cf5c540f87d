"""Districts and communes that are none of ours: found wherever they are named, and nothing else taken for one."""

import pytest

from ingest.attribution.decision import attribute
from ingest.attribution.evidence.sources import gather_evidence
from ingest.attribution.evidence.strange_places import strange_places
from ingest.contracts.reference import load_reference
from ingest.contracts.verdicts import ReasonCode
from ingest.tables.results import TitleText


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("HỘI LHPN HUYỆN KRÔNG NĂNG", "HUYỆN KRÔNG NĂNG"),
        ("Hội LHPN huyện Cư M’gar", "huyện Cư M’gar"),
        ("HỘI LHPN THÀNH PHỐ BUÔN MA THUỘT", "THÀNH PHỐ BUÔN MA THUỘT"),
        ("Đơn vị: xã Bình Hòa, huyện Krông Năng", "huyện Krông Năng"),
        ("BCH HỘI LHPN XÃ EA TU", "XÃ EA TU"),
        ("Hội LHPN thị xã Buôn Hồ", "thị xã Buôn Hồ"),
        ("HỘI LHPN TỈNH GIA LAI", "TỈNH GIA LAI"),
        ("HUYỆN LẮK", "HUYỆN LẮK"),
        ("H. Krông Năng", "H Krông Năng"),
        ("BC_XaEaTu_6T2023", "Xa Ea Tu"),
        ("bieu 06 xa ea tu 2023", "xa ea tu"),
        ("PHƯỜNG TÂN LẬP", "PHƯỜNG TÂN LẬP"),
        ("KRÔNG NĂNG", "Krông Năng"),
        ("Hội LHPN huyện krông năng", "Krông Năng"),
        ("BTV HỘI LHPN KRÔNG NĂNG - NĂM 2023", "Krông Năng"),
        ("Hội Liên hiệp Phụ nữ Cư Kuin", "Cư Kuin"),
        ("HỘI LHPN TP BMT", "BMT"),
    ],
)
def test_a_place_that_is_none_of_ours_is_named(text: str, named: str):
    assert strange_places(text, load_reference()) == (named,)


@pytest.mark.parametrize(
    "text",
    [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "HỘI LHPN HUYỆN KRÔNG ANA",
        "HỘI LHPN KRÔNG ANA",
        "HỘI LHPN TỈNH ĐẮK LẮK",
        "BCH HỘI LHPN XÃ EA BÔNG",
        "Hội LHPN xã Dur K'Măl, huyện Krông A Na, tỉnh Đăk Lăk",
        "HỘI PHỤ NỮ CÔNG AN HUYỆN KRÔNG ANA",
        "HỘI PHỤ NỮ CÔNG AN HUYỆN",
        "TT. Buôn Trấp",
        "TT. B.Trấp",
        "Hội LHPN thị trấn Buôn Trấp",
        "Xã: Q. Điền",
        "CHỈ TIÊU TỈNH GIAO NĂM 2023",
        "Nguồn xã hội hóa",
        "Báo cáo của các xã, thị trấn",
        "gui hai xa",
        "bao cao hai xa phia nam",
        "Cac xa nop 6 thang",
        "BIỂU TỔNG HỢP CÁC XÃ GỬI HUYỆN",
        "XÃ NÔNG THÔN MỚI",
        "BC_XaEaBong_6T2023",
        "xã EaBông",
        "Huyện: ..........",
        "MÁI ẤM TÌNH THƯƠNG",
        "PHƯƠNG HƯỚNG 6 THÁNG CUỐI NĂM",
        "Don vi tinh: Trieu Dong",
        "phuong huong nam 2024",
        "Danh sách hội viên giao lưu với xã Hòa Phú",
        "Xã Ea Na (Ea Bông cũ)",
        "HỘI LHPN XÃ BĂNG A DRÊNH NĂM 2023",
    ],
)
def test_ours_and_what_names_no_place_are_let_pass(text: str):
    assert strange_places(text, load_reference()) == ()


@pytest.mark.parametrize(
    ("titles", "path"),
    [
        (["HỘI LHPN HUYỆN KRÔNG NĂNG", "BCH HỘI LHPN XÃ BÌNH HÒA"], "2024H1/bieu06.xlsx"),
        (["BCH HỘI LHPN XÃ BÌNH HÒA"], "2024H1/Krông Năng/bieu06.xlsx"),
        (["BCH HỘI LHPN XÃ BÌNH HÒA"], "2024H1/bieu06 BinhHoa - KrongNang.xlsx"),
        (["BCH HỘI LHPN XÃ EA TU"], "2024H1/Ea Bông/bieu06.xlsx"),
    ],
)
def test_what_is_not_ours_decides_whatever_else_is_said(titles: list[str], path: str):
    reference = load_reference()
    block = [TitleText(f"A{number}", text) for number, text in enumerate(titles, start=1)]
    decided = attribute(gather_evidence(block, path, reference), reference)
    assert decided.unit_key is None
    assert decided.reason is not None
    assert decided.reason.code == ReasonCode.UNIT_ELSEWHERE
    assert "thuộc huyện Krông Ana" in decided.reason.sentence


def test_the_ending_of_an_archive_is_no_name() -> None:
    evidence = gather_evidence((), "2020H1/gui xa.zip/Ea Bong.xlsx", load_reference())
    assert [place.elsewhere for place in evidence if place.elsewhere] == []
