"""What is advised on a wrong value is what its column asks for."""

import csv

from ingest.contracts.forms import load_contracts
from ingest.home import SEEDS
from publish.feedback.wording import advice_on_value


def advices() -> dict[tuple[str, str], str]:
    with (SEEDS / "quarantine_reasons_by_type.csv").open(encoding="utf-8") as file:
        return {(row["reason_code"], row["field_type"]): row["advice_vi"] for row in csv.DictReader(file)}


def test_what_is_advised_on_a_type_is_of_a_type_that_columns_have() -> None:
    types = {
        "money" if column.is_money else column.type
        for form in load_contracts().forms
        for column in form.fields
    }
    assert {field_type for _, field_type in advices()} <= types


def test_an_example_is_not_given_twice() -> None:
    column = next(
        column for column in load_contracts().form("member_changes").fields if column.name == "birth"
    )
    told = advice_on_value(advices()["invalid_date", "year_or_date"], "invalid_date", None, column, {})
    assert told == "Đề nghị ghi năm, ví dụ 1985, hoặc đủ ngày/tháng/năm, ví dụ 05/02/1985."
