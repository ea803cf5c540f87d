"""Figures as sentences: grammatical for 0, one and many, growth and decline, with and without a target, known or not."""

from dataclasses import replace
from decimal import Decimal

import pytest

from publish.names import amid_sentence
from publish.reports.figures.lines import HalfYearFigure, Programme, ProgrammeFigure
from publish.reports.sentences.half_year import HalfYearSentences, programme_paragraph
from publish.reports.sentences.programmes import ProgrammeSentences
from publish.reports.sentences.words import load_words
from publish.reports.settings import ReportSettings

SETTINGS = ReportSettings()


def figure(code: str = "new_members", value: int | str | None = 382, **others: object) -> HalfYearFigure:
    known = HalfYearFigure(
        indicator_code=code,
        label_vi="Hội viên mới phát triển",
        uom="người",
        value=None if value is None else Decimal(value),
        target=None,
        attainment=None,
        year_to_date=None,
        year_target=None,
        year_attainment=None,
        same_period_last_year=None,
        change=None,
        like_for_like_change=None,
        like_for_like_unit_count=9,
        last_year_reporting_unit_count=9,
        carried_value=None,
        reporting_unit_count=9,
        expected_unit_count=9,
        waiting_rows=0,
        missing_half_years=0,
    )
    return replace(known, **others)  # type: ignore[arg-type]


def told(*figures: HalfYearFigure, settings: ReportSettings = SETTINGS, is_second_half: bool = False) -> str:
    return HalfYearSentences(figures, settings, is_second_half=is_second_half).sentence(
        figures[0].indicator_code
    )


def with_target(value: int, target: int) -> HalfYearFigure:
    return figure(value=value, target=Decimal(target), attainment=value / target)


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        (figure(), "Phát triển mới 382 hội viên."),
        (figure(value=1), "Phát triển mới 1 hội viên."),
        (figure(value=0), "Không phát triển được hội viên mới."),
        (
            figure(value=None, reporting_unit_count=0),
            "Chưa có số liệu về hội viên mới phát triển: chưa đơn vị nào báo cáo nội dung này.",
        ),
        (
            figure(value=None, waiting_rows=3),
            "Chưa có số liệu về hội viên mới phát triển: 3 dòng báo cáo còn chờ sửa.",
        ),
        (
            with_target(382, 189),
            "Phát triển mới 382 hội viên, đạt 202,11 % so với chỉ tiêu giao (189 hội viên).",
        ),
        (
            with_target(100, 189),
            "Phát triển mới 100 hội viên, mới đạt 52,91 % so với chỉ tiêu giao (189 hội viên).",
        ),
        (
            with_target(0, 189),
            "Không phát triển được hội viên mới, chưa thực hiện được chỉ tiêu giao (189 hội viên).",
        ),
        (with_target(189, 189), "Phát triển mới 189 hội viên, đạt đúng chỉ tiêu giao (189 hội viên)."),
        (
            figure(same_period_last_year=Decimal(338)),
            "Phát triển mới 382 hội viên, tăng 44 hội viên (13,01 %) so với cùng kỳ năm trước.",
        ),
        (
            figure(same_period_last_year=Decimal(400)),
            "Phát triển mới 382 hội viên, giảm 18 hội viên (4,50 %) so với cùng kỳ năm trước.",
        ),
        (
            figure(same_period_last_year=Decimal(382)),
            "Phát triển mới 382 hội viên, bằng cùng kỳ năm trước.",
        ),
        (
            figure(same_period_last_year=Decimal(0)),
            "Phát triển mới 382 hội viên, cùng kỳ năm trước không có.",
        ),
        (
            figure(value=0, same_period_last_year=Decimal(0)),
            "Không phát triển được hội viên mới, như cùng kỳ năm trước.",
        ),
        (
            figure(value=0, same_period_last_year=Decimal(5)),
            "Không phát triển được hội viên mới, giảm 5 hội viên (100,00 %) so với cùng kỳ năm trước.",
        ),
        (
            figure(reporting_unit_count=8, waiting_rows=2),
            "Phát triển mới 382 hội viên (8/9 đơn vị có số liệu; còn 2 dòng chờ sửa).",
        ),
    ],
)
def test_a_sentence_stays_grammatical_whatever_the_figure_is(known: HalfYearFigure, sentence: str) -> None:
    assert told(known) == sentence


def test_where_other_units_reported_last_year_the_change_over_the_same_ones_stands_beside() -> None:
    known = figure(
        same_period_last_year=Decimal(190),
        value=359,
        like_for_like_change=Decimal(147),
        like_for_like_unit_count=8,
        last_year_reporting_unit_count=8,
    )
    assert told(known) == (
        "Phát triển mới 359 hội viên, tăng 169 hội viên (88,94 %) so với cùng kỳ năm trước"
        " (tính trên 8 đơn vị có số liệu cả hai kỳ thì tăng 147 hội viên)."
    )


