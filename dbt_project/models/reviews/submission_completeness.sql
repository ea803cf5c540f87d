with unit_half_years as (
  select * from {{ ref("int_unit_half_years_expected") }}
  where is_expected
),

expected_forms as (
  select * from {{ ref("expected_forms") }}
  where period_kind = 'half_year'
),

submissions as (
  select * from {{ ref("int_submissions_ranked") }}
  where unit_key is not null and period_code is not null
),

accepted as (
  select
    unit_key,
    period_code,
    form_name,
    min(received_at) as first_received_at,
    max(case when is_current then received_at end) as received_at,
    max_by(submission_id, case when is_current then arrival_order end) as submission_id,
    max(version) as version
  from submissions
  where verdict = 'accepted'
  group by unit_key, period_code, form_name
),

rejected as (
  select
    unit_key,
    period_code,
    form_name,
    max(received_at) as received_at,
    max(submission_id) as submission_id
  from submissions
  where verdict = 'rejected'
  group by unit_key, period_code, form_name
),

asked as (
  select
    unit_half_years.unit_key,
    unit_half_years.unit_name,
    unit_half_years.period_code,
    expected_forms.form_name,
    expected_forms.label_vi as form_label_vi,
    {{ vietnam_midnight("unit_half_years.period_end + expected_forms.due_days_after_period_end + 1") }} as due_before
  from unit_half_years
  inner join expected_forms using (unit_kind)
),

answered as (
  select
    asked.*,
    case
      when accepted.first_received_at < asked.due_before then 'on_time'
      when accepted.first_received_at is not null then 'late'
      when rejected.submission_id is not null or unread.submission_id is not null then 'rejected'
      else 'missing'
    end as status,
    accepted.first_received_at,
    coalesce(accepted.received_at, rejected.received_at, unread.received_at) as received_at,
    coalesce(accepted.submission_id, rejected.submission_id, unread.submission_id) as submission_id,
    accepted.version
  from asked
  left join accepted
    on asked.unit_key = accepted.unit_key
    and asked.period_code = accepted.period_code
    and asked.form_name = accepted.form_name
  left join rejected
    on asked.unit_key = rejected.unit_key
    and asked.period_code = rejected.period_code
    and asked.form_name = rejected.form_name
  left join rejected as unread
    on asked.unit_key = unread.unit_key
    and asked.period_code = unread.period_code
    and unread.form_name = 'unknown'
),

final as (
  select
    unit_key,
    unit_name,
    period_code,
    form_name,
    form_label_vi,
    status,
    case status
      when 'on_time' then 'Đúng hạn'
      when 'late' then 'Nộp muộn'
      when 'rejected' then 'Bị trả lại'
      else 'Chưa nộp'
    end as status_vi,
    due_before,
    first_received_at,
    received_at,
    version,
    submission_id
  from answered
)

select * from final
