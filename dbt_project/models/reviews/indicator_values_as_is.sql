{{ config(**by_unit(
  {"indicator_values": "by_unit", "int_units_as_is": none}, together=("units", "area_key")
)) }}

with indicator_values as (
  select * from {{ ref("indicator_values") }}
  where {{ of_stale_units("unit_key") }}
),

units_as_is as (
  select * from {{ ref("int_units_as_is") }}
),

parts as (
  select
    units_as_is.current_unit_key as unit_key,
    indicator_values.period_code,
    indicator_values.period_end,
    indicator_values.indicator_code,
    indicator_values.programme_code,
    {{ part_of("indicator_values.value", "units_as_is") }} as value,
    {{ part_of("indicator_values.carried_value", "units_as_is") }} as carried_value,
    indicator_values.reporting_unit_count,
    indicator_values.expected_unit_count,
    indicator_values.waiting_rows
  from indicator_values
  inner join units_as_is
    on indicator_values.unit_key = units_as_is.unit_key
  where not indicator_values.is_area_total
),

final as (
  select
    unit_key,
    period_code,
    period_end,
    indicator_code,
    programme_code,
    false as is_area_total,
    cast(case when count(value) > 0 then sum(coalesce(value, carried_value)) end as decimal(20, 3)) as value,
    cast(sum(carried_value) as decimal(20, 3)) as carried_value,
    cast(sum(reporting_unit_count) as integer) as reporting_unit_count,
    cast(sum(expected_unit_count) as integer) as expected_unit_count,
    cast(sum(waiting_rows) as integer) as waiting_rows
  from parts
  group by unit_key, period_code, period_end, indicator_code, programme_code
  union all
  select
    unit_key,
    period_code,
    period_end,
    indicator_code,
    programme_code,
    is_area_total,
    value,
    carried_value,
    reporting_unit_count,
    expected_unit_count,
    waiting_rows
  from indicator_values
  where is_area_total
)

select * from final
