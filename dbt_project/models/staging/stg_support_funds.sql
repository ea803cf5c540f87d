with counted as (
  {{ counted_rows("support_funds") }}
),

final as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    {{ staged_fields("support_funds") }}
  from counted
)

select * from final
