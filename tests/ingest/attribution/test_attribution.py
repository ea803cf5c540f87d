"""Unit and period: title block, file name and folder, in that order, and contradictions refused."""

import pytest

from ingest.attribution.decision import Attribution, attribute
from ingest.attribution.evidence.sources import gather_evidence
from ingest.contracts.reference import load_reference
from ingest.contracts.verdicts import ReasonCode
from ingest.tables.results import TitleText


def decide(titles: list[str], path: str) -> Attribution:
    reference = load_reference()
    block = [TitleText(f"A{number}", text) for number, text in enumerate(titles, start=1)]
    return attribute(gather_evidence(block, path, reference), reference)


DISTRICT = "HỘI LHPN HUYỆN KRÔNG ANA"


@pytest.mark.parametrize(
    ("titles", "path", "unit_key", "period_code"),
    [
        (
            [DISTRICT, "BCH HỘI LHPN XÃ EA BÔNG", "Kỳ báo cáo: 6 tháng đầu năm 2023"],
            "x.xlsx",
            "U24565",
            "2023H1",
        ),
        ([DISTRICT, "HỘI LHPN XÃ EABÔNG", "(Số liệu 6 tháng cuối năm 2019)"], "x.xls", "U24565", "2019H2"),
        ([DISTRICT, "HỘI PHỤ NỮ CÔNG AN HUYỆN", "Sáu tháng đầu năm 2020"], "a/b.xlsx", "U655_CA", "2020H1"),
        (
            [DISTRICT, "HỘI PHỤ NỮ CÔNG AN HUYỆN KRÔNG ANA", "6 tháng đầu năm 2020"],
            "a.xlsx",
            "U655_CA",
            "2020H1",
        ),
        ([], "2022H2/TT. Buôn Trấp.xlsx", "U24538", "2022H2"),
        ([], "BC6T2023_QuangDien.xlsx", "U24577", "2023H1"),
        ([DISTRICT, "Kế hoạch năm 2021", "6 tháng đầu năm 2022"], "Dray Sap.xlsx", "U24556", "2022H1"),
        (["HỘI LHPN XÃ BÌNH HOÀ", "6 tháng cuối năm", "Năm 2018"], "x.ods", "U24574", "2018H2"),
    ],
)
def test_unit_and_period_are_found(titles: list[str], path: str, unit_key: str, period_code: str):
    decided = decide(titles, path)
    assert (decided.unit_key, decided.period_code, decided.reason) == (unit_key, period_code, None)


@pytest.mark.parametrize(
    ("path", "unit_key"),
    [
        ("2025H1/Dray Sáp.xlsx", "U24556"),
        ("2025H1/Ea Na.xlsx", "U24559"),
        ("2025H1/bao cao.xlsx", "U24559"),
        ("2025H1/Xã Ea Na (Ea Bông cũ).xlsx", "U24565"),
    ],
)
def test_a_return_signed_by_the_merged_commune_lands_on_the_old_unit(path: str, unit_key: str):
    assert decide(["HỘI LHPN XÃ EA NA", "6 tháng đầu năm 2025"], path).unit_key == unit_key


def test_a_merged_commune_alone_does_not_say_which_old_unit_is_meant():
    decided = decide(["HỘI LHPN XÃ KRÔNG ANA", "6 tháng đầu năm 2025"], "bao cao.xlsx")
    assert decided.reason is not None
    assert decided.reason.code == ReasonCode.UNIT_AMBIGUOUS
    assert "Quảng Điền" in decided.reason.sentence


def test_new_codes_are_used_from_the_first_period_after_the_merger():
    assert decide(["HỘI LHPN XÃ EA NA", "6 tháng cuối năm 2025"], "x.xlsx").unit_key == "U24559_2025"


@pytest.mark.parametrize(
    ("titles", "path", "code"),
    [
        (["HỘI LHPN XÃ EA NA", "6 tháng đầu năm 2023"], "Dray Sap.xlsx", ReasonCode.UNIT_CONTRADICTED),
        (["HỘI LHPN XÃ EA NA", "6 tháng đầu năm 2023"], "2022H2/Ea Na.xlsx", ReasonCode.PERIOD_CONTRADICTED),
        (
            ["HỘI LHPN XÃ EA NA", "6 tháng đầu năm 2023"],
            "Ea Na 6T cuoi nam.xlsx",
            ReasonCode.PERIOD_CONTRADICTED,
        ),
        (["HỘI LHPN XÃ EA NA"], "Ea Na.xlsx", ReasonCode.PERIOD_UNKNOWN),
        ([DISTRICT, "6 tháng đầu năm 2023"], "bao cao.xlsx", ReasonCode.UNIT_UNKNOWN),
        (["HỘI PHỤ NỮ CÔNG AN HUYỆN", "6 tháng cuối năm 2025"], "x.xlsx", ReasonCode.UNIT_NOT_IN_PERIOD),
    ],
)
def test_what_cannot_be_decided_is_refused_with_its_own_reason(
    titles: list[str], path: str, code: ReasonCode
):
    decided = decide(titles, path)
    assert decided.reason is not None
    assert decided.reason.code == code


def test_a_contradiction_names_both_places():
    reason = decide(["HỘI LHPN XÃ EA NA", "6 tháng đầu năm 2023"], "Dray Sap.xlsx").reason
    assert reason is not None
    assert "phần đầu biểu (ô A1)" in reason.sentence
    assert "Dray Sap.xlsx" in reason.sentence
