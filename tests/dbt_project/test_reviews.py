"""Reviews of a small district whose rows can be counted by hand in ``conftest.py``."""

from decimal import Decimal

import duckdb
import pytest

from tests.dbt_project.conftest import BuiltWarehouse


def figures(built: BuiltWarehouse, indicator: str, period: str = "2023H1") -> dict[object, object]:
    found = built.rows(
        "select unit_key, value from reviews.halfyear_review"
        f" where indicator_code = '{indicator}' and period_code = '{period}'"
    )
    assert found, f"no row of {indicator} in {period}"
    return dict(found)


def test_new_members_are_those_of_the_newest_accepted_returns(today: BuiltWarehouse) -> None:
    assert figures(today, "new_members") == {
        "U24565": 3,
        "U24538": 4,
        "U655_CA": 1,
        "U24556": None,
        "U24559": None,
        "U24568": None,
        "U24571": None,
        "U24574": None,
        "U24577": None,
        "U655": 8,
    }


def test_as_of_gives_back_what_was_known_on_the_day(early_with_one_programme_more: BuiltWarehouse) -> None:
    found = figures(early_with_one_programme_more, "new_members")
    assert (found["U24565"], found["U24538"], found["U655_CA"], found["U655"]) == (3, 2, 1, 6)


def test_attainment_is_an_exact_ratio_against_the_newest_targets(today: BuiltWarehouse) -> None:
    assert today.rows(
        "select value, target, attainment from reviews.halfyear_review"
        " where unit_key = 'U655' and period_code = '2023H1' and indicator_code in ('new_members', 'new_clubs')"
        " order by indicator_code"
    ) == [(2, 5, 0.4), (8, 10, 0.8)]


def test_a_year_target_stands_beside_the_year_so_far(today: BuiltWarehouse) -> None:
    assert today.rows(
        "select value, target, attainment, year_to_date, year_target, same_period_last_year, change"
        " from reviews.halfyear_review"
        " where unit_key = 'U655' and period_code = '2023H1' and indicator_code = 'plastic_kg'"
    ) == [(1500, 1000, 1.5, 1500, 3400, 200, 1300)]


def test_half_a_year_is_named_so_and_stands_beside_the_same_half(today: BuiltWarehouse) -> None:
    assert today.rows(
        "select year_label_vi, value, is_full_year, half_years_with_data, change, same_halves_last_year, year_target,"
        " year_attainment, attainment_so_far from reviews.yearly_review"
        " where unit_key = 'U655' and indicator_code = 'plastic_kg' and report_year = 2023"
    ) == [("6 tháng đầu năm 2023", 1500, False, 1, None, 200, 3400, None, pytest.approx(1500 / 3400))]


def test_what_may_be_added_over_units_is_the_district_of_the_year(today: BuiltWarehouse) -> None:
    assert today.rows(
        "select indicator_code, sum(additive_value), sum(case when is_area_total then value end)"
        " from reviews.yearly_review"
        " where indicator_code in ('new_members', 'members_closing') and report_year = 2023 group by all order by all"
    ) == [("members_closing", 3806, 3806), ("new_members", 8, 8)]


def test_the_same_years_stand_on_the_map_of_today(today: BuiltWarehouse) -> None:
    assert today.rows(
        "select indicator_code, sum(additive_value), sum(case when is_area_total then value end)"
        " from reviews.yearly_review_as_is"
        " where indicator_code in ('new_members', 'members_closing') and report_year = 2023 group by all order by all"
    ) == [("members_closing", 3806, 3806), ("new_members", 8, 8)]


@pytest.mark.parametrize(
    ("indicator", "district"),
    [
        ("new_clubs", 2),
        ("new_club_members", 35),
        ("clubs_operating", 3),
        ("club_members", 65),
        ("vocational_classes", 1),
        ("vocational_trainees", 30),
        ("new_rural_works", 1),
        ("support_in_difficulty_vnd", 98_500_000),
        ("loans_vnd", 1_200_000_000),
        ("support_beneficiaries", 10),
        ("plastic_kg", 1500),
        ("cleanups", 2),
        ("cleanup_participations", 52),
        ("awards_individual", 1),
        ("awards_collective", 0),
        ("protection_cases", 0),
        ("members_left", 1),
        ("members_moved_in", 0),
    ],
)
def test_indicators_of_the_district(today: BuiltWarehouse, indicator: str, district: int) -> None:
    assert figures(today, indicator)["U655"] == district


