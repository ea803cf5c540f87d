"""What is advised on a wrong value is what its column asks for."""

import pytest

from ingest.contracts.forms import load_contracts
from publish.feedback.wording import advice_on_value


@pytest.mark.parametrize(
    ("form", "field", "reason", "advised"),
    [
        ("member_changes", "birth", "invalid_date", "Đề nghị ghi năm, ví dụ 1985, hoặc đủ ngày/tháng/năm, ví dụ 05/02/1985."),
        ("trainings", "trainees", "invalid_number", "Đề nghị chỉ ghi số nguyên, ví dụ 25."),
        (
            "support_funds",
            "amount_vnd",
            "invalid_number",
            "Đề nghị ghi số tiền bằng chữ số theo ĐVT của biểu; biểu tính bằng đồng thì 1,5 triệu đồng ghi là 1500000.",
        ),
        ("movement_activities", "quantity", "invalid_number", "Đề nghị chỉ ghi số, ví dụ 98,5."),
    ],
)  # fmt: skip
def test_the_advice_is_for_the_column(form: str, field: str, reason: str, advised: str) -> None:
    columns = {
        column.name: column
        for found in load_contracts().forms
        if found.name == form
        for column in found.fields
    }
    told = advice_on_value("Đề nghị chỉ ghi số, ví dụ 98,5.", reason, None, columns[field], {})
    assert told.startswith(advised)
