with trainings as (
  select * from {{ ref("int_trainings_attributed") }}
),

final as (
  select
    row_key as training_key,
    unit_key,
    period_code,
    return_period_code,
    title,
    kind as training_kind,
    subject,
    programme_code,
    starts_on,
    ends_on,
    venue,
    partner,
    trainees,
    trainees_minority,
    trainees_poor,
    employed_after,
    cost_vnd,
    submission_id,
    sheet_number,
    row_number
  from trainings
)

select * from final
