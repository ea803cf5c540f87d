with judged as (
  {{ known_rows("targets") }}
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
  from judged
  where is_valid
)

select * from final
