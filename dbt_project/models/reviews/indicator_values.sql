{{ config(**by_unit({"int_indicator_values": "by_unit"})) }}

with indicator_values as (
  select * from {{ ref("int_indicator_values") }}
  where {{ of_stale_units("unit_key") }}
),

periods as (
  select * from {{ ref("dim_period") }}
),

final as (
  select
    indicator_values.unit_key,
    indicator_values.period_code,
    indicator_values.indicator_code,
    indicator_values.programme_code,
    indicator_values.is_area_total,
    periods.period_end,
    indicator_values.value,
    indicator_values.carried_value,
    indicator_values.reporting_unit_count,
    indicator_values.expected_unit_count,
    indicator_values.waiting_rows,
    indicator_values.value_basis,
    indicator_values.is_partial,
    case
      when not indicator_values.is_area_total and indicator_values.programme_code = 'all'
        then coalesce(indicator_values.value, indicator_values.carried_value)
    end as additive_value,
    indicator_values.unreported_half_years_before
  from indicator_values
  inner join periods using (period_code)
)

select * from final
