"""Half-years and units as branches write them in titles, file names and folders."""

import unicodedata

import pytest

from ingest.attribution.decision import Attribution, attribute
from ingest.attribution.evidence.sources import gather_evidence
from ingest.contracts.reference import load_reference
from ingest.contracts.verdicts import ReasonCode
from ingest.tables.results import TitleText


def decide(titles: list[str], path: str = "bao cao.xlsx") -> Attribution:
    reference = load_reference()
    block = [TitleText(f"A{number}", text) for number, text in enumerate(titles, start=1)]
    return attribute(gather_evidence(block, path, reference), reference)


@pytest.mark.parametrize(
    ("text", "period_code"),
    [
        ("6T đầu năm 2023", "2023H1"),
        ("06 tháng đầu năm 2023", "2023H1"),
        ("sáu tháng đầu năm 2023", "2023H1"),
        ("6 THÁNG CUỐI NĂM 2023", "2023H2"),
        ("6 tháng năm 2023", "2023H1"),
        ("6 tháng đầu năm 23", "2023H1"),
        ("6t/2023", "2023H1"),
        ("6TĐN 2023", "2023H1"),
        ("6TCN2022", "2022H2"),
        ("Kỳ I năm 2023", "2023H1"),
        ("Kỳ báo cáo: II/2023", "2023H2"),
        ("HK1/2023", "2023H1"),
        ("H2-2023", "2023H2"),
        ("2023-H1", "2023H1"),
        ("nửa đầu năm 2023", "2023H1"),
        ("nửa năm cuối 2023", "2023H2"),
        ("Quý I+II năm 2023", "2023H1"),
        ("Quý III và quý IV năm 2023", "2023H2"),
        ("từ 15/12/2022 đến 14/6/2023", "2023H1"),
        ("(Từ ngày 15 tháng 6 năm 2023 đến ngày 14 tháng 12 năm 2023)", "2023H2"),
        ("từ 01/01/2023 đến hết ngày 30/06/2023", "2023H1"),
        ("15/12/2022 - 14/6/2023", "2023H1"),
        ("Từ ngày 15/12/2022 – 14/6/2023", "2023H1"),
        ("(15/06/2023 → 14/12/2023)", "2023H2"),
        ("từ 15/12/22 đến 14/6/23", "2023H1"),
        ("từ ngày 16/12/2022 đến ngày 15/6/2023", "2023H1"),
        ("từ tháng 12/2022 đến tháng 6/2023", "2023H1"),
        ("Tháng 7-12/2023", "2023H2"),
        ("I/2023", "2023H1"),
        ("Kỳ 02/2023", "2023H2"),
        ("1H/2023", "2023H1"),
        ("Quý 1, 2 năm 2023", "2023H1"),
        ("6 tháng đầu 2023", "2023H1"),
        ("6 tháng đầu năm 2023 (tính đến 10/6/2023)", "2023H1"),
        ("Báo cáo 6 tháng đầu năm 2023 và phương hướng 6 tháng cuối năm 2023", "2023H1"),
        ("Kết quả 6 tháng đầu năm, nhiệm vụ 6 tháng cuối năm 2023", "2023H1"),
        (unicodedata.normalize("NFD", "6 tháng đầu\u00a0năm\n2023"), "2023H1"),
    ],
)
def test_a_half_year_is_understood_however_it_is_written(text: str, period_code: str):
    decided = decide(["HỘI LHPN XÃ EA BÔNG", text])
    assert (decided.period_code, decided.reason) == (period_code, None)


@pytest.mark.parametrize(
    "text",
    [
        "năm 2023",
        "Quý II năm 2023",
        "Tháng 6 năm 2023",
        "6 tháng đầu năm 2022-2023",
        "HK1 2022-2023",
        "Quý I/2023",
        "Phụ lục II 2023",
        "01/2023",
        "6 tháng đầu năm 2031",
        "trong 16 tháng đầu năm 2023",
        "từ 01/02/2023 đến 30/06/2023",
        "Số liệu tính đến ngày 10/6/2023",
    ],
)
def test_what_is_no_half_year_is_asked_for_and_not_guessed(text: str):
    reason = decide(["HỘI LHPN XÃ EA BÔNG", text]).reason
    assert reason is not None
    assert reason.code == ReasonCode.PERIOD_UNKNOWN


