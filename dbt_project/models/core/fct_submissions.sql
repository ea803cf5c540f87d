with validated as (
  select * from {{ ref("int_submissions_validated") }}
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
    validated.submission_id,
    validated.form_name,
    validated.unit_key,
    validated.period_code,
    validated.file_name,
    validated.received_at,
    validated.verdict,
    validated.reason_code,
    validated.reason_vi,
    by_form.version,
    coalesce(by_form.is_current, false) as is_current,
    validated.is_withdrawn,
    validated.withdrawn_at,
    validated.withdrawn_why,
    {{ vietnam_day("validated.received_at") }} as received_on,
    due.due_on,
    case
      when coalesce(by_form.version, 1) = 1 then {{ days_late("validated.received_at", "due.due_on") }}
    end as days_late
  from validated
  left join by_form
    on validated.submission_id = by_form.submission_id
    and validated.form_name = by_form.form_name
  left join due
    on validated.unit_key = due.unit_key
    and validated.period_code = due.period_code
    and validated.form_name = due.form_name
)

select * from final
