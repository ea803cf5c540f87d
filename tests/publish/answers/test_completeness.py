"""Which half-years are asked after, and when one is complete."""

from datetime import date
from typing import Any

from build.reference import Period
from ingest.home import WarehouseHome
from publish.answers.completeness import (
    ExpectedForm,
    expected_forms,
    periods_in_question,
    read_standing,
    standing_of,
)

PERIOD = Period("2023H1", "6 tháng đầu năm 2023", "half_year", date(2022, 12, 15), date(2023, 6, 14))
EXPECTED = tuple(
    ExpectedForm(unit, name, form, label, 0)
    for unit, name in (("U1", "Xã Ea Bông"), ("U2", "Xã Băng Adrênh"))
    for form, label in (("clubs", "Biểu 02: Mô hình, câu lạc bộ"), ("awards", "Biểu 06: Khen thưởng"))
)
ALL = frozenset((form.unit_key, form.form_name) for form in EXPECTED)


def test_a_half_year_is_complete_when_every_unit_has_sent_every_form() -> None:
    assert not standing_of(PERIOD, EXPECTED, ALL - {("U2", "awards")}).is_complete
    assert standing_of(PERIOD, EXPECTED, ALL).is_complete
    # nobody is asked: nothing is complete
    assert not standing_of(PERIOD, (), frozenset()).is_complete


def test_the_half_years_in_question_are_the_last_one_and_the_one_that_runs() -> None:
    asked_on = (date(2023, 6, 14), date(2023, 6, 15), date(2023, 12, 14))

    assert [[period.code for period in periods_in_question(day)] for day in asked_on] == [
        ["2022H2", "2023H1"],
        ["2023H1", "2023H2"],
        ["2023H1", "2023H2"],
    ]


def test_before_the_first_build_everything_is_missing(tmp_path: Any) -> None:
    (period,) = [found for found in periods_in_question(date(2023, 6, 14)) if found.code == "2023H1"]
    standing = read_standing(WarehouseHome(tmp_path), period)

    assert standing.units_expected == len({form.unit_key for form in expected_forms(period)}) > 5
    assert len(standing.missing) == standing.units_expected
    assert all(unit.has_nothing for unit in standing.missing)
