with counted as (
  {{ counted_rows("trainings") }}
),

final as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    title,
    kind,
    subject,
    starts_on,
    ends_on,
    venue,
    partner,
    trainees,
    trainees_minority,
    trainees_poor,
    employed_after,
    cost_vnd,
    programme_code
  from counted
)

select * from final