def test_a_second_half_tells_the_year() -> None:
    known = figure(
        value=200,
        year_to_date=Decimal(582),
        year_target=Decimal(385),
        year_attainment=582 / 385,
        missing_half_years=1,
    )
    assert told(known, is_second_half=True) == (
        "Phát triển mới 200 hội viên, tính từ đầu năm là 582 hội viên (lũy kế còn thiếu số liệu của 1 kỳ),"
        " đạt 151,16 % so với chỉ tiêu giao cả năm (385 hội viên)."
    )


def test_a_stock_says_what_of_it_is_carried_over_and_what_it_lacks() -> None:
    members = figure("members_closing", 13360, carried_value=Decimal(1064), reporting_unit_count=8)
    assert told(members) == (
        "Có 13.360 hội viên vào cuối kỳ (8/9 đơn vị có số liệu;"
        " trong đó 1.064 hội viên là số kỳ trước của đơn vị chưa gửi báo cáo)."
    )
    later = figure("members_closing", 13569, missing_half_years=1)
    assert told(later) == (
        "Có 13.569 hội viên vào cuối kỳ (chưa gồm biến động của 1 kỳ mà đơn vị chưa gửi báo cáo)."
    )


def test_money_and_percentages_follow_the_settings() -> None:
    support = figure("support_in_difficulty_vnd", 98_450_000, uom="đồng")
    assert told(support) == "Trong đó hỗ trợ hội viên có hoàn cảnh khó khăn hơn 98 triệu đồng."
    exact = ReportSettings(is_money_rounded=False, is_truncated=False)
    assert told(support, settings=exact) == "Trong đó hỗ trợ hội viên có hoàn cảnh khó khăn 98,45 triệu đồng."
    assert "202,12 %" in told(with_target(382, 189), settings=exact)


def test_figures_that_belong_together_are_told_together() -> None:
    clubs = figure("new_clubs", 8, uom="mô hình")
    members = figure("new_club_members", 149)
    assert told(clubs, members) == "Thành lập mới 8 mô hình, câu lạc bộ với 149 thành viên."


def test_a_total_of_none_hides_nothing_that_belongs_to_it() -> None:
    classes = figure("workshops", 0, uom="lớp")
    people = figure("workshop_participations", 50, label_vi="Lượt người dự tập huấn, bồi dưỡng", uom="lượt")
    assert told(classes) == "Không tổ chức lớp tập huấn, bồi dưỡng."
    assert told(classes, people) == "Tổ chức 0 lớp tập huấn, bồi dưỡng với 50 lượt người dự."
    assert told(figure("workshops", None, uom="lớp", waiting_rows=2), people) == (
        "Chưa có số liệu về lớp tập huấn, bồi dưỡng: 2 dòng báo cáo còn chờ sửa;"
        " lượt người dự tập huấn, bồi dưỡng: 50 lượt."
    )
    assert told(figure("workshops", None, uom="lớp"), replace(people, value=Decimal(0))) == (
        "Chưa có số liệu về lớp tập huấn, bồi dưỡng: chưa đơn vị nào báo cáo nội dung này."
    )


def test_no_bracket_follows_another() -> None:
    known = figure(
        value=189,
        target=Decimal(189),
        attainment=1.0,
        reporting_unit_count=8,
        waiting_rows=2,
    )
    assert told(known) == (
        "Phát triển mới 189 hội viên, đạt đúng chỉ tiêu giao (189 hội viên; 8/9 đơn vị có số liệu; còn 2 dòng chờ sửa)."
    )
    of_others = replace(
        known,
        same_period_last_year=Decimal(100),
        like_for_like_change=Decimal(80),
        like_for_like_unit_count=7,
    )
    assert told(of_others).endswith(
        " (tính trên 7 đơn vị có số liệu cả hai kỳ thì tăng 80 hội viên; 8/9 đơn vị có số liệu; còn 2 dòng chờ sửa)."
    )


def test_an_amount_below_nothing_is_told_by_its_size() -> None:
    assert SETTINGS.money(Decimal(-1_500_000)) == "âm hơn 1 triệu đồng"
    assert SETTINGS.money(Decimal(-2_000_000)) == "âm 2 triệu đồng"
    assert SETTINGS.money(Decimal(1_500_000)) == "hơn 1 triệu đồng"
    assert ReportSettings(is_money_rounded=False).money(Decimal(-1_500_000)) == "âm 1,5 triệu đồng"


@pytest.mark.parametrize("is_truncated", [True, False])
def test_what_is_below_the_whole_is_never_rounded_up_to_it(is_truncated: bool) -> None:
    settings = ReportSettings(is_truncated=is_truncated)
    assert settings.percentage(0.99996) == "99,99 %"
    assert settings.percentage(Decimal("0.99999999")) == "99,99 %"
    assert settings.percentage(1.0) == "100,00 %"
    assert settings.percentage(1.00001) == "100,00 %"


