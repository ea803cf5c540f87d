with targets as (
  select * from {{ ref("indicator_targets") }}
),

units_as_is as (
  select * from {{ ref("int_units_as_is") }}
),

final as (
  select
    units_as_is.current_unit_key as unit_key,
    targets.period_code,
    targets.indicator_code,
    false as is_area_total,
    targets.period_kind,
    targets.period_end,
    cast(sum({{ part_of("targets.target", "units_as_is") }}) as decimal(20, 3)) as target,
    cast(sum({{ part_of("targets.additive_target", "units_as_is") }}) as decimal(20, 3)) as additive_target,
    count(*) > 1 as is_sum_of_units
  from targets
  inner join units_as_is
    on targets.unit_key = units_as_is.unit_key
  group by
    units_as_is.current_unit_key, targets.period_code, targets.period_kind, targets.period_end,
    targets.indicator_code
  union all
  select
    targets.unit_key,
    targets.period_code,
    targets.indicator_code,
    targets.is_area_total,
    targets.period_kind,
    targets.period_end,
    targets.target,
    targets.additive_target,
    targets.is_sum_of_units
  from targets
  left join units_as_is
    on targets.unit_key = units_as_is.unit_key
  where units_as_is.unit_key is null
)

select * from final
