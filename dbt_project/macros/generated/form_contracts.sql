{#- generated from ingest/forms by `make contracts`; edit the contracts, not this file -#}
{% macro form_names() %}{{ return(["activity_log", "awards", "clubs", "member_changes", "movement_activities", "opening_balances", "protection_cases", "support_funds", "targets", "trainings"]) }}{% endmacro %}

{% macro form_contract(form_name) %}
{%- if form_name == "activity_log" -%}
  {{ return({"name": "activity_log", "label_vi": "Nhật ký hoạt động", "event_date": "occurred_at", "attributed_by": "row", "fields": [
        {"name": "event_id", "type": "string", "position": 1, "required": true, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Mã sự kiện"},
        {"name": "occurred_at", "type": "datetime", "position": 2, "required": true, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Thời điểm"},
        {"name": "unit_code", "type": "string", "position": 3, "required": true, "choice_list": "units", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Mã đơn vị"},
        {"name": "village", "type": "string", "position": 4, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Địa bàn"},
        {"name": "programme", "type": "string", "position": 5, "required": true, "choice_list": "programmes", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Phong trào, đề án"},
        {"name": "activity_type", "type": "string", "position": 6, "required": true, "choice_list": "activity_type", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Loại hoạt động"},
        {"name": "participants", "type": "integer", "position": 7, "required": false, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Số người tham gia"},
        {"name": "quantity", "type": "number", "position": 8, "required": false, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Số lượng"},
        {"name": "uom", "type": "string", "position": 9, "required": false, "choice_list": "uom", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "ĐVT"},
        {"name": "amount_vnd", "type": "number", "position": 10, "required": false, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": true, "personal": "none", "label_vi": "Số tiền"},
        {"name": "reporter", "type": "string", "position": 11, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "personal", "label_vi": "Người báo"},
        {"name": "note", "type": "string", "position": 12, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "personal", "label_vi": "Ghi chú"}
      ]}) }}
{%- elif form_name == "awards" -%}
  {{ return({"name": "awards", "label_vi": "Biểu 06: Khen thưởng", "event_date": "awarded_on", "attributed_by": "file", "fields": [
        {"name": "awarded_on", "type": "date", "position": 1, "required": true, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Ngày"},
        {"name": "recipient_kind", "type": "string", "position": 2, "required": true, "choice_list": "recipient_kind", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Đối tượng"},
        {"name": "recipient", "type": "string", "position": 3, "required": true, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "personal", "label_vi": "Tên tập thể, cá nhân"},
        {"name": "award", "type": "string", "position": 4, "required": true, "choice_list": "award", "is_open_choice": true, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Hình thức"},
        {"name": "granted_by", "type": "string", "position": 5, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Cấp khen"},
        {"name": "programme", "type": "string", "position": 6, "required": false, "choice_list": "programmes", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Phong trào, chuyên đề"}
      ]}) }}
{%- elif form_name == "clubs" -%}
  {{ return({"name": "clubs", "label_vi": "Biểu 02: Mô hình, câu lạc bộ", "event_date": "founded_on", "attributed_by": "file", "fields": [
        {"name": "club_name", "type": "string", "position": 1, "required": true, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Tên mô hình, CLB"},
        {"name": "kind", "type": "string", "position": 2, "required": true, "choice_list": "club_kind", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Loại"},
        {"name": "programme", "type": "string", "position": 3, "required": false, "choice_list": "programmes", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Phong trào, đề án"},
        {"name": "village", "type": "string", "position": 4, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Địa bàn"},
        {"name": "founded_on", "type": "date", "position": 5, "required": true, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Ngày thành lập"},
        {"name": "status", "type": "string", "position": 6, "required": true, "choice_list": "club_status", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Tình trạng"},
        {"name": "members", "type": "integer", "position": 7, "required": true, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Số thành viên (Tổng số)"},
        {"name": "members_minority", "type": "integer", "position": 8, "required": false, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Số thành viên (Trong đó DTTS)"},
        {"name": "note", "type": "string", "position": 9, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "personal", "label_vi": "Ghi chú"}
      ]}) }}
{%- elif form_name == "member_changes" -%}
  {{ return({"name": "member_changes", "label_vi": "Biểu 01: Biến động hội viên", "event_date": "changed_on", "attributed_by": "file", "fields": [
        {"name": "full_name", "type": "string", "position": 1, "required": true, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "personal", "label_vi": "Họ và tên"},
        {"name": "birth", "type": "year_or_date", "position": 2, "required": true, "choice_list": none, "is_open_choice": false, "minimum": 1900, "maximum": none, "pattern": none, "is_money": false, "personal": "personal", "label_vi": "Năm sinh"},
        {"name": "ethnic_group", "type": "string", "position": 3, "required": true, "choice_list": "ethnic_groups", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "sensitive", "label_vi": "Dân tộc"},
        {"name": "religion", "type": "string", "position": 4, "required": false, "choice_list": "religions", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "sensitive", "label_vi": "Tôn giáo"},
        {"name": "village", "type": "string", "position": 5, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Chi hội / Thôn, buôn"},
        {"name": "change_type", "type": "string", "position": 6, "required": true, "choice_list": "change_type", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Loại biến động"},
        {"name": "changed_on", "type": "date", "position": 7, "required": true, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Ngày"},
        {"name": "education", "type": "string", "position": 8, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Trình độ"},
        {"name": "occupation", "type": "string", "position": 9, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Nghề nghiệp"},
        {"name": "is_poor_household", "type": "boolean", "position": 10, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "sensitive", "label_vi": "Hộ nghèo"},
        {"name": "is_near_poor_household", "type": "boolean", "position": 11, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "sensitive", "label_vi": "Hộ cận nghèo"},
        {"name": "is_core", "type": "boolean", "position": 12, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Hội viên nòng cốt"},
        {"name": "is_party_member", "type": "boolean", "position": 13, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "sensitive", "label_vi": "Đảng viên"},
        {"name": "citizen_id", "type": "string", "position": 14, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": "[0-9]{12}", "is_money": false, "personal": "personal", "label_vi": "Số CCCD"},
        {"name": "note", "type": "string", "position": 15, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "personal", "label_vi": "Ghi chú"}
      ]}) }}
{%- elif form_name == "movement_activities" -%}
  {{ return({"name": "movement_activities", "label_vi": "Biểu 05: Hoạt động phong trào", "event_date": "held_on", "attributed_by": "file", "fields": [
        {"name": "held_on", "type": "date", "position": 1, "required": true, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Ngày"},
        {"name": "programme", "type": "string", "position": 2, "required": true, "choice_list": "programmes", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Phong trào, đề án"},
        {"name": "activity_type", "type": "string", "position": 3, "required": true, "choice_list": "activity_type", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Loại hoạt động"},
        {"name": "description", "type": "string", "position": 4, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Nội dung"},
        {"name": "village", "type": "string", "position": 5, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Địa bàn"},
        {"name": "participants", "type": "integer", "position": 6, "required": false, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Số người tham gia"},
        {"name": "quantity", "type": "number", "position": 7, "required": false, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Kết quả (Số lượng)"},
        {"name": "uom", "type": "string", "position": 8, "required": false, "choice_list": "uom", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Kết quả (ĐVT)"},
        {"name": "cost_vnd", "type": "number", "position": 9, "required": false, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": true, "personal": "none", "label_vi": "Kinh phí"}
      ]}) }}
{%- elif form_name == "opening_balances" -%}
  {{ return({"name": "opening_balances", "label_vi": "Số hội viên đầu kỳ", "event_date": none, "attributed_by": "row", "fields": [
        {"name": "unit", "type": "string", "position": 1, "required": true, "choice_list": "units", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Đơn vị"},
        {"name": "as_of", "type": "date", "position": 2, "required": true, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Ngày"},
        {"name": "members", "type": "integer", "position": 3, "required": true, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Tổng số hội viên"},
        {"name": "members_minority", "type": "integer", "position": 4, "required": false, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Hội viên DTTS"},
        {"name": "core_members", "type": "integer", "position": 5, "required": false, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Hội viên nòng cốt"}
      ]}) }}
{%- elif form_name == "protection_cases" -%}
  {{ return({"name": "protection_cases", "label_vi": "Biểu 07: Vụ việc bảo vệ phụ nữ, trẻ em", "event_date": "reported_on", "attributed_by": "file", "fields": [
        {"name": "reported_on", "type": "date", "position": 1, "required": true, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Ngày"},
        {"name": "case_type", "type": "string", "position": 2, "required": true, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "sensitive", "label_vi": "Loại vụ việc"},
        {"name": "victim_group", "type": "string", "position": 3, "required": true, "choice_list": "victim_group", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "sensitive", "label_vi": "Nạn nhân"},
        {"name": "action", "type": "string", "position": 4, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "sensitive", "label_vi": "Hình thức can thiệp"},
        {"name": "outcome", "type": "string", "position": 5, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "sensitive", "label_vi": "Kết quả"}
      ]}) }}
{%- elif form_name == "support_funds" -%}
  {{ return({"name": "support_funds", "label_vi": "Biểu 04: Hỗ trợ hội viên", "event_date": "supported_on", "attributed_by": "file", "fields": [
        {"name": "supported_on", "type": "date", "position": 1, "required": true, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Ngày"},
        {"name": "kind", "type": "string", "position": 2, "required": true, "choice_list": "support_kind", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Hình thức hỗ trợ"},
        {"name": "beneficiary_group", "type": "string", "position": 3, "required": true, "choice_list": "beneficiary_group", "is_open_choice": true, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Đối tượng"},
        {"name": "beneficiaries", "type": "integer", "position": 4, "required": true, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Số người hưởng (Tổng số)"},
        {"name": "beneficiaries_minority", "type": "integer", "position": 5, "required": false, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Số người hưởng (Trong đó DTTS)"},
        {"name": "amount_vnd", "type": "number", "position": 6, "required": true, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": true, "personal": "none", "label_vi": "Kinh phí / Số tiền"},
        {"name": "source", "type": "string", "position": 7, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Nguồn"},
        {"name": "programme", "type": "string", "position": 8, "required": false, "choice_list": "programmes", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Phong trào, đề án"},
        {"name": "note", "type": "string", "position": 9, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "personal", "label_vi": "Ghi chú"}
      ]}) }}
{%- elif form_name == "targets" -%}
  {{ return({"name": "targets", "label_vi": "Chỉ tiêu giao", "event_date": none, "attributed_by": "row", "fields": [
        {"name": "year", "type": "integer", "position": 1, "required": true, "choice_list": none, "is_open_choice": false, "minimum": 2000, "maximum": 2100, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Năm"},
        {"name": "period", "type": "string", "position": 2, "required": false, "choice_list": "target_period", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Kỳ"},
        {"name": "unit", "type": "string", "position": 3, "required": false, "choice_list": "units", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Đơn vị"},
        {"name": "indicator", "type": "string", "position": 4, "required": true, "choice_list": "indicators", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Chỉ tiêu"},
        {"name": "target", "type": "number", "position": 5, "required": true, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Giá trị"}
      ]}) }}
{%- elif form_name == "trainings" -%}
  {{ return({"name": "trainings", "label_vi": "Biểu 03: Đào tạo, dạy nghề, tập huấn", "event_date": "starts_on", "attributed_by": "file", "fields": [
        {"name": "title", "type": "string", "position": 1, "required": true, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Tên lớp"},
        {"name": "kind", "type": "string", "position": 2, "required": true, "choice_list": "training_kind", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Loại"},
        {"name": "subject", "type": "string", "position": 3, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Nghề / Nội dung"},
        {"name": "starts_on", "type": "date", "position": 4, "required": true, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Từ ngày"},
        {"name": "ends_on", "type": "date", "position": 5, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Đến ngày"},
        {"name": "venue", "type": "string", "position": 6, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Địa điểm"},
        {"name": "partner", "type": "string", "position": 7, "required": false, "choice_list": none, "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Đơn vị phối hợp"},
        {"name": "trainees", "type": "integer", "position": 8, "required": true, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Số học viên (Tổng số)"},
        {"name": "trainees_minority", "type": "integer", "position": 9, "required": false, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Số học viên (Trong đó DTTS)"},
        {"name": "trainees_poor", "type": "integer", "position": 10, "required": false, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Số học viên (Trong đó Hộ nghèo)"},
        {"name": "employed_after", "type": "integer", "position": 11, "required": false, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Có việc làm sau học"},
        {"name": "cost_vnd", "type": "number", "position": 12, "required": false, "choice_list": none, "is_open_choice": false, "minimum": 0, "maximum": none, "pattern": none, "is_money": true, "personal": "none", "label_vi": "Kinh phí"},
        {"name": "programme", "type": "string", "position": 13, "required": false, "choice_list": "programmes", "is_open_choice": false, "minimum": none, "maximum": none, "pattern": none, "is_money": false, "personal": "none", "label_vi": "Phong trào, đề án"}
      ]}) }}
{%- else -%}
  {{ exceptions.raise_compiler_error("no contract named " ~ form_name) }}
{%- endif -%}
{% endmacro %}