def test_an_indicator_that_nobody_listed_is_told_by_its_label_and_not_lost() -> None:
    known = figure("scholarships", 7, label_vi="Suất học bổng trao tặng", uom="suất")
    sentences = HalfYearSentences([known], SETTINGS, is_second_half=False)
    assert sentences.unlisted() == ["Suất học bổng trao tặng: 7 suất."]


def test_every_listed_indicator_has_words_of_its_own() -> None:
    words = load_words()
    listed = {code for section in words.sections.values() for code in section.indicators}
    companions = {code for told_by in words.indicators.values() for code in told_by.companions}
    assert listed <= set(words.indicators)
    assert not listed & companions


def test_a_programme_is_one_paragraph_of_what_was_done() -> None:
    programme = Programme(
        "project_939",
        "Đề án 939 (hỗ trợ phụ nữ khởi nghiệp)",
        (figure("vocational_classes", 4, uom="lớp"), figure("vocational_trainees", 118)),
    )
    assert programme_paragraph(programme, SETTINGS) == (
        "Đề án 939 (hỗ trợ phụ nữ khởi nghiệp): mở 4 lớp dạy nghề cho 118 học viên."
    )


def collected(**others: object) -> ProgrammeFigure:
    known = ProgrammeFigure(
        indicator_code="plastic_kg",
        label_vi="Rác thải nhựa, phế liệu thu gom",
        uom="kg",
        first=Decimal(12228),
        last=Decimal(15456),
        cumulative=Decimal(112984),
        cumulative_target=Decimal(115000),
        cumulative_attainment=112984 / 115000,
        is_stock=False,
        leader="Xã Ea Na",
        leader_value=Decimal(17394),
        reporting_unit_count=9,
        expected_unit_count=9,
        waiting_rows=1,
        missing_half_years=1,
    )
    return replace(known, **others)  # type: ignore[arg-type]


def of_programme(known: ProgrammeFigure) -> str:
    sentences = ProgrammeSentences([known], SETTINGS, "6 tháng cuối năm 2018", "6 tháng đầu năm 2023")
    return sentences.sentence(known.indicator_code)


def test_a_programme_tells_its_whole_course() -> None:
    assert of_programme(collected()) == (
        "Thu gom 112.984 kg rác thải nhựa, phế liệu, mới đạt 98,24 % so với tổng chỉ tiêu giao (115.000 kg);"
        " riêng 6 tháng cuối năm 2018 là 12.228 kg, 6 tháng đầu năm 2023 là 15.456 kg;"
        " nhiều nhất là xã Ea Na (17.394 kg); 1 kỳ chưa đủ số liệu; còn 1 dòng chờ sửa."
    )
    begun_with_none = collected(first=Decimal(0), cumulative_target=None, leader=None, waiting_rows=0)
    assert of_programme(begun_with_none) == (
        "Thu gom 112.984 kg rác thải nhựa, phế liệu; riêng 6 tháng cuối năm 2018 không có,"
        " 6 tháng đầu năm 2023 là 15.456 kg; 1 kỳ chưa đủ số liệu."
    )
    assert of_programme(collected(cumulative=None)) == ("Chưa có số liệu về rác thải nhựa, phế liệu thu gom.")


def test_a_programme_hides_nothing_behind_a_total_of_none() -> None:
    people = collected(
        indicator_code="cleanup_participations",
        label_vi="Lượt người tham gia ra quân",
        uom="lượt",
        cumulative=Decimal(50),
    )
    for total, sentence in (
        (Decimal(0), "Tổ chức 0 đợt ra quân với 50 lượt người tham gia"),
        (None, "Chưa có số liệu về đợt ra quân; lượt người tham gia ra quân: 50 lượt."),
    ):
        cleanups = collected(indicator_code="cleanups", uom="đợt", cumulative=total, cumulative_target=None)
        sentences = ProgrammeSentences(
            [cleanups, people], SETTINGS, "6 tháng cuối năm 2018", "6 tháng đầu năm 2023"
        )
        assert sentences.sentence("cleanups").startswith(sentence)


def test_a_stock_of_a_programme_is_told_at_its_end() -> None:
    clubs = collected(
        indicator_code="clubs_operating",
        uom="mô hình",
        is_stock=True,
        first=Decimal(1),
        last=Decimal(14),
        cumulative=Decimal(14),
        cumulative_target=None,
        leader=None,
        waiting_rows=0,
        missing_half_years=0,
    )
    assert of_programme(clubs) == (
        "Đến 6 tháng đầu năm 2023, có 14 mô hình, câu lạc bộ đang hoạt động;"
        " tăng 13 mô hình, câu lạc bộ so với 6 tháng cuối năm 2018 (1 mô hình, câu lạc bộ)."
    )


def test_a_commune_is_written_small_amid_a_sentence_and_a_base_unit_is_not() -> None:
    assert amid_sentence("Thị trấn Buôn Trấp") == "thị trấn Buôn Trấp"
    assert amid_sentence("Hội Phụ nữ Công an huyện Krông Ana") == "Hội Phụ nữ Công an huyện Krông Ana"
