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
    judged.withdrawn_why
  from judged
  left join by_form
    on judged.submission_id = by_form.submission_id
    and judged.form_name = by_form.form_name
)

select * from final
