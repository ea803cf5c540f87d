-- A file that names a target twice means its last line.
with target_lines as (
  select * from {{ ref("int_target_lines") }}
),

final as (
  select
    unit_key,
    period_code,
    indicator_code,
    target,
    submission_id,
    sheet_number,
    row_number
  from target_lines
  where line_from_last = 1
)

select * from final
