with targets as (
  select * from {{ ref("fct_targets") }}
),

units as (
  select * from {{ ref("dim_unit") }}
),

periods as (
  select * from {{ ref("dim_period") }}
),

sums_of_units as (
  select
    units.area_key as unit_key,
    targets.period_code,
    targets.indicator_code,
    sum(targets.target) as target
  from targets
  inner join units
    on targets.unit_key = units.unit_key
    and units.is_reporting_unit
  group by units.area_key, targets.period_code, targets.indicator_code
),

-- The area's own target goes before the sum of its units'; what it holds beyond that sum is all it adds to it.
resolved as (
  select
    targets.unit_key,
    targets.period_code,
    targets.indicator_code,
    targets.is_area_total,
    targets.target,
    cast(targets.target - coalesce(sums_of_units.target, 0) as decimal(20, 3)) as additive_target,
    false as is_sum_of_units
  from targets
  left join sums_of_units
    on targets.unit_key = sums_of_units.unit_key
    and targets.period_code = sums_of_units.period_code
    and targets.indicator_code = sums_of_units.indicator_code
  union all
  select
    sums_of_units.unit_key,
    sums_of_units.period_code,
    sums_of_units.indicator_code,
    true as is_area_total,
    cast(sums_of_units.target as decimal(20, 3)) as target,
    cast(0 as decimal(20, 3)) as additive_target,
    true as is_sum_of_units
  from sums_of_units
  left join targets
    on sums_of_units.unit_key = targets.unit_key
    and sums_of_units.period_code = targets.period_code
    and sums_of_units.indicator_code = targets.indicator_code
  where targets.unit_key is null
),

final as (
  select
    resolved.unit_key,
    resolved.period_code,
    resolved.indicator_code,
    resolved.is_area_total,
    periods.period_kind,
    periods.period_end,
    resolved.target,
    resolved.additive_target,
    resolved.is_sum_of_units
  from resolved
  inner join periods using (period_code)
)

select * from final