def test_null_is_not_reported_and_zero_is_reported_none(today: BuiltWarehouse) -> None:
    assert figures(today, "protection_cases")["U24565"] == 0
    assert figures(today, "protection_cases")["U24538"] is None
    assert figures(today, "awards_collective")["U24538"] is None  # the sheet was refused


def test_a_log_alone_reports_a_part_and_is_no_return(today: BuiltWarehouse) -> None:
    assert today.rows(
        "select unit_key, indicator_code, value, value_basis, is_partial, reporting_unit_count"
        " from reviews.halfyear_review where period_code = '2023H1' and unit_key in ('U24556', 'U24559', 'U24565')"
        " and indicator_code in ('cleanups', 'plastic_kg') order by all"
    ) == [
        ("U24556", "cleanups", 1, "log", True, 0),
        ("U24556", "plastic_kg", None, None, False, 0),  # her log tells of none, which is not 0
        ("U24559", "cleanups", None, None, False, 0),
        ("U24559", "plastic_kg", None, None, False, 0),
        ("U24565", "cleanups", 0, "return", False, 1),
        ("U24565", "plastic_kg", 1500, "return", False, 1),
    ]


def test_a_flow_belongs_to_the_half_year_of_its_date_and_the_stray_is_a_finding(
    today: BuiltWarehouse,
) -> None:
    assert figures(today, "new_members", "2022H2")["U24538"] == 1
    assert today.rows(
        "select unit_key, row_number, message_vi from reviews.findings where finding_kind = 'event_outside_period'"
    ) == [
        (
            "U24538",
            9,
            "Ngày 14/12/2022 nằm ngoài kỳ của báo cáo (6 tháng đầu năm 2023);"
            " số liệu được tính vào 6 tháng cuối năm 2022.",
        )
    ]


def test_membership_balance_is_carried_over_a_missing_return(today: BuiltWarehouse) -> None:
    assert today.rows(
        "select period_code, opening_members, joined_count, moved_out_count, died_count, closing_members"
        " from core.fct_membership_halfyear where unit_key = 'U24565' order by period_code"
    ) == [
        ("2022H1", 1800, 1, 1, 1, 1799),
        ("2022H2", 1799, None, None, None, 1799),
        ("2023H1", 1799, 3, 0, 1, 1801),
    ]


def test_members_are_unknown_where_there_is_no_opening_balance(today: BuiltWarehouse) -> None:
    found = figures(today, "members_closing")
    assert (found["U24565"], found["U24538"], found["U655_CA"], found["U655"]) == (1801, 2005, None, 3806)


def test_nothing_of_a_member_is_published_that_small_cells_could_be_counted_from(
    today: BuiltWarehouse,
) -> None:
    assert today.rows(
        "select column_name from duckdb_columns() where schema_name = 'core' and table_name = 'dim_member' order by all"
    ) == [
        ("change_count",),
        ("first_changed_on",),
        ("last_change_type",),
        ("last_changed_on",),
        ("member_key",),
        ("unit_count",),
        ("unit_key",),
    ]


def test_a_part_is_published_unless_it_or_what_is_left_is_small(today: BuiltWarehouse) -> None:
    assert today.rows(
        "select club_name, members, members_minority, is_members_minority_suppressed from core.fct_clubs order by all"
    ) == [
        ("CLB Dân vũ", 30, None, True),  # 27: three are not
        ("CLB Phụ nữ sống xanh", 20, None, True),  # 3
        ("Tổ tiết kiệm", 15, None, False),  # not reported
    ]
    assert today.rows(
        "select trainees_minority, is_trainees_minority_suppressed, trainees_poor, is_trainees_poor_suppressed"
        " from core.fct_trainings"
    ) == [(12, False, 30, False)]


def test_the_nearest_value_of_a_sensitive_field_stays_inside(today: BuiltWarehouse) -> None:
    inside = "select hint from staging.stg_quarantined_rows where field_name = 'religion'"
    assert today.rows(inside) == [("Phật giáo",)]
    assert "Phật giáo" not in str(today.rows("select * from reviews.quarantined_rows"))


def test_one_person_has_one_pseudonym_in_every_period(today: BuiltWarehouse) -> None:
    assert today.rows(
        "select count(*), min(length(member_key)) from core.dim_member where change_count = 2"
        " and last_change_type = 'joined'"
    ) == [(1, 64)]


