{#- The body of a half-year review over two models: `figures` in the shape of indicator_values, `targets` in that of
    indicator_targets. The map of units that they stand on is the review's. -#}
{% macro review_half_years(figures, targets) -%}
with indicator_values as (
  select * from {{ ref(figures) }}
  where programme_code = 'all' and {{ of_stale_units("unit_key") }}
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

-- A unit's place among those of its area, and its part of what the area has.
placed as (
  select
    with_year.*,
    units.unit_name,
    case
      when not with_year.is_area_total and with_year.value is not null
        then rank() over (
          partition by
            units.area_key, with_year.period_code, with_year.indicator_code, with_year.is_area_total
          order by with_year.value desc nulls last
        )
    end as rank,
    cast(with_year.value as double) / nullif(
      cast(
        max(case when with_year.is_area_total then with_year.value end) over (
          partition by units.area_key, with_year.period_code, with_year.indicator_code
        ) as double
      ),
      0
    ) as share_of_area
  from with_year
  inner join units using (unit_key)
),

final as (
  select
    placed.unit_key,
    placed.unit_name,
    placed.period_code,
    placed.indicator_code,
    placed.label_vi,
    placed.uom,
    placed.value,
    targets.target,
    cast(placed.value as double) / nullif(cast(targets.target as double), 0) as attainment,
    last_year.value as same_period_last_year,
    cast(placed.value - last_year.value as decimal(20, 3)) as change,
    cast(placed.year_to_date as decimal(20, 3)) as year_to_date,
    year_targets.target as year_target,
    cast(placed.year_to_date as double) / nullif(cast(year_targets.target as double), 0) as year_attainment,
    cast(placed.rank as integer) as rank,
    placed.share_of_area,
    placed.carried_value,
    placed.is_area_total,
    placed.reporting_unit_count,
    placed.expected_unit_count,
    placed.waiting_rows
  from placed
  left join targets
    on placed.unit_key = targets.unit_key
    and placed.period_code = targets.period_code
    and placed.indicator_code = targets.indicator_code
  left join targets as year_targets
    on placed.unit_key = year_targets.unit_key
    and placed.year_period_code = year_targets.period_code
    and placed.indicator_code = year_targets.indicator_code
  left join indicator_values as last_year
    on placed.unit_key = last_year.unit_key
    and placed.last_year_period_code = last_year.period_code
    and placed.indicator_code = last_year.indicator_code
)

select * from final
{%- endmacro %}
