with submissions as (
  select * from {{ ref("stg_submissions") }}
),

periods as (
  select * from {{ ref("dim_period") }}
),

control_totals as (
  select * from {{ ref("stg_control_totals") }}
),

number_cells as (
  select * from {{ ref("stg_number_cells") }}
),

extra_columns as (
  select * from {{ ref("stg_extra_columns") }}
),

sheets as (
  select * from {{ ref("stg_sheets") }}
),

reading_findings as (
  select * from {{ ref("stg_reading_findings") }}
),

logged as (
  select * from {{ ref("int_activity_events_deduplicated") }}
),

units as (
  select * from {{ ref("dim_unit") }}
),

rules as (
  select * from {{ ref("finding_rules") }}
),

codes as (
  select * from {{ ref("dim_code") }}
),

-- Bad rows are summed as well where the number itself can be read: the branch's total saw them. A table may go on over
-- several sheets; its total then sums all of them, or its own sheet alone. One total may stand under several tables.
summed as (
  select
    control_totals.submission_id,
    control_totals.sheet_number,
    control_totals.table_number,
    control_totals.form_name,
    control_totals.row_number,
    control_totals.kind,
    control_totals.field_name,
    max(case when control_totals.is_money then control_totals.value_vnd else control_totals.value end)
      as figure_reported,
    coalesce(sum(number_cells.value), 0) as figure_computed,
    coalesce(
      sum(case when number_cells.sheet_number = control_totals.sheet_number then number_cells.value end), 0
    ) as figure_of_sheet
  from control_totals
  left join number_cells
    on control_totals.submission_id = number_cells.submission_id
    and control_totals.form_name = number_cells.form_name
    and control_totals.field_name = number_cells.field_name
    and number_cells.sheet_number between control_totals.first_sheet_number and control_totals.sheet_number
    and (
      control_totals.sheet_number > number_cells.sheet_number
      or (
        control_totals.table_number >= number_cells.table_number
        and number_cells.row_number between control_totals.first_row and control_totals.last_row
      )
    )
  where control_totals.value is not null and control_totals.kind <> 'replaced'
  group by
    control_totals.submission_id, control_totals.sheet_number, control_totals.table_number,
    control_totals.form_name, control_totals.row_number, control_totals.kind, control_totals.field_name
),

total_differences as (
  select
    'control_total' as finding_kind,
    submission_id,
    sheet_number,
    row_number,
    form_name,
    field_name,
    cast(figure_reported as decimal(20, 3)) as figure_reported,
    cast(figure_computed as decimal(20, 3)) as figure_computed,
    case
      -- as it was read: the cell may be in millions
      when right(field_name, 4) = '_vnd'
        then 'Dòng tổng cộng được đọc là ' || {{ figure_in_vietnamese("figure_reported") }}
          || ' đồng, tổng các dòng là ' || {{ figure_in_vietnamese("figure_computed") }} || ' đồng.'
      else 'Dòng tổng cộng ghi ' || {{ figure_in_vietnamese("figure_reported") }} || ', cộng các dòng được '
        || {{ figure_in_vietnamese("figure_computed") }} || '.'
    end as message_vi
  from summed
  where figure_reported <> figure_computed and figure_reported <> figure_of_sheet
),

events as (
  {% for form_name in forms_of_half_years() -%}
  select
    submission_id,
    sheet_number,
    row_number,
    '{{ form_name }}' as form_name,
    '{{ form_contract(form_name).event_date }}' as field_name,
    {{ form_contract(form_name).event_date }} as event_on,
    period_code,
    return_period_code
  from {{ ref("int_" ~ form_name ~ "_attributed") }}
  where period_code <> return_period_code
  {% if not loop.last %}union all
  {% endif %}
  {%- endfor %}
),

outside_periods as (
  select
    'event_outside_period' as finding_kind,
    events.submission_id,
    events.sheet_number,
    events.row_number,
    events.form_name,
    events.field_name,
    cast(null as decimal(20, 3)) as figure_reported,
    cast(null as decimal(20, 3)) as figure_computed,
    'Ngày ' || {{ day_in_vietnamese("events.event_on") }} || ' nằm ngoài kỳ của báo cáo (' || return_periods.label_vi
    || '); số liệu được tính vào ' || event_periods.label_vi || '.' as message_vi
  from events
  inner join periods as return_periods
    on events.return_period_code = return_periods.period_code
  inner join periods as event_periods
    on events.period_code = event_periods.period_code
),

