"""The Vietnamese words of the sample: how forms, columns and choices are printed when nobody deviates.

These are the words of the forms themselves. How a single commune departs from them is a matter of its style;
the warehouse has its own lists, and that both agree is what the sample is there to show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sample.events.records import Form

TITLES: Mapping[Form, str] = {
    Form.MEMBER_CHANGES: "Biểu 01: Biến động hội viên",
    Form.CLUBS: "Biểu 02: Mô hình, câu lạc bộ",
    Form.TRAININGS: "Biểu 03: Đào tạo, dạy nghề, tập huấn",
    Form.SUPPORT_FUNDS: "Biểu 04: Hỗ trợ hội viên",
    Form.MOVEMENT_ACTIVITIES: "Biểu 05: Hoạt động phong trào",
    Form.AWARDS: "Biểu 06: Khen thưởng",
    Form.PROTECTION_CASES: "Biểu 07: Vụ việc bảo vệ phụ nữ, trẻ em",
    Form.TARGETS: "Chỉ tiêu giao",
    Form.OPENING_BALANCES: "Số hội viên đầu kỳ",
}

CHOICES: Mapping[str, Mapping[str, str]] = {
    "change_type": {
        "joined": "phát triển mới",
        "moved_in": "chuyển đến",
        "moved_out": "chuyển đi",
        "left": "thôi sinh hoạt",
        "died": "từ trần",
    },
    "club_kind": {"model": "mô hình", "club": "câu lạc bộ", "group": "tổ"},
    "club_status": {"new": "thành lập mới", "operating": "duy trì", "dissolved": "giải thể"},
    "training_kind": {"vocational": "dạy nghề", "workshop": "tập huấn", "refresher": "bồi dưỡng"},
    "support_kind": {
        "gift": "quà",
        "cash": "tiền mặt",
        "housing": "mái ấm tình thương",
        "scholarship": "học bổng",
        "revolving_loan": "vốn quay vòng",
        "entrusted_bank_loan": "vốn ủy thác NHCSXH",
        "godmother": "mẹ đỡ đầu",
    },
    "beneficiary_group": {
        "member_in_difficulty": "hội viên khó khăn",
        "child": "trẻ em",
        "poor_woman": "phụ nữ nghèo",
        "student": "học sinh",
        "elderly": "người cao tuổi",
    },
    "activity_type": {
        "propaganda": "tuyên truyền",
        "cleanup": "ra quân",
        "works": "công trình - phần việc",
        "collection": "thu gom",
        "pledge": "ký cam kết",
        "tree_planting": "trồng cây",
        "road": "đoạn đường",
        "fundraising": "gây quỹ",
    },
    "uom": {"kg": "kg", "km": "km", "tree": "cây", "household": "hộ", "piece": "cái", "vnd": "đồng"},
    "recipient_kind": {"collective": "tập thể", "individual": "cá nhân"},
    "award": {"certificate": "giấy khen", "diploma": "bằng khen", "medal": "kỷ niệm chương"},
    "victim_group": {"woman": "phụ nữ", "child": "trẻ em"},
    "target_period": {"first_half": "6 tháng", "year": "năm"},
    "ethnic_group": {
        "01": "Kinh",
        "02": "Tày",
        "03": "Thái",
        "06": "Mường",
        "07": "Nùng",
        "08": "Hmông",
        "12": "Ê-đê",
        "20": "Mnông",
    },
    "religion": {"00": "Không", "01": "Phật giáo", "02": "Công giáo", "05": "Tin Lành"},
}  # fmt: skip

PROGRAMMES: Mapping[str, str] = {
    "plastic_waste": "Phong trào bảo vệ môi trường, chống rác thải nhựa",
    "directive_21": "Chỉ thị 21-CT/TW ngày 20/01/2018",
    "new_rural": "Xây dựng nông thôn mới, đô thị văn minh",
    "five_no_three_clean": "Gia đình 5 không, 3 sạch",
    "project_938": "Đề án 938",
    "project_939": "Đề án 939",
    "project_06": "Đề án 06",
    "project_8": "Dự án 8",
    "godmother": "Mẹ đỡ đầu",
}
SHORT_PROGRAMMES: Mapping[str, str] = {
    **PROGRAMMES,
    "plastic_waste": "Chống rác thải nhựa",
    "directive_21": "Chỉ thị 21",
    "new_rural": "Nông thôn mới",
    "five_no_three_clean": "5 không, 3 sạch",
}
INDICATORS: Mapping[str, str] = {
    "new_members": "Hội viên mới phát triển",
    "new_clubs": "Mô hình, CLB thành lập mới",
    "vocational_classes": "Lớp dạy nghề",
    "new_rural_works": "Công trình, phần việc nông thôn mới, đô thị văn minh",
    "plastic_kg": "Rác thải nhựa, phế liệu thu gom",
    "pledged_households": "Hộ ký cam kết",
    "trees_planted": "Cây trồng",
}


class Kind(StrEnum):
    """What a column holds, which decides how its cells are typed."""

    TEXT = "text"
    CHOICE = "choice"
    PROGRAMME = "programme"
    DATE = "date"
    BIRTH = "birth"
    COUNT = "count"
    MONEY = "money"
    QUANTITY = "quantity"
    UOM = "uom"
    TICK = "tick"
    CITIZEN_ID = "citizen_id"


@dataclass(frozen=True)
class Column:
    """A column as printed: its header from top to bottom, what it holds, its list of choices, whether it is summed."""

    field_name: str
    caption: tuple[str, ...]
    kind: Kind = Kind.TEXT
    choices: str | None = None
    is_summed: bool = False


def _choice(field_name: str, caption: str, choices: str) -> Column:
    return Column(field_name, (caption,), Kind.CHOICE, choices)


COLUMNS: Mapping[Form, tuple[Column, ...]] = {
    Form.MEMBER_CHANGES: (
        Column("full_name", ("Họ và tên",)),
        Column("birth", ("Năm sinh",), Kind.BIRTH),
        _choice("ethnic_group", "Dân tộc", "ethnic_group"),
        _choice("religion", "Tôn giáo", "religion"),
        Column("village", ("Chi hội",)),
        _choice("change_type", "Loại biến động", "change_type"),
        Column("changed_on", ("Ngày",), Kind.DATE),
        Column("education", ("Trình độ",)),
        Column("occupation", ("Nghề nghiệp",)),
        Column("is_poor_household", ("Hộ nghèo",), Kind.TICK),
        Column("is_near_poor_household", ("Hộ cận nghèo",), Kind.TICK),
        Column("is_core", ("Hội viên nòng cốt",), Kind.TICK),
        Column("is_party_member", ("Đảng viên",), Kind.TICK),
        Column("citizen_id", ("Số CCCD",), Kind.CITIZEN_ID),
        Column("note", ("Ghi chú",)),
    ),
    Form.CLUBS: (
        Column("club_name", ("Tên mô hình, CLB",)),
        _choice("kind", "Loại", "club_kind"),
        Column("programme", ("Phong trào, đề án",), Kind.PROGRAMME),
        Column("village", ("Địa bàn",)),
        Column("founded_on", ("Ngày thành lập",), Kind.DATE),
        _choice("status", "Tình trạng", "club_status"),
        Column("members", ("Số thành viên", "Tổng số"), Kind.COUNT, is_summed=True),
        Column("members_minority", ("Số thành viên", "Trong đó", "DTTS"), Kind.COUNT, is_summed=True),
        Column("note", ("Ghi chú",)),
    ),
    Form.TRAININGS: (
        Column("title", ("Tên lớp",)),
        _choice("kind", "Loại", "training_kind"),
        Column("subject", ("Nghề / Nội dung",)),
        Column("starts_on", ("Từ ngày",), Kind.DATE),
        Column("ends_on", ("Đến ngày",), Kind.DATE),
        Column("venue", ("Địa điểm",)),
        Column("partner", ("Đơn vị phối hợp",)),
        Column("trainees", ("Số học viên", "Tổng số"), Kind.COUNT, is_summed=True),
        Column("trainees_minority", ("Số học viên", "Trong đó", "DTTS"), Kind.COUNT, is_summed=True),
        Column("trainees_poor", ("Số học viên", "Trong đó", "Hộ nghèo"), Kind.COUNT, is_summed=True),
        Column("employed_after", ("Có việc làm sau học",), Kind.COUNT, is_summed=True),
        Column("cost_vnd", ("Kinh phí",), Kind.MONEY, is_summed=True),
        Column("programme", ("Phong trào, đề án",), Kind.PROGRAMME),
    ),
    Form.SUPPORT_FUNDS: (
        Column("supported_on", ("Ngày",), Kind.DATE),
        _choice("kind", "Hình thức hỗ trợ", "support_kind"),
        _choice("beneficiary_group", "Đối tượng", "beneficiary_group"),
        Column("beneficiaries", ("Số người hưởng", "Tổng số"), Kind.COUNT, is_summed=True),
        Column("beneficiaries_minority", ("Số người hưởng", "Trong đó", "DTTS"), Kind.COUNT, is_summed=True),
        Column("amount_vnd", ("Kinh phí",), Kind.MONEY, is_summed=True),
        Column("source", ("Nguồn",)),
        Column("programme", ("Phong trào, đề án",), Kind.PROGRAMME),
        Column("note", ("Ghi chú",)),
    ),
    Form.MOVEMENT_ACTIVITIES: (
        Column("held_on", ("Ngày",), Kind.DATE),
        Column("programme", ("Phong trào, đề án",), Kind.PROGRAMME),
        _choice("activity_type", "Loại hoạt động", "activity_type"),
        Column("description", ("Nội dung",)),
        Column("village", ("Địa bàn",)),
        Column("participants", ("Số người tham gia",), Kind.COUNT, is_summed=True),
        Column("quantity", ("Kết quả", "Số lượng"), Kind.QUANTITY),
        Column("uom", ("Kết quả", "ĐVT"), Kind.UOM, "uom"),
        Column("cost_vnd", ("Kinh phí",), Kind.MONEY, is_summed=True),
    ),
    Form.AWARDS: (
        Column("awarded_on", ("Ngày",), Kind.DATE),
        _choice("recipient_kind", "Đối tượng", "recipient_kind"),
        Column("recipient", ("Tên tập thể, cá nhân",)),
        _choice("award", "Hình thức", "award"),
        Column("granted_by", ("Cấp khen",)),
        Column("programme", ("Phong trào, chuyên đề",), Kind.PROGRAMME),
    ),
    Form.PROTECTION_CASES: (
        Column("reported_on", ("Ngày",), Kind.DATE),
        Column("case_type", ("Loại vụ việc",)),
        _choice("victim_group", "Nạn nhân", "victim_group"),
        Column("action", ("Hình thức can thiệp",)),
        Column("outcome", ("Kết quả",)),
    ),
    Form.TARGETS: (
        Column("year", ("Năm",), Kind.COUNT),
        _choice("period", "Kỳ", "target_period"),
        Column("unit_name", ("Đơn vị",)),
        Column("indicator_label", ("Chỉ tiêu",)),
        Column("target", ("Giá trị",), Kind.COUNT),
    ),
    Form.OPENING_BALANCES: (
        Column("unit_name", ("Đơn vị",)),
        Column("as_of", ("Ngày",), Kind.DATE),
        Column("members", ("Tổng số hội viên",), Kind.COUNT, is_summed=True),
        Column("members_minority", ("Hội viên DTTS",), Kind.COUNT, is_summed=True),
        Column("core_members", ("Hội viên nòng cốt",), Kind.COUNT, is_summed=True),
    ),
}
