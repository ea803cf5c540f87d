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
    case when not {{ is_small_part("trainees_minority", "trainees") }} then trainees_minority end as trainees_minority,
    {{ is_small_part("trainees_minority", "trainees") }} as is_trainees_minority_suppressed,
    case when not {{ is_small_part("trainees_poor", "trainees") }} then trainees_poor end as trainees_poor,
    {{ is_small_part("trainees_poor", "trainees") }} as is_trainees_poor_suppressed,
    employed_after,
    cost_vnd,
    submission_id,
    sheet_number,
    row_number,
    case when employed_after is not null then trainees end as trainees_followed
  from trainings
)

select * from final