unknown_columns as (
  select
    'extra_column' as finding_kind,
    submission_id,
    sheet_number,
    cast(null as bigint) as row_number,
    form_name,
    cast(null as string) as field_name,
    cast(null as decimal(20, 3)) as figure_reported,
    cast(null as decimal(20, 3)) as figure_computed,
    'Cột '
    || column_letter
    || case when header = 'cột ' || column_letter then ' (không có tiêu đề)' else ' “' || header || '”' end
    || ' không có trong biểu mẫu; nội dung được lưu nhưng không tổng hợp.'
      as message_vi
  from extra_columns
),

-- Figures are summed from the units that report, so an event of the district itself is in nobody's.
events_of_no_reporting_unit as (
  select
    'unit_not_reporting' as finding_kind,
    logged.submission_id,
    logged.sheet_number,
    logged.row_number,
    'activity_log' as form_name,
    'unit_code' as field_name,
    cast(null as decimal(20, 3)) as figure_reported,
    cast(null as decimal(20, 3)) as figure_computed,
    'Hoạt động ghi cho ' || {{ name_in_sentence("units") }}
    || ', không phải đơn vị báo cáo, nên chưa được tính vào đơn vị nào.'
      as message_vi
  from logged
  inner join units
    on logged.unit_key = units.unit_key
    and not units.is_reporting_unit
),

-- Sheets that are structure as a whole: hidden ones of another unit or half-year, and those of summary figures.
sheets_left_out as (
  select
    reason_code as finding_kind,
    submission_id,
    sheet_number,
    cast(null as bigint) as row_number,
    cast(null as string) as form_name,
    cast(null as string) as field_name,
    cast(null as decimal(20, 3)) as figure_reported,
    cast(null as decimal(20, 3)) as figure_computed,
    wrong_vi as message_vi
  from sheets
  where reason_code in ('hidden_sheet', 'summary_sheet')
),

found_by_reading as (
  select
    finding_kind,
    submission_id,
    sheet_number,
    row_number,
    form_name,
    field_name,
    cast(null as decimal(20, 3)) as figure_reported,
    cast(null as decimal(20, 3)) as figure_computed,
    message_vi
  from reading_findings
),

of_sheets as (
  select * from total_differences
  union all
  select * from events_of_no_reporting_unit
  union all
  select * from outside_periods
  union all
  select * from unknown_columns
  union all
  select * from sheets_left_out
  union all
  select * from found_by_reading
),

found as (
  select
    of_sheets.finding_kind,
    submissions.unit_key,
    submissions.period_code,
    of_sheets.submission_id,
    of_sheets.sheet_number,
    of_sheets.row_number,
    of_sheets.form_name,
    of_sheets.field_name,
    of_sheets.figure_reported,
    of_sheets.figure_computed,
    of_sheets.message_vi
  from of_sheets
  inner join submissions using (submission_id)
  union all
  {{ findings([
    ref("int_findings_of_members"), ref("int_findings_of_figures"), ref("int_findings_of_rows"),
    ref("int_findings_of_amounts"), ref("int_findings_of_cells"), ref("int_findings_of_events"),
    ref("int_findings_of_targets"), ref("int_findings_of_sendings"), ref("int_findings_of_repetitions")
  ]) }}
),

final as (
  select
    found.finding_kind,
    rules.label_vi as finding_label_vi,
    rules.severity,
    found.unit_key,
    units.unit_name,
    found.period_code,
    found.submission_id,
    submissions.file_name,
    found.sheet_number,
    found.row_number,
    found.form_name,
    found.field_name,
    found.figure_reported,
    found.figure_computed,
    found.message_vi,
    severities.label_vi as severity_label_vi,
    periods.label_vi as period_label_vi,
    form_labels.label_vi as form_label_vi,
    field_labels.label_vi as field_label_vi,
    rules.advice_vi || coalesce(' ' || nullif(rules.if_right_vi, ''), '') as advice_vi
  from found
  inner join rules
    on found.finding_kind = rules.finding_kind
  left join units
    on found.unit_key = units.unit_key
  left join submissions
    on found.submission_id = submissions.submission_id
  left join periods
    on found.period_code = periods.period_code
  left join codes as severities
    on severities.domain = 'severity'
    and rules.severity = severities.code
  left join codes as form_labels
    on form_labels.domain = 'form'
    and found.form_name = form_labels.code
  left join codes as field_labels
    on found.form_name = field_labels.domain
    and found.field_name = field_labels.code
)

select * from final
