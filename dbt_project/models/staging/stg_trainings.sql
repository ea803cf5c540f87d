with counted as (
  {{ counted_rows("trainings") }}
),

final as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    {{ staged_fields("trainings") }}
  from counted
)

select * from final