@pytest.mark.parametrize(
    ("path", "unit_key", "period_code"),
    [
        ("bc6thangdaunam2023_eabong.xlsx", "U24565", "2023H1"),
        ("EaBong6ThangDauNam2023.xlsx", "U24565", "2023H1"),
        ("xaeabong-h1-2023.xlsx", "U24565", "2023H1"),
        ("2023H1/hoilhpnxaeana.xlsx", "U24559", "2023H1"),
        ("Ea_Bông_2023H1_20230610.xlsx", "U24565", "2023H1"),
        ("Ea Bông 2023.06.10 2022H2.xlsx", "U24565", "2022H2"),
        ("QuảngĐiền_6TCuốiNăm2022.xlsx", "U24577", "2022H2"),
        ("2023/Kỳ I/Êa Bông.xlsx", "U24565", "2023H1"),
        ("2023/6 tháng đầu năm/DRAY SÁP.xlsx", "U24556", "2023H1"),
        (
            unicodedata.normalize("NFD", "6 tháng đầu năm 2023/TT. Buôn Trấp/Biểu 04.xlsx"),
            "U24538",
            "2023H1",
        ),
        ("Hội PN Công an huyện KRÔNG ANA/6T2023.xlsx", "U655_CA", "2023H1"),
        ("Krông Ana/2023H1/Ea Bong.xlsx", "U24565", "2023H1"),
        ("Krông Ana/2025H2/bao cao.xlsx", "U24538_2025", "2025H2"),
        ("24565_2023H1.xlsx", "U24565", "2023H1"),
        ("Bieu 04 - 24565 - 6T 2023.xls", "U24565", "2023H1"),
        ("2023H1/24565/bao cao.xlsx", "U24565", "2023H1"),
        ("24538_2023H1.xlsx", "U24538", "2023H1"),
        ("24538_2025H2.xlsx", "U24538_2025", "2025H2"),
        ("24559_2025H1.xlsx", "U24559", "2025H1"),
        ("24568_2025H2.xlsx", "U24568_2025", "2025H2"),
    ],
)
def test_file_names_and_folders_say_it_with_or_without_blanks(path: str, unit_key: str, period_code: str):
    decided = decide([], path)
    assert (decided.unit_key, decided.period_code, decided.reason) == (unit_key, period_code, None)


@pytest.mark.parametrize("upper", ["HỘI LHPN HUYỆN KRÔNG ANA", "HỘI LHPN H. KRÔNG ANA", "HỘI LHPN KRÔNG ANA"])
def test_the_district_above_a_commune_is_not_the_commune_that_took_its_name(upper: str):
    assert decide([upper, "HỘI LHPN XÃ EA BÔNG", "6 tháng đầu năm 2023"]).unit_key == "U24565"
    alone = decide([upper, "6 tháng đầu năm 2023"]).reason
    assert alone is not None
    assert alone.code == ReasonCode.UNIT_UNKNOWN


def test_a_title_block_in_one_cell_names_both_levels():
    block = "HỘI LHPN HUYỆN KRÔNG ANA BCH HỘI LHPN XÃ EA BÔNG"
    assert decide([block, "6 tháng đầu năm 2023"]).unit_key == "U24565"


@pytest.mark.parametrize(
    ("stamp", "path", "unit_key"),
    [
        ("HỘI LHPN XÃ EA NA (Ea Bông cũ)", "bao cao.xlsx", "U24565"),
        ("HỘI LHPN XÃ DUR KMĂL - xã Băng Adrênh cũ", "bao cao.xlsx", "U24568"),
        ("HỘI LHPN XÃ EA NA", "24565_2025H1.xlsx", "U24565"),
        ("HỘI LHPN XÃ KRÔNG ANA", "24577.xlsx", "U24577"),
        ("HỘI LHPN XÃ KRÔNG ANA", "24538.xlsx", "U24538"),
        ("HỘI LHPN XÃ EA NA", "Xã Ea Na (Dray Sáp cũ).xlsx", "U24556"),
    ],
)
def test_a_return_signed_after_the_merger_is_that_of_the_part_it_names(stamp: str, path: str, unit_key: str):
    assert decide([stamp, "6 tháng đầu năm 2025"], path).unit_key == unit_key
