with counted as (
  {{ counted_rows("awards") }}
),

final as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    {{ staged_fields("awards") }}
  from counted
)

select * from final
