with counted as (
  {{ counted_rows("targets") }}
),

final as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    year,
    period,
    unit_key,
    indicator_code,
    target
  from counted
)

select * from final
