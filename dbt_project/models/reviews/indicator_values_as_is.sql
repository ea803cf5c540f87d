{{ config(**by_unit(
  {"indicator_values": "by_unit", "int_units_as_is": none}, co_partitioned=("units", "area_key")
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
    indicator_values.indicator_code,
    indicator_values.programme_code,
    indicator_values.period_end,
    {{ part_of("indicator_values.value", "units_as_is") }} as value,
    {{ part_of("indicator_values.carried_value", "units_as_is") }} as carried_value,
    indicator_values.reporting_unit_count,
    indicator_values.expected_unit_count,
    indicator_values.waiting_rows,
    indicator_values.unreported_half_years_before,
    case when indicator_values.value_basis in ('log', 'return_and_log') then 1 end as reported_by_log,
    case when indicator_values.value_basis in ('return', 'return_and_log') then 1 end as reported_by_return
  from indicator_values
  inner join units_as_is
    on indicator_values.unit_key = units_as_is.unit_key
  where not indicator_values.is_area_total
),

units_and_areas as (
  select
    unit_key,
    period_code,
    indicator_code,
    programme_code,
    period_end,
    case when count(value) > 0 then sum(coalesce(value, carried_value)) end as value,
    sum(carried_value) as carried_value,
    sum(reporting_unit_count) as reporting_unit_count,
    sum(expected_unit_count) as expected_unit_count,
    sum(waiting_rows) as waiting_rows,
    sum(unreported_half_years_before) as unreported_half_years_before,
    case
      when count(reported_by_log) > 0 and count(reported_by_return) > 0 then 'return_and_log'
      when count(reported_by_log) > 0 then 'log'
      when count(reported_by_return) > 0 then 'return'
    end as value_basis
  from parts
  group by unit_key, period_code, period_end, indicator_code, programme_code
),

final as (
  select
    unit_key,
    period_code,
    indicator_code,
    programme_code,
    false as is_area_total,
    period_end,
    cast(value as decimal(20, 3)) as value,
    cast(carried_value as decimal(20, 3)) as carried_value,
    cast(reporting_unit_count as integer) as reporting_unit_count,
    cast(expected_unit_count as integer) as expected_unit_count,
    cast(waiting_rows as integer) as waiting_rows,
    value_basis,
    value is not null and reporting_unit_count < expected_unit_count as is_partial,
    case when programme_code = 'all' then cast(coalesce(value, carried_value) as decimal(20, 3)) end as additive_value,
    cast(unreported_half_years_before as integer) as unreported_half_years_before
  from units_and_areas
  union all
  select
    unit_key,
    period_code,
    indicator_code,
    programme_code,
    is_area_total,
    period_end,
    value,
    carried_value,
    reporting_unit_count,
    expected_unit_count,
    waiting_rows,
    value_basis,
    is_partial,
    additive_value,
    unreported_half_years_before
  from indicator_values
  where is_area_total
)

select * from final
