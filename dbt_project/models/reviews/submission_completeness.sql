with asked as (
  select * from {{ ref("int_forms_due") }}
),

submissions as (
  select * from {{ ref("int_submissions_ranked") }}
  where unit_key is not null and period_code is not null
),

periods as (
  select * from {{ ref("dim_period") }}
),

codes as (
  select * from {{ ref("dim_code") }}
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
    answered.unit_key,
    answered.unit_name,
    answered.period_code,
    answered.form_name,
    answered.form_label_vi,
    answered.status,
    statuses.label_vi as status_vi,
    answered.due_before,
    answered.first_received_at,
    answered.received_at,
    answered.version,
    answered.submission_id,
    periods.label_vi as period_label_vi,
    answered.due_on,
    {{ vietnam_day("answered.first_received_at") }} as first_received_on,
    {{ days_late("answered.first_received_at", "answered.due_on") }} as days_late
  from answered
  left join periods
    on answered.period_code = periods.period_code
  left join codes as statuses
    on statuses.domain = 'completeness_status'
    and answered.status = statuses.code
)

select * from final
