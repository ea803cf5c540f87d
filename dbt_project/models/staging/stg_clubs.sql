with counted as (
  {{ counted_rows("clubs") }}
),

final as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    {{ staged_fields("clubs") }}
  from counted
)

select * from final
