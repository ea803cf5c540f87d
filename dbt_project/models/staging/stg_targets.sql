with judged as (
  select * from {{ ref("stg_targets__judged") }}
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
