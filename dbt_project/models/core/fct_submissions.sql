with ranked as (
  select * from {{ ref("int_submissions_ranked") }}
),

submissions as (
  select * from {{ ref("stg_submissions") }}
),

by_form as (
  select
    submission_id,
    form_name,
    min(verdict) as verdict,
    min(reason_code) as reason_code,
    min(reason_vi) as reason_vi,
    max(version) as version,
    bool_or(is_current) as is_current
  from ranked
  group by submission_id, form_name
),

final as (
  select
    by_form.submission_id,
    by_form.form_name,
    submissions.unit_key,
    submissions.period_code,
    submissions.file_name,
    submissions.received_at,
    by_form.verdict,
    by_form.reason_code,
    by_form.reason_vi,
    by_form.version,
    by_form.is_current
  from by_form
  inner join submissions using (submission_id)
)

select * from final