def test_nobody_who_knows_a_number_can_compute_the_pseudonym(today: BuiltWarehouse) -> None:
    number = "066185000001"
    assert today.value(f"select count(*) from raw.member_changes where citizen_id = '{number}'") == 2
    guesses = ", ".join(f"sha256('{guess}')" for guess in (number, f"citizen_id|{number}"))
    assert today.value(f"select count(*) from core.dim_member where member_key in ({guesses})") == 0


def test_programme_review_accumulates_over_the_window(today: BuiltWarehouse) -> None:
    assert today.rows(
        "select period_code, value, cumulative, baseline, target, rank, is_part_year from reviews.programme_review"
        " where programme_code = 'plastic_waste' and unit_key = 'U24565' and indicator_code = 'plastic_kg'"
        " order by period_code"
    ) == [
        ("2022H1", 200, 200, 200, None, 1, False),
        ("2022H2", None, 200, 200, None, 1, False),
        ("2023H1", 1500, 1700, 200, None, 1, True),
    ]
    assert today.rows(
        "select count(distinct unit_key), count(distinct period_code) from reviews.programme_review"
        " where programme_code = 'plastic_waste'"
    ) == [(10, 3)]


def test_only_indicators_of_the_programme_stand_in_its_review(today: BuiltWarehouse) -> None:
    found = {
        code
        for (code,) in today.rows(
            "select distinct indicator_code from reviews.programme_review where programme_code = 'plastic_waste'"
        )
    }
    assert {"plastic_kg", "scrap_money_vnd", "new_clubs", "awards_individual"} <= found
    assert not {"new_rural_works", "new_members", "protection_cases"} & found


def test_any_window_can_be_asked_for(today: BuiltWarehouse) -> None:
    assert today.rows(
        "select period_code, cumulative, baseline"
        " from reviews.programme_review_over('plastic_waste', '2022H2', '2023H1')"
        " where unit_key = 'U655' and indicator_code = 'plastic_kg' order by period_code"
    ) == [("2022H2", None, None), ("2023H1", 1500, None)]


@pytest.mark.parametrize(
    ("window", "refusal"),
    [
        ("'plastic', '2022H2', '2023H1'", "mã “plastic”. Các mã đang có: .*plastic_waste"),
        ("null, '2022H2', '2023H1'", "mã “”"),
        ("'plastic_waste', '2022-2', '2023H1'", "đầu “2022-2”. Đề nghị ghi năm rồi H1"),
        ("'plastic_waste', '2022H2', '2023'", "cuối “2023”. Đề nghị ghi năm"),
        ("'plastic_waste', '1999H1', '2023H1'", "đầu “1999H1”.* từ 20..H. đến 20..H."),
        ("'plastic_waste', '2022H2', null", "cuối “”"),
        ("'plastic_waste', '2023H1', '2022H2'", "đầu 2023H1 ở sau kỳ báo cáo cuối 2022H2"),
    ],
)
@pytest.mark.parametrize("asked", ["select *", "select count(*)", "select 1"])
def test_a_programme_or_window_that_is_not_known_is_refused_in_a_sentence(
    today: BuiltWarehouse, asked: str, window: str, refusal: str
) -> None:
    with pytest.raises(duckdb.Error, match=refusal):
        today.rows(f"{asked} from reviews.programme_review_over({window}) where unit_key = 'U655'")


def test_the_review_over_any_window_says_what_it_is(today: BuiltWarehouse) -> None:
    ((said,),) = today.rows(
        "select comment from duckdb_functions() where function_name = 'programme_review_over'"
    )
    assert str(said).startswith("One row per ")


def test_a_programme_added_as_seed_rows_alone_gets_its_review(
    today: BuiltWarehouse, early_with_one_programme_more: BuiltWarehouse
) -> None:
    query = (
        "select period_code, unit_key, value, cumulative, rank from reviews.programme_review"
        " where programme_code = 'safe_streets' and indicator_code = 'propaganda_participations'"
        " and value > 0 order by unit_key"
    )
    assert today.rows(query) == []
    assert early_with_one_programme_more.rows(query) == [
        ("2023H1", "U24565", 25, 25, 1),
        ("2023H1", "U655", 25, 25, None),
    ]


def test_completeness_distinguishes_late_refused_and_missing(today: BuiltWarehouse) -> None:
    found = {
        (unit, form): (status, version)
        for unit, form, status, version in today.rows(
            "select unit_key, form_name, status, version from reviews.submission_completeness"
            " where period_code = '2023H1'"
        )
    }
    assert len(found) == 9 * 7
    assert found["U24565", "protection_cases"] == ("on_time", 1)
    assert found["U24538", "member_changes"] == ("on_time", 2)
    assert found["U24538", "awards"] == ("rejected", None)
    assert found["U24538", "trainings"] == ("missing", None)
    assert found["U24574", "clubs"] == ("rejected", None)
    assert found["U655_CA", "member_changes"] == ("late", 1)
    assert found["U24556", "movement_activities"] == ("missing", None)


