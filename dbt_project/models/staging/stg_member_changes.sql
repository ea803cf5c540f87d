with counted as (
  {{ counted_rows("member_changes") }}
),

final as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    {{ staged_fields("member_changes") }}
  from counted
)

select * from final
