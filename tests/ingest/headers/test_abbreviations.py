"""Headers cut short by rule: what each stands for in its form, and what stands for nothing or for too much."""

import pytest

from ingest.contracts.forms import load_contracts
from ingest.headers.header_words import load_header_words
from ingest.headers.matcher import HeaderMatcher

HEADERS = {
    form.name: {field.name: field.headers[0] for field in form.fields} for form in load_contracts().forms
}


@pytest.fixture(scope="module")
def matcher() -> HeaderMatcher:
    contracts = load_contracts()
    return HeaderMatcher(contracts.forms, load_header_words(), contracts.choice_lists)


def matched(matcher: HeaderMatcher, form: str, field: str, typed: str) -> str | None:
    """Give the text of the column that is taken for a field whose header is typed so, in an otherwise plain form."""
    texts = [*((HEADERS[form] | {field: typed}).values())]
    columns = [matcher.column(index, text.split(" > ")) for index, text in enumerate(texts)]
    match = matcher.match(columns, "")
    assert match is not None
    assert match.form.name == form
    column = match.columns.get(field)
    return None if column is None else column.text


@pytest.mark.parametrize(
    ("form", "field", "typed"),
    [
        ("support_funds", "beneficiary_group", "Đ.tượng"),
        ("support_funds", "kind", "H.thức hỗ trợ"),
        ("support_funds", "kind", "H.thức h.trợ"),
        ("support_funds", "beneficiaries", "Số ng.hưởng"),
        ("support_funds", "amount_vnd", "Kinh phí¹"),
        ("support_funds", "amount_vnd", "Kinh phí (*)"),
        ("support_funds", "amount_vnd", "Kinh phí *"),
        ("support_funds", "amount_vnd", "Kinh phí1"),
        ("clubs", "status", "T.trạng"),
        ("clubs", "founded_on", "Ngày t.lập"),
        ("clubs", "club_name", "Tên MH, CLB"),
        ("trainings", "trainees", "Số h.viên"),
        ("trainings", "employed_after", "Có VL sau học"),
        ("trainings", "subject", "Nghề / N.dung"),
        ("trainings", "partner", "Đ.vị phối hợp"),
        ("member_changes", "full_name", "Họ v.tên"),
        ("member_changes", "change_type", "L.biến động"),
        ("member_changes", "education", "T.độ"),
        ("member_changes", "is_core", "HV n.cốt"),
        ("movement_activities", "activity_type", "Loại h.động"),
        ("movement_activities", "participants", "Số ng.tham gia"),
        ("movement_activities", "village", "Đ.bàn"),
        ("awards", "programme", "P.trào, c.đề"),
        ("awards", "granted_by", "C.khen"),
        ("awards", "award", "H.thức"),
        ("targets", "unit", "Đ.vị"),
        ("opening_balances", "members", "T.số hội viên"),
        ("opening_balances", "members", "Số h.viên"),
    ],
)
def test_a_header_cut_short_is_the_column_of_its_form(
    matcher: HeaderMatcher, form: str, field: str, typed: str
) -> None:
    assert matched(matcher, form, field, typed) == typed
    assert matcher.is_header_word(typed)


@pytest.mark.parametrize("typed", ["Đ.thượng", "T.đượng", "Đ.t.x", "Cột"])
def test_what_begins_no_syllable_is_not_understood(matcher: HeaderMatcher, typed: str) -> None:
    assert matched(matcher, "support_funds", "beneficiary_group", typed) is None


@pytest.mark.parametrize(
    "text", ["H'Yi Êban", "Chi hội 1", "TT. Buôn Trấp", "Nguyễn T.Hoa", "05/01/2023", "Lớp may", "NTM"]
)
def test_texts_of_a_body_are_no_headers(matcher: HeaderMatcher, text: str) -> None:
    assert not matcher.is_header_word(text)
