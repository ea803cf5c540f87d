with counted as (
  {{ counted_rows("protection_cases") }}
),

final as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    {{ staged_fields("protection_cases") }}
  from counted
)

select * from final
