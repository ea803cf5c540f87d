{#- The body of a half-year review over two models: `figures` in the shape of indicator_values, `targets` in that of
    indicator_targets. The map of units that they stand on is the review's. -#}
{% macro review_half_years(figures, targets) -%}
with indicator_values as (
  select * from {{ ref(figures) }}
  where programme_code = 'all'
),

indicators as (
  select * from {{ ref("dim_indicator") }}
),

periods as (
  select * from {{ ref("dim_period") }}
),

units as (
  select * from {{ ref("dim_unit") }}
),

targets as (
  select * from {{ ref(targets) }}
),

-- What the year has brought so far: flows of its half-years up to this one, of a stock what stands now.
with_year as (
  select
    indicator_values.*,
    indicators.label_vi,
    indicators.uom,
    periods.last_year_period_code,
    periods.year_period_code,
    case
      when indicators.indicator_kind = 'stock' then indicator_values.value
      else sum(indicator_values.value) over (
          partition by indicator_values.unit_key, indicator_values.indicator_code, periods.year
          order by indicator_values.period_code
          rows between unbounded preceding and current row
        )
    end as year_to_date
  from indicator_values
  inner join indicators using (indicator_code)
  inner join periods using (period_code)
),

final as (
  select
    with_year.unit_key,
    units.unit_name,
    with_year.period_code,
    with_year.indicator_code,
    with_year.label_vi,
    with_year.uom,
    with_year.value,
    targets.target,
    cast(with_year.value as double) / nullif(cast(targets.target as double), 0) as attainment,
    last_year.value as same_period_last_year,
    cast(with_year.value - last_year.value as decimal(20, 3)) as change,
    cast(with_year.year_to_date as decimal(20, 3)) as year_to_date,
    year_targets.target as year_target,
    cast(with_year.year_to_date as double) / nullif(cast(year_targets.target as double), 0) as year_attainment,
    with_year.carried_value,
    with_year.is_area_total,
    with_year.reporting_unit_count,
    with_year.expected_unit_count
  from with_year
  inner join units using (unit_key)
  left join targets
    on with_year.unit_key = targets.unit_key
    and with_year.period_code = targets.period_code
    and with_year.indicator_code = targets.indicator_code
  left join targets as year_targets
    on with_year.unit_key = year_targets.unit_key
    and with_year.year_period_code = year_targets.period_code
    and with_year.indicator_code = year_targets.indicator_code
  left join indicator_values as last_year
    on with_year.unit_key = last_year.unit_key
    and with_year.last_year_period_code = last_year.period_code
    and with_year.indicator_code = last_year.indicator_code
)

select * from final
{%- endmacro %}
