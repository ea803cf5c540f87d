with targets as (
  select * from {{ ref("int_targets_resolved") }}
),

periods as (
  select * from {{ ref("dim_period") }}
),

units as (
  select * from {{ ref("dim_unit") }}
),

final as (
  select
    targets.unit_key,
    targets.period_code,
    targets.indicator_code,
    units.unit_key = units.area_key as is_area_total,
    periods.period_kind,
    targets.target,
    targets.submission_id,
    targets.sheet_number,
    targets.row_number
  from targets
  inner join periods using (period_code)
  inner join units using (unit_key)
)

select * from final
