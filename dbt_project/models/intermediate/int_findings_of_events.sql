with logged as (
  select * from {{ ref("stg_activity_log") }}
),

events as (
  select * from {{ ref("int_activity_events_deduplicated") }}
),

submissions as (
  select * from {{ ref("stg_submissions") }}
),

units as (
  select * from {{ ref("units") }}
),

half_years as (
  select
    period_code,
    period_start,
    period_end
  from {{ ref("reporting_periods") }}
  where period_kind = 'half_year'
),

-- An export corrects an earlier one; two phones that number from 1 write of two events. In one file, what is of another
-- day or type is not the same event; in a later one, when something else differs too.
replaced as (
  select
    'event_replaced_by_another' as finding_kind,
    logged.unit_key,
    half_years.period_code,
    logged.submission_id,
    logged.sheet_number,
    logged.row_number,
    'Mã hoạt động “' || logged.event_id || '” được dùng cho hai hoạt động khác nhau: dòng này ngày '
    || {{ day_in_vietnamese("logged.occurred_on") }} || ', dòng ' || cast(events.row_number as string) || ' của tệp “'
    || submissions.file_name || '” ngày ' || {{ day_in_vietnamese("events.occurred_on") }}
    || '. Dòng này không được tổng hợp.' as message_vi
  from logged
  inner join events
    on logged.unit_key = events.unit_key
    and logged.event_id = events.event_id
  inner join submissions
    on events.submission_id = submissions.submission_id
  left join half_years
    on logged.occurred_on between half_years.period_start and half_years.period_end
  where
    (logged.occurred_on <> events.occurred_on or logged.activity_type <> events.activity_type)
    and (
      logged.submission_id = events.submission_id
      or (logged.occurred_on <> events.occurred_on and logged.activity_type <> events.activity_type)
      or coalesce(logged.programme_code, '') <> coalesce(events.programme_code, '')
      or coalesce(logged.village, '') <> coalesce(events.village, '')
      or coalesce(logged.participants, -1) <> coalesce(events.participants, -1)
      or coalesce(logged.quantity, -1) <> coalesce(events.quantity, -1)
      or coalesce(logged.amount_vnd, -1) <> coalesce(events.amount_vnd, -1)
    )
),

-- An identifier is a unit's own. The same event under two units is counted for both: one of them may be a mistake.
under_two_units as (
  select
    'event_told_by_two_units' as finding_kind,
    events.unit_key,
    events.period_code,
    events.submission_id,
    events.sheet_number,
    events.row_number,
    'Hoạt động mã “' || events.event_id || '” ngày ' || {{ day_in_vietnamese("events.occurred_on") }}
    || ' được ghi cho cả đơn vị này và ' || {{ name_in_sentence("units") }}
    || ', cùng loại hoạt động; hiện được tính cho cả hai.'
      as message_vi
  from events
  inner join events as others
    on events.event_id = others.event_id
    and events.occurred_on = others.occurred_on
    and events.activity_type = others.activity_type
    and events.programme_code = others.programme_code
    and events.unit_key <> others.unit_key
  inner join units
    on others.unit_key = units.unit_key
),

event_days as (
  {%- for form_name in forms_of_half_years() %}
  select
    form_rows.unit_key,
    form_rows.return_period_code as period_code,
    form_rows.submission_id,
    form_rows.sheet_number,
    form_rows.row_number,
    '{{ form_name }}' as form_name,
    '{{ form_contract(form_name).event_date }}' as field_name,
    form_rows.{{ form_contract(form_name).event_date }} as event_on
  from {{ ref("int_" ~ form_name ~ "_attributed") }} as form_rows
  where form_rows.period_code is not null
  union all
  {%- endfor %}
  select
    unit_key,
    period_code,
    submission_id,
    sheet_number,
    row_number,
    'activity_log' as form_name,
    'occurred_at' as field_name,
    occurred_on as event_on
  from events
),

days_to_come as (
  select
    'day_after_receipt' as finding_kind,
    event_days.unit_key,
    event_days.period_code,
    event_days.submission_id,
    event_days.sheet_number,
    event_days.row_number,
    event_days.form_name,
    event_days.field_name,
    'Ngày ' || {{ day_in_vietnamese("event_days.event_on") }}
    || ' sau ngày nhận báo cáo, nên việc này chưa thể đã làm.'
      as message_vi
  from event_days
  inner join submissions
    on event_days.submission_id = submissions.submission_id
  where submissions.last_received_at < {{ vietnam_midnight("event_days.event_on") }}
),

final as (
  {{ findings(["replaced", "under_two_units"], {
    "form_name": "'activity_log'", "field_name": "'event_id'", "figure_reported": none, "figure_computed": none
  }) }}
  union all
  {{ findings(["days_to_come"], {"figure_reported": none, "figure_computed": none}) }}
)

select * from final