def test_a_code_that_was_given_again_is_two_units(today: BuiltWarehouse) -> None:
    assert today.rows(
        "select unit_key, unit_name, valid_from::varchar, valid_to::varchar, current_unit_key from core.dim_unit"
        " where unit_code = '24538' order by valid_to nulls last"
    ) == [
        ("U24538", "Thị trấn Buôn Trấp", None, "2025-06-30", "U24538_2025"),
        ("U24538_2025", "Xã Krông Ana", "2025-07-01", None, "U24538_2025"),
    ]
    # 24571 is gone, 24568 was Băng Adrênh and is what both became; the police union ended and nothing took it over
    assert today.rows(
        "select unit_key, current_unit_key from core.dim_unit"
        " where unit_key in ('U24568', 'U24571', 'U655_CA', 'U655') order by unit_key"
    ) == [
        ("U24568", "U24568_2025"),
        ("U24571", "U24568_2025"),
        ("U655", None),
        ("U655_CA", "U655_CA"),
    ]


def test_restatements_show_what_the_paper_said_and_why_it_changed(today: BuiltWarehouse) -> None:
    assert today.rows(
        "select unit_key, figure_as_issued, figure_now, difference, cause from reviews.restatements order by unit_key"
    ) == [
        ("U24538", 2, 4, 2, "Có báo cáo gửi lại"),
        ("U655", 6, 8, 2, "Có báo cáo gửi lại"),
    ]


def test_return_and_log_are_reconciled(today: BuiltWarehouse) -> None:
    # 1 April agrees; then participants, trees, đồng and the number of rows (of the same sums) differ in turn
    assert today.rows(
        "select unit_key, held_on::varchar, return_row_count, return_quantity, log_quantity, is_agreed"
        " from reviews.reconciliation order by held_on"
    ) == [
        ("U24565", "2023-02-05", 1, 1500, 1400, False),
        ("U24565", "2023-04-01", 1, 5, 5, True),
        ("U24565", "2023-04-02", 1, 5, 5, False),
        ("U24565", "2023-04-03", 1, 5, 6, False),
        ("U24565", "2023-04-04", 1, 5, 5, False),
        ("U24565", "2023-04-05", 2, 5, 5, False),
    ]
    assert figures(today, "trees_planted")["U24565"] == 25


def test_of_an_event_reported_more_than_once_the_last_line_of_the_last_file_counts(
    today: BuiltWarehouse,
) -> None:
    assert figures(today, "trees_planted")["U24556"] == 420
    assert figures(today, "cleanup_participations")["U24538"] == 40


def test_every_bad_row_is_quarantined_with_its_reason_and_nothing_else(today: BuiltWarehouse) -> None:
    found = today.rows(
        "select coalesce(form_name, ''), row_number, coalesce(field_name, ''), reason_code, coalesce(hint, '')"
        " from reviews.quarantined_rows order by all"
    )
    assert found == [
        ("", 5, "", "missing_required_column", ""),
        ("", 6, "", "missing_required_column", ""),
        ("activity_log", 7, "activity_type", "unknown_choice", "ra quân"),
        ("activity_log", 7, "unit_code", "unknown_choice", found[3][4]),
        ("member_changes", 9, "changed_on", "invalid_date", ""),
        ("member_changes", 9, "religion", "unknown_choice", ""),  # sensitive: no hint
        ("member_changes", 10, "change_type", "unknown_choice", ""),
        ("movement_activities", 7, "programme", "unknown_choice", found[7][4]),
    ]
    assert today.value(
        "select cell || ': ' || reason_vi from reviews.quarantined_rows where reason_code = 'invalid_date'"
    ) == (
        "G9: Cột “Ngày”: Ngày không có thực hoặc ghi sai. Đề nghị ghi theo thứ tự ngày/tháng/năm, ví dụ 05/01/2023,"
        " và kiểm tra ngày đó có thật."
    )


