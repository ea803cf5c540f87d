with targets as (
  select * from {{ ref("int_targets_resolved") }}
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
  from targets
)

select * from final
