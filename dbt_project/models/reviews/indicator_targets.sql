with targets as (
  select * from {{ ref("fct_targets") }}
),

units as (
  select * from {{ ref("dim_unit") }}
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

-- The area's own target goes before the sum of its units'.
final as (
  select
    unit_key,
    period_code,
    indicator_code,
    target,
    false as is_sum_of_units
  from targets
  union all
  select
    sums_of_units.unit_key,
    sums_of_units.period_code,
    sums_of_units.indicator_code,
    cast(sums_of_units.target as decimal(20, 3)) as target,
    true as is_sum_of_units
  from sums_of_units
  left join targets
    on sums_of_units.unit_key = targets.unit_key
    and sums_of_units.period_code = targets.period_code
    and sums_of_units.indicator_code = targets.indicator_code
  where targets.unit_key is null
)

select * from final
