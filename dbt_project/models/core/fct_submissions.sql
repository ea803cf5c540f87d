with judged as (
  select * from {{ ref("int_submissions_judged") }}
),

ranked as (
  select * from {{ ref("int_submissions_ranked") }}
),

by_form as (
  select
    submission_id,
    form_name,
    max(version) as version,
    bool_or(is_current) as is_current
  from ranked
  group by submission_id, form_name
),

due as (
  select * from {{ ref("int_forms_due") }}
),

final as (
  select
    judged.submission_id,
    judged.form_name,
    judged.unit_key,
    judged.period_code,
    judged.file_name,
    judged.received_at,
    judged.verdict,
    judged.reason_code,
    judged.reason_vi,
    by_form.version,
    coalesce(by_form.is_current, false) as is_current,
    judged.is_withdrawn,
    judged.withdrawn_at,
    judged.withdrawn_why,
    {{ vietnam_day("judged.received_at") }} as received_on,
    due.due_on,
    case when coalesce(by_form.version, 1) = 1 then {{ days_late("judged.received_at", "due.due_on") }} end as days_late
  from judged
  left join by_form
    on judged.submission_id = by_form.submission_id
    and judged.form_name = by_form.form_name
  left join due
    on judged.unit_key = due.unit_key
    and judged.period_code = due.period_code
    and judged.form_name = due.form_name
)

select * from final