def test_a_figure_says_how_many_rows_wait_for_it_and_is_empty_where_all_do(today: BuiltWarehouse) -> None:
    waiting = today.rows(
        "select unit_key, indicator_code, value, waiting_rows from reviews.halfyear_review"
        " where period_code = '2023H1' and unit_key in ('U24565', 'U655')"
        " and (waiting_rows > 0 or indicator_code = 'cleanups') order by all"
    )
    assert waiting == [
        ("U24565", "cleanups", 0, 0),  # the row that waits is no clean-up
        ("U24565", "members_closing", 1801, 2),
        ("U24565", "members_left", 1, 1),
        ("U24565", "members_moved_in", None, 1),
        ("U24565", "new_members", 3, 2),
        ("U24565", "propaganda_participations", None, 1),
        ("U24565", "propaganda_sessions", None, 1),
        ("U655", "cleanups", 2, 0),
        ("U655", "members_closing", 3806, 2),
        ("U655", "members_left", 1, 1),
        ("U655", "members_moved_in", 0, 1),
        ("U655", "new_members", 8, 2),
        ("U655", "propaganda_participations", None, 1),
        ("U655", "propaganda_sessions", None, 1),
    ]
    # its programme could not be read, so that the talk may belong to any
    assert set(
        today.rows(
            "select value, waiting_rows from reviews.programme_review where period_code = '2023H1'"
            " and unit_key = 'U24565' and indicator_code = 'propaganda_sessions'"
        )
    ) == {(None, 1)}
    assert today.value("select max(waiting_rows) from reviews.programme_review where value > 0") == 0


def test_a_bad_cell_is_left_out_of_a_row_that_counts(today: BuiltWarehouse) -> None:
    assert today.rows(
        "select row_number, field_name, severity, message_vi from reviews.findings"
        " where finding_kind = 'cell_left_empty'"
    ) == [
        (
            7,
            "citizen_id",
            "error",
            "Cột “Số CCCD”: Không đủ hoặc thừa chữ số. Đề nghị ghi đủ chữ số; số CCCD gồm 12 chữ số, cả số 0 ở đầu."
            " Riêng ô này không được tổng hợp; các ô khác của dòng vẫn được tổng hợp.",
        )
    ]
    assert (
        today.value("select citizen_id from staging.stg_member_changes where full_name = 'Phạm Thị Lan'")
        is None
    )


def test_every_row_is_accounted_for(today: BuiltWarehouse) -> None:
    # 20 sheets of four header rows and one control total; 58 good rows, 6 bad ones
    assert today.rows(
        "select sum(rows_seen), sum(rows_loaded), sum(rows_quarantined), sum(rows_structure), sum(abs(remainder))"
        " from reviews.conservation_ledger"
    ) == [(145, 58, 6, 81, 0)]


def test_a_control_total_that_differs_is_a_finding_with_both_figures(today: BuiltWarehouse) -> None:
    assert today.rows(
        "select unit_key, figure_reported, figure_computed, message_vi from reviews.findings"
        " where finding_kind = 'control_total'"
    ) == [("U24565", Decimal(51), Decimal(50), "Dòng tổng cộng ghi 51, cộng các dòng được 50.")]


def test_an_event_of_no_reporting_unit_is_a_finding(today: BuiltWarehouse) -> None:
    assert today.rows(
        "select row_number, message_vi from reviews.findings where finding_kind = 'unit_not_reporting'"
    ) == [
        (
            9,
            "Hoạt động ghi cho huyện Krông Ana, không phải đơn vị báo cáo, nên chưa được tính vào đơn vị nào.",
        ),
    ]


def test_no_name_number_or_birth_date_leaves_the_working_database(today: BuiltWarehouse) -> None:
    secrets = [
        text
        for row in today.rows("select full_name, citizen_id from raw.member_changes")
        for text in row
        if text is not None
    ] + ["Hoàng Thị Tư", "1985-02-05"]
    tables = today.rows(
        "select table_schema || '.' || table_name from information_schema.tables"
        " where table_schema in ('core', 'reviews')"
    )
    assert len(tables) >= 31
    for (table,) in tables:
        shown = repr(today.rows(f"select columns(*)::varchar from {table}"))
        assert [secret for secret in secrets if secret in shown] == [], table


def test_every_published_column_is_described_and_labelled_in_vietnamese(today: BuiltWarehouse) -> None:
    undescribed = today.rows(
        "select table_name, column_name from duckdb_columns()"
        " where schema_name in ('core', 'reviews') and coalesce(comment, '') = ''"
    )
    assert undescribed == []
    grains = today.rows(
        "select table_name, comment from duckdb_tables() where schema_name in ('core', 'reviews')"
    )
    assert len(grains) >= 31
    assert [name for name, comment in grains if not str(comment).startswith("One row per ")] == []
