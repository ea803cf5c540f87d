"""What stands in the rows of national years: SQL for each field, from a row's number and random numbers.

``i`` is the row's number in its return, ``h``, ``g`` and ``p`` are drawn from it, and the columns of its return are at hand
(``national`` puts them together).
"""

FAMILY_NAMES = (
    "['Nguyễn','Trần','Lê','Phạm','Hoàng','Phan','Vũ','Võ','Đặng','Bùi','Đỗ','Hồ','Ngô','Dương','Lý']"
)
MIDDLE_NAMES = (
    "['Thị','Thị Ngọc','Thị Thu','Thị Kim','Thị Mỹ','Thị Bích','Thị Thanh','Thị Hồng','Thị Minh','Diệu']"
)
GIVEN_NAMES = (
    "['An','Bình','Chi','Cúc','Dung','Đào','Giang','Hà','Hạnh','Hằng','Hiền','Hoa','Hòa','Huệ','Hương','Lan','Liên',"
    "'Linh','Loan','Mai','My','Nga','Ngân','Nhung','Oanh','Phương','Quyên','Tâm','Thảo','Thủy','Trang','Tuyết','Vân','Yến']"
)
PROGRAMMES = "['plastic_waste','new_rural','directive_21','five_no_three_clean','project_938','project_939','project_06']"
# Half-years by number, in pairs: 2 and 1, 0 and -1, … One woman in twenty of a pair's first half-year leaves in its second;
# every third of these comes back in each pair.
FIRST_SEEN = "case when i % 60 = 0 and i % 1000 > 0 then 1::bigint when i % 20 = 0 and half % 2 = 0 then half - 1 else half end"
# What stands in a row, from the row's number `i` in its return, the return's columns and random numbers `h`, `g`, `p`.
ACTIVITY_DAY = "strftime(first_day + (h % 160)::integer, '%Y-%m-%d')"
ACTIVITY_TYPE = (
    "['tuyên truyền','ra quân','công trình - phần việc','thu gom','ký cam kết','trồng cây','đoạn đường','gây quỹ']"
    "[1 + i % 8]"
)
ACTIVITY_UOM = "[null, null, 'cái', 'kg', 'hộ', 'cây', 'km', 'đồng'][1 + i % 8]"
ACTIVITY_PROGRAMME = f"case when i % 8 = 2 then 'new_rural' else {PROGRAMMES}[1 + h % 7] end"
FIELDS: dict[str, dict[str, str]] = {
    "member_changes": {
        # who she is comes from `p`, which women share who are told of in several half-years
        "full_name": f"{FAMILY_NAMES}[1 + p % 15] || ' ' || {MIDDLE_NAMES}[1 + (p // 15) % 10] || ' '"
        f" || {GIVEN_NAMES}[1 + (p // 150) % 34]",
        # of the higher digits, so that a name says nothing of a birth
        "birth": "case when i % 3 = 0 then (1950 + p // 5100 % 55)::varchar"
        " else strftime(date '1950-01-01' + (p // 5100 % 20000)::integer, '%d/%m/%Y') end",
        "ethnic_group": "['Kinh','Kinh','Kinh','Kinh','Kinh','Tày','Nùng','Ê đê','Mường','Thái'][1 + g % 10]",
        "religion": "['Không', null, null, 'Phật giáo', 'Công giáo'][1 + g % 5]",
        "village": "'Thôn ' || (1 + p % 12)",
        "change_type": "case when half % 2 = 0 and i % 20 = 0 then 'thôi sinh hoạt' else ['phát triển mới',"
        "'phát triển mới','phát triển mới','phát triển mới','phát triển mới',"
        "'chuyển đến','chuyển đi','thôi sinh hoạt','thôi sinh hoạt','từ trần'][1 + i % 10] end",
        "changed_on": "case when g % 1000 = 0 then '31/02/2026'"
        " else strftime(first_day + (h % 160)::integer, '%Y-%m-%d') end",
        "education": "['9/12', '12/12', 'Đại học'][1 + g % 3]",
        "occupation": "['Làm nông', 'Buôn bán', 'Giáo viên'][1 + g % 3]",
        "is_poor_household": "case when g % 20 = 0 then 'x' end",
        "is_near_poor_household": "case when g % 20 = 1 then 'x' end",
        "is_core": "case when g % 5 = 0 then 'x' end",
        "is_party_member": "case when g % 15 = 0 then 'x' end",
        # one in a thousand bears the number of another; those who were first told of before 2025H2 have numbers of their own
        "citizen_id": "case when i % 10 < 7 then printf('%03d%d%08d', 1 + n % 96, 1 + 2 * (p % 2)::integer,"
        f" case when {FIRST_SEEN} > 0 then n * 5000 + i + 2500 * ({FIRST_SEEN} - 1)"
        f" else 20000000 + (n // 96 * 100 - {FIRST_SEEN}) * 2500 + i end) end",
    },
    "clubs": {
        "club_name": "'CLB số ' || i || ' thôn ' || (1 + h % 12)",
        "kind": "['mô hình', 'câu lạc bộ', 'tổ'][1 + i % 3]",
        "programme": f"{PROGRAMMES}[1 + h % 7]",
        "village": "'Thôn ' || (1 + h % 12)",
        "founded_on": "strftime(first_day + (h % 160)::integer - case when i % 4 = 0 then 0 else 1000 end, '%Y-%m-%d')",
        "status": "case when i % 4 = 0 then 'thành lập mới' else 'duy trì' end",
        "members": "(10 + h % 40)::varchar",
        "members_minority": "(h % 10)::varchar",
    },
    "trainings": {
        "title": "'Lớp số ' || i",
        "kind": "['dạy nghề', 'tập huấn', 'bồi dưỡng', 'tập huấn'][1 + i % 4]",
        "subject": "['May', 'Nấu ăn', 'Chăn nuôi'][1 + g % 3]",
        "starts_on": "strftime(first_day + (h % 160)::integer, '%Y-%m-%d')",
        "venue": "'Hội trường thôn ' || (1 + h % 12)",
        "trainees": "(20 + h % 30)::varchar",
        "trainees_minority": "(h % 15)::varchar",
        "employed_after": "case when i % 4 = 0 then (h % 20)::varchar end",
        "cost_vnd": "((5 + h % 40) * 1000000)::varchar",
    },
    "support_funds": {
        "supported_on": "strftime(first_day + (h % 160)::integer, '%Y-%m-%d')",
        "kind": "['quà','tiền mặt','mái ấm tình thương','học bổng','vốn quay vòng','vốn ủy thác NHCSXH','mẹ đỡ đầu']"
        "[1 + i % 7]",
        "beneficiary_group": "['hội viên khó khăn', 'trẻ em', 'phụ nữ nghèo'][1 + g % 3]",
        "beneficiaries": "(1 + h % 30)::varchar",
        "beneficiaries_minority": "'1'",
        "amount_vnd": "((1 + h % 300) * 100000)::varchar",
        "source": "'Quỹ Hội'",
        "programme": f"{PROGRAMMES}[1 + h % 7]",
    },
    "movement_activities": {
        "held_on": ACTIVITY_DAY,
        "programme": ACTIVITY_PROGRAMME,
        "activity_type": ACTIVITY_TYPE,
        "description": "'Hoạt động ' || i || ' tại thôn ' || (1 + h % 12)",
        "village": "'Thôn ' || (1 + h % 12)",
        "participants": "(10 + h % 90)::varchar",
        "quantity": f"case when {ACTIVITY_UOM} is not null then (1 + g % 200)::varchar end",
        "uom": ACTIVITY_UOM,
        "cost_vnd": "((h % 50) * 100000)::varchar",
    },
    "awards": {
        "awarded_on": "strftime(first_day + (h % 160)::integer, '%Y-%m-%d')",
        "recipient_kind": "['tập thể', 'cá nhân'][1 + i % 2]",
        "recipient": "'Chi hội thôn ' || (1 + h % 12)",
        "award": "'giấy khen'",
        "programme": f"{PROGRAMMES}[1 + h % 7]",
    },
    "protection_cases": {
        "reported_on": "strftime(first_day + (h % 160)::integer, '%Y-%m-%d')",
        "case_type": "'Bạo lực gia đình'",
        "victim_group": "['phụ nữ', 'trẻ em'][1 + i % 2]",
    },
    "activity_log": {
        "event_id": "unit_code || '-' || half || '-' || i",
        "occurred_at": ACTIVITY_DAY + " || 'T08:30:00'",
        "unit_code": "unit_code",
        "village": "'Thôn ' || (1 + h % 12)",
        "programme": ACTIVITY_PROGRAMME,
        "activity_type": ACTIVITY_TYPE,
        "participants": "(10 + h % 90)::varchar",
        "quantity": f"case when {ACTIVITY_UOM} is not null then (1 + g % 200)::varchar end",
        "uom": ACTIVITY_UOM,
    },
    "opening_balances": {
        "unit": "unit_code",
        "as_of": "strftime(day_before, '%Y-%m-%d')",
        "members": "(5500 + h % 1000)::varchar",
    },
    "targets": {
        "year": "year::varchar",
        "period": "case when half % 2 <> 0 then '6 tháng cuối năm' else '6 tháng' end",
        "unit": "unit_code",
        "indicator": "['new_members', 'new_clubs', 'plastic_kg'][i]",
        "target": "[700, 3, 3000][i]::varchar",
    },
}
TOTALLED = {
    "clubs": ("members",),
    "trainings": ("trainees", "cost_vnd"),
    "support_funds": ("beneficiaries", "amount_vnd"),
    "movement_activities": ("participants",),
}
